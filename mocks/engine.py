"""The fake without any I/O: a request in, a reply out, time and chance given from outside."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from understudy.contracts.exchange import Headers, Request
from understudy.contracts.operation import Head, NoMethod, NoRoute, Reading
from understudy.contracts.redaction import alias
from understudy.contracts.violation import Violation
from understudy.mocks.answer import Answer, Reply, nothing
from understudy.mocks.call import Call
from understudy.mocks.clock import Clock
from understudy.mocks.delivery import Dispatch
from understudy.mocks.envelope import STATUS
from understudy.mocks.limits import Limits
from understudy.mocks.links import MOUNT, Links
from understudy.mocks.outgoing import Outgoing, unasked
from understudy.mocks.prepared import Prepared, Recent, Target
from understudy.mocks.provider import Provider
from understudy.mocks.rate import Rate
from understudy.mocks.rates import Rates
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.refusals import invalid, keyless, lost, plain, unrouted
from understudy.mocks.strike import Strike
from understudy.mocks.tenant import Tenant, Tenants
from understudy.mocks.version import Opened, target_of

REFUSED_KEYS = frozenset({"invalid-key", "not-a-real-key"})
TENANT_HEADER = "x-understudy-tenant"
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
        self._outgoing = Outgoing(strict)
        self.witness: Callable[[Call, Reply], None] | None = None
        self.tenants = Tenants(
            limits=self.limits, clock=clock, seed=seed, report=log.warning, dispatch=dispatch
        )
        self.links = Links(seed, self.limits.links)
        self._nobody = Tenant("", clock=clock, seed=seed, limits=self.limits)
        self._rates = Rates(rate, providers) if rate else None
        self._targets: Recent[Target | None] = Recent()
        self._hosts = {host: provider for provider in providers for host in provider.hosts}

    @property
    def strict(self) -> bool:
        """Whether a reply of ours that is off contract is refused, not only marked."""
        return self._outgoing.strict

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
        return self.open(request, base_url).whole(request.body)

    def open(self, request: Request, base_url: str) -> Opened:
        """All that follows from the request's line and headers; its body is not looked at."""
        return Opened(request, base_url, self._target(request), self._caller)

    def _caller(self, target: Target, head: Head, headers: Headers) -> tuple[str, str]:
        """The key that came, and the name of the tenant; none where the key is refused."""
        if target.provider.private:
            return "", ""
        key = target.edition.key(head.credentials)
        if self._refused(key):
            return key, ""
        return key, headers.get(TENANT_HEADER) or (alias(key) if key else ANYONE)

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
            return plain(Refusal(Reason.RULE, message), 500)

    def _played(self, prepared: Prepared, wire: bool) -> Reply:
        target, reading = prepared.target, prepared.reading
        if target is None or reading is None:
            if prepared.request.path.startswith(f"{MOUNT}/"):
                return self._file(prepared.request)
            return plain(lost(prepared.request, self.providers.values()), 404)
        if not isinstance(reading, Reading):
            refusal = unrouted(target, prepared.request, reading)
            return unasked(target.edition, target.provider.envelope.answer(refusal, None), None)
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
                reply = self._outgoing.checked(call, answer, violations)
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
        reply = self._outgoing.sent(call, nothing(0), call.reading.violations)
        if strike.played:
            call.tenant.faults.playing = call
            try:
                answer, violations = self._answer(call, key)
            finally:
                call.tenant.faults.playing = None
            reply = self._outgoing.checked(call, answer, violations)
            if strike.edits and reply.status == answer.status:
                answer, labels = strike.edited(call, answer)
                edited = self._outgoing.sent(call, answer, reply.violations)
                reply = replace(edited, faults=labels)
        if strike.refuses:
            reply = self._outgoing.sent(call, strike.refusal(call), reply.violations)
        return strike.troubled(reply)

    def refuse(self, request: Request, reason: Reason, message: str) -> Reply:
        """A refusal made before the request was whole (too large, cut short), in the envelope."""
        target = self._target(request)
        refusal = Refusal(reason, message)
        if target is None:
            return plain(refusal, 413 if reason is Reason.TOO_LARGE else 400)
        route = target.edition.contract.route(request.method, target.path)
        operation = None if isinstance(route, (NoRoute, NoMethod)) else route.operation
        answer = target.provider.envelope.answer(refusal, operation)
        return unasked(target.edition, answer, operation)

    def _file(self, request: Request) -> Reply:
        """A file that a reply linked to; no key, no tenant, no journal."""
        try:
            answer = self.links.fetch(request, self.tenants)
        except Refusal as refusal:
            return plain(refusal, refusal.status or STATUS[refusal.reason])
        body = answer.raw if isinstance(answer.raw, bytes) else b""
        headers = answer.headers
        if answer.media_type is not None:
            headers = (("content-type", answer.media_type), *headers)
        return Reply(answer.status, headers, body)

    def _target(self, request: Request) -> Target | None:
        if request.path.startswith(f"{MOUNT}/"):
            return None
        aim = (request.method, request.path, request.headers.get("host"))
        return self._targets.get(aim, self._aimed, request)

    def _aimed(self, request: Request) -> Target | None:
        """By path first, then by the vendor's own host name."""
        name, _, rest = request.path.lstrip("/").partition("/")
        provider = self.providers.get(name)
        if provider is not None:
            return target_of(provider, request.method, f"/{rest}", provider.mount)
        host = (request.headers.get("host") or "").partition(":")[0].lower()
        provider = self._hosts.get(host)
        return target_of(provider, request.method, request.path, "") if provider else None

    def _answer(self, call: Call, key: str) -> tuple[Answer, tuple[Violation, ...]]:
        """The behaviour's answer, or the envelope of whatever speaks against the request."""
        violations = call.reading.violations
        operation = call.operation
        try:
            self._admit(call.reading, key)
            told = self._rates.charge(call) if self._rates else ()
            if violations:
                raise invalid(violations)
            answer = call.edition.behaviours[operation.id](call)
            return (replace(answer, headers=(*answer.headers, *told)) if told else answer), ()
        except Refusal as refusal:
            return call.provider.envelope.answer(refusal, operation), violations

    def _admit(self, reading: Reading, key: str) -> None:
        missing = tuple(each for each in reading.violations if each.where == "security")
        if missing:
            raise keyless(missing)
        if self._refused(key):
            raise Refusal(Reason.WRONG_KEY, "the API key is invalid or has expired")

    def _refused(self, key: str) -> bool:
        return key in REFUSED_KEYS or bool(key and self.keys and key not in self.keys)
