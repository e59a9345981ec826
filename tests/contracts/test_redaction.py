"""Credentials are hidden wherever they stand, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.exchange import Form, Headers, Part, Request
from understudy.contracts.redaction import (
    HEADERS,
    HIDDEN,
    NAMES,
    alias,
    credentials_in,
    redact_headers,
    redact_json,
    redact_query,
    redact_text,
    redact_url,
    redact_violation,
    secret,
)
from understudy.contracts.violation import Violation

words = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(st.sampled_from(sorted(HEADERS)), words)))
def test_headers__hide_every_credential(lines: list[tuple[str, str]]) -> None:
    """The names stay in their spelling and order, the values go."""
    titled = [(name.title(), value) for name, value in lines]
    assert redact_headers(titled) == tuple((name, HIDDEN) for name, _ in titled)


@given(st.lists(st.tuples(words.filter(lambda w: not secret(w)), words)))
def test_headers__leave_the_rest(lines: list[tuple[str, str]]) -> None:
    """What is no credential is written as it came."""
    assert redact_headers(lines) == tuple(lines)


@given(st.lists(words.filter(lambda w: not secret(w))), st.sampled_from(sorted(NAMES)))
def test_query__hides_by_name(others: list[str], name: str) -> None:
    """Only the value of the credential changes, even when its name is percent-encoded."""
    plain = [f"{other}=1%20a" for other in others]
    assert redact_query("&".join(plain)) == "&".join(plain)
    encoded = "".join(f"%{ord(c):02X}" for c in name)
    query = "&".join([f"{name.upper()}=s3cret", *plain, f"{encoded}=s3cret"])
    redacted = redact_query(query)
    assert "s3cret" not in redacted
    assert redacted.count(HIDDEN) == 2


def test_url__hides_password_and_query() -> None:
    """Scheme, host, path and fragment stay."""
    url = "https://me:pass@host/a/b?x=1&token=t0p#end"
    assert redact_url(url) == f"https://{HIDDEN}@host/a/b?x=1&token={HIDDEN}#end"
    assert redact_url("/path?page=2") == "/path?page=2"


def test_json__hides_fields_at_any_depth() -> None:
    """Objects in lists in objects are searched."""
    value = {"a": [{"api_key": "s3cret", "b": 1}], "Password": "s3cret", "token": None}
    assert redact_json(value) == {
        "a": [{"api_key": HIDDEN, "b": 1}],
        "Password": HIDDEN,
        "token": None,
    }


def test_violation__hides_the_value_it_is_about() -> None:
    """By place, by pointer, and inside a body; an innocent value is left."""

    def about(where: str, pointer: str, value: object) -> Violation:
        return redact_violation(Violation("p", "op", where, pointer, value, "x", "y"))  # type: ignore[arg-type]

    assert about("security", "", "s3cret").value == HIDDEN
    assert about("security", "", None).value is None
    assert about("header", "/X-Api-Key", "s3cret").value == HIDDEN
    assert about("body", "", {"secret": "s3cret"}).value == {"secret": HIDDEN}
    assert about("query", "/page", "x").value == "x"


def test_alias__is_stable_and_tells_nothing() -> None:
    """The same credential has the same alias, and the alias does not hold it."""
    assert alias("s3cret") == alias("s3cret") != alias("other")
    assert "s3cret" not in alias("s3cret")


@pytest.mark.parametrize(
    "name",
    ["accessToken", "client_secret[]", "AWSAccessKeyId", "X-Goog-Credential", "webhookSecret",
     "X-AMZ-Security-Token"],
)  # fmt: skip
def test_secret__is_known_in_every_spelling(name: str) -> None:
    """Capitals, separators and the brackets of a list make no difference."""
    assert secret(name)


@pytest.mark.parametrize("name", ["page_token", "max_tokens", "index_name", "keywords", "author"])
def test_secret__is_no_longer_word(name: str) -> None:
    """What only looks like one stays readable."""
    assert not secret(name)


@pytest.mark.parametrize(
    "text",
    [
        '{"api_key": "s3cret", ',
        "<p>token=s3cret</p>",
        "https://bucket.example/a?X-Amz-Signature=s3cret&x=1",
        "url=https://bucket.example/a?token=s3cret",
        "https://me:s3cret@host/a",
        "a=1;token=s3cret",
        "Authorization: Bearer s3cret",
        r"{\"token\": \"s3cret\"}",
    ],
)
def test_text__hides_what_it_names(text: str) -> None:
    """A broken body, a page, a URL within a text: the name is enough."""
    assert "s3cret" not in redact_text(text)
    assert HIDDEN in redact_text(text)


def test_text__without_credentials_stays() -> None:
    """Every other text is left as it was."""
    for text in ("https://host:80/a?page=2#b", '{"index_name": "films"}', "max_tokens: 5", ""):
        assert redact_text(text) == text


def test_url__hides_what_a_parameter_quotes_and_the_fragment() -> None:
    """A signed URL may be the value of a parameter, a token the fragment."""
    inner = "https%3A%2F%2Fb%2Fx%3FX-Amz-Signature%3Ds3cret"
    assert "s3cret" not in redact_url(f"https://host/a?page=2&url={inner}#access_token=s3cret")
    assert redact_url("/a?url=https%3A%2F%2Fb%2Fx") == "/a?url=https%3A%2F%2Fb%2Fx"


def test_credentials__are_hidden_where_a_reply_says_them_again() -> None:
    """Header, cookie, query and form: each is known, and no scheme is one."""
    lines = [
        ("Authorization", "Bearer tlk_12345"),
        ("Cookie", "a=cookie99; b=1"),
        ("accept", "x/yz"),
    ]
    body = Form((Part("api_key", b"formed1", None, None, 7),))
    known = credentials_in(Request("POST", "/a", "token=queried&page=manyyy", Headers(lines), body))
    assert {"tlk_12345", "cookie99", "queried", "formed1"} <= set(known)
    assert not {"Bearer", "x/yz", "manyyy"} & set(known)
    said = Violation("p", "op", "response body", "", {"m": ["no tlk_12345 here"]}, "x", "y")
    assert redact_violation(said, known).value == {"m": [f"no {HIDDEN} here"]}
