"""Somebody's receiver of webhooks: it notes each video's status and sends an invoice when ready.

Two versions of it: the first works in every demonstration, the second in production.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]


class Books:
    """What the application stores."""

    def __init__(self) -> None:
        self.statuses: dict[str, str] = {}
        self.invoices: list[str] = []


class Receiver:
    """An ASGI application at `/hooks/video`; any framework's would do as well."""

    def __init__(self) -> None:
        self.books = Books()

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Take one callback and answer 204."""
        told = json.loads((await receive())["body"])
        self.take(told["videoNo"], told["status"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def take(self, video: str, status: str) -> None:
        """Note a status. The bug: every callback that says so sends an invoice."""
        self.books.statuses[video] = status
        if status == "PARSE":
            self.books.invoices.append(video)


class CarefulReceiver(Receiver):
    """The same, for callbacks that come twice, late or in another order."""

    def take(self, video: str, status: str) -> None:
        """Note a status that is news; what is final stays so."""
        if self.books.statuses.get(video) == "PARSE":
            return
        super().take(video, status)
