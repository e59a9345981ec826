"""Laws of Twelve Labs' embedding tasks."""

from typing import Any

import httpx2
import pytest
from media import mp4
from stage import LONG, NOBODY, client_of, refused

from understudy.mocks import Fake

URL = "https://cdn.example/red-fox.mp4?duration=31"
WEEK = 7 * 24 * 3600.0
MODEL = "Marengo-retrieval-2.7"


def ask(
    api: httpx2.Client, url: str = URL, *scopes: str, model: str = MODEL, **fields: str
) -> httpx2.Response:
    """Ask for a video to be embedded from its URL."""
    parts: list[tuple[str, tuple[None, str]]] = [("model_name", (None, model))]
    parts += [("video_url", (None, url))] if url else []
    parts += [("video_embedding_scope", (None, scope)) for scope in scopes]
    parts += [(name, (None, value)) for name, value in fields.items()]
    return api.post("/embed/tasks", files=parts)


def begin(api: httpx2.Client, url: str = URL, *scopes: str, **fields: str) -> str:
    """Create a task and answer its id."""
    response = ask(api, url, *scopes, **fields)
    assert response.status_code == 200, response.text
    assert set(response.json()) == {"_id"}
    return str(response.json()["_id"])


def read(api: httpx2.Client, task: str, **query: Any) -> dict[str, Any]:
    """The task with its vectors."""
    response = api.get(f"/embed/tasks/{task}", params=query)
    assert response.status_code == 200, response.text
    return dict(response.json())


def segments(fake: Fake, api: httpx2.Client, task: str, **query: Any) -> list[dict[str, Any]]:
    """The segments of a task once it is ready."""
    fake.clock.advance(LONG)
    return list(read(api, task, **query)["video_embedding"]["segments"])


def spans(found: list[dict[str, Any]], option: str, scope: str) -> list[tuple[float, float]]:
    """Start and end of the segments of an option and a scope."""
    return [
        (each["start_offset_sec"], each["end_offset_sec"])
        for each in found
        if (each["embedding_option"], each["embedding_scope"]) == (option, scope)
    ]


def listed(api: httpx2.Client, **query: Any) -> list[str]:
    """The ids on the first page."""
    response = api.get("/embed/tasks", params=query)
    assert response.status_code == 200, response.text
    return [each["_id"] for each in response.json()["data"]]


def test_task__from_processing_to_ready(fake: Fake, api: httpx2.Client) -> None:
    """A task is processing for a minute and more, and has no vectors before it is ready."""
    task = begin(api)
    fake.clock.advance(59)
    status = api.get(f"/embed/tasks/{task}/status").json()
    assert status["status"] == read(api, task)["status"] == "processing"
    assert "segments" not in read(api, task)["video_embedding"]
    fake.clock.advance(60)
    status = api.get(f"/embed/tasks/{task}/status").json()
    assert status["status"] == "ready"
    assert "segments" not in status["video_embedding"]
    assert read(api, task)["video_embedding"]["segments"]


def test_task__tells_what_was_asked(api: httpx2.Client) -> None:
    """Status, list and task carry the model, the source and the choices."""
    task = begin(api, URL, "clip", "video", video_clip_length="5", model="marengo3.0")
    expected = {
        "input_url": URL,
        "video_clip_length": 5,
        "video_embedding_scope": ["clip", "video"],
        "video_embedding_option": ["visual", "audio", "transcription"],
        "duration": 31,
    }
    shown = [
        api.get(f"/embed/tasks/{task}/status").json(),
        api.get("/embed/tasks").json()["data"][0],
        read(api, task),
    ]
    for each in shown:
        assert each["_id"] == task
        assert each["model_name"] == "marengo3.0"
        assert each["video_embedding"] == {"metadata": expected}
    assert "created_at" not in shown[0]
    assert shown[1]["created_at"] == shown[2]["created_at"]


@pytest.mark.parametrize(
    ("model", "length", "options"),
    [
        (MODEL, 1024, ("visual-text", "audio")),
        ("marengo3.0", 512, ("visual", "audio", "transcription")),
    ],
)
def test_segments__of_every_option_in_order(
    fake: Fake, api: httpx2.Client, model: str, length: int, options: tuple[str, ...]
) -> None:
    """Thirty-one seconds by six are five clips for each option; the last second is dropped."""
    found = segments(fake, api, begin(api, model=model))
    clips = [(0, 6), (6, 12), (12, 18), (18, 24), (24, 30)]
    for option in options:
        assert spans(found, option, "clip") == clips
    assert len(found) == 5 * len(options)
    assert {len(each["float"]) for each in found} == {length}
    assert len({tuple(each["float"]) for each in found}) == len(found)


def test_segments__older_word_for_visual(fake: Fake, api: httpx2.Client) -> None:
    """Who asks marengo3.0 for visual-text is given what it calls visual now."""
    task = begin(api, model="marengo3.0")
    fake.clock.advance(LONG)
    for option in ("visual", "visual-text"):
        found = read(api, task, embedding_option=option)["video_embedding"]["segments"]
        assert {each["embedding_option"] for each in found} == {"visual"}


def test_segments__with_the_whole_video_last(fake: Fake, api: httpx2.Client) -> None:
    """The scope `video` adds one segment over everything, for each option."""
    found = segments(fake, api, begin(api, URL, "clip", "video"))
    for option in ("visual-text", "audio"):
        assert spans(found, option, "video") == [(0, 31)]
        scopes = [each["embedding_scope"] for each in found if each["embedding_option"] == option]
        assert scopes == ["clip"] * 5 + ["video"]


@pytest.mark.parametrize("scope", ["clip", "video"])
def test_segments__a_single_scope_may_be_a_word(fake: Fake, api: httpx2.Client, scope: str) -> None:
    """The Go client knows one scope only; it is a list of one."""
    found = segments(fake, api, begin(api, URL, scope))
    assert {each["embedding_scope"] for each in found} == {scope}


@pytest.mark.parametrize(
    ("fields", "clips", "whole"),
    [
        ({"video_clip_length": "10"}, [(0, 10), (10, 20), (20, 30)], (0, 31)),
        ({"video_clip_length": "8"}, [(0, 8), (8, 16), (16, 24), (24, 31)], (0, 31)),
        (
            {"video_start_offset_sec": "5", "video_end_offset_sec": "20.5"},
            [(5, 11), (11, 17), (17, 20.5)],
            (5, 20.5),
        ),
        (
            {
                "video_start_offset_sec": "0",
                "video_end_offset_sec": "4",
                "video_clip_length": "2",
            },
            [(0, 2), (2, 4)],
            (0, 4),
        ),
        (
            {"video_start_offset_sec": "25", "video_end_offset_sec": "31"},
            [(25, 31)],
            (25, 31),
        ),
    ],
)
def test_segments__offsets_and_clip_length(
    fake: Fake,
    api: httpx2.Client,
    fields: dict[str, str],
    clips: list[tuple[float, float]],
    whole: tuple[float, float],
) -> None:
    """Clips run from the start to the end offset, each of the length that was asked."""
    found = segments(fake, api, begin(api, URL, "clip", "video", **fields))
    assert spans(found, "visual-text", "clip") == clips
    assert spans(found, "visual-text", "video") == [whole]


def test_segments__by_option(fake: Fake, api: httpx2.Client) -> None:
    """`embedding_option` leaves only what it names; repeated, both."""
    task = begin(api)
    every = segments(fake, api, task)
    audio = read(api, task, embedding_option="audio")["video_embedding"]["segments"]
    assert audio == [each for each in every if each["embedding_option"] == "audio"]
    both = read(api, task, embedding_option=["audio", "visual-text"])
    assert both["video_embedding"]["segments"] == every
    response = api.get(f"/embed/tasks/{task}", params={"embedding_option": "smell"})
    assert "embedding_option" in refused(response, 400, "parameter_invalid")


def test_segments__are_the_same_at_each_reading(fake: Fake, api: httpx2.Client) -> None:
    """Vectors follow from the video alone: another task of it has the same."""
    first = segments(fake, api, begin(api))
    assert segments(fake, api, begin(api)) == first


def test_segments__sounds_have_no_pictures(fake: Fake, api: httpx2.Client) -> None:
    """What is heard alone has no vectors of anything that is seen."""
    found = segments(fake, api, begin(api, "https://cdn.example/rain.mp3", model="marengo3.0"))
    assert {each["embedding_option"] for each in found} == {"audio", "transcription"}


def test_segments__silent_films_have_no_audio(fake: Fake, api: httpx2.Client) -> None:
    """A file without sound has vectors of its pictures only; it is named by its file."""
    files = {
        "model_name": (None, MODEL),
        "video_file": ("silent.mp4", mp4(12, audio=False), "video/mp4"),
    }
    response = api.post("/embed/tasks", files=files)
    assert response.status_code == 200, response.text
    found = segments(fake, api, response.json()["_id"])
    assert {each["embedding_option"] for each in found} == {"visual-text"}
    metadata = read(api, response.json()["_id"])["video_embedding"]["metadata"]
    assert metadata["input_filename"] == "silent.mp4"
    assert metadata["duration"] == 12


def test_segments__live_for_seven_days(fake: Fake, api: httpx2.Client) -> None:
    """A week after it became ready a task is there still, without vectors."""
    task = begin(api)
    fake.clock.advance(WEEK)
    assert read(api, task)["video_embedding"]["segments"]
    fake.clock.advance(120)
    shown = read(api, task)
    assert shown["status"] == "ready"
    assert "segments" not in shown["video_embedding"]


def test_task__fails_by_name_with_a_reason(fake: Fake, api: httpx2.Client) -> None:
    """The word understudy-fail ends a task as failed, with a reason and without vectors."""
    task = begin(api, "https://cdn.example/understudy-fail.mp4")
    fake.clock.advance(LONG)
    shown = read(api, task)
    assert shown["status"] == "failed"
    assert shown["video_embedding"]["error_message"]
    assert "segments" not in shown["video_embedding"]
    assert api.get(f"/embed/tasks/{task}/status").json()["status"] == "failed"
    assert listed(api, status="failed") == [task]


def test_task__stuck_and_slow_by_name(fake: Fake, api: httpx2.Client) -> None:
    """A stuck task never ends; a slow one ends later than a plain one."""
    stuck = begin(api, "https://cdn.example/understudy-stuck.mp4")
    slow = begin(api, "https://cdn.example/understudy-slow.mp4")
    fake.clock.advance(300)
    assert read(api, slow)["status"] == "processing"
    fake.clock.advance(LONG)
    assert read(api, slow)["status"] == "ready"
    assert read(api, stuck)["status"] == "processing"


def test_task__address_beats_file(fake: Fake, api: httpx2.Client) -> None:
    """Of both the file is not looked at; the address may come twice, as old SDKs send it."""
    parts = [
        ("model_name", (None, MODEL)),
        ("video_url", (None, URL)),
        ("video_url", ("upload", URL.encode())),
        ("video_file", ("broken.mp4", b"no film", "video/mp4")),
    ]
    response = api.post("/embed/tasks", files=parts)
    assert response.status_code == 200, response.text
    metadata = read(api, response.json()["_id"])["video_embedding"]["metadata"]
    assert metadata["input_url"] == URL
    assert "input_filename" not in metadata


@pytest.mark.parametrize(
    ("fields", "code", "name"),
    [
        ({"url": ""}, "parameter_not_provided", "video_url"),
        ({"url": "no address"}, "parameter_invalid", "video_url"),
        ({"url": "ftp://x.example/a.mp4"}, "parameter_invalid", "video_url"),
        ({"model": "marengo2.7"}, "parameter_invalid", "model_name"),
        ({"video_clip_length": "1"}, "parameter_invalid", "video_clip_length"),
        ({"video_clip_length": "11"}, "parameter_invalid", "video_clip_length"),
        ({"video_clip_length": "six"}, "parameter_invalid", "video_clip_length"),
        ({"video_start_offset_sec": "5"}, "parameter_not_provided", "video_end_offset_sec"),
        ({"video_end_offset_sec": "5"}, "parameter_not_provided", "video_start_offset_sec"),
        (
            {"video_start_offset_sec": "-1", "video_end_offset_sec": "9"},
            "parameter_invalid",
            "video_start_offset_sec",
        ),
        (
            {"video_start_offset_sec": "9", "video_end_offset_sec": "9"},
            "parameter_invalid",
            "video_end_offset_sec",
        ),
        (
            {"video_start_offset_sec": "0", "video_end_offset_sec": "31.1"},
            "parameter_invalid",
            "video_end_offset_sec",
        ),
        (
            {"video_start_offset_sec": "0", "video_end_offset_sec": "9" * 400},
            "parameter_invalid",
            "video_end_offset_sec",
        ),
        (
            {"video_start_offset_sec": "0", "video_end_offset_sec": "5"},
            "parameter_invalid",
            "video_clip_length",
        ),
        (
            {"url": "https://x.example/a.mp4?duration=5", "video_clip_length": "6"},
            "parameter_invalid",
            "video_clip_length",
        ),
        ({"video_embedding_scope": "scene"}, "parameter_invalid", "video_embedding_scope"),
        ({"video_embedding_scope": '["clip", 7]'}, "parameter_invalid", "video_embedding_scope"),
        ({"video_embedding_scope": "clip,clip"}, "parameter_invalid", "video_embedding_scope"),
    ],
)
def test_task__bad_fields_are_named_and_store_nothing(
    api: httpx2.Client, fields: dict[str, str], code: str, name: str
) -> None:
    """Each wrong field is refused by name, and no task comes of it."""
    assert name in refused(ask(api, **fields), 400, code)
    assert listed(api) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "video_file_broken"),
        (b"this is no film at all", "video_file_broken"),
        (mp4(2, width=640, height=480), "video_duration_too_short"),
        (mp4(7201, width=640, height=480), "video_duration_too_long"),
        (mp4(30, width=320, height=240), "video_resolution_too_low"),
        (mp4(30, width=7680, height=4320), "video_resolution_too_high"),
        (mp4(30, width=1000, height=400), "video_resolution_invalid_aspect_ratio"),
    ],
)
def test_task__unfit_media_are_refused_at_once(
    api: httpx2.Client, content: bytes, code: str
) -> None:
    """Media outside the limits get their own code, and no task."""
    files = {"model_name": (None, MODEL), "video_file": ("clip.mp4", content, "video/mp4")}
    refused(api.post("/embed/tasks", files=files), 400, code)
    assert listed(api) == []


def test_task__shorter_than_a_default_clip(fake: Fake, api: httpx2.Client) -> None:
    """Four seconds are enough when nobody named a clip length."""
    found = segments(fake, api, begin(api, "https://x.example/a.mp4?duration=4"))
    assert spans(found, "visual-text", "clip") == [(0, 4)]


def test_tasks__newest_first_in_pages(fake: Fake, api: httpx2.Client) -> None:
    """Pages of the list hold each task once; one past the end is empty."""
    made = []
    for _ in range(5):
        made.append(begin(api))
        fake.clock.advance(1)
    assert listed(api) == made[::-1]
    page = api.get("/embed/tasks", params={"page": 2, "page_limit": 2}).json()
    assert [each["_id"] for each in page["data"]] == [made[2], made[1]]
    info = {"page": 2, "limit_per_page": 2, "total_page": 3, "total_results": 5}
    assert page["page_info"] == info
    assert listed(api, page=9) == []


def test_tasks__by_status(fake: Fake, api: httpx2.Client) -> None:
    """A status leaves the tasks that are in it."""
    ready, failed = begin(api), begin(api, "https://cdn.example/understudy-fail.mp4")
    fake.clock.advance(LONG)
    running = begin(api)
    assert listed(api, status="ready") == [ready]
    assert listed(api, status="failed") == [failed]
    assert listed(api, status="processing") == [running]


def test_tasks__of_the_last_seven_days_unless_dated(fake: Fake, api: httpx2.Client) -> None:
    """Without dates older tasks are left out; either date opens the past."""
    old = begin(api)
    fake.clock.advance(3 * 24 * 3600)
    middle = begin(api)
    fake.clock.advance(WEEK - 3 * 24 * 3600)
    assert listed(api) == [middle, old]
    fake.clock.advance(1)
    new = begin(api)
    assert listed(api) == [new, middle]
    assert listed(api, status="ready") == [middle]
    assert listed(api, started_at="2025-07-01") == [new, middle, old]
    assert listed(api, started_at="2025-07-01T00:00:01Z") == [new, middle]
    assert listed(api, ended_at="2025-07-05") == [middle, old]
    assert listed(api, ended_at="2025-07-01T00:00:00.000Z") == [old]
    assert listed(api, started_at="2025-07-02", ended_at="2025-07-05T12:00:00+02:00") == [middle]
    assert listed(api, started_at="2025-07-05", ended_at="2025-07-02") == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"page": "0"}, "page"),
        ({"page_limit": "51"}, "page_limit"),
        ({"status": "queued"}, "status"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"ended_at": "2025-13-01"}, "ended_at"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_tasks__bad_queries_name_the_parameter(
    api: httpx2.Client, query: dict[str, str], name: str
) -> None:
    """The message says which parameter is wrong."""
    response = api.get("/embed/tasks", params=query)
    assert response.status_code == 400, response.text
    assert name in response.json()["message"]


def test_task__unknown_and_malformed_ids(fake: Fake, api: httpx2.Client) -> None:
    """An id that could be is not found, nor is another's; one that could not be is invalid."""
    task = begin(api)
    for path in ("/embed/tasks/%s", "/embed/tasks/%s/status"):
        refused(api.get(path % NOBODY), 404, "resource_not_exists")
        assert "x-y" in refused(api.get(path % "x-y"), 400, "parameter_invalid")
        with client_of(fake, "tlk_other") as other:
            refused(other.get(path % task), 404, "resource_not_exists")


def test_task__every_other_refusal(fake: Fake, api: httpx2.Client) -> None:
    """Wrong method, wrong media type and a wrong key are refused in the envelope."""
    task = begin(api)
    for path in ("/embed/tasks", f"/embed/tasks/{task}", f"/embed/tasks/{task}/status"):
        refused(api.delete(path), 405, "method_not_allowed")
    refused(api.post("/embed/tasks", json={"model_name": MODEL}), 415, "unsupported_media_type")
    with client_of(fake, "invalid-key") as stranger:
        for path in ("/embed/tasks", f"/embed/tasks/{task}", f"/embed/tasks/{task}/status"):
            refused(stranger.get(path), 401, "api_key_invalid")
        refused(ask(stranger), 401, "api_key_invalid")


def test_auto__each_poll_takes_a_step() -> None:
    """In `auto` a loop without sleep ends, whichever operation it polls by."""
    with Fake("twelvelabs", time="auto") as fake, client_of(fake, "tlk") as api:
        for path in ("/embed/tasks/%s", "/embed/tasks/%s/status"):
            task = begin(api)
            seen: list[str] = []
            while not seen or seen[-1] != "ready":
                assert len(seen) < 9
                seen.append(api.get(path % task).json()["status"])
            assert list(dict.fromkeys(seen)) == ["processing", "ready"]
        begin(api)
        for _ in range(3):
            page = api.get("/embed/tasks").json()["data"]
        assert {each["status"] for each in page} == {"ready"}
        task = begin(api)
        ready = [task in listed(api, status="ready") for _ in range(3)]
        assert ready[-1]
