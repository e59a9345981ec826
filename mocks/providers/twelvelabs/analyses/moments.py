"""Moments of a video in the three ways in which an analysis writes them."""

from understudy.contracts.json import Json

SECONDS, CLOCK, EXACT = "seconds", "hh:mm:ss", "hh:mm:ss.fff"
FORMATS = (SECONDS, CLOCK, EXACT)

PATTERNS = {CLOCK: r"^\d{2,}:[0-5]\d:[0-5]\d$", EXACT: r"^\d{2,}:[0-5]\d:[0-5]\d\.\d{3}$"}
"""What the two written as text look like."""


def moment(seconds: float, form: str) -> Json:
    """A moment as a number with at most three decimals, or as text.

    Without milliseconds it is rounded to the nearest second, and never before the beginning
    (field texts of Python SDK 1.3.6).

    >>> moment(83.5004, "seconds"), moment(83.4, "hh:mm:ss"), moment(83.5, "hh:mm:ss.fff")
    (83.5, '00:01:23', '00:01:23.500')
    """
    if form == SECONDS:
        return round(seconds, 3)
    thousandths = max(0, round(seconds * 1000))
    if form == CLOCK:
        thousandths = (thousandths + 500) // 1000 * 1000
    whole, rest = divmod(thousandths, 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    written = f"{hour:02d}:{minute:02d}:{second:02d}"
    return written if form == CLOCK else f"{written}.{rest:03d}"
