"""Who speaks in a sound, when, what, and how it sounds: derived from the medium, then edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.text import spoken
from understudy.mocks.generate.timeline import shots
from understudy.mocks.providers.imentiv.scores import VOICE, WORDS, Scores, added, drawn, mean

FEWEST_SEGMENTS = 3
_MEAN = 6.0
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech: milliseconds, the speaker, and what is said."""

    start: int
    end: int
    speaker: int
    words: str


@dataclass(frozen=True, slots=True)
class Voices:
    """A sound as it was analysed; speakers have ids from 0 on, and a name each."""

    identity: str
    seed: int
    segments: tuple[Segment, ...]
    names: tuple[tuple[int, str], ...]

    @property
    def speakers(self) -> Mapping[int, str]:
        """The name of each speaker, by id."""
        return dict(self.names)

    def tone(self, segment: Segment) -> Scores:
        """How a segment sounds."""
        return _felt(VOICE, self.seed, self.identity, segment.start, segment.end)

    def mood(self, segment: Segment) -> Scores:
        """What the words of a segment say, whoever says them and whenever."""
        return _felt(WORDS, self.seed, segment.words)

    def tones(self, speaker: int | None = None) -> Scores:
        """The mean sound of all segments, or of those of one speaker."""
        return _mean([self.tone(each) for each in self._of(speaker)], len(VOICE))

    def moods(self, speaker: int | None = None) -> Scores:
        """The mean of what is said, by all or by one speaker."""
        return _mean([self.mood(each) for each in self._of(speaker)], len(WORDS))

    @property
    def transcript(self) -> str:
        """All that is said."""
        return " ".join(segment.words for segment in self.segments)

    def _of(self, speaker: int | None) -> Sequence[Segment]:
        return [each for each in self.segments if speaker in (None, each.speaker)]


_felt = lru_cache(maxsize=16_384)(drawn)
"""Drawn once: averages over a long sound ask again and again."""


@lru_cache(maxsize=32)
def voices_of(medium: Medium, seed: int, *, apart: bool) -> Voices:
    """What a sound says before anybody edits it; one speaker unless they are told `apart`."""
    draw = Seeded(seed, "voices", medium.identity)
    seconds = medium.duration
    spans = shots(seconds, draw, mean=min(_MEAN, seconds / FEWEST_SEGMENTS), most=_MOST)
    count = 1 if not apart else 2 if seconds < 90 else draw.integer(2, 3)
    segments = tuple(
        Segment(
            round(begin * 1000),
            round(end * 1000),
            index % count if index < count else draw.integer(0, count - 1),
            spoken(medium, draw),
        )
        for index, (begin, end) in enumerate(spans)
    )
    names = tuple((speaker, f"Speaker {speaker}") for speaker in range(count))
    return Voices(medium.identity, seed, segments, names)


def _mean(scores: Sequence[Scores], width: int) -> Scores:
    return mean(added(scores, width), len(scores))
