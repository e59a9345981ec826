"""Receivers in this process: a callable, an ASGI or a WSGI application, without any network."""

import asyncio
import io
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeAlias
from urllib.parse import SplitResult, unquote, urlsplit

from understudy.mocks.delivery import Answered, Parcel
from understudy.mocks.outlet import Receiver

Take: TypeAlias = Callable[[Parcel], "Answered | int | None"]
"""What a test gives: it takes a parcel and answers a status, all of it, or None for 200."""

Asgi: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]
Wsgi: TypeAlias = Callable[[Any, Any], Iterable[bytes]]


def from_callable(take: Take) -> Receiver:
    """A receiver that calls `take`. An exception counts as a 500; a failed assertion is raised."""

    def receive(parcel: Parcel) -> Answered:
        try:
            given = take(parcel)
        except AssertionError:
            raise
        except Exception as error:  # noqa: BLE001  # a receiver may raise anything
            return Answered(500, error=f"{type(error).__name__}: {error}")
        if isinstance(given, Answered):
            return given
        return Answered(200 if given is None else given)

    return receive


def from_asgi(application: Asgi) -> Receiver:
    """A receiver that is an ASGI application; it is called in a thread with a loop of its own.

    Its lifespan is not run. An exception that leaves it counts as a 500.
    """

    def receive(parcel: Parcel) -> Answered:
        answers: list[Answered] = []

        def run() -> None:
            try:
                answers.append(asyncio.run(_asked(application, parcel)))
            except Exception as error:  # noqa: BLE001  # a receiver may raise anything
                answers.append(Answered(500, error=f"{type(error).__name__}: {error}"))

        thread = threading.Thread(target=run, name="understudy:receiver")
        thread.start()
        thread.join()
        return answers[0] if answers else Answered(None, error="The receiver was stopped.")

    return receive


def from_wsgi(application: Wsgi) -> Receiver:
    """A receiver that is a WSGI application. An exception that leaves it counts as a 500."""

    def receive(parcel: Parcel) -> Answered:
        try:
            return _called(application, parcel)
        except Exception as error:  # noqa: BLE001  # a receiver may raise anything
            return Answered(500, error=f"{type(error).__name__}: {error}")

    return receive


async def _asked(application: Asgi, parcel: Parcel) -> Answered:
    parts = urlsplit(parcel.url)
    inbox = [{"type": "http.request", "body": parcel.body, "more_body": False}]
    status, body = 0, bytearray()

    async def receive() -> dict[str, Any]:
        return inbox.pop() if inbox else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    await application(_scope(parts, parcel), receive, send)
    return Answered(status or 500, body.decode("utf-8", "replace"))


def _scope(parts: SplitResult, parcel: Parcel) -> dict[str, Any]:
    lines = [("Host", parts.netloc), ("Content-Length", str(len(parcel.body))), *parcel.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": parts.scheme,
        "path": unquote(parts.path or "/"),
        "raw_path": (parts.path or "/").encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in lines],
        "client": ("127.0.0.1", 0),
        "server": (parts.hostname or "", _port(parts)),
    }


def _called(application: Wsgi, parcel: Parcel) -> Answered:
    parts = urlsplit(parcel.url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path or "/"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(_port(parts)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(parcel.body)),
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(parcel.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in parcel.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    lines: list[str] = []

    def start(status: str, headers: Any, failure: Any = None) -> Callable[[bytes], object]:
        lines.append(status)
        return written.append

    written: list[bytes] = []
    pieces = application(environ, start)
    try:
        body = b"".join([*pieces])
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    return Answered(
        int(lines[-1].split()[0]), b"".join((*written, body)).decode("utf-8", "replace")
    )


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
