"""Which hosts are answered in this process, which are left alone, and which are refused."""

from collections.abc import Mapping

from understudy.contracts.exchange import Request
from understudy.contracts.operation import NoMethod, NoRoute
from understudy.contracts.withdrawn import Withdrawal, withdrawn_call
from understudy.mocks.answer import Reply
from understudy.mocks.engine import Engine
from understudy.mocks.intercept.errors import Blocked, NotServed
from understudy.mocks.links import MOUNT
from understudy.mocks.prepared import Prepared, Target
from understudy.mocks.provider import Provider
from understudy.mocks.safety import is_loopback

KEPT = 100
"""Refusals that are remembered."""


class Reach:
    """The hosts of one fake. `absent` are hosts of vendors it does not play, with their names.

    With `block`, hosts other than the vendors' and loopback are refused. `refusals` is told
    what was refused: code under test may swallow the error.
    """

    def __init__(
        self, engine: Engine, *, absent: Mapping[str, str], block: bool, refusals: list[str]
    ) -> None:
        self._engine = engine
        self._hosts = frozenset(host for provider in self._played() for host in provider.hosts)
        self._absent = absent
        self._block = block
        self._refusals = refusals

    def takes(self, host: str) -> bool:
        """Whether calls to `host` are answered here."""
        return host.lower() in self._hosts

    def leaves(self, method: str, url: str, host: str) -> None:
        """A call to a host that is not answered here is about to leave; raises if it may not."""
        name = self._absent.get(host.lower())
        if name is not None:
            played = ", ".join(each.name for each in self._played())
            raise self._refused(
                NotServed(
                    f"{method} {url} is a call to {name}, which this fake does not play:"
                    f" it plays {played}. Name {name!r} among its providers."
                )
            )
        if self._block and not is_loopback(host):
            raise self._refused(
                Blocked(
                    f"{method} {url} would have left this machine: other hosts than those of the"
                    " vendors are blocked. Allow them (block=False), or answer the call yourself."
                )
            )

    def answered(self, request: Request, base_url: str, reply: Reply) -> None:
        """A reply is about to be given; raises if it only says that there is no such operation.

        Where a vendor has withdrawn the operation, its answer to that is what was asked for.
        """
        if reply.operation or request.path.startswith(f"{MOUNT}/"):
            return
        prepared = self._engine.prepare(request, base_url)
        called = f"{request.method} {base_url}{request.path}"
        miss = prepared.reading
        if _withdrawn(prepared) is not None:
            return
        if isinstance(miss, NoMethod):
            allowed = ", ".join(miss.allowed)
            hint = f"{miss.template} takes {allowed}."
        elif isinstance(miss, NoRoute):
            hint = self._nearest(prepared.target, miss, base_url)
        else:
            return
        raise self._refused(NotServed(f"No operation is served at {called}. {hint}"))

    def _nearest(self, target: Target | None, miss: NoRoute, root: str) -> str:
        if target is not None and miss.nearest and not target.bases:
            return f"The nearest operations are {target.nearest(miss.nearest, root)}."
        bases = [
            f"https://{host}{base}"
            for provider in self._played()
            for host in sorted(provider.hosts)
            for base in provider.bases
        ]
        return f"Operations are served below {', '.join(bases)}."

    def _played(self) -> list[Provider]:
        return [each for each in self._engine.providers.values() if not each.private]

    def _refused(self, error: NotServed | Blocked) -> NotServed | Blocked:
        if len(self._refusals) < KEPT:
            self._refusals.append(str(error))
        return error


def _withdrawn(prepared: Prepared) -> Withdrawal | None:
    if prepared.target is None:
        return None
    document = prepared.target.edition.contract.document
    return withdrawn_call(document, prepared.request.method, prepared.target.path)
