"""A task shown in another status than it is in: the reply says so, the task goes its way."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.mocks.answer import Answer, Stream
from understudy.mocks.call import Call
from understudy.mocks.fault import Fault


def masked(call: Call, answer: Answer, fault: Fault, word: str) -> tuple[Answer, str] | None:
    """The answer with `word` in place of the statuses that the fault means; None without any.

    An empty `word` stands for the initial status of the task's lifecycle. Only statuses of
    tasks still on their way are masked, unless the fault says `at` which.
    """
    if not isinstance(answer.content, Mapping | list) or isinstance(answer.raw, bytes | Stream):
        return None
    for lifecycle in _lifecycles(call):
        mask = _Mask(lifecycle, fault, word, named=_named(call, fault))
        content = mask.over(answer.content, inside=not fault.task)
        if mask.places:
            return replace(answer, content=content), f"at {', '.join(mask.places[:3])}"
    return None


def _lifecycles(call: Call) -> Iterator[Lifecycle]:
    """The lifecycles that this operation polls; all of the provider's where it is no poll."""
    known = tuple(call.provider.lifecycles.values())
    polled = [each for each in known if call.operation.id in each.polls]
    yield from polled or known


def _named(call: Call, fault: Fault) -> bool:
    """Whether the request itself names the task: its reply need not repeat the id then."""
    said = (*call.reading.path.values(), *call.reading.query.values(), *call.body.values())
    return bool(fault.task) and fault.task in said


class _Mask:
    """One walk over a reply's content."""

    def __init__(self, lifecycle: Lifecycle, fault: Fault, word: str, *, named: bool) -> None:
        self._word = word or lifecycle.initial
        self._field = lifecycle.status_field.rpartition(".")[2]
        self._task = fault.task
        self._named = named
        if fault.at:
            self._meant = {fault.at}
        else:
            self._meant = {stage.status for stage in lifecycle.stages}
        self._meant.discard(self._word)
        self.places: list[str] = []

    def over(self, value: Json, *, inside: bool, place: str = "") -> Json:
        """The value with what is meant replaced; `inside` once the task's object is reached."""
        if isinstance(value, Mapping):
            inside = inside or self._named or self._task in value.values()
            field = self._field_of(value) if inside else ""
            return {
                name: self._struck(f"{place}/{name}")
                if name == field
                else self.over(inner, inside=inside, place=f"{place}/{name}")
                for name, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [
                self.over(inner, inside=inside, place=f"{place}/{number}")
                for number, inner in enumerate(value)
            ]
        return value

    def _field_of(self, value: Mapping[str, Json]) -> str:
        """The lifecycle's own field, else the first field that holds such a status."""
        for name in (self._field, *value):
            said = value.get(name)
            if isinstance(said, str) and said in self._meant:
                return name
        return ""

    def _struck(self, place: str) -> str:
        self.places.append(place)
        return self._word
