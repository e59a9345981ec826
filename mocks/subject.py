"""Whom an exchange is about: the tasks that its request names, and what came of them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from understudy.contracts.json import Json
from understudy.mocks.fault import Fault
from understudy.mocks.kind import elements
from understudy.mocks.task import Task

if TYPE_CHECKING:
    from understudy.mocks.call import Call


class Subject:
    """The tasks of one exchange, looked for only when a fault wants to know."""

    __slots__ = ("_call", "_named", "_names")

    def __init__(self, call: "Call") -> None:
        self._call = call
        self._names: frozenset[str] | None = None
        self._named: tuple[Task, ...] | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every text of the request that may be an id."""
        if self._names is None:
            reading = self._call.reading
            said = (reading.path, reading.query, self._call.body)
            self._names = frozenset(text for values in said for text in _texts(values))
        return self._names

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that the request names by id."""
        if self._named is None:
            self._named = tuple(self._found())
        return self._named

    def fits(self, fault: Fault) -> tuple[bool, float | None]:
        """Whether the exchange is about what the fault is about, and since when it has been.

        The instant is that at which the task entered the status; None where no task matters.
        """
        if fault.kind == "results-missing":
            return self._late(fault)
        if fault.kind in ("unknown-status", "backwards"):
            return self._polls() or bool(fault.operation), None  # the rest is seen in the reply
        if fault.kind == "polls-down" and not (self._polls() or fault.operation):
            return False, None
        if not fault.task and not fault.at:
            return True, None
        for task in self.tasks:
            if fault.task in ("", task.resource.id) and fault.at in ("", task.status):
                return True, task.entered if fault.at else None
        return fault.task in self.names and not fault.at, None

    def _polls(self) -> bool:
        asked = self._call.operation.id
        return any(asked in each.polls for each in self._call.provider.lifecycles.values())

    def _late(self, fault: Fault) -> tuple[bool, float | None]:
        """Results are what a request names that its task has made, or the ready task itself.

        A poll tells how the task stands, so it is spared unless the fault names the operation.
        """
        if self._call.request.method == "DELETE" or (self._polls() and not fault.operation):
            return False, None
        for task in self._finished():
            if fault.task not in ("", task.resource.id):
                continue
            if task.resource.id in self.names or self._made_by(task, bool(fault.operation)):
                return True, task.entered
        return False, None

    def _finished(self) -> Iterator[Task]:
        for provider, task in self._call.tenant.tasks():
            if provider == self._call.provider.name and task.status == task.lifecycle.success:
                yield task

    def _made_by(self, task: Task, asked: bool) -> bool:
        """Whether the request names something that came to be when the task was ready.

        Where the operation is the one that was `asked` for, anything that the task knows counts.
        """
        told = [each for each in task.resource.fields.values() if isinstance(each, str)]
        made = self.names.intersection(told)
        if asked or not made:
            return bool(made)
        return any(
            resource is not None and resource.created >= task.entered
            for (provider, _), collection in self._call.tenant.store.collections().items()
            if provider == self._call.provider.name
            for resource in map(collection.get, made)
        )

    def _found(self) -> Iterator[Task]:
        for (provider, _), collection in self._call.tenant.store.collections().items():
            if provider != self._call.provider.name:
                continue
            for name in sorted(self.names):
                resource = collection.get(name)
                if resource is not None and resource.task is not None:
                    yield resource.task


def _texts(values: Mapping[str, Json]) -> Iterator[str]:
    for value in values.values():
        for each in (value, *elements(value)):
            if isinstance(each, str | int) and not isinstance(each, bool):
                yield str(each)
