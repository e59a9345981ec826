"""What a tenant did: its latest exchanges with their violations, without credentials."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from understudy.contracts.exchange import Headers, Request
from understudy.contracts.json import Json
from understudy.contracts.redaction import redact_headers, redact_query, redact_violation
from understudy.contracts.violation import Violation
from understudy.mocks.feed import Feed, exchange, violation


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange. `at` is the tenant's time; `operation` is empty where none was reached.

    `sequence` counts from 1 and goes on when entries are dropped. Bodies are not kept. `status`
    is 0 where no reply was sent. `faults` are the labels of the faults that acted; what they
    broke was meant to be, and is not among the violations.
    """

    sequence: int
    at: float
    tenant: str
    provider: str
    operation: str
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    status: int
    violations: tuple[Violation, ...]
    faults: tuple[str, ...] = ()


_Raw = tuple[
    int, float, str, str, str, str, str, Headers, int, tuple[Violation, ...], tuple[str, ...]
]
"""What is written down of an exchange: an `Entry` without its tenant, credentials and all."""


class Journal:
    """The latest `bound` exchanges of a tenant, oldest first; `dropped` counts those before."""

    __slots__ = ("_entries", "_feed", "_recorded", "tenant")

    def __init__(self, tenant: str, bound: int, feed: Feed | None = None) -> None:
        self.tenant = tenant
        self._feed = feed
        self._entries: deque[_Raw] = deque(maxlen=bound)
        self._recorded = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter([self._shown(raw) for raw in tuple(self._entries)])

    @property
    def dropped(self) -> int:
        """How many exchanges were recorded but are no longer here."""
        return self._recorded - len(self._entries)

    def record(
        self,
        *,
        at: float,
        provider: str,
        operation: str,
        request: Request,
        status: int,
        violations: tuple[Violation, ...] = (),
        faults: tuple[str, ...] = (),
    ) -> None:
        """Write down an exchange; pushes out the oldest beyond the bound.

        Credentials are hidden when an entry is read: most entries never are.
        """
        self._recorded += 1
        raw = (
            self._recorded,
            at,
            provider,
            operation,
            request.method,
            request.path,
            request.query,
            request.headers,
            status,
            violations,
            faults,
        )
        self._entries.append(raw)
        if self._feed is not None:
            self._feed.note("exchange", at, self.tenant, lambda: exchange(self._shown(raw)))
            for place in range(len(violations)):
                told = partial(self._violation, raw, place)
                self._feed.note("violation", at, self.tenant, told)

    def find(
        self,
        *,
        provider: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        violated: bool | None = None,
    ) -> tuple[Entry, ...]:
        """The entries that fit everything asked for, oldest first."""
        return tuple(
            entry
            for entry in self
            if (provider is None or entry.provider == provider)
            and (operation is None or entry.operation == operation)
            and (status is None or entry.status == status)
            and (violated is None or bool(entry.violations) == violated)
        )

    def _shown(self, raw: "_Raw") -> Entry:
        sequence, at, provider, operation, method, path, query, headers = raw[:8]
        status, violations, faults = raw[8:]
        return Entry(
            sequence=sequence,
            at=at,
            tenant=self.tenant,
            provider=provider,
            operation=operation,
            method=method,
            path=path,
            query=redact_query(query),
            headers=redact_headers(headers),
            status=status,
            violations=tuple(map(redact_violation, violations)),
            faults=faults,
        )

    def _violation(self, raw: "_Raw", place: int) -> dict[str, Json]:
        return violation(self._shown(raw), place)

    def resume(self, recorded: int, entries: Iterable[Entry]) -> None:
        """Take in what a snapshot kept: the latest of `recorded` exchanges."""
        self._recorded = recorded
        for entry in entries:
            raw = (entry.sequence, entry.at, entry.provider, entry.operation, entry.method)
            sent = (entry.path, entry.query, Headers(entry.headers))
            self._entries.append((*raw, *sent, entry.status, entry.violations, entry.faults))

    def clear(self) -> None:
        """Forget every exchange; those were asked to be forgotten, so none counts as dropped."""
        self._entries.clear()
        self._recorded = 0
