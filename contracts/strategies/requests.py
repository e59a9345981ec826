"""Requests of an operation that its contract accepts."""

from collections.abc import Mapping
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Request
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.parameters import Declaration
from understudy.contracts.pointer import split
from understudy.contracts.strategies.folding import fold, listed, mapped
from understudy.contracts.strategies.plan import Draft, Media, Plan, presented
from understudy.contracts.strategies.scalars import StrategyError
from understudy.contracts.strategies.values import drawn
from understudy.contracts.violation import Where

Given = Mapping[tuple[str, str], Json]
"""Values that are not drawn: by place ("path", "query", "header", "cookie", "body") and name,
which is a JSON pointer for a place in the body ("/index_id")."""

_TRIES = 4
Draw = Any


def valid_requests(
    operation: Operation, *, contract: Contract | None = None, given: Given | None = None
) -> st.SearchStrategy[Request]:
    """Requests of an operation on which its contract finds no fault.

    The path is relative to the document's base. Credentials are made up, and present one of the
    ways that the document asks for. `given` fixes parameters or fields of the body. Give the
    `contract` when you have it: without one the document is compiled anew.
    """
    plan = Plan(contract or Contract.of(operation.document), operation)
    return drafts(plan, given or {}).map(Draft.request)


@st.composite
def drafts(draw: Draw, plan: Plan, given: Given, *, whole: bool = False) -> Draft:
    """Valid requests before they are put into bytes; with `whole` everything optional is there."""
    for _ in range(_TRIES):
        draft: Draft = draw(_draft(plan, given, whole=whole))
        if plan.readable(draft.request()):
            return draft
    assume(False)
    raise AssertionError


@st.composite
def _draft(draw: Draw, plan: Plan, given: Given, *, whole: bool) -> Draft:
    values: dict[tuple[Where, str], Json] = {}
    for declared in plan.parameters:
        key = (declared.where, declared.name)
        if key in given:
            values[key] = given[key]
        elif declared.where == "path" or declared.required or whole or draw(st.booleans()):
            value = draw(_parameter(plan, declared))
            if not (declared.where == "header" and isinstance(value, str) and not value.strip()):
                values[key] = value
    lines, queries = draw(_credentials(plan))
    media = draw(_media(plan, given, whole=whole)) if plan.media else None
    content = None if media is None else draw(_content(plan, media, given))
    return Draft(plan, values, tuple(lines), tuple(queries), media, content)


@st.composite
def _credentials(draw: Draw, plan: Plan) -> tuple[list[tuple[str, str]], list[str]]:
    ways = plan.requirements
    return presented(plan, draw(st.sampled_from(ways)) if ways else ())


@st.composite
def _media(draw: Draw, plan: Plan, given: Given, *, whole: bool) -> Media | None:
    wanted = whole or plan.body_required or any(where == "body" for where, _ in given)
    if not wanted and not draw(st.booleans()):
        return None
    media: Media = draw(st.sampled_from(plan.media))
    return media


def _parameter(plan: Plan, declared: Declaration) -> st.SearchStrategy[Json]:
    """Values of a parameter that its text can carry."""
    if not declared.schema:
        return st.just("x")
    schema: Json = plan.document.at(declared.schema)
    found = drawn(plan.document, schema, wire=not declared.json, depth=2)
    if declared.where == "header":
        return found.map(_ascii)
    if declared.where == "path":
        return found.filter(lambda value: value not in (".", ".."))
    return found


def _ascii(value: Json) -> Json:
    """A text that a header line can carry."""
    if not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    return "".join(letter if letter.isascii() and letter.isprintable() else "x" for letter in value)


@st.composite
def _content(draw: Draw, plan: Plan, media: Media, given: Given) -> Json:
    if media.kind == "binary":
        return None
    value: Json
    schema: Json = plan.document.at(media.schema) if media.schema else True
    fixed = {split(name)[0]: value for (where, name), value in given.items() if where == "body"}
    if fixed:
        schema = _with(plan, schema, fixed)
    told = _told(plan, media) if not fixed else []
    if told and draw(st.booleans()):
        value = draw(st.sampled_from(told))
        return value
    if media.kind in ("form", "multipart"):
        found = drawn(plan.document, {"allOf": [{"type": "object"}, schema]}, wire=True, depth=3)
    elif media.kind == "lines":
        each = drawn(plan.document, schema, depth=3)
        found = st.lists(each, min_size=1, max_size=3).map(list)
    elif media.kind in ("text", "events"):
        found = drawn(plan.document, schema, wire=True, depth=1)
    else:
        found = drawn(plan.document, schema)
    value = draw(found)
    return value


def _told(plan: Plan, media: Media) -> list[Json]:
    """The bodies that the document gives as examples: a server can do most with those."""
    if media.kind not in ("json", "form", "multipart"):
        return []
    node = mapped(plan.document.at(media.place))
    held = [mapped(plan.document.resolve(e)[0]) for e in mapped(node.get("examples")).values()]
    found = [each["value"] for each in held if "value" in each]
    return [*found, *([node["example"]] if "example" in node else [])]


def _with(plan: Plan, schema: Json, fixed: Mapping[str, Json]) -> Json:
    """The schema with some of its properties fixed."""
    asked: Json = {
        "type": "object",
        "required": list(fixed),
        "properties": {name: {"enum": [value]} for name, value in fixed.items()},
    }
    node = fold(plan.document, schema)
    for name in fixed:
        if name in mapped(node.get("properties")):
            continue
        for choice in listed(node.get("x-choices")):
            if not any(_speaks(plan, branch, name) for branch in listed(choice)):
                continue
            holding = [branch for branch in listed(choice) if _speaks(plan, branch, name)]
            return {"allOf": [schema, {"anyOf": list(holding)}, asked]}
    return {"allOf": [schema, asked]}


def _speaks(plan: Plan, schema: Json, name: str) -> bool:
    return name in mapped(fold(plan.document, schema).get("properties"))


__all__ = ["Given", "StrategyError", "drafts", "valid_requests"]
