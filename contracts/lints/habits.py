"""All lints over one provider's traffic, and what it would have used."""

from collections.abc import Iterator, Mapping, Sequence

from understudy.contracts.exchange import Exchange
from understudy.contracts.json import Json
from understudy.contracts.lints.look import Lint, Look, Warned
from understudy.contracts.lints.making import Doubles, Early, Orphans
from understudy.contracts.lints.polling import Chorus, Haste, Waits
from understudy.contracts.lints.usage import Usage
from understudy.contracts.operation import Reading
from understudy.contracts.trace.sighting import Sighting
from understudy.contracts.trace.trace import account_of, answer_of

_SHORTEST_ID = 6


class Habits:
    """Sees exchanges in the order they happened; `end` after the last one."""

    def __init__(self) -> None:
        self.usage = Usage()
        self._lints: tuple[Lint, ...] = (Haste(), Waits(), Chorus(), Doubles(), Early(), Orphans())

    def see(
        self, place: str, reading: Reading, exchange: Exchange, shown: Sequence[Sighting]
    ) -> Iterator[Warned]:
        """What one exchange gives reason to say; `place` is where it stands."""
        look = Look(
            place,
            account_of(reading),
            reading.operation,
            exchange.request,
            exchange.response,
            exchange.at,
            frozenset(_names(reading)),
            tuple(shown),
        )
        self.usage.see(look, answer_of(exchange.response))
        for lint in self._lints:
            yield from lint.see(look)

    def end(self) -> Iterator[Warned]:
        """What only the whole gives reason to say."""
        for lint in self._lints:
            yield from lint.end()


def _names(reading: Reading) -> Iterator[str]:
    """Everything in a request that may be an id."""
    for values in (reading.path, reading.query):
        yield from _texts(values, 0)
    yield from _texts(reading.body, 0)


def _texts(value: Json, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= _SHORTEST_ID:
            yield value
    elif isinstance(value, Mapping) and depth < 4:
        for held in value.values():
            yield from _texts(held, depth + 1)
    elif isinstance(value, Sequence) and depth < 4:
        for held in value:
            yield from _texts(held, depth + 1)
