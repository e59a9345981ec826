"""What lies in a drive: whatever is asked for, made up, the same for the same id.

`understudy-unknown` in an id is a file that is not there; the words that choose how things end
work in ids too. An id that looks like a file name is one.
"""

from dataclasses import dataclass
from urllib.parse import quote

from understudy.mocks.generate.media import kind_of_name
from understudy.mocks.generate.medium import Medium, medium_of_url
from understudy.mocks.generate.seeded import Seeded

_WHAT = ("harbour", "market", "lighthouse", "orchard", "workshop", "stadium", "library", "station")
_WHEN = ("morning", "evening", "summer", "winter", "opening", "rehearsal", "interview", "tour")
_SHORTEST, _LONGEST = 20, 240  # seconds
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a file does not become an asset; the codes are assumed."""

    code: str
    message: str


def file_of(source_id: str) -> Medium | Unfit:
    """The file of that id, or what is wrong with it."""
    if "understudy-unknown" in source_id.lower():
        return Unfit("file_not_found", f"The drive has no file {source_id!r:.200}.")
    named = source_id.rpartition("/")[2][-_LONGEST_NAME:]
    kind = kind_of_name(named)
    if kind == "text":
        message = f"{named!r} is of no supported format; video, audio, images and documents are."
        return Unfit("file_type_not_supported", message)
    draw = Seeded("drive", source_id)
    name = named if kind != "unknown" else f"{draw.choice(_WHAT)}-{draw.choice(_WHEN)}.mp4"
    folder = f"https://drive.example/{quote(source_id, safe='', errors='replace')}"
    url = f"{folder}/{quote(name, errors='replace')}"
    if kind in ("video", "audio", "unknown"):
        url += f"?duration={draw.integer(_SHORTEST, _LONGEST)}"
    return medium_of_url(url)


def page_of(source_id: str) -> str:
    """Where people look at the file."""
    return f"https://drive.google.com/file/d/{quote(source_id, safe='', errors='replace')}/view"
