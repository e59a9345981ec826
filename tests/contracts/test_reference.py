"""The reference engine speaks the protocol, and its table of gaps is true."""

import subprocess
import sys

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers as WireHeaders

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Form, Headers, Part, Request, Response
from understudy.contracts.operation import NoMethod, NoRoute, Reading, Route
from understudy.contracts.reference_call import call_of, content_type_of
from understudy.contracts.reference_document import SERVER
from understudy.contracts.reference_gaps import GAPS, Gap

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "shelves", "version": "1"},
    "servers": [{"url": "https://api.example.com/v1"}],
    "paths": {
        "/shelves": {
            "get": {
                "operationId": "list-shelves",
                "parameters": [
                    {"name": "page", "in": "query", "schema": {"type": "integer", "default": 1}},
                    {"name": "near", "in": "query", "style": "deepObject", "explode": True,
                     "schema": {"type": "object", "properties": {"x": {"type": "number"}}}},
                ],
                "responses": {
                    "200": {
                        "description": "Shelves.",
                        "headers": {"X-Total": {"required": True, "schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"type": "string"}}
                            }
                        },
                    }
                },
            },
            "post": {
                "operationId": "create-shelf",
                "security": [{"key": []}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "multipart/form-data": {
                            "schema": {
                                "type": "object",
                                "required": ["name", "width"],
                                "properties": {
                                    "name": {"type": "string", "minLength": 2},
                                    "width": {"type": "integer"},
                                    "photo": {"type": "string", "format": "binary"},
                                },
                            }
                        }
                    },
                },
                "responses": {"201": {"description": "Created."}},
            },
        },
        "/shelves/{id}": {
            "get": {
                "operationId": "get-shelf",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
                ],
                "responses": {"200": {"description": "A shelf."}},
            }
        },
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def contract() -> Contract:
    """The shelves, under the reference engine."""
    return Contract.load(DOCUMENT, engine="openapi-core")


def test_route__finds_operation_path_and_method(contract: Contract) -> None:
    """A known call has a route, a wrong method says which are right, the rest is unknown."""
    found = contract.route("GET", "/shelves/7")
    assert isinstance(found, Route)
    assert (found.operation.id, found.values) == ("get-shelf", ("7",))
    assert contract.route("DELETE", "/shelves") == NoMethod("/shelves", ("GET", "POST"))
    assert isinstance(contract.route("GET", "/other/shelves"), NoRoute)


def test_read__types_values_and_fills_in_no_defaults(contract: Contract) -> None:
    """A reading holds typed values of what was sent, and nothing else."""
    reading = contract.read(Request("GET", "/shelves", "near[x]=1.5"))
    assert isinstance(reading, Reading)
    assert (reading.query, reading.violations) == ({"near": {"x": 1.5}}, ())


def test_read__takes_forms_that_came_apart(contract: Contract) -> None:
    """A `Form` is put together again; its files and the credential are in the reading."""
    photo = Part("photo", b"\xff\x00", filename="a.jpg", content_type="image/jpeg", size=2)
    form = Form((Part("name", "Röd".encode()), Part("width", b"3"), photo))
    request = Request("POST", "/shelves", headers=Headers([("X-API-Key", "k")]), body=form)
    reading = contract.read(request)
    assert isinstance(reading, Reading)
    assert reading.violations == ()
    assert isinstance(reading.body, dict)
    assert (reading.body["name"], reading.body["width"]) == ("Röd", 3)
    assert (reading.files, reading.credentials) == ({"photo": (photo,)}, {"key": "k"})


def test_read__tells_every_violation_with_its_place(contract: Contract) -> None:
    """Security, parameters and bodies are all reported, with place, value and source."""
    sent = Form((Part("name", b"a"), Part("width", b"3")))
    reading = contract.read(Request("POST", "/shelves", "q=1", body=sent))
    assert isinstance(reading, Reading)
    places = [(v.where, v.pointer, v.value) for v in reading.violations]
    assert places == [("security", "", None), ("body", "/name", "a"), ("query", "/q", "1")]
    assert all(v.source.startswith("document") for v in reading.violations)


@pytest.mark.parametrize("body", [b"", b"no form", b"--b\r\n\r\nx", b"\xff" * 9])
def test_read__survives_broken_multipart(contract: Contract, body: bytes) -> None:
    """Bodies that openapi-core stumbles over are violations, not exceptions."""
    lines = [("x-api-key", "k"), ("content-type", "multipart/form-data; boundary=b")]
    reading = contract.read(Request("POST", "/shelves", headers=Headers(lines), body=body))
    assert isinstance(reading, Reading)
    assert {v.where for v in reading.violations} == {"body"}


def test_check_response__checks_status_headers_media_type_and_body(contract: Contract) -> None:
    """Each part of a reply is checked, and named."""
    operation = contract.operations["list-shelves"]

    def places(*lines: tuple[str, str], status: int = 200, body: bytes = b"[]") -> list[str]:
        found = contract.check_response(operation, Response(status, Headers(lines), body))
        return [f"{v.where}{v.pointer}" for v in found]

    typed, total = ("content-type", "application/json"), ("x-total", "3")
    assert places(typed, total) == []
    assert places(typed, total, status=500) == ["status"]
    assert places(typed) == ["response header/X-Total"]
    assert places(("content-type", "text/html"), total) == ["content type"]
    assert places(typed, total, body=b'["a", 2]') == ["response body/1"]
    assert places(typed, total, body=b"") == ["response body"]


def test_check_answer__is_the_same_as_the_bytes(contract: Contract) -> None:
    """A Python value is judged as its JSON text is."""
    operation = contract.operations["list-shelves"]
    headers = Headers([("x-total", "3")])
    for content, count in ((["a"], 0), ([1], 1), (None, 1)):
        found = contract.check_answer(operation, 200, "application/json", content, headers)
        assert len(found) == count


def test_import__stays_off_the_hot_path() -> None:
    """Loading and using the compiled engine never imports openapi-core."""
    program = (
        "import sys; from understudy.contracts.contract import Contract; "
        "c = Contract.load({'openapi': '3.1.0', 'info': {'title': '', 'version': '1'}, "
        "'paths': {'/a': {'get': {'responses': {'200': {'description': ''}}}}}}); "
        "assert not c.check(('GET', '/a'), (200,)); "
        "sys.exit('openapi_core' in sys.modules or 'requests' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _raw_verdict(gap: Gap) -> bool:
    """What openapi-core alone says; a crash is a refusal."""
    document = {**gap.document, "servers": [{"url": SERVER}]}
    call = call_of(gap.request, frozenset())
    call.content_type = gap.request.headers.get("content-type") or ""
    try:
        app = OpenAPI.from_dict(document)
        errors = list(app.iter_request_errors(call))
        if gap.response is not None:
            errors += app.iter_response_errors(call, _Answer(gap.response))
    except (OpenAPIError, ValueError, AssertionError, TypeError, KeyError, AttributeError):
        return False
    return not errors


class _Answer:
    """openapi-core's response protocol."""

    def __init__(self, response: Response) -> None:
        self.status_code = response.status
        self.data = response.body
        self.content_type = content_type_of(response.headers)
        self.headers = WireHeaders(list(response.headers))


def _verdict(gap: Gap, engine: str) -> bool:
    contract = Contract.load(gap.document, engine="openapi-core" if engine else "compiled")
    return contract.check(gap.request, gap.response) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:Unsupported:UserWarning")
@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.construct.replace(" ", "-"))
def test_gap__is_still_there(gap: Gap) -> None:
    """openapi-core is wrong, the compiled engine right, the reference what its row says.

    When the first assertion fails, the gap has closed: delete its row and its adaptation.
    """
    assert _raw_verdict(gap) is not gap.good
    assert _verdict(gap, "") is gap.good
    assert (_verdict(gap, "openapi-core") is gap.good) is (gap.remedy != "open")


def test_gaps__name_each_construct_once() -> None:
    """The table has one row per construct."""
    names = [gap.construct for gap in GAPS]
    assert sorted(set(names)) == sorted(names)
