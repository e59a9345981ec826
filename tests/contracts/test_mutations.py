"""Seeded mutations: each is caught by the check that is meant for it, at the right place.

One story that keeps every rule, and for each row one thing in it made wrong: in a request, in a
reply, along a lifecycle, in a document, or between two versions of a document. Unmutated, every
check is silent.
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from understudy.contracts.contract import Contract
from understudy.contracts.diff.documents import compare_documents
from understudy.contracts.diff.lifecycles import compare_lifecycles
from understudy.contracts.errors import DocumentError
from understudy.contracts.exchange import Exchange, Headers, Request, Response
from understudy.contracts.lifecycle import LifecycleError, load_lifecycles
from understudy.contracts.loading import load_document

Json = dict[str, Any]

LIFE: Json = {
    "lifecycles": {
        "job": {
            "stages": [{"status": "waiting"}, {"status": "working"}],
            "success": "ready",
            "terminal": ["ready", "failed"],
            "failure": {"status": "failed", "from": ["working"]},
            "transitions": {
                "waiting": ["working"], "working": ["ready", "failed"], "ready": [], "failed": [],
            },
            "progress": {"field": "percent"},
        }
    }
}  # fmt: skip
_JOB: Json = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "shop_id": {"type": "string"},
        "status": {"enum": ["waiting", "working", "ready", "failed"]},
        "percent": {"type": "number"},
        "made": {"type": "string", "format": "date-time"},
        "changed": {"type": "string", "format": "date-time"},
    },
    "additionalProperties": False,
}
_ERROR: Json = {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}}


def _reply(schema: str, **more: Any) -> Json:
    held = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": "", "content": held, **more}


SHOP: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example/v1"}],
    "security": [{"key": []}],
    "components": {
        "schemas": {
            "Job": _JOB,
            "Error": _ERROR,
            "New": {
                "type": "object",
                "required": ["shop_id"],
                "properties": {
                    "shop_id": {"type": "string", "minLength": 1, "maxLength": 20},
                    "size": {"enum": ["s", "m"]},
                    "count": {"type": "integer", "minimum": 1, "maximum": 9},
                    "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
                },
                "additionalProperties": False,
            },
        },
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}},
    },
    "x-resources": {
        "jobs": {"id": {"field": "id"}, "created": "made", "updated": "changed",
                 "lifecycle": "job"}
    },
    "paths": {
        "/jobs": {"post": {
            "operationId": "make",
            "x-resource": {"name": "jobs", "action": "create"},
            "parameters": [
                {"name": "dry", "in": "query", "schema": {"type": "boolean"}},
                {"name": "X-Depth", "in": "header", "required": True,
                 "schema": {"type": "integer", "maximum": 3}},
            ],
            "requestBody": {"required": True, "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/New"}}}},
            "responses": {
                "201": _reply("Job", headers={"X-Left": {"required": True,
                                                         "schema": {"type": "integer"}}}),
                "400": _reply("Error"),
            },
        }},
        "/jobs/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True,
                            "schema": {"type": "string", "maxLength": 8}}],
            "get": {"operationId": "read", "responses": {"200": _reply("Job"),
                                                         "404": _reply("Error")},
                    "x-resource": {"name": "jobs", "action": "read", "id": "id"}},
            "delete": {"operationId": "drop",
                       "responses": {"204": {"description": ""}, "404": _reply("Error")},
                       "x-resource": {"name": "jobs", "action": "delete", "id": "id"}},
        },
    },
}  # fmt: skip


def _call(line: str, body: Any = None, status: int = 200, reply: Any = None, **more: Any) -> Json:
    return {"line": line, "sent": {"x-api-key": "k", **more}, "body": body, "status": status,
            "answered": {"x-left": "3"}, "reply": reply}  # fmt: skip


def _job(status: str, percent: float, changed: int) -> Json:
    return {"id": "j", "shop_id": "s", "status": status, "percent": percent,
            "made": "2025-07-01T00:00:00Z", "changed": f"2025-07-01T00:0{changed}:00Z"}  # fmt: skip


STORY: list[Json] = [
    _call("POST /jobs?dry=true", {"shop_id": "s", "size": "m", "count": 3, "tags": ["a"]}, 201,
          _job("waiting", 0, 0), **{"x-depth": "1"}),
    _call("GET /jobs/j", reply=_job("working", 40, 1)),
    _call("GET /jobs/j", reply=_job("ready", 100, 2)),
    _call("DELETE /jobs/j", status=204),
    _call("GET /jobs/j", status=404, reply={"code": "gone"}),
]  # fmt: skip


def _exchanges(story: list[Json]) -> list[Exchange]:
    found = []
    for told in story:
        method, _, url = told["line"].partition(" ")
        path, _, query = url.partition("?")
        lines = [("content-type", told.get("type", "application/json")), *told["sent"].items()]
        body = told["body"]
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        request = Request(method, path, query, Headers(lines), content)
        kind = [("content-type", told.get("kind", "application/json"))]
        reply = told["reply"]
        answer = reply if isinstance(reply, bytes) else json.dumps(reply).encode() if reply else b""
        response = Response(told["status"], Headers([*kind, *told["answered"].items()]), answer)
        found.append(Exchange(request, response))
    return found


@pytest.fixture(scope="module")
def contract() -> Contract:
    """The contract that the story keeps."""
    return Contract.load(SHOP)


def _checked(contract: Contract, story: list[Json]) -> set[tuple[str, str, str]]:
    return {
        (violation.operation, violation.where, violation.pointer)
        for exchange in _exchanges(story)
        for violation in contract.check(exchange.request, exchange.response)
    }


def test_story__unmutated_is_silent(contract: Contract) -> None:
    """Nothing is found in what is right: by no check."""
    assert _checked(contract, STORY) == set()
    assert contract.trace(_exchanges(STORY), load_lifecycles(LIFE)) == []
    assert list(compare_documents(load_document(SHOP), load_document(SHOP))) == []
    assert list(compare_lifecycles(load_lifecycles(LIFE), load_lifecycles(LIFE))) == []


def _put(at: int, **changed: Any) -> Callable[[list[Json]], None]:
    def mutate(story: list[Json]) -> None:
        story[at] |= changed

    return mutate


def _in(at: int, part: str, **changed: Any) -> Callable[[list[Json]], None]:
    def mutate(story: list[Json]) -> None:
        story[at][part] = {
            name: value
            for name, value in {**story[at][part], **changed}.items()
            if value is not _GONE
        }

    return mutate


_GONE = object()
Mutation = tuple[Callable[[list[Json]], None], tuple[str, str, str]]
EXCHANGES: dict[str, Mutation] = {
    "request: no credential": (_in(1, "sent", **{"x-api-key": _GONE}),
                               ("read", "security", "/x-api-key")),
    "request: unknown query": (_put(1, line="GET /jobs/j?x=1"), ("read", "query", "/x")),
    "request: query of a type": (_put(0, line="POST /jobs?dry=maybe"), ("make", "query", "/dry")),
    "request: header missing": (_in(0, "sent", **{"x-depth": _GONE}),
                                ("make", "header", "/X-Depth")),
    "request: header too large": (_in(0, "sent", **{"x-depth": "4"}),
                                  ("make", "header", "/X-Depth")),
    "request: path too long": (_put(4, line="GET /jobs/jjjjjjjjj"), ("read", "path", "/id")),
    "request: unknown path": (_put(4, line="GET /job/j"), ("GET /job/j", "path", "")),
    "request: unknown method": (_put(4, line="PUT /jobs/j"), ("PUT /jobs/{id}", "path", "")),
    "request: no body": (_put(0, body=None), ("make", "body", "")),
    "request: no JSON": (_put(0, body=b"{"), ("make", "body", "")),
    "request: media type": (_put(0, type="text/csv"), ("make", "content type", "")),
    "request: field missing": (_in(0, "body", shop_id=_GONE), ("make", "body", "")),
    "request: field unknown": (_in(0, "body", x=1), ("make", "body", "/x")),
    "request: field empty": (_in(0, "body", shop_id=""), ("make", "body", "/shop_id")),
    "request: field too long": (_in(0, "body", shop_id="s" * 21), ("make", "body", "/shop_id")),
    "request: value unlisted": (_in(0, "body", size="xl"), ("make", "body", "/size")),
    "request: number too small": (_in(0, "body", count=0), ("make", "body", "/count")),
    "request: number as text": (_in(0, "body", count="3"), ("make", "body", "/count")),
    "request: list too long": (_in(0, "body", tags=["a"] * 3), ("make", "body", "/tags")),
    "request: item of a type": (_in(0, "body", tags=[1]), ("make", "body", "/tags/0")),
    "request: query twice": (_put(0, line="POST /jobs?dry=true&dry=false"),
                             ("make", "query", "/dry")),
    "request: query empty": (_put(0, line="POST /jobs?dry="), ("make", "query", "/dry")),
    "request: query in capitals": (_put(0, line="POST /jobs?Dry=true"), ("make", "query", "/Dry")),
    "request: a slash too many": (_put(1, line="GET /jobs/j/"), ("GET /jobs/j/", "path", "")),
    "request: path escaped and too long": (_put(4, line="GET /jobs/" + "%6A" * 9),
                                           ("read", "path", "/id")),
    "request: path that is no UTF-8": (_put(1, line="GET /jobs/%C3%28"), ("read", "path", "/id")),
    "request: boolean for a number": (_in(0, "body", count=True), ("make", "body", "/count")),
    "request: not a number": (_put(0, body=b'{"shop_id":"s","count":NaN}'), ("make", "body", "")),
    "request: null for a field": (_in(0, "body", size=None), ("make", "body", "/size")),
    "request: charset": (_put(0, type="application/json; charset=latin-1"), ("make", "body", "")),
    "request: key empty": (_in(1, "sent", **{"x-api-key": ""}), ("read", "security", "/x-api-key")),
    "reply: stamp without zone": (_in(1, "reply", made="2025-07-01T00:00:00"),
                                  ("read", "response body", "/made")),
    "reply: stamp of no day": (_in(1, "reply", made="2025-02-30T00:00:00Z"),
                               ("read", "response body", "/made")),
    "reply: header with a fraction": (_in(0, "answered", **{"x-left": "3.5"}),
                                      ("make", "response header", "/X-Left")),
    "reply: two documents": (_put(1, reply=b'{"id":"j","status":"working"}{}'),
                             ("read", "response body", "")),
    "reply: not UTF-8": (_put(1, reply=b'{"id":"\xe9","status":"working"}'),
                         ("read", "response body", "")),
    "reply: without a media type": (_put(1, kind=""), ("read", "content type", "")),
    "reply: another success": (_put(0, status=200), ("make", "status", "")),
    "reply: status": (_put(1, status=202), ("read", "status", "")),
    "reply: no body": (_put(1, reply=None), ("read", "response body", "")),
    "reply: no JSON": (_put(1, reply=b"<html>"), ("read", "response body", "")),
    "reply: media type": (_put(1, kind="text/html"), ("read", "content type", "")),
    "reply: field missing": (_in(1, "reply", status=_GONE), ("read", "response body", "")),
    "reply: field unknown": (_in(1, "reply", x=1), ("read", "response body", "/x")),
    "reply: type": (_in(1, "reply", percent="40"), ("read", "response body", "/percent")),
    "reply: null": (_in(1, "reply", shop_id=None), ("read", "response body", "/shop_id")),
    "reply: format": (_in(1, "reply", made="today"), ("read", "response body", "/made")),
    "reply: value unlisted": (_in(1, "reply", status="x"), ("read", "response body", "/status")),
    "reply: error's shape": (_put(4, reply={"message": "x"}), ("read", "response body", "")),
    "reply: header missing": (_in(0, "answered", **{"x-left": _GONE}),
                              ("make", "response header", "/X-Left")),
    "reply: header of a type": (_in(0, "answered", **{"x-left": "x"}),
                                ("make", "response header", "/X-Left")),
    "reply: body where none is": (_put(3, reply={"a": 1}), ("drop", "response body", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", EXCHANGES)
def test_exchange__mutated(name: str, contract: Contract) -> None:
    """`check` finds exactly the place that was made wrong."""
    mutate, found = EXCHANGES[name]
    story = copy.deepcopy(STORY)
    mutate(story)
    places = _checked(contract, story)
    assert {(op, where) for op, where, _ in places} == {found[:2]}
    assert any(pointer.startswith(found[2]) for _, _, pointer in places), places


def _insert(at: int, told: Json) -> Callable[[list[Json]], None]:
    return lambda story: story.insert(at, told)


def _swap(story: list[Json]) -> None:
    story[1], story[2] = story[2], story[1]


LIVES: dict[str, tuple[Callable[[list[Json]], None], str, str]] = {
    "undeclared status": (_in(1, "reply", status="sleeping"), "/status", "one of waiting"),
    "an end that ends": (_swap, "/status", "to stay"),
    "a way there is not": (_in(0, "reply", status="failed"), "/status", "to stay"),
    "percentage falls": (_in(2, "reply", percent=10), "/percent", "at least 40"),
    "percentage too high": (_in(2, "reply", percent=101), "/percent", "from 0 to 100"),
    "made at another time": (_in(1, "reply", made="2025-07-01T00:00:30Z"), "", "creation time"),
    "changed earlier": (_in(2, "reply", changed="2025-07-01T00:00:30Z"), "", "no earlier"),
    "changed before it was made": (_in(0, "reply", changed="2025-06-30T00:00:00Z"), "",
                                   "after the creation"),
    "another id": (_in(1, "reply", id="k"), "", "asked for"),
    "another owner": (_in(1, "reply", shop_id="t"), "/shop_id", "earlier replies"),
    "lost": (_insert(1, _call("GET /jobs/j", status=404, reply={"code": "x"})), "", "to be found"),
    "readable when deleted": (_put(4, status=200, reply=_job("ready", 100, 2)), "", "deletion"),
    "deleted twice": (_insert(4, STORY[3]), "", "after its deletion"),
    "back to a status before": (_insert(2, _call("GET /jobs/j", reply=_job("waiting", 40, 1))),
                                "/status", "can follow 'working'"),
    "percentage below nothing": (_in(0, "reply", percent=-1), "/percent", "from 0 to 100"),
    "changed earlier, told in another zone": (
        _in(2, "reply", changed="2025-07-01T02:00:30+02:00"), "", "no earlier"),
    "lost, and found again": (
        _insert(2, _call("GET /jobs/j", status=404, reply={"code": "x"})), "", "to be found"),
    "made again after its deletion": (_insert(4, STORY[0]), "", "no task had before"),
    "made twice": (_insert(1, STORY[0]), "", "no task had before"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIVES)
def test_lifecycle__mutated(name: str) -> None:
    """`trace` finds the law that is broken, and where."""
    mutate, pointer, told = LIVES[name]
    story, shop = copy.deepcopy(STORY), copy.deepcopy(SHOP)
    del shop["paths"]["/jobs"]["post"]["parameters"][1]  # a header may tell accounts apart
    contract = Contract.load(shop)
    mutate(story)
    found = contract.trace(_exchanges(story), load_lifecycles(LIFE))
    assert found and {violation.where for violation in found} == {"lifecycle"}
    assert any(v.pointer == pointer and told in v.expected for v in found), found


def _at(place: str, value: Any = _GONE) -> Callable[[Json], None]:
    """Sets, or takes away, what stands at a place."""

    def mutate(root: Json) -> None:
        *above, last = [part.replace("~1", "/") for part in place.split("/")[1:]]
        node: Any = root
        for token in above:
            node = node[int(token)] if isinstance(node, list) else node[token]
        if value is _GONE:
            del node[last]
        else:
            node[last] = value

    return mutate


_NEW = "/components/schemas/New"
DOCUMENTS: dict[str, tuple[Callable[[Json], None], str]] = {
    "a reference to nothing": (_at(f"{_NEW}/properties/size", {"$ref": "#/nowhere"}),
                               f"{_NEW}/properties/size/$ref"),
    "a remote reference": (_at(f"{_NEW}/properties/size", {"$ref": "https://x.example/a"}),
                           f"{_NEW}/properties/size/$ref"),
    "a schema in itself": (_at(_NEW, {"allOf": [{"$ref": f"#{_NEW}"}]}), f"{_NEW}"),
    "a type there is not": (_at(f"{_NEW}/properties/count/type", "int"),
                            f"{_NEW}/properties/count/type"),
    "a bound of a type": (_at(f"{_NEW}/properties/count/minimum", "1"),
                          f"{_NEW}/properties/count/minimum"),
    "a broken pattern": (_at(f"{_NEW}/properties/size", {"pattern": "("}),
                         f"{_NEW}/properties/size/pattern"),
    "an anchor": (_at(f"{_NEW}/$anchor", "a"), f"{_NEW}/$anchor"),
    "an id twice": (_at("/paths/~1jobs~1{id}/get/operationId", "make"), "/paths/"),
    "a path parameter undeclared": (_at("/paths/~1jobs~1{id}/parameters"), "/paths/~1jobs~1{id}"),
    "a scheme undeclared": (_at("/security", [{"other": []}]), "/security/0"),
    "a reference to another kind": (
        _at("/paths/~1jobs/post/responses/400", {"$ref": "#/components/schemas/Error"}),
        "/paths/~1jobs/post/responses/400/$ref"),
    "a style of another place": (_at("/paths/~1jobs/post/parameters/0/style", "simple"),
                                 "/paths/~1jobs/post/parameters/0/style"),
    "a discriminator to nothing": (
        _at(f"{_NEW}/discriminator", {"propertyName": "size", "mapping": {"s": "#/nowhere"}}),
        f"{_NEW}/discriminator/mapping/s"),
    "no responses' description": (_at("/paths/~1jobs/post/responses/400/description"),
                                  "/paths/~1jobs/post/responses/400"),
    "no info": (_at("/info"), ""),
    "another version": (_at("/openapi", "2.0"), "/openapi"),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document__mutated(name: str) -> None:
    """The loader refuses the document and names the place."""
    mutate, place = DOCUMENTS[name]
    root = copy.deepcopy(SHOP)
    mutate(root)
    with pytest.raises(DocumentError) as caught:
        load_document(root)
    assert str(caught.value.place or "").startswith(place), caught.value


_LIFE = "/lifecycles/job"
BROKEN_LIVES: dict[str, tuple[Callable[[Json], None], str]] = {
    "an end that is left": (_at(f"{_LIFE}/transitions/ready", ["working"]), "transitions/ready"),
    "a status unknown": (_at(f"{_LIFE}/transitions/waiting", ["x"]), "transitions/waiting/0"),
    "a status unreachable": (_at(f"{_LIFE}/terminal", ["ready", "failed", "x"]), "transitions"),
    "a success that is no end": (_at(f"{_LIFE}/success", "working"), "success"),
    "a failure without a way": (_at(f"{_LIFE}/failure/from", ["waiting"]), "failure/from/0"),
    "a key unknown": (_at(f"{_LIFE}/stage", []), "stage"),
}


@pytest.mark.parametrize("name", BROKEN_LIVES)
def test_lifecycle_file__mutated(name: str) -> None:
    """The reader refuses the lifecycle and names the place."""
    mutate, place = BROKEN_LIVES[name]
    root = copy.deepcopy(LIFE)
    mutate(root)
    with pytest.raises(LifecycleError, match=f"{_LIFE}/{place}"):
        load_lifecycles(root)


_JOB = "/paths/~1jobs~1{id}"
_SIZE, _COUNT = f"{_NEW}/properties/size", f"{_NEW}/properties/count"
_PERCENT = "/components/schemas/Job/properties/percent"
DIFFS: dict[str, tuple[Callable[[Json], None], set[tuple[str, str, str]]]] = {
    "an operation is gone": (_at(f"{_JOB}/delete"),
                             {("operation removed", "drop", f"{_JOB}/delete")}),
    "a status is gone": (_at(f"{_JOB}/get/responses/200"),
                         {("success status removed", "read", f"{_JOB}/get/responses/200")}),
    "a field is required": (_at(f"{_NEW}/required", ["shop_id", "size"]),
                            {("request property became required", "make", _NEW)}),
    "a value is gone": (_at(f"{_SIZE}/enum", ["s"]),
                        {("request value removed", "make", f"{_SIZE}/enum")}),
    "a bound is narrower": (_at(f"{_COUNT}/maximum", 5),
                            {("request limit tightened", "make", f"{_COUNT}/maximum")}),
    "a field of a reply is gone": (_at(_PERCENT),
                                   {("response property removed", "make", _PERCENT),
                                    ("response property removed", "read", _PERCENT)}),
    "a key goes elsewhere": (
        _at("/components/securitySchemes/key/name", "x-other"),
        {("security alternative removed", "make", "/paths/~1jobs/post"),
         ("security alternative removed", "read", f"{_JOB}/get"),
         ("security alternative removed", "drop", f"{_JOB}/delete")}),
    "it lies elsewhere": (_at("/servers", [{"url": "https://shop.example/v2"}]),
                          {("base path changed", "servers", "/servers")}),
    "a pattern is asked for": (_at(f"{_NEW}/properties/shop_id/pattern", "^s"),
                               {("request limit tightened", "make",
                                 f"{_NEW}/properties/shop_id/pattern")}),
    "a header of a reply is gone": (_at("/paths/~1jobs/post/responses/201/headers"),
                                    {("response header removed", "make",
                                      "/paths/~1jobs/post/responses/201/headers/X-Left")}),
    "a reply may be null": (_at(f"{_PERCENT}/type", ["number", "null"]),
                            {("response type widened", "make", _PERCENT),
                             ("response type widened", "read", _PERCENT)}),
    "a parameter is required": (_at("/paths/~1jobs/post/parameters/0/required", True),
                                {("parameter became required", "make",
                                  "/paths/~1jobs/post/parameters/0")}),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFS)
def test_diff__mutated(name: str) -> None:
    """`diff` calls this and nothing else breaking, at the operation and the place it concerns."""
    mutate, wanted = DIFFS[name]
    root = copy.deepcopy(SHOP)
    mutate(root)
    found = compare_documents(load_document(SHOP), load_document(root))
    broken = {(one.kind, one.subject, one.pointer) for one in found if one.breaking}
    assert broken == wanted


def test_trace__tells_a_second_creation_once() -> None:
    """What the first task of an id did is nothing that the second contradicts."""
    shop, story = copy.deepcopy(SHOP), copy.deepcopy(STORY)
    del shop["paths"]["/jobs"]["post"]["parameters"][1]
    story.insert(4, STORY[0])
    found = Contract.load(shop).trace(_exchanges(story[:5]), load_lifecycles(LIFE))
    assert [violation.expected for violation in found] == ["an id that no task had before"]


_LINK = "/paths/~1jobs/post/responses/201/links"
_READ = {"operationId": "read", "parameters": {"id": "$response.body#/id"}}
SLIPS: dict[str, tuple[Callable[[Json], None], str]] = {
    "an expression there is not": (
        _at(_LINK, {"next": {**_READ, "parameters": {"id": "$response/id"}}}),
        f"(at {_LINK}/next/parameters/id)"),
    "a link that leads nowhere": (
        _at(_LINK, {"next": {"operationRef": "#/paths/~1job/get"}}), f"(at {_LINK}/next)"),
    "an encoding of no property": (
        _at("/paths/~1jobs/post/requestBody/content", {"multipart/form-data": {
            "schema": {"type": "object", "properties": {"a": {}}}, "encoding": {"b": {}}}}),
        "there is no property 'b' (at /paths/~1jobs/post/requestBody/content/"),
    "a resource there is not": (_at("/paths/~1jobs/post/x-resource/name", "job"),
                                "x-resource has the name 'job', expected jobs "
                                "(at /paths/~1jobs/post)"),
    "an action there is not": (_at("/paths/~1jobs/post/x-resource/action", "creat"),
                               "x-resource has the action 'creat', expected create, "),
    "a format there is not": (_at(f"{_NEW}/properties/shop_id/format", "shop"),
                              f"the format 'shop' is not checked (at {_NEW}/properties/shop_id/"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_document__slip_is_told(name: str) -> None:
    """What cannot be acted on leaves a note with its place."""
    mutate, told = SLIPS[name]
    root = copy.deepcopy(SHOP)
    mutate(root)
    assert load_document(SHOP).notes == ()
    [note] = load_document(root).notes
    assert told in note


def test_mutations__are_many() -> None:
    """At least forty kinds."""
    assert sum(map(len, (EXCHANGES, LIVES, DOCUMENTS, BROKEN_LIVES, DIFFS))) >= 40
