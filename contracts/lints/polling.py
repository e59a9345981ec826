"""Habits of waiting: too often, too long, all at once, past the end."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from understudy.contracts.lints.look import Look, Warned, wait_asked

_MOST = 10_000
_LONG = 3600.0
_MANY = 500
_AFTER = 3
_SLACK = 0.05
_TOGETHER = 3


@dataclass(slots=True)
class _Waiting:
    """One task that is waited for."""

    place: str
    operation: str
    first: float | None
    looks: int = 0
    after: int = 0
    ended: bool = False
    told: set[str] = field(default_factory=set)


class Waits:
    """Remembers every task that is polled; each habit is told once for a task."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[tuple[str, str], _Waiting] = OrderedDict()

    def see(self, look: Look) -> Iterator[Warned]:
        """Looks after the end, and looks without one."""
        polled = look.polled
        if polled is None:
            return
        key = (look.account, polled.id)
        if key not in self._tasks:
            self._tasks[key] = _Waiting(look.place, look.operation.id, look.at)
            if len(self._tasks) > _MOST:
                self._tasks.popitem(last=False)
        task = self._tasks[key]
        task.looks += 1
        if task.ended:
            task.after += 1
            if task.after == _AFTER:
                yield look.warn(
                    "polls after the end",
                    f"task {polled.id!r} was {polled.status!r} already, and was read {_AFTER}"
                    " times more; stop at the first final status",
                )
        status = polled.status
        task.ended = isinstance(status, str) and polled.lifecycle.finished(status)
        yield from self._deadline(look, task, polled.id)

    def end(self) -> Iterator[Warned]:
        """Nothing more: a task that is left unfinished may be waited for elsewhere."""
        return iter(())

    def _deadline(self, look: Look, task: _Waiting, name: str) -> Iterator[Warned]:
        lasted = None if look.at is None or task.first is None else look.at - task.first
        if "deadline" in task.told or task.ended:
            return
        if task.looks > _MANY or (lasted is not None and lasted > _LONG):
            task.told.add("deadline")
            long = f" over {lasted / 60:.0f} minutes" if lasted is not None else ""
            yield look.warn(
                "no deadline",
                f"task {name!r} was read {task.looks} times{long} and has not ended; give up at"
                " a deadline",
            )


class Haste:
    """Requests that come earlier than the reply before them has asked for."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], tuple[float, float, int]] = {}

    def see(self, look: Look) -> Iterator[Warned]:
        """The same operation again before its time."""
        key = (look.account, look.operation.id)
        asked = self._asked.pop(key, None)
        if asked is not None and look.at is not None:
            at, wait, status = asked
            if look.at - at < wait - _SLACK:
                kind = "ignored 429" if status == 429 else "faster than Retry-After"
                yield look.warn(
                    kind,
                    f"the reply before ({status}) asked for {wait:g} seconds, and the next call"
                    f" came after {look.at - at:.2f}",
                )
        wait_for = wait_asked(look.response, look.at)
        told = look.response.headers.get("retry-after") or look.response.status == 429
        if wait_for is not None and told and look.at is not None:
            if len(self._asked) >= _MOST:
                self._asked.clear()
            self._asked[key] = (look.at, wait_for, look.response.status)

    def end(self) -> Iterator[Warned]:
        """Nothing more."""
        return iter(())


class Chorus:
    """Several tasks that are read at the same instants, again and again."""

    def __init__(self) -> None:
        self._instant: tuple[str, float] = ("", 0.0)
        self._group: set[str] = set()
        self._rounds: dict[tuple[str, frozenset[str]], int] = {}

    def see(self, look: Look) -> Iterator[Warned]:
        """Tasks read within a twentieth of a second are a round."""
        polled = look.polled
        if polled is None or look.at is None:
            return
        account, at = self._instant
        if account != look.account or look.at - at > _SLACK:
            self._group = set()
        self._instant = (look.account, look.at)
        self._group.add(polled.id)
        if len(self._group) < _TOGETHER:
            return
        key = (look.account, frozenset(self._group))
        if len(self._rounds) >= _MOST:
            self._rounds.clear()
        self._rounds[key] = self._rounds.get(key, 0) + 1
        if self._rounds[key] == _TOGETHER:
            yield look.warn(
                "no jitter",
                f"{len(self._group)} tasks are read at the same instants, {_TOGETHER} times now;"
                " vary the pauses, so that calls do not come in bursts",
            )

    def end(self) -> Iterator[Warned]:
        """Nothing more."""
        return iter(())
