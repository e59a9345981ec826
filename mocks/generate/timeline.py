"""Pieces of a medium's time: always within its duration, in order, and never empty."""

from itertools import pairwise

from understudy.mocks.generate.seeded import Seeded

Span = tuple[float, float]

_MOST_CLIPS = 10_000


def clips(start: float, end: float, length: float, *, shortest: float = 2.0) -> list[Span]:
    """Pieces of `length` seconds from `start` on; a last piece under `shortest` is dropped.

    At most 10,000 pieces, however long the medium.

    >>> clips(0.0, 31.0, 6.0)
    [(0.0, 6.0), (6.0, 12.0), (12.0, 18.0), (18.0, 24.0), (24.0, 30.0)]
    """
    spans: list[Span] = []
    least = min(shortest, length)
    while (
        length > 0
        and len(spans) < _MOST_CLIPS
        and end - (begin := start + len(spans) * length) >= least
    ):
        stop = start + (len(spans) + 1) * length  # so that clips touch to the last digit
        spans.append((round(begin, 3), min(round(stop, 3), end)))
    return spans


def shots(duration: float, draw: Seeded, *, mean: float = 6.0, most: int = 500) -> list[Span]:
    """Pieces of uneven length, about `mean` seconds, that together cover the whole duration."""
    count = max(1, min(most, round(duration / mean)))
    weights = [draw.number(0.6, 1.4) for _ in range(count)]
    scale, edges, at = duration / sum(weights), [0.0], 0.0
    for weight in weights[:-1]:
        at += weight * scale
        edges.append(round(at, 3))
    edges.append(float(duration))
    return [(begin, end) for begin, end in pairwise(edges) if begin < end]


def scenes(start: float, end: float, draw: Seeded, *, shortest: float) -> list[Span]:
    """Pieces of uneven length that cover `start` to `end`, none under `shortest` seconds.

    One piece where the whole leaves no room for two; at most 10,000, the last as long as it takes.
    """
    edges, at = [start], start
    while len(edges) < _MOST_CLIPS and end - at >= 2 * shortest:
        at = min(round(at + draw.number(1.01, 2.5) * shortest, 3), end - shortest)
        edges.append(at)
    return list(pairwise([*edges, end]))


def moments(duration: float, draw: Seeded, *, count: int) -> list[Span]:
    """At most `count` pieces of uneven length with gaps between them, none overlapping."""
    every = shots(duration, draw, mean=max(1.0, duration / (2 * count)))
    chosen = draw.pick(range(len(every)), count)
    return [every[place] for place in sorted(chosen)]
