"""Who is seen in a video, when, and how they feel: derived from the medium, then edited.

The base follows from the medium's identity and the fake's seed; what a caller has changed is a
list of edits, plain values, which are all that a video stores. Everything a reply shows of
faces comes from `Cast`: lists, averages, dominant emotions and reports agree by construction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import count

from understudy.mocks.providers.imentiv.runs import (
    Run,
    Runs,
    Total,
    frames_of,
    joined,
    parted,
    showing,
    spans_of,
    total,
)
from understudy.mocks.providers.imentiv.scores import FACE, Scores, added, drawn, mean

FEWEST_FRAMES = 20
PER_SECOND = 2.0
MOST_FRAMES = 20_000
"""Frames that are analysed, however long a video says it is: almost three hours, two a second."""
_REMEMBERED = 16
_SHOT = (4, 14)
_LEANINGS = tuple(
    map(FACE.index, ("happy", "neutral", "sad", "happy", "surprise", "neutral", "angry"))
)
_LEADS = (1, 1, 1, 2, 2, 3, 1, 2, 1, 4)


@dataclass(frozen=True, slots=True)
class Shots:
    """What faces are derived from: how many frames, and from which medium."""

    identity: str
    seed: int
    frames: int


@dataclass(frozen=True, slots=True)
class Move:
    """Detections of one face become another's in some frames."""

    frames: tuple[int, ...]
    face: int
    to: int


@dataclass(frozen=True, slots=True)
class Merge:
    """Several faces become one."""

    face: int
    merged: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """Faces go."""

    faces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rescore:
    """The scores of one face in one frame are others."""

    frame: int
    face: int
    scores: Scores


Edit = Move | Merge | Drop | Rescore


@dataclass(frozen=True, slots=True)
class Cast:
    """The faces of a video by id, each with its runs and their sum; ids rise. Made by `of`."""

    frames: int
    faces: Mapping[int, Runs]
    totals: Mapping[int, Total]

    @classmethod
    def of(cls, frames: int, faces: Mapping[int, Runs], before: "Cast | None" = None) -> "Cast":
        """The faces with their sums; those of faces that `before` has as well are taken over."""
        kept = {face: runs for face, runs in faces.items() if runs}
        known = before.faces if before else {}
        sums = before.totals if before else {}
        return cls(
            frames,
            {face: kept[face] for face in sorted(kept)},
            {
                face: sums[face] if known.get(face) is runs else total(runs)
                for face, runs in kept.items()
            },
        )

    def seen(self, frame: int) -> list[tuple[int, Run]]:
        """The faces in a frame with the runs that show them, by id."""
        found = ((face, showing(runs, frame)) for face, runs in self.faces.items())
        return [(face, run) for face, run in found if run is not None]

    def average(self, face: int | None = None) -> Scores:
        """The mean over all detections, or over those of one face."""
        chosen = [self.totals[face]] if face is not None else list(self.totals.values())
        sums = added((each for _, each in chosen), len(FACE))
        return mean(sums, sum(count for count, _ in chosen))

    def mood(self, frame: int) -> Scores:
        """The mean over the faces of one frame; zeros when it shows none."""
        seen = self.seen(frame)
        sums = [sum(each) for each in zip(*(run.at(frame) for _, run in seen), strict=True)]
        return mean(sums or [0.0] * len(FACE), len(seen))

    def detections(self) -> Iterator[tuple[int, int, Run]]:
        """Every frame with every face in it, in order."""
        for frame in range(1, self.frames + 1):
            for face, run in self.seen(frame):
                yield frame, face, run

    @property
    def count(self) -> int:
        """How many detections there are."""
        return sum(count for count, _ in self.totals.values())

    def begins(self, face: int) -> int:
        """The first frame that shows a face."""
        return self.faces[face][0].first

    def shows(self, face: int) -> Iterator[int]:
        """Every frame that shows a face."""
        return frames_of(self.faces.get(face, ()))


def frame_count(seconds: float, rate: float) -> tuple[int, int]:
    """How many frames a video of that length has, and how many of them are analysed."""
    whole = max(FEWEST_FRAMES, round(seconds * max(rate, 1.0)))
    wanted = max(FEWEST_FRAMES, round(seconds * PER_SECOND))
    return whole, min(whole, wanted, MOST_FRAMES)


@lru_cache(maxsize=16)
def cast_of(shots: Shots, edits: tuple[Edit, ...] = ()) -> Cast:
    """The faces of a medium after all edits, which were valid when they were made."""
    if not edits:
        return _drawn(shots)
    # One edit more costs a few, not all: casts after each sixteenth are kept.
    before = (len(edits) - 1) // _REMEMBERED * _REMEMBERED
    cast = cast_of(shots, edits[:before])
    edited = cast.faces
    for edit in edits[before:]:
        edited = after(edited, edit)
    return Cast.of(cast.frames, edited, cast)


def after(before: Mapping[int, Runs], edit: Edit) -> Mapping[int, Runs]:
    """The runs of each face after one more edit; a face may have none left."""
    faces = dict(before)
    match edit:
        case Rescore(frame, face, scores):
            old = showing(faces[face], frame)
            assert old is not None  # noqa: S101  (checked when the edit was made)
            new = Run(frame, frame, frame, frame, scores, scores, old.origin)
            faces[face] = joined((new,), faces[face])
        case Move(frames, face, to):
            moved, faces[face] = parted(faces[face], spans_of(frames))
            faces[to] = joined(faces.get(to, ()), moved)
        case Merge(face, merged):
            for each in merged:
                faces[face] = joined(faces[face], faces.pop(each))
        case Drop(gone):
            faces = {face: runs for face, runs in faces.items() if face not in gone}
    return faces


def _drawn(shots: Shots) -> Cast:
    """Shot after shot: somebody leads, and at times somebody listens.

    The first three shots show one, then two, then another face, so that every video has at
    least three unevenly spread faces and frames with one face alone.
    """
    runs: dict[int, list[Run]] = {}
    nature = blake2b(f"{shots.seed} {shots.identity}".encode(), digest_size=1).digest()
    first, longest = 1, max(1, shots.frames // 4)
    for number in count():
        if first > shots.frames:
            break
        noise = blake2b(f"{shots.seed} {shots.identity} {number}".encode(), digest_size=8).digest()
        length = min(longest, _SHOT[0] + noise[0] % (_SHOT[1] - _SHOT[0]))
        last = min(shots.frames, first + length - 1)
        for face in _players(number, noise):
            # Everybody leans to an emotion of their own, happy and neutral before the others.
            lean = _LEANINGS[(nature[0] + face * 5) % len(_LEANINGS)]
            place = (shots.seed, shots.identity, number, face)
            begin, end = (drawn(FACE, *place, edge, lean=lean) for edge in ("begin", "end"))
            runs.setdefault(face, []).append(Run(first, last, first, last, begin, end, face))
        first = last + 1
    return Cast.of(shots.frames, {face: tuple(each) for face, each in runs.items()})


def _players(number: int, noise: Sequence[int]) -> tuple[int, ...]:
    if number < 3:
        return ((1,), (1, 2), (3,))[number]
    lead = _LEADS[noise[1] % len(_LEADS)]
    other = 1 + noise[2] % 3
    return (lead, other) if noise[3] < 100 and other != lead else (lead,)
