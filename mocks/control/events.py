"""The stream of what happens: what the feed holds, and then, on a port, what comes."""

from collections.abc import Iterator, Mapping

import orjson

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer, Chunk, Live, Stream
from understudy.mocks.call import Call
from understudy.mocks.control.scope import Scope, number, tenant_named
from understudy.mocks.feed import Feed, Happening, told
from understudy.mocks.lines import EVENTS
from understudy.mocks.provider import Behaviour
from understudy.mocks.refusal import Reason, Refusal

AT_ONCE = 100
"""How many streams of one fake may be open, and how many events are written in one piece."""


class Events:
    """Exchanges, violations, status changes and deliveries, in the order of their happening."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def behaviours(self) -> Mapping[str, Behaviour]:
        """By operation of the control document."""
        return {"stream-events": self.events}

    def events(self, call: Call) -> Answer:
        """A stream that goes on where the caller left off; in process it ends with the latest."""
        feed = self._scope.engine.tenants.feed
        named = tenant_named(call.request.headers)
        latest = call.reading.header.get("Last-Event-ID", call.query("after", 0))
        reader = Reader(feed, frozenset({named} if named else ()), int(number(latest)))
        if call.query("follow", True) is False or not call.wire:
            return Answer(200, None, EVENTS, raw=Stream(reader.chunks()))
        if len(feed.listeners) >= AT_ONCE:
            raise Refusal(Reason.CONFLICT, f"{AT_ONCE} streams of events are open, the limit.")
        return Answer(200, None, EVENTS, raw=Live(reader.chunks(), reader.read, feed))


class Reader:
    """Reads a feed from a place on, of some tenants or of all."""

    def __init__(self, feed: Feed, tenants: frozenset[str], after: int) -> None:
        self._feed = feed
        self._tenants = tenants
        # A number that was never told is of a server before this one: then all is new.
        self._after = after if after <= feed.latest else 0
        self._begun = False

    def read(self) -> bytes:
        """The next events as they stand in the stream; empty when there are none."""
        found, self._after, missed = self._feed.since(self._after, self._tenants, AT_ONCE)
        pieces = [_event(happening) for happening in found]
        if missed and self._begun:
            pieces.insert(0, b"event: missed\ndata: %s\n\n" % orjson.dumps({"count": missed}))
        self._begun = True
        return b"".join(pieces)

    def chunks(self) -> Iterator[Chunk]:
        """All there is now, in pieces."""
        while piece := self.read():
            yield Chunk(0.0, piece)


def _event(happening: Happening) -> bytes:
    content: Json = told(happening)
    head = f"id: {happening.sequence}\nevent: {happening.kind}\ndata: "
    return head.encode() + orjson.dumps(content, default=str) + b"\n\n"
