"""A sound or a video: which of its time is embedded, in which pieces, and what of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span, clips, scenes
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.vectors.piece import Wishes, blended

OPTIONS: Mapping[tuple[str, bool], tuple[str, ...]] = {
    ("video", False): ("visual", "audio", "transcription"),
    ("audio", False): ("audio", "transcription"),
    ("video", True): ("visual", "audio"),
    ("audio", True): ("audio",),
}
"""What is embedded unless asked otherwise, and all there is: by kind, and for the latest model."""

SCOPES = ("clip", "asset")
HEARD = frozenset({"audio", "transcription"})
_SHORTEST = 0.001  # seconds; what is left over for the last piece is a piece


@dataclass(frozen=True, slots=True)
class Recording:
    """What of a sound or video is embedded, in plain values.

    `length` is that of each piece, or of the shortest where pieces follow the scenes (`dynamic`).
    `notes` are the caller's own words: from, to and text.
    """

    start: float
    end: float
    length: int
    dynamic: bool
    options: tuple[str, ...]
    scopes: tuple[str, ...]
    separate: bool
    fused: bool
    notes: tuple[tuple[float, float, str], ...] = ()

    def kept(self) -> dict[str, Json]:
        """As JSON."""
        return {**asdict(self), "notes": [list(note) for note in self.notes]}

    @classmethod
    def known(cls, kept: Mapping[str, Json]) -> "Recording":
        """What `kept` put away."""
        notes = tuple(tuple(elements(note)) for note in elements(kept["notes"]))
        lists = {name: texts(kept[name]) for name in ("options", "scopes")}
        return cls(**cast("dict[str, bool]", {**kept, **lists, "notes": notes}))  # type: ignore[arg-type]

    def spans(self, medium: Medium) -> dict[str, list[Span]]:
        """The pieces of each scope that was asked for; documents call the pieces `local`."""
        found: dict[str, list[Span]] = {}
        if "clip" in self.scopes or "local" in self.scopes:
            if self.dynamic:
                draw = Seeded(medium.identity, "scenes", self.length)
                found["clip"] = scenes(self.start, self.end, draw, shortest=self.length)
            else:
                pieces = clips(self.start, self.end, self.length, shortest=_SHORTEST)
                found["clip"] = pieces or [(self.start, self.end)]
        if "asset" in self.scopes:
            found["asset"] = [(self.start, self.end)]
        return found


def recording_of(
    said: Mapping[str, Json], medium: Medium, name: str, wishes: Wishes, *, longest: float
) -> tuple[Recording, Medium]:
    """What the object `name` of a request says of its medium; refused where it cannot be done.

    The medium comes back as long as the request believes, where nothing tells its length, and
    is refused beyond `longest` seconds.
    """
    start, end, medium = _window(said, medium, name)
    check_length(medium, longest, name)
    options = texts(said.get("embedding_option")) or OPTIONS[name, wishes.latest]
    for option in options:
        if option not in OPTIONS[name, wishes.latest]:
            message = f"{name}.embedding_option has {option!r}, which {wishes.model} does not make"
            raise refuse("parameter_invalid", message)
    types = texts(said.get("embedding_type")) or ("separate_embedding",)
    scopes = texts(said.get("embedding_scope")) or SCOPES
    if wishes.uncertainty and "asset" in scopes:
        message = f"embedding_uncertainty needs {name}.embedding_scope without 'asset'"
        raise refuse("parameter_invalid", message)
    dynamic, length = _segmentation(said, name, wishes)
    found = Recording(
        start=start,
        end=end,
        length=length,
        dynamic=dynamic,
        options=options,
        scopes=scopes,
        separate="separate_embedding" in types,
        fused="fused_embedding" in types,
        notes=_notes(said, name, wishes),
    )
    _check_fused(found, name, wishes)
    return found, medium


def pieces(wishes: Wishes, medium: Medium, recording: Recording) -> list[Json]:
    """The vectors: for each option the pieces in order and then the whole, what is fused last.

    An option that the medium has nothing for makes no vectors.
    """
    space, spans = wishes.space, recording.spans(medium)
    options = [each for each in recording.options if each not in HEARD or medium.has_audio]
    shown: list[Json] = []
    for option in options if recording.separate else ():
        for scope, parts in spans.items():
            for span in parts:
                vector = space.segment(medium, *span, option)
                shown.append(wishes.piece(vector, option, scope, span))
    for scope, parts in spans.items() if recording.fused else ():
        for span in parts:
            vectors = [space.segment(medium, *span, option) for option in options]
            vectors += [space.text(note) for note in _overlapping(recording, span)]
            if vectors:
                shown.append(wishes.piece(blended(vectors), "fused", scope, span))
    return shown


def check_length(medium: Medium, longest: float, name: str) -> None:
    """Refuses a medium of more than `longest` seconds."""
    if medium.duration > longest:
        message = f"{name} lasts {medium.duration:g} s; the longest accepted is {longest:g} s"
        raise refuse("parameter_invalid", message)


def _overlapping(recording: Recording, span: Span) -> list[str]:
    """The caller's words for a piece; a note that takes no time belongs where it begins."""
    start, end = span
    return [
        note
        for since, until, note in recording.notes
        if note.strip() and since < end and (until > start or since >= start)
    ]


def _window(said: Mapping[str, Json], medium: Medium, name: str) -> tuple[float, float, Medium]:
    start = _number(said.get("start_sec"), 0.0)
    end = _number(said.get("end_sec"), medium.duration)
    if end > medium.duration and not medium.known:
        medium = replace(medium, duration=end)
    if end > medium.duration:
        message = f"{name}.end_sec is {end:g}, but the {name} lasts {medium.duration:g} s"
        raise refuse("parameter_invalid", message)
    if end <= start:
        message = f"{name}.end_sec is {end:g}, expected more than start_sec, which is {start:g}"
        raise refuse("parameter_invalid", message)
    return start, end, medium


def _segmentation(said: Mapping[str, Json], name: str, wishes: Wishes) -> tuple[bool, int]:
    """Whether pieces follow the scenes, and their length; the form depends on the model."""
    given = mapping(said.get("segmentation"))
    if given and ("temporal" in given) != wishes.latest:
        form = "in an object `temporal`" if wishes.latest else "without an object `temporal`"
        message = f"{name}.segmentation stands {form} for {wishes.model}"
        raise refuse("parameter_invalid", message)
    inner = mapping(given.get("temporal")) if wishes.latest else given
    if text(inner.get("strategy")) == "fixed":
        return False, int(_number(mapping(inner.get("fixed")).get("duration_sec"), 0))
    if text(inner.get("strategy")) == "dynamic":
        if name == "audio" and not wishes.latest:
            message = f"audio.segmentation is 'dynamic', but {wishes.model} takes 'fixed' only"
            raise refuse("parameter_invalid", message)
        return True, int(_number(mapping(inner.get("dynamic")).get("min_duration_sec"), 0))
    if wishes.latest:
        return True, 2
    return (True, 4) if name == "video" else (False, 6)


def _notes(
    said: Mapping[str, Json], name: str, wishes: Wishes
) -> tuple[tuple[float, float, str], ...]:
    given = [mapping(note) for note in elements(said.get("time_based_metadata"))]
    if given and not wishes.latest:
        message = f"{name}.time_based_metadata needs the model marengo3.5, not {wishes.model}"
        raise refuse("parameter_invalid", message)
    notes: list[tuple[float, float, str]] = []
    for place, note in enumerate(given):
        since, until = _number(note.get("start"), 0.0), _number(note.get("end"), 0.0)
        if until < since:
            where = f"{name}.time_based_metadata[{place}]"
            message = f"{where} ends at {until:g}, before it begins at {since:g}"
            raise refuse("parameter_invalid", message)
        notes.append((since, until, text(note.get("text"))))
    return tuple(notes)


def _check_fused(recording: Recording, name: str, wishes: Wishes) -> None:
    if recording.notes and not recording.fused:
        message = f"{name}.time_based_metadata needs 'fused_embedding' in {name}.embedding_type"
        raise refuse("parameter_invalid", message)
    if not recording.fused:
        return
    if wishes.latest and not recording.notes:
        message = f"with {wishes.model}, 'fused_embedding' needs {name}.time_based_metadata"
        raise refuse("parameter_invalid", message)
    if len(recording.options) < 2 and not recording.notes:
        message = f"'fused_embedding' needs two of {name}.embedding_option at least"
        raise refuse("parameter_invalid", message)


def _number(value: Json, default: float) -> float:
    """A number that the contract has bounded; one that no float can hold counts as endless."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    try:
        return float(value)
    except OverflowError:
        return float("inf")
