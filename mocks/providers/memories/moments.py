"""The seconds of a video as the service shows them: whole, in order, within the duration."""

import math
from itertools import pairwise

from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import shots

Moment = tuple[int, int]


def lasting(medium: Medium) -> int:
    """The whole seconds that a video lasts, one at least."""
    return max(1, math.ceil(medium.duration))


def moments(medium: Medium, name: str, *, mean: float = 6.0) -> list[Moment]:
    """Pieces that together cover the video, the same for each call with that name."""
    every = shots(medium.duration, Seeded(medium.identity, name), mean=mean)
    edges = {0, lasting(medium), *(round(end) for _, end in every[:-1])}
    return list(pairwise(sorted(edges)))


def clock(second: int) -> str:
    """Minutes and seconds, as people write them.

    >>> clock(95)
    '01:35'
    """
    minutes, seconds = divmod(second, 60)
    return f"{minutes:02d}:{seconds:02d}"
