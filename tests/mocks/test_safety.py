"""Who may talk to a fake, and what a page of another origin may not do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.exchange import Headers
from understudy.mocks.safety import Safety, host_name, is_control, is_loopback

LOCAL = ("host", "127.0.0.1:8642")


def denied(safety: Safety, method: str, path: str, *lines: tuple[str, str]) -> int | None:
    denial = safety.denial(method, path, Headers(lines))
    return denial.status if denial else None


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8642",
        "127.0.0.1",
        "127.8.0.1:1",
        "[::1]:80",
        "app.localhost",
        "localhost.",
    ],
)
def test_host__loopback_names_pass(host: str) -> None:
    """Every spelling of this machine is answered."""
    assert denied(Safety(), "GET", "/x", ("host", host)) is None


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((), 400),
        ((("host", ""),), 400),
        ((("host", "a b"),), 400),
        ((LOCAL, LOCAL), 400),
        ((LOCAL, ("host", "evil.example")), 400),
        ((("host", "evil.example"),), 421),
        ((("host", "127.0.0.1.evil.example"),), 421),
        ((("host", "localhost@evil.example"),), 400),
        ((("host", "evil.example:80#localhost"),), 400),
    ],
)
def test_host__anything_else_is_turned_away(
    lines: tuple[tuple[str, str], ...], status: int
) -> None:
    """A rebound name, an empty line, two lines and nonsense never reach a provider."""
    assert denied(Safety(), "GET", "/x", *lines) == status


def test_host__allowed_names_pass_in_any_case() -> None:
    """--allow-host takes the name as people write it."""
    safety = Safety.of(hosts=["API.Example.com"])
    assert denied(safety, "GET", "/x", ("host", "api.example.COM.:443")) is None


def test_host__message_names_the_option() -> None:
    """A denial says what would have worked."""
    denial = Safety().denial("GET", "/x", Headers([("host", "box.lan")]))
    assert denial is not None
    assert "--allow-host box.lan" in denial.message


@pytest.mark.parametrize(
    ("path", "control"),
    [
        ("/_understudy", True),
        ("/_understudy/reset", True),
        ("/%5Funderstudy/reset", True),
        ("//_understudy/reset", True),
        ("/twelvelabs/_understudy", False),
        ("/", False),
    ],
)
def test_is_control__sees_through_spellings(path: str, control: bool) -> None:
    """No spelling of the path gets the control API treated as a provider."""
    assert is_control(path) is control


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000", ""])
def test_control__writes_of_other_origins_are_refused(origin: str) -> None:
    """A web page, even one on loopback, cannot move the clock."""
    lines = (LOCAL, ("origin", origin))
    assert denied(Safety(), "POST", "/_understudy/reset", *lines) == 403
    assert denied(Safety(), "GET", "/_understudy/clock", *lines) is None


def test_control__same_origin_and_programs_may_write() -> None:
    """A program sends no Origin; a page served from here sends ours."""
    assert denied(Safety(), "POST", "/_understudy/reset", LOCAL) is None
    own = ("origin", "http://127.0.0.1:8642")
    assert denied(Safety(), "POST", "/_understudy/reset", LOCAL, own) is None
    cross = ("sec-fetch-site", "cross-site")
    assert denied(Safety(), "POST", "/_understudy/reset", LOCAL, cross) == 403


def test_control__token_is_asked_for_everywhere_but_health() -> None:
    """Beyond loopback only who has read the server's terminal can look in."""
    safety = Safety.of(token="secret")
    assert denied(safety, "GET", "/_understudy/clock", LOCAL) == 401
    wrong = ("x-understudy-token", "secreT")
    assert denied(safety, "GET", "/_understudy/clock", LOCAL, wrong) == 401
    right = ("x-understudy-token", "secret")
    assert denied(safety, "GET", "/_understudy/clock", LOCAL, right) is None
    assert denied(safety, "GET", "/_understudy/health", LOCAL) is None
    assert denied(safety, "GET", "/twelvelabs/v1.3/indexes", LOCAL) is None


def test_sharing__loopback_and_named_origins_only() -> None:
    """CORS lines name the origin itself, and expose what clients read."""
    safety = Safety.of(origins=["https://app.example/"])
    for origin in ("http://localhost:3000", "https://app.example", "http://[::1]:5173"):
        lines = dict(safety.sharing("/twelvelabs/v1.3/indexes", Headers([("origin", origin)])))
        assert lines["access-control-allow-origin"] == origin
        for name in ("X-Ratelimit-Remaining", "Retry-After", "X-Api-Version"):
            assert name in lines["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in lines
    for origin in ("https://evil.example", "null", "http://localhost.evil.example", "http://[x"):
        lines = dict(safety.sharing("/twelvelabs/v1.3/indexes", Headers([("origin", origin)])))
        assert "access-control-allow-origin" not in lines


def test_sharing__never_for_control() -> None:
    """The control API has no CORS at all."""
    headers = Headers([("origin", "http://localhost:3000")])
    assert Safety().sharing("/_understudy/clock", headers) == ()


def test_preflight__answers_loopback_pages() -> None:
    """A page's preflight is told methods and the headers that it asked for."""
    asked = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "x-api-key, content-type"),
    ]
    answer = Safety().preflight("OPTIONS", "/twelvelabs/v1.3/indexes", Headers(asked))
    assert answer is not None
    status, lines = answer
    assert status == 204
    assert dict(lines)["access-control-allow-headers"] == "x-api-key, content-type"
    refused = Safety().preflight("OPTIONS", "/_understudy/reset", Headers(asked))
    assert refused is not None
    assert refused[0] == 403
    assert not any(name.startswith("access-control-allow") for name, _ in refused[1])


def test_preflight__plain_options_is_none() -> None:
    """OPTIONS without the CORS header goes to the provider."""
    assert Safety().preflight("OPTIONS", "/x", Headers([LOCAL])) is None


@given(st.text(max_size=60))
def test_host_name__never_raises(text: str) -> None:
    """Whatever a Host line holds, it is a name or it is None."""
    name = host_name(text)
    assert name is None or (name == name.lower() and name)
    assert is_loopback(text) in (True, False)
