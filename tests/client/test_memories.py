"""Every operation of Memories.ai with both clients, against the fake: in process and on a port.

The fake is strict: a request or a reply off contract fails the test that caused it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx2
import pytest
from callers import Blocking, Pieces, Script, reply
from media import mp4, png

from understudy.client import (
    ApiError,
    AsyncMemories,
    AsyncTiming,
    BadReply,
    BadRequest,
    Conflict,
    Forbidden,
    Memories,
    PaymentRequired,
    RateLimited,
    Retry,
    StreamBroken,
    TaskFailed,
    Timing,
    Unauthorized,
    UsageError,
)
from understudy.client.memories.talk import ChatDone, ChatOther, ChatRefs, ChatText, ChatThought
from understudy.contracts import Contract
from understudy.mocks import Fake

KEY = "sk-test"
URL = "https://media.example/Red_fox.mp4?duration=30"


def made(caller: Blocking, transport: Any, key: str = KEY, **more: Any) -> Any:
    """A client of the caller's kind, in the caller's time."""
    if caller.asynchronous:
        timing = AsyncTiming(sleep=caller.time.sleep_async, **caller.time.known())  # type: ignore[attr-defined]
        return AsyncMemories(key, transport=transport, timing=timing, **more)
    still = Timing(sleep=caller.time.sleep, **caller.time.known())
    return Memories(key, transport=transport, timing=still, **more)


@dataclass(frozen=True)
class Place:
    """Where clients meet the fake: at `base_url` over real connections, else in process."""

    fake: Fake
    base_url: str | None

    @contextmanager
    def client(self, caller: Blocking, key: str = KEY, **more: Any) -> Iterator[Any]:
        """A client here, whose sleeps move the fake's clock; closed at the end."""
        caller.time.on_sleep = self.fake.clock.advance
        transport: Any = None
        if self.base_url is None:
            inside = self.fake.async_transport if caller.asynchronous else self.fake.transport
            transport = inside()
        client = made(caller, transport, key, base_url=self.base_url, **more)
        caller.enter(client)
        try:
            yield client
        finally:
            caller.leave(client)


@pytest.fixture(scope="module", params=["in process", "port"])
def shared(request: pytest.FixtureRequest) -> Iterator[Place]:
    """One fake, and one server, for all tests of a place."""
    with Fake("memories", time="manual") as fake:
        port = request.param == "port"
        yield Place(fake, f"{fake.serve()}/memories" if port else None)


@pytest.fixture
def place(shared: Place) -> Place:
    """A place where nothing has happened yet."""
    shared.fake.reset()
    return shared


@pytest.fixture(params=["v1", "video"])
def client(caller: Blocking, place: Place, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client of the kind, in the place and of the path family that the test is run for."""
    with place.client(caller, family=request.param) as client:
        yield client


@pytest.fixture
def video(caller: Blocking, client: Any) -> str:
    """A video that is parsed."""
    return str(caller.run(caller.run(client.videos.upload_url(URL)).wait()).video_no)


def test_videos__are_uploaded_and_waited_for(caller: Blocking, client: Any) -> None:
    """By address and as a file, with every note; numbers that were text are numbers."""
    notes = {
        "callback": "https://app.example/hook",
        "folder_id": -1,
        "datetime_taken": "2025-07-02 12:30:00",
        "camera_model": "Pocket",
        "latitude": 53.5,
        "longitude": 10.0,
        "tags": ["fox", "snow"],
        "retain_original_video": True,
        "video_transcription_prompt": "Name the fox.",
    }
    new = caller.run(client.videos.upload_url(URL, **notes))
    assert new.uploaded.status == "UNPARSE"
    assert new.uploaded.upload_time.date() == date(2025, 7, 1)
    seen: list[str] = []
    done = caller.run(new.wait(on_status=lambda now: seen.append(now.status)))
    assert (done.status, done.duration, done.size, done.cause) == ("PARSE", 30, 7_500_000, None)
    assert done.raw["duration"] == "30" and done.raw["cause"] == "null"
    assert new.done and seen[0] == "UNPARSE"
    progress: list[tuple[int, int | None]] = []
    told = lambda sent, total: progress.append((sent, total))  # noqa: E731
    file = caller.run(client.videos.upload(mp4(20.0), progress=told, **notes))
    assert progress and caller.run(client.videos.wait(file.video_no)).duration == 20
    assert caller.run(client.videos.retrieve(new.video_no)) == done
    with pytest.raises(BadReply):
        caller.run(client.videos.retrieve("VI600000000000000000"))


def test_videos__that_fail_say_why(caller: Blocking, client: Any) -> None:
    """The cause of the service is the reason of the error."""
    new = caller.run(client.videos.upload_url("https://media.example/understudy-fail.mp4"))
    with pytest.raises(TaskFailed, match="Indexing failed") as caught:
        caller.run(new.wait())
    assert caught.value.reason == "Indexing failed. " and new.failed


def test_lists__are_read_over_all_pages(caller: Blocking, client: Any) -> None:
    """Filtered, from the newest, and deleted at last."""
    for number in range(5):
        caller.run(client.videos.upload_url(f"https://x.example/film{number}.mp4", tags=["t"]))
    listed = client.videos.list(size=2, video_name="film", status="UNPARSE", folder_id=-1, tag="t")
    found = caller.all(listed)
    assert sorted(each.video_name for each in found) == [f"film{number}" for number in range(5)]
    pages = caller.all(client.videos.list(size=2).pages())
    assert [len(page.videos) for page in pages] == [2, 2, 1] and pages[0].total_count == 5
    numbers = [each.video_no for each in found]
    assert len(caller.all(client.videos.list(video_nos=numbers[:2], camera_model="x"))) == 0
    caller.run(client.videos.delete(numbers))
    assert caller.all(client.videos.list()) == []
    with pytest.raises(Conflict) as caught:
        caller.run(client.videos.delete(numbers))
    assert (caught.value.code, caught.value.status) == ("0409", 409)
    with pytest.raises(UsageError):
        caller.run(client.videos.delete(numbers[0]))


def test_texts__are_of_one_video(caller: Blocking, client: Any, video: str) -> None:
    """What is seen and said, summaries, the file, and the folders."""
    seen = caller.run(client.videos.transcription(video))
    assert seen.video_no == video and seen.pieces[0].start == 0 and seen.pieces[-1].end == 30
    assert caller.run(client.videos.speech(video)).pieces[0].content
    silent = caller.run(caller.run(client.videos.upload(mp4(9.0, audio=False))).wait())
    assert caller.run(client.videos.speech(silent.video_no)) is None
    topics = caller.run(client.videos.summary(video))
    assert topics.summary and topics.parts[0].start == 0
    assert caller.run(client.videos.summary(video, "CHAPTER")).parts[0].title
    assert caller.run(client.videos.download(video)).content
    assert [folder.id for folder in caller.run(client.videos.folders())] == ["-1", "-2"]


def test_search__finds(caller: Blocking, client: Any, video: str) -> None:
    """Moments with numbers; a whole video without; images."""
    moments = caller.run(
        client.search.find("a red fox", top_k=3, filtering_level="low", video_nos=[video])
    )
    assert moments[0].video_no == video and moments[0].end > moments[0].start
    assert 0 < moments[0].score <= 1
    assert caller.run(client.search.find("fox", "BY_AUDIO", folder_id=-1, tag="api"))
    whole = caller.run(client.search.find("fox", "BY_VIDEO"))
    if "/video" in repr(client):
        assert (whole[0].start, whole[0].score, whole[0].raw["endTime"]) == (None, None, "null")
    [number] = caller.run(client.images.upload([png()], camera_model="Pocket", tags=["fox"]))
    page = caller.run(client.search.images("fox", top_k=5, tag="fox"))
    assert [image.id for image in page.images] == [number] and page.total_count == 1
    with pytest.raises(UsageError):
        caller.run(client.images.upload([]))


def test_chat__goes_on_in_its_session(caller: Blocking, client: Any, video: str) -> None:
    """Whole and streamed, about own and public videos; list and detail tell of it."""
    first = caller.run(client.chat.ask([video], "What happens?"))
    assert first.role == "ASSISTANT" and first.refs[0].video.duration == 30
    again = client.chat.stream([video], "What happens?", session_id=first.session_id)
    events = caller.all(again)
    kinds = [type(event) for event in events]
    assert kinds[:3] == [ChatThought, ChatThought, ChatRefs] and kinds[-1] is ChatDone
    text = "".join(event.content for event in events if isinstance(event, ChatText))
    assert text == first.content
    public = caller.run(client.chat.ask_public("Where is the fox?", type="YOUTUBE"))
    stream = client.chat.stream_public("Where is the fox?", type="YOUTUBE")
    assert caller.run(stream.text()) == public.content
    sessions = caller.all(client.chat.sessions())
    assert len(sessions) == 3
    session = caller.run(client.chat.session(first.session_id))
    assert [message.role for message in session.messages] == ["user", "assistant"] * 2
    with pytest.raises(StreamBroken, match="No videos found"):
        caller.run(client.chat.stream(["VI1"], "Who?").text())
    with pytest.raises(BadRequest):
        caller.all(client.chat.stream([], "Who?"))


def test_scrapes__are_waited_for(caller: Blocking, client: Any) -> None:
    """Until the videos have come."""
    pages = ["https://www.youtube.com/watch?v=fox"]
    task = caller.run(
        client.scrapes.create(pages, quality=720, callback_url="https://app.example/")
    )
    assert caller.run(client.scrapes.videos(task.id)).videos == ()
    [found] = caller.run(task.wait()).videos
    assert (found.video_url, found.width, found.fps) == (pages[0], 1280, 30)
    assert task.done


def test_scope__is_a_tenant_of_its_own(caller: Blocking, place: Place) -> None:
    """A client with a scope sees what it made, another one does not."""
    with place.client(caller, unique_id="guest") as guest, place.client(caller) as other:
        number = caller.run(guest.videos.upload_url(URL)).video_no
        assert [each.video_no for each in caller.all(guest.videos.list())] == [number]
        assert caller.all(other.videos.list()) == []
        with pytest.raises(BadRequest, match="not found"):
            caller.run(other.videos.delete([number]))
        caller.run(guest.videos.delete([number]))


@pytest.mark.parametrize(
    ("code", "kind", "status"),
    [
        ("0001", BadRequest, 400),
        ("0003", BadRequest, 400),
        ("0401", Unauthorized, 401),
        ("0402", PaymentRequired, 402),
        ("0403", Forbidden, 403),
        ("0409", Conflict, 409),
        ("0429", RateLimited, 429),
        (429, RateLimited, 429),
        ("9009", Forbidden, 403),
        ("1234", BadRequest, 400),
    ],
)
def test_refusals__at_200_are_errors(
    caller: Blocking, code: object, kind: type[ApiError], status: int
) -> None:
    """Each code is the error that it stands for, with the service's own code and words."""
    body = {"code": code, "msg": "No.", "data": None, "success": False, "failed": True}
    client = made(caller, Script(reply(json=body)).transport).with_options(retry=Retry(attempts=1))
    calls = [
        lambda: caller.run(client.videos.folders()),
        lambda: caller.run(client.videos.download("VI1")),
        lambda: caller.all(client.chat.stream(["VI1"], "Who?")),
    ]
    for call in calls:
        with pytest.raises(kind) as caught:
            call()
        error = caught.value
        assert type(error) is kind and error.status == status and error.message == "No."
        assert error.code == (code if isinstance(code, str) else "0429")
    caller.run(client.close())


def test_rate_limit__is_waited_out(caller: Blocking) -> None:
    """A refusal with 0429 is repeated after the pause that it asks for, whatever the call."""
    full = {"code": "0429", "msg": "Request has exceeded the limit.", "data": None}
    good = {"code": "0000", "msg": "success", "data": {"role": "ASSISTANT", "content": "Yes."}}
    script = Script(reply(json=full, Retry_After="7"), reply(json=good))
    client = made(caller, script.transport)
    assert caller.run(client.chat.ask(["VI1"], "Who?")).content == "Yes."
    assert len(script.requests) == 2 and 7 <= caller.time.slept[0] < 8
    caller.run(client.close())


@pytest.mark.parametrize(
    ("end", "good"),
    [
        (b'data:"Done"\n\n', True),
        (b'data:"done"', True),
        (b"data: [DONE]\n\n", True),
        (b"data:done\r\n\r\n", True),
        (b'data:"Error"\n\n', False),
        (b'data:"user don\'t login"\n\n', False),
        (b"", False),
        (httpx2.ReadError("reset"), False),
    ],
)
def test_stream__ends_as_clients_have_seen(
    caller: Blocking, end: bytes | Exception, good: bool
) -> None:
    """Every spelling of the end is one; another text, or nothing, breaks the stream."""
    line = b'data:{"type":"content","role":"assistant","content":"A fox.","sessionId":"1"}\n\n'
    new = b'data:{"type":"mood","mood":"calm"}\n\n'
    pieces = Pieces(line[:20], line[20:] + new, end)
    headers = {"content-type": "text/event-stream"}
    script = Script(httpx2.Response(200, headers=headers, stream=pieces))
    client = made(caller, script.transport)
    stream = client.chat.stream(["VI1"], "Who?")
    if good:
        events = caller.all(stream)
        assert [type(event) for event in events] == [ChatText, ChatOther, ChatDone]
        assert events[1].raw["mood"] == "calm"
    else:
        with pytest.raises(StreamBroken):
            caller.all(stream)
    assert script.requests[0].headers["accept"] == "text/event-stream"
    caller.run(client.close())


@pytest.mark.parametrize("text", ["many", [], {}])
def test_numbers__that_are_none_name_their_place(caller: Blocking, text: object) -> None:
    """A reply whose number cannot be read is a bad one, and the message says where."""
    video = {"video_no": "VI1", "video_name": "a", "status": "PARSE", "duration": text}
    page = {"videos": [video], "current_page": 1, "page_size": 200, "total_count": "1"}
    script = Script(reply(json={"code": "0000", "msg": "success", "data": page}))
    client = made(caller, script.transport)
    with pytest.raises(BadReply, match=r"videos\[0\].duration"):
        caller.all(client.videos.list())
    caller.run(client.close())


def test_numbers__may_be_numbers(caller: Blocking) -> None:
    """The later API sends them so, and leaves the cause out."""
    video = {"video_no": "VI1", "video_name": "a", "status": "PARSE", "duration": 9.5, "size": 7}
    page = {"videos": [video], "current_page": 1, "page_size": 200, "total_count": 1}
    script = Script(reply(json={"code": "0000", "msg": "success", "data": page}))
    client = made(caller, script.transport)
    [found] = caller.all(client.videos.list())
    assert (found.duration, found.size, found.cause, found.create_time) == (9.5, 7, None, None)
    caller.run(client.close())


def test_document__has_no_operation_that_is_not_tried(caller: Blocking, place: Place) -> None:
    """Each operation of both families is called above, or this names the missing."""

    def tried(test: Any, family: str, *, with_video: bool = False) -> None:
        """Run a test in a tenancy of its own, with the video that it wants."""
        key = f"sk-{test.__name__}-{family}"
        with place.client(caller, key=key, family=family) as client:
            if with_video:
                new = caller.run(client.videos.upload_url(URL))
                test(caller, client, caller.run(new.wait()).video_no)
            else:
                test(caller, client)

    for family in ("v1", "video"):
        tried(test_videos__are_uploaded_and_waited_for, family)
        tried(test_lists__are_read_over_all_pages, family)
        tried(test_texts__are_of_one_video, family, with_video=True)
        tried(test_search__finds, family, with_video=True)
        tried(test_chat__goes_on_in_its_session, family, with_video=True)
        tried(test_scrapes__are_waited_for, family)
    called = {entry.operation for entry in place.fake.journal}
    assert set(Contract.load("memories/v1").operations) - called == set()
