"""Pictures, films and papers are real files: readers that we did not write open them."""

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tinytag import TinyTag

from understudy.mocks.generate import h264
from understudy.mocks.generate.drawing import LARGEST, Box, Form, picture
from understudy.mocks.generate.film import Frame, film
from understudy.mocks.generate.paper import Paper, printed
from understudy.mocks.generate.seeded import Seeded

EDGE = st.floats(-1e6, 1e6)
FACE = Box(40, 30, 120, 140, "Ana: happy <0.8>")
PAPER = Paper(
    "Harbour & <film>",
    {"Duration": "12 s", "Faces": "3"},
    "How the emotions are spread",
    {"happy": 0.5, "sad": 0.25, "neutral": 0.25},
    ["Face", "Emotion"],
    [["Ana", "happy"], ["Ben", "sad & tired"]],
)


@pytest.mark.parametrize("form", ["png", "jpeg"])
def test_picture__is_of_its_size_and_form(form: Form) -> None:
    """Pillow reads it back; the box's frame is where it was said to be."""
    file = picture(320, 200, [FACE], Seeded(1), form)
    image = Image.open(io.BytesIO(file)).convert("RGB")
    assert image.size == (320, 200)
    column = [image.getpixel((x, 100)) for x in range(37, 44)]
    orange = [dot for dot in column if isinstance(dot, tuple) and dot[0] > 140 > dot[1]]
    assert orange and orange[0][2] < 120, "the frame of the first box is orange"


def test_picture__is_the_same_for_the_same_seed() -> None:
    """And another for another."""
    one, same, other = (picture(64, 64, [], Seeded(seed)) for seed in (1, 1, 2))
    assert one == same != other


@settings(max_examples=30, deadline=None)
@given(st.tuples(EDGE, EDGE, EDGE, EDGE), st.text(max_size=20), st.integers(1, 300))
def test_picture__of_any_box(
    edges: tuple[float, float, float, float], label: str, side: int
) -> None:
    """Boxes outside the picture, turned round or empty, and any label, still make a picture."""
    left, top, right, bottom = edges
    file = picture(side, side, [Box(left, top, right, bottom, label)], Seeded(1))
    assert Image.open(io.BytesIO(file)).size == (side, side)


def test_picture__is_bounded() -> None:
    """Whatever the original's size, no more than `LARGEST` pixels a side are drawn."""
    file = picture(100_000, 50_000, [], Seeded(1))
    assert Image.open(io.BytesIO(file)).size == (LARGEST, LARGEST // 2)


def test_film__lasts_as_long_as_its_frames() -> None:
    """A reader of another make finds one track of that duration."""
    frames = [Frame((FACE,), 1.5), Frame((), 2.0), Frame((FACE,), 0.25)]
    file = film(frames, 1280, 720, Seeded(1))
    tag = TinyTag.get("film.mp4", file_obj=io.BytesIO(file))
    assert tag.duration == pytest.approx(3.75)
    assert file[4:8] == b"ftyp" and file.count(b"avcC") == 1


@pytest.mark.parametrize(("width", "height"), [(320, 176), (150, 100), (16, 16), (322, 18)])
def test_h264__stores_every_block(width: int, height: int) -> None:
    """A picture has all blocks of 16x16 that cover it, 384 bytes and a head each."""
    unit = h264.picture(Image.new("RGB", (width, height), "red"), 0)
    blocks = -(-width // 16) * -(-height // 16)
    assert len(unit) == pytest.approx(blocks * 386, abs=16)
    body = unit[16:-1]
    assert b"\0\0\0" not in body and b"\0\0\1" not in body, "nothing looks like a unit's start"
    assert unit[0] == 0x65 and unit[-1] == 0x80


def test_film__points_at_its_pictures() -> None:
    """The table's sizes are those of the length-prefixed units that follow one another."""
    file = film([Frame((), 1.0), Frame((FACE,), 1.0)], 64, 64, Seeded(1))
    at = file.index(b"stco") + 12
    begin = int(struct.unpack(">I", file[at : at + 4])[0])
    for _ in range(2):
        size = int(struct.unpack(">I", file[begin : begin + 4])[0])
        assert file[begin + 4] == 0x65
        begin += 4 + size
    assert begin == len(file)


def test_paper__is_a_pdf_with_its_words() -> None:
    """It begins and ends as a PDF does, is the same each time, and holds a drawing."""
    file = printed(PAPER)
    assert file.startswith(b"%PDF-") and file.rstrip().endswith(b"%%EOF")
    assert file == printed(PAPER)
    assert b"/Title (Harbour & <film>)" in file
