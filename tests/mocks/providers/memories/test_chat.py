"""Chats: one line of JSON or a stream, and sessions that grow with them."""

import json

import pytest
from memories_stage import LONG, NOBODY, Api, events, good, refused

from understudy.mocks import Fake
from understudy.mocks.providers.memories.sessions import MOST_MESSAGES

EVENTS = {"accept": "text/event-stream"}
STREAMS = [("chat", EVENTS), ("chat_stream", {})]


def ask(api: Api, video: str, prompt: str = "What happens?", **more: object) -> dict[str, object]:
    return dict(good(api.post("chat", {"video_nos": [video], "prompt": prompt, **more})))


def test_chat__is_one_line_about_the_video(api: Api, video: str) -> None:
    """Role in capitals, content that names the video, thoughts and references within it."""
    response = api.post("chat", {"video_nos": [video], "prompt": "Find the highlights"})
    assert "\n" not in response.text
    answer = good(response)
    assert answer["role"] == "ASSISTANT"
    assert "Red_fox" in answer["content"] and "fox" in answer["content"].lower()
    assert all(each["title"] and each["content"] for each in answer["thinkings"])
    [ref] = answer["refs"]
    assert ref["video"] == {"duration": "30", "video_no": video, "video_name": "Red_fox"}
    for item in ref["refItems"]:
        assert 0 <= item["startTime"] < item.get("endTime", 30) <= 30
    assert {item["type"] for item in ref["refItems"]} == {"keyframe", "visual_ts", "audio_ts"}


def test_chat__answers_json_where_it_is_asked_for(api: Api, video: str) -> None:
    """The content can be parsed, as an application expects."""
    prompt = 'Answer with JSON only: {"title": "...", "count": 3}'
    assert set(json.loads(str(ask(api, video, prompt)["content"]))) == {"title", "count"}


@pytest.mark.parametrize(("name", "headers"), STREAMS)
def test_stream__says_what_the_line_says(
    api: Api, video: str, name: str, headers: dict[str, str]
) -> None:
    """Thoughts, references, pieces that make the same text, and `"Done"`, all of one session."""
    body = {"video_nos": [video], "prompt": "What happens?"}
    *told, end = events(api.post(name, body, headers=headers))
    assert end == '"Done"'
    lines = [json.loads(each) for each in told]
    kinds = [each["type"] for each in lines]
    assert kinds[:3] == ["thinking", "thinking", "ref"] and set(kinds[3:]) == {"content"}
    text = "".join(each["content"] for each in lines if each["type"] == "content")
    whole = ask(api, video)
    assert text == whole["content"]
    assert lines[2]["ref"] == whole["refs"]
    [session] = {each["sessionId"] for each in lines}
    detail = good(api.get("get_session_detail", sessionId=session))
    assert detail["messages"][1]["content"] == text


def test_stream__takes_its_time(video: str) -> None:
    """On an auto clock the pieces of a stream move it."""
    with Fake("memories", time="auto") as fake:
        api = Api(fake)
        number = api.upload()
        while api.listed()[0]["status"] != "PARSE":
            pass
        before = fake.clock.now()
        events(api.post("chat_stream", {"video_nos": [number], "prompt": "Who?"}))
        assert 0.5 < fake.clock.now() - before < 60


def test_session__goes_on(fake: Fake, api: Api, video: str) -> None:
    """The same session continues, by text or number; list and detail agree; the newest is first."""
    first = ask(api, video, "Find the fox")
    fake.clock.advance(5)
    second = ask(api, video, "Another one", session_id="")
    assert second["session_id"] != first["session_id"]
    for identity in (first["session_id"], int(str(first["session_id"]))):
        assert (
            ask(api, video, "And then?", session_id=identity)["session_id"] == first["session_id"]
        )
    listed = good(api.get("list_sessions", page="1"))
    assert [each["title"] for each in listed["sessions"]] == ["Another one", "Find the fox"]
    assert (listed["current_page"], listed["page_size"], listed["total_count"]) == (1, 20, "2")
    detail = good(api.get("get_session_detail", sessionId=first["session_id"]))
    assert detail["title"] == "Find the fox" and detail["session_id"] == first["session_id"]
    said = [(each["role"], each["content"]) for each in detail["messages"]]
    assert [role for role, _ in said] == ["user", "assistant"] * 3
    assert said[0][1] == "Find the fox" and said[1][1] == first["content"]
    assert good(api.get("get_session_detail", session_id=first["session_id"])) == detail


def test_sessions__are_paged_by_twenty(fake: Fake, api: Api) -> None:
    """Also those of chats about public videos."""
    for number in range(23):
        good(api.post("marketer_chat", {"prompt": f"Question {number}"}))
        fake.clock.advance(1)
    first, second = (good(api.get("list_sessions", page=page))["sessions"] for page in (1, 2))
    titles = [each["title"] for each in (*first, *second)]
    assert titles == [f"Question {number}" for number in reversed(range(23))]
    assert (len(first), len(second)) == (20, 3)
    assert good(api.get("list_sessions", page=3))["sessions"] == []
    assert good(api.get("list_sessions", unique_id="guest"))["total_count"] == "0"


def test_session__is_bounded(api: Api, video: str) -> None:
    """A session that is full is refused in words, and is left as it is."""
    session = ask(api, video)["session_id"]
    for _ in range(MOST_MESSAGES // 2 - 1):
        ask(api, video, session_id=session)
    body = {"video_nos": [video], "prompt": "More?", "session_id": session}
    assert str(MOST_MESSAGES) in refused(api.post("chat", body), "0003")
    assert len(good(api.get("get_session_detail", sessionId=session))["messages"]) == MOST_MESSAGES


def test_session__of_another_scope_is_unknown(api: Api, video: str) -> None:
    """Neither read nor gone on with."""
    session = ask(api, video)["session_id"]
    refused(api.get("get_session_detail", sessionId=session, unique_id="guest"), "0001")
    body = {"prompt": "Who?", "session_id": session, "unique_id": "guest"}
    refused(api.post("marketer_chat", body), "0001")
    refused(api.get("get_session_detail"), "0001")


def test_chat__needs_parsed_videos(fake: Fake, api: Api) -> None:
    """Unknown, waiting and failed ones are refused; a stream says so in its only line."""
    waiting = api.upload("https://x.example/understudy-fail.mp4")

    def refusal(number: str, code: str) -> str:
        body = {"video_nos": [number], "prompt": "Who?"}
        [told] = events(api.post("chat_stream", body))
        message = refused(api.post("chat", body), code)
        assert json.loads(told) in (message, "No videos found for the provided video numbers.")
        return str(json.loads(told))

    assert refusal(NOBODY, "0001") == "No videos found for the provided video numbers."
    assert refusal(waiting, "0003").startswith("Video is not parsed:")
    fake.clock.advance(LONG)
    assert refusal(waiting, "0003").startswith("Video is not parsed:")
    assert good(api.get("list_sessions"))["total_count"] == "0"


@pytest.mark.parametrize("kind", ["TIKTOK", "YOUTUBE", "INSTAGRAM"])
def test_marketer__speaks_of_a_platform(api: Api, kind: str) -> None:
    """Public numbers, the question's own words, and the same stream."""
    body = {"prompt": "Where is the harbour?", "type": kind}
    answer = good(api.post("marketer_chat", body))
    assert answer["role"] == "ASSISTANT" and "harbour" in answer["content"].lower()
    assert all(each["video"]["video_no"].startswith("PI-") for each in answer["refs"])
    *told, end = events(api.post("marketer_chat_stream", body))
    assert end == '"Done"'
    assert events(api.post("marketer_chat", body, headers=EVENTS))[-1] == '"Done"'
    pieces = [json.loads(each) for each in told]
    text = "".join(each["content"] for each in pieces if each["type"] == "content")
    assert text == answer["content"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"prompt": "Who?"},
        {"video_nos": [], "prompt": "Who?"},
        {"video_nos": "VI1", "prompt": "Who?"},
        {"video_nos": [NOBODY]},
        {"video_nos": [NOBODY], "prompt": ""},
        {"video_nos": [NOBODY], "prompt": "  "},
        {"video_nos": [NOBODY], "prompt": "Who?", "session_id": []},
    ],
)
def test_chat__refuses_what_cannot_be_meant(api: Api, body: object) -> None:
    """In the envelope, streamed or not."""
    refused(api.post("chat", body), "0001")
    refused(api.post("chat_stream", body), "0001")
