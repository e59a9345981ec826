"""Laws of gists, summaries, chapters, highlights and answers to prompts."""

import json

import httpx2
import pytest
from stage import MODELS, NOBODY, client_of, new_index, new_task, new_video, refused

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Headers, Response
from understudy.contracts.json import Json
from understudy.mocks import Fake
from understudy.mocks.limits import Limits

URL = "https://cdn.example/red-fox.mp4?duration={}"
MISSING = "resource_not_exists"
PATHS = ("/gist", "/summarize", "/analyze", "/generate")
FERN = {"X-Fern-Language": "JavaScript", "X-Fern-SDK-Name": "twelvelabs-js"}
SCORES = '{"confidence": <1-10>, "clarity": <1-10>, "imp_points": ["..."]}'


@pytest.fixture
def video(fake: Fake, api: httpx2.Client, index: str) -> str:
    """A video of half a minute and a bit."""
    return new_video(fake, api, index, URL.format(31.7))


def body(path: str, video: str, **more: object) -> dict[str, object]:
    """The least that an operation asks for."""
    least: dict[str, dict[str, object]] = {
        "/gist": {"types": ["title", "topic", "hashtag"]},
        "/summarize": {"type": "summary"},
    }
    return {"video_id": video, **least.get(path, {"prompt": "Who runs?", "stream": False}), **more}


def events(response: httpx2.Response) -> list[dict[str, Json]]:
    """The lines of a stream, each held against the contract."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.text.endswith("}\n")
    contract = Contract.load("twelvelabs/v1.3-2025")
    operation = contract.operations["generate-text-representation"]
    headers = Headers(response.headers.multi_items())
    whole = Response(response.status_code, headers, response.content)
    assert contract.check_response(operation, whole) == ()
    return [json.loads(line) for line in response.text.splitlines()]


@pytest.mark.parametrize(
    ("types", "fields"),
    [
        (["title"], {"title"}),
        (["topic", "hashtag"], {"topics", "hashtags"}),
        (["title", "topic", "hashtag"], {"title", "topics", "hashtags"}),
    ],
)
def test_gist__what_was_asked_and_no_more(
    api: httpx2.Client, video: str, types: list[str], fields: set[str]
) -> None:
    """Each type gives its field; title, topics and hashtags speak of the video."""
    shown = api.post("/gist", json={"video_id": video, "types": types}).json()
    assert set(shown) == {"id", "usage", *fields}
    assert shown["usage"]["output_tokens"] > 0
    for field in fields:
        assert "fox" in str(shown[field]).lower()


@pytest.mark.parametrize("duration", [4, 4.9, 31.7, 600, 3600])
def test_summarize__chapters_cover_the_video(
    fake: Fake, api: httpx2.Client, index: str, duration: float
) -> None:
    """Numbered from 0, whole seconds, one after the other from the start to the last second."""
    video = new_video(fake, api, index, URL.format(duration))
    shown = api.post("/summarize", json=body("/summarize", video, type="chapter")).json()
    assert set(shown) == {"id", "chapters", "usage"}
    chapters = shown["chapters"]
    assert [chapter["chapter_number"] for chapter in chapters] == list(range(len(chapters)))
    edges = [edge for chapter in chapters for edge in (chapter["start"], chapter["end"])]
    assert all(type(edge) is int for edge in edges)
    assert (edges[0], edges[-1]) == (0, int(duration))
    assert edges == sorted(edges)
    assert all(chapter["start"] < chapter["end"] for chapter in chapters)


@pytest.mark.parametrize("duration", [4, 31.7, 3600])
def test_summarize__highlights_lie_within(
    fake: Fake, api: httpx2.Client, index: str, duration: float
) -> None:
    """Whole seconds within the duration, in order, none overlapping."""
    video = new_video(fake, api, index, URL.format(duration))
    shown = api.post("/summarize", json=body("/summarize", video, type="highlight")).json()
    assert set(shown) == {"id", "highlights", "usage"}
    edges = [edge for each in shown["highlights"] for edge in (each["start"], each["end"])]
    assert edges
    assert all(type(edge) is int and 0 <= edge <= duration for edge in edges)
    assert edges == sorted(edges)
    assert all(
        set(e) == {"start", "end", "highlight", "highlight_summary"} for e in shown["highlights"]
    )


def test_summarize__number_in_the_prompt(api: httpx2.Client, video: str) -> None:
    """A prompt that asks for a number of chapters or highlights gets it."""
    for kind, field in (("chapter", "chapters"), ("highlight", "highlights")):
        asked = body("/summarize", video, type=kind, prompt=f"Make four {field}.")
        assert len(api.post("/summarize", json=asked).json()[field]) == 4


@pytest.mark.parametrize("kind", ["summary", "chapter", "highlight"])
def test_summarize__type_is_told_to_those_who_need_it(
    api: httpx2.Client, video: str, kind: str
) -> None:
    """`summarize_type` goes to the generated SDKs, and to nobody else."""
    asked = body("/summarize", video, type=kind)
    assert "summarize_type" not in api.post("/summarize", json=asked).json()
    for name, value in FERN.items():
        told = api.post("/summarize", json=asked, headers={name: value}).json()
        assert told["summarize_type"] == kind


@pytest.mark.parametrize("path", ["/analyze", "/generate"])
def test_analyze__whole(api: httpx2.Client, video: str, path: str) -> None:
    """Without a stream: id, text and usage; `finish_reason` only for who knows it."""
    shown = api.post(path, json=body(path, video)).json()
    assert set(shown) == {"id", "data", "usage"}
    assert "fox" in shown["data"]
    told = api.post(path, json=body(path, video), headers=FERN).json()
    assert told["finish_reason"] == "stop"
    assert told["data"] == shown["data"]
    cut = api.post(path, json=body(path, video, max_tokens=3), headers=FERN).json()
    assert (cut["finish_reason"], cut["usage"]) == ("length", {"output_tokens": 3})


@pytest.mark.parametrize("path", ["/analyze", "/generate"])
@pytest.mark.parametrize("asked", [{}, {"stream": True}])
def test_analyze__streams_by_default(
    api: httpx2.Client, video: str, path: str, asked: dict[str, bool]
) -> None:
    """Start, text and end, whose pieces together are the whole answer."""
    prompt = {"video_id": video, "prompt": "Who runs?"}
    told = events(api.post(path, json={**prompt, **asked}))
    kinds = [event["event_type"] for event in told]
    assert kinds == ["stream_start", *["text_generation"] * (len(told) - 2), "stream_end"]
    whole = api.post(path, json={**prompt, "stream": False}).json()
    assert "".join(str(event["text"]) for event in told[1:-1]) == whole["data"]
    assert told[-1] == {
        "event_type": "stream_end",
        "metadata": {**told[0]["metadata"], "usage": whole["usage"]},  # type: ignore[dict-item]
    }


def test_analyze__stream_takes_its_time_on_the_clock() -> None:
    """On an `auto` clock the pieces of a stream move the time between them."""
    with Fake("twelvelabs", time="auto") as fake, client_of(fake, "tlk_test") as api:
        video = new_video(fake, api, new_index(api, "films"), URL.format(30))
        asked = {"video_id": video, "prompt": "Who runs?"}
        with api.stream("POST", "/analyze", json=asked) as response:
            lines = response.iter_lines()
            next(lines)
            began = fake.clock.now()
            next(lines)
            assert fake.clock.now() > began
            for _ in lines:
                pass
        assert 0.5 < fake.clock.now() - began < 60


@pytest.mark.parametrize("path", ["/analyze", "/generate", "/summarize"])
def test_texts__follow_a_template(api: httpx2.Client, video: str, path: str) -> None:
    """Where the prompt shows JSON, the text is such JSON, with values in range."""
    shown = api.post(path, json=body(path, video, prompt=f"Answer as {SCORES}")).json()
    given = json.loads(shown.get("data") or shown["summary"])
    assert list(given) == ["confidence", "clarity", "imp_points"]
    assert all(1 <= given[key] <= 10 for key in ("confidence", "clarity"))
    assert given["imp_points"]


@pytest.mark.parametrize("path", ["/analyze", "/generate", "/summarize"])
def test_texts__follow_a_schema(api: httpx2.Client, video: str, path: str) -> None:
    """Where `response_format` gives a schema, the text is JSON that it accepts."""
    schema = {"type": "object", "properties": {"mood": {"enum": ["a", "b"]}}, "required": ["mood"]}
    wanted = {"type": "json_schema", "json_schema": schema}
    shown = api.post(path, json=body(path, video, response_format=wanted)).json()
    assert json.loads(shown.get("data") or shown["summary"])["mood"] in ("a", "b")


@pytest.mark.parametrize("path", PATHS)
def test_texts__same_words_for_the_same_video(
    fake: Fake, api: httpx2.Client, index: str, path: str
) -> None:
    """Medium, prompt and seed make the text: not the id, the tenant or the time."""
    first = new_video(fake, api, index, URL.format(31))
    again = new_video(fake, api, index, URL.format(31))
    texts = []
    for video in (first, again):
        shown = api.post(path, json=body(path, video)).json()
        del shown["id"]
        texts.append(shown)
    assert texts[0] == texts[1]


@pytest.mark.parametrize("path", PATHS)
def test_texts__video_must_exist(api: httpx2.Client, index: str, path: str) -> None:
    """A malformed id is a bad request, an unknown one is not found; both name the parameter."""
    message = refused(api.post(path, json=body(path, "nope")), 400, "parameter_invalid")
    assert "video_id" in message
    message = refused(api.post(path, json=body(path, NOBODY)), 404, "resource_not_exists")
    assert "video_id" in message


@pytest.mark.parametrize("path", PATHS)
def test_texts__need_pegasus(fake: Fake, api: httpx2.Client, path: str) -> None:
    """An index with Marengo alone writes no texts."""
    video = new_video(fake, api, new_index(api, "m", models=MODELS[:1]), URL.format(30))
    refused(api.post(path, json=body(path, video)), 400, "index_not_supported_for_generate")


@pytest.mark.parametrize("path", ["/summarize", "/analyze", "/generate"])
def test_texts__prompt_has_a_limit(api: httpx2.Client, video: str, path: str) -> None:
    """Two thousand tokens are the most."""
    assert api.post(path, json=body(path, video, prompt="word " * 2000)).status_code == 200
    refused(
        api.post(path, json=body(path, video, prompt="word " * 2001)), 400, "token_limit_exceeded"
    )


@pytest.mark.parametrize(
    ("path", "wrong", "named"),
    [
        ("/gist", {"types": []}, "types"),
        ("/gist", {"types": ["colour"]}, "types"),
        ("/gist", {"types": "title"}, "types"),
        ("/gist", {"video_id": 7}, "video_id"),
        ("/summarize", {"type": "poem"}, "type"),
        ("/summarize", {"type": None}, "type"),
        ("/summarize", {"prompt": 5}, "prompt"),
        ("/summarize", {"temperature": -0.1}, "temperature"),
        ("/summarize", {"type": "chapter", "response_format": {"json_schema": {}}}, "format"),
        ("/summarize", {"response_format": []}, "response_format"),
        ("/analyze", {"temperature": 1.1}, "temperature"),
        ("/analyze", {"prompt": ""}, "prompt"),
        ("/analyze", {"stream": "yes"}, "stream"),
        ("/analyze", {"max_tokens": 0}, "max_tokens"),
        ("/analyze", {"response_format": {"json_schema": {"type": 3}}}, "response_format"),
        ("/generate", {"response_format": {"json_schema": {"allOf": [False]}}}, "response_format"),
        ("/generate", {"temperature": "hot"}, "temperature"),
    ],
)
def test_texts__bad_input_is_named(
    api: httpx2.Client, video: str, path: str, wrong: dict[str, object], named: str
) -> None:
    """A value off the document is a bad request that names the parameter."""
    response = api.post(path, json=body(path, video, **wrong))
    assert named in refused(response, 400, "parameter_invalid")


@pytest.mark.parametrize("path", PATHS)
def test_texts__missing_input_is_named(api: httpx2.Client, video: str, path: str) -> None:
    """Each required parameter is asked for by name; /analyze asks for what it takes today."""
    for missing in set(body(path, video)) - {"stream"}:
        rest = {name: value for name, value in body(path, video).items() if name != missing}
        message = refused(api.post(path, json=rest), 400, "parameter_not_provided")
        assert ("video" if path == "/analyze" else missing) in message


@pytest.mark.parametrize("path", PATHS)
def test_texts__other_refusals(fake: Fake, api: httpx2.Client, path: str) -> None:
    """Wrong key, wrong method, wrong media type and a body that is too large."""
    with client_of(fake, "invalid-key") as stranger:
        refused(stranger.post(path, json=body(path, NOBODY)), 401, "api_key_invalid")
    refused(api.get(path), 405, "method_not_allowed")
    refused(api.post(path, files={"video_id": (None, NOBODY)}), 415, "unsupported_media_type")
    with Fake("twelvelabs", limits=Limits(body=100)) as small, client_of(small, "k") as client:
        refused(client.post(path, json={"video_id": "x" * 200}), 413, "request_too_large")


def test_video__not_ready_yet_names_its_task(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Who asks too early is told what to wait for; who waited for a failure, that it failed."""
    made = new_task(api, index, URL.format(90))
    told = refused(api.post("/analyze", json=body("/analyze", made["video_id"])), 404, MISSING)
    assert told.endswith(f"yet: its task {made['_id']} is uploading, wait until it is ready")
    lost = new_task(api, index, "https://cdn.example/understudy-fail.mp4")
    fake.clock.advance(10_000)
    told = refused(api.post("/analyze", json=body("/analyze", lost["video_id"])), 404, MISSING)
    assert told.endswith(f": its task {lost['_id']} failed")
