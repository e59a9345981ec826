"""What is served here, and the way back to the start."""

from collections.abc import Mapping

from understudy import __version__
from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.control.scope import Scope, names, tenant_named
from understudy.mocks.provider import Behaviour, Provider


class Served:
    """Health, the providers, and a reset."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def behaviours(self) -> Mapping[str, Behaviour]:
        """By operation of the control document."""
        return {
            "get-health": self.health,
            "list-providers": self.providers,
            "reset": self.reset,
        }

    def health(self, call: Call) -> Answer:
        """Ready, and what is served; names no tenant, because it is open to all."""
        names: list[Json] = [each.name for each in self._providers()]
        return Answer(200, {"status": "ok", "version": __version__, "providers": names})

    def providers(self, call: Call) -> Answer:
        """What `understudy providers -v` prints, as values."""
        root = call.base_url.removesuffix(call.provider.mount)
        shown: list[Json] = [shown_provider(each, root) for each in self._providers()]
        return Answer(200, {"tenants": [], "providers": shown})

    def reset(self, call: Call) -> Answer:
        """Back to the start: one tenant in place, or all of them forgotten."""
        touched = self._scope.meant(call)
        if tenant_named(call.request.headers):
            touched[0].reset()
        else:
            self._scope.engine.tenants.reset()
        return Answer(200, {"tenants": names(touched)})

    def _providers(self) -> list[Provider]:
        return [each for each in self._scope.engine.providers.values() if not each.private]


def shown_provider(provider: Provider, root: str) -> dict[str, Json]:
    """A provider as values: where it is served below `root`, its operations and lifecycles."""
    operations: list[Json] = []
    for each in provider.editions:
        for operation in each.contract.operations.values():
            shown: dict[str, Json] = {
                "id": operation.id,
                "method": operation.method,
                "path": operation.template,
            }
            provenance = operation.extensions.get("x-provenance")
            if provenance is not None:
                shown["provenance"] = provenance
            operations.append(shown)
    return {
        "name": provider.name,
        "documents": [each.contract.name for each in provider.editions],
        "base_urls": base_urls(provider, root),
        "hosts": sorted(provider.hosts),
        "operations": operations,
        "lifecycles": [_lifecycle(each) for each in provider.lifecycles.values()],
    }


def base_urls(provider: Provider, root: str) -> list[str]:
    """The base URLs a client of this provider is given, one for each of its prefixes."""
    return [f"{root}{provider.mount}{base}" for base in provider.bases]


def _lifecycle(lifecycle: Lifecycle) -> dict[str, Json]:
    return {
        "name": lifecycle.name,
        "statuses": list(lifecycle.statuses),
        "polls": sorted(lifecycle.polls),
        "provenance": lifecycle.provenance or {"label": "assumed"},
    }
