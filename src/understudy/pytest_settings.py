"""How one test wants its fake: the marker, else the command line, else the ini file."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import pytest

if TYPE_CHECKING:
    from understudy.mocks.fake import Fake

Time = Literal["real", "manual", "auto"]
Retired = Literal["serve", "gone"]

MARKER = "understudy"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a test says with `@pytest.mark.understudy(...)`; no provider means all.

    A `scenario` is a path, relative to the test's own folder. With `strict`, a violation fails
    the test, else it warns. What a vendor has withdrawn is served, unless `retired` is "gone".
    `block` refuses calls to hosts that are no vendor's, and `modules`
    names the code whose sleeps move the clock.
    """

    providers: tuple[str, ...] = ()
    time: Time = "auto"
    seed: int = 0
    scenario: str = ""
    strict: bool = True
    block: bool = False
    modules: tuple[str, ...] = ()
    retired: Retired = "serve"
    named: frozenset[str] = frozenset()
    """What the test or the command line says itself: it counts more than a scenario's file."""

    def load_into(self, fake: "Fake") -> None:
        """Play the scenario, if there is one."""
        if self.scenario:
            seed = self.seed if "seed" in self.named else None
            time = self.time if "time" in self.named else None
            fake.load_scenario(self.scenario, seed=seed, time=time)


def settings_of(item: pytest.Item | pytest.FixtureRequest) -> Settings:
    """What holds for the test that asks."""
    node = item.node if isinstance(item, pytest.FixtureRequest) else item
    chosen = _usual(node.config)
    for marker in reversed(list(node.iter_markers(MARKER))):
        chosen = _changed(chosen, marker, Path(node.path).parent)
    return chosen


def _usual(config: pytest.Config) -> Settings:
    seed = config.getoption("understudy_seed")
    strict = config.getoption("understudy_strict") or config.getini("understudy_strict")
    if strict not in ("fail", "warn"):
        raise pytest.UsageError(f"understudy_strict is {strict!r}; it may be 'fail' or 'warn'.")
    written = str(config.getini("understudy_seed"))
    if seed is None and not written.removeprefix("-").isdecimal():
        raise pytest.UsageError(f"understudy_seed is {written!r}; it must be a whole number.")
    return Settings(
        providers=tuple(config.getini("understudy_providers")),
        time=_time(str(config.getini("understudy_time"))),
        seed=int(written) if seed is None else int(seed),
        strict=strict == "fail",
        block=bool(config.getoption("understudy_block") or config.getini("understudy_block")),
        modules=tuple(config.getini("understudy_modules")),
        retired=_retired(str(config.getini("understudy_retired"))),
        named=frozenset() if seed is None else frozenset({"seed"}),
    )


def _changed(settings: Settings, marker: pytest.Mark, folder: Path) -> Settings:
    known = {each.name for each in fields(Settings)} - {"named"}
    given: dict[str, object] = dict(marker.kwargs)
    if unknown := sorted(given.keys() - known):
        raise pytest.UsageError(
            f"@pytest.mark.understudy takes {', '.join(sorted(known))}; it was given"
            f" {', '.join(unknown)}."
        )
    if marker.args:
        given["providers"] = (*marker.args, *_words(given.get("providers", ())))
    for name in ("providers", "modules"):
        if name in given:
            given[name] = _words(given[name])
    if "time" in given:
        given["time"] = _time(str(given["time"]))
    if "retired" in given:
        given["retired"] = _retired(str(given["retired"]))
    if given.get("scenario"):
        given["scenario"] = str(folder / str(given["scenario"]))
    given["named"] = settings.named | given.keys()
    return replace(settings, **cast("Mapping[str, object]", given))  # type: ignore[arg-type]


def _words(given: object) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    if isinstance(given, str):
        return (given,)
    return tuple(str(each) for each in cast("tuple[object, ...]", given))


def _time(given: str) -> Time:
    if given not in ("real", "manual", "auto"):
        raise pytest.UsageError(f"time is {given!r}; it may be 'real', 'manual' or 'auto'.")
    return cast("Time", given)


def _retired(given: str) -> Retired:
    if given not in ("serve", "gone"):
        raise pytest.UsageError(f"retired is {given!r}; it may be 'serve' or 'gone'.")
    return cast("Retired", given)
