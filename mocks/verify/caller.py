"""Makes the suite's calls, one at a time, through a client of httpx2."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson

from understudy.contracts.adapters import request_of, response_of
from understudy.contracts.exchange import Request, Response
from understudy.contracts.json import Json
from understudy.contracts.media import kind_of
from understudy.contracts.operation import Operation
from understudy.contracts.redaction import redact_text, redact_url
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.verify.ask import Ask

if TYPE_CHECKING:
    import httpx2

PATIENT = 60.0
"""Seconds that a reply may ask to be left alone for, before the suite gives up on it."""
_AGAIN = 2


@dataclass(frozen=True, slots=True)
class Said:
    """An exchange with the service; the request's path is relative to the document's base."""

    request: Request
    response: Response
    at: float


class Unreachable(Exception):
    """The service could not be asked; the message says what happened, without credentials."""


class Refused(Unreachable):
    """The service answers, but nobody would learn from it; the message says why."""


class Caller:
    """One account at one service. `client` knows the base URL; nothing else is kept in it."""

    def __init__(
        self,
        client: "httpx2.Client",
        key: str,
        *,
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.now = now
        self.sleep = sleep
        self._client = client
        self._key = key

    def build(self, ask: Ask, key: str | None = None) -> "tuple[httpx2.Request, Request]":
        """The request as it will be sent, and the same as the contract reads it."""
        path = _path(ask)
        headers, query = credential(ask.operation, self._key if key is None else key)
        headers.update({name: str(value) for name, value in ask.header.items()})
        asked = {**{name: _texts(value) for name, value in ask.query.items()}, **query}
        body = _body(ask, headers)
        made = self._client.build_request(
            ask.operation.method,
            path,
            params=asked or None,
            headers=headers,
            content=body.content,
            data=body.fields,
            files=body.parts,
        )
        return made, replace(request_of(made), path=path)

    def send(self, wired: "httpx2.Request", request: Request) -> Said:
        """The exchange; a 429 is waited for as long as it asks, a few times."""
        said = self._sent(wired, request)
        for _ in range(_AGAIN):
            wait = retry_after(said.response)
            if said.response.status != 429 or wait is None or wait > PATIENT:
                break
            self.sleep(wait)
            said = self._sent(wired, request)
        return said

    def _sent(self, wired: "httpx2.Request", request: Request) -> Said:
        import httpx2

        at = self.now()
        try:
            return Said(request, response_of(self._client.send(wired)), at)
        except httpx2.HTTPError as error:
            asked = f"{request.method} {wired.url.copy_with(query=None)}"
            why = f"{type(error).__name__}: {redact_text(str(error)) or 'no more is known'}"
            raise Unreachable(f"{redact_url(asked)} got no reply ({why})") from None


def retry_after(response: Response) -> float | None:
    """The seconds that a reply asks to wait; None where it names none."""
    try:
        return max(0.0, float(response.headers.get("retry-after") or ""))
    except ValueError:
        return None


def credential(operation: Operation, key: str) -> tuple[dict[str, str], dict[str, str]]:
    """The headers and the query that show a key as the document wants it; empty without one."""
    root = operation.document.root
    node = mapping(operation.document.at(operation.pointer))
    wanted = elements(node.get("security", root.get("security")))
    schemes = mapping(mapping(root.get("components")).get("securitySchemes"))
    for name in mapping(wanted[0]) if wanted and key else ():
        scheme = mapping(operation.document.resolve(schemes.get(name))[0])
        if scheme.get("type") == "http":
            return {"authorization": f"{text(scheme.get('scheme')).capitalize()} {key}"}, {}
        if scheme.get("in") == "query":
            return {}, {text(scheme.get("name")): key}
        if scheme.get("in") == "header":
            return {text(scheme.get("name")).lower(): key}, {}
    return {}, {}


def _path(ask: Ask) -> str:
    path = ask.operation.template
    for name, value in ask.path.items():
        path = path.replace(f"{{{name}}}", quote(_text(value), safe=""))
    return path


@dataclass(frozen=True, slots=True)
class _Body:
    """A body as httpx2 takes it: bytes, fields of a form, or parts."""

    content: bytes | None = None
    fields: dict[str, str | list[str]] | None = None
    parts: list[tuple[str, tuple[None, str]]] | None = None


def _body(ask: Ask, headers: dict[str, str]) -> _Body:
    if ask.body is None or not ask.media_type:
        return _Body()
    if kind_of(ask.media_type) == "json":
        headers["content-type"] = ask.media_type
        return _Body(content=orjson.dumps(ask.body))
    fields = {name: _texts(value) for name, value in mapping(ask.body).items()}
    if kind_of(ask.media_type) == "multipart":
        return _Body(
            parts=[(name, (None, each)) for name, held in fields.items() for each in _each(held)]
        )
    return _Body(fields=fields)


def _each(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _texts(value: Json) -> str | list[str]:
    if isinstance(value, list | tuple):
        return [_text(each) for each in value]
    return _text(value)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
