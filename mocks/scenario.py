"""A scenario: how the world of every tenant begins, read from a YAML file.

Seed, clock, the requests that have been made, plain resources, and faults. A file is checked
when it is read, against the providers too; what is wrong is told with its line.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import NoReturn, cast

from understudy.contracts.errors import DocumentError
from understudy.contracts.json import Json
from understudy.contracts.parsing import lines, parse
from understudy.mocks import fault
from understudy.mocks.clock import (
    LATEST,
    AutoClock,
    Clock,
    ManualClock,
    Mode,
    RealClock,
    instant_of,
)
from understudy.mocks.engine import Engine
from understudy.mocks.errors import FakeError
from understudy.mocks.fault import Fault, FaultError
from understudy.mocks.faulting import checked
from understudy.mocks.node import Node, Unfit, shown
from understudy.mocks.provider import Provider
from understudy.mocks.seeding import Seeding
from understudy.mocks.tenant import Tenant

VERSION = 1

_KEYS = ("scenario", "description", "seed", "time", "speed", "now", "play", "resources", "faults")
_MODES = ("real", "manual", "auto")


class ScenarioError(FakeError):
    """A scenario cannot be read or played; names the file, the line and the place."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a scenario says of seed and clock; None where it says nothing.

    `now` is the instant at which its clocks begin, in seconds since 1970.
    """

    seed: int | None = None
    time: Mode | None = None
    speed: float | None = None
    now: float | None = None


class Scenario:
    """A scenario file that has been read: its settings, and how it furnishes a tenant."""

    def __init__(self, text: str, label: str) -> None:
        self.label = label
        self._text = text
        try:
            self._root = Node(parse(text, label))
            self.settings = self._settings()
        except DocumentError as error:
            raise ScenarioError(f"{error}.") from error
        except Unfit as error:
            self._wrong(error.pointer, error.problem)

    @classmethod
    def read(cls, path: str | PathLike[str]) -> "Scenario":
        """The scenario of a file; ScenarioError when it cannot be one."""
        label = fspath(path)
        try:
            text = Path(path).read_text("utf-8")
        except (OSError, ValueError) as error:
            raise ScenarioError(f"{label} cannot be read as a scenario: {error}.") from error
        return cls(text, label)

    def with_settings(
        self, *, seed: int | None, time: Mode | None, speed: float | None
    ) -> "Scenario":
        """The same with other settings where some are given."""
        given = {"seed": seed, "time": time, "speed": speed}
        said = {name: value for name, value in given.items() if value is not None}
        self.settings = replace(self.settings, **said)  # type: ignore[arg-type]  # by name
        return self

    def rehearse(
        self, engine: Engine, clock: Callable[[], Clock], wall: Callable[[], float]
    ) -> None:
        """Furnish a tenant of a fake of the same providers that nobody uses, to see it work."""
        said = self.settings.seed
        stage = Engine(
            _served(engine),
            clock=clock,
            seed=engine.seed if said is None else said,
            limits=engine.limits,
            strict=engine.strict,
        )
        self.furnish(stage, stage.tenants.get("rehearsal"), wall)

    def furnish(
        self, engine: Engine, tenant: Tenant, wall: Callable[[], float], lead: float = 0.0
    ) -> None:
        """Give an empty tenant of an engine its clock, what it has done, and its faults.

        `lead` is how many seconds after the scenario's own instant the clock begins. The requests
        leave no trace in the journal and in the rate windows.
        """
        try:
            with tenant.lock:
                self._set_clock(tenant, wall, lead)
                seeding = Seeding(engine, tenant)
                for each in self._list("play"):
                    seeding.step(each)
                for each in self._list("resources"):
                    seeding.store(each)
                tenant.journal.clear()
                tenant.windows.clear()
                for told in self._faults(_served(engine)):
                    tenant.faults.add(told, tenant.tasks(), tenant.clock.now())
        except Unfit as error:
            self._wrong(error.pointer, error.problem)
        except FaultError as error:
            self._wrong(error.pointer, str(error))

    def _settings(self) -> Settings:
        root = self._root
        root.keys(_KEYS)
        if root.at("scenario").value != VERSION:
            found = shown(root.at("scenario").value)
            root.at("scenario").wrong(f"expected {VERSION}, the version of the form; found {found}")
        root.at("description").text("")
        for name in ("play", "resources", "faults"):
            if root.has(name):
                list(root.at(name).items())
        return Settings(
            root.at("seed").whole(-(2**63)) if root.has("seed") else None,
            cast(Mode, root.at("time").one_of(_MODES)) if root.has("time") else None,
            root.at("speed").number(1e-6, 1e6) if root.has("speed") else None,
            _instant(root.at("now")) if root.has("now") else None,
        )

    def _list(self, name: str) -> Iterable[Node]:
        return self._root.at(name).items() if self._root.has(name) else ()

    def _faults(self, providers: Iterable[Provider]) -> list[Fault]:
        found: list[Fault] = []
        for number, each in enumerate(self._list("faults"), 1):
            named = {"id": f"scenario-{number}", **_mapping(each)}
            told = fault.read(Node(named, each.pointer))
            try:
                checked(told, providers)
            except FaultError as error:
                raise FaultError(str(error), f"{each.pointer}/{error.pointer}") from None
            if told.id in {other.id for other in found}:
                each.at("id").wrong(f"the id {told.id!r} is used twice")
            found.append(told)
        return found

    def _set_clock(self, tenant: Tenant, wall: Callable[[], float], lead: float) -> None:
        said, clock = self.settings, tenant.clock
        now = clock.now() if said.now is None else said.now + lead
        if said.time is None and said.speed is None and said.now is None:
            return
        mode, speed = said.time or clock.mode, said.speed or clock.speed
        if mode == "real":
            tenant.clock = RealClock(wall, speed, None if said.now is None else now)
        else:
            tenant.clock = (AutoClock if mode == "auto" else ManualClock)(now, speed)

    def _wrong(self, pointer: str, problem: str) -> NoReturn:
        """Raise with the line of the place, or of the nearest one around it that has a line."""
        known = lines(self._text, self.label)
        place = pointer
        while place and place not in known:
            place = place.rpartition("/")[0]
        line = known.get(place, 1)
        end = "" if problem.endswith((".", "?")) else "."
        raise ScenarioError(f"{self.label}:{line}: at {pointer or '/'}: {problem}{end}") from None


def _served(engine: Engine) -> list[Provider]:
    return [each for each in engine.providers.values() if not each.private]


def _mapping(node: Node) -> Mapping[str, Json]:
    return {name: member.value for name, member in node.members()}


def _instant(node: Node) -> float:
    try:
        instant = instant_of(node.text())
    except (ValueError, OverflowError):
        node.wrong(f"expected an instant such as 2025-07-01T12:00:00Z, found {shown(node.value)}")
    if not 0 <= instant <= LATEST:
        node.wrong(f"the clock cannot show {shown(node.value)}")
    return instant
