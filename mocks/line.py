"""The connection below an ASGI `send`, for faults that ASGI has no message for.

Uvicorn's `send` belongs to an object that holds the connection. Where there is none (a test
client, another server) the fault is an exception, which those make a broken exchange of.
"""

import socket
import struct
from typing import Any

_AT_ONCE = struct.pack("ii", 1, 0)
"""No lingering: closing sends a reset, as a process that has died would."""


class Broken(ConnectionError):
    """Raised to a server whose connection cannot be reached: the exchange ends here."""


class Line:
    """The connection that one reply is sent on."""

    def __init__(self, send: Any) -> None:
        self._transport: Any = getattr(getattr(send, "__self__", None), "transport", None)

    def reset(self) -> None:
        """End the connection with a reset and nothing more."""
        connection = self._reached().get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._transport.abort()

    def end(self, last: bytes = b"") -> None:
        """Send what was given so far, and `last`, then close without the end of the body."""
        transport = self._reached()
        if last:
            transport.write(last)
        transport.close()

    def _reached(self) -> Any:
        if self._transport is None:
            raise Broken("a fault of this test ends the connection here")
        return self._transport
