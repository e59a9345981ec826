"""Laws of embedding tasks of version 2: the life of a task, its vectors, and what models rule."""

from typing import Any

import httpx2
import pytest
from embed_stage import (
    FILM,
    HORN,
    PICTURE,
    TASKS,
    asked,
    at,
    cosine,
    embedded,
    inline,
    many,
    norm,
    places,
    refused,
)
from media import mp4, wav
from stage import LONG, NOBODY, client_of
from stage import refused as flatly

from understudy.mocks import Fake

NEW = "marengo3.5"
DAY = 24 * 3600.0
FIXED: dict[str, Any] = {"strategy": "fixed", "fixed": {"duration_sec": 6}}
DYNAMIC: dict[str, Any] = {"strategy": "dynamic", "dynamic": {"min_duration_sec": 3}}
NOTE: dict[str, Any] = {"start": 2, "end": 4, "text": "the ferry sounds its horn"}


def film(model: str = NEW, **said: Any) -> dict[str, Any]:
    """A request for the vectors of a video."""
    return asked("video", model, **{"media_source": at(FILM), **said})


def sound(model: str = NEW, **said: Any) -> dict[str, Any]:
    """A request for the vectors of a sound."""
    return asked("audio", model, **{"media_source": at(HORN), **said})


def begun(api: httpx2.Client, body: dict[str, Any]) -> str:
    """The id of a new task."""
    response = api.post(TASKS, json=body)
    assert response.status_code == 202, response.text
    return str(response.json()["_id"])


def seen(api: httpx2.Client, task: str) -> dict[str, Any]:
    """The task as it is now."""
    response = api.get(f"{TASKS}/{task}")
    assert response.status_code == 200, response.text
    return dict(response.json())


def done(fake: Fake, api: httpx2.Client, body: dict[str, Any]) -> dict[str, Any]:
    """The task once it has ended."""
    task = begun(api, body)
    fake.clock.advance(LONG)
    return seen(api, task)


@pytest.mark.parametrize("model", ["marengo3.0", NEW])
def test_creation__tells_the_id(api: httpx2.Client, model: str) -> None:
    """202, processing; only the latest model tells how long its vectors will be."""
    shown = api.post(TASKS, json=film(model)).json()
    told = {"metadata": {"embedding_dimension": 512}} if model == NEW else {}
    assert shown == {"_id": shown["_id"], "status": "processing", **told}


def test_task__is_processing_then_ready(fake: Fake, api: httpx2.Client) -> None:
    """Trap: data is null, not missing, until the task is ready; clients poll the task itself."""
    task = begun(api, film())
    early = seen(api, task)
    assert (early["status"], early["data"]) == ("processing", None)
    assert "usage" not in early
    fake.clock.advance(60 + 31 * 0.25 - 1)
    assert seen(api, task)["status"] == "processing"
    fake.clock.advance(1)
    late = seen(api, task)
    assert late["status"] == "ready"
    assert late["updated_at"] > late["created_at"] == early["created_at"]
    assert late["metadata"] == early["metadata"]
    assert all(norm(piece["embedding"]) == pytest.approx(1) for piece in late["data"])
    assert set(late["usage"]["input_tokens"]) == {"video", "audio"}


def test_task__fails(fake: Fake, api: httpx2.Client) -> None:
    """The magic word ends a task badly: no vectors, and a message."""
    url = "https://media.example/understudy-fail.mp4"
    ended = done(fake, api, film(media_source=at(url)))
    assert (ended["status"], ended["data"]) == ("failed", None)
    assert ended["error"]["message"]
    assert "error" not in done(fake, api, film())


def test_task__unknown(api: httpx2.Client) -> None:
    """Trap: refusals of one task are nested, those of the list flat."""
    refused(api.get(f"{TASKS}/{NOBODY}"), 404, "resource_not_exists")
    refused(api.get(f"{TASKS}/first"))
    flatly(api.get(TASKS, params={"status": "asleep"}), 400, "parameter_invalid")


def test_vectors__are_kept_for_seven_days(fake: Fake, api: httpx2.Client) -> None:
    """The task stays, its vectors go."""
    task = begun(api, film())
    fake.clock.advance(7 * DAY)
    assert seen(api, task)["data"]
    fake.clock.advance(100)
    ended = seen(api, task)
    assert (ended["status"], ended["data"]) == ("ready", None)


def test_list__of_the_last_seven_days(fake: Fake, api: httpx2.Client) -> None:
    """Newest first; without dates, what is older than a week is left out."""
    old = begun(api, film())
    fake.clock.advance(8 * DAY)
    kinds = {"audio": sound(), "image": asked("image", NEW, media_source=at(PICTURE))}
    young = {begun(api, body): kind for kind, body in kinds.items()}
    page = api.get(TASKS).json()
    assert {each["_id"] for each in page["data"]} == set(young)
    assert page["page_info"] == {
        "page": 1,
        "limit_per_page": 10,
        "total_page": 1,
        "total_results": 2,
    }
    for each in page["data"]:
        kind = young[each["_id"]]
        assert set(each) == {
            "_id",
            "model_name",
            "status",
            "created_at",
            "updated_at",
            f"{kind}_embedding",
        }
    since = {"started_at": "2025-07-01T00:00:00Z"}
    assert [each["_id"] for each in api.get(TASKS, params=since).json()["data"]][-1] == old
    until = {"ended_at": "2025-07-02T00:00:00Z"}
    assert [each["_id"] for each in api.get(TASKS, params=until).json()["data"]] == [old]
    running = {"status": "processing"}
    assert len(api.get(TASKS, params=running).json()["data"]) == 2
    assert api.get(TASKS, params={"page": 2}).json()["data"] == []


def test_list__tells_what_is_embedded(fake: Fake, api: httpx2.Client) -> None:
    """Under the name of the kind, in the older call's words."""
    begun(api, film("marengo3.0", segmentation=FIXED, embedding_option=["visual"]))
    (shown,) = api.get(TASKS).json()["data"]
    assert shown["video_embedding"]["metadata"] == {
        "input_url": FILM,
        "video_clip_length": 6,
        "video_embedding_option": ["visual"],
        "video_embedding_scope": ["clip", "asset"],
        "duration": 31,
    }
    older = api.get("/embed/tasks").json()
    assert older["data"] == []


@pytest.mark.parametrize(
    ("model", "kind", "options"),
    [
        ("marengo3.0", "video", ["visual", "audio", "transcription"]),
        ("marengo3.0", "audio", ["audio", "transcription"]),
        (NEW, "video", ["visual", "audio"]),
        (NEW, "audio", ["audio"]),
    ],
)
def test_defaults__by_model(
    fake: Fake, api: httpx2.Client, model: str, kind: str, options: list[str]
) -> None:
    """Trap: the latest model hears speech as sound, so it has no transcription."""
    url = FILM if kind == "video" else HORN
    ended = done(fake, api, asked(kind, model, media_source=at(url)))
    assert ended["metadata"]["embedding_options"] == options
    assert ended["metadata"]["embedding_scopes"] == ["clip", "asset"]
    found = places(ended["data"])
    assert list(dict.fromkeys(each[0] for each in found)) == options
    assert ("embedding_dimension" in ended["metadata"]) == (model == NEW)


@pytest.mark.parametrize("inner", [FIXED, DYNAMIC], ids=["fixed", "dynamic"])
def test_segmentation__temporal_or_bare(api: httpx2.Client, inner: dict[str, Any]) -> None:
    """Trap: marengo3.5 wants it wrapped in `temporal`, marengo3.0 bare; the other form is 400."""
    begun(api, film(NEW, segmentation={"temporal": inner}))
    begun(api, film("marengo3.0", segmentation=inner))
    assert "temporal" in refused(api.post(TASKS, json=film(NEW, segmentation=inner)))
    wrapped = film("marengo3.0", segmentation={"temporal": inner})
    assert "temporal" in refused(api.post(TASKS, json=wrapped))


@pytest.mark.parametrize(("model", "least"), [("marengo3.0", 4), (NEW, 2)])
def test_segmentation__by_default(fake: Fake, api: httpx2.Client, model: str, least: int) -> None:
    """Trap: both models follow the scenes, the older with pieces of four seconds, at least."""
    inner: dict[str, Any] = {"strategy": "dynamic", "dynamic": {"min_duration_sec": least}}
    said = {"temporal": inner} if model == NEW else inner
    plain, told = (done(fake, api, film(model, **more)) for more in ({}, {"segmentation": said}))
    assert plain["data"] == told["data"]


def test_segmentation__of_sound(fake: Fake, api: httpx2.Client) -> None:
    """The latest model cuts a sound by its scenes too, by default of two seconds at least."""
    assert "fixed" in refused(api.post(TASKS, json=sound("marengo3.0", segmentation=DYNAMIC)))
    ended = done(fake, api, sound(embedding_scope=["clip"]))
    assert all(end - start >= 2 for *_, start, end in places(ended["data"]))
    assert len(ended["data"]) > 2


def test_scope__local_is_clip(fake: Fake, api: httpx2.Client) -> None:
    """Trap: `local` pieces come back as clip, and the metadata says what was asked for."""
    ended = done(fake, api, film(embedding_scope=["local"], embedding_option=["visual"]))
    assert {each[1] for each in places(ended["data"])} == {"clip"}
    assert ended["metadata"]["embedding_scopes"] == ["local"]


def test_notes__go_into_the_fused_vectors(fake: Fake, api: httpx2.Client) -> None:
    """The caller's words move the fused vectors of the pieces at their time, and no others."""
    said: dict[str, Any] = {
        "segmentation": {"temporal": FIXED},
        "embedding_type": ["fused_embedding"],
    }
    words = embedded(api, many(words=NOTE["text"]))["data"][0]["embedding"]
    one = done(fake, api, film(**said, time_based_metadata=[NOTE]))["data"]
    other = done(fake, api, film(**said, time_based_metadata=[{**NOTE, "text": "snow"}]))["data"]
    changed = [a["start_sec"] for a, b in zip(one, other, strict=True) if a != b]
    assert changed == [0, 0]  # the first piece, and the whole
    assert {each[0] for each in places(one)} == {"fused"}
    assert cosine(one[0]["embedding"], words) > cosine(one[1]["embedding"], words) + 0.1


def test_notes__at_a_moment(fake: Fake, api: httpx2.Client) -> None:
    """What takes no time belongs to the piece that begins there, not to the one that ends."""
    said: dict[str, Any] = {
        "segmentation": {"temporal": FIXED},
        "embedding_type": ["fused_embedding"],
    }
    said["embedding_scope"] = ["clip"]
    moment = {"start": 6, "end": 6, "text": "horn"}
    far = {"start": 1000, "end": 1000, "text": "horn"}
    one = done(fake, api, film(**said, time_based_metadata=[moment]))["data"]
    none = done(fake, api, film(**said, time_based_metadata=[far]))["data"]
    assert [a["start_sec"] for a, b in zip(one, none, strict=True) if a != b] == [6]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (film("marengo3.0", embedding_type=["fused_embedding"], embedding_option=["audio"]), "two"),
        (film(embedding_type=["fused_embedding"]), "time_based_metadata"),
        (film(time_based_metadata=[NOTE]), "fused_embedding"),
        (
            film("marengo3.0", time_based_metadata=[NOTE], embedding_type=["fused_embedding"]),
            "marengo3.5",
        ),
        (
            film(
                embedding_type=["fused_embedding"],
                time_based_metadata=[NOTE, {"start": 3, "end": 2, "text": "x"}],
            ),
            "[1]",
        ),
        (film(embedding_option=["transcription"]), "transcription"),
        ({**film(), "embedding_uncertainty": True}, "without 'asset'"),
        ({**film("marengo3.0"), "embedding_uncertainty": True}, "marengo3.5"),
        ({**film("marengo3.0"), "embedding_dimension": 8}, "marengo3.5"),
        (film(start_sec=31), "start_sec"),
        (film(end_sec=40), "lasts 31 s"),
        (film(media_source=at("https://media.example/a.mp4?duration=14401")), "14400"),
        (asked("image", "marengo3.0", media_source=at(PICTURE)), "marengo3.5"),
        (film(media_source=at(PICTURE)), "image"),
        (film(media_source={"asset_id": "film"}), "asset_id"),
    ],
)
def test_rules__refused_and_nothing_begun(
    api: httpx2.Client, body: dict[str, Any], told: str
) -> None:
    """What a model does not do is a nested 400, and leaves no task."""
    assert told in refused(api.post(TASKS, json=body))
    assert api.get(TASKS).json()["data"] == []


def test_uncertainty_and_length__in_every_vector(fake: Fake, api: httpx2.Client) -> None:
    """They hold for the whole task; the head of the vectors is that of the full ones."""
    body = {**sound(embedding_scope=["clip"]), "embedding_uncertainty": True}
    whole = done(fake, api, body)["data"]
    short = done(fake, api, {**body, "embedding_dimension": 100})
    assert short["metadata"]["embedding_dimension"] == 100
    for piece, full in zip(short["data"], whole, strict=True):
        assert piece["embedding"] == full["embedding"][:100]
        assert piece["embedding_uncertainty"] == full["embedding_uncertainty"][:100]


def test_window__is_told(fake: Fake, api: httpx2.Client) -> None:
    """Pieces and metadata are of the part that was asked for."""
    ended = done(fake, api, film(start_sec=10, end_sec=20, embedding_option=["visual"]))
    assert ended["metadata"]["start_offset_sec"] == 10
    assert ended["metadata"]["end_offset_sec"] == 20
    assert ended["metadata"]["duration"] == 31
    assert places(ended["data"])[0][2] == 10
    assert places(ended["data"])[-1] == ("visual", "asset", 10, 20)


def test_image__is_one_vector(fake: Fake, api: httpx2.Client) -> None:
    """Trap: an image in a task has an option and a scope, at once it has neither."""
    ended = done(fake, api, asked("image", NEW, media_source=at(PICTURE)))
    assert places(ended["data"]) == [("visual", "asset", None, None)]
    assert set(ended["usage"]["input_tokens"]) == {"image"}
    for name, value in (("embedding_scope", "clip"), ("embedding_option", "text")):
        body = asked("image", NEW, **{"media_source": at(PICTURE), name: [value]})
        assert name in refused(api.post(TASKS, json=body))


def test_silent_video__makes_no_sound(fake: Fake, api: httpx2.Client) -> None:
    """A file without a sound track, measured from its bytes."""
    ended = done(fake, api, film(media_source=inline(mp4(9, audio=False))))
    assert {each[0] for each in places(ended["data"])} == {"visual"}
    assert ended["metadata"]["duration"] == 9
    assert set(ended["usage"]["input_tokens"]) == {"video"}


def test_tenants__do_not_meet(fake: Fake, api: httpx2.Client) -> None:
    """Another key sees nothing of it."""
    task = begun(api, sound(media_source=inline(wav(4))))
    with client_of(fake, "tlk_other") as other:
        refused(other.get(f"{TASKS}/{task}"), 404, "resource_not_exists")
        assert other.get(TASKS).json()["data"] == []


@pytest.mark.parametrize("url", [FILM, "https://media.example/understudy-fail.mp4"])
def test_snapshot__in_the_middle_goes_on(fake: Fake, api: httpx2.Client, url: str) -> None:
    """A task that a snapshot brings back ends as it would have, vectors and reason included."""
    task = begun(api, film(media_source=at(url), embedding_scope=["clip"]))
    fake.clock.advance(30)
    kept = fake.snapshot()
    fake.clock.advance(LONG)
    ended = seen(api, task)
    fake.reset()
    refused(api.get(f"{TASKS}/{task}"), 404, "resource_not_exists")
    fake.restore(kept)
    assert seen(api, task)["status"] == "processing"
    fake.clock.advance(LONG)
    assert seen(api, task) == ended
