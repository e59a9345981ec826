"""JSON on the wire, taken apart without letting a hostile body reach the C parser."""

import json
import re

import orjson

from understudy.contracts.json import Json

DEEPEST = 64
LONGEST_NUMBER = 300

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
# The shortest integers that 64 bits cannot hold have 19 digits.
_LONG = b"0" * 19


class Malformed(ValueError):
    """Wire text that cannot be read: what it was, and what was expected of it."""

    def __init__(self, value: Json, expected: str) -> None:
        self.value = value
        self.expected = expected
        super().__init__(f"{value!r}, expected {expected}")


def parse_json(content: bytes) -> Json:
    """The value of a JSON text; raises Malformed.

    Refuses what is not UTF-8, NaN and infinities, nesting deeper than DEEPEST and numbers
    longer than LONGEST_NUMBER digits. Integers keep their exact value however large.
    """
    if too_deep(content):
        raise Malformed(_head(content), f"JSON nested at most {DEEPEST} deep")
    try:
        value: Json = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Malformed(_head(content), _wrong(content, error)) from None
    # orjson turns integers beyond 64 bits into floats; read those again, exactly.
    if len(content) >= 19 and _LONG in content.translate(_DIGITS):
        try:
            return _exact(content)
        except RecursionError:
            raise Malformed(_head(content), "JSON nested less deeply") from None
    return value


def too_deep(content: bytes, limit: int = DEEPEST) -> bool:
    """Whether brackets nest deeper than `limit`, found in time linear in the content."""
    if content.count(b"[") + content.count(b"{") <= limit:
        return False
    brackets = content.translate(None, _NOT_BRACKETS)
    # Peel innermost pairs; brackets within strings only make this give up, never pass wrongly.
    for _ in range(limit):
        peeled = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if not peeled:
            return False
        if len(peeled) == len(brackets):
            break
        brackets = peeled
    depth = 0
    for token in _TOKEN.finditer(content):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
            if depth > limit:
                return True
        elif first in b"]}":
            depth -= 1
    return False


def _exact(content: bytes) -> Json:
    value: Json = json.loads(content, parse_int=_integer)
    return value


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise Malformed(text[:40], f"a number of at most {LONGEST_NUMBER} digits")
    return int(text)


def _wrong(content: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        content.decode()
    except UnicodeDecodeError as broken:
        return f"JSON in UTF-8 (byte {broken.start} is not)"
    return f"JSON ({error.msg} at line {error.lineno}, column {error.colno})"


def _head(content: bytes) -> str:
    return content[:80].decode("utf-8", "replace")
