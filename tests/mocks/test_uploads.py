"""Multipart bodies of any size, taken apart while they arrive."""

import hashlib
import time
import tracemalloc
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.exchange import Form
from understudy.contracts.json import Json
from understudy.mocks.limits import Limits
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.uploads import HEAD, Upload, is_multipart

TYPE = "multipart/form-data; boundary=frontier"
MIB = 1024 * 1024


def nothing(file: BinaryIO) -> dict[str, Json]:
    return {}


def part(name: str, content: bytes, filename: str | None = None, extra: bytes = b"") -> bytes:
    shown = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    lines = b"--frontier\r\nContent-Disposition: " + shown.encode() + b"\r\n" + extra
    return lines + b"\r\n" + content + b"\r\n"


def read(body: bytes, limits: Limits | None = None, size: int = 0) -> Form:
    with Upload(TYPE, limits or Limits(), nothing) as upload:
        for start in range(0, len(body), size or len(body)):
            upload.feed(body[start : start + (size or len(body))])
        return upload.finish()


def _whole(body: bytes, content_type: str, limits: Limits) -> Form:
    with Upload(content_type, limits, nothing) as upload:
        upload.feed(body)
        return upload.finish()


def refusal(body: bytes, limits: Limits | None = None, content_type: str = TYPE) -> Refusal:
    with pytest.raises(Refusal) as caught:
        _whole(body, content_type, limits or Limits())
    return caught.value


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.binary(max_size=300), st.booleans()), max_size=5),
    st.integers(1, 40),
)
def test_upload__cut_anywhere_reads_the_same(
    fields: list[tuple[str, bytes, bool]], size: int
) -> None:
    """How the body is cut into chunks changes nothing; every part keeps size and digest."""
    fields = [each for each in fields if b"frontier" not in each[1]]
    body = b"".join(part(n, c, "f.bin" if is_file else None) for n, c, is_file in fields)
    form = read(body + b"--frontier--\r\n", size=size)
    assert [(p.name, p.content, p.filename is not None) for p in form.parts] == fields
    for each in form.parts:
        assert each.size == len(each.content)
        assert each.digest == hashlib.sha256(each.content).hexdigest()


def test_upload__file_keeps_its_head_and_the_facts() -> None:
    """A large file is reduced to its first bytes, its size, its digest and what was measured."""
    content = bytes(range(256)) * 1024
    seen: list[int] = []

    def probe(file: BinaryIO) -> dict[str, Json]:
        seen.append(len(file.read()))
        return {"duration": 3.5}

    with Upload(TYPE, Limits(), probe) as upload:
        upload.feed(part("video_file", content, "ünï.mp4", b"Content-Type: video/mp4\r\n"))
        upload.feed(b"--frontier--\r\n")
        [kept] = upload.finish().parts
    assert seen == [len(content)]
    assert kept.content == content[:HEAD]
    assert (kept.size, kept.facts, kept.filename) == (len(content), {"duration": 3.5}, "ünï.mp4")
    assert kept.digest == hashlib.sha256(content).hexdigest()
    assert kept.content_type == "video/mp4"


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        (part("a", b"x" * 11), Limits(text=10)),
        (part("a", b"x" * 8) + part("b", b"x" * 8), Limits(body=10)),
        (part("a", b"x" * 11, "f"), Limits(upload=10)),
        (part("a", b"") * 4, Limits(parts=3)),
        (part("a", b"", extra=b"X: y\r\n" * 50), Limits()),
        (part("a", b"", extra=b"X: " + b"y" * 9000 + b"\r\n"), Limits()),
        (part("n" * 1500, b""), Limits()),
        (b"x" * 30, Limits(upload=10, body=10)),
    ],
)
def test_upload__past_a_bound_is_too_large(body: bytes, limits: Limits) -> None:
    """Bytes, parts and part headers are capped, and the cap is what the refusal names."""
    assert refusal(body + b"--frontier--\r\n", limits).reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", TYPE),
        (b"nothing of the kind", TYPE),
        (part("a", b"cut"), TYPE),
        (b"--frontier\r\n\r\nno disposition\r\n--frontier--\r\n", TYPE),
        (part("a", b"x") + b"--frontier--\r\n", "multipart/form-data"),
        (part("a", b"x") + b"--frontier--\r\n", f"multipart/form-data; boundary={'b' * 400}"),
    ],
)
def test_upload__what_is_no_multipart_body_is_invalid(body: bytes, content_type: str) -> None:
    """Truncated and malformed bodies are refused in words, never with a parser's error."""
    assert refusal(body, content_type=content_type).reason is Reason.INVALID


def test_upload__leaving_midway_closes_the_file() -> None:
    """A client that goes away leaves no temporary file open (ResourceWarning is an error)."""
    with Upload(TYPE, Limits(), nothing) as upload:
        upload.feed(part("a", b"x" * 3 * MIB, "f.bin")[:-2])


def test_upload__is_multipart_by_media_type_alone() -> None:
    """Only form-data is taken apart."""
    assert is_multipart("Multipart/Form-Data; boundary=x")
    assert not is_multipart("multipart/mixed; boundary=x")
    assert not is_multipart(None)


def chunks(total: int) -> Iterator[bytes]:
    """A file part of `total` bytes, made as it goes."""
    block = bytes(range(256)) * 256
    yield part("video_file", b"", "long.mp4")[:-2]
    for _ in range(total // len(block)):
        yield block
    yield b"\r\n--frontier--\r\n"


def test_upload__memory_stays_flat() -> None:
    """128 MiB pass through within 4 MiB of memory."""
    began = time.perf_counter()
    tracemalloc.start()
    try:
        with Upload(TYPE, Limits(), nothing) as upload:
            for chunk in chunks(128 * MIB):
                upload.feed(chunk)
            [kept] = upload.finish().parts
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kept.size == 128 * MIB
    assert peak < 4 * MIB, f"{peak} bytes at once after {time.perf_counter() - began:.1f} s"
