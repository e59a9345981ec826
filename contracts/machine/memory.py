"""What a machine knows of the things it made, and the laws that a server must keep about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from understudy.contracts.exchange import Response
from understudy.contracts.expression import Spoken, at
from understudy.contracts.json import Json
from understudy.contracts.machine.web import Part, Source
from understudy.contracts.operation import Reading
from understudy.contracts.strategies.folding import listed
from understudy.contracts.trace.trace import answer_of
from understudy.contracts.violation import Violation

MOST = 50
"""Ids that are remembered of one kind."""

Given = Mapping[tuple[str, str], Json]


@dataclass(slots=True)
class _Thing:
    """One thing that was made: what its making named, and whether it must still be there."""

    uses: frozenset[str]
    sure: bool = True


@dataclass(slots=True)
class Memory:
    """Ids by kind; things made and things deleted."""

    known: dict[str, list[str]] = field(default_factory=dict)
    made: dict[tuple[str, str], _Thing] = field(default_factory=dict)
    gone: set[tuple[str, str]] = field(default_factory=set)

    def see(
        self, part: Part, given: Given, reading: Reading, response: Response
    ) -> Iterator[Violation]:
        """The laws that an exchange breaks, given all before; it is remembered then."""
        answer = answer_of(response)
        good = 200 <= response.status < 300
        if part.reads is not None:
            asked = str(given.get((part.reads.where, part.reads.name)))
            others = {str(value) for value in given.values()} - {asked}
            yield from self._read(part, asked, others, response.status, answer)
        if not good:
            return
        spoken = Spoken(
            reading.path, reading.query, reading.header, reading.body, answer, response.headers
        )
        uses = frozenset(map(str, given.values()))
        for source in part.sources:
            for name in _ids(source, spoken):
                self._learn(part, source, name, uses)
        if part.deletes is not None and response.status in (200, 204):
            self._delete(part.deletes.kind, str(given.get((part.deletes.where, part.deletes.name))))
        elif part.operation.method in ("PUT", "POST"):
            for slot in part.slots:  # what is written to may come into being again
                self.gone.discard((slot.kind, str(given.get((slot.where, slot.name)))))

    def _read(
        self, part: Part, asked: str, others: set[str], status: int, answer: Json
    ) -> Iterator[Violation]:
        if part.reads is None:
            return
        key = (part.reads.kind, asked)
        operation = part.operation
        if 200 <= status < 300:
            if key in self.gone:
                yield operation.violation(
                    "lifecycle", "", asked, "a refusal, because this was deleted before"
                )
            shown = at(answer, part.own) if part.own else None
            if isinstance(shown, str | int) and str(shown) != asked:
                yield operation.violation(
                    "lifecycle", part.own, shown, f"the id that was asked for, {asked!r}"
                )
        thing = self.made.get(key)
        if status in (404, 410) and thing and thing.sure and others <= thing.uses:
            yield operation.violation(
                "lifecycle", "", asked, "to be found, because it was made and not deleted"
            )

    def _learn(self, part: Part, source: Source, name: str, uses: frozenset[str]) -> None:
        ids = self.known.setdefault(source.kind, [])
        if name not in ids:
            ids.append(name)
            del ids[:-MOST]
        if part.makes == source.kind and source.items is None:
            self.gone.discard((source.kind, name))
            self.made[source.kind, name] = _Thing(uses)

    def _delete(self, kind: str, name: str) -> None:
        self.made.pop((kind, name), None)
        self.gone.add((kind, name))
        lost = {name}
        while lost:
            waiting, lost = lost, set()
            for (_, other), thing in self.made.items():
                if thing.sure and thing.uses & waiting:
                    thing.sure = False
                    lost.add(other)


def _ids(source: Source, spoken: Spoken) -> Iterator[str]:
    """The ids that an exchange gives."""
    if source.items is None:
        found = [source.place.value(spoken)]
    else:
        listing = at(spoken.answer, source.items)
        found = [at(each, source.place.place) for each in listed(listing)]
    yield from (
        str(each)
        for each in found
        if (isinstance(each, str) and each) or (isinstance(each, int) and each is not True)
    )
