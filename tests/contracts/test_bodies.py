"""JSON bodies: read exactly, or refused with a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.bodies import DEEPEST, LONGEST_NUMBER, Malformed, parse_json, too_deep

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


@given(values)
def test_parse_json__reads_back_what_was_written(value: object) -> None:
    """Any JSON value, big integers included, survives."""
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**64), 10**200])
def test_parse_json__integers_stay_exact(number: int) -> None:
    """Integers beyond 64 bits are not rounded to floats."""
    read = parse_json(b'{"n": %d}' % number)
    assert read == {"n": number}
    assert isinstance(read, dict)
    assert type(read["n"]) is int


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"NaN", "JSON"),
        (b"[Infinity]", "JSON"),
        (b"1e999", "JSON"),
        (b'"\xff"', "UTF-8"),
        (b'"\\ud800"', "JSON"),
        (b"\xef\xbb\xbf{}", "JSON"),
        (b"9" * (LONGEST_NUMBER + 1), "digits"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "deep"),
        (b'{"a":' * 100_000, "deep"),
        (b"{} {}", "JSON"),
    ],
)
def test_parse_json__refuses(content: bytes, reason: str) -> None:
    """What is no JSON, or would overwhelm a reader, is malformed and says why."""
    with pytest.raises(Malformed) as caught:
        parse_json(content)
    assert reason in caught.value.expected


def test_too_deep__counts_nesting_not_brackets() -> None:
    """Many brackets side by side, or within strings, are not deep."""
    assert not too_deep(b"[" + b"[]," * 1_000 + b"[]]")
    assert not too_deep(json.dumps({"a": "[" * 1_000, "b": '\\"[[{' * 100}).encode())
    assert not too_deep(b"[" * DEEPEST + b"]" * DEEPEST)
    assert too_deep(b'["' + b"]" * 200 + b'",' + b"[" * DEEPEST)


@given(st.text('[]{}"\\a', max_size=60), st.integers(0, 4))
def test_too_deep__agrees_with_a_plain_count(text: str, limit: int) -> None:
    """The fast test says what a character by character count says."""
    assert too_deep(text.encode(), limit) == (deepest(text) > limit)


def deepest(text: str) -> int:
    depth = most = at = 0
    while at < len(text):
        if text[at] == '"':
            at += 1
            while at < len(text) and text[at] != '"':
                at += 2 if text[at] == "\\" else 1
        elif text[at] in "[{":
            depth += 1
            most = max(most, depth)
        elif text[at] in "]}":
            depth -= 1
        at += 1
    return most
