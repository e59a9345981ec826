"""What a run would have used at the vendor: requests, refusals, minutes of media."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from understudy.contracts.json import Json
from understudy.contracts.lints.look import Look

_SECONDS = ("duration", "audio_duration", "system_metadata", "metadata")


@dataclass(slots=True)
class Usage:
    """Counts for one provider; `minutes` are those of media whose length a reply has told."""

    requests: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    limited: int = 0
    made: int = 0
    _lengths: dict[str, float] = field(default_factory=dict)

    @property
    def minutes(self) -> float:
        """Minutes of the media that tasks were made for, each medium once."""
        return sum(self._lengths.values()) / 60

    def see(self, look: Look, answer: Json) -> None:
        """One exchange, and the JSON of its reply."""
        self.requests[look.operation.id] += 1
        self.refused += look.response.status >= 400
        self.limited += look.response.status == 429
        for seen in look.seen:
            self.made += seen.act == "create" and not seen.missing
        for seen in look.seen:
            seconds = next(_seconds(answer, 0), None)
            if seen.act in ("read", "create") and seconds is not None:
                self._lengths[seen.id] = seconds

    def sentence(self) -> str:
        """All of it in a sentence."""
        total = sum(self.requests.values())
        told = [
            f"{total} request{'' if total == 1 else 's'}",
            f"{self.made} task{'' if self.made == 1 else 's'}",
            f"{self.minutes:.1f} minutes of media",
        ]
        if self.refused:
            told.append(f"{self.refused} refused ({self.limited} for their rate)")
        return ", ".join(told)


def _seconds(value: Json, depth: int) -> Iterator[float]:
    """Lengths of media in a reply, by the names that the vendors give them."""
    if not isinstance(value, Mapping) or depth > 2:
        return
    for name in _SECONDS:
        held = value.get(name)
        if isinstance(held, Mapping):
            yield from _seconds(held, depth + 1)
        elif _is_number(held):
            yield float(str(held))
    if isinstance(value.get("data"), Mapping):
        yield from _seconds(value["data"], depth + 1)


def _is_number(value: Json) -> bool:
    """Whether it is a number from 0 on, which some vendors write as a text."""
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0
