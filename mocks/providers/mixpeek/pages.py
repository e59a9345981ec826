"""Pages of Mixpeek's lists: by number for assets and collections, by place for features."""

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast
from urllib.parse import urlencode

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.kind import text
from understudy.mocks.providers.mixpeek.errors import unknown
from understudy.mocks.store import Resource

T = TypeVar("T")


def numbered(call: Call, items: Sequence[T]) -> tuple[Sequence[T], Json]:
    """The page that `page` and `page_size` ask for; one past the end is empty."""
    size, page = _whole(call, "page_size", 10), _whole(call, "page", 1)
    total = len(items)
    pages = -(-total // size)
    tally: dict[str, Json] = {
        "total": total,
        "page": page,
        "page_size": size,
        "total_pages": pages,
        "next_page": _address(call, page=page + 1, page_size=size) if page < pages else None,
        "previous_page": _address(call, page=page - 1, page_size=size) if page > 1 else None,
    }
    return items[(page - 1) * size : page * size], tally


def following(call: Call, items: Sequence[Resource]) -> tuple[Sequence[Resource], Json]:
    """The page after the feature that `offset_feature_id` names; refused when none is that one."""
    after = text(call.query("offset_feature_id"))
    size = _whole(call, "page_size", 10)
    begin = 0
    if after:
        places = (place for place, item in enumerate(items, 1) if item.id == after)
        found = next(places, None)
        if found is None:
            raise unknown(f"offset_feature_id is {after!r}, which is no feature of this list")
        begin = found
    page = items[begin : begin + size]
    steps: dict[str, Mapping[str, object]] = {}
    if page and begin + size < len(items):
        steps["next_page"] = {"offset_feature_id": page[-1].id, "page_size": size}
    if begin > size:
        before = items[begin - size - 1].id
        steps["previous_page"] = {"offset_feature_id": before, "page_size": size}
    elif begin:
        steps["previous_page"] = {"page_size": size}
    return page, _placed(call, len(items), begin, size, steps)


def placed(call: Call, items: Sequence[T]) -> tuple[Sequence[T], Json]:
    """The page that begins at `offset_position`."""
    size, begin = _whole(call, "page_size", 10), _whole(call, "offset_position", 0)
    steps: dict[str, Mapping[str, object]] = {}
    if begin + size < len(items):
        steps["next_page"] = {"offset_position": begin + size, "page_size": size}
    if begin:
        steps["previous_page"] = {"offset_position": max(0, begin - size), "page_size": size}
    return items[begin : begin + size], _placed(call, len(items), begin, size, steps)


def _placed(
    call: Call, total: int, begin: int, size: int, steps: Mapping[str, Mapping[str, object]]
) -> Json:
    addresses = {name: _address(call, **dict(query)) for name, query in steps.items()}
    return {
        "total": total,
        "page_size": size,
        "total_pages": -(-total // size),
        "current_page": -(-begin // size) + 1,
        "next_page": addresses.get("next_page"),
        "previous_page": addresses.get("previous_page"),
    }


def _address(call: Call, **query: object) -> str:
    return f"{call.base_url}{call.request.path}?{urlencode(query)}"


def _whole(call: Call, name: str, default: int) -> int:
    return int(cast("int", call.query(name, default)))
