# From client/twelvelabs/aio/paging.py, by `python -m tools.twins`: edit that file, not this.
"""Lists whose pages have numbers."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from understudy.client.call import Call, Value
from understudy.client.sync.pager import Cursor, Pager
from understudy.client.sync.session import Session
from understudy.client.twelvelabs.page import NumberedPage

P = TypeVar("P", bound=NumberedPage)
T = TypeVar("T")


def numbered(
    session: Session,
    where: str,
    query: Mapping[str, Value],
    model: type[P],
    items: Callable[[P], Sequence[T]],
    page: int,
) -> Pager[P, T]:
    """The list at `where`, from the page with the number `page` on."""

    def read(cursor: Cursor | None) -> P:
        number = page if cursor is None else cursor
        return session.fetch(Call("GET", where, {**query, "page": number}), model)

    def following(found: P) -> Cursor | None:
        return found.page_info.following if items(found) else None

    return Pager(read, items=items, following=following)
