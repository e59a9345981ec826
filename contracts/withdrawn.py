"""What a version once had and its vendor has taken back: calls, and fields of calls."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from understudy.contracts.document import Document
from understudy.contracts.json import mapping, sequence
from understudy.contracts.operation import Reading
from understudy.contracts.violation import Violation


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One entry of a document's `x-withdrawn`.

    `operation` is a method and a path template; with a `field` only that field of its body or
    query has gone. `since` is the day (YYYY-MM-DD) and `instead` what to use now. `pointer` is
    the place in the document that says so.
    """

    operation: str
    field: str
    since: str
    instead: str
    pointer: str

    def __str__(self) -> str:
        """A clause: what was withdrawn, when, and what to use now."""
        what = f"{self.field} of {self.operation}" if self.field else self.operation
        return f"{self.instead}: {what} was withdrawn on {self.since}"

    @property
    def sentence(self) -> str:
        """What a caller is told, without a full stop."""
        return f"{self.operation} was withdrawn on {self.since}; use {self.instead}"

    def is_at(self, method: str, path: str) -> bool:
        """Whether a request with this method and path, relative to the base, meant it."""
        verb, _, template = self.operation.partition(" ")
        steps = (re.escape(step) for step in re.split(r"\{[^}]*\}", template))
        return verb == method.upper() and re.fullmatch("[^/]+".join(steps), path) is not None


def withdrawn(document: Document) -> tuple[Withdrawal, ...]:
    """What the document says has gone, in its order."""
    entries = (mapping(entry) for entry in sequence(document.root.get("x-withdrawn")))
    return tuple(
        Withdrawal(
            operation=str(entry.get("operation", "")),
            field=str(entry.get("field", "")),
            since=str(entry.get("since", "")),
            instead=str(entry.get("instead", "")),
            pointer=f"/x-withdrawn/{number}",
        )
        for number, entry in enumerate(entries)
    )


def withdrawn_call(document: Document, method: str, path: str) -> Withdrawal | None:
    """Why there is no such operation any more, where that is so."""
    entries = withdrawn(document)
    return next((one for one in entries if not one.field and one.is_at(method, path)), None)


def withdrawn_fields(entries: Iterable[Withdrawal], reading: Reading) -> tuple[Withdrawal, ...]:
    """Those of its operation's entries whose field stands in the body of a request."""
    body = mapping(reading.body)
    return tuple(one for one in entries if one.field in body)


def flagged(found: Iterable[Withdrawal], reading: Reading) -> Iterator[Violation]:
    """A violation for each field of a request that has gone.

    A service may go on without a word about them, so they are no reason to refuse a request.
    """
    operation, body = reading.operation, mapping(reading.body)
    for one in found:
        source = operation.document.source(one.pointer)
        yield Violation(
            operation.provider,
            operation.id,
            "body",
            f"/{one.field}",
            body[one.field],
            str(one),
            source,
        )
