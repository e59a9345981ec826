"""The one list of what counts as a credential, and how it is taken out of anything written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import unquote_plus

from understudy.contracts.json import Json
from understudy.contracts.violation import Violation

HIDDEN = "[redacted]"
"""What stands in a credential's place."""

HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "x-auth-token",
        "x-understudy-token",
        "api-key",
        "apikey",
    }
)
"""Header names, lower case, whose values are credentials."""

NAMES = frozenset(
    {
        "access_key",
        "access_token",
        "api_key",
        "api-key",
        "apikey",
        "auth",
        "authorization",
        "client_secret",
        "key",
        "password",
        "private_key",
        "refresh_token",
        "secret",
        "secret_key",
        "session_token",
        "sig",
        "signature",
        "token",
        "x-amz-credential",
        "x-amz-security-token",
        "x-amz-signature",
        "x-api-key",
        "x-goog-signature",
    }
)
"""Names of query parameters and body fields, lower case, whose values are credentials."""


def redact_headers(lines: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The header lines with credentials hidden; names and order stay as they are."""
    return tuple(
        [
            (name, HIDDEN) if name in HEADERS or name.lower() in HEADERS else (name, value)
            for name, value in lines
        ]
    )


def redact_query(query: str) -> str:
    """The query string with credentials hidden; all else stays as it was on the wire."""
    if "=" not in query:
        return query
    return "&".join(_pair(pair) for pair in query.split("&"))


def redact_url(url: str) -> str:
    """The URL with a password before the host, and credentials in the query, hidden."""
    start, mark, query = url.partition("?")
    query, hash_mark, fragment = query.partition("#")
    scheme, slashes, rest = start.partition("://")
    if slashes:
        authority, slash, path = rest.partition("/")
        if "@" in authority:
            authority = f"{HIDDEN}@{authority.rpartition('@')[2]}"
        start = f"{scheme}://{authority}{slash}{path}"
    return f"{start}{mark}{redact_query(query)}{hash_mark}{fragment}"


def redact_json(value: Json) -> Json:
    """The value with every field whose name is that of a credential hidden, at any depth."""
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if secret(name) and inner is not None else redact_json(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact_json(inner) for inner in value]
    return value


def redact_violation(violation: Violation) -> Violation:
    """The violation without the credential that it may be about."""
    names = violation.pointer.split("/")
    if violation.where in ("security", "cookie") or any(map(secret, names)):
        return violation if violation.value is None else replace(violation, value=HIDDEN)
    hidden = redact_json(violation.value)
    return violation if hidden == violation.value else replace(violation, value=hidden)


@lru_cache(maxsize=1024)
def alias(credential: str) -> str:
    """A short name for the owner of `credential`, from which it cannot be read back."""
    return f"key-{blake2b(credential.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"


def secret(name: str) -> bool:
    """Whether a header, parameter or field of that name holds a credential."""
    lowered = name.lower()
    return lowered in NAMES or lowered in HEADERS


def _pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    if not equals or not secret(unquote_plus(name)):
        return pair
    return f"{name}={HIDDEN}"
