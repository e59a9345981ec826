"""A webhook delivery: what is sent where, every attempt at it, how it is sent, what came of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from understudy.contracts.json import Json
from understudy.mocks.signature import HEADER

State = Literal["pending", "delivered", "failed", "lost"]
"""Still to be sent or answered; answered with 2xx; given up; never sent, by a fault."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: when it was due, on the tenant's clock, and what came of it.

    `status` is None where no answer came, and `error` then says why; before it has `ended`,
    nothing is known yet. `body` is the start of what the receiver answered.
    """

    number: int
    at: float
    headers: tuple[tuple[str, str], ...]
    status: int | None = None
    body: str = ""
    error: str = ""
    ended: bool = False


@dataclass(slots=True, eq=False)
class Delivery:
    """An event that is told to a URL of the caller's, however many attempts that takes.

    The body was fixed when it was queued, at the instant `at`. `event` is a short label
    ("callback", "video.ready"), `about` the id of the resource it speaks of. `signature` is the
    header in which it is signed, if it is.
    """

    id: str
    tenant: str
    provider: str
    url: str
    body: bytes
    event: str
    about: str
    at: float
    state: State = "pending"
    attempts: list[Attempt] = field(default_factory=list)
    signature: str = HEADER

    @property
    def content(self) -> Json:
        """What is told, as JSON."""
        return _read(self.body)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One attempt on its way: exactly what is sent, and to where.

    `number` counts the attempts of the delivery; `line` tells its copies apart, each of which
    is retried by itself, and `tries` counts the attempts of that line.
    """

    delivery: str
    tenant: str
    number: int
    line: int
    tries: int
    at: float
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def json(self) -> Json:
        """The body as JSON."""
        return _read(self.body)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of sending a parcel: a status, or None and why no answer came.

    With `final` it is not tried again, because that would end the same way.
    """

    status: int | None
    body: str = ""
    error: str = ""
    final: bool = False

    @property
    def good(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Dispatch:
    """How the deliveries of a fake are sent.

    With a `secret` each carries a signature (`signature.py`). `registered` are the URLs, by
    provider, that are told of what a vendor tells only those registered in its console.
    `backoff` are the seconds between the attempts, divided by the clock's speed; its length is
    the number of retries. `timeout` is in real seconds.
    """

    secret: str = ""
    backoff: tuple[float, ...] = (5.0, 30.0, 120.0, 600.0)
    timeout: float = 10.0
    registered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def written(content: Json) -> bytes:
    """The body of a delivery: JSON, of whole numbers of any size, because callers may send such."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _read(body: bytes) -> Json:
    content: Json = json.loads(body)
    return content
