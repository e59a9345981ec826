"""From the requests and responses of other libraries to plain exchanges, by their shape.

Nothing is imported: an object of httpx, httpx2, requests or Starlette is known by its
attributes, so that a contract can be checked beside whichever of them is installed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias, cast
from urllib.parse import quote, urlsplit

import orjson

from understudy.contracts.errors import ContractError
from understudy.contracts.exchange import Form, Headers, Request, Response

Lines: TypeAlias = "tuple[tuple[str, str], ...]"

# What may stand unescaped in a path or a query that came as readable text.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = "/%:@!$&'()*+,;=~-._?[]|"


class ForeignObjectError(ContractError, TypeError):
    """An object given as a request or response is of no known shape, or its body is not there."""


def request_of(value: object) -> Request:
    """A plain request from `value`, its path being the whole path of the URL.

    `value` is a request of httpx, httpx2, requests (prepared or not) or Starlette (its body
    already read), a `(method, url[, headers[, content]])` tuple, a mapping or an object with
    `method`, `url`, `headers` and `content` (or `body`, or `json`), or a `Request`, which is
    answered as it is. A `Host` header is added from an absolute URL when none is there.
    Raises ForeignObjectError when `value` is none of these.
    """
    if isinstance(value, Request):
        return value
    if hasattr(value, "prepare") and hasattr(value, "files"):
        value = cast(_Preparable, value).prepare()
    if hasattr(value, "scope") and hasattr(value, "url"):
        return _from_starlette(cast(_Scoped, value))
    fields = _fields(value, ("method", "url", "headers", "content"))
    method, url = fields("method"), fields("url") or fields("path")
    if not isinstance(method, str) or url is None:
        raise ForeignObjectError(
            f"cannot read {value!r} as a request: give a request of httpx, httpx2, requests or "
            "Starlette, or a (method, url, headers, content) tuple"
        )
    host, path, query = _address(url)
    lines, content = _lines(fields("headers")), _content(value, fields)
    return Request(
        method=method.upper(),
        path=path,
        query=query,
        headers=Headers(_with_host(_with_json_type(lines, content.is_json), host)),
        body=content.raw,
    )


def response_of(value: object) -> Response:
    """A plain response from `value`, its body whole and decoded from any content encoding.

    `value` is a response of httpx, httpx2, requests or Starlette (not a streaming one), a
    `(status[, headers[, content]])` tuple, a mapping or an object with `status` (or
    `status_code`), `headers` and `content` (or `body`, or `json`), or a `Response`, which is
    answered as it is. Raises ForeignObjectError when `value` is none of these.
    """
    if isinstance(value, Response):
        return value
    fields = _fields(value, ("status", "headers", "content"))
    status = fields("status_code")
    if status is None:
        status = fields("status")
    if isinstance(status, bool) or not isinstance(status, int):
        raise ForeignObjectError(
            f"cannot read {value!r} as a response: give a response of httpx, httpx2, requests or "
            "Starlette, or a (status, headers, content) tuple"
        )
    lines, content = _lines(fields("headers")), _content(value, fields)
    if isinstance(content.raw, Form):
        raise ForeignObjectError(f"a response has bytes for a body, not {content.raw!r}")
    headers = Headers(_with_json_type(lines, content.is_json))
    return Response(status=int(status), headers=headers, body=content.raw)


def host_of(request: Request) -> str:
    """The host a request went to, lower case, without its port; "" when it does not say."""
    authority = request.headers.get("host", "") or ""
    try:
        return urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return ""


class _Preparable(Protocol):
    def prepare(self) -> object: ...


class _Scoped(Protocol):
    scope: Mapping[str, object]


class _Content:
    """A body, and whether it was given as a JSON value that we encoded ourselves."""

    __slots__ = ("is_json", "raw")

    def __init__(self, raw: bytes | Form, *, is_json: bool = False) -> None:
        self.raw = raw
        self.is_json = is_json


_Fields: TypeAlias = Callable[[str], object]


def _fields(value: object, order: tuple[str, ...]) -> _Fields:
    """One way to ask a tuple, a mapping or an object for a field; None when it has none."""
    if isinstance(value, Mapping):
        table = cast("Mapping[str, object]", value)
        return lambda name: table.get(name)
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        entries = dict(zip(order, cast("tuple[object, ...]", value), strict=False))
        return lambda name: entries.get(name)
    return lambda name: None if name in ("content", "json") else getattr(value, name, None)


def _content(value: object, fields: _Fields) -> _Content:
    if isinstance(value, Mapping | tuple):
        if (structure := fields("json")) is not None:
            return _Content(orjson.dumps(structure), is_json=True)
        content = fields("content")
        return _plain(fields("body") if content is None else content)
    return _plain(_loaded(value))


def _plain(content: object) -> _Content:
    match content:
        case None:
            return _Content(b"")
        case Form():
            return _Content(content)
        case bytes() | bytearray() | memoryview():
            return _Content(bytes(content))
        case str():
            return _Content(content.encode())
        case Mapping() | list() | bool() | int() | float():
            return _Content(orjson.dumps(content), is_json=True)
        case _:
            raise ForeignObjectError(
                f"a body must be bytes, text or a JSON value, not {type(content).__name__}: "
                "read a streamed body before you check it"
            )


def _loaded(value: object) -> object:
    """The body of an object: `content`, read on demand where the library allows, else `body`."""
    try:
        content = getattr(value, "content", None)
    except Exception as unread:  # noqa: BLE001  # each library has errors of its own
        content = _read_now(value, unread)
    if content is None or callable(content):
        content = getattr(value, "body", None)
    if content is None and not hasattr(value, "body") and hasattr(value, "body_iterator"):
        raise ForeignObjectError(f"the body of {value!r} is streamed: give its bytes instead")
    return content


def _read_now(value: object, unread: Exception) -> object:
    read = getattr(value, "read", None)
    try:
        return read() if callable(read) else None
    except Exception as failure:
        raise ForeignObjectError(
            f"the body of {value!r} cannot be read any more ({failure or unread!r}): "
            "read it before you check it"
        ) from failure


def _from_starlette(value: _Scoped) -> Request:
    """A request of Starlette, whose body is kept once `await request.body()` was called."""
    scope = value.scope
    lines = _lines(scope.get("headers"))
    body: object = getattr(value, "_body", None)
    if body is None:
        sent = dict(lines)
        if sent.get("content-length", "0") != "0" or "transfer-encoding" in sent:
            raise ForeignObjectError(
                "the body of this Starlette request was not read: `await request.body()` first"
            )
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if isinstance(raw, bytes) else quote(str(scope.get("path", "/")))
    query = scope.get("query_string")
    return Request(
        method=str(scope.get("method", "GET")).upper(),
        path=path.partition("?")[0] or "/",
        query=query.decode("latin-1") if isinstance(query, bytes) else "",
        headers=Headers(lines),
        body=_plain(body).raw,
    )


def _address(url: object) -> tuple[str, str, str]:
    """The authority, path and query of a URL, percent-encoded as they travel."""
    split = urlsplit(str(url))
    raw: object = getattr(url, "raw_path", None)  # httpx and httpx2 keep the exact bytes
    if isinstance(raw, bytes):
        path, _, query = raw.decode("latin-1").partition("?")
    else:
        path, query = quote(split.path, safe=_PATH_SAFE), quote(split.query, safe=_QUERY_SAFE)
    return split.netloc.rpartition("@")[2], path or "/", query


def _lines(headers: object) -> Lines:
    """Header lines of whatever kind of headers, repeated names kept apart."""
    if headers is None:
        return ()
    for name in ("multi_items", "items"):
        pairs = getattr(headers, name, None)
        if callable(pairs):
            return tuple(_line(pair) for pair in cast("Sequence[object]", pairs()))
    if isinstance(headers, Sequence) and not isinstance(headers, str | bytes):
        return tuple(_line(pair) for pair in cast("Sequence[object]", headers))
    raise ForeignObjectError(f"headers must be a mapping or pairs, not {headers!r}")


def _line(pair: object) -> tuple[str, str]:
    if not isinstance(pair, Sequence) or isinstance(pair, str | bytes) or len(pair) != 2:
        raise ForeignObjectError(f"a header must be a (name, value) pair, not {pair!r}")
    return _text(pair[0]).lower(), _text(pair[1])


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _with_host(lines: Lines, host: str) -> Lines:
    return (
        lines if not host or any(name == "host" for name, _ in lines) else (("host", host), *lines)
    )


def _with_json_type(lines: Lines, is_json: bool) -> Lines:
    if not is_json or any(name == "content-type" for name, _ in lines):
        return lines
    return (*lines, ("content-type", "application/json"))
