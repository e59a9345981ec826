"""Where the key and the base URL come from: the argument, else the environment."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from understudy.client.errors import UsageError


def key_from(argument: str | None, variable: str, environ: Mapping[str, str] = os.environ) -> str:
    """The API key; it is never shown, not even in the error about it."""
    key = (argument if argument is not None else environ.get(variable, "")).strip()
    if not key:
        raise UsageError(f"There is no API key; pass api_key or set {variable}.")
    if not key.isascii() or not key.isprintable():
        raise UsageError("The API key holds characters that no key has.")
    return key


def base_url_from(
    argument: str | None, variable: str, default: str, environ: Mapping[str, str] = os.environ
) -> str:
    """The base URL with its version, and without a slash at the end."""
    url = (argument if argument is not None else environ.get(variable) or default).strip()
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"{url!r} is no base URL; expected one such as {default!r}.")
    return url.rstrip("/")
