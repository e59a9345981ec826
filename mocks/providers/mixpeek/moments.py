"""Instants as Mixpeek writes them: milliseconds, printed as six digits."""

from understudy.mocks.clock import stamp


def zoneless(instant: float) -> str:
    """As assets show them: `2024-11-07T14:31:56.428000`, which is UTC (recorded)."""
    return f"{stamp(instant)[:-1]}000"


def zoned(instant: float) -> str:
    """As features show them: `2024-11-07T14:31:56.053000Z` (recorded)."""
    return f"{zoneless(instant)}Z"
