"""Request bodies: typed and checked by media type, and never an exception."""

from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts import Contract, Form, Headers, Part, Reading, Request

FIELDS: dict[str, Any] = {
    "title": {"type": "string"},
    "count": {"type": "integer"},
    "ratio": {"type": "number"},
    "public": {"type": "boolean"},
    "tags": {"type": "array", "items": {"type": "string"}},
    "sizes": {"type": "array", "items": {"type": "integer"}},
    "options": {"type": "array", "items": {"enum": ["a", "b"]}, "x-json-text": True},
    "joined": {"type": "array", "items": {"type": "string"}, "x-comma": True},
    "place": {"type": "object", "properties": {"x": {"type": "integer"}}},
    "places": {"type": "array", "items": {"type": "object"}},
    "note": {"type": "string", "contentMediaType": "application/json"},
    "maybe": {"type": ["integer", "null"]},
    "file": {"type": "string", "format": "binary"},
    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
    "any": {},
}
SCHEMA = {"type": "object", "properties": FIELDS, "additionalProperties": False}
TYPE = "multipart/form-data; boundary=b"


def contract(content: Any, *, required: bool = True, **root: Any) -> Contract:
    """A contract with one operation that takes such a body."""
    return Contract.load(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/a": {
                    "post": {
                        "operationId": "op",
                        "requestBody": {"required": required, "content": content},
                        "responses": {"200": {"description": "Fine."}},
                    }
                }
            },
            **root,
        }
    )


def form(schema: Any = SCHEMA, **more: Any) -> Contract:
    return contract({"multipart/form-data": {"schema": schema}}, **more)


def read(made: Contract, body: bytes | Form, *types: str, **headers: str) -> Reading:
    lines = [("content-type", one) for one in types] + list(headers.items())
    reading = made.read(Request("POST", "/a", "", Headers(lines), body))
    assert isinstance(reading, Reading)
    return reading


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(v.where, v.pointer) for v in reading.violations]


def text(name: str, content: str) -> Part:
    return Part(name, content.encode())


def file(
    name: str, content: bytes = b"x", filename: str = "f.bin", kind: str | None = None
) -> Part:
    return Part(name, content, filename, kind, len(content))


JSON = contract({"application/json": {"schema": {"type": "object", "required": ["a"]}}})


def test_json__typed_value() -> None:
    """A JSON body is the value; the media type is told without parameters."""
    reading = read(JSON, b'{"a": [1, null]}', "application/json; charset=utf-8")
    assert (reading.body, reading.media_type) == ({"a": [1, None]}, "application/json")
    assert not reading.violations


@pytest.mark.parametrize(
    ("body", "types", "found"),
    [
        (b"", ["application/json"], ("body", "")),
        (b"{}", ["application/json"], ("body", "")),
        (b"{", ["application/json"], ("body", "")),
        (b"[1]", ["application/json"], ("body", "")),
        (b'{"a":NaN}', ["application/json"], ("body", "")),
        (b'{"a":"\xff"}', ["application/json"], ("body", "")),
        (b"[" * 10_000, ["application/json"], ("body", "")),
        (b'{"a":1}', ["application/json; charset=latin-1"], ("body", "")),
        (b'{"a":1}', [], ("content type", "")),
        (b'{"a":1}', ["text/plain"], ("content type", "")),
        (b'{"a":1}', ["text/plain", "application/json"], ("content type", "")),
    ],
)
def test_json__violations(body: bytes, types: list[str], found: tuple[str, str]) -> None:
    """Whatever is wrong with a body is one violation in the right place."""
    assert told(read(JSON, body, *types)) == [found]


def test_json__first_content_type_counts() -> None:
    """Of two Content-Type lines the first is the one."""
    assert not read(JSON, b'{"a":1}', "application/json", "text/plain").violations


def test_body__encoded_is_refused() -> None:
    """An encoded body is not unpacked: it is a violation. Identity is no coding."""
    headers = {"content-encoding": "gzip"}
    assert told(read(JSON, b"\x1f\x8b", "application/json", **headers)) == [
        ("header", "/Content-Encoding")
    ]
    headers = {"content-encoding": "identity"}
    assert not read(JSON, b'{"a":1}', "application/json", **headers).violations


def test_body__optional() -> None:
    """An optional body may be missing, with or without a media type."""
    made = contract({"application/json": {"schema": {"type": "object"}}}, required=False)
    assert read(made, b"").body is None
    assert not read(made, b"", "text/plain").violations
    assert told(read(made, b"[]", "application/json")) == [("body", "")]


def test_body__other_media_types() -> None:
    """Text is text, lines are a list, and what is binary becomes a nameless file."""
    made = contract(
        {
            "text/plain": {"schema": {"type": "string", "maxLength": 3}},
            "application/x-ndjson": {"schema": {"type": "integer"}},
            "video/*": {},
        }
    )
    assert read(made, b"abc", "text/plain").body == "abc"
    assert told(read(made, b"abcd", "text/plain")) == [("body", "")]
    assert told(read(made, b"\xff", "text/plain")) == [("body", "")]
    assert read(made, b"1\n2\n\n", "application/x-ndjson").body == [1, 2]
    assert told(read(made, b'1\n"x"\n', "application/x-ndjson")) == [("body", "/1")]
    video = read(made, b"\x00\xff", "video/mp4")
    assert (video.body, video.files[""][0].content) == ("", b"\x00\xff")


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        ([text("title", "5")], {"title": "5"}),
        ([text("count", "5"), text("ratio", "0.5")], {"count": 5, "ratio": 0.5}),
        ([text("public", "true")], {"public": True}),
        ([text("tags", "a")], {"tags": ["a"]}),
        ([text("tags", '["a"]')], {"tags": ['["a"]']}),
        ([text("sizes", "1"), text("sizes", "2")], {"sizes": [1, 2]}),
        ([text("options", '["a", "b"]')], {"options": ["a", "b"]}),
        ([text("options", "a"), text("options", "b")], {"options": ["a", "b"]}),
        ([text("joined", "a,b"), text("joined", "c")], {"joined": ["a", "b", "c"]}),
        ([text("place", '{"x": 1}')], {"place": {"x": 1}}),
        ([text("places", '{"x": 1}'), text("places", "{}")], {"places": [{"x": 1}, {}]}),
        ([text("note", '{"x": 1}')], {"note": '{"x": 1}'}),
        ([text("maybe", "")], {"maybe": None}),
        ([file("file")], {"file": "f.bin"}),
        ([file("files"), file("files", filename="g")], {"files": ["f.bin", "g"]}),
        ([file("files")], {"files": ["f.bin"]}),
        ([text("any", "5")], {"any": "5"}),
        ([file("any")], {"any": "f.bin"}),
        ([text("title", "t"), file("title")], {"title": "t"}),
        ([file("title", b"from a file")], {"title": "from a file"}),
    ],
)
def test_multipart__typed_values(parts: list[Part], value: Any) -> None:
    """Text parts are typed by their property, repeated ones are lists, files show by name."""
    reading = read(form(), Form(tuple(parts)), TYPE)
    assert (reading.body, reading.violations) == (value, ())


@pytest.mark.parametrize(
    ("parts", "pointer"),
    [
        ([text("count", "x")], "/count"),
        ([text("count", "1"), text("count", "2")], "/count"),
        ([text("sizes", "1"), text("sizes", "x")], "/sizes/1"),
        ([text("place", "{")], "/place"),
        ([text("place", '{"x": "y"}')], "/place/x"),
        ([Part("title", b"\xff")], "/title"),
        ([file("count", b"\x00\xff")], "/count"),
        ([Part("title", b"head", "big.bin", None, 10_000_000)], "/title"),
        ([text("what", "x")], ""),
        ([file("what", b"")], ""),
    ],
)
def test_multipart__violations_name_the_field(parts: list[Part], pointer: str) -> None:
    """A field of the wrong type, encoding or name is a violation where it stands."""
    ((where, at),) = told(read(form(), Form(tuple(parts)), TYPE))
    assert where == "body"
    assert at in (pointer, "/what")


def test_multipart__files_are_kept_beside_the_body() -> None:
    """The parts of files are found by field; a field that also came as text has no file."""
    sent = Form((file("file", b"1"), file("files", b"2"), text("title", "t"), file("title")))
    reading = read(form(), sent, TYPE)
    contents = {name: [p.content for p in parts] for name, parts in reading.files.items()}
    assert contents == {"file": [b"1"], "files": [b"2"]}


def test_multipart__stray_empty_files() -> None:
    """Empty file parts of unknown names are dropped where the document says so."""
    lax = form(**{"x-stray-files": "ignore"})
    assert read(lax, Form((file("what", b""), text("count", "1"))), TYPE).body == {"count": 1}
    assert not read(lax, Form((file("what", b""),)), TYPE).violations
    assert read(lax, Form((file("what", b"x"),)), TYPE).violations
    assert read(lax, Form((text("what", ""),)), TYPE).violations


def test_multipart__encoding() -> None:
    """`encoding` says which media types a part may have, and that JSON is to be parsed."""
    made = contract(
        {
            "multipart/form-data": {
                "schema": SCHEMA,
                "encoding": {
                    "file": {"contentType": "video/*, image/png"},
                    "count": {"contentType": "application/json"},
                },
            }
        }
    )
    assert not read(made, Form((file("file", kind="video/mp4"),)), TYPE).violations
    assert not read(made, Form((file("file"), text("count", "5"))), TYPE).violations
    assert told(read(made, Form((file("file", kind="text/html"),)), TYPE)) == [("body", "/file")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--b\r\n", TYPE),
        (b"", TYPE),
        (b"nonsense", TYPE),
        (b"--b--\r\n", "multipart/form-data"),
        (b"--b\r\n\r\nx\r\n--b--\r\n", TYPE),
        (b"--b\r\n\r\nx\r\n--b--\r\n", f"multipart/form-data; boundary={'x' * 1_000}"),
    ],
)
def test_multipart__broken_bytes(body: bytes, content_type: str) -> None:
    """Truncated bodies, missing boundaries and bad headers are one violation, no exception."""
    assert told(read(form(), body, content_type)) == [("body", "")]


def test_multipart__bytes() -> None:
    """Bytes are taken apart here when the receiver has not done it."""
    body = b'--b\r\nContent-Disposition: form-data; name="count"\r\n\r\n7\r\n--b--\r\n'
    assert read(form(), body, TYPE).body == {"count": 7}


URLENCODED = contract(
    {
        "application/x-www-form-urlencoded": {
            "schema": SCHEMA,
            "encoding": {
                "tags": {"style": "form", "explode": False},
                "sizes": {"style": "pipeDelimited", "explode": False},
                "place": {"style": "deepObject", "explode": True},
            },
        }
    }
)
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"title=a+b%26&count=5&public=false", {"title": "a b&", "count": 5, "public": False}),
        (b"tags=a,b", {"tags": ["a", "b"]}),
        (b"sizes=1|2", {"sizes": [1, 2]}),
        (b"place[x]=1", {"place": {"x": 1}}),
        (b"places=%7B%7D&places=%7B%22a%22:1%7D", {"places": [{}, {"a": 1}]}),
        (b"title=", {"title": ""}),
    ],
)
def test_urlencoded__typed_values(body: bytes, value: Any) -> None:
    """Fields are typed by their property and taken apart as `encoding` says."""
    reading = read(URLENCODED, body, FORM)
    assert (reading.body, reading.violations) == (value, ())


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        (b"count=x", {"/count"}),
        (b"title=%ff", {"/title"}),
        (b"\xff=1", {""}),
        (b"what=1", {"", "/what"}),
        (b"a=1&" * 2_000, {""}),
    ],
)
def test_urlencoded__violations(body: bytes, pointers: set[str]) -> None:
    """A bad field or encoding is a violation of the body."""
    ((where, pointer),) = told(read(URLENCODED, body, FORM))
    assert where == "body"
    assert pointer in pointers


names = st.sampled_from(["title", "tags"])
words = st.text(st.characters(codec="utf-8"), max_size=8)
PLAIN = contract({FORM: {"schema": SCHEMA}, "multipart/form-data": {"schema": SCHEMA}})


@given(words, st.integers(), st.booleans(), st.lists(words, min_size=1, max_size=4))
def test_forms__round_trip(title: str, count: int, public: bool, tags: list[str]) -> None:
    """The same fields, sent either way, come back typed."""
    fields = [
        ("title", title),
        ("count", str(count)),
        ("public", str(public).lower()),
        *[("tags", tag) for tag in tags],
    ]
    wanted = {"title": title, "count": count, "public": public, "tags": tags}
    sent = "&".join(f"{name}={quote_plus(value)}" for name, value in fields).encode()
    assert read(PLAIN, sent, FORM).body == wanted
    parts = Form(tuple(text(name, value) for name, value in fields))
    assert read(PLAIN, parts, TYPE).body == wanted


@given(
    st.binary(max_size=120), st.sampled_from(["application/json", FORM, TYPE, "a/b", "text/plain"])
)
def test_body__anything_is_read_without_an_exception(body: bytes, content_type: str) -> None:
    """No bytes under any media type raise."""
    for made in (JSON, PLAIN, URLENCODED):
        read(made, body, content_type)
