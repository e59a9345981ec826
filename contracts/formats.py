"""The formats of OpenAPI that JSON Schema does not know: int32, int64, byte.

`float` and `double` say how precise a number is, and are not checked: every number that JSON
text can carry is a double, and a bound with a fraction costs the validator three hundred times
the check without one, for each of the two hundred thousand numbers in a video's vectors.
"""

import re
from collections.abc import Callable

_BOUNDS: dict[str, tuple[int, int]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
}
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def bounds(name: str) -> tuple[int, int] | None:
    """The least and the greatest number that a numeric format holds; None for other formats."""
    return _BOUNDS.get(name)


def checks() -> dict[str, Callable[[str], bool]]:
    """Checks of text by format name, beside those that the validator brings along."""
    return {"byte": is_byte}


def is_byte(text: str) -> bool:
    """Whether a text is base64 (RFC 4648, section 4), with padding."""
    return _BASE64.fullmatch(text) is not None
