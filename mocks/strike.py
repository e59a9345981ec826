"""What faults make of one exchange: the refusal in place of its answer, or the reply's trouble."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import islice

from understudy.mocks.answer import Answer, Chunk, Reply, Stream, Trouble
from understudy.mocks.breach import broken
from understudy.mocks.call import Call
from understudy.mocks.fault import UNKNOWN_STATUS, Fault
from understudy.mocks.faults import Rule
from understudy.mocks.mask import masked
from understudy.mocks.rates import told_in
from understudy.mocks.refusal import Reason, Refusal

REASONS: Mapping[int, Reason] = {
    401: Reason.WRONG_KEY,
    404: Reason.UNKNOWN,
    405: Reason.NO_METHOD,
    409: Reason.CONFLICT,
    413: Reason.TOO_LARGE,
    415: Reason.MEDIA_TYPE,
    429: Reason.FULL,
}
"""Which refusal an envelope is asked for; for any other status it is the rule that is broken."""

LIMIT = 60
"""Calls that a window of an injected 429 claims to allow, where no rate limit is set."""

JUNK = b'\xff\xfe{"understudy": garbled'

_REFUSING = frozenset({"status", "polls-down", "results-missing"})
_EDITING = frozenset({"breach", "unknown-status", "backwards", "garbled"})


@dataclass(frozen=True, slots=True)
class Strike:
    """What has been decided about an exchange before it is played.

    `rule` refuses the request or troubles the reply, each of `edits` may change the answer, and
    `latency` comes before either.
    """

    latency: float = 0.0
    rule: Rule | None = None
    edits: tuple[Rule, ...] = ()
    until: float | None = None
    labels: tuple[str, ...] = ()

    @classmethod
    def of(cls, call: Call) -> "Strike":
        """The strike of the tenant's faults; the first that refuses or troubles is the last."""
        latency = 0.0
        labels: list[str] = []
        edits: list[Rule] = []
        for rule, until in call.tenant.faults.exchanged(call):
            fault = rule.fault
            if fault.kind in _EDITING:
                edits.append(rule)
                continue
            rule.strike(call.now)
            labels.append(fault.label)
            if fault.kind != "latency":
                _waited(call, rule)
                return cls(latency, rule, tuple(edits), until, tuple(labels))
            latency += fault.delay or 0.0
        return cls(latency, None, tuple(edits), None, tuple(labels))

    @property
    def kind(self) -> str:
        """The kind of the fault that decides; empty where none does."""
        return self.rule.fault.kind if self.rule else ""

    @property
    def refuses(self) -> bool:
        """Whether the request is refused."""
        return self.kind in _REFUSING

    @property
    def played(self) -> bool:
        """Whether the request is carried out, whatever becomes of the reply."""
        return self.kind not in ("status", "results-missing", "refused")

    def refusal(self, call: Call) -> Answer:
        """The refusal in the provider's envelope, with the status that the fault names."""
        if self.rule is None:
            raise RuntimeError("this strike refuses nothing")
        fault = self.rule.fault
        status = fault.status or (503 if fault.kind == "polls-down" else 404)
        message = fault.message or f"{_phrase(status)}: {fault.label} of this test says so"
        code = fault.code or None
        if code is None and status not in REASONS and status > 400:
            code = _phrase(status).lower().replace(" ", "_")
        refusal = Refusal(
            REASONS.get(status, Reason.RULE),
            message,
            status=status,
            code=code,
            headers=self._times(call, fault, status),
        )
        return replace(call.provider.envelope.answer(refusal, call.operation), status=status)

    def edited(self, call: Call, answer: Answer) -> tuple[Answer, tuple[str, ...]]:
        """The answer as the faults want it, and a label for each change or for why there is none.

        A status that is not there to be masked is no reason to speak.
        """
        labels: list[str] = []
        for rule in self.edits:
            fault = rule.fault
            made = _edited(call, answer, fault)
            if made is not None:
                rule.strike(call.now)
                answer = made[0]
                labels.append(f"{fault.label} {made[1]}".strip())
            elif fault.kind == "breach":
                labels.append(f"{fault.label}: there is nothing of the kind in this reply")
        return answer, tuple(labels)

    def troubled(self, reply: Reply) -> Reply:
        """The reply with its latency and what its adapter has to do."""
        made = replace(reply, latency=self.latency, faults=(*reply.faults, *self.labels))
        if self.rule is None or self.refuses:
            return made
        return _troubled(made, self.rule.fault)

    def _times(self, call: Call, fault: Fault, status: int) -> tuple[tuple[str, str], ...]:
        """When to try again: the end of the fault's window on the tenant's clock."""
        if self.until is None and fault.retry_after is None and status != 429:
            return ()
        until = self.until
        if until is None:
            until = call.now + (fault.retry_after or 1.0)
        left = max(1, math.ceil(until - call.now))
        lines: list[tuple[str, str]] = []
        if status == 429:
            names = told_in(call.operation) or _USUAL
            limit = str(LIMIT)
            known = {
                "limit": limit, "used": limit, "remaining": "0", "reset": str(math.ceil(until)),
            }  # fmt: skip
            lines += [(name, known[meaning]) for meaning, name in names.items()]
        return (*lines, ("Retry-After", str(left)))


_USUAL: Mapping[str, str] = {
    "limit": "X-Ratelimit-Limit",
    "remaining": "X-Ratelimit-Remaining",
    "reset": "X-Ratelimit-Reset",
}
"""Headers of a 429 where the document declares none that tell of a window."""


def _waited(call: Call, rule: Rule) -> None:
    """On the wire nobody's sleep moves an `auto` clock: being told counts as having waited."""
    if rule.fault.lasting is not None and call.wire and call.tenant.clock.mode == "auto":
        rule.over = True


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _edited(call: Call, answer: Answer, fault: Fault) -> tuple[Answer, str] | None:
    if fault.kind == "garbled":
        return _garbled(answer, fault)
    if fault.kind == "breach":
        draw = call.tenant.faults.draw(fault.id, call.operation.id, call.request.path)
        return broken(call, answer, fault, draw)
    backwards = fault.kind == "backwards"
    word = fault.shown if backwards else fault.shown or UNKNOWN_STATUS
    return masked(call, answer, fault, word)


def _garbled(answer: Answer, fault: Fault) -> tuple[Answer, str] | None:
    if answer.media_type is None:
        return None
    junk = JUNK if fault.body is None else fault.body.encode("utf-8", "replace")
    if not isinstance(answer.raw, Stream):
        return replace(answer, raw=junk), ""
    return replace(answer, raw=Stream(_ending_in(answer.raw, junk))), ""


def _ending_in(stream: Stream, junk: bytes) -> Iterator[Chunk]:
    yield from islice(stream.chunks, 1)
    yield Chunk(0.0, junk)


def _troubled(reply: Reply, fault: Fault) -> Reply:
    kind = fault.kind
    if kind == "refused" or kind == "reset" or not reply.body:
        trouble = Trouble("refused" if kind == "refused" else "reset")
        return replace(reply, status=0, headers=(), body=b"", trouble=trouble)
    if isinstance(reply.body, Stream):
        pieces = Stream(islice(reply.body.chunks, 1 if fault.after is None else fault.after))
        broken_chunk = kind == "broken-chunk"
        return replace(
            reply, body=pieces, trouble=Trouble("broken-chunk" if broken_chunk else "cut")
        )
    length = len(reply.body)
    after = length // 2 if fault.after is None else min(fault.after, length - 1)
    body = reply.body[:after]
    if kind == "broken-chunk":
        return replace(reply, body=body, trouble=Trouble("broken-chunk"))
    return replace(reply, body=body, trouble=Trouble("truncated", length))
