"""The fake without any I/O: a request in, a reply out, time and chance given from outside."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import orjson

from understudy.contracts.errors import ContractViolated
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.json import Json
from understudy.contracts.operation import NoMethod, NoRoute, Operation, Reading
from understudy.contracts.redaction import alias
from understudy.contracts.violation import Violation
from understudy.contracts.withdrawn import withdrawn_call
from understudy.mocks.answer import Answer, Reply, Stream, nothing
from understudy.mocks.call import Call
from understudy.mocks.clock import Clock
from understudy.mocks.delivery import Dispatch
from understudy.mocks.envelope import STATUS
from understudy.mocks.kind import mapping
from understudy.mocks.limits import Limits
from understudy.mocks.links import MOUNT, Links
from understudy.mocks.prepared import Prepared, Recent, Target
from understudy.mocks.provider import Edition, Provider
from understudy.mocks.rate import Rate
from understudy.mocks.rates import Rates
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.strike import Strike
from understudy.mocks.tenant import Tenant, Tenants

REFUSED_KEYS = frozenset({"invalid-key", "not-a-real-key"})
TENANT_HEADER = "x-understudy-tenant"
VIOLATION_HEADER = "x-understudy-violation"
ANYONE = "anonymous"

log = logging.getLogger("understudy")


class Engine:
    """Plays providers for any number of tenants.

    `clock` makes one clock for each new tenant. `keys`, when not empty, are the only API keys
    accepted. With `strict`, a reply of ours that is off contract raises `ContractViolated` for
    a caller in process and is a 500 on the wire; otherwise it is logged and marked in a header.
    `rate`, when given, limits the operations whose documents speak of rate limits. `dispatch`
    says how webhooks are sent.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        clock: Callable[[], Clock],
        seed: int = 0,
        limits: Limits | None = None,
        keys: frozenset[str] = frozenset(),
        strict: bool = False,
        rate: Rate | None = None,
        dispatch: Dispatch | None = None,
    ) -> None:
        self.providers = {provider.name: provider for provider in providers}
        self.limits = limits or Limits()
        self.seed = seed
        self.keys = keys
        self.strict = strict
        self.witness: Callable[[Call, Reply], None] | None = None
        self.tenants = Tenants(
            limits=self.limits, clock=clock, seed=seed, report=log.warning, dispatch=dispatch
        )
        self.links = Links(seed, self.limits.links)
        self._nobody = Tenant("", clock=clock, seed=seed, limits=self.limits)
        self._rates = Rates(rate, providers) if rate else None
        self._targets: Recent[Target | None] = Recent()
        self._hosts = {host: provider for provider in providers for host in provider.hosts}

    def reseed(self, seed: int) -> None:
        """Begin anew with another seed: every tenant is forgotten."""
        self.seed = seed
        self.tenants.reseed(seed)
        self.links = Links(seed, self.limits.links)

    def handle(
        self, request: Request, *, base_url: str = "http://127.0.0.1", wire: bool = True
    ) -> Reply:
        """The reply to one request. `request.path` is whole; `wire` is False in process.

        A fault of ours raises in process, where a test shall see it; on the wire it is logged
        and answered with a 500 that says so.
        """
        return self.play(self.prepare(request, base_url), wire=wire)

    def prepare(self, request: Request, base_url: str) -> Prepared:
        """All that follows from the request's bytes alone; an adapter may keep it for the next."""
        target = None if request.path.startswith(f"{MOUNT}/") else self._target(request)
        if target is None:
            return Prepared(request, request, None, None, "", "", base_url)
        local = Request(request.method, target.path, request.query, request.headers, request.body)
        reading = target.edition.contract.read(local)
        if isinstance(reading, Reading):
            target, reading = _older(target, local, reading)
        key = tenant = ""
        if isinstance(reading, Reading) and not target.provider.private:
            key = target.edition.key(reading.credentials)
            if not self._refused(key):
                tenant = request.headers.get(TENANT_HEADER) or (alias(key) if key else ANYONE)
        return Prepared(request, local, target, reading, key, tenant, base_url)

    def play(self, prepared: Prepared, *, wire: bool) -> Reply:
        """The reply to a prepared request; see `handle`."""
        if not wire:
            return self._played(prepared, wire)
        try:
            return self._played(prepared, wire)
        except Exception:
            request = prepared.request
            log.exception("a fault of ours at %s %s", request.method, request.path)
            message = "the fake failed at this request; its log says where. Please report it"
            return _plain(Refusal(Reason.RULE, message), 500)

    def _played(self, prepared: Prepared, wire: bool) -> Reply:
        target, reading = prepared.target, prepared.reading
        if target is None or reading is None:
            if prepared.request.path.startswith(f"{MOUNT}/"):
                return self._file(prepared.request)
            return self._lost(prepared.request)
        if not isinstance(reading, Reading):
            return self._unrouted(target, prepared.request, reading)
        tenant = self.tenants.get(prepared.tenant) if prepared.tenant else self._nobody
        with tenant.lock:
            if tenant.agenda:
                tenant.settle()
            call = Call(
                prepared.local,
                reading,
                tenant,
                target.provider,
                target.edition,
                prepared.root + target.prefix,
                prepared.root,
                self.links,
                wire,
                self.seed,
                self.tenants,
            )
            if tenant.faults.rules:
                reply = self._struck(call, prepared.key)
            else:
                answer, violations = self._answer(call, prepared.key)
                reply = self._reply(call, answer, violations)
            if not target.provider.private:
                tenant.journal.record(
                    at=tenant.clock.now(),
                    provider=target.provider.name,
                    operation=reading.operation.id,
                    request=prepared.request,
                    status=reply.status,
                    violations=reply.violations,
                    faults=reply.faults,
                )
                if self.witness is not None:
                    self.witness(call, reply)
        if not wire and self.tenants.outlet.prompt:
            (self.tenants if target.provider.private else tenant).hand_over()
        return reply

    def _struck(self, call: Call, key: str) -> Reply:
        """The reply where the tenant has faults: what they break is no violation of ours."""
        strike = Strike.of(call)
        reply = self._sent(call, nothing(0), call.reading.violations)
        if strike.played:
            call.tenant.faults.playing = call
            try:
                answer, violations = self._answer(call, key)
            finally:
                call.tenant.faults.playing = None
            reply = self._reply(call, answer, violations)
            if strike.edits and reply.status == answer.status:
                answer, labels = strike.edited(call, answer)
                reply = replace(self._sent(call, answer, reply.violations), faults=labels)
        if strike.refuses:
            reply = self._sent(call, strike.refusal(call), reply.violations)
        return strike.troubled(reply)

    def _sent(self, call: Call, answer: Answer, violations: tuple[Violation, ...]) -> Reply:
        return self._outgoing(call.edition, answer, violations, call.tenant.name, call.operation)

    def refuse(self, request: Request, reason: Reason, message: str) -> Reply:
        """A refusal made before the request was whole (too large, cut short), in the envelope."""
        target = None if request.path.startswith(f"{MOUNT}/") else self._target(request)
        refusal = Refusal(reason, message)
        if target is None:
            return _plain(refusal, 413 if reason is Reason.TOO_LARGE else 400)
        route = target.edition.contract.route(request.method, target.path)
        operation = None if isinstance(route, (NoRoute, NoMethod)) else route.operation
        answer = target.provider.envelope.answer(refusal, operation)
        return self._outgoing(target.edition, answer, (), "", operation)

    def _file(self, request: Request) -> Reply:
        """A file that a reply linked to; no key, no tenant, no journal."""
        try:
            answer = self.links.fetch(request, self.tenants)
        except Refusal as refusal:
            return _plain(refusal, refusal.status or STATUS[refusal.reason])
        body = answer.raw if isinstance(answer.raw, bytes) else b""
        headers = answer.headers
        if answer.media_type is not None:
            headers = (("content-type", answer.media_type), *headers)
        return Reply(answer.status, headers, body)

    def _target(self, request: Request) -> Target | None:
        aim = (request.method, request.path, request.headers.get("host"))
        return self._targets.get(aim, self._aimed, request)

    def _aimed(self, request: Request) -> Target | None:
        """By path first, then by the vendor's own host name; the first edition that routes."""
        name, _, rest = request.path.lstrip("/").partition("/")
        provider = self.providers.get(name)
        if provider is not None:
            return _edition(provider, request.method, f"/{rest}", provider.mount)
        host = (request.headers.get("host") or "").partition(":")[0].lower()
        provider = self._hosts.get(host)
        return _edition(provider, request.method, request.path, "") if provider else None

    def _lost(self, request: Request) -> Reply:
        served = ", ".join(
            f"{provider.mount}{base}"
            for provider in self.providers.values()
            for base in provider.bases
        )
        message = f"nothing is served at {_cut(request.path)!r}; served here: {served}"
        return _plain(Refusal(Reason.NO_ROUTE, message), 404)

    def _unrouted(self, target: Target, request: Request, miss: NoRoute | NoMethod) -> Reply:
        document = target.edition.contract.document
        gone = withdrawn_call(document, request.method, target.path)
        headers: tuple[tuple[str, str], ...] = ()
        if isinstance(miss, NoMethod):
            allowed = ", ".join(miss.allowed)
            message = (
                f"{_cut(request.method)} is not allowed on {miss.template}; allowed: {allowed}"
            )
            reason, headers = Reason.NO_METHOD, (("allow", allowed),)
        else:
            message = f"no operation at {_cut(request.method)} {_cut(request.path)}"
            message += _advice(target, miss)
            reason = Reason.NO_ROUTE
        if gone is not None:
            message = gone.sentence
        refusal = Refusal(reason, message, headers=headers)
        answer = target.provider.envelope.answer(refusal, None)
        return self._outgoing(target.edition, answer, (), "", None)

    def _answer(self, call: Call, key: str) -> tuple[Answer, tuple[Violation, ...]]:
        """The behaviour's answer, or the envelope of whatever speaks against the request."""
        violations = call.reading.violations
        operation = call.operation
        try:
            self._admit(call.reading, key)
            told = self._rates.charge(call) if self._rates else ()
            if violations:
                raise _invalid(violations)
            answer = call.edition.behaviours[operation.id](call)
            return (replace(answer, headers=(*answer.headers, *told)) if told else answer), ()
        except Refusal as refusal:
            return call.provider.envelope.answer(refusal, operation), violations

    def _admit(self, reading: Reading, key: str) -> None:
        missing = reading.violations and tuple(
            violation for violation in reading.violations if violation.where == "security"
        )
        if missing:
            message = f"no API key came; send {missing[0].expected}"
            raise Refusal(Reason.NO_KEY, message, violations=missing)
        if self._refused(key):
            raise Refusal(Reason.WRONG_KEY, "the API key is invalid or has expired")

    def _refused(self, key: str) -> bool:
        return key in REFUSED_KEYS or bool(key and self.keys and key not in self.keys)

    def _reply(self, call: Call, answer: Answer, violations: tuple[Violation, ...]) -> Reply:
        """The answer on the wire, after it was held against the contract itself."""
        breaches = self._breaches(call, answer)
        if breaches and self.strict and not call.wire:
            raise ContractViolated(breaches)
        if breaches:
            log.error("reply off contract: %s", "; ".join(map(str, breaches)))
            if self.strict:
                shown = Refusal(Reason.INVALID, f"reply off contract: {breaches[0]}")
                return _plain(shown, 500, breaches, call)
            marked = (*answer.headers, (VIOLATION_HEADER, _header_safe(str(breaches[0]))))
            answer = Answer(answer.status, answer.content, answer.media_type, marked, answer.raw)
        found = (*violations, *breaches)
        return self._sent(call, answer, found)

    def _breaches(self, call: Call, answer: Answer) -> tuple[Violation, ...]:
        if call.provider.lenient and _undeclared(call, answer):
            return ()
        content: Json | bytes = answer.content
        if answer.raw is not None:
            content = answer.raw if isinstance(answer.raw, bytes) else []
        headers = call.edition.headers
        if answer.headers:
            headers = Headers((*answer.headers, *headers))
        return call.edition.contract.check_answer(
            call.operation, answer.status, answer.media_type or "", content, headers
        )

    def _outgoing(
        self,
        edition: Edition,
        answer: Answer,
        violations: tuple[Violation, ...],
        tenant: str,
        operation: Operation | None,
    ) -> Reply:
        lines = edition.lines(answer.media_type)
        headers = (*answer.headers, *lines) if answer.headers else lines
        body: bytes | Stream = b""
        if answer.raw is not None:
            body = answer.raw
        elif answer.media_type is not None:
            body = _written(answer.content)
        name = operation.id if operation else ""
        return Reply(answer.status, headers, body, violations, tenant, name)


def _edition(provider: Provider, method: str, path: str, mount: str) -> Target:
    """The first edition whose prefix fits and whose contract has the route; else the likeliest."""
    fallback: Target | None = None
    for edition in provider.editions:
        for prefix in edition.prefixes:
            below = path[len(prefix) :]
            if not path.startswith(prefix) or below[:1] not in ("", "/"):
                continue
            target = Target(provider, edition, mount + prefix, below or "/")
            if len(provider.editions) == 1 and len(edition.prefixes) == 1:
                return target
            route = edition.contract.route(method, target.path)
            if not isinstance(route, (NoRoute, NoMethod)):
                return target
            if fallback is None or isinstance(route, NoMethod):
                fallback = target
    return fallback or Target(provider, provider.editions[0], mount, path)


def _older(target: Target, local: Request, reading: Reading) -> tuple[Target, Reading]:
    """The first edition at the same place that has nothing against the request, else the target's.

    A call that today's document refuses, or of which it has withdrawn a field, may be right by an
    older one of the same version. Where none is, a withdrawn field goes unheard, as the vendor
    has it.
    """
    gone = {f"/{entry.field}" for entry in target.edition.contract.gone(reading)}
    if not gone and not _said_against(reading):
        return target, reading
    editions = target.provider.editions
    for edition in editions[editions.index(target.edition) + 1 :]:
        if edition.prefixes == target.edition.prefixes:
            other = edition.contract.read(local)
            # What is wrong with a withdrawn field, only the document that had it can say.
            if isinstance(other, Reading):
                against = _said_against(other)
                if not against or any(each.pointer in gone for each in against):
                    return replace(target, edition=edition), other
    if gone:
        body = mapping(reading.body)
        kept = {name: value for name, value in body.items() if f"/{name}" not in gone}
        reading = replace(reading, body=kept)
    return target, reading


def _said_against(reading: Reading) -> list[Violation]:
    """What is wrong with a request, a missing key aside, which is wrong with it anywhere."""
    return [violation for violation in reading.violations if violation.where != "security"]


def _advice(target: Target, miss: NoRoute) -> str:
    """The end of a sentence: the versions that are served, or the nearest operations, as paths."""
    if target.bases:
        return f"; {target.provider.name} is served at {', '.join(target.bases)}"
    return f"; nearest: {target.nearest(miss.nearest)}" if miss.nearest else ""


def _undeclared(call: Call, answer: Answer) -> bool:
    """Whether this is a refusal with a status that the document forgot."""
    return answer.status >= 400 and call.operation.declared_status(answer.status) is None


def _invalid(violations: tuple[Violation, ...]) -> Refusal:
    kinds = {violation.where for violation in violations}
    reason = Reason.MEDIA_TYPE if "content type" in kinds else Reason.INVALID
    message = "; ".join(_sentence(violation) for violation in violations[:3])
    return Refusal(reason, message, violations=violations)


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


def _plain(
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


def _written(content: Json) -> bytes:
    """JSON text, of whole numbers beyond 64 bits as well: a caller may send one and be told it."""
    try:
        return orjson.dumps(content)
    except orjson.JSONEncodeError:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _header_safe(text: str) -> str:
    """`text` cut and stripped to what an HTTP header line may carry."""
    return "".join(c if 32 <= ord(c) < 127 else "?" for c in text)[:400]
