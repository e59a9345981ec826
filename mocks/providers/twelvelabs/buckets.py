"""What lies in the cloud storage of an integration: made up, the same for the same id."""

from urllib.parse import quote

from understudy.mocks.generate.medium import Medium, medium_of_url
from understudy.mocks.generate.seeded import Seeded

_WHAT = ("harbour", "market", "lighthouse", "orchard", "workshop", "stadium", "library", "station")
_WHEN = ("morning", "evening", "summer", "winter", "opening", "rehearsal", "interview", "tour")
_FEWEST, _MOST = 3, 5
_SHORTEST, _LONGEST = 20, 240  # seconds


def connected(integration: str) -> bool:
    """Whether the account has that integration: any but those with understudy-unknown in the id,
    since integrations are made in the vendor's console and not by a call."""
    return "understudy-unknown" not in integration.lower()


def files(integration: str) -> list[Medium]:
    """Three to five videos; the words understudy-fail, -stuck and -slow in the id choose how
    their imports end, and understudy-fail adds a file that is no video at all."""
    draw = Seeded("bucket", integration)
    names = [
        f"{what}-{draw.choice(_WHEN)}.mp4"
        for what in draw.pick(_WHAT, draw.integer(_FEWEST, _MOST))
    ]
    found = [
        medium_of_url(f"{_folder(integration)}/{name}?duration={draw.integer(_SHORTEST, _LONGEST)}")
        for name in names
    ]
    if found[0].outcome == "fail":
        found.append(medium_of_url(f"{_folder(integration)}/notes.txt"))
    return found


def _folder(integration: str) -> str:
    return f"https://storage.example/{quote(integration, safe='')}"
