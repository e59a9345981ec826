"""Laws of rate limits."""

from collections.abc import Iterator

import httpx2
import pytest
from stage import client_of, new_index, new_video, refused

from understudy.mocks import Fake
from understudy.mocks.rate import Rate, RateError

URL = "https://cdn.example/red-fox.mp4?duration=30"


@pytest.fixture
def fake() -> Iterator[Fake]:
    """Two calls in ten seconds."""
    with Fake("twelvelabs", time="manual", rate="2/10") as made:
        yield made


@pytest.fixture
def api(fake: Fake) -> Iterator[httpx2.Client]:
    """A client of one tenant."""
    with client_of(fake, "tlk_test") as client:
        yield client


@pytest.fixture
def body(fake: Fake, api: httpx2.Client) -> dict[str, object]:
    """A request that can be answered."""
    return {"video_id": new_video(fake, api, new_index(api, "films"), URL), "types": ["title"]}


def told(response: httpx2.Response) -> tuple[int, ...]:
    """Limit, remaining, used and reset, as the headers say them."""
    names = ("limit", "remaining", "used", "reset")
    return tuple(int(response.headers[f"x-ratelimit-{name}"]) for name in names)


def test_rates__counted_refused_and_renewed(
    fake: Fake, api: httpx2.Client, body: dict[str, object]
) -> None:
    """Each call counts; past the limit it is 429 with when to try again, and then it goes on."""
    reset = int(fake.clock.now()) + 10
    assert told(api.post("/gist", json=body)) == (2, 1, 1, reset)
    fake.clock.advance(4)
    assert told(api.post("/gist", json=body)) == (2, 0, 2, reset)
    response = api.post("/gist", json=body)
    assert "2 calls" in refused(response, 429, "too_many_requests")
    assert told(response) == (2, 0, 2, reset)
    assert response.headers["retry-after"] == "6"
    fake.clock.advance(5.5)
    assert api.post("/gist", json=body).headers["retry-after"] == "1"
    fake.clock.advance(0.5)
    assert told(api.post("/gist", json=body)) == (2, 1, 1, reset + 10)


def test_rates__each_operation_and_tenant_for_itself(
    fake: Fake, api: httpx2.Client, body: dict[str, object]
) -> None:
    """A limit that one operation or tenant has reached does not bind the others."""
    codes = [api.post("/gist", json=body).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    asked = {"video_id": body["video_id"], "type": "summary"}
    assert told(api.post("/summarize", json=asked))[1] == 1
    with client_of(fake, "tlk_other") as other:
        assert other.post("/gist", json=body).status_code == 404
    fake.reset()
    assert api.post("/gist", json=body).status_code == 404


def test_rates__limited_without_a_word(api: httpx2.Client) -> None:
    """Operations whose success declares no such header are limited as well, and do not tell."""
    for _ in range(2):
        response = api.get("/indexes")
        assert response.status_code == 200
        assert not any("ratelimit" in name.lower() for name in response.headers)
    assert "2 calls" in refused(api.get("/indexes"), 429, "too_many_requests")
    new_index(api, "films")


def test_rates__refused_requests_count_strangers_do_not(
    fake: Fake, api: httpx2.Client, body: dict[str, object]
) -> None:
    """A bad request uses the window up as well; one with a wrong key uses up nobody's."""
    with client_of(fake, "invalid-key") as stranger:
        for _ in range(3):
            assert stranger.post("/gist", json=body).status_code == 401
    assert api.post("/gist", json={}).status_code == 400
    assert told(api.post("/gist", json=body))[2] == 2


def test_rates__off_by_default(fake: Fake) -> None:
    """Without a rate no reply speaks of one and none is refused."""
    with Fake("twelvelabs", time="manual") as free, client_of(free, "tlk_test") as api:
        video = new_video(free, api, new_index(api, "films"), URL)
        for _ in range(5):
            response = api.post("/gist", json={"video_id": video, "types": ["title"]})
            assert response.status_code == 200
            assert "x-ratelimit-limit" not in response.headers


@pytest.mark.parametrize("path", ["/gist", "/summarize", "/analyze", "/generate", "/search"])
def test_rates__every_limited_operation(api: httpx2.Client, path: str) -> None:
    """Search and every operation that writes texts can be limited."""
    codes = [api.post(path, json={}).status_code for _ in range(3)]
    assert codes[0] in (400, 415)
    assert codes[2] == 429


@pytest.mark.parametrize("path", ["6f2d0b14-5a0e-4c62-8f5b-0d8c1d8a7e21-1"])
def test_rates__reading_a_page_is_free(api: httpx2.Client, path: str) -> None:
    """Pages of a search do not use the window up."""
    for _ in range(4):
        assert api.get(f"/search/{path}").status_code == 404


@pytest.mark.parametrize("text", ["", "5", "0/10", "5/0", "-1/3", "a/b", "5/10/2", "1e3/5"])
def test_rate__unreadable(text: str) -> None:
    """A rate that is not calls/seconds, or allows nothing, is refused with an example."""
    with pytest.raises(RateError, match="50/60"):
        Rate.read(text)


def test_rate__read() -> None:
    """Calls and seconds; parts of a second are fine."""
    assert Rate.read("50/60") == Rate(50, 60.0)
    assert Rate.read("1/0.5") == Rate(1, 0.5)
