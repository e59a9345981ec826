"""A fault: a rule that changes exchanges, a task's course or a delivery, as a plain value."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, cast, get_args

from understudy.contracts.json import Json
from understudy.mocks.errors import FakeError
from understudy.mocks.node import Node, Unfit

Exchanged = Literal[
    "status",
    "latency",
    "refused",
    "reset",
    "truncated",
    "garbled",
    "broken-chunk",
    "cut",
    "breach",
    "results-missing",
    "polls-down",
    "unknown-status",
    "backwards",
]
"""Faults of one exchange; the last four look at the task that the exchange is about."""

Planned = Literal["stuck", "fail", "slow", "vanish"]
"""Faults of a task's course, laid down when the task begins."""

Delivered = Literal["lost", "late", "duplicate", "reordered"]
"""Faults of a delivery, laid down when it is queued."""

Kind = Literal[Exchanged, Planned, Delivered]
Breach = Literal["missing", "type", "enum"]

EXCHANGED = frozenset(get_args(Exchanged))
PLANNED = frozenset(get_args(Planned))
DELIVERED = frozenset(get_args(Delivered))
KINDS: tuple[str, ...] = (*get_args(Exchanged), *get_args(Planned), *get_args(Delivered))

UNKNOWN_STATUS = "understudy-unknown"
"""What a task is shown in that nobody has declared, and the value no enum has."""


class FaultError(FakeError):
    """A fault cannot be understood, or names what is not there; `pointer` says which part."""

    def __init__(self, problem: str, pointer: str = "") -> None:
        super().__init__(problem)
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, for which exchanges, tasks or deliveries, and how often.

    Which: `provider`, `operation`, `task` (an id; empty for any), `at` (the status the task is
    in), `event` (a delivery's), each empty for any. How often: from the `nth` match on, `times`
    times (None: once with `nth`, else always), in `probability` of the matches, for `seconds`
    of the tenant's clock since it first struck.

    What: `status`, `message`, `code` and `retry_after` of a refusal; `delay` in seconds;
    `after` bytes or pieces; the `body` in place of the real one; which `breach` at which
    `pointer`; `reason`, `percent` and `factor` of a task's course; the status `shown` instead.
    """

    kind: Kind
    id: str = ""
    provider: str = ""
    operation: str = ""
    task: str = ""
    at: str = ""
    event: str = ""
    nth: int | None = None
    times: int | None = None
    probability: float = 1.0
    seconds: float | None = None
    status: int | None = None
    message: str = ""
    code: str = ""
    retry_after: float | None = None
    delay: float | None = None
    after: int | None = None
    body: str | None = None
    breach: Breach | None = None
    pointer: str | None = None
    reason: str = ""
    percent: float | None = None
    factor: float | None = None
    shown: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FaultError(f"kind is {self.kind!r}; it may be one of {', '.join(KINDS)}.", "kind")
        usual = {each.name: each.default for each in fields(self)}
        own = _OWN[self.kind]
        for name, default in usual.items():
            if name in _COMMON or name in own or getattr(self, name) == default:
                continue
            takes = ", ".join(own) or "nothing of its own"
            raise FaultError(
                f"A fault of kind {self.kind!r} takes no {name!r}; it takes {takes}, beside"
                f" {', '.join(sorted(_COMMON - {'kind', 'id'}))}.",
                name,
            )
        for name in _NEEDED.get(self.kind, ()):
            if getattr(self, name) is None:
                raise FaultError(f"A fault of kind {self.kind!r} needs {name!r}.", name)

    @property
    def first(self) -> int:
        """The number of the first match that is struck, from 1."""
        return self.nth or 1

    @property
    def most(self) -> int | None:
        """How many matches are struck at most; None for all of them."""
        if self.times is None and (self.nth is not None or self.kind == "backwards"):
            return 1
        return self.times

    @property
    def lasting(self) -> float | None:
        """Seconds on the clock for which it strikes once it has begun to; None without end."""
        if self.seconds is None and self.times is None:
            return 30.0 if self.kind == "results-missing" else self.retry_after
        return self.seconds

    @property
    def label(self) -> str:
        """What a journal says: the id, the kind, and what tells it from others of its kind."""
        more = (self.status, self.breach, self.shown or None, self.at or None)
        told = [str(each) for each in more if each is not None]
        return " ".join((self.id, self.kind, *told)).strip()


_WHEN = ("nth", "times", "probability", "seconds")
_COMMON = frozenset({"kind", "id", "provider", "operation", "task", "at", *_WHEN})

_REFUSAL = ("status", "message", "code", "retry_after")
_OWN: Mapping[str, tuple[str, ...]] = {
    "status": _REFUSAL,
    "latency": ("delay",),
    "refused": (),
    "reset": (),
    "truncated": ("after",),
    "garbled": ("body",),
    "broken-chunk": ("after",),
    "cut": ("after",),
    "breach": ("breach", "pointer"),
    "results-missing": _REFUSAL,
    "polls-down": _REFUSAL,
    "unknown-status": ("shown",),
    "backwards": ("shown",),
    "stuck": (),
    "fail": ("percent", "reason", "code"),
    "slow": ("factor",),
    "vanish": (),
    "lost": ("event",),
    "late": ("event", "delay"),
    "duplicate": ("event", "delay"),
    "reordered": ("event",),
}
"""What the faults of each kind may say beside what all of them may."""

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "status": ("status",),
    "latency": ("delay",),
    "breach": ("breach",),
}


def read(node: Node) -> Fault:
    """The fault that a mapping describes; FaultError says which part of it is wrong."""
    try:
        return _read(node)
    except Unfit as error:
        end = "" if error.problem.endswith("?") else "."
        raise FaultError(f"{error.problem}{end}", error.pointer) from None
    except FaultError as error:
        raise FaultError(str(error), f"{node.pointer}/{error.pointer}") from None


def written(fault: Fault) -> dict[str, Json]:
    """The fault as a mapping, without what is as usual."""
    found: dict[str, Json] = {}
    for each in fields(fault):
        value: Json = getattr(fault, each.name)
        if value != each.default:
            found[each.name] = value
    return found


def _read(node: Node) -> Fault:
    node.keys(tuple(each.name for each in fields(Fault)))
    percent, factor = node.at("percent"), node.at("factor")
    return Fault(
        kind=cast(Kind, node.at("kind").one_of(KINDS)),
        id=node.at("id").text(""),
        provider=node.at("provider").text(""),
        operation=node.at("operation").text(""),
        task=node.at("task").text(""),
        at=node.at("at").text(""),
        event=node.at("event").text(""),
        nth=_whole(node, "nth", 1),
        times=_whole(node, "times", 1),
        probability=node.at("probability").number(0, 1, default=1.0),
        seconds=_number(node, "seconds"),
        status=_whole(node, "status", 200, 599),
        message=node.at("message").text(""),
        code=node.at("code").text(""),
        retry_after=_number(node, "retry_after"),
        delay=_number(node, "delay"),
        after=_whole(node, "after", 0),
        body=node.at("body").text() if node.has("body") else None,
        breach=_breach(node.at("breach")),
        pointer=node.at("pointer").text() if node.has("pointer") else None,
        reason=node.at("reason").text(""),
        percent=percent.number(0, 100) if percent.value is not None else None,
        factor=factor.number(0.001, 1e6) if factor.value is not None else None,
        shown=node.at("shown").text(""),
    )


def _whole(node: Node, name: str, least: int, most: int = 2**63) -> int | None:
    return node.at(name).whole(least, most) if node.has(name) else None


def _number(node: Node, name: str) -> float | None:
    return node.at(name).number(0, 315_360_000) if node.has(name) else None


def _breach(node: Node) -> Breach | None:
    if node.value is None:
        return None
    return cast(Breach, node.one_of(get_args(Breach)))
