"""A medium at the beginning of a task: how its magic words end it, and how it is kept meanwhile."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import cast

from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.mocks.generate.medium import Medium
from understudy.mocks.task import Outcome

SLOW = 10.0


def ending(medium: Medium, lifecycle: Lifecycle) -> Outcome:
    """What the magic words in a medium's name, title or URL ask of a task."""
    if medium.outcome == "fail":
        return Outcome(status=lifecycle.failure().status)
    if medium.outcome == "stuck":
        return Outcome(stuck=True)
    return Outcome(slow=SLOW) if medium.outcome == "slow" else Outcome()


def kept(medium: Medium) -> dict[str, Json]:
    """The medium as plain values, for a resource's `hidden`."""
    return asdict(medium)


def known(hidden: Mapping[str, Json]) -> Medium:
    """The medium that `kept` put away under the name "medium"."""
    return Medium(**cast("dict[str, str]", hidden["medium"]))  # type: ignore[arg-type]
