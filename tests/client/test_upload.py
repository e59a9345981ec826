"""Uploads: from a path, bytes, an open file or a stream; told how far they are; sent again."""

import io
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import httpx2
import pytest
from callers import Blocking, Script, error, options, reply

from understudy.client import Cancellation, Cancelled, File, ServerFault, UsageError

MADE = reply(json={"_id": "t", "video_id": "v"})
VIDEO = bytes(range(256)) * 1_000


def parts(request: httpx2.Request) -> dict[str, Message]:
    """The parts of a multipart request by their names, as the standard library reads them."""
    head = f"Content-Type: {request.headers['content-type']}\n\n".encode()
    whole = message_from_bytes(head + request.content)
    assert whole.is_multipart()
    named = {}
    for part in whole.get_payload():
        assert isinstance(part, Message)
        named[str(part.get_param("name", header="content-disposition"))] = part
    return named


def content(part: Message) -> bytes:
    """What a part holds."""
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with all bytes in it."""
    place = tmp_path / "ferry.mp4"
    place.write_bytes(VIDEO)
    return place


@pytest.mark.parametrize("source", ["path", "text", "bytes", "open", "named"])
def test_content__arrives_whole(caller: Blocking, path: Path, source: str) -> None:
    """Whatever it comes from, with its length, a name and a type."""
    with path.open("rb") as opened:
        sources: dict[str, Any] = {
            "path": path,
            "text": str(path),
            "bytes": VIDEO,
            "open": opened,
            "named": File(VIDEO, name='a "b".mov', content_type="video/quicktime"),
        }
        script = Script(MADE)
        client = caller.client(script.transport)
        caller.run(client.tasks.create("i", video_file=sources[source]))
    [request] = script.requests
    sent = parts(request)
    assert request.headers["content-length"] == str(len(request.content))
    assert content(sent["index_id"]) == b"i"
    assert content(sent["video_file"]) == VIDEO
    named = {"bytes": "upload", "named": "a %22b%22.mov"}.get(source, "ferry.mp4")
    assert sent["video_file"].get_filename() == named
    kinds = {"bytes": "application/octet-stream", "named": "video/quicktime"}
    assert sent["video_file"].get_content_type() == kinds.get(source, "video/mp4")


def test_pieces__go_out_chunked(caller: Blocking) -> None:
    """A stream of unknown length is sent as it comes, and only once."""
    script = Script(MADE)
    pieces: Iterator[bytes] = iter([b"one ", b"two"])
    caller.run(caller.client(script.transport).tasks.create("i", video_file=pieces))
    assert script.requests[0].headers["transfer-encoding"] == "chunked"
    assert content(parts(script.requests[0])["video_file"]) == b"one two"
    script = Script(error(503))
    client = caller.client(script.transport)
    with pytest.raises(ServerFault):
        caller.run(client.tasks.create("i", video_file=File(iter([b"one"]))))
    assert len(script.requests) == 1


def test_pieces__that_are_asynchronous(caller: Blocking) -> None:
    """The asynchronous client takes them; the other says why it cannot."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    script = Script(MADE)
    made = caller.client(script.transport).tasks.create
    if caller.asynchronous:
        caller.run(made("i", video_file=pieces()))
        assert content(parts(script.requests[0])["video_file"]) == b"one two"
    else:
        with pytest.raises(UsageError, match="asynchronous client"):
            made("i", video_file=pieces())


def test_progress__tells_what_is_sent(caller: Blocking, path: Path) -> None:
    """Ever more bytes, up to the length of the body; unknown totals are None."""
    told: list[tuple[int, int | None]] = []
    script = Script(MADE)
    client = caller.client(script.transport)
    progress = lambda sent, total: told.append((sent, total))  # noqa: E731
    caller.run(client.tasks.create("i", video_file=path, progress=progress))
    length = len(script.requests[0].content)
    assert [total for _, total in told] == [length] * len(told)
    assert told == sorted(told) and told[-1][0] == length and len(told) > 4
    told.clear()
    caller.run(client.tasks.create("i", video_file=iter([b"x"]), progress=progress))
    assert {total for _, total in told} == {None}


def test_upload__is_sent_again_whole(caller: Blocking, path: Path) -> None:
    """A refused upload begins anew where it began, also in an open file."""
    with path.open("rb") as opened:
        opened.seek(10)
        script = Script(error(503), error(429), MADE)
        caller.run(caller.client(script.transport).tasks.create("i", video_file=opened))
    bodies = [content(parts(request)["video_file"]) for request in script.requests]
    assert bodies == [VIDEO[10:]] * 3


def test_upload__can_be_cancelled(caller: Blocking) -> None:
    """Between two pieces of the file."""
    switch = Cancellation()
    client = caller.client(Script(MADE).transport, options=options(cancellation=switch))
    with pytest.raises(Cancelled):
        caller.run(
            client.tasks.create(
                "i",
                video_file=VIDEO,
                progress=lambda sent, total: sent > 70_000 and switch.cancel(),
            )
        )


def test_failure__of_progress_is_the_callers(caller: Blocking) -> None:
    """What the callback raises comes out unchanged."""

    def boom(sent: int, total: int | None) -> None:
        raise ZeroDivisionError

    client = caller.client(Script(MADE).transport)
    with pytest.raises(ZeroDivisionError):
        caller.run(client.tasks.create("i", video_file=VIDEO, progress=boom))


def test_file__that_cannot_be_sent_is_refused_first(caller: Blocking, tmp_path: Path) -> None:
    """Nothing is sent for a missing file, a file open as text, or no file at all."""
    script = Script(MADE)
    create = caller.client(script.transport).tasks.create
    with pytest.raises(UsageError, match="no file"):
        caller.run(create("i", video_file=tmp_path / "missing.mp4"))
    with pytest.raises(UsageError, match="'rb'"):
        caller.run(create("i", video_file=io.StringIO("text")))
    with pytest.raises(UsageError, match="Nothing was given; exactly one of video_file"):
        caller.run(create("i"))
    with pytest.raises(UsageError, match="video_file and video_url were given"):
        caller.run(create("i", video_file=VIDEO, video_url="https://media.example/a.mp4"))
    with pytest.raises(UsageError, match="no media type"):
        caller.run(create("i", video_file=File(VIDEO, content_type="a/b\r\nx: y")))
    assert script.requests == []


def test_fields__are_written_as_forms_have_them(caller: Blocking) -> None:
    """Booleans in lower case, metadata as JSON text, absent ones not at all."""
    script = Script(MADE)
    client = caller.client(script.transport)
    caller.run(
        client.tasks.create(
            "i",
            video_url="https://media.example/a.mp4",
            enable_video_stream=False,
            user_metadata={"né": 1, "ok": True},
        )
    )
    sent = {name: content(part) for name, part in parts(script.requests[0]).items()}
    assert sent == {
        "index_id": b"i",
        "video_url": b"https://media.example/a.mp4",
        "enable_video_stream": b"false",
        "user_metadata": '{"né":1,"ok":true}'.encode(),
    }
