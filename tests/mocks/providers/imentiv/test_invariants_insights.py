"""Invariants 88 to 93: conversations about one medium."""

import json
from typing import Any

import pytest
from imentiv_stage import KINDS, NOBODY, SINGULAR, Api


def path(kind: str, identity: str) -> str:
    """The path of a conversation."""
    return f"/v2/{SINGULAR[kind]}/{identity}/ai-insights"


def ask(api: Api, where: str, message: str = "How do they feel?") -> Any:
    """The answer as JSON."""
    return api.call("POST", where, params={"stream": "false"}, json={"message": message}).json()


def events(api: Api, where: str, message: str = "How do they feel?") -> list[tuple[str, Any]]:
    """The names and contents of a streamed answer's events."""
    response = api.call("POST", where, json={"message": message})
    assert response.headers["content-type"].startswith("text/event-stream")
    found: list[tuple[str, Any]] = []
    for block in response.text.strip().split("\n\n"):
        name, content = block.split("\n")
        assert name.startswith("event: ") and content.startswith("data: ")
        found.append((name[7:], json.loads(content[6:])))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_stream__has_its_order_and_adds_up(api: Api, kind: str) -> None:
    """88. Start, metadata, chunks, end, done; the chunks are the full text."""
    found = events(api, path(kind, api.made(kind)))
    names = [name for name, _ in found]
    chunks = [content["text"] for name, content in found if name == "stream_chunk"]
    frame = ["stream_start", "metadata", *["stream_chunk"] * len(chunks), "stream_end", "done"]
    assert names == frame and len(chunks) >= 2
    assert found[0][1] == {"status": "initializing"} and found[-1][1] == {}
    assert set(found[1][1]) == {"message_id", "conversation_id"}
    end = found[-2][1]
    assert end["full_text"] == "".join(chunks) and end["message_id"] == 1
    assert set(end["token_usage"]) == {"input_tokens", "output_tokens"}


@pytest.mark.parametrize("kind", KINDS)
def test_json__is_the_twin(api: Api, kind: str) -> None:
    """89. The same conversation, the next number, and a quota that is not exceeded."""
    where = path(kind, api.made(kind))
    first = ask(api, where)
    assert first["message_id"] == 1 and first["response"]
    streamed = dict(events(api, where))
    assert streamed["metadata"] == {
        "message_id": 2,
        "conversation_id": first["conversation_id"],
    }
    third = ask(api, where)
    assert (third["message_id"], third["is_quota_exceeded"]) == (3, False)


def test_history__comes_in_pairs(api: Api, video: str) -> None:
    """90. Question and answer share a number, oldest first; empty with an id before the first."""
    where = path("videos", video)
    empty = api.get(where)
    assert empty["messages"] == [] and empty["conversation_id"]
    answers = [ask(api, where, f"Question {number}?")["response"] for number in (1, 2)]
    told = api.get(where)
    assert told["conversation_id"] == empty["conversation_id"]
    pairs = [(m["role"], m["message_id"], m["text"]) for m in told["messages"]]
    assert pairs == [
        ("user", 1, "Question 1?"),
        ("ai_assistant", 1, answers[0]),
        ("user", 2, "Question 2?"),
        ("ai_assistant", 2, answers[1]),
    ]


def test_conversation__is_one_for_each_medium(api: Api, video: str) -> None:
    """91. Another medium has another conversation; the same one keeps its own."""
    other = api.made("images")
    first, second = ask(api, path("videos", video)), ask(api, path("images", other))
    assert first["conversation_id"] != second["conversation_id"]
    assert second["message_id"] == 1
    assert ask(api, path("videos", video))["conversation_id"] == first["conversation_id"]


def test_errors__come_before_the_stream(api: Api, video: str) -> None:
    """92. Unknown medium 404, unknown kind and bad bodies 422 with a sentence, never an event."""
    assert "not found" in api.refused(404, "POST", path("videos", NOBODY), json={"message": "x"})
    api.refused(404, "GET", path("images", video))
    for where, body in (
        (f"/v2/film/{video}/ai-insights", {"message": "x"}),
        (path("videos", video), {"message": ""}),
        (path("videos", video), {"message": "x" * 10_001}),
        (path("videos", video), {}),
    ):
        api.refused(422, "POST", where, json=body)
    assert api.get(path("videos", video))["messages"] == []


def test_nothing_to_speak_of__is_a_numbered_refusal(api: Api) -> None:
    """92. Without any segment left there are no data yet: 400 with 1601."""
    audio = api.made("audios")
    api.call("PUT", f"/v1/audios/{audio}/transcript", json=[])
    told = api.call("POST", path("audios", audio), 400, json={"message": "x"}).json()
    assert told["error_id"] == 1601 and told["message"] and told["timestamp"]


@pytest.mark.parametrize("kind", KINDS)
def test_unfinished__is_refused_with_its_status(api: Api, kind: str) -> None:
    """93. Before the analysis is completed the current status is told; the history is empty."""
    where = path(kind, api.upload(kind)["id"])
    assert "queue" in api.refused(422, "POST", where, json={"message": "x"})
    assert api.get(where)["messages"] == []


def test_answer__speaks_of_this_medium(api: Api, video: str) -> None:
    """The strongest emotion of the medium's own average stands in the answer."""
    average = api.get(f"/v2/videos/{video}/emotions/average")
    assert max(average, key=average.__getitem__) in ask(api, path("videos", video))["response"]
