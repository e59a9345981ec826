"""A task: a resource on its way through a lifecycle, along a timeline fixed when it began."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from understudy.contracts.lifecycle import Lifecycle, LifecycleError
from understudy.mocks.agenda import Agenda, Due
from understudy.mocks.clock import whole
from understudy.mocks.errors import FakeError
from understudy.mocks.store import Collection, Resource

Enter = Callable[[Resource, str, float], None]
"""Called after a task entered a status (not the initial one): the resource, the status, when."""


class TaskError(FakeError):
    """A task was asked for what its lifecycle, or where it stands, does not allow."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task is to run: to success at its own pace, unless said otherwise.

    `status` is the terminal status (None: success, or with `at` the first failure); `at` is the
    stage that ends in it (None: the first that may). A `stuck` task never leaves `at` (None: the
    last stage). `slow` multiplies every duration. `reason` and `code` replace the declared ones.
    """

    status: str | None = None
    at: str | None = None
    stuck: bool = False
    slow: float = 1.0
    reason: str = ""
    code: str = ""


SUCCESS = Outcome()


@dataclass(frozen=True, slots=True)
class Plan:
    """A timeline: the statuses in order, and the seconds spent in each.

    The last status is terminal, or the one the task is stuck in: its duration is infinite.
    """

    lifecycle: Lifecycle
    statuses: tuple[str, ...]
    seconds: tuple[float, ...]
    reason: str
    code: str
    media_seconds: float
    speed: float
    slow: float

    @classmethod
    def of(
        cls,
        lifecycle: Lifecycle,
        media_seconds: float = 0.0,
        *,
        speed: float = 1.0,
        outcome: Outcome = SUCCESS,
    ) -> "Plan":
        """The timeline for a medium of `media_seconds`; TaskError for an undeclared outcome."""
        raise NotImplementedError

    @property
    def total(self) -> float:
        """Seconds until the terminal status; infinite for a task that is stuck."""
        raise NotImplementedError


class Task:
    """Moves one resource along its plan; each move is an event of the tenant's agenda.

    The resource's status field, its `updated` instant and the indexes change when an event
    fires, stamped with the instant it was due. A task that polls have pushed ahead lives in its
    own later time (`skew`), so that its stamps never go back.
    """

    @classmethod
    def begin(
        cls,
        resource: Resource,
        plan: Plan,
        *,
        collection: Collection,
        agenda: Agenda,
        on_enter: Enter | None = None,
    ) -> "Task":
        """Put the resource into the initial status at its instant of creation, and go on from there."""
        raise NotImplementedError

    resource: Resource
    plan: Plan
    reason: str
    code: str

    @property
    def lifecycle(self) -> Lifecycle: raise NotImplementedError
    @property
    def status(self) -> str: raise NotImplementedError
    @property
    def finished(self) -> bool: raise NotImplementedError
    @property
    def label(self) -> str: raise NotImplementedError
    def fire(self, at: float) -> None: raise NotImplementedError
    def cancel(self) -> None: raise NotImplementedError
    def progress(self, now: float) -> float: raise NotImplementedError
    def skip(self, now: float) -> bool: raise NotImplementedError
    def observe(self, now: float, wire: bool) -> bool: raise NotImplementedError
    def answered(self, now: float, wire: bool) -> bool: raise NotImplementedError
    def set_outcome(self, status: str, now: float, *, reason: str = "", code: str = "") -> None: raise NotImplementedError
