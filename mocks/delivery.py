"""A webhook delivery: what is sent where, every attempt at it, and the seam where faults act."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from understudy.contracts.json import Json

State = Literal["pending", "delivered", "failed", "lost"]
"""Still to be sent or answered; answered with 2xx; given up; never sent, by a fault."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when it was due, on the tenant's clock, and what came of it.

    `status` is None where no answer came, and `error` then says why. `body` is the start of
    what the receiver answered.
    """

    number: int
    at: float
    headers: tuple[tuple[str, str], ...]
    status: int | None = None
    body: str = ""
    error: str = ""


@dataclass(slots=True, eq=False)
class Delivery:
    """An event that is told to a URL of the caller's, however many attempts that takes.

    `content` was fixed when it was queued, at the instant `at`. `event` is a short label
    ("callback", "video.ready"), `about` the id of the resource it speaks of.
    """

    id: str
    tenant: str
    provider: str
    url: str
    content: Json
    event: str
    about: str
    at: float
    state: State = "pending"
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fate:
    """What a fault does to a delivery: lost, sent in several copies, late, or out of order.

    `late` is in seconds on the clock; `behind` holds it back until a later one was sent.
    """

    lost: bool = False
    copies: int = 1
    late: float = 0.0
    behind: bool = False


class DeliveryFault(Protocol):
    """A fault that is asked once about each delivery, when it is queued."""

    def fate(self, delivery: Delivery) -> Fate | None:
        """What becomes of it; None when this fault has nothing to do with it."""
        ...
