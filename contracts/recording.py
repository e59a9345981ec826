"""Recorded traffic (HAR, JSON lines, VCR cassettes) as a stream of exchanges.

HAR is what browsers and proxies save: one JSON document, bodies as text or base64; a cassette is
what vcrpy, Betamax and Ruby's VCR write, as YAML or JSON. All are read one exchange at a time,
whatever the file's size, and the kind shows in the name or in how the file begins. JSON lines
is one exchange per line, either a HAR entry or the plain form

    {"request": {"method": "GET", "url": "https://host/path", "headers": {...}, "body": ...},
     "response": {"status": 200, "headers": {...}, "body": ...}, "at": 1751328000.0}

where `body` is text or a JSON value, or `body_base64` holds bytes. What cannot be checked
(an aborted call, a body that was not recorded) is answered as `Skipped`, with the reason.
"""

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import BinaryIO

import orjson

from understudy.contracts.archive import BOM, HAR, ArchiveError, entries, not_utf8
from understudy.contracts.cassette import CassetteError, interaction, interactions
from understudy.contracts.recorded import (
    Entry,
    Recorded,
    RecordingError,
    Skipped,
    entry_of,
    member,
)

__all__ = ["Entry", "Recorded", "RecordingError", "Skipped", "read_recording", "read_stream"]

_LINE_ENDINGS = (".jsonl", ".ndjson", ".jsonlines")
_CASSETTE_ENDINGS = (".yaml", ".yml")
_LONGEST_LINE = 256 * 1024 * 1024
_OTHERS = {
    b"\x1f\x8b": "is compressed: unpack it first (gunzip)",
    b"PK\x03\x04": "is a zip archive: unpack it first",
    b"\xff\xfe": "is UTF-16: save it as UTF-8",
    b"\xfe\xff": "is UTF-16: save it as UTF-8",
}


def read_recording(path: str | PathLike[str]) -> Iterator[Entry]:
    """The entries of a recording, in order, read one at a time; places name the path as given.

    Raises RecordingError, naming the line, when the file or an entry cannot be understood.
    """
    try:
        with Path(path).open("rb") as stream:
            yield from read_stream(str(path), stream)
    except OSError as failure:
        raise RecordingError(str(path), f"cannot be read: {failure.strerror}") from failure


def read_stream(name: str, stream: BinaryIO) -> Iterator[Entry]:
    """The same of a file that is open and can be gone back in; its places begin with `name`."""
    _refuse(name, stream)
    kind = _kind(Path(name).suffix.lower(), stream)
    read = {"lines": _lines, "cassette": _cassette, "archive": _archive}[kind]
    yield from read(name, stream)


def _refuse(name: str, stream: BinaryIO) -> None:
    """Say of what no recording begins with what it is, as far as that shows."""
    begin = stream.read(4)
    stream.seek(0)
    if not begin:
        raise RecordingError(name, "is empty: nothing was recorded")
    for mark, problem in _OTHERS.items():
        if begin.startswith(mark):
            raise RecordingError(name, problem)


def _kind(suffix: str, stream: BinaryIO) -> str:
    """How a file is to be read: by its name, else by its first line."""
    if suffix in _LINE_ENDINGS:
        return "lines"
    if suffix in _CASSETTE_ENDINGS:
        return "cassette"
    if suffix == ".har":
        return "archive"
    first = b""
    while not first and (line := stream.readline(_LONGEST_LINE)):
        first = line.removeprefix(BOM).strip()
    stream.seek(0)
    if first.startswith((b"---", b"interactions:", b"http_interactions:")):
        return "cassette"
    try:
        value = orjson.loads(first)
    except orjson.JSONDecodeError:
        return "archive"
    return "lines" if isinstance(value, dict) and "request" in value else "archive"


def _lines(name: str, stream: BinaryIO) -> Iterator[Entry]:
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        text = line.removeprefix(BOM).strip() if number == 1 else line.strip()
        if not text:
            continue
        place = f"{name}:{number}"
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as failure:
            problem = not_utf8(text) or (
                f"is not JSON ({failure.msg} at column {failure.colno}); every line of a "
                "JSON-lines recording is one exchange"
            )
            raise RecordingError(place, problem) from failure
        yield entry_of(place, value)


def _archive(name: str, stream: BinaryIO) -> Iterator[Entry]:
    try:
        for number, (stands, entry) in enumerate(entries(stream), 1):
            place = f"{name} entry {number}"
            if stands != HAR:
                entry = interaction(member(place, entry, "an interaction"))
            yield entry_of(place, entry)
    except ArchiveError as failure:
        raise RecordingError(f"{name}:{failure.line}", failure.problem) from failure


def _cassette(name: str, stream: BinaryIO) -> Iterator[Entry]:
    try:
        for line, entry in interactions(stream):
            yield entry_of(f"{name}:{line}", entry)
    except CassetteError as failure:
        raise RecordingError(f"{name}:{failure.line}", failure.problem) from failure
