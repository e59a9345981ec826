"""multipart/form-data: the same parts whatever the chunks, and a reason when it is broken."""

import hashlib
import itertools
import logging
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts import Form, Part
from understudy.contracts.bodies import Malformed
from understudy.contracts.multipart import (
    MultipartReader,
    PartHead,
    boundary_of,
    read_multipart,
)

TEXT = b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nBoats\r\n'
FILE = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a b.mp4"\r\n'
    b"Content-Type: video/mp4\r\n\r\n\x00\xff\r\n--bo\r\n"
)
END = b"--b--\r\n"


def test_read_multipart__parts_in_order() -> None:
    """Text and file parts come with name, file name, media type, size and digest."""
    title, file = read_multipart(TEXT + FILE + END, b"b").parts
    assert (title.name, title.filename, title.content) == ("title", None, b"Boats")
    assert (file.name, file.filename, file.content_type) == ("file", "a b.mp4", "video/mp4")
    assert file.content == b"\x00\xff\r\n--bo"
    assert (file.size, file.digest) == (8, hashlib.sha256(file.content).hexdigest())


@given(st.lists(st.integers(0, len(TEXT + FILE + END)), max_size=12))
def test_feed__chunks_do_not_matter(cuts: list[int]) -> None:
    """A body cut anywhere gives the parts that the whole gives."""
    body = TEXT + FILE + END
    edges = [0, *sorted(cuts), len(body)]
    reader = MultipartReader(b"b")
    for start, end in itertools.pairwise(edges):
        reader.feed(body[start:end])
    assert reader.finish() == read_multipart(body, b"b")


@given(st.integers(0, len(TEXT + FILE + END) - 3))
def test_finish__truncated_is_malformed(end: int) -> None:
    """A body that stops before its closing boundary is refused, wherever it stops."""
    with pytest.raises(Malformed):
        read_multipart((TEXT + FILE + END)[:end], b"b")


@given(st.binary(max_size=200))
def test_feed__anything_is_a_form_or_malformed(body: bytes) -> None:
    """No bytes raise anything but Malformed."""
    for start in (b"", b"--b\r\n", TEXT):
        with suppress(Malformed):
            assert isinstance(read_multipart(start + body, b"b"), Form)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"Content-Type: text/plain\r\n",
        b"Content-Disposition: form-data\r\n",
        b'Content-Disposition: attachment; name="a"\r\n',
        b'Content-Disposition: form-data; name="\xff"\r\n',
        b"Content-Disposition form-data\r\n",
        b"X: " + b"y" * 100_000 + b"\r\n",
    ],
)
def test_feed__bad_part_headers(head: bytes) -> None:
    """A part that does not say which field it is, is malformed."""
    with pytest.raises(Malformed):
        read_multipart(b"--b\r\n" + head + b"\r\nx\r\n--b--\r\n", b"b")


def test_feed__file_name_in_the_extended_form() -> None:
    """`filename*=` of old Python clients makes a file of that name."""
    head = b"Content-Disposition: form-data; name=\"f\"; filename*=utf-8''caf%C3%A9.mp4\r\n"
    (part,) = read_multipart(b"--b\r\n" + head + b"\r\nx\r\n--b--\r\n", b"b").parts
    assert part.filename == "café.mp4"


def test_feed__parts_are_counted() -> None:
    """More parts than allowed are refused while they arrive."""
    reader = MultipartReader(b"b", most_parts=2)
    with pytest.raises(Malformed, match="at most 2 parts"):
        reader.feed(TEXT * 3)


def test_feed__bytes_go_to_the_sink_of_the_caller() -> None:
    """A sink sees the head first, then chunks, and makes the part; what it raises comes through."""

    class Counter:
        def __init__(self, head: PartHead) -> None:
            self.head, self.size = head, 0

        def write(self, chunk: bytes) -> None:
            self.size += len(chunk)
            if self.size > 6:
                raise OverflowError

        def close(self) -> Part:
            return Part(self.head.name, b"", size=self.size)

    reader = MultipartReader(b"b", Counter)
    reader.feed(TEXT + END)
    assert reader.finish() == Form((Part("title", b"", size=5),))
    with pytest.raises(OverflowError):
        MultipartReader(b"b", Counter).feed(FILE + END)


def test_feed__nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """What callers send does not reach the log."""
    with caplog.at_level(logging.DEBUG), pytest.raises(Malformed):
        read_multipart(b"--nonsense", b"b")
    assert not caplog.records


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"abc"),
        ('multipart/form-data; charset=utf-8; boundary="a b;c"', b"a b;c"),
        ("Multipart/Form-Data;BOUNDARY=abc", b"abc"),
    ],
)
def test_boundary_of(content_type: str, boundary: bytes) -> None:
    """The boundary is found in any order and case, quoted or not."""
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary="])
def test_boundary_of__missing(content_type: str) -> None:
    """No boundary, no body."""
    with pytest.raises(Malformed):
        boundary_of(content_type)
