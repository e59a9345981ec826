"""Compare callables in one interleaved run, so that whatever disturbs one disturbs the others.

Time is the processor's, not the wall's: what other programs take is not counted.
"""

import time
from collections.abc import Callable, Mapping
from statistics import median

Work = Callable[[], object]


def seconds_per_call(work: Work, calls: int) -> float:
    """The mean processor time of `calls` calls."""
    began = time.process_time()
    for _ in range(calls):
        work()
    return (time.process_time() - began) / calls


def calls_for(work: Work, seconds: float) -> int:
    """How many calls take about `seconds`; the first call, which may set things up, not counted."""
    work()
    return max(1, min(100_000, round(seconds / max(seconds_per_call(work, 1), 1e-7))))


def interleaved(
    works: Mapping[str, Work], *, rounds: int = 7, seconds: float = 0.1
) -> dict[str, list[float]]:
    """Seconds per call of each work, one figure a round, the works taking turns."""
    calls = {name: calls_for(work, seconds) for name, work in works.items()}
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(seconds_per_call(work, calls[name]))
    return found


def ratio(found: Mapping[str, list[float]], one: str, other: str) -> float:
    """The median over the rounds of `one` divided by `other` of the same round."""
    return median(a / b for a, b in zip(found[one], found[other], strict=True))
