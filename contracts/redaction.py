"""The one list of what counts as a credential, and how it is taken out of anything written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import quote, unquote_plus

from understudy.contracts.exchange import Form, Request
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
        "ocp-apim-subscription-key",
        "x-amz-security-token",
        "x-goog-api-key",
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
        "aws_access_key_id",
        "client_secret",
        "credential",
        "credentials",
        "id_token",
        "jwt",
        "key",
        "passwd",
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
        "x-goog-credential",
        "x-goog-signature",
    }
)
"""Names of query parameters and body fields, lower case, whose values are credentials; `_`, `-`
and capitals make no difference, nor does what stands before one that is telling."""

_TELLING = ("accesskey", "accesstoken", "apikey", "authtoken", "password", "secret", "signature")
_SHORTEST = 6
_SCHEMES = ("bearer", "digest")
_WORD = re.compile(r"[\s;,]+")
# A name and its value as forms, JSON, headers and queries write them, and a URL's owner.
_NAME = re.compile(
    r"""(?<![\w.\-])([A-Za-z][\w.\-]*+(?:\[\w*\])*+)(\\?["']?\s*+[=:]\s*+\\?["']?)(?!//)"""
)
_VALUE = re.compile(r"""(?:(?:Bearer|Basic|Token)\s++)?[^\s"'&;,<>{}()\\]++""", re.IGNORECASE)
_OWNER = re.compile(r"(://)[^/@\s\"'?#]++@")


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
    """The URL with its owner before the host, and credentials in query and fragment, hidden."""
    start, hash_mark, fragment = url.partition("#")
    start, mark, query = start.partition("?")
    scheme, slashes, rest = start.partition("://")
    if slashes:
        authority, slash, path = rest.partition("/")
        if "@" in authority:
            authority = f"{HIDDEN}@{authority.rpartition('@')[2]}"
        start = f"{scheme}://{authority}{slash}{path}"
    return f"{start}{mark}{redact_query(query)}{hash_mark}{redact_query(fragment)}"


def redact_text(text: str, known: Sequence[str] = ()) -> str:
    """Any text with what it names as a credential hidden, and with it the `known` ones.

    A text may be a URL, a broken body, a page: wherever `name=value` or `"name": "value"` stands.
    """
    for each in known:
        text = text.replace(each, HIDDEN)
    text = _OWNER.sub(rf"\1{HIDDEN}@", text)
    told: list[str] = []
    done = 0
    for named in _NAME.finditer(text):
        if named.start() >= done and secret(named[1]):
            value = _VALUE.match(text, named.end())
            if value is not None:
                told += text[done : named.end()], HIDDEN
                done = value.end()
    return "".join((*told, text[done:]))


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


def redact_violation(violation: Violation, known: Sequence[str] = ()) -> Violation:
    """The violation without the credential that it may be about, and without the `known` ones."""
    names = violation.pointer.split("/")
    if violation.where in ("security", "cookie") or any(map(secret, names)):
        return violation if violation.value is None else replace(violation, value=HIDDEN)
    hidden = _texts(redact_json(violation.value), known)
    return violation if hidden == violation.value else replace(violation, value=hidden)


def credentials_in(request: Request) -> tuple[str, ...]:
    """What a request gives as credentials, the longest first: a reply may say them again."""
    words = (word for name, value in request.headers if secret(name) for word in _WORD.split(value))
    found = {part for word in words for part in (word, word.partition("=")[2])}
    pairs = (pair.partition("=") for pair in request.query.split("&"))
    found |= {unquote_plus(value) for name, _, value in pairs if secret(unquote_plus(name))}
    if isinstance(request.body, Form):
        parts = (part for part in request.body.parts if secret(part.name))
        found |= {part.content.decode("utf-8", "replace") for part in parts}
    telling = (each for each in found - {HIDDEN} if len(each) >= _SHORTEST)
    return tuple(sorted((one for one in telling if one.lower() not in _SCHEMES), key=len)[::-1])


@lru_cache(maxsize=1024)
def alias(credential: str) -> str:
    """A short name for the owner of `credential`, from which it cannot be read back."""
    return f"key-{blake2b(credential.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}"


@lru_cache(maxsize=4096)
def secret(name: str) -> bool:
    """Whether a header, parameter or field of that name holds a credential."""
    lowered = name.lower()
    if lowered in NAMES or lowered in HEADERS:
        return True
    plain = _plain(lowered.rstrip("[]"))
    return plain in _PLAIN or plain.endswith(_TELLING)


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "")


_PLAIN = frozenset(map(_plain, NAMES | HEADERS))


def _pair(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return pair
    if secret(unquote_plus(name)):
        return f"{name}={HIDDEN}"
    if ";" not in value and "%3a%2f%2f" not in value.lower() and "://" not in value:
        return pair
    meant = unquote_plus(value)
    hidden = redact_text(meant)
    return pair if hidden == meant else f"{name}={quote(hidden, safe='[]/:?=;@,')}"


def _texts(value: Json, known: Sequence[str]) -> Json:
    if isinstance(value, str):
        return redact_text(value, known)
    if isinstance(value, Mapping):
        return {name: _texts(inner, known) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(inner, known) for inner in value]
    return value
