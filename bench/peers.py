"""What understudy is measured against on a port: `python -m bench.peers NAME PORT BODY_FILE`.

`starlette` is a bare application of sixty routes that validates nothing; `raw` is an ASGI
callable that looks at nothing. Both answer the bytes of BODY_FILE, so that replies are equal.
"""

import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ROUTES = 60
LATE = 48
"""The route that is asked for: the one that a linear search reaches late."""

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def starlette(body: bytes) -> Application:
    """Sixty routes, each with a parameter, and nothing else."""

    async def answer(request: Request) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route(f"/r{n}/{{id}}", answer) for n in range(ROUTES)])


def raw(body: bytes) -> Application:
    """The least that an ASGI server can be asked to do."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


if __name__ == "__main__":
    make = {"starlette": starlette, "raw": raw}[sys.argv[1]]
    uvicorn.run(
        make(Path(sys.argv[3]).read_bytes()),
        port=int(sys.argv[2]),
        http="httptools",
        access_log=False,
        log_level="warning",
        lifespan="off",
    )
