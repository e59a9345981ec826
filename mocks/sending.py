"""A delivery on its way: the event at which a copy of it is due, and the parcel that it becomes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.contracts.json import Json
from understudy.mocks.delivery import Delivery, Parcel
from understudy.mocks.signature import signed

if TYPE_CHECKING:
    from understudy.mocks.deliveries import Deliveries


@dataclass(frozen=True, slots=True)
class Post:
    """What deliveries have beside their log: counters, what is held back, what is to be taken."""

    ids: int
    lines: int
    dropped: int
    back: tuple[tuple[str, int], ...]
    outbox: tuple[Parcel, ...]


@dataclass(slots=True, eq=False)
class Sending:
    """The event at which a copy of a delivery is due."""

    deliveries: "Deliveries"
    delivery: Delivery
    line: int
    tries: int
    at: float

    @property
    def label(self) -> str:
        """The delivery, its event, and what it is about."""
        made = self.delivery
        return " ".join(filter(None, ("delivery", made.id, made.event, made.about)))

    @property
    def place(self) -> dict[str, Json]:
        """What a snapshot keeps of it."""
        return {
            "id": self.delivery.id,
            "line": self.line,
            "tries": self.tries,
            "planned": self.at,
        }

    def parcel(self, number: int, at: float, secret: str) -> Parcel:
        """What is sent at the instant `at` as the delivery's attempt of that number."""
        made = self.delivery
        headers = [
            ("Content-Type", "application/json"),
            ("User-Agent", "understudy-webhooks"),
            ("X-Understudy-Delivery", made.id),
            ("X-Understudy-Event", made.event),
            ("X-Understudy-Attempt", str(self.tries)),
        ]
        if secret:
            headers.append((made.signature, signed(secret, at, made.body)))
        return Parcel(
            made.id,
            made.tenant,
            number,
            self.line,
            self.tries,
            at,
            made.url,
            tuple(headers),
            made.body,
        )

    def fire(self, at: float) -> None:
        """It is due."""
        self.deliveries.due(self, at)
