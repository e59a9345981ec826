"""Requests and replies in the shape that openapi-core asks for."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any, cast
from urllib.parse import parse_qsl, unquote

from openapi_core.datatypes import RequestParameters
from openapi_core.deserializing.media_types.util import data_form_loads
from werkzeug.datastructures import Headers as WireHeaders
from werkzeug.datastructures import ImmutableMultiDict

from understudy.contracts.exchange import Form, Headers, Request
from understudy.contracts.json import Json
from understudy.contracts.reference_document import SERVER, bare


@dataclass(slots=True)
class Call:
    """openapi-core's request protocol."""

    method: str
    path: str
    content_type: str
    body: bytes | None
    parameters: RequestParameters = field(repr=False)
    host_url: str = SERVER


def call_of(request: Request, spaced: frozenset[str]) -> Call:
    """A request as openapi-core reads it; `spaced` names its space-delimited parameters."""
    body, content_type = body_of(request)
    parameters = RequestParameters(
        query=ImmutableMultiDict(_query(request.query, spaced)),
        header=WireHeaders(list(request.headers)),
        cookie=ImmutableMultiDict(cookies(request.headers)),
    )
    return Call(request.method.lower(), request.path, content_type, body, parameters)


def body_of(request: Request) -> tuple[bytes | None, str]:
    """The body as bytes, a form put together again, and the content type that goes with it."""
    declared = content_type_of(request.headers)
    if not isinstance(request.body, Form):
        return request.body or None, declared
    digest = hashlib.sha256(b"".join(part.content for part in request.body.parts)).hexdigest()
    boundary = f"part-{digest}"
    lines: list[bytes] = []
    for part in request.body.parts:
        named = f'--{boundary}\r\nContent-Disposition: form-data; name="{part.name}"'
        if part.filename is not None:
            named += f'; filename="{part.filename}"'
        lines.append(f"{named}\r\n\r\n".encode() + part.content + b"\r\n")
    lines.append(f"--{boundary}--\r\n".encode())
    return b"".join(lines), f"multipart/form-data; boundary={boundary}"


def content_type_of(headers: Headers) -> str:
    """The Content-Type, cut to what openapi-core can take apart; "" when there is none."""
    pieces = (headers.get("content-type") or "").split(";")
    kept = [piece.strip() for piece in pieces[1:] if piece.count("=") == 1]
    return "; ".join([bare(pieces[0]), *kept])


def cookies(headers: Headers) -> list[tuple[str, str]]:
    """The cookies that a request carries."""
    found: list[tuple[str, str]] = []
    for line in headers.all("cookie"):
        try:
            found += [(name, entry.value) for name, entry in SimpleCookie(line).items()]
        except CookieError:
            continue
    return found


def path_values(values: Mapping[str, str]) -> dict[str, str]:
    """Path values decoded, under the names by which openapi-core looks for each style."""
    found: dict[str, str] = {}
    for name, raw in values.items():
        text = unquote(raw)
        found[name] = text
        for mark in ".;":
            found[f"{mark}{name}"] = found[f"{mark}{name}*"] = text
    return found


def plain(value: object) -> Json:
    """A value out of openapi-core as JSON: bytes as text, everything unknown as its text."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return value.decode("utf-8", "replace")
        case Mapping():
            return {str(name): plain(inner) for name, inner in value.items()}
        case Sequence():
            return [plain(inner) for inner in value]
        case _:
            return str(value)


class _Fields(ImmutableMultiDict[str, bytes]):
    """Form fields among which a list that was not sent is absent, not empty."""

    def getlist(self, key: str, type: Any = None) -> Any:
        if key not in self:
            raise KeyError(key)
        return super().getlist(key)


def form_fields(content: bytes, **parameters: str) -> Any:
    """The fields of a multipart body."""
    fields = cast("ImmutableMultiDict[str, bytes]", data_form_loads(content, **parameters))
    return _Fields(list(fields.items(multi=True)))


def strict_json(content: bytes | str, **parameters: str) -> Any:
    """JSON in UTF-8, without the NaN and infinities that Python's reader lets through."""
    text = content if isinstance(content, str) else content.decode()
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _query(query: str, spaced: frozenset[str]) -> list[tuple[str, str]]:
    pairs = parse_qsl(query, keep_blank_values=True)
    # openapi-core splits such a value at the escape, although it is given the decoded text.
    return [(name, v.replace(" ", "%20") if name in spaced else v) for name, v in pairs]
