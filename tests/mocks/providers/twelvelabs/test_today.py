"""Laws of indexes, videos, tasks and the older embeddings as they are today."""

from collections.abc import Iterator

import httpx2
import pytest
from stage import LONG, client_of, new_task, new_video, refused

from understudy.mocks import Fake

NEW = {"model_name": "marengo3.0", "model_options": ["visual", "audio"]}
URL = "https://media.example/harbour/ferry.mp4?duration=31"


@pytest.fixture
def gone() -> Iterator[tuple[Fake, httpx2.Client]]:
    """A fake that has withdrawn what the vendor has, and its client."""
    with (
        Fake("twelvelabs", time="manual", retired="gone") as fake,
        client_of(fake, "tlk_test") as client,
    ):
        yield fake, client


@pytest.mark.parametrize("name", ["marengo2.7", "pegasus1.2", "pegasus1.5", "marengo3.5"])
def test_index__marengo30_is_the_only_model(gone: tuple[Fake, httpx2.Client], name: str) -> None:
    """Trap: Pegasus is no model of an index any more."""
    _, api = gone
    body = {"index_name": "films", "models": [{**NEW, "model_name": name}]}
    assert "marengo3.0" in refused(api.post("/indexes", json=body), 400, "parameter_invalid")
    assert api.post("/indexes", json={**body, "models": [NEW]}).status_code == 201


def test_index__of_retired_models_stays_readable(
    api: httpx2.Client, fake: Fake, index: str, gone: tuple[Fake, httpx2.Client]
) -> None:
    """What was stored in their time is shown as it is, in today's document too."""
    new_video(fake, api, index, URL)
    kept = fake.snapshot()
    later, client = gone
    later.restore(kept)
    shown = client.get(f"/indexes/{index}").json()
    assert [model["model_name"] for model in shown["models"]] == ["marengo3.0", "pegasus1.2"]
    assert client.get("/indexes", params={"model_family": "pegasus"}).json()["data"] == [shown]
    assert len(client.get(f"/indexes/{index}/videos").json()["data"]) == 1


def test_video__metadata_of_texts(fake: Fake, api: httpx2.Client, index: str) -> None:
    """A value may be a list of texts; each value comes back as it went in."""
    video = new_video(fake, api, index, URL)
    path = f"/indexes/{index}/videos/{video}"
    given = {"tags": ["a", "b"], "take": 3, "grade": 4.5, "kept": True, "note": "x"}
    assert api.patch(path, json={"user_metadata": given}).status_code == 204
    assert api.get(path).json()["user_metadata"] == given
    taken: dict[str, object] = {"user_metadata": {"note": None, "tags": []}}
    assert api.patch(path, json=taken).status_code == 204
    left = {"tags": [], "take": 3, "grade": 4.5, "kept": True}
    assert api.get(path).json()["user_metadata"] == left
    for wrong in ([1], {"a": "b"}, [["a"]]):
        response = api.patch(path, json={"user_metadata": {"tags": wrong}})
        assert "user_metadata" in refused(response, 400, "parameter_invalid")
    assert api.get(path).json()["user_metadata"] == left


def test_videos__filtered_by_metadata_at_top_level(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """Trap: `?category=boats`, not in brackets; ranges are in brackets."""
    video = new_video(fake, api, index, URL, user_metadata='{"category": "boats", "take": 3}')
    path = f"/indexes/{index}/videos"
    for query, count in (
        ("category=boats", 1),
        ("category=cars", 0),
        ("take=3&category=boats", 1),
        ("take=4", 0),
        ("duration[gte]=31&duration[lte]=31", 1),
        ("size[gte]=1&fps[lte]=10", 0),
    ):
        data = api.get(f"{path}?{query}").json()["data"]
        assert [each["_id"] for each in data] == [video] * count, query


def test_tasks__statuses_are_repeated(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Repeated keys as SDKs send them now, and joined by commas as they did."""
    new_task(api, index, URL)
    new_task(api, index, "https://media.example/understudy-fail.mp4")
    fake.clock.advance(LONG)
    for query, count in (
        ("status=ready&status=failed", 2),
        ("status=ready,failed", 2),
        ("status=failed", 1),
    ):
        assert api.get(f"/tasks?{query}").json()["page_info"]["total_results"] == count


@pytest.mark.parametrize("option", ["visual", "visual-text", "audio", "transcription"])
def test_video__vectors_of_every_option(
    fake: Fake, api: httpx2.Client, index: str, option: str
) -> None:
    """Today's words for what a vector tells of, and the older one."""
    video = new_video(fake, api, index, URL)
    path = f"/indexes/{index}/videos/{video}"
    shown = api.get(path, params={"embedding_option": option}).json()["embedding"]
    assert {each["embedding_option"] for each in shown["video_embedding"]["segments"]} == {option}


@pytest.mark.parametrize("side", ["start", "none"])
def test_embed__truncation_was_withdrawn(
    api: httpx2.Client, gone: tuple[Fake, httpx2.Client], side: str
) -> None:
    """The vendor ignores `text_truncate` today and cuts at the end; the older document heeds it."""
    long = "two three " + "one " * 500
    parts = {"model_name": (None, "marengo3.0"), "text": (None, long)}
    asked = {**parts, "text_truncate": (None, side)}
    now = gone[1].post("/embed", files=parts).json()
    assert gone[1].post("/embed", files=asked).json() == now
    then = api.post("/embed", files=asked)
    if side == "none":
        refused(then, 400, "parameter_invalid")
    else:
        assert then.json() != now


def test_embedding_task__tells_when_it_changed(fake: Fake, api: httpx2.Client) -> None:
    """`updated_at` moves with the status, in the list and alone."""
    parts = {"model_name": (None, "marengo3.0"), "video_url": (None, URL)}
    task = api.post("/embed/tasks", files=parts).json()["_id"]
    early = api.get(f"/embed/tasks/{task}").json()
    assert early["updated_at"] == early["created_at"]
    fake.clock.advance(LONG)
    late = api.get(f"/embed/tasks/{task}").json()
    assert late["updated_at"] > late["created_at"]
    (listed,) = api.get("/embed/tasks").json()["data"]
    assert listed["updated_at"] == late["updated_at"]
