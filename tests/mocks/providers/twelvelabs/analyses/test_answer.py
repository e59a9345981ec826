"""An analysis at once: what it takes, what it refuses, and what comes, whole or line by line."""

import base64
import json
from typing import Any

import httpx2
import pytest
from analyses_stage import LENGTH, PICTURE, VIDEO, asked, new_asset
from junk import shown
from media import jpeg, mp4, png
from stage import NOBODY, new_index, new_video, refused

from understudy.mocks import Fake

FOX = {"name": "fox", "url": PICTURE}
DOG = {"name": "dog", "url": "https://media.example/dog.jpeg"}


def encoded(content: bytes) -> str:
    """The bytes as base64 text."""
    return base64.b64encode(content).decode()


def events(api: httpx2.Client, **body: object) -> list[dict[str, Any]]:
    """The lines of a stream."""
    response = api.post("/analyze", json={"video": VIDEO, "prompt": "Who?", **body})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.content.endswith(b"\n")
    return [json.loads(line) for line in response.content.splitlines()]


def test_answer__whole(api: httpx2.Client) -> None:
    """Id, text, an end that says why, and what it took; the same question, the same text."""
    answer = asked(api).json()
    assert set(answer) == {"id", "data", "finish_reason", "usage"}
    assert answer["finish_reason"] == "stop"
    assert set(answer["usage"]) == {"output_tokens", "input_tokens"}
    again = asked(api).json()
    assert again["data"] == answer["data"]
    assert again["id"] != answer["id"]


def test_answer__streams_unless_told_otherwise(api: httpx2.Client) -> None:
    """Trap: `stream` is true by default, and finish_reason stands at the top of the last line."""
    first, *middle, last = events(api)
    assert first == {
        "event_type": "stream_start",
        "metadata": {"generation_id": last["metadata"]["generation_id"]},
    }
    assert {each["event_type"] for each in middle} == {"text_generation"}
    assert "".join(each["text"] for each in middle) == asked(api).json()["data"]
    assert last["event_type"] == "stream_end"
    assert last["finish_reason"] == "stop"
    assert last["metadata"]["usage"] == asked(api).json()["usage"]


@pytest.mark.parametrize("most", [3, 3.0])
def test_answer__cut_at_max_tokens(api: httpx2.Client, most: float) -> None:
    """A text beyond max_tokens ends early, and says so: finish_reason and a warning."""
    whole = asked(api).json()["data"]
    cut = asked(api, max_tokens=most).json()
    assert cut["finish_reason"] == "length"
    assert cut["error"]["message"]
    assert cut["usage"]["output_tokens"] == 3
    assert whole.startswith(cut["data"])
    last = events(api, max_tokens=3)[-1]
    assert (last["finish_reason"], last["error"]) == ("length", cut["error"])


@pytest.mark.parametrize(
    ("content", "status"), [(mp4(12.0), 200), (png(96, 64), 400), (b"words", 400), (b"", 400)]
)
def test_answer__bytes_of_a_video(api: httpx2.Client, content: bytes, status: int) -> None:
    """A video may come as base64; other files are none."""
    video = {"type": "base64_string", "base64_string": encoded(content)}
    assert asked(api, video=video).status_code == status


def test_answer__about_an_asset(fake: Fake, api: httpx2.Client) -> None:
    """An asset that is ready is asked about by its id; one that is not, or unknown, is refused."""
    video = {"type": "asset_id", "asset_id": new_asset(fake, api)}
    assert asked(api, video=video).json()["data"]
    parts = {"method": (None, "url"), "url": (None, str(VIDEO["url"]))}
    fresh = {**video, "asset_id": api.post("/assets", files=parts).json()["_id"]}
    assert "processing" in refused(asked(api, video=fresh), 400, "parameter_invalid")
    refused(asked(api, video={**video, "asset_id": NOBODY}), 404, "resource_not_exists")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("duration=0.9", "video_duration_too_short"),
        ("duration=3601", "video_duration_too_long"),
        ("duration=1", ""),
        ("duration=3600", ""),
    ],
)
def test_answer__length_of_a_video(api: httpx2.Client, query: str, code: str) -> None:
    """From a second to an hour."""
    video = {"type": "url", "url": f"https://media.example/walk.mp4?{query}"}
    response = asked(api, video=video)
    if code:
        refused(response, 400, code)
    else:
        assert response.status_code == 200


@pytest.mark.parametrize(
    ("width", "height", "code"),
    [
        (360, 360, ""),
        (5184, 2160, ""),
        (2160, 5184, ""),
        (864, 360, ""),
        (359, 600, "video_resolution_too_low"),
        (5186, 2162, "video_resolution_too_high"),
        (1000, 400, "video_resolution_invalid_aspect_ratio"),
    ],
)
def test_answer__pixels_of_a_video(api: httpx2.Client, width: int, height: int, code: str) -> None:
    """360x360 to 5184x2160, either way round, and no longer than 2.4 to 1."""
    content = mp4(12.0, width=width, height=height)
    video = {"type": "base64_string", "base64_string": encoded(content)}
    response = asked(api, video=video)
    if code:
        refused(response, 400, code)
    else:
        assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("window", "word"),
    [
        ({"start_time": 3, "end_time": 3.9}, "shorter"),
        ({"start_time": LENGTH - 0.5}, "shorter"),
        ({"start_time": 9, "end_time": 2}, "shorter"),
        ({"end_time": LENGTH + 0.1}, "lasts"),
        ({"start_time": -1}, "start_time"),
    ],
)
def test_answer__window_refused(api: httpx2.Client, window: dict[str, float], word: str) -> None:
    """The part that is looked at lies within the video and lasts a second."""
    assert word in refused(asked(api, **window), 400, "parameter_invalid")


def test_answer__window(api: httpx2.Client) -> None:
    """A window of exactly a second will do, and is another question."""
    assert asked(api, start_time=3, end_time=4).status_code == 200


def test_answer__images(fake: Fake, api: httpx2.Client) -> None:
    """Images by address, bytes (padded or not) and id, where the prompt names all or none."""
    more = [
        {"name": "bytes", "base64_string": encoded(jpeg(96, 64))},
        {"name": "bare", "base64_string": encoded(png(96, 64)).rstrip("=")},
        {"name": "kept", "asset_id": new_asset(fake, api, "https://media.example/cat.png")},
    ]
    body = {"model_name": "pegasus1.6", "image": [FOX, DOG, *more], "stream": False}
    every = "Compare <@fox>, <@dog>, <@bytes>, <@bare> and <@kept>."
    for prompt in ("Compare them.", every):
        assert api.post("/analyze", json={**body, "prompt": prompt}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "Where is <@fox>?"},
        {"prompt": "Where are <@fox>, <@dog> and <@cat>?"},
        {"model_name": "pegasus1.5"},
        {"model_name": None},
        {"image": [FOX, FOX]},
        {"image": [FOX, {"name": "a-b", "url": PICTURE}]},
        {"image": [FOX, {"name": "two", "url": PICTURE, "base64_string": "AAAA"}]},
        {"image": [FOX, {"name": "none"}]},
        {"image": [FOX, {"name": "plain", "url": "http://media.example/fox.png"}]},
        {"image": [FOX, {"name": "film", "url": VIDEO["url"]}]},
        {"image": [FOX, {"name": "tiff", "url": "https://media.example/fox.tiff"}]},
        {"image": []},
        {"image": [{**FOX, "name": f"n{each}"} for each in range(21)]},
        {"prompt": None, "prompt_v2": {"input_text": "Compare them."}},
        {"video": VIDEO},
    ],
)
def test_answer__images_refused(api: httpx2.Client, change: dict[str, object]) -> None:
    """Trap: a prompt that names only some images; beside it all else that images may not be."""
    body = {"model_name": "pegasus1.6", "image": [FOX, DOG], "prompt": "Compare them."}
    body = {name: held for name, held in {**body, **change}.items() if held is not None}
    response = api.post("/analyze", json={**body, "stream": False})
    assert response.status_code == 400, response.text
    assert response.json()["code"].startswith("parameter_")


def test_answer__too_many_pixels(api: httpx2.Client) -> None:
    """An image has 16,777,216 pixels at most."""
    big = {"name": "big", "base64_string": encoded(png(4097, 4096))}
    body = {"model_name": "pegasus1.6", "image": [big], "prompt": "What?", "stream": False}
    assert "pixels" in refused(api.post("/analyze", json=body), 400, "parameter_invalid")


def test_answer__structured_prompt(api: httpx2.Client) -> None:
    """A prompt that refers to images, each of which came with it."""
    source = {"name": "fox-1", "media_type": "image", "url": PICTURE}
    prompt = {"input_text": "Is there a <@fox-1>?", "media_sources": [source]}
    body = {"video": VIDEO, "prompt_v2": prompt, "stream": False}
    assert "fox" in api.post("/analyze", json=body).json()["data"]
    for sources in ([], [{**source, "name": "wolf"}], [source, source], [source] * 5):
        worse = {**body, "prompt_v2": {**prompt, "media_sources": sources}}
        refused(api.post("/analyze", json=worse), 400, "parameter_invalid")


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "Who?"},
        {"video": VIDEO},
        {"video": VIDEO, "prompt": "Who?", "prompt_v2": {"input_text": "Who?"}},
        {"video": VIDEO, "prompt": ""},
        {"video": {"type": "url"}, "prompt": "Who?"},
        {"video": {"type": "video_id", "video_id": NOBODY}, "prompt": "Who?"},
        {"video": VIDEO, "prompt": "Who?", "temperature": 1.1},
        {"video": VIDEO, "prompt": "Who?", "max_tokens": 0},
        {"video": VIDEO, "prompt": "Who?", "model_name": "pegasus1.2"},
        {"video": {"type": "url", "url": "https://media.example/song.mp3"}, "prompt": "Who?"},
        {"video": {"type": "url", "url": "https://media.example/understudy-fail.mp4"},
         "prompt": "Who?"},
    ],
)  # fmt: skip
def test_answer__refused(fake: Fake, api: httpx2.Client, body: dict[str, object]) -> None:
    """One video or images, one prompt, known models, bounds; and nothing changes."""
    before = shown(fake)
    response = api.post("/analyze", json=body)
    assert response.status_code == 400, response.text
    assert set(response.json()) == {"code", "message", "docs_url"}
    assert shown(fake) == before


def test_answer__video_id_is_a_call_of_2025(fake: Fake, api: httpx2.Client) -> None:
    """Trap: `video_id` is gone from today's document; such a body is still answered as it was."""
    video = new_video(fake, api, new_index(api, "films"), str(VIDEO["url"]))
    answer = api.post("/analyze", json={"video_id": video, "prompt": "Who?", "stream": False})
    assert answer.status_code == 200
    assert set(answer.json()) == {"id", "data", "usage"}
    assert next(iter(fake.journal)).provider == "twelvelabs"
    assert [entry.operation for entry in fake.journal][-1] == "generate-text-representation"


def test_answer__rate_limit_has_no_body() -> None:
    """Trap: 429 of /analyze is an empty body."""
    with Fake("twelvelabs", time="manual", rate="1/60") as fake:
        api = httpx2.Client(
            transport=fake.transport(),
            base_url="https://api.twelvelabs.io/v1.3",
            headers={"x-api-key": "tlk_test"},
        )
        assert asked(api).status_code == 200
        limited = asked(api)
        assert (limited.status_code, limited.content) == (429, b"")
        assert "content-type" not in limited.headers
        api.close()


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"video": VIDEO}, "parameter_not_provided", "body lacks the required property 'prompt'"),
        ({"prompt": "Who?"}, "parameter_not_provided", "property 'video' or 'image'"),
        (
            {"video": {"type": "asset_id"}, "prompt": "Who?"},
            "parameter_not_provided",
            "body 'video' lacks the required property 'asset_id'",
        ),
        (
            {"video": VIDEO, "prompt": "Who?", "prompt_v2": {"input_text": "Who?"}},
            "parameter_invalid",
            "only one of the properties 'prompt', 'prompt_v2'",
        ),
        (
            {"video": VIDEO, "image": [FOX], "prompt": "Who?"},
            "parameter_invalid",
            "only one of the properties 'video', 'image'",
        ),
    ],
)
def test_answer__says_what_would_have_done(
    api: httpx2.Client, body: dict[str, Any], code: str, words: str
) -> None:
    """A refusal names what is missing and where, or what excludes each other."""
    assert words in refused(api.post("/analyze", json=body), 400, code)
