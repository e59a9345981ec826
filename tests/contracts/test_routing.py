"""Routing: which template a path leads to, and what is said when there is none."""

from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.routing import Match, Miss, Router, names_of


def router(*lines: str, trailing_slash: bool = False) -> Router[str]:
    made: Router[str] = Router(trailing_slash=trailing_slash)
    for line in lines:
        method, template = line.split(" ")
        made.add(method, template, line)
    return made


VIDEOS = router(
    "GET /v2/videos/{id}",
    "GET /v2/videos/{id}/frames",
    "GET /v2/{media_type}/{id}/insights",
    "DELETE /v2/{media_type}/{id}",
    "GET /v2/videos/status",
    "POST /connections:authorize",
    "POST /tasks/{id}:cancel",
    "GET /tasks/{id}",
    "GET /",
)


@pytest.mark.parametrize(
    ("call", "found", "values"),
    [
        ("GET /v2/videos/7", "GET /v2/videos/{id}", ("7",)),
        ("GET /v2/videos/status", "GET /v2/videos/status", ()),
        ("GET /v2/videos/7/frames", "GET /v2/videos/{id}/frames", ("7",)),
        ("GET /v2/videos/7/insights", "GET /v2/{media_type}/{id}/insights", ("videos", "7")),
        ("DELETE /v2/videos/7", "DELETE /v2/{media_type}/{id}", ("videos", "7")),
        ("POST /connections:authorize", "POST /connections:authorize", ()),
        ("POST /connections%3Aauthorize", "POST /connections:authorize", ()),
        ("POST /tasks/7:cancel", "POST /tasks/{id}:cancel", ("7",)),
        ("POST /tasks/a%2Fb%3Acancel", "POST /tasks/{id}:cancel", ("a%2Fb",)),
        ("GET /tasks/7:cancel", "GET /tasks/{id}", ("7:cancel",)),
        ("GET /", "GET /", ()),
    ],
)
def test_find__static_before_parameter_with_backtracking(
    call: str, found: str, values: tuple[str, ...]
) -> None:
    """The most static template wins; a branch that ends nowhere is taken back."""
    match = VIDEOS.find(*call.split(" "))
    assert isinstance(match, Match)
    assert (match.target, match.values) == (found, values)


@pytest.mark.parametrize("path", ["/v2", "/v2/videos", "/v2/videos/", "/tasks//x", "", "//", "/x"])
def test_find__nothing(path: str) -> None:
    """A path that fits no template is a miss without methods; no value is ever empty."""
    assert VIDEOS.find("GET", path) == Miss()


def test_find__wrong_method_names_the_right_ones() -> None:
    """A path that exists under other methods says which, over every template that fits."""
    assert VIDEOS.find("PUT", "/v2/videos/7") == Miss("/v2/videos/{id}", ("DELETE", "GET"))
    assert VIDEOS.find("PATCH", "/tasks/7:cancel") == Miss("/tasks/{id}:cancel", ("GET", "POST"))


def test_find__a_path_written_out_stands_before_templates() -> None:
    """Under another method it is a path with other methods, not a value of a template."""
    made = router("GET /tasks/status", "GET /tasks/{id}", "DELETE /tasks/{id}")
    assert made.find("DELETE", "/tasks/status") == Miss("/tasks/status", ("GET",))
    assert isinstance(made.find("DELETE", "/tasks/7"), Match)


def test_find__trailing_slash_only_where_tolerated() -> None:
    """One trailing slash is dropped when the document says so, and never otherwise."""
    lax = router("GET /pets", "GET /", trailing_slash=True)
    assert isinstance(lax.find("GET", "/pets/"), Match)
    assert isinstance(lax.find("GET", "/"), Match)
    assert lax.find("GET", "/pets//") == Miss()
    assert router("GET /pets").find("GET", "/pets/") == Miss()


def test_nearest__offers_what_looks_alike() -> None:
    """A misspelt path is answered with the operations that come closest."""
    assert VIDEOS.nearest("GET", "/v2/video/7")[0] == "GET /v2/videos/{id}"
    assert VIDEOS.nearest("GET", "/" + "z" * 5_000) == ()


def test_find__several_parameters_in_one_segment() -> None:
    """Fixed text parts the parameters of a segment; a very long segment is refused quickly."""
    made = router("GET /{from}..{to}", "GET /{name}.{kind}")
    assert made.find("GET", "/1..2") == Match("GET /{from}..{to}", "/{from}..{to}", ("1", "2"))
    assert isinstance(made.find("GET", "/clip.mp4"), Match)
    assert made.find("GET", "/" + "." * 100_000) == Miss()


segments = st.text(min_size=1, max_size=12).filter(lambda text: text not in (".", ".."))


@given(st.lists(segments, min_size=1, max_size=4))
def test_find__values_survive_percent_encoding(values: list[str]) -> None:
    """Whatever a value holds, encoded into a path it comes back, slashes included."""
    template = "".join(f"/items/{{p{at}}}" for at in range(len(values)))
    made = router(f"GET {template}")
    try:
        path = "".join(f"/items/{quote(value, safe='')}" for value in values)
    except UnicodeEncodeError:
        return
    match = made.find("GET", path)
    assert isinstance(match, Match)
    assert [unquote(value) for value in match.values] == values


def test_names_of() -> None:
    """Names come in the order of the template."""
    assert names_of("/a/{b-c}/{d}:e") == ("b-c", "d")
