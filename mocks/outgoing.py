"""An answer on its way out: held against the contract, written, and given its headers."""

import json
import logging
from collections.abc import Hashable

import orjson

from understudy.contracts.errors import ContractViolated
from understudy.contracts.exchange import Headers
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.violation import Violation
from understudy.mocks.answer import Answer, Reply, Stream
from understudy.mocks.call import Call
from understudy.mocks.prepared import Recent
from understudy.mocks.provider import Edition
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.refusals import plain

VIOLATION_HEADER = "x-understudy-violation"
_LONGEST = 4_096
"""Bytes of a reply that is remembered as right; 512 such are kept."""

log = logging.getLogger("understudy")


class Outgoing:
    """Makes replies of answers.

    With `strict`, one that is off contract raises `ContractViolated` for a caller in process and
    is a 500 on the wire; otherwise it is logged and marked in a header. A body that was found
    right for its operation and status is right when it comes again: polls are checked once.
    """

    __slots__ = ("_right", "strict")

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self._right: Recent[bool] = Recent()

    def checked(self, call: Call, answer: Answer, violations: tuple[Violation, ...]) -> Reply:
        """The answer on the wire, after it was held against the contract itself."""
        body = written(answer)
        breaches = self._breaches(call, answer, body)
        if not breaches:
            return self._reply(call, answer, body, violations)
        if self.strict and not call.wire:
            raise ContractViolated(breaches)
        log.error("reply off contract: %s", "; ".join(map(str, breaches)))
        if self.strict:
            shown = Refusal(Reason.INVALID, f"reply off contract: {breaches[0]}")
            return plain(shown, 500, breaches, call)
        marked = (*answer.headers, (VIOLATION_HEADER, _header_safe(str(breaches[0]))))
        answer = Answer(answer.status, answer.content, answer.media_type, marked, answer.raw)
        return self._reply(call, answer, body, (*violations, *breaches))

    def sent(self, call: Call, answer: Answer, violations: tuple[Violation, ...]) -> Reply:
        """The answer on the wire, whatever the contract says."""
        return self._reply(call, answer, written(answer), violations)

    def _reply(
        self, call: Call, answer: Answer, body: bytes | Stream, found: tuple[Violation, ...]
    ) -> Reply:
        headers = headers_of(call.edition, answer)
        return Reply(answer.status, headers, body, found, call.tenant.name, call.operation.id)

    def _breaches(self, call: Call, answer: Answer, body: bytes | Stream) -> tuple[Violation, ...]:
        """What speaks against an answer; a body is looked at once, as long as it is remembered."""
        known: Hashable = None
        if isinstance(body, bytes) and not answer.headers and len(body) <= _LONGEST:
            known = (call.operation, answer.status, answer.media_type, answer.raw is None, body)
            if self._right.find(known):
                return ()
        if call.provider.lenient and _undeclared(call, answer):
            return ()
        content: Json | bytes = answer.content
        if answer.raw is not None:
            content = answer.raw if isinstance(answer.raw, bytes) else []
        headers = call.edition.headers
        if answer.headers:
            headers = Headers((*answer.headers, *headers))
        breaches = call.edition.contract.check_answer(
            call.operation, answer.status, answer.media_type or "", content, headers
        )
        if known is not None and not breaches:
            self._right.keep(known, True)
        return breaches


def unasked(edition: Edition, answer: Answer, operation: Operation | None) -> Reply:
    """A reply to a request that reached no tenant."""
    name = operation.id if operation else ""
    return Reply(answer.status, headers_of(edition, answer), written(answer), operation=name)


def headers_of(edition: Edition, answer: Answer) -> tuple[tuple[str, str], ...]:
    """The header lines of an answer and those of all replies."""
    lines = edition.lines(answer.media_type)
    return (*answer.headers, *lines) if answer.headers else lines


def written(answer: Answer) -> bytes | Stream:
    """The body: JSON text, of whole numbers beyond 64 bits too (a caller may be told his own)."""
    if answer.raw is not None:
        return answer.raw
    if answer.media_type is None:
        return b""
    try:
        return orjson.dumps(answer.content)
    except orjson.JSONEncodeError:
        text = json.dumps(answer.content, ensure_ascii=False, separators=(",", ":"))
        return text.encode()


def _undeclared(call: Call, answer: Answer) -> bool:
    """Whether this is a refusal with a status that the document forgot."""
    return answer.status >= 400 and call.operation.declared_status(answer.status) is None


def _header_safe(text: str) -> str:
    """`text` cut and stripped to what an HTTP header line may carry."""
    return "".join(c if 32 <= ord(c) < 127 else "?" for c in text)[:400]
