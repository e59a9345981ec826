"""Recorded traffic (HAR, JSON lines, VCR cassettes) as a stream of exchanges.

HAR is what browsers and proxies save: one JSON document, bodies as text or base64; a cassette is
what vcrpy writes. All are read one exchange at a time, whatever the file's size. JSON lines
is one exchange per line, either a HAR entry or the plain form

    {"request": {"method": "GET", "url": "https://host/path", "headers": {...}, "body": ...},
     "response": {"status": 200, "headers": {...}, "body": ...}, "at": 1751328000.0}

where `body` is text or a JSON value, or `body_base64` holds bytes. What cannot be checked
(an aborted call, a body that was not recorded) is answered as `Skipped`, with the reason.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import BinaryIO, TypeAlias
from urllib.parse import urlencode, urlsplit

import orjson

from understudy.contracts.adapters import host_of, request_of, response_of
from understudy.contracts.archive import ArchiveError, entries
from understudy.contracts.cassette import CassetteError, interactions
from understudy.contracts.errors import ContractError
from understudy.contracts.exchange import Exchange, Form, Part, Request, Response
from understudy.contracts.json import Json

_BOM = b"\xef\xbb\xbf"
_LINE_ENDINGS = (".jsonl", ".ndjson", ".jsonlines")
_CASSETTE_ENDINGS = (".yaml", ".yml")
_LONGEST_LINE = 256 * 1024 * 1024


class RecordingError(ContractError):
    """A recording cannot be read; `place` is `FILE:LINE`, or `FILE entry N` within a HAR."""

    def __init__(self, place: str, problem: str) -> None:
        self.place = place
        self.problem = problem
        super().__init__(f"{place}: {problem}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a recording; the request's path is the whole path of its URL."""

    place: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Skipped:
    """One entry that cannot be checked; `call` is its method and URL without query."""

    place: str
    call: str
    reason: str


Entry: TypeAlias = "Recorded | Skipped"


class _Uncheckable(Exception):
    """The entry is sound but says too little to be checked; its text is the reason."""


def read_recording(path: str | PathLike[str]) -> Iterator[Entry]:
    """The entries of a recording, in order, read one at a time.

    Raises RecordingError, naming the line, when the file or an entry cannot be understood.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            if _is_lines(file, stream):
                yield from _lines(file.name, stream)
            elif file.suffix.lower() in _CASSETTE_ENDINGS:
                yield from _cassette(file.name, stream)
            else:
                yield from _archive(file.name, stream)
    except OSError as failure:
        raise RecordingError(str(path), f"cannot be read: {failure.strerror}") from failure


def _is_lines(file: Path, stream: BinaryIO) -> bool:
    """Whether the file holds one exchange per line: by its name, else by its first line."""
    if file.suffix.lower() in _LINE_ENDINGS:
        return True
    if file.suffix.lower() in (".har", *_CASSETTE_ENDINGS):
        return False
    first = b""
    while not first and (line := stream.readline(_LONGEST_LINE)):
        first = line.removeprefix(_BOM).strip()
    stream.seek(0)
    try:
        value = orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return isinstance(value, dict) and "request" in value


def _lines(name: str, stream: BinaryIO) -> Iterator[Entry]:
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        text = line.removeprefix(_BOM).strip() if number == 1 else line.strip()
        if not text:
            continue
        place = f"{name}:{number}"
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as failure:
            raise RecordingError(
                place,
                f"is not JSON ({failure.msg} at column {failure.colno}); every line of a "
                "JSON-lines recording is one exchange",
            ) from failure
        yield _entry(place, value)


def _archive(name: str, stream: BinaryIO) -> Iterator[Entry]:
    try:
        for number, entry in enumerate(entries(stream), 1):
            yield _entry(f"{name} entry {number}", entry)
    except ArchiveError as failure:
        raise RecordingError(f"{name}:{failure.line}", failure.problem) from failure


def _cassette(name: str, stream: BinaryIO) -> Iterator[Entry]:
    try:
        for line, interaction in interactions(stream):
            yield _entry(f"{name}:{line}", interaction)
    except CassetteError as failure:
        raise RecordingError(f"{name}:{failure.line}", failure.problem) from failure


def _entry(place: str, value: object) -> Entry:
    entry = _mapping(place, value, "an exchange")
    sent = _mapping(place, entry.get("request"), '"request"')
    method, url = _string(place, sent, "method"), _string(place, sent, "url")
    split = _split(place, url)
    call = f"{method.upper()} {split.scheme}://{split.netloc}{split.path}"
    try:
        _checkable(method, split.scheme, entry, place, sent)
        request = _request(place, sent)
        response = _response(place, _mapping(place, entry.get("response"), '"response"'))
    except _Uncheckable as reason:
        return Skipped(place, call, str(reason))
    return Recorded(place, Exchange(request, response, host_of(request), _instant(entry)))


class _Address:
    """The parts of a URL that say what a call was."""

    __slots__ = ("netloc", "path", "scheme")

    def __init__(self, scheme: str, netloc: str, path: str) -> None:
        self.scheme = scheme
        self.netloc = netloc
        self.path = path


def _split(place: str, url: str) -> _Address:
    try:
        split = urlsplit(url)
        return _Address(split.scheme.lower(), split.netloc.rpartition("@")[2], split.path)
    except ValueError as failure:
        raise RecordingError(place, f"request.url {url!r} is no URL: {failure}") from failure


def _checkable(
    method: str, scheme: str, entry: Mapping[str, Json], place: str, sent: Mapping[str, Json]
) -> None:
    if scheme not in ("http", "https", ""):
        raise _Uncheckable(f"a {scheme} URL is no HTTP exchange")
    if method.upper() == "CONNECT":
        raise _Uncheckable("CONNECT opens a tunnel, it is no exchange")
    if entry.get("_resourceType") == "websocket":
        raise _Uncheckable("a web socket is no HTTP exchange")
    names = {name for name, _ in _headers(place, sent.get("headers"))}
    if method.upper() == "OPTIONS" and "access-control-request-method" in names:
        raise _Uncheckable("a CORS preflight belongs to the browser, not to the API")
    if entry.get("response") is None:
        raise _Uncheckable("no response was recorded")


def _request(place: str, sent: Mapping[str, Json]) -> Request:
    lines = _headers(place, sent.get("headers"))
    posted = sent.get("postData")
    content: bytes | Form
    if isinstance(posted, Mapping):
        content = _posted(place, posted)
        media_type = posted.get("mimeType")
        if media_type and isinstance(media_type, str) and "content-type" not in dict(lines):
            lines.append(("content-type", media_type))
    else:
        content = _body(place, sent, lines)
    return request_of((_string(place, sent, "method"), _string(place, sent, "url"), lines, content))


def _posted(place: str, posted: Mapping[str, Json]) -> bytes | Form:
    """The body of a HAR request: its text, else rebuilt from its form fields."""
    text = posted.get("text")
    if isinstance(text, str) and text:
        return _decoded(place, text, posted.get("encoding"))
    params = posted.get("params")
    fields = [_mapping(place, field, "postData.params") for field in _list(params)]
    if not fields:
        return b""
    if str(posted.get("mimeType", "")).lower().startswith("multipart/"):
        return Form(tuple(_part(field) for field in fields))
    return urlencode([(_text(field, "name"), _text(field, "value")) for field in fields]).encode()


def _part(field: Mapping[str, Json]) -> Part:
    """A form field; browsers leave a file's content out, which then is empty here."""
    content = _text(field, "value").encode()
    return Part(
        name=_text(field, "name"),
        content=content,
        filename=_text(field, "fileName") or None,
        content_type=_text(field, "contentType") or None,
        size=len(content),
    )


def _response(place: str, answered: Mapping[str, Json]) -> Response:
    status = answered.get("status", answered.get("status_code"))
    if isinstance(status, bool) or not isinstance(status, int):
        raise RecordingError(place, f"response.status is {status!r}, expected a number")
    if status == 0:
        why = answered.get("_error") or answered.get("statusText") or "aborted or blocked"
        raise _Uncheckable(f"no response arrived ({why})")
    if status == 304:
        raise _Uncheckable("304: the answer came from a cache")
    lines = _headers(place, answered.get("headers"))
    held = answered.get("content")
    if not isinstance(held, Mapping) or "mimeType" not in held:
        return response_of((status, lines, _body(place, answered, lines)))
    return response_of((status, _with_type(lines, held), _held(place, status, held)))


def _held(place: str, status: int, held: Mapping[str, Json]) -> bytes:
    text, size = held.get("text"), held.get("size")
    if isinstance(text, str):
        return _decoded(place, text, held.get("encoding"))
    if "_file" in held or "_sha1" in held:
        raise _Uncheckable("the response body lies in a file beside the HAR: save with bodies")
    if isinstance(size, int) and size > 0 and status != 204:
        raise _Uncheckable(f"the response body ({size} bytes) was not recorded: save with content")
    return b""


def _with_type(lines: list[tuple[str, str]], held: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Adds the recorded media type where the header lines are missing it."""
    media_type = held.get("mimeType")
    if lines or not isinstance(media_type, str) or media_type in ("", "x-unknown"):
        return lines
    return [("content-type", media_type)]


def _body(place: str, side: Mapping[str, Json], lines: list[tuple[str, str]]) -> bytes:
    """The body of the plain form; a JSON value gets its content type when none is there."""
    encoded = side.get("body_base64")
    if isinstance(encoded, str):
        return _decoded(place, encoded, "base64")
    body = side.get("body", side.get("content"))
    if "json" in side:
        body = side["json"]
    elif isinstance(body, str):
        return _decoded(place, body, side.get("encoding"))
    elif body is None:
        return b""
    if "content-type" not in dict(lines):
        lines.append(("content-type", "application/json"))
    return orjson.dumps(body)


def _decoded(place: str, text: str, encoding: Json) -> bytes:
    if encoding in (None, "", "utf-8", "utf8", "text"):
        return text.encode("utf-8", "surrogatepass")
    if encoding != "base64":
        raise RecordingError(place, f"a body is encoded as {encoding!r}, expected base64 or none")
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError) as failure:
        raise RecordingError(place, f"a body is no base64: {failure}") from failure


def _headers(place: str, headers: Json) -> list[tuple[str, str]]:
    """Header lines from `{name: value}`, `[[name, value]]` or HAR's `[{name, value}]`.

    HTTP/2 pseudo headers go, except that `:authority` is the host; so do encodings of the
    body, because recordings hold bodies decoded.
    """
    pairs: list[tuple[str, str]] = []
    if isinstance(headers, Mapping):
        for name, value in headers.items():
            values = value if isinstance(value, list | tuple) else [value]
            pairs.extend((name, _scalar(entry)) for entry in values)
    else:
        pairs = [_pair(place, line) for line in _list(headers)]
    renamed = [("host" if n.lower() == ":authority" else n.lower(), v) for n, v in pairs]
    dropped = ("content-encoding", "transfer-encoding", "content-length")
    return [(n, v) for n, v in renamed if n and not n.startswith(":") and n not in dropped]


def _pair(place: str, line: Json) -> tuple[str, str]:
    if isinstance(line, Mapping):
        return _text(line, "name"), _text(line, "value")
    if isinstance(line, Sequence) and not isinstance(line, str) and len(line) == 2:
        return _scalar(line[0]), _scalar(line[1])
    raise RecordingError(place, f"a header is {line!r}, expected a name and a value")


def _instant(entry: Mapping[str, Json]) -> float | None:
    """When the exchange began: `at` in seconds, or HAR's `startedDateTime`."""
    at = entry.get("at")
    if isinstance(at, int | float) and not isinstance(at, bool):
        return float(at)
    started = entry.get("startedDateTime")
    if not isinstance(started, str):
        return None
    # Proxies write up to nine digits of a second; Python reads six.
    trimmed = re.sub(r"(\.\d{6})\d+", r"\1", started)
    try:
        moment = datetime.fromisoformat(trimmed)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _mapping(place: str, value: object, what: str) -> Mapping[str, Json]:
    if isinstance(value, Mapping):
        return value
    raise RecordingError(place, f"{what} is {_brief(value)}, expected an object")


def _string(place: str, side: Mapping[str, Json], name: str) -> str:
    value = side.get(name)
    if isinstance(value, str) and value:
        return value
    raise RecordingError(place, f"request.{name} is {_brief(value)}, expected text")


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def _text(side: Mapping[str, Json], name: str) -> str:
    return _scalar(side.get(name))


def _scalar(value: Json) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _brief(value: object) -> str:
    text = "missing" if value is None else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
