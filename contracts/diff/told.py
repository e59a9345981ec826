"""Changes as a report: the same change of a shared schema is told once, with all it touches."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from understudy.contracts.diff.change import Change
from understudy.contracts.json import Json
from understudy.contracts.report.place import place_of

FORMATS = ("text", "json", "github")
_LONGEST = 80
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One change with every operation, or the lifecycle, that it touches."""

    change: Change
    subjects: tuple[str, ...]


def gathered(changes: Sequence[Change]) -> list[Told]:
    """The changes without repetition, those that break first."""
    found: dict[tuple[str, ...], list[Change]] = {}
    for each in changes:
        key = (each.kind, each.source, each.pointer, repr(each.before), repr(each.after))
        found.setdefault(key, []).append(each)
    told = [
        Told(same[0], tuple(dict.fromkeys(each.subject for each in same)))
        for same in found.values()
    ]
    return sorted(told, key=lambda each: not each.change.breaking)


def render(changes: Sequence[Change], form: str) -> str:
    """The changes in one of `FORMATS`; ValueError for any other name."""
    told = gathered(changes)
    if form == "text":
        return "".join(f"{line}\n" for line in _text(told))
    if form == "json":
        listed = [_content(each) for each in told]
        return json.dumps({"totals": _totals(told), "changes": listed}, indent=2) + "\n"
    if form == "github":
        return "".join(f"{line}\n" for line in _github(told))
    raise ValueError(f"format {form!r} is unknown; there are {', '.join(FORMATS)}")


def _text(told: Sequence[Told]) -> Iterator[str]:
    for heading, wanted in (("Breaking", True), ("Safe", False)):
        chosen = [each for each in told if each.change.breaking is wanted]
        if chosen:
            yield f"{heading}: {len(chosen)}"
        for each in chosen:
            change = each.change
            yield f"  {change.kind}{_values(change)}"
            yield f"    in {_subjects(each.subjects)} ({change.source})"
            yield f"    {change.why}"
    totals = _totals(told)
    yield f"{totals['breaking']} breaking, {totals['safe']} safe"


def _github(told: Sequence[Told]) -> Iterator[str]:
    for each in told:
        change, place = each.change, place_of(each.change.source)
        level = "error" if change.breaking else "notice"
        message = f"{change.kind}{_values(change)} in {_subjects(each.subjects)}: {change.why}"
        message = message.replace("%", "%25").replace("\n", "%0A")
        file = place.file.replace(":", "%3A").replace(",", "%2C")
        yield f"::{level} file={file},line={place.line},title={change.kind}::{message}"


def _content(told: Told) -> Mapping[str, Json]:
    change = told.change
    return {
        "kind": change.kind,
        "breaking": change.breaking,
        "why": change.why,
        "subjects": list(told.subjects),
        "pointer": change.pointer,
        "before": change.before,
        "after": change.after,
        "source": change.source,
    }


def _totals(told: Sequence[Told]) -> Mapping[str, int]:
    breaking = sum(each.change.breaking for each in told)
    return {"breaking": breaking, "safe": len(told) - breaking}


def _values(change: Change) -> str:
    before, after = _short(change.before), _short(change.after)
    if change.before is None:
        return f": {after}" if change.after is not None else ""
    return f": {before}" if change.after is None else f": {before} -> {after}"


def _short(value: Json) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."


def _subjects(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {more} more" if more > 0 else shown
