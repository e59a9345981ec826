"""Every kind of change is found, at its place, and judged; documentation never counts."""

import copy
from itertools import combinations
from typing import Any

import pytest

from understudy.contracts.addressing import shipped
from understudy.contracts.diff.change import RULES, Change
from understudy.contracts.diff.documents import compare_documents
from understudy.contracts.diff.lifecycles import compare_lifecycles
from understudy.contracts.lifecycle import load_lifecycles
from understudy.contracts.loading import load_document

GOODS: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 9, "default": "x"},
        "size": {"enum": ["s", "m"]},
        "note": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "integer"}},
    },
}
SHOP: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "components": {
        "securitySchemes": {
            name: {"type": "apiKey", "in": "header", "name": name} for name in ("key", "token")
        }
    },
    "paths": {
        "/goods/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                {"name": "page", "in": "query", "schema": {"type": "integer", "default": 1}},
            ],
            "put": {
                "operationId": "put-goods",
                "security": [{"key": []}, {"token": []}],
                "requestBody": {"content": {"application/json": {"schema": GOODS}}},
                "responses": {
                    "200": {
                        "description": "Kept.",
                        "headers": {"X-Left": {"required": True, "schema": {"type": "integer"}}},
                        "content": {"application/json": {"schema": copy.deepcopy(GOODS)}},
                    },
                    "404": {"description": "Unknown."},
                },
            },
        },
        "/health": {"get": {"operationId": "health", "responses": {"204": {"description": "x"}}}},
    },
}
JOB: dict[str, Any] = {
    "status": "status",
    "initial": "waiting",
    "stages": [{"status": "waiting", "seconds": 5}, {"status": "working"}],
    "terminal": ["ready", "failed"],
    "success": "ready",
    "failure": {"status": "failed", "from": ["working"], "reason": "It broke."},
    "transitions": {
        "waiting": ["working"], "working": ["ready", "failed"], "ready": [], "failed": []},
    "polls": ["look"],
}  # fmt: skip

PUT = SHOP["paths"]["/goods/{id}"]["put"]
GONE = object()


def changed(*edits: tuple[str, Any], base: Any = SHOP) -> Any:
    """A copy with each edit made: a path of keys joined by ` `, and the value (GONE: removed)."""
    made = copy.deepcopy(base)
    for path, value in edits:
        *way, last = path.split(" ")
        node = made
        for step in way:
            node = node[int(step)] if isinstance(node, list) else node[step]
        key: Any = int(last) if isinstance(node, list) else last
        if value is GONE:
            del node[key]
        elif isinstance(node, list) and key == len(node):
            node.append(value)
        else:
            node[key] = value
    return made


def compare(old: Any, new: Any) -> list[Change]:
    """The changes between two documents given as values."""
    return compare_documents(load_document(old, name="old"), load_document(new, name="new"))


G = "paths /goods/{id}"
P = f"{G} put"
BODY = f"{P} requestBody content application/json schema"
REPLY = f"{P} responses 200 content application/json schema"
PARAMETER = {"name": "q", "in": "query", "schema": {"type": "string"}}

# The kinds that an edit makes, and (behind the arrow) those of its opposite.
EDITS: dict[str, list[tuple[str, Any]]] = {
    "operation removed | operation added": [("paths /health", GONE)],
    "base path changed | base path changed": [("servers", [{"url": "https://shop.example/v2"}])],
    "operation deprecated | operation no longer deprecated": [(f"{P} deprecated", True)],
    "security removed | security added": [(f"{P} security 2", {})],
    "security alternative removed | security alternative added": [(f"{P} security 1", GONE)],
    "optional parameter added | parameter removed": [(f"{G} parameters 2", PARAMETER)],
    "required parameter added | parameter removed": [
        (f"{G} parameters 2", {**PARAMETER, "required": True})],
    "parameter became required | parameter became optional": [
        (f"{G} parameters 1 required", True)],
    "parameter style changed | parameter style changed": [
        (f"{G} parameters 1 explode", False)],
    "default changed | default changed": [(f"{G} parameters 1 schema default", 2)],
    "request type widened | request type narrowed": [
        (f"{G} parameters 1 schema type", ["integer", "null"])],
    "request body removed | optional request body added": [(f"{P} requestBody", GONE)],
    "request body became required | request body became optional": [
        (f"{P} requestBody required", True)],
    "request media type added | request media type removed": [
        (f"{P} requestBody content text/csv", {})],
    "response media type added | response media type removed": [
        (f"{P} responses 200 content text/csv", {})],
    "success status added | success status removed": [
        (f"{P} responses 201", {"description": "x"})],
    "error status added | error status removed": [(f"{P} responses 409", {"description": "x"})],
    "response header removed | response header added": [
        (f"{P} responses 200 headers X-Left", GONE)],
    "response header became optional | response header became required": [
        (f"{P} responses 200 headers X-Left required", False)],
    "response body removed | response body added": [(f"{P} responses 200 content", GONE)],
    "response type widened | response type narrowed": [
        (f"{REPLY} properties note type", ["string", "null"])],
    "request value added | request value removed": [(f"{BODY} properties size enum 2", "l")],
    "response value added | response value removed": [(f"{REPLY} properties size enum 2", "l")],
    "request property removed | request property added": [(f"{BODY} properties note", GONE)],
    "request property became required | request property became optional": [
        (f"{BODY} required 1", "note")],
    "required request property added | request property removed": [
        (f"{BODY} properties new", {}), (f"{BODY} required 1", "new")],
    "response property removed | response property added": [(f"{REPLY} properties note", GONE)],
    "response property became optional | response property became required": [
        (f"{REPLY} required 0", GONE)],
    "request limit tightened | request limit loosened": [
        (f"{BODY} properties name minLength", 2)],
    "response limit tightened | response limit loosened": [
        (f"{REPLY} properties name maxLength", 2)],
    "request closed to more properties | request opened to more properties": [
        (f"{BODY} additionalProperties", False)],
    "response closed to more properties | response opened to more properties": [
        (f"{REPLY} additionalProperties", False)],
    "request condition changed | request condition changed": [
        (f"{BODY} not", {"required": ["note"]})],
    "response condition changed | response condition changed": [
        (f"{REPLY} properties tags contains", {"const": 1})],
}  # fmt: skip


@pytest.mark.parametrize("kinds", EDITS)
@pytest.mark.parametrize("backwards", [False, True], ids=["there", "back"])
def test_change__is_found_both_ways(kinds: str, backwards: bool) -> None:
    """Each edit makes changes of one kind, and undoing it those of the opposite kind."""
    there, back = kinds.split(" | ")
    new = changed(*EDITS[kinds])
    found = compare(new, SHOP) if backwards else compare(SHOP, new)
    assert {change.kind for change in found} == {back if backwards else there}
    for change in found:
        assert change.source.startswith(("old", "new")) and change.why


@pytest.mark.parametrize("direction", ["request", "response"])
def test_alternatives__are_matched_by_name(direction: str) -> None:
    """A branch in the middle is one change, not a change of every branch behind it."""
    place = BODY if direction == "request" else REPLY
    three = [{"title": name, "required": [name]} for name in "abc"]
    old, new = (changed((f"{place} oneOf", branches)) for branches in (three[::2], three))
    assert [change.kind for change in compare(old, new)] == [f"{direction} alternative added"]
    assert [change.kind for change in compare(new, old)] == [f"{direction} alternative removed"]


def test_body__that_becomes_needed_breaks() -> None:
    """A body that was not there and is required now."""
    none = changed((f"{P} requestBody", GONE))
    needed = changed((f"{P} requestBody required", True))
    assert [change.kind for change in compare(none, needed)] == ["request body added"]


SAYING = [
    ("info description", "More."),
    (f"{P} summary", "Put."),
    (f"{P} tags", ["a"]),
    (f"{P} x-rule", ["a"]),
    (f"{BODY} properties note description", "A note."),
    (f"{BODY} properties note examples", ["x"]),
    (f"{REPLY} title", "Goods"),
    (f"{P} operationId", "place-goods"),
    (f"{P} responses 200 description", "It is kept."),
]


@pytest.mark.parametrize("edit", SAYING, ids=lambda edit: edit[0])
def test_documentation__is_never_a_change(edit: tuple[str, Any]) -> None:
    """Words, examples and `x-` keys change nothing for a client."""
    assert compare(SHOP, changed(edit)) == []


def test_path_parameters__may_be_renamed() -> None:
    """A client never sees their names."""
    new = changed((f"{G} parameters 0 name", "goods"))
    new["paths"]["/goods/{goods}"] = new["paths"].pop("/goods/{id}")
    assert compare(SHOP, new) == []


def test_properties__that_do_not_travel_that_way_do_not_count() -> None:
    """What becomes read-only is no longer taken, what becomes write-only is no longer read."""
    new = changed((f"{BODY} properties note readOnly", True))
    assert [change.kind for change in compare(SHOP, new)] == ["request property removed"]
    new = changed((f"{REPLY} properties note writeOnly", True))
    assert [change.kind for change in compare(SHOP, new)] == ["response property removed"]


def test_schemas__that_contain_themselves_end() -> None:
    """A recursive schema is compared once."""
    tree = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/T"}}}
    old = changed(("components schemas", {"T": tree}), (BODY, {"$ref": "#/components/schemas/T"}))
    new = changed(("components schemas T properties next", {"type": "string"}), base=old)
    assert compare(old, old) == []
    assert {change.kind for change in compare(old, new)} == {"request type narrowed"}


@pytest.mark.parametrize("name", shipped())
def test_document__has_not_changed_since_itself(name: str) -> None:
    """A document compared with itself is silent."""
    document = load_document(name)
    assert compare_documents(document, document) == []


LIVES: dict[str, list[tuple[str, Any]]] = {
    "status added + move added | status removed + move removed": [],
    "success changed": [("success", "failed"), ("failure", GONE),
                        ("transitions working", ["failed", "ready"])],
    "move added | move removed": [("transitions working 2", "waiting")],
    "status field renamed": [("status", "state")],
    "progress field added | progress field removed": [("progress", {"field": "percent"})],
    "duration changed": [("stages 0 seconds", 6)],
    "failure reason changed": [("failure reason", "It fell.")],
    "poll removed | poll added": [("polls 0", GONE)],
}  # fmt: skip


def lives(job: Any) -> Any:
    """A file of lifecycles with one in it."""
    return load_lifecycles({"lifecycles": {"job": job}})


def kinds(old: Any, new: Any) -> set[str]:
    """The kinds of change between two lifecycles."""
    return {change.kind for change in compare_lifecycles(lives(old), lives(new))}


@pytest.mark.parametrize("case", [case for case in LIVES if LIVES[case]])
def test_lifecycle__change(case: str) -> None:
    """Each edit of a lifecycle makes its kind, and undoing it the opposite."""
    there, _, back = case.partition(" | ")
    new = changed(*LIVES[case], base=JOB)
    assert there in kinds(JOB, new)
    assert (back or there) in kinds(new, JOB)


def test_lifecycle__statuses_and_ends() -> None:
    """A new stage, a new end, an end that is one no more, another beginning."""
    queued = changed(
        ("stages", [{"status": "queued"}, *JOB["stages"]]),
        ("initial", "queued"),
        ("transitions queued", ["waiting"]),
        base=JOB,
    )
    assert kinds(JOB, queued) == {"status added", "first status changed"}
    assert kinds(queued, JOB) == {"status removed", "first status changed"}
    ends = changed(
        ("stages 2", {"status": "failed"}),
        ("terminal 1", GONE),
        ("failure", GONE),
        ("transitions failed", ["ready"]),
        ("transitions working", ["failed", "ready"]),
        base=JOB,
    )
    assert "end removed" in kinds(JOB, ends) and "end added" in kinds(ends, JOB)


def test_lifecycle__added_and_removed() -> None:
    """A lifecycle that comes or goes."""
    one, two = lives(JOB), load_lifecycles({"lifecycles": {"job": JOB, "other": JOB}})
    assert [change.kind for change in compare_lifecycles(one, two)] == ["lifecycle added"]
    assert [change.kind for change in compare_lifecycles(two, one)] == ["lifecycle removed"]


def _apart(one: str, other: str) -> bool:
    """Whether no edit of one stands beside, above or below an edit of the other."""
    homes = [[path.rpartition(" ")[0] for path, _ in EDITS[name]] for name in (one, other)]
    return not any(
        f"{a} ".startswith(f"{b} ") or f"{b} ".startswith(f"{a} ")
        for a in homes[0]
        for b in homes[1]
    )


def test_changes__add_up() -> None:
    """Any two edits at places that have nothing to do with each other are found together."""
    pairs = [pair for pair in combinations(EDITS, 2) if _apart(*pair)]
    for pair in pairs:
        found = {c.kind for c in compare(SHOP, changed(*(e for name in pair for e in EDITS[name])))}
        assert found == {name.partition(" | ")[0] for name in pair}, pair
    assert len(pairs) > 100


def test_rules__each_has_a_test() -> None:
    """Every kind of the table is made by an edit above: none is only claimed."""
    known = {kind for case in EDITS for kind in case.split(" | ")}
    known |= {kind for case in LIVES for part in case.split(" | ") for kind in part.split(" + ")}
    known |= {f"{d} alternative {t}" for d in ("request", "response") for t in ("added", "removed")}
    known |= {"request body added", "first status changed", "end added", "end removed"}
    known |= {"lifecycle added", "lifecycle removed"}
    assert known == set(RULES)


def test_security__is_what_travels() -> None:
    """A scheme's name may change; the header that a key goes into may not."""
    renamed = copy.deepcopy(SHOP)
    schemes = renamed["components"]["securitySchemes"]
    schemes["other"] = schemes.pop("key")
    renamed["paths"]["/goods/{id}"]["put"]["security"][0] = {"other": []}
    assert compare(SHOP, renamed) == []
    moved = changed(("components securitySchemes key name", "x-key"))
    kinds = {(each.kind, each.breaking) for each in compare(SHOP, moved)}
    assert kinds == {("security alternative removed", True), ("security alternative added", False)}


def test_schema__alone_in_all_of() -> None:
    """`allOf` of one, as tools write to put a description beside a reference, says nothing new."""
    wrapped = {"description": "All of it.", "allOf": [{"allOf": [copy.deepcopy(GOODS)]}]}
    assert compare(SHOP, changed((BODY, wrapped), (REPLY, wrapped))) == []
    longer = copy.deepcopy(GOODS) | {"required": ["name", "size"]}
    [found] = compare(SHOP, changed((BODY, {"allOf": [longer]})))
    assert (found.kind, found.subject) == ("request property became required", "put-goods")
