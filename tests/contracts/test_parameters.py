"""Parameters: every style of OpenAPI decodes to the value that was encoded."""

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts import Contract, Headers, Reading, Request, compiled
from understudy.contracts.document import Document
from understudy.contracts.parameters import PLACES, Declaration, declarations

WORDS = {"type": "array", "items": {"type": "string"}}
COUNTS = {"type": "array", "items": {"type": "integer"}}
POINT = {
    "type": "object",
    "properties": {"R": {"type": "integer"}, "name": {"type": "string"}, "on": {"type": "boolean"}},
    "additionalProperties": False,
}


def reader(*parameters: Mapping[str, Any], template: str = "/things", **root: Any) -> Contract:
    """A contract with one operation that takes these parameters."""
    operation = {
        "operationId": "op",
        "parameters": list(parameters),
        "responses": {"200": {"description": "Fine."}},
    }
    return Contract.load(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {template: {"get": operation}},
            **root,
        },
        name="sample",
    )


def query(name: str, schema: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


def read(contract: Contract, text: str = "", path: str = "/things", headers: Any = ()) -> Reading:
    reading = contract.read(Request("GET", path, text, Headers(headers)))
    assert isinstance(reading, Reading)
    return reading


def told(reading: Reading) -> list[tuple[str, str, Any]]:
    return [(v.where, v.pointer, v.value) for v in reading.violations]


@pytest.mark.parametrize(
    ("schema", "more", "text", "value"),
    [
        ({"type": "integer"}, {}, "p=5", 5),
        ({"type": "number"}, {}, "p=30.0", 30.0),
        ({"type": "boolean"}, {}, "p=true", True),
        ({"type": "string"}, {}, "p=a+b%2Bc%C3%A9", "a b+cé"),
        ({"type": ["integer", "string"]}, {}, "p=all", "all"),
        ({"anyOf": [{"type": "integer", "minimum": 10}, {"type": "string"}]}, {}, "p=5", "5"),
        (WORDS, {}, "p=a&p=b%2Cc", ["a", "b,c"]),
        (WORDS, {"explode": False}, "p=a,b", ["a", "b"]),
        (WORDS, {"explode": False}, "p=a%2Cb", ["a", "b"]),
        (WORDS, {"explode": False}, "p=a%2Cb,c", ["a,b", "c"]),
        (
            {"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["all"]}]},
            {},
            "p=5",
            5,
        ),
        (COUNTS, {"style": "spaceDelimited", "explode": False}, "p=1%202+3", [1, 2, 3]),
        (COUNTS, {"style": "pipeDelimited", "explode": False}, "p=1|2%7C3", [1, "2|3"]),
        (COUNTS, {"style": "pipeDelimited", "explode": False}, "p=1%7C2", [1, 2]),
        (WORDS, {"x-comma": True}, "p=a,b&p=c", ["a", "b", "c"]),
        (WORDS, {"explode": False, "x-comma": True}, "p=a&p=b,c", ["a", "b", "c"]),
        (POINT, {}, "R=1&on=false", {"R": 1, "on": False}),
        (POINT, {"explode": False}, "p=R,1,name,x", {"R": 1, "name": "x"}),
        (POINT, {"style": "deepObject"}, "p[R]=1&p%5Bname%5D=x", {"R": 1, "name": "x"}),
        ({"type": ["string", "array"], "items": {"type": "string"}}, {}, "p=a", ["a"]),
    ],
)
def test_query__styles(
    schema: Mapping[str, Any], more: Mapping[str, Any], text: str, value: Any
) -> None:
    """Each style gives the typed value; a piece that spells no number stays text."""
    assert read(reader(query("p", schema, **more)), text).query == {"p": value}


def test_query__content_is_json() -> None:
    """A parameter declared with a JSON media type is parsed and checked as JSON."""
    contract = reader(
        {"name": "p", "in": "query", "content": {"application/json": {"schema": POINT}}}
    )
    assert read(contract, "p=%7B%22R%22:1%7D").query == {"p": {"R": 1}}
    assert told(read(contract, "p={")) == [("query", "/p", "{")]
    assert told(read(contract, "p={%22R%22:%22x%22}")) == [("query", "/p/R", "x")]


def test_query__operators() -> None:
    """`name[gte]=` gives a range, the bare name stays the scalar, each value is checked."""
    contract = reader(
        query("size", {"type": "number", "minimum": 0}, **{"x-operators": ["gte", "lte"]})
    )
    assert read(contract, "size=3").query == {"size": 3}
    assert read(contract, "size[gte]=1&size%5Blte%5D=2.5").query == {"size": {"gte": 1, "lte": 2.5}}
    assert read(contract, "size=3&size[gte]=1").query == {"size": {"eq": 3, "gte": 1}}
    assert told(read(contract, "size[gte]=x")) == [("query", "/size/gte", "x")]
    assert told(read(contract, "size[gte]=-1&size=-2")) == [
        ("query", "/size/eq", -2),
        ("query", "/size/gte", -1),
    ]
    assert told(read(contract, "size[near]=1")) == [("query", "/size[near]", "1")]


FREE = query(
    "metadata",
    {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
    style="form",
    explode=True,
)


def test_query__free_form_object_takes_what_nobody_owns() -> None:
    """Unknown names go to an exploded object with additional properties, typed where exact."""
    contract = reader(query("page", {"type": "integer"}), FREE)
    reading = read(contract, "page=2&category=x&needsReview=true&year=2020")
    assert not reading.violations
    assert reading.query == {
        "page": 2,
        "metadata": {"category": "x", "needsReview": True, "year": 2020},
    }
    assert read(contract, "page=1").query == {"page": 1}


def test_query__a_deep_object_is_named_with_its_properties() -> None:
    """The bare name of one says nothing that could be read, and is not passed over."""
    contract = reader(query("p", POINT, style="deepObject"), **{"x-unknown-parameters": "ignore"})
    (violation,) = read(contract, "p=1").violations
    assert (violation.pointer, violation.value) == ("/p", "p")
    assert violation.expected == "a name such as p[property]"


@pytest.mark.parametrize(
    ("text", "value"), [("True", True), ("on", True), ("1", True), ("NO", False)]
)
def test_query__booleans_are_spelt_loosely_where_asked_for(text: str, value: bool) -> None:
    """`x-booleans: loose` at the root; elsewhere only true and false spell one."""
    flag = query("flag", {"type": "boolean"})
    assert read(reader(flag), f"flag={text}").violations
    loose = reader(flag, **{"x-booleans": "loose"})
    assert read(loose, f"flag={text}").query == {"flag": value}
    assert read(loose, "flag=maybe").violations


def test_query__unknown_names() -> None:
    """An undeclared name is a violation that offers the nearest, unless the document says so."""
    contract = reader(query("page", {"type": "integer"}))
    (violation,) = read(contract, "pgae=1").violations
    assert (violation.where, violation.pointer, violation.value) == ("query", "/pgae", "1")
    assert "'page'" in violation.expected
    lax = reader(query("page", {"type": "integer"}), **{"x-unknown-parameters": "ignore"})
    assert not read(lax, "pgae=1").violations


@pytest.mark.parametrize(
    ("text", "pointer", "value"),
    [
        ("", "/need", None),
        ("need=x", "/need", "x"),
        ("need=0", "/need", 0),
        ("need=1&need=2", "/need", ["1", "2"]),
        ("need=%ff", "/need", "%ff"),
        ("%ff=1&need=1", "", "%ff"),
        ("need=1_0", "/need", "1_0"),
        ("need=+1", "/need", " 1"),
        ("need=", "/need", ""),
        ("need=" + "9" * 5_000, "/need", None),
    ],
)
def test_query__bad_values_name_the_parameter(text: str, pointer: str, value: Any) -> None:
    """Whatever is wrong, the violation points at the parameter and shows what came."""
    schema = {"type": "integer", "minimum": 1, "maximum": 10}
    reading = read(reader(query("need", schema, required=True)), text)
    found = told(reading)
    assert found[0][:2] == ("query", pointer)
    if value is not None:
        assert found[0][2] == value
    assert reading.violations[0].source


def test_query__allow_empty_value() -> None:
    """An empty value passes where the document allows it."""
    assert not read(
        reader(query("flag", {"type": "integer"}, allowEmptyValue=True)), "flag="
    ).violations


def test_query__too_many_pairs() -> None:
    """A query of endless pairs is refused as a whole."""
    assert told(read(reader(), "a=1&" * 5_000))[0][:2] == ("query", "")


PATHS = [
    ({"type": "integer"}, "simple", False, "5", 5),
    ({"type": "string"}, "simple", False, "a%2Fb%C3%A9", "a/bé"),
    (COUNTS, "simple", False, "3,4", [3, 4]),
    (WORDS, "simple", False, "a%2Cb,c", ["a,b", "c"]),
    (POINT, "simple", False, "R,1,on,true", {"R": 1, "on": True}),
    (POINT, "simple", True, "R=1,on=true", {"R": 1, "on": True}),
    ({"type": "integer"}, "label", False, ".5", 5),
    (COUNTS, "label", False, ".3,4", [3, 4]),
    (COUNTS, "label", True, ".3.4", [3, 4]),
    (POINT, "label", False, ".R,1", {"R": 1}),
    (POINT, "label", True, ".R=1.name=x%2Cy", {"R": 1, "name": "x,y"}),
    ({"type": "integer"}, "matrix", False, ";p=5", 5),
    (COUNTS, "matrix", False, ";p=3,4", [3, 4]),
    (COUNTS, "matrix", True, ";p=3;p=4", [3, 4]),
    (POINT, "matrix", False, ";p=R,1", {"R": 1}),
    (POINT, "matrix", True, ";R=1;name=x", {"R": 1, "name": "x"}),
]


def in_path(schema: Mapping[str, Any], style: str, explode: bool) -> Contract:
    declared = {
        "name": "p",
        "in": "path",
        "required": True,
        "schema": schema,
        "style": style,
        "explode": explode,
    }
    return reader(declared, template="/things/{p}")


@pytest.mark.parametrize(("schema", "style", "explode", "raw", "value"), PATHS)
def test_path__styles(
    schema: Mapping[str, Any], style: str, explode: bool, raw: str, value: Any
) -> None:
    """Simple, label and matrix decode after splitting, so encoded delimiters are text."""
    reading = read(in_path(schema, style, explode), path=f"/things/{raw}")
    assert (reading.path, reading.violations) == ({"p": value}, ())


@pytest.mark.parametrize(
    ("schema", "style", "raw"),
    [
        ({"type": "integer"}, "simple", "x"),
        ({"type": "string"}, "simple", "%ff"),
        ({"type": "string"}, "label", "x"),
        ({"type": "string"}, "matrix", "x"),
        ({"type": "string"}, "matrix", ";q=1"),
        (POINT, "simple", "R,1,on"),
        ({"type": "string", "pattern": "^[0-9a-f]{24}$"}, "simple", "nope"),
    ],
)
def test_path__bad_values(schema: Mapping[str, Any], style: str, raw: str) -> None:
    """A value in the wrong style, encoding or type is a violation of that parameter."""
    (found,) = told(read(in_path(schema, style, False), path=f"/things/{raw}"))
    assert found[:2] == ("path", "/p")


def test_header__values_and_requirement() -> None:
    """Headers decode by the simple style, whatever the case of the name and however often."""
    contract = reader(
        {"name": "X-Ids", "in": "header", "required": True, "schema": COUNTS},
        {"name": "Accept", "in": "header", "required": True, "schema": {"type": "string"}},
    )
    assert read(contract, headers=[("x-ids", "1, 2"), ("X-IDS", "3")]).header == {
        "X-Ids": [1, 2, 3]
    }
    assert told(read(contract)) == [("header", "/X-Ids", None)]
    assert told(read(contract, headers=[("x-ids", "1,b")])) == [("header", "/X-Ids/1", "b")]


def test_cookie__values() -> None:
    """Cookies are picked by name out of the Cookie header; unknown ones are not our business."""
    contract = reader(
        {"name": "page", "in": "cookie", "schema": {"type": "integer"}},
        {"name": "ids", "in": "cookie", "schema": COUNTS, "explode": False},
    )
    reading = read(contract, headers=[("cookie", 'page="7"; ids=1,2; theme=dark')])
    assert (reading.cookie, reading.violations) == ({"page": 7, "ids": [1, 2]}, ())
    assert told(read(contract, headers=[("cookie", "page=x")])) == [("cookie", "/page", "x")]


def test_parameters__operation_wins_over_path_item() -> None:
    """The same name and place declared twice: the operation's own counts."""
    contract = Contract.load(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/things": {
                    "parameters": [
                        query("p", {"type": "integer"}),
                        query("q", {"type": "integer"}),
                    ],
                    "get": {
                        "parameters": [query("p", {"type": "string", "default": "z"})],
                        "responses": {"200": {"description": "Fine."}},
                    },
                }
            },
        }
    )
    assert read(contract, "p=x&q=1").query == {"p": "x", "q": 1}
    operation = contract.operations["GET /things"]
    assert (operation.default("query", "p"), operation.default("query", "q")) == ("z", None)


def test_defaults__are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many places are asked about, an operation's parameters are parsed once."""
    parsed: list[str] = []

    def counted(document: Document, item: str, operation: str) -> list[Declaration]:
        parsed.append(operation)
        return declarations(document, item, operation)

    monkeypatch.setattr(compiled, "declarations", counted)
    contract = reader(query("p", {"type": "string", "default": "z"}))
    parsed.clear()
    operation = contract.operations["op"]
    assert [operation.default(where, "p") for where in PLACES] == [None, "z", None, None]
    assert parsed == [operation.pointer]


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False, width=32)
FORM_ARRAY = reader(query("p", WORDS))
NUMBERS = reader(query("p", {"type": "array", "items": {"type": "number"}}, explode=False))
DEEP = reader(
    query("p", {"type": "object", "additionalProperties": {"type": "string"}}, style="deepObject")
)
PATH_WORDS = {
    (style, explode): in_path(WORDS, style, explode)
    for style in ("simple", "label", "matrix")
    for explode in (False, True)
}


@given(st.lists(texts, min_size=1, max_size=5))
def test_query__exploded_lists_round_trip(words: list[str]) -> None:
    """Any texts, encoded one by one, come back."""
    sent = "&".join(f"p={quote(word, safe='')}" for word in words)
    assert read(FORM_ARRAY, sent).query == {"p": words}


@given(st.lists(numbers, min_size=1, max_size=5))
def test_query__joined_numbers_round_trip(values: list[float]) -> None:
    """Numbers as Python and JSON write them come back equal."""
    (back,) = read(NUMBERS, f"p={quote(','.join(map(repr, values)))}").query.values()
    assert isinstance(back, list)
    assert all(math.isclose(a, b) for a, b in zip(back, values, strict=True))


@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), texts, min_size=1, max_size=4))
def test_query__deep_objects_round_trip(members: dict[str, str]) -> None:
    """Any object of texts, encoded member by member, comes back."""
    sent = "&".join(f"p%5B{name}%5D={quote(text, safe='')}" for name, text in members.items())
    assert read(DEEP, sent).query == {"p": members}


@given(
    st.lists(texts, min_size=1, max_size=4),
    st.sampled_from(["simple", "label", "matrix"]),
    st.booleans(),
)
def test_path__lists_round_trip(words: list[str], style: str, explode: bool) -> None:
    """A list in every path style comes back, delimiters within values being encoded."""
    pieces = [quote(word, safe="").replace(".", "%2E") for word in words]
    raw = {
        ("simple", False): ",".join(pieces),
        ("simple", True): ",".join(pieces),
        ("label", False): "." + ",".join(pieces),
        ("label", True): "." + ".".join(pieces),
        ("matrix", False): ";p=" + ",".join(pieces),
        ("matrix", True): "".join(f";p={piece}" for piece in pieces),
    }[style, explode]
    reading = read(PATH_WORDS[style, explode], path=f"/things/{raw}")
    assert reading.path == {"p": words}


@given(st.text(max_size=40))
def test_query__anything_is_read_without_an_exception(text: str) -> None:
    """No query string, however broken, raises."""
    for contract in (FORM_ARRAY, NUMBERS, DEEP, reader(FREE)):
        read(contract, text)
