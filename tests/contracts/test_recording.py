"""Recordings of browsers, proxies and programs become exchanges, or say why not."""

import base64
import gzip
import json
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest

from understudy.contracts import coding
from understudy.contracts.exchange import Form
from understudy.contracts.recording import Recorded, RecordingError, Skipped, read_recording

URL = "https://api.example.com/v1/things?q=1"


@pytest.fixture
def tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files are named as somebody would who stands in their folder."""
    monkeypatch.chdir(tmp_path)
    return Path()


def _har(tmp_path: Path, *entries: Any, name: str = "a.har", bom: bytes = b"") -> Path:
    file = tmp_path / name
    file.write_bytes(bom + json.dumps({"log": {"version": "1.2", "entries": entries}}).encode())
    return file


def _entry(request: Any = None, response: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "startedDateTime": "2025-07-01T00:00:01.123456789Z",
        "request": {"method": "GET", "url": URL, "headers": [], **(request or {})},
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"mimeType": "application/json", "size": 2, "text": "{}"},
            **(response or {}),
        },
        **more,
    }


def _one(tmp_path: Path, *given: Any, **more: Any) -> Recorded:
    [found] = read_recording(_har(tmp_path, _entry(*given, **more)))
    assert isinstance(found, Recorded)
    return found


def test_har__reads_an_entry(tmp_path: Path) -> None:
    """Method, path, query, host, time, status and body are there; the place names the entry."""
    found = _one(tmp_path)
    exchange = found.exchange
    assert found.place == "a.har entry 1"
    assert (exchange.request.path, exchange.request.query) == ("/v1/things", "q=1")
    assert (exchange.host, exchange.response.status) == ("api.example.com", 200)
    assert exchange.at == pytest.approx(1751328001.123456)
    assert exchange.response.body == b"{}"


def test_har__knows_browser_flavour(tmp_path: Path) -> None:
    """Pseudo headers go, `:authority` is the host, encodings of decoded bodies go."""
    headers = [
        {"name": ":authority", "value": "other.example.com"},
        {"name": ":method", "value": "GET"},
        {"name": "Accept-Encoding", "value": "br"},
    ]
    gzip = [{"name": "content-encoding", "value": "br"}]
    found = _one(tmp_path, {"headers": headers}, {"headers": gzip}).exchange
    assert found.host == "other.example.com"
    assert [name for name, _ in found.request.headers] == ["host", "accept-encoding"]
    assert "content-encoding" not in found.response.headers


def test_har__knows_proxy_flavour(tmp_path: Path) -> None:
    """A byte order mark, base64 bodies both ways, and no header lines at all."""
    posted = {"mimeType": "application/json", "encoding": "base64",
              "text": base64.b64encode(b'{"a": 1}').decode()}  # fmt: skip
    content = {"mimeType": "video/mp4", "size": 2, "encoding": "base64",
               "text": base64.b64encode(b"\xff\x00").decode()}  # fmt: skip
    entry = _entry({"method": "POST", "postData": posted}, {"headers": [], "content": content})
    [found] = read_recording(_har(tmp_path, entry, bom=b"\xef\xbb\xbf", name="proxy.json"))
    assert isinstance(found, Recorded)
    assert found.exchange.request.body == b'{"a": 1}'
    assert found.exchange.request.headers.get("content-type") == "application/json"
    assert found.exchange.response.body == b"\xff\x00"
    assert found.exchange.response.headers.get("content-type") == "video/mp4"


def test_har__rebuilds_forms_from_their_fields(tmp_path: Path) -> None:
    """Without text, the fields count: urlencoded again, or a form with its file names."""
    params = [{"name": "a", "value": "1 2"}, {"name": "b", "value": "é"}]
    posted = {"mimeType": "application/x-www-form-urlencoded", "params": params}
    assert _one(tmp_path, {"postData": posted}).exchange.request.body == b"a=1+2&b=%C3%A9"
    params = [{"name": "n", "value": "3"},
              {"name": "f", "fileName": "a.mp4", "contentType": "video/mp4"}]  # fmt: skip
    posted = {"mimeType": "multipart/form-data; boundary=x", "params": params}
    body = _one(tmp_path, {"postData": posted}).exchange.request.body
    assert isinstance(body, Form)
    assert [(p.name, p.filename, p.content) for p in body.parts] == [
        ("n", None, b"3"), ("f", "a.mp4", b""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("request_part", "response_part", "more", "reason"),
    [
        ({}, {"status": 0, "statusText": ""}, {}, "no response arrived"),
        ({}, {"status": 0, "_error": "net::ERR_ABORTED"}, {}, "net::ERR_ABORTED"),
        ({}, {"status": -1, "_failureText": "net::ERR_FAILED"}, {}, "net::ERR_FAILED"),
        ({}, {"status": None}, {}, "no response arrived"),
        ({}, {"status": 304}, {}, "cache"),
        ({}, {}, {"_fromCache": "disk"}, "cache"),
        ({}, {"status": 101}, {}, "web socket"),
        ({}, {"status": 307, "headers": [{"name": "Non-Authoritative-Reason", "value": "HSTS"}]},
         {}, "by itself"),
        ({}, {}, {"response": {}}, "no response was recorded"),
        ({}, {"content": {"mimeType": "text/html", "size": 9}}, {}, "was not recorded"),
        ({}, {"content": {"mimeType": "text/html", "_file": "x.html"}}, {}, "beside the HAR"),
        ({}, {}, {"_resourceType": "websocket"}, "web socket"),
        ({}, {}, {"response": None}, "no response was recorded"),
        ({"url": "data:text/plain,a"}, {}, {}, "no HTTP exchange"),
        ({"method": "CONNECT"}, {}, {}, "tunnel"),
        ({"method": "OPTIONS",
          "headers": [{"name": "Access-Control-Request-Method", "value": "GET"}]},
         {}, {}, "preflight"),
    ],
)  # fmt: skip
def test_har__skips_with_a_reason(
    tmp_path: Path, request_part: Any, response_part: Any, more: Any, reason: str
) -> None:
    """What says too little is skipped, named without its query."""
    [found] = read_recording(_har(tmp_path, _entry(request_part, response_part) | more))
    assert isinstance(found, Skipped)
    assert reason in found.reason
    assert "?" not in found.call


def test_lines__reads_the_plain_form(tmp_path: Path) -> None:
    """One exchange per line: JSON, text or base64 bodies; headers of any kind."""
    lines: list[Any] = [
        {"request": {"method": "post", "url": URL, "headers": {"X": ["1", "2"]}, "body": {"a": 1}},
         "response": {"status": 200, "headers": [["X", "3"]], "body": "text"}, "at": 5},
        {"request": {"method": "GET", "url": "/v1/x", "headers": [{"name": "Host", "value": "h"}]},
         "response": {"status_code": 200, "body_base64": "/wA="}},
        _entry(),
    ]  # fmt: skip
    file = tmp_path / "traffic.jsonl"
    file.write_text("\n".join(map(json.dumps, lines[:2])) + "\n\n" + json.dumps(lines[2]))
    found = [entry for entry in read_recording(file) if isinstance(entry, Recorded)]
    first, second, third = (entry.exchange for entry in found)
    assert [entry.place for entry in found] == [f"traffic.jsonl:{n}" for n in (1, 2, 4)]
    assert (first.request.body, first.at) == (b'{"a":1}', 5.0)
    assert first.request.headers.all("x") == ("1", "2")
    assert first.request.headers.get("content-type") == "application/json"
    assert (first.response.body, first.response.headers.get("x")) == (b"text", "3")
    assert (second.host, second.request.path, second.response.body) == ("h", "/v1/x", b"\xff\x00")
    assert third.response.body == b"{}"


def test_lines__are_known_by_their_first_line(tmp_path: Path) -> None:
    """A file without a telling name is sniffed."""
    file = tmp_path / "traffic.log"
    file.write_text("\n" + json.dumps(_entry()) + "\n")
    assert [entry.place for entry in read_recording(file)] == ["traffic.log:2"]


def test_lines__are_read_one_at_a_time(tmp_path: Path) -> None:
    """Entries come before a later line is looked at."""
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(_entry()) + "\n{broken\n")
    entries = read_recording(file)
    assert isinstance(next(entries), Recorded)
    with pytest.raises(RecordingError, match=r"^a\.jsonl:2: is not JSON .*column"):
        next(entries)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.har", '{\n"log":', "a.har:2: is not JSON"),
        ("a.har", '{"log": {}}', "a.har:1: is neither a HAR"),
        ("a.txt", "GET / HTTP/1.1\n", "a.txt:1: is not JSON"),
        ("a.jsonl", "[1]", "a.jsonl:1: an exchange is"),
        ("a.jsonl", '{"request": 1}', '"request" is 1, expected an object'),
        ("a.jsonl", '{"request": {"url": "/"}}', "request.method is missing"),
        ("a.jsonl", '{"request": {"method": "GET", "url": "http://[x"}}', "is no URL"),
        ("a.jsonl", '{"request": {"method": "GET", "url": "http://a/", "headers": [1]},'
                    '"response": {"status": 200}}', "a header is 1"),
        ("a.jsonl", '{"request": {"method": "GET", "url": "http://a/"},'
                    '"response": {"status": "200"}}', "response.status is '200'"),
        ("a.jsonl", '{"request": {"method": "GET", "url": "http://a/", "body_base64": "a"},'
                    '"response": {"status": 200}}', "no base64"),
    ],
)  # fmt: skip
def test_recording__names_the_line_of_what_is_wrong(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    """Bad input ends in one sentence that begins with the place."""
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(RecordingError) as caught:
        list(read_recording(file))
    assert message in str(caught.value)
    assert str(caught.value).startswith(name)


def test_recording__says_that_a_file_is_missing(tmp_path: Path) -> None:
    """A file that is not there is a RecordingError too."""
    with pytest.raises(RecordingError, match="cannot be read"):
        list(read_recording(tmp_path / "none.har"))


CASSETTE = """
version: 1
recorder: {name: vcrpy}
interactions:
- request:
    method: POST
    uri: https://api.example.com/v1/things?q=1
    body: '{"a": 1}'
    headers: {Content-Type: [application/json], Host: [api.example.com]}
  response:
    status: {code: 201, message: Created}
    headers: {Content-Type: [application/json]}
    body: {string: '{"id": 7}'}
- request: {method: GET, uri: 'https://api.example.com/v1/picture', body: null, headers: {}}
  response:
    status: {code: 200, message: OK}
    headers: {Content-Type: [image/png]}
    body: {string: !!binary iVBORw==}
- request: {method: GET, uri: 'https://api.example.com/v1/zipped', body: null, headers: {}}
  response: {status: {code: 200}, headers: {}, body: {base64_string: iVBORw==}}
"""


def test_cassette__reads_its_interactions(tmp_path: Path) -> None:
    """vcrpy's YAML: bodies as text, as binary and as base64; the place is the line."""
    file = tmp_path / "a.yaml"
    file.write_text(CASSETTE)
    entries = list(read_recording(file))
    assert [entry.place for entry in entries] == ["a.yaml:5", "a.yaml:14", "a.yaml:19"]
    made, *pictures = (entry.exchange for entry in entries if isinstance(entry, Recorded))
    assert (made.request.method, made.request.body, made.host) == (
        "POST", b'{"a": 1}', "api.example.com",
    )  # fmt: skip
    assert (made.response.status, made.response.body) == (201, b'{"id": 7}')
    assert [picture.response.body for picture in pictures] == [b"\x89PNG"] * 2


def _vcr(body: Any, headers: Any = None) -> dict[str, Any]:
    lines = {"Content-Type": ["application/json"], **(headers or {})}
    status = {"code": 200, "message": "OK"}
    return {
        "request": {"method": "get", "uri": URL, "body": {"string": ""}, "headers": {}},
        "response": {"status": status, "headers": lines, "body": body},
        "recorded_at": "2025-07-01T00:00:00",
    }


@pytest.mark.parametrize("member", ["interactions", "http_interactions"])
@pytest.mark.parametrize("name", ["a.json", "a.yml", "no_ending"])
def test_cassette__of_every_kind(tmp_path: Path, member: str, name: str) -> None:
    """vcrpy's and Betamax's JSON, vcrpy's and Ruby's YAML, with and without a telling name."""
    file = tmp_path / name
    text = json.dumps([_vcr({"string": "{}"})])
    file.write_text(f'{{"{member}": {text}}}' if name == "a.json" else f"{member}: {text}\n")
    [found] = read_recording(file)
    assert isinstance(found, Recorded)
    assert (found.exchange.request.method, found.exchange.response.body) == ("GET", b"{}")
    assert found.exchange.at == 1751328000


def test_cassette__knows_http_dates(tmp_path: Path) -> None:
    """Ruby's VCR writes them; what is no date is no time."""
    file = tmp_path / "a.json"
    told = ["Tue, 01 Jul 2025 00:00:00 GMT", "then", None]
    file.write_text(
        json.dumps({"http_interactions": [{**_vcr(None), "recorded_at": at} for at in told]})
    )
    found = [one.exchange.at for one in read_recording(file) if isinstance(one, Recorded)]
    assert found == [1751328000, None, None]


_PACKED = {
    "gzip": gzip.compress(b"{}", mtime=0),
    "deflate": zlib.compress(b"{}"),
    "gzip, identity": gzip.compress(b"{}", mtime=0),
    "br": b"{}",  # unpacked by the recorder, the header kept
}


@pytest.mark.parametrize("named", _PACKED)
@pytest.mark.parametrize("flavour", ["har", "cassette"])
def test_body__is_unpacked(tmp_path: Path, named: str, flavour: str) -> None:
    """What a recorder kept as it travelled is read all the same."""
    text = base64.b64encode(_PACKED[named]).decode()
    if flavour == "har":
        held = {"mimeType": "application/json", "encoding": "base64", "text": text}
        lines = [{"name": "Content-Encoding", "value": named}]
        exchange = _one(tmp_path, {}, {"headers": lines, "content": held}).exchange
    else:
        file = tmp_path / "a.json"
        made = _vcr({"base64_string": text}, {"Content-Encoding": [named]})
        file.write_text(json.dumps({"interactions": [made]}))
        [found] = read_recording(file)
        assert isinstance(found, Recorded)
        exchange = found.exchange
    assert exchange.response.body == b"{}"
    assert "content-encoding" not in exchange.response.headers


@pytest.mark.parametrize(
    ("named", "packed", "reason"),
    [
        ("br", b"\x0b\x02\x80abc\xff", "Brotli"),
        ("zstd", b"\x28\xb5\x2f\xfdabc", "zstd"),
        ("gzip", gzip.compress(bytes(range(256)), mtime=0)[:40], "ends early"),
        ("gzip", b"\x1f\x8b\x08" + bytes(7) + b"\xff\xff", "damaged"),
    ],
)
def test_body__that_cannot_be_unpacked(
    tmp_path: Path, named: str, packed: bytes, reason: str
) -> None:
    """It is skipped with the reason, not judged as it lies there."""
    held = {"mimeType": "application/json", "encoding": "base64",
            "text": base64.b64encode(packed).decode()}  # fmt: skip
    lines = [{"name": "Content-Encoding", "value": named},
             {"name": "Content-Type", "value": "application/json"}]  # fmt: skip
    [found] = read_recording(_har(tmp_path, _entry({}, {"headers": lines, "content": held})))
    assert isinstance(found, Skipped) and reason in found.reason


def test_body__is_unpacked_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small packed body does not become a large one."""
    monkeypatch.setattr(coding, "LARGEST", 1 << 20)
    with pytest.raises(coding.Packed, match="larger than 1 MiB"):
        coding.unpacked(gzip.compress(bytes(2 << 20)), "gzip")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (gzip.compress(b"{}", mtime=0), "is compressed"),
        (b"PK\x03\x04", "is a zip archive"),
        ("{}".encode("utf-16"), "is UTF-16"),
        (b'{"log": {"comment": "\xe9"}}', "is not UTF-8"),
    ],
)
@pytest.mark.parametrize("name", ["a.har", "a.jsonl", "a"])
def test_recording__says_what_a_file_is_instead(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    """What no recording begins with is named, so that the next step is clear."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordingError, match=rf"^{name}.*{problem}"):
        list(read_recording(tmp_path / name))


def test_recording__names_the_path_as_given(tmp_path: Path) -> None:
    """Cassettes of several tests have the same name."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        [found] = read_recording(_har(tmp_path, _entry(), name=f"{folder}/x.har"))
        assert found.place == f"{folder}/x.har entry 1"


def test_recording__errors_hide_credentials(tmp_path: Path) -> None:
    """A broken entry may be quoted, a key in it may not."""
    url = "http://[x?api_key=s3cret"
    file = tmp_path / "a.jsonl"
    for sent in ({"method": "GET", "url": url}, "x-api-key: s3cret",
                 {"method": "GET", "url": "/", "headers": ["x-api-key: s3cret"]}):  # fmt: skip
        file.write_text(json.dumps({"request": sent, "response": {"status": 200}}))
        with pytest.raises(RecordingError) as caught:
            list(read_recording(file))
        assert "s3cret" not in str(caught.value), caught.value


def test_cassette__header_without_text(tmp_path: Path) -> None:
    """Aliases upon aliases are never written out."""
    levels = "".join(f"- &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    file = tmp_path / "a.yaml"
    file.write_text(
        f"other:\n- &l0 [x]\n{levels}interactions:\n"
        f"- request: {{method: GET, uri: '{URL}', headers: {{a: *l8}}}}\n"
        "  response: {status: 200}\n"
    )
    with pytest.raises(RecordingError, match=r"^a\.yaml:12: the header 'a' has no text"):
        list(read_recording(file))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a", "a.yaml:1: is no mapping with a list of interactions"),
        ("version: 1", "a.yaml:1: has no interactions"),
        ("version: 1\ninteractions: 3", "a.yaml:2: interactions is no list"),
        ("interactions:\n- 3", "a.yaml:2: an interaction is 3, expected a mapping"),
        ("interactions:\n- {", "a.yaml:3: is not YAML"),
        ("interactions:\n- !!python/object:os.x {}", "a.yaml:2: is not YAML"),
    ],
)
def test_cassette__that_is_none(tmp_path: Path, text: str, problem: str) -> None:
    """The message names the line and what is wrong; no Python object is ever made."""
    file = tmp_path / "a.yaml"
    file.write_text(text)
    with pytest.raises(RecordingError) as caught:
        list(read_recording(file))
    assert str(caught.value).startswith(problem)


@pytest.mark.parametrize("ending", ["har", "yaml", "jsonl"])
def test_recording__is_read_in_flat_memory(tmp_path: Path, ending: str) -> None:
    """The memory that reading takes does not grow with the file."""
    text = "x" * 20_000
    plain = {
        "request": {"method": "GET", "url": URL},
        "response": {"status": 200, "body": text},
    }
    file = tmp_path / f"a.{ending}"

    def peak(count: int) -> int:
        if ending == "har":
            held = {"mimeType": "text/plain", "text": text}
            entry = _entry(response={"content": held})
            file.write_text(json.dumps({"log": {"entries": [entry] * count}}))
        elif ending == "jsonl":
            file.write_text(f"{json.dumps(plain)}\n" * count)
        else:
            one = {**plain, "request": {"method": "GET", "uri": URL}}
            file.write_text("interactions:\n" + f"- {json.dumps(one)}\n" * count)
        tracemalloc.start()
        assert sum(1 for _ in read_recording(file)) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)  # what is made once, such as imports, does not count
    assert peak(200) < peak(20) + 500_000


@pytest.mark.parametrize(
    ("name", "begin", "opening", "closing"),
    [
        ("a.yaml", "interactions:\n- request: ", "[", "]"),
        ("a.har", '{"log": {"entries": ', "[", "]"),
        ("a.json", "", '{"a": ', "}"),
        ("a.jsonl", '{"response": 1, "request": ', "[", "]"),
    ],
)
def test_recording__nested_without_end(
    tmp_path: Path, name: str, begin: str, opening: str, closing: str
) -> None:
    """It is refused in a sentence and at once, however deep it goes."""
    file = tmp_path / name
    file.write_text(f"{begin}{opening * 20_000}1{closing * 20_000}")
    with pytest.raises(RecordingError, match=r"nested|depth"):
        list(read_recording(file))


def test_lines__body_nested_too_deeply(tmp_path: Path) -> None:
    """A body that no JSON writer takes is refused at its line."""
    file = tmp_path / "a.jsonl"
    body = f"{'[' * 800}{']' * 800}"
    file.write_text(f'{{"request": {{"method": "POST", "url": "/", "body": {body}}}}}'
                    .replace("}}", '}, "response": {"status": 200}}'))  # fmt: skip
    with pytest.raises(RecordingError, match=r"^a\.jsonl:1: a body cannot be written as JSON"):
        list(read_recording(file))
