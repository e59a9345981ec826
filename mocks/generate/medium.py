"""A medium that a caller handed in: which one it is, how long and large, and how it shall end."""

import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import unquote

from understudy.contracts.exchange import Part
from understudy.contracts.json import Json
from understudy.mocks.generate.media import Kind, kind_of_name, probe
from understudy.mocks.generate.words import (
    name_title,
    name_words,
    split_url,
    url_name,
    url_query,
    url_words,
)

Outcome = Literal["ok", "fail", "stuck", "slow"]

DEFAULT_DURATION = 60.0
DEFAULT_WIDTH, DEFAULT_HEIGHT, DEFAULT_FPS = 1280, 720, 30.0
_LONGEST = 1e8  # seconds; a claim beyond that is no duration
_BYTES_PER_SECOND = 250_000  # what a 720p file takes; sizes a medium that nobody fetches
_TOKENS: tuple[tuple[str, Outcome], ...] = (
    ("understudy-fail", "fail"),
    ("understudy-stuck", "stuck"),
    ("understudy-slow", "slow"),
)


@dataclass(frozen=True, slots=True)
class Medium:
    """What is known of a file or URL; everything generated about it follows from `identity`.

    `duration` in seconds, `size` in bytes. `known` is whether the duration was measured or
    given rather than the default. `url` is empty for an upload, `digest` (SHA-256, hex) for a
    URL. `name` is the file's name, `title` what the caller calls it or the words of its name.
    """

    identity: str
    kind: Kind
    name: str
    title: str
    url: str = ""
    digest: str = ""
    duration: float = DEFAULT_DURATION
    width: int = DEFAULT_WIDTH
    height: int = DEFAULT_HEIGHT
    fps: float = DEFAULT_FPS
    size: int = 0
    has_audio: bool = True
    known: bool = False
    outcome: Outcome = "ok"

    @property
    def is_medium(self) -> bool:
        """False for a file that is no video, audio or image at all, judged by its content."""
        return self.kind in ("video", "audio", "image")

    @property
    def words(self) -> tuple[str, ...]:
        """The words that tell what the medium is about: of its title, then its name and URL."""
        found = [*name_words(self.title), *name_words(self.name)]
        if self.url:
            found += url_words(self.url)
        return tuple(dict.fromkeys(found))

    def titled(self, title: str) -> "Medium":
        """The same medium under a title; a magic token in the title chooses the outcome."""
        chosen = outcome_of(title, self.name, self.url)
        return replace(self, title=title or self.title, outcome=chosen)


def medium_of_url(url: str, *, title: str = "") -> Medium:
    """The medium behind a URL, which is never fetched: all that is known stands in the URL.

    `duration=SECONDS` in its query sets the duration. The kind follows from the extension of
    its path; a URL without a telling one counts as a video.
    """
    name = url_name(url)
    named = _seconds(url_query(url).get("duration"))
    duration = DEFAULT_DURATION if named is None else named
    kind = kind_of_name(split_url(url).path)
    return Medium(
        identity=_digest(url),
        kind="video" if kind == "unknown" else kind,
        name=name,
        title=title or name_title(name) or name or "Untitled",
        url=url,
        duration=duration,
        size=int(duration * _BYTES_PER_SECOND),
        known=named is not None,
        outcome=outcome_of(title, unquote(url)),
    )


def medium_of_part(part: Part, *, title: str = "") -> Medium:
    """The medium in a file part, by what its receiver measured, else by its content."""
    facts = part.facts if "kind" in part.facts else probe(io.BytesIO(part.content))
    digest = part.digest or hashlib.sha256(part.content).hexdigest()
    name = part.filename or part.name
    measured = _seconds(facts.get("duration"))
    return Medium(
        identity=digest,
        kind=_kind(facts, name),
        name=name,
        title=title or name_title(name) or name or "Untitled",
        digest=digest,
        duration=DEFAULT_DURATION if measured is None else measured,
        width=_whole(facts.get("width"), DEFAULT_WIDTH),
        height=_whole(facts.get("height"), DEFAULT_HEIGHT),
        fps=_seconds(facts.get("fps")) or DEFAULT_FPS,
        size=part.size or len(part.content),
        has_audio=facts.get("has_audio") is not False,
        known=measured is not None,
        outcome=outcome_of(title, name),
    )


def outcome_of(*texts: str) -> Outcome:
    """The outcome that a magic token in any of the texts chooses; `ok` without one.

    >>> outcome_of("talk.mp4", "https://cdn.example/understudy-stuck.mp4")
    'stuck'
    """
    lowered = [text.lower() for text in texts]
    for token, outcome in _TOKENS:
        if any(token in text for text in lowered):
            return outcome
    return "ok"


def _kind(facts: Mapping[str, Json], name: str) -> Kind:
    """What the content is; plain text is a document where the name is that of one."""
    kind = facts.get("kind")
    if kind == "text" and kind_of_name(name) == "document" and not name.lower().endswith(".pdf"):
        return "document"
    return next((known for known in get_args(Kind) if known == kind), "unknown")


def _seconds(value: Json) -> float | None:
    """A positive, finite number, from a number or its text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and 0 < number <= _LONGEST else None


def _whole(value: Json, otherwise: int) -> int:
    number = _seconds(value)
    return otherwise if number is None or number < 1 else int(number)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
