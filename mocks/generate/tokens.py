"""How many tokens a text has, and where to cut it: an estimate that no model stands behind.

A run of up to eight letters or digits is a token, and so is each other visible sign. English
prose comes out at a little over one token a word, as with the vendors' own counters.
"""

import re
from itertools import islice

_TOKEN = re.compile(r"[^\W_]{1,8}|[^\w\s]|_")


def count(text: str, most: int | None = None) -> int:
    """The number of tokens; counting stops just past `most`, when that is given.

    >>> count("Who runs, and why?")
    6
    """
    found = _TOKEN.finditer(text)
    return sum(1 for _ in (found if most is None else islice(found, most + 1)))


def head(text: str, most: int) -> str:
    """The text without what follows its first `most` tokens.

    >>> head("one two three", 2)
    'one two'
    """
    ends = [found.end() for found in islice(_TOKEN.finditer(text), most + 1)]
    return text if len(ends) <= most else text[: ends[most - 1]]


def tail(text: str, most: int) -> str:
    """The text without what precedes its last `most` tokens.

    >>> tail("one two three", 2)
    'two three'
    """
    starts = [found.start() for found in _TOKEN.finditer(text)]
    return text if len(starts) <= most else text[starts[-most] :]
