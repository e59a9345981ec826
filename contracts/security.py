"""Security requirements: which credentials a request presents, and whether they suffice.

Only presence is checked: whether a key is right is the provider's business, not the contract's.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from understudy.contracts.bodies import Malformed
from understudy.contracts.document import Document
from understudy.contracts.exchange import Headers
from understudy.contracts.operation import Operation
from understudy.contracts.styles import query_text
from understudy.contracts.violation import Violation

Pairs: TypeAlias = "Mapping[str, list[str]]"
Presented: TypeAlias = Callable[[Headers, Pairs, Pairs], "str | None"]

OTHER = "a credential of another kind"
"""What a violation shows of an Authorization header that is not what is asked for."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One security scheme: where its credential is, in words, and how it is read.

    `query` is the name of the query parameter that carries it, "" when it is not in the query.
    """

    name: str
    place: str
    expected: str
    presented: Presented
    query: str = ""


class Guard:
    """The security of one operation: any of the requirements, each all of its schemes."""

    __slots__ = ("_one", "alternatives", "pointer", "schemes")

    def __init__(self, alternatives: tuple[tuple[Scheme, ...], ...], pointer: str) -> None:
        self.alternatives = alternatives
        self.pointer = pointer
        self.schemes = tuple({s.name: s for each in alternatives for s in each}.values())
        single = len(alternatives) == 1 and len(alternatives[0]) == 1
        self._one = alternatives[0][0] if single else None

    def read(
        self, headers: Headers, query: Pairs, cookies: Pairs, operation: Operation
    ) -> tuple[dict[str, str], Violation | None]:
        """The credentials by scheme name, and the violation when they do not suffice."""
        if self._one is not None:
            value = self._one.presented(headers, query, cookies)
            if value:
                return {self._one.name: value}, None
            return {}, self._violation(operation, headers)
        held = {
            scheme.name: value
            for scheme in self.schemes
            if (value := scheme.presented(headers, query, cookies))
        }
        for needed in self.alternatives:
            if all(scheme.name in held for scheme in needed):
                return held, None
        return held, (self._violation(operation, headers) if self.alternatives else None)

    def _violation(self, operation: Operation, headers: Headers) -> Violation:
        place = self.schemes[0].place if len(self.schemes) == 1 else ""
        other = place == "/authorization" and headers.get("authorization") is not None
        expected = " or ".join(
            " and ".join(scheme.expected for scheme in needed) for needed in self.alternatives
        )
        value = OTHER if other else None
        return operation.violation("security", place, value, expected, self.pointer)


def guard_of(document: Document, operation: str) -> Guard:
    """The guard of the operation at a pointer; the document's own security where it has none."""
    node = document.at(operation)
    own = isinstance(node, Mapping) and "security" in node
    pointer = f"{operation}/security" if own else "/security"
    holder = node if own else document.root
    listed = holder.get("security") if isinstance(holder, Mapping) else None
    alternatives: list[tuple[Scheme, ...]] = []
    for requirement in listed if isinstance(listed, list | tuple) else ():
        if isinstance(requirement, Mapping):
            found = tuple(_scheme(document, name) for name in requirement)
            # A scheme that cannot be seen in a request (mutualTLS) asks for nothing here.
            alternatives.append(tuple(scheme for scheme in found if scheme is not None))
    return Guard(tuple(alternatives), pointer)


def _scheme(document: Document, name: str) -> Scheme | None:
    escaped = name.replace("~", "~0").replace("/", "~1")
    pointer = f"/components/securitySchemes/{escaped}"
    try:
        node = document.resolve(document.at(pointer), pointer)[0]
    except KeyError:
        return None
    if not isinstance(node, Mapping):
        return None
    kind, where = node.get("type"), str(node.get("in", "header"))
    key = str(node.get("name", ""))
    if kind == "apiKey":
        expected = f"a key in the {where} {'parameter ' if where == 'query' else ''}{key}"
        query = key if where == "query" else ""
        return Scheme(name, f"/{key}", expected, _key(where, key), query)
    if kind == "http":
        method = str(node.get("scheme", "bearer")).lower()
        return Scheme(
            name, "/authorization", f"Authorization: {method.capitalize()} ...", _http(method)
        )
    if kind in ("oauth2", "openIdConnect"):
        return Scheme(name, "/authorization", "Authorization: Bearer ...", _http("bearer"))
    return None


def _key(where: str, key: str) -> Presented:
    if where == "query":
        return lambda headers, query, cookies: _first(query, key)
    if where == "cookie":
        return lambda headers, query, cookies: _first(cookies, key)
    lowered = key.lower()
    return lambda headers, query, cookies: headers.get(lowered)


def _first(pairs: Pairs, key: str) -> str | None:
    values: Sequence[str] = pairs.get(key, ())
    try:
        return query_text(values[0]) if values else None
    except Malformed:
        return None


def _http(method: str) -> Presented:
    def presented(headers: Headers, query: Pairs, cookies: Pairs) -> str | None:
        named, _, token = (headers.get("authorization") or "").partition(" ")
        token = token.strip()
        if named.lower() != method or not token:
            return None
        return _basic(token) if method == "basic" else token

    return presented


def _basic(token: str) -> str | None:
    """`user:password` in clear, None when the token is no such thing."""
    try:
        clear = base64.b64decode(token, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return clear if ":" in clear else None
