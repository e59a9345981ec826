"""The fake: providers that remember, on a clock that you control."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.mocks.delivery import Dispatch
    from understudy.mocks.errors import FakeError
    from understudy.mocks.fake import Fake
    from understudy.mocks.fault import Fault, FaultError
    from understudy.mocks.limits import Limits
    from understudy.mocks.safety import Safety
    from understudy.mocks.scenario import ScenarioError
    from understudy.mocks.snapshot import Snapshot, SnapshotError

__all__ = [
    "Dispatch",
    "Fake",
    "FakeError",
    "Fault",
    "FaultError",
    "Limits",
    "Safety",
    "ScenarioError",
    "Snapshot",
    "SnapshotError",
]

_HOMES = {
    "Dispatch": "understudy.mocks.delivery",
    "Fake": "understudy.mocks.fake",
    "FakeError": "understudy.mocks.errors",
    "Fault": "understudy.mocks.fault",
    "FaultError": "understudy.mocks.fault",
    "Limits": "understudy.mocks.limits",
    "Safety": "understudy.mocks.safety",
    "ScenarioError": "understudy.mocks.scenario",
    "Snapshot": "understudy.mocks.snapshot",
    "SnapshotError": "understudy.mocks.snapshot",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: most importers want one module only."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
