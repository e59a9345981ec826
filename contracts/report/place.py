"""Where something stands, for the formats that want file and line apart."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and a line from 1 on; line 1 where only the file is known."""

    file: str
    line: int


def place_of(text: str) -> Place:
    """The place that `FILE:LINE`, or `FILE entry N` within a HAR, names."""
    file, colon, line = text.rpartition(":")
    if colon and line.isdigit():
        return Place(file, max(1, int(line)))
    return Place(text.partition(" entry ")[0], 1)
