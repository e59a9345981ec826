"""The entries of a HAR file, one at a time: a file of a gigabyte does not need a gigabyte."""

from collections.abc import Iterator
from typing import BinaryIO

import orjson

from understudy.contracts.errors import ContractError

_BOM = b"\xef\xbb\xbf"
_SMALL = 64 * 1024 * 1024


class ArchiveError(ContractError):
    """A file is no HAR; `line` is where it stops being one, 1 where that is not known."""

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(f"line {line}: {problem}")


def entries(stream: BinaryIO) -> Iterator[object]:
    """The members of `log.entries`, as Python values; raises ArchiveError for any other file."""
    import ijson  # only here: it is not needed where nobody reads recordings

    if stream.read(len(_BOM)) != _BOM:
        stream.seek(0)
    found = False
    try:
        for prefix, event, _ in (parsed := ijson.parse(stream, use_float=True)):
            if (prefix, event) == ("log.entries", "start_array"):
                found = True
                break
        if found:
            yield from ijson.items(_rest(parsed), "item")
    except ijson.JSONError as failure:
        raise _broken(stream, str(failure)) from failure
    if not found:
        raise ArchiveError(
            1,
            "is neither a HAR file (no log.entries list) nor JSON lines with a "
            '"request" and a "response" on each line, nor a VCR cassette',
        )


def _rest(parsed: Iterator[tuple[str, str, object]]) -> Iterator[tuple[str, str, object]]:
    """The events of the list alone, so that what follows it in the file is read as well."""
    yield "", "start_array", None
    for prefix, event, value in parsed:
        if prefix.startswith("log.entries"):
            yield prefix.removeprefix("log.entries").removeprefix("."), event, value


def _broken(stream: BinaryIO, problem: str) -> ArchiveError:
    """The error with its line, which the quick parser knows when the file is not too large."""
    stream.seek(0)
    content = stream.read(_SMALL)
    if len(content) < _SMALL:
        try:
            orjson.loads(content.removeprefix(_BOM))
        except orjson.JSONDecodeError as failure:
            return ArchiveError(
                failure.lineno, f"is not JSON ({failure.msg} at column {failure.colno})"
            )
    return ArchiveError(1, f"is not JSON ({problem.splitlines()[0]})")
