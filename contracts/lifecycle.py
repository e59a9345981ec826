"""Lifecycles as declared: the statuses of a task, their order, how long they last, how they end."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from os import PathLike, fspath
from pathlib import Path
from typing import NoReturn

from understudy.contracts.cache import Cache
from understudy.contracts.errors import ContractError, DocumentError
from understudy.contracts.json import Json
from understudy.contracts.pointer import escape

LABELS = ("documented", "recorded", "observed", "assumed")
"""Where a behaviour may be known from."""


class LifecycleError(ContractError):
    """A lifecycle cannot be used, or was asked for what it does not declare.

    The message names the file with the line where there is one, and the place in it.
    """


@dataclass(frozen=True, slots=True)
class Stage:
    """A status on the way, and how long it lasts at speed 1."""

    status: str
    seconds: float = 0.0
    per_media_second: float = 0.0

    def duration(self, media_seconds: float = 0.0) -> float:
        """Seconds in this status for a medium of `media_seconds`."""
        return self.seconds + self.per_media_second * media_seconds


@dataclass(frozen=True, slots=True)
class Failure:
    """A way to end badly: the terminal status, the stages it may happen in, and why."""

    status: str
    stages: tuple[str, ...]
    reason: str = ""
    code: str = ""


def _nowhere(pointer: str) -> str:
    """Where a place of a lifecycle stands that was not read from a file."""
    return f"lifecycle{pointer}"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """A state machine: `stages` in order, then `success` or one of `failures`.

    `status_field` names the field of the resource that holds the status, `progress_field` the
    one that holds a percentage (None without one); `polls` are the operationIds that count as
    polls on an `auto` clock; `transitions` are all legal moves, also those the fake never makes.
    `detours` are statuses that no task comes to by itself, such as one that a command leads to.
    `follows` names the lifecycle of the tasks that one of this is made of: it moves as they do.
    """

    name: str
    stages: tuple[Stage, ...]
    success: str
    terminal: tuple[str, ...]
    transitions: Mapping[str, tuple[str, ...]]
    failures: tuple[Failure, ...] = ()
    polls: frozenset[str] = frozenset()
    status_field: str = "status"
    progress_field: str | None = None
    detours: tuple[str, ...] = ()
    follows: str = ""
    description: str = ""
    provenance: Mapping[str, Json] = field(default_factory=dict)
    locate: Callable[[str], str] = field(default=_nowhere, repr=False, compare=False)
    """The `FILE:LINE` of a JSON pointer within the declaration."""

    @property
    def initial(self) -> str:
        """The status in which a task begins."""
        return self.stages[0].status

    @property
    def statuses(self) -> tuple[str, ...]:
        """Every status: the stages in order, the detours, then the terminal ones."""
        return (*(stage.status for stage in self.stages), *self.detours, *self.terminal)

    def legal(self, before: str, after: str) -> bool:
        """Whether a task may move from `before` to `after` in one step."""
        return after in self.transitions.get(before, ())

    def finished(self, status: str) -> bool:
        """Whether `status` is one that a task never leaves."""
        return status in self.terminal

    def reachable(self, before: str, after: str) -> bool:
        """Whether `after` can follow `before` in any number of steps, none included."""
        return after == before or after in set(self._following(before))

    def position(self, status: str) -> int:
        """The place of `status` among the stages; LifecycleError when it is no stage."""
        for index, stage in enumerate(self.stages):
            if stage.status == status:
                return index
        names = ", ".join(stage.status for stage in self.stages)
        raise LifecycleError(f"Lifecycle {self.name!r} has no stage {status!r}; it has {names}.")

    def failure(self, status: str | None = None) -> Failure:
        """The failure that ends in `status`, by default the first; else LifecycleError."""
        for each in self.failures:
            if status is None or each.status == status:
                return each
        known = ", ".join(each.status for each in self.failures) or "none"
        wanted = "failure" if status is None else f"failure {status!r}"
        raise LifecycleError(f"Lifecycle {self.name!r} has no {wanted}; it has {known}.")

    def _following(self, before: str) -> Iterator[str]:
        found: set[str] = set()
        open_ends = [before]
        while open_ends:
            for after in self.transitions.get(open_ends.pop(), ()):
                if after not in found:
                    found.add(after)
                    open_ends.append(after)
                    yield after


def load_lifecycles(
    source: str | PathLike[str] | Mapping[str, Json], *, name: str | None = None
) -> Mapping[str, Lifecycle]:
    """The lifecycles of a provider ("twelvelabs"), of a YAML file, or of a mapping, by name.

    A text is a provider's name when it has neither a slash nor a suffix; a provider without a
    file has no lifecycles. `name` is what errors call the source. LifecycleError says which
    file, line and place is wrong, and what would have been right.
    """
    if isinstance(source, Mapping):
        return _Reader(name or "lifecycles", None).all(source)
    if isinstance(source, str) and source.isidentifier():
        shipped = files("understudy.specs") / source / "lifecycles.yaml"
        if not shipped.is_file():
            return {}
        return _kept(shipped.read_bytes(), name or f"specs/{source}/lifecycles.yaml")
    label = name or fspath(source)
    try:
        text = Path(source).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise LifecycleError(f"{label} cannot be read: {error}") from error
    return _Reader(label, text).all(_parsed(text, label))


def _kept(content: bytes, label: str) -> Mapping[str, Lifecycle]:
    """Shipped ones, without the YAML of a text that was parsed before; they are checked anew."""
    cache, text = Cache(content, "lifecycles", smallest=0), content.decode()
    kept = cache.read()
    root: Json = kept[0] if kept is not None else _parsed(text, label)
    if kept is None and isinstance(root, dict):
        cache.write(root, "", [])
    return _Reader(label, text).all(root)


def _parsed(text: str, label: str) -> Json:
    from understudy.contracts.parsing import parse  # YAML is slow to import

    try:
        return parse(text, label)
    except DocumentError as error:
        raise LifecycleError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Place:
    """A value and the JSON pointer at which it stands."""

    pointer: str
    value: Json

    def at(self, key: str | int) -> "_Place":
        inner: Json = None
        if isinstance(self.value, Mapping):
            inner = self.value.get(str(key))
        elif isinstance(self.value, list | tuple) and isinstance(key, int):
            inner = self.value[key]
        return _Place(f"{self.pointer}/{escape(str(key))}", inner)


class _Reader:
    """Reads lifecycles from plain values and says where one is wrong."""

    def __init__(self, label: str, text: str | None) -> None:
        self._label = label
        self._text = text
        self._known: dict[str, int] | None = None

    def all(self, root: Json) -> Mapping[str, Lifecycle]:
        top = _Place("", root)
        self._keys(top, ("lifecycles",))
        declared = top.at("lifecycles")
        return {name: self._lifecycle(name, declared.at(name)) for name in self._names(declared)}

    def _lifecycle(self, name: str, place: _Place) -> Lifecycle:
        self._keys(place, _KEYS)
        failure = place.at("failure")
        several = isinstance(failure.value, list | tuple)
        progress = place.at("progress")
        lifecycle = Lifecycle(
            name=name,
            stages=tuple(self._stage(stage) for stage in self._items(place.at("stages"))),
            success=self._text_at(place.at("success")),
            terminal=self._texts(place.at("terminal")),
            transitions=self._transitions(place.at("transitions")),
            failures=tuple(
                self._failure(each)
                for each in (self._items(failure) if several else [failure])
                if each.value is not None
            ),
            polls=frozenset(self._texts(place.at("polls"), default=())),
            status_field=self._text_at(place.at("status"), default="status"),
            progress_field=(
                None if progress.value is None else self._text_at(progress.at("field"))
            ),
            detours=self._texts(place.at("detours"), default=()),
            follows=self._text_at(place.at("follows"), default=""),
            description=self._text_at(place.at("description"), default=""),
            provenance=self._provenance(place.at("provenance")),
            locate=lambda pointer: self._line(place.pointer + pointer),
        )
        self._check(lifecycle, place)
        return lifecycle

    def _stage(self, place: _Place) -> Stage:
        self._keys(place, ("status", "seconds", "per_media_second"))
        return Stage(
            self._text_at(place.at("status")),
            self._seconds(place.at("seconds")),
            self._seconds(place.at("per_media_second")),
        )

    def _failure(self, place: _Place) -> Failure:
        self._keys(place, ("status", "from", "reason", "code"))
        return Failure(
            self._text_at(place.at("status")),
            self._texts(place.at("from")),
            self._text_at(place.at("reason"), default=""),
            self._text_at(place.at("code"), default=""),
        )

    def _transitions(self, place: _Place) -> Mapping[str, tuple[str, ...]]:
        return {name: self._texts(place.at(name)) for name in self._names(place)}

    def _provenance(self, place: _Place) -> Mapping[str, Json]:
        if place.value is None:
            return {}
        self._names(place)
        label = place.at("label")
        if label.value not in LABELS:
            self._wrong(label, f"expected one of {', '.join(LABELS)}")
        return dict(place.value) if isinstance(place.value, Mapping) else {}

    def _check(self, lifecycle: Lifecycle, place: _Place) -> None:
        """The rules among the parts: order, reachability, ends."""
        stages = place.at("stages")
        names = [stage.status for stage in lifecycle.stages]
        if not names:
            self._wrong(stages, "expected at least one stage")
        for index, name in enumerate(names):
            if name in names[:index]:
                self._wrong(stages.at(index).at("status"), "this stage is listed before")
            if name in lifecycle.terminal:
                self._wrong(stages.at(index).at("status"), "a terminal status is no stage")
        for index, name in enumerate(lifecycle.detours):
            if name in names or name in lifecycle.terminal:
                self._wrong(place.at("detours").at(index), "a detour is no stage and no end")
        initial = place.at("initial")
        if initial.value is not None and initial.value != names[0]:
            self._wrong(initial, f"expected the first stage, {names[0]!r}")
        if lifecycle.success not in lifecycle.terminal:
            ends = ", ".join(lifecycle.terminal)
            self._wrong(place.at("success"), f"expected a terminal status: {ends}")
        self._check_transitions(lifecycle, place.at("transitions"))
        self._check_order(lifecycle, place.at("transitions"), names)
        failure = place.at("failure")
        for index, each in enumerate(lifecycle.failures):
            several = isinstance(failure.value, list | tuple)
            self._check_failure(lifecycle, each, failure.at(index) if several else failure)

    def _check_transitions(self, lifecycle: Lifecycle, place: _Place) -> None:
        known = lifecycle.statuses
        listed = ", ".join(known)
        for before, targets in lifecycle.transitions.items():
            if before not in known:
                self._wrong(place.at(before), f"unknown status {before!r}, known: {listed}")
            if before in lifecycle.terminal and targets:
                self._wrong(place.at(before), "a terminal status is never left: expected []")
            for index, after in enumerate(targets):
                if after not in known:
                    wrong = place.at(before).at(index)
                    self._wrong(wrong, f"unknown status {after!r}, known: {listed}")
        for name in known:
            if name != lifecycle.initial and not lifecycle.reachable(lifecycle.initial, name):
                self._wrong(place, f"{name!r} cannot be reached from {lifecycle.initial!r}")
            if name not in lifecycle.terminal and not lifecycle.transitions.get(name):
                self._wrong(place, f"{name!r} is not terminal, and nothing follows it")

    def _check_order(self, lifecycle: Lifecycle, place: _Place, stages: list[str]) -> None:
        for before, after in zip(stages, (*stages[1:], lifecycle.success), strict=True):
            if not lifecycle.legal(before, after):
                self._wrong(place.at(before), f"expected {after!r} among them, as in the stages")

    def _check_failure(self, lifecycle: Lifecycle, failure: Failure, place: _Place) -> None:
        if failure.status not in lifecycle.terminal or failure.status == lifecycle.success:
            self._wrong(place.at("status"), "expected a terminal status other than the success")
        if not failure.stages:
            self._wrong(place.at("from"), "expected at least one stage")
        names = [stage.status for stage in lifecycle.stages]
        for index, name in enumerate(failure.stages):
            if name not in names:
                self._wrong(place.at("from").at(index), f"expected a stage: {', '.join(names)}")
            if not lifecycle.legal(name, failure.status):
                problem = f"the transitions of {name!r} lack {failure.status!r}"
                self._wrong(place.at("from").at(index), problem)

    def _keys(self, place: _Place, allowed: tuple[str, ...]) -> None:
        for name in self._names(place):
            if name not in allowed:
                self._wrong(place.at(name), f"unknown key {name!r}, known: {', '.join(allowed)}")

    def _names(self, place: _Place) -> list[str]:
        if not isinstance(place.value, Mapping):
            self._wrong(place, f"expected a mapping, found {place.value!r}")
        return list(place.value)

    def _items(self, place: _Place) -> list[_Place]:
        if not isinstance(place.value, list | tuple):
            self._wrong(place, f"expected a list, found {place.value!r}")
        return [place.at(index) for index in range(len(place.value))]

    def _texts(self, place: _Place, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        if place.value is None and default is not None:
            return default
        return tuple(self._text_at(item) for item in self._items(place))

    def _text_at(self, place: _Place, default: str | None = None) -> str:
        if place.value is None and default is not None:
            return default
        if not isinstance(place.value, str):
            self._wrong(place, f"expected a text, found {place.value!r}")
        return place.value

    def _seconds(self, place: _Place) -> float:
        value = 0 if place.value is None else place.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(place, f"expected seconds, found {value!r}")
        if not (math.isfinite(value) and value >= 0):
            self._wrong(place, f"expected seconds from 0 on, found {value!r}")
        return float(value)

    def _wrong(self, place: _Place, problem: str) -> NoReturn:
        """Raise with the line of the place, or of the nearest one around it that has a line."""
        line = self._line(place.pointer)
        raise LifecycleError(f"{line}: at {place.pointer or '/'}: {problem}.")

    def _line(self, pointer: str) -> str:
        """The file with the line of a place, or of the nearest one around it that has a line."""
        if self._text is None:
            return self._label
        if self._known is None:
            from understudy.contracts.parsing import lines

            self._known = lines(self._text, self._label)
        while pointer not in self._known:
            pointer = pointer.rpartition("/")[0]
        return f"{self._label}:{self._known[pointer]}"


_KEYS = (
    "description",
    "provenance",
    "status",
    "initial",
    "stages",
    "terminal",
    "success",
    "failure",
    "detours",
    "follows",
    "transitions",
    "polls",
    "progress",
)
