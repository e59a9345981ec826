"""Lists of stored resources: which are asked for, in which order, and which page of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.kind import Filter, Kind, Paging, Role, elements, mapping, text
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Page, Resource

Test = Callable[[Json], bool]
EVERYTHING = 1_000_000_000

TALLY: Mapping[str, tuple[str, ...]] = {
    "total": ("total_results", "total", "total_count", "totalCount", "count", "total_items"),
    "page": ("page", "current_page", "page_number", "pageNumber"),
    "limit": ("limit_per_page", "limit", "per_page", "perPage", "page_size", "pageSize"),
    "pages": ("total_page", "total_pages", "totalPages", "page_count", "pages"),
    "offset": ("offset", "skip"),
    "more": ("has_more", "hasMore", "has_next", "hasNext"),
    "next": ("next_page_token", "next_cursor", "nextCursor", "next_token", "nextPageToken"),
}
"""The names under which documents tell of a page, by what they mean."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One page of a list, with what the reply tells of it."""

    items: tuple[Resource, ...]
    tally: Mapping[str, Json]


def cut(call: Call, kind: Kind, role: Role) -> Cut:
    """The page of `kind` that the call asks for."""
    where, keep = _narrowed(call, kind, role)
    order, descending = _order(call, kind, role.paging)
    held = call.collection(kind.name)
    if role.paging.style == "item-id":
        found = held.page(order=order, descending=descending, where=where, keep=keep)
        return beside(call, role.paging, found.items)
    offset, limit, page = _window(call, role.paging)
    found = held.page(
        order=order, descending=descending, where=where, keep=keep, offset=offset, limit=limit
    )
    return Cut(found.items, _tally(found, offset, limit, page))


def beside(call: Call, paging: Paging, members: Sequence[Resource]) -> Cut:
    """The page of `members` behind the one whose id is sent, or, `backward`, the page before it.

    So a page stays where it is while others are added. Refused when none of them has that id.
    """
    limit = _whole(_asked(call, paging.limit), 10)
    named = text(_asked(call, paging.page))
    place = next((at for at, each in enumerate(members) if each.id == named), None)
    if named and place is None:
        raise Refusal(Reason.UNKNOWN, f"{paging.page} {named!r} is no id in this list")
    if _asked(call, paging.direction) == "backward":
        end = len(members) if place is None else place
        begin = max(0, end - limit)
    else:
        begin = 0 if place is None else place + 1
        end = begin + limit
    found = Page(tuple(members[begin:end]), len(members))
    tally = _tally(found, begin, limit, begin // max(limit, 1) + 1)
    onward = found.items[-1].id if tally["has_more"] and found.items else None
    return Cut(found.items, {**tally, **dict.fromkeys(TALLY["next"], onward)})


def _window(call: Call, paging: Paging) -> tuple[int, int, int]:
    """Offset, limit and page number; the contract has already bounded what the caller sent."""
    if paging.style == "all":
        return 0, EVERYTHING, 1
    limit = _whole(_asked(call, paging.limit), 10 if paging.page else EVERYTHING)
    asked = _asked(call, paging.page)
    if paging.style == "page-number":
        page = max(_whole(asked, 1), 1)
        return (page - 1) * limit, limit, page
    if paging.style == "token" and isinstance(asked, str) and not asked.isdigit():
        raise Refusal(Reason.INVALID, f"{paging.page} {asked!r} is no token of a page of this list")
    offset = max(_whole(asked, 0), 0)
    return offset, limit, offset // max(limit, 1) + 1


def _asked(call: Call, name: str) -> Json:
    return call.query(name, call.operation.default("query", name))


def _whole(value: Json, default: int) -> int:
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def _order(call: Call, kind: Kind, paging: Paging) -> tuple[str, bool]:
    """The field that orders the list, and whether it runs backward; creation order by default."""
    if not paging.sort_by:
        return "created", paging.newest
    asked = text(_asked(call, paging.sort_by))
    stamped = {kind.created: "created", kind.updated: "updated"}
    order = stamped.get(asked, asked) or "created"
    return order, text(_asked(call, paging.sort_option)).lower() == "desc"


def _narrowed(
    call: Call, kind: Kind, role: Role
) -> tuple[dict[str, Json], Callable[[Resource], bool] | None]:
    """What the indexes answer, and a test for the rest."""
    where: dict[str, Json] = {}
    tests: list[tuple[str, Test]] = []
    if role.parent:
        where["parent"] = call.path(role.parent)
    for each in role.filters:
        asked = call.query(each.parameter)
        if asked is None:
            continue
        if each.field in kind.filters and each.match in ("equals", "any-of"):
            where[each.field] = tuple(elements(asked)) or asked
        elif each.match == "contains":
            wanted = asked.split(",") if isinstance(asked, str) else elements(asked)
            tests += [(each.field, _test(each, one)) for one in wanted]
        else:
            tests.append((each.field, _test(each, asked)))
    if not tests:
        return where, None
    return where, lambda resource: all(
        any(test(value) for value in values(resource.fields, field)) for field, test in tests
    )


def values(value: Json, path: str) -> list[Json]:
    """What stands at a dotted path; a list stands for each of its elements."""
    if not isinstance(value, str | Mapping) and (several := elements(value)):
        return [found for each in several for found in values(each, path)]
    if not path:
        return [value]
    name, _, rest = path.partition(".")
    return values(mapping(value).get(name), rest)


def _test(each: Filter, asked: Json) -> Test:
    if isinstance(asked, Mapping) and each.match != "properties":
        return _bounded(each, asked)
    if each.match == "at-or-after":
        since = instant(each.parameter, asked)
        return lambda value: isinstance(value, str) and instant("", value) >= since
    if each.match == "at-or-before":
        until = instant(each.parameter, asked)
        return lambda value: isinstance(value, str) and instant("", value) <= until
    if each.match == "any-of":
        return lambda value: any(same(value, one) for one in elements(asked) or (asked,))
    if each.match == "contains":
        return lambda value: isinstance(value, str) and str(asked) in value
    if each.match == "part":
        piece = str(asked).casefold()
        return lambda value: isinstance(value, str) and piece in value.casefold()
    if each.match == "properties":
        pairs = mapping(asked).items()
        return lambda value: all(
            any(same(held, one) for held in values(mapping(value).get(name), ""))
            for name, one in pairs
        )
    return lambda value: same(value, asked)


def _bounded(each: Filter, asked: Mapping[str, Json]) -> Test:
    """A range such as `{"gte": 10}`; what was asked for without a bound, `eq`, counts as well."""
    bounds = {name: bound for name, bound in asked.items() if name != "eq"}
    for name, bound in bounds.items():
        if isinstance(bound, str):
            instant(f"{each.parameter}[{name}]", bound)
    if "eq" not in asked:
        return lambda value: _within(value, bounds)
    alone = _test(each, asked["eq"])
    return lambda value: alone(value) and _within(value, bounds)


def _within(value: Json, bounds: Mapping[str, Json]) -> bool:
    """Whether a value lies in a range such as `{"gte": 10, "lt": 20}`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    for name, bound in bounds.items():
        left, right = _comparable(value, bound)
        if left is None or right is None:
            return False
        holds = {"gte": left >= right, "gt": left > right, "lte": left <= right, "lt": left < right}
        if not holds.get(name, True):
            return False
    return True


def _comparable(value: int | float | str, bound: Json) -> tuple[float | None, float | None]:
    if isinstance(value, str):
        return instant("", value), instant("", bound)
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        return None, None
    return value, bound


def same(value: Json, asked: Json) -> bool:
    """Equality as a query string can express it: `true` is True, `3` is 3 and also "3"."""
    if isinstance(value, bool) or isinstance(asked, bool):
        return str(value).lower() == str(asked).lower()
    if isinstance(value, int | float) and isinstance(asked, str):
        try:
            return value == float(asked)
        except ValueError:
            return False
    if isinstance(value, str) and isinstance(asked, int | float):
        return value == str(asked)
    return value == asked


def instant(name: str, value: Json) -> float:
    """A date or RFC 3339 time as seconds since 1970; without a zone it is UTC.

    Raises a refusal that names the parameter when the text is neither.
    """
    try:
        moment = datetime.fromisoformat(text(value))
    except ValueError:
        message = f"{name} is {value!r}, expected a date or an RFC 3339 time"
        raise Refusal(Reason.INVALID, message) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _tally(found: Page, offset: int, limit: int, page: int) -> dict[str, Json]:
    """What documents say of a page, under every name they use for it."""
    pages = max(1, -(-found.total // max(limit, 1)))
    more = offset + len(found.items) < found.total
    meanings: dict[str, Json] = {
        "total": found.total,
        "page": page,
        "limit": limit if limit < EVERYTHING else found.total,
        "pages": pages,
        "offset": offset,
        "more": more,
        "next": str(offset + limit) if more else None,
    }
    return {name: meanings[meaning] for meaning, names in TALLY.items() for name in names}
