"""The entries of a JSON recording, one at a time: a gigabyte's file does not need a gigabyte."""

from collections.abc import Iterator
from typing import BinaryIO

import orjson

from understudy.contracts.errors import ContractError

HAR = "log.entries"
"""Where the exchanges of a HAR stand."""

DEEPEST = 250
"""Levels of nesting that a recording may have."""

_LISTS = (HAR, "interactions", "http_interactions")
BOM = b"\xef\xbb\xbf"
"""What some programs write before UTF-8; it says nothing."""

_SMALL = 64 * 1024 * 1024


class ArchiveError(ContractError):
    """A file is no HAR; `line` is where it stops being one, 1 where that is not known."""

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(f"line {line}: {problem}")


def entries(stream: BinaryIO) -> Iterator[tuple[str, object]]:
    """The entries of a HAR, or the interactions of a cassette in JSON, each with where it stands.

    Raises ArchiveError for any other file.
    """
    import ijson  # only here: it is not needed where nobody reads recordings

    if stream.read(len(BOM)) != BOM:
        stream.seek(0)
    found = ""
    try:
        for prefix, event, _ in (parsed := _shallow(ijson.parse(stream, use_float=True))):
            if prefix in _LISTS and event == "start_array":
                found = prefix
                break
        if found:
            for entry in ijson.items(_rest(parsed, found), "item"):
                yield found, entry
    except ijson.JSONError as failure:
        raise _broken(stream, str(failure)) from failure
    if not found:
        raise ArchiveError(
            1,
            "is neither a HAR file (no log.entries list) nor JSON lines with a "
            '"request" and a "response" on each line, nor a VCR cassette; an API client such as '
            "Postman exports HAR as well",
        )


def _shallow(parsed: Iterator[tuple[str, str, object]]) -> Iterator[tuple[str, str, object]]:
    """The same events, as far as they are nested as an exchange may be: each level costs more."""
    depth = 0
    for told in parsed:
        event = told[1]
        if event.startswith("start_"):
            depth += 1
            if depth > DEEPEST:
                raise ArchiveError(1, f"is nested more than {DEEPEST} levels deep")
        elif event.startswith("end_"):
            depth -= 1
        yield told


def _rest(
    parsed: Iterator[tuple[str, str, object]], found: str
) -> Iterator[tuple[str, str, object]]:
    """The events of the list alone, so that what follows it in the file is read as well."""
    yield "", "start_array", None
    for prefix, event, value in parsed:
        if prefix.startswith(found):
            yield prefix.removeprefix(found).removeprefix("."), event, value


def not_utf8(content: bytes) -> str:
    """What is wrong with content that is no UTF-8; empty where it is."""
    try:
        content.decode()
    except UnicodeDecodeError as failure:
        return f"is not UTF-8 (byte {failure.start + 1} is not): save it as UTF-8"
    return ""


def _broken(stream: BinaryIO, problem: str) -> ArchiveError:
    """The error with its line, which the quick parser knows when the file is not too large."""
    stream.seek(0)
    content = stream.read(_SMALL)
    if len(content) < _SMALL:
        encoded = not_utf8(content)
        if encoded:
            return ArchiveError(1, encoded)
        try:
            orjson.loads(content.removeprefix(BOM))
        except orjson.JSONDecodeError as failure:
            return ArchiveError(
                failure.lineno, f"is not JSON ({failure.msg} at column {failure.colno})"
            )
    return ArchiveError(1, f"is not JSON ({problem.splitlines()[0]})")
