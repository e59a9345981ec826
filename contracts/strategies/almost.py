"""Requests with exactly one rule broken, and which."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Request
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation, Reading
from understudy.contracts.pointer import join
from understudy.contracts.strategies.folding import NEVER, Node, fold, listed, mapped
from understudy.contracts.strategies.plan import Draft, Plan
from understudy.contracts.strategies.requests import Given, drafts
from understudy.contracts.violation import Violation, Where

Draw = Any
_STRANGE = "understudy_unknown"
_WRONG: Mapping[str, tuple[Json, ...]] = {
    "string": (7, True, [], {}),
    "integer": ("x", 1.5, True, []),
    "number": ("x", True, []),
    "boolean": ("maybe", 7, []),
    "array": ("x", 7, {}),
    "object": ("x", 7, []),
    "null": ("x", 7),
}


@dataclass(frozen=True, slots=True)
class Almost:
    """A request that breaks one rule: in words, and as the contract reports it."""

    request: Request
    broken: str
    violation: Violation


@dataclass(frozen=True, slots=True)
class _Break:
    """One thing to do to a draft."""

    where: Where
    pointer: str
    told: str
    done: Draft


def almost_valid_requests(
    operation: Operation, *, contract: Contract | None = None, given: Given | None = None
) -> st.SearchStrategy[Almost]:
    """Requests of an operation in which one rule is broken, and only one.

    The contract reports exactly one violation of each, at the place that was broken: a missing
    or unknown parameter or field, a value of another type or beyond a bound, no credential, no
    body, another media type, a text that is no JSON.
    """
    return _almost(Plan(contract or Contract.of(operation.document), operation), given or {})


@st.composite
def _almost(draw: Draw, plan: Plan, given: Given) -> Almost:
    draft: Draft = draw(drafts(plan, given))
    ways = list(_breaks(draft))
    assume(ways)
    kinds = list(dict.fromkeys(way.told.partition(" ")[0] + way.where for way in ways))
    kind = draw(st.sampled_from(kinds))
    ways = [way for way in ways if way.told.partition(" ")[0] + way.where == kind] + ways
    first = draw(st.integers(0, max(0, len(ways) // 2 - 1)))
    for way in (*ways[first:], *ways[:first]):
        found = _confirmed(plan, way)
        if found is not None:
            return found
    assume(False)
    raise AssertionError


def _confirmed(plan: Plan, way: _Break) -> Almost | None:
    """The broken request, if its contract notices this and nothing else."""
    request = way.done.request()
    reading = plan.contract.read(request)
    if not isinstance(reading, Reading) or reading.operation.id != plan.operation.id:
        return None
    if len(reading.violations) != 1:
        return None
    (violation,) = reading.violations
    if violation.where != way.where or not _at(violation.pointer, way.pointer):
        return None
    return Almost(request, way.told, violation)


def _at(found: str, meant: str) -> bool:
    return found == meant or found.startswith(f"{meant}/")


def _breaks(draft: Draft) -> Iterator[_Break]:
    """Everything that could be broken in a draft."""
    plan = draft.plan
    for declared in plan.parameters:
        key = (declared.where, declared.name)
        pointer = join("", declared.name)
        named = f"the {declared.where} parameter {declared.name!r}"
        if declared.required and declared.where != "path" and key in draft.values:
            rest = {name: value for name, value in draft.values.items() if name != key}
            yield _Break(declared.where, pointer, f"without {named}", replace(draft, values=rest))
        if key not in draft.values or not declared.schema:
            continue
        node = fold(plan.document, plan.document.at(declared.schema))
        for told, value in _wrong(node, draft.values[key]):
            if declared.where == "path" and value == "":
                continue
            other = {**draft.values, key: value}
            yield _Break(
                declared.where, pointer, f"{told}, in {named}", replace(draft, values=other)
            )
    queries = (*draft.queries, f"{_STRANGE}=1")
    yield _Break("query", f"/{_STRANGE}", "undeclared query parameter",
                 replace(draft, queries=queries))  # fmt: skip
    if plan.requirements and all(plan.requirements):
        yield from _keyless(draft)
    if draft.media is not None:
        yield from _bodies(draft)


def _keyless(draft: Draft) -> Iterator[_Break]:
    scheme = draft.plan.scheme(draft.plan.requirements[0][0])
    single = len({name for way in draft.plan.requirements for name in way}) == 1
    header = scheme.get("type") != "apiKey"
    pointer = ("/authorization" if header else f"/{scheme.get('name')}") if single else ""
    yield _Break("security", pointer, "without a credential",
                 replace(draft, lines=(), queries=()))  # fmt: skip


def _bodies(draft: Draft) -> Iterator[_Break]:
    plan, media = draft.plan, draft.media
    if media is None:
        return
    if plan.body_required:
        yield _Break("body", "", "without a body", replace(draft, media=None, content=None))
    if all("*" not in each.declared for each in plan.media):
        other = replace(draft, media_type="application/x-understudy")
        yield _Break("content type", "", "another media type", other)
    if media.kind == "json":
        for raw in (b"{", b"[1,]", b"\xff"):
            yield _Break("body", "", "malformed JSON", replace(draft, raw=raw))
    if not media.schema or media.kind not in ("json", "form", "multipart"):
        return
    schema = plan.document.at(media.schema)
    for pointer, told, put in _spoilt(plan, schema, draft.content, "", 0):
        yield _Break("body", pointer, told, replace(draft, content=put))


def _spoilt(
    plan: Plan, schema: Json, value: Json, at: str, depth: int
) -> Iterator[tuple[str, str, Json]]:
    """Each way to spoil one place in a value: where, what was done, and the value then."""
    node = fold(plan.document, schema)
    if node is NEVER or depth > 6:
        return
    if at or not isinstance(value, Mapping | list):
        for told, other in _wrong(node, value):
            yield at, f"{told}, at {at or 'the body'}", other
    if isinstance(value, Mapping):
        yield from _members(plan, node, value, at, depth)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            held = node.get("items", True)
            for pointer, told, other in _spoilt(plan, held, each, join(at, str(index)), depth + 1):
                yield pointer, told, [*value[:index], other, *value[index + 1 :]]


def _members(
    plan: Plan, node: Node, value: Mapping[str, Json], at: str, depth: int
) -> Iterator[tuple[str, str, Json]]:
    for name in map(str, listed(node.get("required"))):
        if name in value:
            rest = {key: held for key, held in value.items() if key != name}
            yield at, f"required field {name!r} is missing, at {at or 'the body'}", rest
    if node.get("additionalProperties") is False or node.get("unevaluatedProperties") is False:
        strange = {**value, _STRANGE: "1"}
        yield join(at, _STRANGE), f"undeclared field, at {at or 'the body'}", strange
        yield at, f"undeclared field, at {at or 'the body'}", strange
    known = mapped(node.get("properties"))
    for name, held in value.items():
        if name in known:
            for pointer, told, other in _spoilt(plan, known[name], held, join(at, name), depth + 1):
                yield pointer, told, {**value, name: other}


def _wrong(node: Node, value: Json) -> Iterator[tuple[str, Json]]:
    """Values that break one keyword of a folded schema; some may be admitted all the same."""
    if "const" in node or "enum" in node:
        yield "unlisted value", _STRANGE
    said = node.get("type")
    for kind in [said] if isinstance(said, str) else listed(said):
        for other in _WRONG.get(str(kind), ()):
            yield f"type other than {kind}", other
    for keyword, spoil in _SPOILS.items():
        limit = node.get(keyword)
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            for other in spoil(value, limit):
                yield f"{keyword} {limit:g} exceeded", other
    if "x-patterns" in node and isinstance(value, str):
        yield "pattern not matched", f"{value}\u00a7 {value}"
        yield "pattern not matched", "\u00a7"
    if node.get("format") is not None and isinstance(value, str):
        yield "format not kept", f"\u00a7{value}"
    if node.get("uniqueItems") is True and isinstance(value, list) and value:
        yield "uniqueItems not kept", [*value, value[0]]
    if isinstance(node.get("multipleOf"), int | float) and isinstance(value, int | float):
        yield "multipleOf not kept", value + 1
        yield "multipleOf not kept", value + 0.5


def _below(value: Json, limit: float) -> Iterator[Json]:
    if _number(value):
        yield int(limit) - 1 if float(limit).is_integer() else limit - 1


def _above(value: Json, limit: float) -> Iterator[Json]:
    if _number(value):
        yield int(limit) + 1 if float(limit).is_integer() else limit + 1


def _edge(value: Json, limit: float) -> Iterator[Json]:
    if _number(value):
        yield int(limit) if float(limit).is_integer() else limit


def _shorter(value: Json, limit: float) -> Iterator[Json]:
    if isinstance(value, str | list) and limit > 0:
        yield value[: int(limit) - 1]


def _longer(value: Json, limit: float) -> Iterator[Json]:
    if isinstance(value, str) and limit < 100_000:
        yield (value or "a") * (int(limit) + 1)
    if isinstance(value, list) and value and limit < 1_000:
        yield (value * (int(limit) + 1))[: int(limit) + 1]


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_SPOILS: Mapping[str, Callable[[Json, float], Iterator[Json]]] = {
    "minimum": _below,
    "maximum": _above,
    "exclusiveMinimum": _edge,
    "exclusiveMaximum": _edge,
    "minLength": _shorter,
    "maxLength": _longer,
    "minItems": _shorter,
    "maxItems": _longer,
}
