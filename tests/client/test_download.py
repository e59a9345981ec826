"""Files that a service makes: in memory or saved, whole or not at all; the key stays at home."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from callers import Blocking, Pieces, Script, error, reply

from understudy.client import ConnectionFailed, Download, NotFound, NotReady
from understudy.client.call import Call

FILE = {"content-type": "video/mp4; codecs=avc1"}


def session(caller: Blocking, *steps: Any) -> tuple[Any, Script]:
    """A session of the caller's kind, and the server it talks to."""
    script = Script(*steps)
    return caller.client(script.transport)._session, script


def file(*pieces: bytes | Exception) -> httpx2.Response:
    """A reply that is a file."""
    return httpx2.Response(200, headers=FILE, stream=Pieces(*pieces))


def test_download__is_in_memory_or_saved(caller: Blocking, tmp_path: Path) -> None:
    """Both know their type and give their bytes; a saved one holds nothing."""
    one, _ = session(caller, file(b"ab", b"cd"))
    held = caller.run(one.download(Call("GET", "/f")))
    assert (held.media_type, held.content, held.path) == ("video/mp4", b"abcd", None)
    one, _ = session(caller, file(b"ab", b"cd"))
    saved = caller.run(one.download(Call("GET", "/f"), tmp_path / "f.mp4"))
    assert (saved.held, saved.content, saved.path) == (b"", b"abcd", tmp_path / "f.mp4")
    assert held.save(tmp_path / "g.mp4").read_bytes() == b"abcd"
    assert saved.save(str(tmp_path / "h.mp4")).read_bytes() == b"abcd"


def test_download__that_breaks_off_leaves_what_was_there(caller: Blocking, tmp_path: Path) -> None:
    """A half file never takes the place of an old one, and nothing else is left behind."""
    target = tmp_path / "f.mp4"
    target.write_bytes(b"old")
    one, _ = session(caller, file(b"ab", httpx2.ReadError("reset")))
    with pytest.raises(ConnectionFailed):
        caller.run(one.download(Call("GET", "/f"), target))
    assert [each.name for each in tmp_path.iterdir()] == ["f.mp4"]
    assert target.read_bytes() == b"old"


def test_download__of_what_is_still_being_made_is_not_ready(
    caller: Blocking, tmp_path: Path
) -> None:
    """A 202 is no file, in memory or to be saved; refusals are errors as ever."""
    for target in (None, tmp_path / "f"):
        one, _ = session(caller, reply(202, {"code": "processing", "message": "Wait."}))
        with pytest.raises(NotReady, match=r"202 processing: Wait\."):
            caller.run(one.download(Call("GET", "/f"), target))
        one, _ = session(caller, error(404))
        with pytest.raises(NotFound):
            caller.run(one.download(Call("GET", "/f"), target))
    assert list(tmp_path.iterdir()) == []


def test_download__is_tried_again(caller: Blocking, tmp_path: Path) -> None:
    """As any other call, until a body that is written begins."""
    one, script = session(caller, error(503), file(b"ab"))
    assert caller.run(one.download(Call("GET", "/f"), tmp_path / "f")).content == b"ab"
    one, script = session(caller, file(b"a", httpx2.ReadError("reset")), file(b"ab"))
    assert caller.run(one.download(Call("GET", "/f"))).content == b"ab"
    assert len(script.requests) == 2


def test_download__over_a_link_keeps_the_key_at_home(caller: Blocking) -> None:
    """A whole URL is asked for as it is, without the key."""
    one, script = session(caller, file(b"ab"))
    assert (
        caller.run(one.download(Call("GET", "https://files.example/f?token=a%2Fb"))).held == b"ab"
    )
    [sent] = script.requests
    assert str(sent.url) == "https://files.example/f?token=a%2Fb"
    assert "x-api-key" not in sent.headers
    assert sent.headers["user-agent"].startswith("understudy-client/")
    caller.run(one.download(Call("GET", "/f")))
    assert "x-api-key" in script.requests[-1].headers


def test_download__shows_its_type_and_not_its_bytes_twice() -> None:
    """Two of the same bytes are equal."""
    assert Download("text/csv", b"a") == Download("text/csv", b"a")
