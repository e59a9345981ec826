"""Requests as values: paths that stay in place, queries and forms as the service reads them."""

from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import unquote

import httpx2
import pytest
from callers import KEY, Blocking, Script, reply
from hypothesis import given
from hypothesis import strategies as st

from understudy.client import Range, UsageError
from understudy.client.call import Call, path, text
from understudy.client.settings import base_url_from, key_from


@given(st.text(min_size=1).filter(lambda segment: segment not in {".", ".."}))
def test_path__keeps_an_id_in_its_segment(segment: str) -> None:
    """Slashes, dots and question marks in an id lead nowhere else."""
    try:
        segment.encode()
    except UnicodeEncodeError:
        return
    made = path("/indexes/{}/videos", segment)
    assert made.count("/") == 3 and "?" not in made and "#" not in made
    assert unquote(made.split("/")[2]) == segment


@pytest.mark.parametrize("wrong", ["", ".", "..", None, 7])
def test_path__refuses_what_is_no_id(caller: Blocking, wrong: object) -> None:
    """An empty id would delete the wrong thing; nothing is sent."""
    script = Script(reply(204))
    with pytest.raises(UsageError, match="is no id"):
        caller.run(caller.client(script.transport).indexes.delete(wrong))
    assert script.requests == []


def test_query__is_written_as_the_service_reads_it() -> None:
    """None is left out, lists are repeated, bounds stand in brackets."""
    call = Call(
        "GET",
        "/x",
        {
            "none": None,
            "yes": True,
            "many": ["a b", "c"],
            "size": Range(gte=1, lt=2.5),
            "day": date(2025, 7, 2),
        },
    )
    assert call.target == (
        "/x?yes=true&many=a+b&many=c&size%5Bgte%5D=1&size%5Blt%5D=2.5&day=2025-07-02"
    )
    assert Call("GET", "/x").target == "/x" and str(call) == "GET /x"


def test_moments__are_in_utc() -> None:
    """A moment without a zone is taken as UTC, one with a zone is moved there."""
    assert text(datetime(2025, 7, 2, 12)) == "2025-07-02T12:00:00.000Z"  # noqa: DTZ001
    assert text(datetime(2025, 7, 2, 12, tzinfo=UTC)) == "2025-07-02T12:00:00.000Z"
    east = timezone(timedelta(hours=2))
    assert text(datetime(2025, 7, 2, 12, tzinfo=east)) == "2025-07-02T10:00:00.000Z"


def test_headers__carry_the_key_and_no_more(caller: Blocking) -> None:
    """The key goes in its header, under the client's own name; bodies say what they are."""
    script = Script(reply(201, {"_id": "1"}))
    caller.run(caller.client(script.transport).indexes.create("films", []))
    [request] = script.requests
    assert request.url == httpx2.URL("https://api.example/v1.3/indexes")
    assert request.headers["x-api-key"] == KEY
    assert request.headers["user-agent"].startswith("understudy-client/")
    assert request.headers["content-type"] == "application/json"


def test_key__is_never_shown(caller: Blocking) -> None:
    """Not in the representation, and not in the error about a bad one."""
    client = caller.client(Script(reply(204)).transport)
    assert KEY not in repr(client) and "https://api.example/v1.3" in repr(client)
    with pytest.raises(UsageError) as caught:
        key_from("tlk_\nsecret", "X")
    assert "secret" not in str(caught.value)


def test_settings__come_from_argument_or_environment(
    caller: Blocking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The argument wins; without a key there is no client, without a URL there is a default."""
    assert key_from(" a ", "KEY", {"KEY": "b"}) == "a"
    assert key_from(None, "KEY", {"KEY": "b"}) == "b"
    for argument, environ in ((None, {}), ("", {"KEY": "b"}), (None, {"KEY": " "})):
        with pytest.raises(UsageError, match="set KEY"):
            key_from(argument, "KEY", environ)
    default = "https://api.example/v1"
    assert base_url_from(None, "URL", default, {}) == default
    assert base_url_from(None, "URL", default, {"URL": "http://h:1/v2/"}) == "http://h:1/v2"
    assert base_url_from("http://h/v3", "URL", default, {"URL": "http://h:1"}) == "http://h/v3"
    for wrong in ("ftp://h", "h/v1", "http://", "http://h?x=1", ""):
        with pytest.raises(UsageError, match="no base URL"):
            base_url_from(wrong, "URL", default, {})
    monkeypatch.setenv("TWELVELABS_BASE_URL", "http://127.0.0.1:8642/twelvelabs/v1.3")
    assert "8642" in repr(caller.client(Script(reply(204)).transport, base_url=None))
    monkeypatch.delenv("TWELVELABS_BASE_URL")
    assert "https://api.twelvelabs.io/v1.3" in repr(
        caller.client(Script(reply(204)).transport, base_url=None)
    )


@pytest.mark.parametrize("wrong", [{"timeout": 0}, {"deadline": -1}])
def test_options__must_make_sense(caller: Blocking, wrong: dict[str, float]) -> None:
    """A time-out of nothing is a mistake, found before anything is sent."""
    with pytest.raises(UsageError, match="positive"):
        caller.client(Script(reply(204)).transport).with_options(**wrong)
