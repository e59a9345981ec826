"""One exchange of the suite: why it was made, what came of it, and what is wrong with it."""

from dataclasses import dataclass, field

from understudy.contracts.expression import Spoken
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation, Reading
from understudy.contracts.refusal import refused
from understudy.contracts.trace.sighting import Sighting
from understudy.contracts.trace.trace import answer_of
from understudy.contracts.violation import Violation, Where
from understudy.mocks.verify.caller import Said


@dataclass(slots=True)
class Step:
    """An exchange and its purpose, such as "list" or "unknown id"; `found` may grow."""

    number: int
    purpose: str
    said: Said
    reading: Reading
    shown: tuple[Sighting, ...] = ()
    found: list[Violation] = field(default_factory=list)

    @property
    def operation(self) -> Operation:
        """What was called."""
        return self.reading.operation

    @property
    def status(self) -> int:
        """The status of the reply."""
        return self.said.response.status

    @property
    def spoken(self) -> Spoken:
        """The values that expressions of links may name."""
        reading = self.reading
        places = (reading.path, reading.query, reading.header, reading.body)
        return Spoken(*places, answer_of(self.said.response), self.said.response.headers)

    @property
    def answer(self) -> Json:
        """The JSON of the reply, None where it is none."""
        return answer_of(self.said.response)

    @property
    def refused(self) -> bool:
        """Whether the service said no: by the status, or by a code where the document says so."""
        return refused(self.operation, self.status, self.answer)

    def amiss(self, pointer: str, value: Json, expected: str, rule: str = "") -> None:
        """Note that the reply breaks a law of the suite."""
        where: Where = "response body" if pointer else "status"
        self.found.append(self.operation.violation(where, pointer, value, expected, rule))
