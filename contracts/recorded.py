"""One entry of a recording: an exchange, or the reason why it cannot be checked."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit

import orjson

from understudy.contracts.adapters import host_of, request_of, response_of
from understudy.contracts.coding import Packed, is_opaque, unpacked
from understudy.contracts.errors import ContractError
from understudy.contracts.exchange import Exchange, Form, Part, Request, Response
from understudy.contracts.json import Json
from understudy.contracts.media import kind_of
from understudy.contracts.redaction import redact_text


class RecordingError(ContractError):
    """A recording cannot be read; `place` is `FILE:LINE`, or `FILE entry N` within JSON."""

    def __init__(self, place: str, problem: str) -> None:
        self.place = place
        self.problem = problem
        super().__init__(f"{place}: {redact_text(problem)}")


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


def entry_of(place: str, value: object) -> Entry:
    """What one entry, a HAR's or of the plain form, records; raises RecordingError."""
    entry = member(place, value, "an exchange")
    sent = member(place, entry.get("request"), '"request"')
    method, url = _string(place, sent, "method"), _string(place, sent, "url")
    split = _split(place, url)
    call = f"{method.upper()} {split.scheme}://{split.netloc}{split.path}"
    try:
        _checkable(method, split.scheme, entry, place, sent)
        request = _request(place, sent)
        response = _response(place, member(place, entry.get("response"), '"response"'))
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
    if not entry.get("response"):
        raise _Uncheckable("no response was recorded")
    if entry.get("_fromCache"):
        raise _Uncheckable("the answer came from the browser's cache")


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
    if isinstance(content, bytes):
        content = _unpacked(lines, content)
    url = _string(place, sent, "url")
    return request_of((_string(place, sent, "method"), url, _without_coding(lines), content))


def _posted(place: str, posted: Mapping[str, Json]) -> bytes | Form:
    """The body of a HAR request: its text, else rebuilt from its form fields."""
    text = posted.get("text")
    if isinstance(text, str) and text:
        return _decoded(place, text, posted.get("encoding"))
    params = posted.get("params")
    fields = [member(place, field, "postData.params") for field in _list(params)]
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
    # What never came is 0 in browsers, -1 in Playwright, and nothing in some proxies.
    if status in (0, -1, None):
        told = (answered.get(name) for name in ("_error", "_failureText", "statusText"))
        why = next((each for each in told if each), "aborted or blocked")
        raise _Uncheckable(f"no response arrived ({why})")
    if isinstance(status, bool) or not isinstance(status, int):
        raise RecordingError(place, f"response.status is {status!r}, expected a number")
    if status == 304:
        raise _Uncheckable("304: the answer came from a cache")
    if status == 101:
        raise _Uncheckable("a web socket is no HTTP exchange")
    lines = _headers(place, answered.get("headers"))
    if any(name == "non-authoritative-reason" for name, _ in lines):
        raise _Uncheckable("the browser redirected by itself, nobody was asked (HSTS)")
    held = answered.get("content")
    if not isinstance(held, Mapping) or "mimeType" not in held:
        content = _body(place, answered, lines)
    else:
        lines, content = _with_type(lines, held), _held(place, status, held)
    content = _unpacked(lines, content)
    return response_of((status, _without_coding(lines), content))


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
    try:
        return orjson.dumps(body)
    except TypeError as failure:  # nesting, dates and such of YAML
        raise RecordingError(place, f"a body cannot be written as JSON: {failure}") from failure


def _unpacked(lines: list[tuple[str, str]], content: bytes) -> bytes:
    """The body without its content coding, where the recorder has kept it packed."""
    told = dict(lines)
    coding = told.get("content-encoding", "")
    if not coding:
        return content
    if kind_of(told.get("content-type", "")) != "binary" and is_opaque(content, coding):
        raise _Uncheckable("the body is packed with Brotli: record bodies decoded")
    try:
        return unpacked(content, coding)
    except Packed as failure:
        raise _Uncheckable(str(failure)) from failure


def _without_coding(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [line for line in lines if line[0] != "content-encoding"]


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

    HTTP/2 pseudo headers go, except that `:authority` is the host; so do the framing and the
    length, because recordings hold bodies whole.
    """
    pairs: list[tuple[str, str]] = []
    if isinstance(headers, Mapping):
        for name, value in headers.items():
            values = value if isinstance(value, list | tuple) else [value]
            if any(isinstance(entry, list | tuple | Mapping) for entry in values):
                raise RecordingError(place, f"the header {name!r} has no text for a value")
            pairs.extend((name, _scalar(entry)) for entry in values)
    else:
        pairs = [_pair(place, line) for line in _list(headers)]
    renamed = [("host" if n.lower() == ":authority" else n.lower(), v) for n, v in pairs]
    dropped = ("transfer-encoding", "content-length")
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


def member(place: str, value: object, what: str) -> Mapping[str, Json]:
    """The value as a mapping; raises RecordingError, naming `what` it should have been."""
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
