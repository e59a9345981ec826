"""The refusals that the engine itself makes, in sentences: no route, no key, a broken contract."""

from collections.abc import Iterable

import orjson

from understudy.contracts.exchange import Request
from understudy.contracts.operation import NoMethod, NoRoute
from understudy.contracts.violation import Violation
from understudy.contracts.withdrawn import withdrawn_call
from understudy.mocks.answer import Reply
from understudy.mocks.call import Call
from understudy.mocks.prepared import Target
from understudy.mocks.provider import Provider
from understudy.mocks.refusal import Reason, Refusal


def lost(request: Request, providers: Iterable[Provider]) -> Refusal:
    """Of a path at which nothing is served."""
    served = ", ".join(f"{each.mount}{base}" for each in providers for base in each.bases)
    message = f"nothing is served at {_cut(request.path)!r}; served here: {served}"
    return Refusal(Reason.NO_ROUTE, message)


def unrouted(target: Target, request: Request, miss: NoRoute | NoMethod) -> Refusal:
    """Of a call that no document has, or has no more."""
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(miss, NoMethod):
        allowed = ", ".join(miss.allowed)
        message = f"{_cut(request.method)} is not allowed on {miss.template}; allowed: {allowed}"
        reason, headers = Reason.NO_METHOD, (("allow", allowed),)
    else:
        message = f"no operation at {_cut(request.method)} {_cut(request.path)}"
        message += _advice(target, miss)
        reason = Reason.NO_ROUTE
    gone = withdrawn_call(target.edition.contract.document, request.method, target.path)
    return Refusal(reason, message if gone is None else gone.sentence, headers=headers)


def keyless(missing: tuple[Violation, ...]) -> Refusal:
    """Of a call without the credential that it needs."""
    message = f"no API key came; send {missing[0].expected}"
    return Refusal(Reason.NO_KEY, message, violations=missing)


def invalid(violations: tuple[Violation, ...]) -> Refusal:
    """Of a request that breaks its contract."""
    kinds = {violation.where for violation in violations}
    reason = Reason.MEDIA_TYPE if "content type" in kinds else Reason.INVALID
    message = "; ".join(_sentence(violation) for violation in violations[:3])
    return Refusal(reason, message, violations=violations)


def plain(
    refusal: Refusal,
    status: int,
    violations: tuple[Violation, ...] = (),
    call: Call | None = None,
) -> Reply:
    """A refusal where no provider's envelope applies."""
    body = orjson.dumps({"error": {"code": refusal.reason.value, "message": refusal.message}})
    tenant, operation = (call.tenant.name, call.operation.id) if call else ("", "")
    headers = (("content-type", "application/json"), *refusal.headers)
    return Reply(status, headers, body, violations, tenant, operation)


def _advice(target: Target, miss: NoRoute) -> str:
    """The end of a sentence: the versions that are served, or the nearest operations, as paths."""
    if target.bases:
        return f"; {target.provider.name} is served at {', '.join(target.bases)}"
    return f"; nearest: {target.nearest(miss.nearest)}" if miss.nearest else ""


def _sentence(violation: Violation) -> str:
    """What a caller is told: the parameter by name, what came, and what would have been right."""
    name = violation.pointer.lstrip("/").replace("/", ".")
    place = f"{violation.where} {name!r}" if name else violation.where
    if violation.expected.startswith("property '"):
        return f"{place} lacks the required {violation.expected}"
    if violation.expected.startswith("the required "):
        return f"{violation.expected} is missing"
    shown = repr(violation.value)
    shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
    return f"{place} is {shown}, expected {violation.expected}"


def _cut(text: str) -> str:
    """`text` as far as a message repeats it."""
    return text if len(text) <= 200 else f"{text[:197]}..."
