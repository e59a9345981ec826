"""What can be read in a video and whose logos are seen: made up, the same for the same video."""

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import moments

_SIGNS = ("Exit", "Open", "No entry", "Platform 2", "Welcome", "Please wait here", "Level 1")
_NAMES = ("Northwind", "Bluepeak", "Harbourline", "Kestrel", "Norvik", "Tallow & Sons")
_EVERY = 20.0  # seconds of video for each caption or logo
_MOST = 100


def readable(medium: Medium) -> list[Json]:
    """Signs and captions with their times: words of the title, and what stands on walls."""
    own = tuple(word.capitalize() for word in medium.words[:4])
    return _seen(medium, "captions", (*own, *_SIGNS))


def logos(medium: Medium) -> list[Json]:
    """The names behind the logos, with their times."""
    return _seen(medium, "logos", _NAMES)


def _seen(medium: Medium, what: str, values: tuple[str, ...]) -> list[Json]:
    """Nothing is seen in a medium without pictures."""
    if medium.kind == "audio":
        return []
    draw = Seeded(medium.identity, what)
    count = max(1, min(_MOST, round(medium.duration / _EVERY)))
    return [
        {"start": start, "end": end, "value": draw.child(start).choice(values)}
        for start, end in moments(medium.duration, draw, count=count)
    ]
