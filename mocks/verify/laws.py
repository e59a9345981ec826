"""What must hold beyond the document's schemas: strangers are refused, and pages are pages."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from understudy.contracts.expression import at
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.mocks.inference import parameters
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.verify.ask import Ask
from understudy.mocks.verify.step import Step

_NONSENSE = "understudy"
_NAMES = ("_id", "id", "video_no", "session_id", "sessionId")


def stranger(operation: Operation, name: str) -> str | None:
    """An id of the right form that nothing has: the document's example with another end."""
    for each in parameters(operation.document, operation):
        if each.get("name") == name:
            schema = mapping(operation.document.resolve(each.get("schema"))[0])
            examples = (
                each.get("example"),
                schema.get("example"),
                *elements(schema.get("examples")),
            )
            held = [mapping(one).get("value") for one in mapping(each.get("examples")).values()]
            known = next((one for one in (*examples, *held) if isinstance(one, str | int)), None)
            return None if known is None else _changed(str(known))
    return None


def bad_values(operation: Operation) -> Iterator[Mapping[str, Json]]:
    """The first query parameter that can be wrong, with a value that no schema of its takes."""
    for each in parameters(operation.document, operation):
        schema = mapping(operation.document.resolve(each.get("schema"))[0])
        limited = schema.get("type") in ("integer", "number") or "enum" in schema
        if each.get("in") == "query" and limited:
            yield {text(each.get("name")): _NONSENSE}
            return


def next_page(ask: Ask, whole: Step, first: Step | None) -> Ask | None:
    """The call for the first page of one item, then for the page after `first`.

    None where the document does not say how it pages, or there is nothing to begin from.
    """
    paging = mapping(ask.operation.extensions.get("x-paging"))
    style, page = text(paging.get("style")), text(paging.get("page"))
    limit = text(paging.get("limit"))
    declared = {
        text(each.get("name")) for each in parameters(ask.operation.document, ask.operation)
    }
    asked: dict[str, Json] = {limit: 1} if limit in declared else {}
    if style not in ("page-number", "item-id") or page not in declared:
        return None
    if first is None:
        return replace(ask, query={**ask.query, **asked}) if items(whole) else None
    shown = items(first)
    if not shown or first.refused:
        return None
    turned: Json = 2 if style == "page-number" else shown[-1]
    return replace(ask, query={**ask.query, **asked, page: turned})


def judge_pages(one: Step, two: Step) -> None:
    """No page is longer than asked for, and the second holds nothing of the first."""
    paging = mapping(one.operation.extensions.get("x-paging"))
    limit = text(paging.get("limit"))
    rule = f"{one.operation.pointer}/x-paging"
    pointer = items_pointer(one)
    for step in (one, two):
        wanted = step.reading.query.get(limit)
        if isinstance(wanted, int) and len(items(step)) > wanted:
            expected = f"at most {wanted}, as {limit} asked for"
            step.amiss(pointer, len(items(step)), expected, rule)
    again = [name for name in items(two) if name in items(one)]
    if again and not two.refused:
        expected = "a second page without what the first one holds"
        two.amiss(pointer, again[0], expected, rule)


def items_pointer(step: Step) -> str:
    """Where a list stands in the reply."""
    told = text(mapping(step.operation.extensions.get("x-paging")).get("items"))
    pointer = f"/{told.replace('.', '/')}" if told else ""
    inner = f"/data{pointer}"
    return inner if at(step.answer, pointer) is None and at(step.answer, inner) else pointer


def items(step: Step) -> list[Json]:
    """The ids of the items in a list's reply."""
    listed = elements(at(step.answer, items_pointer(step)))
    return [_name(item) for item in listed]


def _name(item: Json) -> Json:
    held = mapping(item)
    return next((held[name] for name in _NAMES if name in held), item)


def _changed(known: str) -> str:
    """The text with its last six letters and digits exchanged for others of the same kind."""
    kept, end = known[:-6], known[-6:]
    return kept + "".join(_other(character) for character in end)


def _other(character: str) -> str:
    if character.isdigit():
        return str(9 - int(character))
    if character in "abcdef":
        return "fedcba"["abcdef".index(character)]
    return character
