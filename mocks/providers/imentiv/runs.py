"""A face's presence in a video: runs of frames through which its scores move evenly.

Since the scores of a run lie on a line, its sum has a closed form: the averages of a two-hour
video are the sums of some thousand runs, and no frame is ever stored.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from understudy.mocks.providers.imentiv.scores import FACE, Scores


@dataclass(frozen=True, slots=True)
class Run:
    """Frames `first` to `last`, both included, that show the head `origin`.

    Scores go from `begin` at the frame `low` to `end` at the frame `high`; a part that was cut
    out keeps the line of the whole.
    """

    first: int
    last: int
    low: int
    high: int
    begin: Scores
    end: Scores
    origin: int

    @property
    def count(self) -> int:
        """How many frames."""
        return self.last - self.first + 1

    def at(self, frame: int) -> Scores:
        """The scores in one of the frames."""
        share = (frame - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return tuple(a + (b - a) * share for a, b in zip(self.begin, self.end, strict=True))

    def add_to(self, sums: list[float]) -> None:
        """Add the scores of all frames."""
        half = self.count / 2
        whole = (self.first, self.last) == (self.low, self.high)
        begin, end = (self.begin, self.end) if whole else (self.at(self.first), self.at(self.last))
        if self.low == self.high:
            end = begin
        for index, value in enumerate(begin):
            sums[index] += (value + end[index]) * half

    def part(self, first: int, last: int) -> "Run | None":
        """What of it lies in a range of frames."""
        low, high = max(first, self.first), min(last, self.last)
        return replace(self, first=low, last=high) if low <= high else None


Total = tuple[int, Scores]
"""How many frames, and the sum of their scores."""

Runs = tuple[Run, ...]
"""Runs of one face, in order, no two of which share a frame."""


def showing(runs: Runs, frame: int) -> Run | None:
    """The run that covers a frame."""
    index = bisect_right(runs, frame, key=lambda run: run.first) - 1
    return runs[index] if index >= 0 and runs[index].last >= frame else None


Span = tuple[int, int]
"""A range of frames, both ends included."""


def spans_of(frames: Iterable[int]) -> list[Span]:
    """Frames in any order as ranges, in order."""
    spans: list[Span] = []
    for frame in sorted(frames):
        if spans and frame <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], frame)
        else:
            spans.append((frame, frame))
    return spans


def parted(runs: Runs, spans: Sequence[Span]) -> tuple[Runs, Runs]:
    """What of the runs lies in the ranges, and what is left: one walk along both."""
    taken: list[Run] = []
    left: list[Run] = []
    at = 0
    for run in runs:
        first = run.first
        while at < len(spans) and spans[at][1] < first:
            at += 1
        for place in range(at, len(spans)):
            low, high = spans[place]
            if low > run.last:
                break
            left += [part] if (part := run.part(first, low - 1)) else []
            taken += [part] if (part := run.part(low, high)) else []
            first = max(first, high + 1)
        left += [part] if (part := run.part(first, run.last)) else []
    return tuple(taken), tuple(left)


def joined(one: Runs, other: Runs) -> Runs:
    """Both together; where they share frames, `one` counts."""
    extra = parted(other, [(run.first, run.last) for run in one])[1]
    return tuple(sorted((*one, *extra), key=lambda run: run.first))


def total(runs: Iterable[Run]) -> Total:
    """How many frames, and the sum of their scores."""
    sums, count = [0.0] * len(FACE), 0
    for run in runs:
        run.add_to(sums)
        count += run.count
    return count, tuple(sums)


def frames_of(runs: Sequence[Run]) -> Iterator[int]:
    """Every frame, in order."""
    for run in runs:
        yield from range(run.first, run.last + 1)
