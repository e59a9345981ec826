"""Exchanges held against the lifecycles, one after the other."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from understudy.contracts.bodies import Malformed, parse_json
from understudy.contracts.compiled import operations_of
from understudy.contracts.contract import Contract, relative_paths
from understudy.contracts.document import Document
from understudy.contracts.exchange import Exchange, Request, Response
from understudy.contracts.expression import Spoken
from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle, load_lifecycles
from understudy.contracts.media import kind_of
from understudy.contracts.operation import Operation, Reading, Route
from understudy.contracts.parameters import declarations
from understudy.contracts.redaction import alias
from understudy.contracts.refusal import refused
from understudy.contracts.trace.sight import Sight, sights_of
from understudy.contracts.trace.sighting import Sighting, links_of, sightings
from understudy.contracts.trace.track import Breach, Track
from understudy.contracts.violation import Violation

_MOST = 100_000


class Trace:
    """Follows every task of one provider through exchanges given in the order they happened.

    Tasks are told apart by account (an alias of the credential), lifecycle and id. At most
    100,000 are followed; the one seen longest ago is forgotten first, so that a recording of
    any length needs bounded memory.
    """

    def __init__(
        self, contract: Contract, lifecycles: Mapping[str, Lifecycle] | None = None
    ) -> None:
        self.contract = contract
        if lifecycles is None:
            lifecycles = load_lifecycles(contract.name.partition("/")[0])
        self.lifecycles = lifecycles
        self._sights: dict[str, tuple[Sight, ...]] = {
            name: found
            for name, operation in contract.operations.items()
            if (found := sights_of(operation, lifecycles))
        }
        self._tracks: OrderedDict[tuple[str, str, str], Track] = OrderedDict()
        self._deleted: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._restarts: Counter[str] = Counter()
        self._moves: list[tuple[str, str, str]] = []

    @property
    def tracks(self) -> Iterable[Track]:
        """Every task that is followed, the one seen longest ago first."""
        return self._tracks.values()

    def see(self, exchange: Exchange) -> list[Violation]:
        """The laws that an exchange breaks, given all before it. An exchange that shows no
        task, or that belongs to no operation, breaks none."""
        request = self._relative(exchange.request)
        route = self.contract.route(request.method, request.path)
        if not isinstance(route, Route) or not self._tells(route.operation):
            return []
        reading = self.contract.read(request)
        if not isinstance(reading, Reading):
            return []
        return self.heard(reading, exchange.response)

    def heard(self, reading: Reading, response: Response) -> list[Violation]:
        """The same for a request that was read already."""
        return self.judged(reading, response, self.shown(reading, response))

    def shown(self, reading: Reading, response: Response) -> tuple[Sighting, ...]:
        """The tasks that an exchange shows."""
        sights = self._sights.get(reading.operation.id)
        if sights is None:
            return ()
        answer = answer_of(response)
        if response.status < 400 and refused(reading.operation, response.status, answer):
            return ()
        spoken = Spoken(
            reading.path, reading.query, reading.header, reading.body, answer, response.headers
        )
        return tuple(seen for sight in sights for seen in sightings(sight, response.status, spoken))

    def judged(
        self, reading: Reading, response: Response, shown: Iterable[Sighting]
    ) -> list[Violation]:
        """The laws that the tasks shown break, given all before."""
        account = account_of(reading)
        if self._removes(reading.operation) and 200 <= response.status < 300:
            self._forget(account, reading)
        return [
            violation
            for seen in shown
            for violation in self.sight(reading.operation, account, seen)
        ]

    def sight(self, operation: Operation, account: str, seen: Sighting) -> Iterator[Violation]:
        """The laws that one look breaks; a webhook's is given to this directly."""
        key = (account, seen.lifecycle.name, seen.id)
        track = self._tracks.get(key)
        if track is None:
            track = self._tracks[key] = Track(seen.lifecycle, seen.id)
            track.restarts = self._restarts[account]
            if len(self._tracks) > _MOST:
                self._tracks.popitem(last=False)
        else:
            self._tracks.move_to_end(key)
        if seen.missing and any(
            (account, str(it)) in self._deleted for it in (seen.id, *track.links.values())
        ):
            track.gone = True
        before = track.status
        if seen.act == "restart" and seen.status in (None, seen.lifecycle.initial):
            self._restarts[account] += 1
        track.follow(self._restarts[account], seen.status)
        for breach in track.see(seen):
            yield _violation(operation.provider, operation.id, seen.lifecycle, breach)
        if before is not None and track.status is not None and track.status != before:
            self._moves.append((seen.lifecycle.name, before, track.status))

    def told(self, account: str, about: str, event: str, content: Json) -> list[Violation]:
        """The laws that a webhook about the task `about` breaks; one about nothing followed, or
        that says no status, breaks none. `event` is the lifecycle where the account has several
        tasks of that id."""
        tracks = [
            track
            for name in self.lifecycles
            if (track := self._tracks.get((account, name, about))) is not None
        ]
        named = [track for track in tracks if track.lifecycle.name == event]
        chosen = named or tracks
        if len(chosen) != 1 or not isinstance(content, Mapping):
            return []
        life = chosen[0].lifecycle
        status = content.get(life.status_field, content.get("status"))
        if status is None:
            return []
        seen = Sighting(life, "part", about, status=status, links=links_of(content, ""))
        provider = self.contract.name.partition("/")[0]
        return [
            _violation(provider, f"webhook {event}", life, breach) for breach in chosen[0].see(seen)
        ]

    def take_moves(self) -> list[tuple[str, str, str]]:
        """The moves seen since the last call: lifecycle, status before, status after."""
        taken, self._moves = self._moves, []
        return taken

    def _tells(self, operation: Operation) -> bool:
        return operation.id in self._sights or _deletes(operation)

    def _removes(self, operation: Operation) -> bool:
        """Whether what the path names is gone afterwards: not so where a task begins anew."""
        shown = self._sights.get(operation.id, ())
        return _deletes(operation) and all(sight.act != "restart" for sight in shown)

    def _forget(self, account: str, reading: Reading) -> None:
        """What belonged to something deleted is gone with it, without a word of its own: what
        named it, and what it named itself."""
        for value in map(str, reading.path.values()):
            self._deleted[account, value] = None
            for name in self.lifecycles:
                if (track := self._tracks.get((account, name, value))) is not None:
                    owned = ((account, str(link)) for link in track.links.values())
                    self._deleted.update(dict.fromkeys(owned))
        while len(self._deleted) > _MOST:
            self._deleted.popitem(last=False)

    def _relative(self, request: Request) -> Request:
        for path in relative_paths(self.contract.document, request.path):
            if isinstance(self.contract.route(request.method, path), Route):
                return replace(request, path=path)
        return request


def trace(
    contract: Contract,
    exchanges: Iterable[Exchange],
    lifecycles: Mapping[str, Lifecycle] | None = None,
) -> list[Violation]:
    """Every law that the exchanges break together, in the order in which it showed."""
    follows = Trace(contract, lifecycles)
    return [violation for exchange in exchanges for violation in follows.see(exchange)]


def _deletes(operation: Operation) -> bool:
    return operation.method == "DELETE"


def _violation(provider: str, name: str, lifecycle: Lifecycle, breach: Breach) -> Violation:
    return Violation(
        provider,
        name,
        "lifecycle",
        breach.pointer,
        breach.value,
        breach.expected,
        lifecycle.locate(breach.rule),
    )


def account_of(reading: Reading) -> str:
    """A name for whoever made a request, from which the credential cannot be read back.

    Headers that choose a namespace, in which ids mean something else, are part of it.
    """
    name = alias(next(iter(reading.credentials.values()), ""))
    if not reading.header:
        return name
    spaces = _namespaces(reading.operation.document)
    chosen = sorted((key, value) for key, value in reading.header.items() if key in spaces)
    return f"{name} {chosen}" if chosen else name


@lru_cache(maxsize=32)
def _namespaces(document: Document) -> frozenset[str]:
    """The headers that stand on reads and on other calls alike: one of creation alone, such as
    `Idempotency-Key`, says nothing of where a thing lies."""
    read, changed = set[str](), set[str]()
    for one in operations_of(document):
        declared = declarations(document, one.pointer.rpartition("/")[0], one.pointer)
        found = {each.name for each in declared if each.where == "header"}
        (read if one.method == "GET" else changed).update(found)
    return frozenset(read & changed)


def answer_of(response: Response) -> Json:
    """The JSON of a reply; None where it is none."""
    media = response.headers.get("content-type") or ""
    if not response.body or kind_of(media) != "json":
        return None
    try:
        return parse_json(response.body)
    except Malformed:
        return None
