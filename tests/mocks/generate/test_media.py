"""What a file is, judged by its content."""

import io
import struct
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.media import jpeg, mp4, png, wav

from understudy.mocks.generate.media import kind_of_name, probe

SAMPLES = {
    "mp4": mp4(),
    "mp4 behind": mp4(last=True, wide=True),
    "header only": mp4(audio=False, video=False),
    "wav": wav(0.1),
    "png": png(),
    "jpeg": jpeg(),
    "webm": (
        b"\x1a\x45\xdf\xa3\x84\x42\x86\x81\x01\x18\x53\x80\x67\xff"
        b"\x15\x49\xa9\x66\x8b\x44\x89\x88" + struct.pack(">d", 7500.0) + b"\x16\x54\xae\x6b\x8f"
        b"\xae\x8d\x83\x81\x01\xe0\x88\xb0\x82\x02\x80\xba\x82\x01\x68"
    ),
    "mp3": b"\xff\xfb\x90\x00" + bytes(413),
    "avi": (
        b"RIFF\x00\x01\x00\x00AVI LIST\xc0\x00\x00\x00hdrlavih\x38\x00\x00\x00"
        + struct.pack("<14I", 40_000, 0, 0, 0, 250, 0, 1, 0, 640, 480, 0, 0, 0, 0)
    ),
}


def facts(content: bytes) -> dict[str, object]:
    return dict(probe(io.BytesIO(content)))


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("wide", [False, True])
def test_probe__mp4(last: bool, wide: bool) -> None:
    """Duration, size, frame rate and sound come from the boxes, wherever `moov` stands."""
    content = mp4(61.2, width=640, height=360, fps=25, last=last, wide=wide, padding=9000)
    assert facts(content) == {
        "kind": "video",
        "duration": 61.2,
        "width": 640,
        "height": 360,
        "fps": 25.0,
        "has_audio": True,
        "size": len(content),
    }


def test_probe__mp4_turned() -> None:
    """A picture turned by 90 degrees swaps width and height, as players show it."""
    seen = facts(mp4(width=1920, height=1080, turned=True))
    assert (seen["width"], seen["height"]) == (1080, 1920)


def test_probe__mp4_without_tracks() -> None:
    """A readable movie header suffices."""
    seen = facts(mp4(9.5, audio=False, video=False))
    assert (seen["kind"], seen["duration"]) == ("video", 9.5)
    assert "width" not in seen


@pytest.mark.parametrize(("audio", "video"), [(False, True), (True, False)])
def test_probe__mp4_with_one_track(audio: bool, video: bool) -> None:
    """A film may be silent, and an MP4 may be sound only."""
    seen = facts(mp4(audio=audio, video=video))
    assert (seen["kind"], seen["has_audio"]) == ("video" if video else "audio", audio)


def test_probe__mp4_of_unknown_duration() -> None:
    """A header that says "unknown" gives no duration rather than a huge one."""
    content = mp4(12.0, audio=False, video=False)
    unknown = content.replace(struct.pack(">II", 1000, 12_000), struct.pack(">II", 1000, 2**32 - 1))
    assert "duration" not in facts(unknown)


def test_probe__other_media() -> None:
    """Sound, pictures and other containers tell what their headers hold."""
    assert facts(wav(2.5))["duration"] == 2.5
    assert facts(SAMPLES["wav"])["kind"] == "audio"
    for content in (png(120, 80), jpeg(120, 80)):
        seen = facts(content)
        assert (seen["kind"], seen["width"], seen["height"]) == ("image", 120, 80)
    webm, avi, mp3 = facts(SAMPLES["webm"]), facts(SAMPLES["avi"]), facts(SAMPLES["mp3"])
    assert (webm["kind"], webm["duration"], webm["width"], webm["height"]) == (
        *("video", 7.5),
        *(640, 360),
    )
    assert (avi["kind"], avi["duration"], avi["width"], avi["fps"]) == ("video", 10.0, 640, 25.0)
    assert mp3["kind"] == "audio"
    assert mp3["duration"] == pytest.approx(0.026, abs=0.001)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "unknown"),
        (b"just a few words\n", "text"),
        ("häßlich".encode(), "text"),
        (("a" * 4095 + "ä").encode(), "text"),
        (b'{"not": "a video"}', "text"),
        (bytes(100), "unknown"),
        (b"%PDF-1.7\n\xb5\xed", "document"),
        (b"PK\x03\x04" + bytes(60), "unknown"),
        (b"what moov is this?", "text"),
        (b"ID3", "text"),
    ],
)
def test_probe__no_medium(content: bytes, kind: str) -> None:
    """What is no medium is told apart, whatever it is called."""
    assert facts(content) == {"kind": kind, "size": len(content)}


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_probe__never_raises(content: bytes) -> None:
    """Any bytes have a kind and a size."""
    assert {"kind", "size"} <= set(facts(content))


@settings(deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_probe__never_raises_on_damaged_media(name: str, data: st.DataObject) -> None:
    """A file that is cut, or of which some bytes are wrong, is still answered for, sanely."""
    content = bytearray(SAMPLES[name][:1500])
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    seen = facts(bytes(content[: data.draw(st.integers(0, len(content)))]))
    for key in ("duration", "width", "height", "fps"):
        value = seen.get(key, 1)
        assert isinstance(value, int | float)
        assert 0 < value <= 1e8


class Counting(io.BytesIO):
    """A file that counts what is read from it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        taken = super().read(size)
        self.count += len(taken)
        return taken


@pytest.mark.parametrize(
    "content",
    [
        mp4(padding=20 << 20, last=True),
        mp4()[:36] + (b"\0\0\0\x08free" * (1 << 21)),
        b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * (1 << 21),
        b"\xff\xfb\x90\x00" + bytes(20 << 20),
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(20 << 20),
    ],
    ids=["large", "many boxes", "many chunks", "broken mp3", "huge tag"],
)
def test_probe__reads_little(content: bytes) -> None:
    """However large or crafted a file is, only some of it is read."""
    file = Counting(content)
    assert probe(file)["kind"] in ("video", "audio")
    assert file.count <= 4 << 20


def test_probe__leaves_the_file_at_its_start() -> None:
    """The receiver may read on; a closed file tells nothing and raises nothing."""
    file: BinaryIO = io.BytesIO(mp4())
    probe(file)
    assert file.tell() == 0
    file.close()
    assert probe(file) == {"kind": "unknown", "size": 0}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("talk.mp4", "video"),
        ("/a.b/TALK.MOV", "video"),
        ("x.wav", "audio"),
        ("x.jpeg", "image"),
        ("notes.txt", "document"),
        ("Report.PDF", "document"),
        ("readme.md", "document"),
        ("table.csv", "text"),
        ("watch", "unknown"),
        ("a.mp4/watch", "unknown"),
    ],
)
def test_kind_of_name__by_extension(name: str, kind: str) -> None:
    """The last extension decides, in any case."""
    assert kind_of_name(name) == kind
