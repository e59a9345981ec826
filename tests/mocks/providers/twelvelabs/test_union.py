"""Today's version and the one of 2025 at one address: each call is read by whom it suits."""

from collections.abc import Iterator

import httpx2
import pytest
from stage import MODELS, client_of, new_index, refused, upload

from understudy.mocks import Fake


@pytest.fixture
def gone() -> Iterator[httpx2.Client]:
    """A client of a fake that has withdrawn what the vendor has withdrawn."""
    fake = Fake("twelvelabs", time="manual", retired="gone")
    with fake, client_of(fake, "tlk_gone") as client:
        yield client


def test_withdrawn_call__is_served(api: httpx2.Client, index: str) -> None:
    """By default an old program goes on: /gist is looked for, and misses only its video."""
    body = {"video_id": "0" * 24, "types": ["title"]}
    assert api.post("/gist", json=body).status_code == 404
    assert api.post("/gist", json=body).json()["code"] == "resource_not_exists"


def test_call_of_both__one_store(api: httpx2.Client) -> None:
    """An index that only the older document takes is listed by the newer one."""
    made = new_index(api, "old films")
    assert [each["_id"] for each in api.get("/indexes").json()["data"]] == [made]


def test_call_of_neither__todays_words(api: httpx2.Client) -> None:
    """A request that no version takes is refused by the current one."""
    reply = api.post("/indexes", json={"index_name": 3})
    assert reply.status_code == 400
    assert reply.json()["code"].startswith("parameter_")


@pytest.mark.parametrize(
    ("method", "path", "status", "since"),
    [
        ("POST", "/gist", 404, "2026-03-11"),
        ("POST", "/generate", 404, "2026-02-12"),
        ("GET", "/tasks/transfers/import/abc/status", 404, "2026-06-04"),
        ("PUT", f"/indexes/{'0' * 24}/videos/{'0' * 24}", 405, "2025-08-28"),
    ],
)
def test_gone__answers_as_the_vendor_now(
    gone: httpx2.Client, method: str, path: str, status: int, since: str
) -> None:
    """With `retired="gone"` there is no such call, and the message says since when."""
    reply = gone.request(method, path, json={})
    assert reply.status_code == status
    assert f"withdrawn on {since}" in reply.json()["message"]


def test_gone__a_refusal_names_the_field_that_went(gone: httpx2.Client) -> None:
    """What lacks the new field, and has the old one, is told since when that has gone."""
    body = {"video_id": "0" * 24, "prompt": "Who?", "stream": False}
    said = refused(gone.post("/analyze", json=body), 400, "parameter_not_provided")
    assert "'video' or 'image'" in said
    assert "video_id of POST /analyze was withdrawn on 2026-07-30" in said
    video = {"type": "url", "url": "https://media.example/walk.mp4"}
    assert gone.post("/analyze", json={**body, "video": video}).status_code == 200


def test_gone__todays_calls_stay(gone: httpx2.Client) -> None:
    """What the vendor still has is not touched."""
    assert gone.get("/indexes").status_code == 200
    assert gone.get("/assets").status_code == 200


def test_pegasus_alone__is_indexed_while_2025_is_served(api: httpx2.Client) -> None:
    """An index that only the older document makes takes uploads as it did then."""
    index = new_index(api, "texts", models=MODELS[1:])
    assert upload(api, index, "https://m.example/a.mp4").status_code == 200
    long = upload(api, index, "https://m.example/a.mp4?duration=4000")
    refused(long, 400, "video_duration_too_long")


@pytest.mark.parametrize(("engines", "taken"), [(["pegasus"], 400), (["pegasus", "marengo"], 200)])
def test_pegasus_alone__takes_nothing_today(
    gone: httpx2.Client, engines: list[str], taken: int
) -> None:
    """With `retired="gone"` only Marengo indexes, and within its own limits."""
    names = {"pegasus": "pegasus1.1", "marengo": "marengo2.6"}
    asked = [{"engine_name": names[each], "engine_options": ["visual"]} for each in engines]
    body = {"index_name": "texts", "engines": asked}
    made = gone.post("https://api.twelvelabs.io/v1.2/indexes", json=body)
    reply = upload(gone, made.json()["_id"], "https://m.example/a.mp4?duration=4000")
    assert reply.status_code == taken, reply.text
    assert ("no Marengo model" in reply.text) == (taken == 400)
