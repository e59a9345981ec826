"""What the client of Imentiv promises, against servers that do what they are told."""

from typing import Any

import pytest
from callers import Blocking, Pieces, Script, reply

from understudy.client import (
    AsyncImentiv,
    AsyncTiming,
    Conflict,
    Imentiv,
    NotReady,
    Patience,
    StreamBroken,
    TaskFailed,
    Timing,
    UnknownStatus,
    Unprocessable,
    UsageError,
)
from understudy.client.imentiv.insight import InsightEnd, InsightNames, InsightOther, InsightStart
from understudy.client.imentiv.speaker import Pair

BASE = "https://api.example"


def made(caller: Blocking, *steps: Any) -> tuple[Any, Script]:
    """A client of the caller's kind and time, and the server it talks to."""
    script = Script(*steps)
    more: dict[str, Any] = {"base_url": BASE, "transport": script.transport}
    if caller.asynchronous:
        timing = AsyncTiming(sleep=caller.time.sleep_async, **caller.time.known())  # type: ignore[attr-defined]
        return AsyncImentiv("k", timing=timing, **more), script
    still = Timing(sleep=caller.time.sleep, **caller.time.known())
    return Imentiv("k", timing=still, **more), script


def sent(script: Script) -> list[str]:
    """Method and target of each request."""
    prefix = len(BASE)
    return [f"{each.method} {str(each.url)[prefix:]}" for each in script.requests]


def test_requests__carry_key_and_referer(caller: Blocking) -> None:
    """The service was seen to refuse keys without a referer."""
    client, script = made(caller, reply(json={"id": "v", "status": "queue"}))
    caller.run(client.videos.retrieve("v"))
    headers = script.requests[0].headers
    assert (headers["x-api-key"], bool(headers["referer"])) == ("k", True)


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (422, {"detail": "Too short."}, Unprocessable, "422: Too short."),
        (
            422,
            {"detail": [{"loc": ["body", 0, "name"], "msg": "Field required", "type": "missing"}]},
            Unprocessable,
            "422 missing: body.0.name: Field required",
        ),
        (409, {"detail": "It is processing."}, Conflict, "409: It is processing."),
    ],
)
def test_refusals__are_read_in_both_forms(
    caller: Blocking, status: int, body: Any, kind: Any, said: str
) -> None:
    """A sentence, or a list whose every value is named with its place."""
    client, _ = made(caller, reply(status, body))
    with pytest.raises(kind) as failed:
        caller.run(client.videos.retrieve("v"))
    assert str(failed.value) == said


def test_refusals__of_conversations_have_a_number(caller: Blocking) -> None:
    """1601: the data are not there yet."""
    client, _ = made(caller, reply(400, {"error_id": 1601, "message": "Wait.", "timestamp": "t"}))
    with pytest.raises(Exception, match=r"400 1601: Wait\."):
        caller.run(client.videos.insights.ask("v", "Who?"))


def test_uploads__need_a_file_or_an_address(caller: Blocking) -> None:
    """Nothing is sent for neither, nor for both."""
    client, script = made(caller, reply(500))
    for more in ({}, {"video_file": b"x", "video_url": "https://media.example/a.mp4"}):
        with pytest.raises(UsageError):
            caller.run(client.videos.upload("a", **more))
    assert script.requests == []


def test_wait__takes_done_for_completed(caller: Blocking) -> None:
    """Three sentences of the vendor's document call it so."""
    steps = [reply(json={"id": "v", "status": each}) for each in ("queue", "processing", "done")]
    client, script = made(caller, *steps)
    seen: list[str] = []
    video = caller.run(client.videos.wait("v", on_status=lambda now: seen.append(now.status)))
    assert (video.status, seen) == ("done", ["queue", "processing", "done"])
    assert sent(script) == ["GET /v1/videos/v"] * 3


@pytest.mark.parametrize(("status", "kind"), [("failed", TaskFailed), ("lost", UnknownStatus)])
def test_wait__ends_when_it_must(caller: Blocking, status: str, kind: Any) -> None:
    """A failure and an undeclared status end it at once."""
    client, _ = made(caller, reply(json={"id": "t", "status": status}))
    with pytest.raises(kind):
        caller.run(client.texts.wait("t"))


def part(**statuses: str) -> Any:
    """A reply about a personality."""
    told = {name: {"status": status} for name, status in statuses.items()}
    return reply(json={"video_id": "v", "face_id": 1, "analysis_status": told})


def test_wait__for_a_combined_personality_is_for_both_parts(caller: Blocking) -> None:
    """One part that is completed does not end it; `overall` does not wait for the other."""
    client, script = made(
        caller,
        part(overall="processing", by_segment="pending"),
        part(overall="completed", by_segment="processing"),
        part(overall="completed", by_segment="completed"),
    )
    wait = client.videos.personality.wait
    done = caller.run(wait("v", 1, analysis_type="combined"))
    assert [done.status_of(name) for name in ("overall", "by_segment")] == ["completed"] * 2
    assert len(script.requests) == 3
    client, script = made(caller, part(overall="completed", by_segment="processing"))
    caller.run(client.videos.personality.wait("v", 1))
    assert len(script.requests) == 1
    client, _ = made(caller, part(overall="completed", by_segment="failed"))
    with pytest.raises(TaskFailed):
        caller.run(client.videos.personality.wait("v", 1, analysis_type="combined"))
    client, _ = made(caller, reply(json={"video_id": "v", "face_id": 1, "analysis_status": None}))
    with pytest.raises(UnknownStatus, match="absent"):
        caller.run(client.videos.personality.wait("v", 1))


def test_wait__for_tables_is_over_with_the_file(caller: Blocking) -> None:
    """202 is running, 200 is the file, 409 says why there is none."""
    client, script = made(
        caller,
        reply(json={"id": "v", "status": "queue", "message": "m"}),
        reply(202, {"status": "queue", "message": "m"}),
        reply(202, {"status": "processing", "message": "m"}),
        reply(200, {"zip": 1}),
    )
    seen: list[str] = []
    work = caller.run(client.videos.reports.csv.start("v"))
    report = caller.run(work.wait(on_status=lambda now: seen.append(now.status)))
    assert (seen, report.file.content) == (["queue", "processing", "completed"], b'{"zip":1}')
    assert sent(script)[:2] == ["POST /v1/videos/v/report", "GET /v1/videos/v/report"]
    client, _ = made(caller, reply(409, {"detail": "It failed."}))
    with pytest.raises(Conflict):
        caller.run(client.videos.reports.csv.wait("v"))


def test_wait__for_the_annotated_video_ends_with_a_link(caller: Blocking) -> None:
    """The link has no status; the file behind it is fetched without the key."""
    link = {
        "video_id": "v",
        "download_url": "https://files.example/x",
        "filename": "f.mp4",
        "expires_in_minutes": 60,
        "expires_at": "2025-11-03T10:20:00Z",
    }
    running = {"video_id": "v", "message": "m"}
    client, script = made(
        caller,
        reply(json={**running, "status": "pending"}),
        reply(json={**running, "status": "in progress"}),
        reply(json=link),
    )
    found = caller.run(client.videos.annotated.wait("v", patience=Patience(interval=1)))
    assert (found.status, found.download_url) == ("completed", "https://files.example/x")
    caller.run(client.videos.annotated.download("v"))
    assert str(script.requests[-1].url) == "https://files.example/x"
    assert "x-api-key" not in script.requests[-1].headers
    client, _ = made(caller, reply(json={**running, "status": "pending"}))
    with pytest.raises(NotReady, match="m"):
        caller.run(client.videos.annotated.download("v"))


def page(*ids: str) -> Any:
    """A page of a list."""
    told = [{"id": id, "title": id, "status": "completed"} for id in ids]
    return reply(json={"documents": told, "count": 9})


@pytest.mark.parametrize(
    ("direction", "cursor", "order"), [("forward", "b", "abc"), ("backward", "a", "abc")]
)
def test_list__goes_on_from_the_edge_of_a_full_page(
    caller: Blocking, direction: str, cursor: str, order: str
) -> None:
    """Forward from its last item, backward from its first; a short page is the last one."""
    client, script = made(caller, page("a", "b"), page("c"))
    items = caller.all(client.images.list(page_size=2, direction=direction, after="z"))
    assert "".join(each.id for each in items) == order
    targets = [target.partition("?")[2] for target in sent(script)]
    assert targets == [
        f"start_after={each}&page_size=2&direction={direction}" for each in ("z", cursor)
    ]


def test_forms__are_urlencoded_even_on_delete(caller: Blocking) -> None:
    """Lists of ids are joined by commas; the body of a DELETE is a form."""
    client, script = made(caller, reply(json={"id": "v", "message": "m"}))
    caller.run(client.videos.faces.delete("v", [2, 3]))
    [request] = script.requests
    assert (request.method, request.content) == ("DELETE", b"face_ids=2%2C3")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


def test_match__sends_a_name_even_when_there_is_none(caller: Blocking) -> None:
    """The vendor's schema wants the field; null takes the speaker's name."""
    client, script = made(caller, reply(json={"status": "completed", "message": "m"}))
    caller.run(client.videos.speakers.match("v", [Pair(0, 1), Pair(1, 2, "Ada")]))
    assert script.requests[0].content == (
        b'[{"speaker_id":0,"face_id":1,"name":null},{"speaker_id":1,"face_id":2,"name":"Ada"}]'
    )


EVENTS = [
    b'event: stream_start\ndata: {"status": "initializing"}\n\n',
    b'event: metadata\ndata: {"message_id": 1, "conversation_id": "c"}\n\n',
    b'event: stream_chunk\ndata: {"text": "Ada "}\n\nevent: stream_chunk\ndata: {"te',
    b'xt": "is."}\n\nevent: surprise\ndata: {}\n\n',
    b'event: stream_end\ndata: {"message_id": 1, "full_text": "Ada is."}\n\n',
    b"event: done\ndata: {}\n\n",
]


def stream(*pieces: bytes) -> Any:
    """A reply that streams."""
    made = reply(200, **{"content-type": "text/event-stream"})
    return type(made)(200, headers=made.headers, stream=Pieces(*pieces))


def test_stream__tells_each_event_by_its_name(caller: Blocking) -> None:
    """The pieces make the text, an event of a new kind is kept, the question asks for a stream."""
    client, script = made(caller, stream(*EVENTS))
    assert caller.run(client.videos.insights.stream("v", "Who?").text()) == "Ada is."
    events = caller.all(client.videos.insights.stream("v", "Who?"))
    kinds = [type(event) for event in events]
    assert (kinds[0], kinds[1]) == (InsightStart, InsightNames)
    assert kinds[4] is InsightOther and isinstance(events[5], InsightEnd)
    assert sent(script)[0] == "POST /v2/video/v/ai-insights?stream=true"
    assert script.requests[0].headers["accept"] == "text/event-stream"


def test_stream__that_ends_in_an_error_is_broken(caller: Blocking) -> None:
    """So is one that just stops; a question is not asked again."""
    trouble = b'event: error\ndata: {"error_id": 1700, "message": "No."}\n\n'
    client, script = made(caller, stream(*EVENTS[:2], trouble))
    with pytest.raises(StreamBroken, match=r"1700: 'No\.'"):
        caller.run(client.texts.insights.stream("t", "Who?").text())
    client, _ = made(caller, stream(*EVENTS[:-1]))
    with pytest.raises(StreamBroken, match="before its last event"):
        caller.run(client.texts.insights.stream("t", "Who?").text())
    assert len(script.requests) == 1
