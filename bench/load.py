"""Load on a port: wrk where it is installed, else a small client of our own in its own process.

Both keep a number of connections busy with one request and answer how many came back with the
expected status. The table says which was used.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.process import cores

CONNECTIONS = 16
WRK = shutil.which("wrk")


@dataclass(frozen=True, slots=True)
class Shot:
    """The one request of a load."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: str = ""


def fire(port: int, shot: Shot, *, status: int = 200, seconds: float = 2.0, core: int = 1) -> int:
    """How many requests were answered; RuntimeError when replies have another status."""
    load = _wrk if WRK else _ours
    return load(port, shot, status, seconds, core)


def tool() -> str:
    """The name of what makes the load."""
    return "wrk" if WRK else "own load client"


def _prefix(core: int) -> list[str]:
    found = cores() if shutil.which("taskset") else []
    return ["taskset", "-c", str(found[core])] if found else []


def _wrk(port: int, shot: Shot, status: int, seconds: float, core: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "shot.lua"
        lines = [f"wrk.headers[{name!r}] = {value!r}" for name, value in shot.headers.items()]
        lines += [f"wrk.method = {shot.method!r}", f"wrk.body = {shot.body!r}", _COUNT]
        script.write_text("\n".join(lines), encoding="ascii")
        command = [
            *_prefix(core), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s",
            "-s", str(script), f"http://127.0.0.1:{port}{shot.path}", "--", str(status),
        ]  # fmt: skip
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wrong = re.search(r"wrong: (\d+)", said)
    if wrong is None or int(wrong[1]):
        raise RuntimeError(f"replies other than {status} from {shot.path}:\n{said}")
    return int(re.findall(r"(\d+) requests in", said)[0])


# Each thread counts the replies whose status is not the one named on the command line.
_COUNT = """
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init(args) expected = tonumber(args[1]); wrong = 0 end
function response(status) if status ~= expected then wrong = wrong + 1 end end
function done(summary)
  local all = summary.errors.read + summary.errors.timeout + summary.errors.connect
  for _, thread in ipairs(threads) do all = all + thread:get("wrong") end
  io.write("wrong: " .. all .. "\\n")
end
"""


def _ours(port: int, shot: Shot, status: int, seconds: float, core: int) -> int:
    lines = [f"{shot.method} {shot.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in shot.headers.items()]
    if shot.body:
        lines.append(f"Content-Length: {len(shot.body)}")
    request = "\r\n".join(lines) + "\r\n\r\n" + shot.body
    command = [
        *_prefix(core), sys.executable, "-m", "bench.load", str(port), str(status), str(seconds)
    ]  # fmt: skip
    ran = subprocess.run(command, input=request, capture_output=True, text=True)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return int(ran.stdout)


class _Connection(asyncio.Protocol):
    """One request after another until the time is over; replies must carry Content-Length."""

    def __init__(self, request: bytes, status: bytes, deadline: float) -> None:
        self.count = 0
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._request = request
        self._status = status
        self._deadline = deadline
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        held = self._held + data
        head = held.find(b"\r\n\r\n")
        if head < 0:
            self._held = held
            return
        at = held[:head].lower().find(b"content-length:")
        length = int(held[at + 15 : held.find(b"\r\n", at)]) if at >= 0 else 0
        if len(held) < head + 4 + length:
            self._held = held
            return
        self._held = b""
        self.count += 1
        if held[9:12] != self._status:
            self._end(held[:200].decode("latin-1"))
        elif time.perf_counter() > self._deadline:
            self._end("")
        else:
            self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end("the connection was closed")

    def _end(self, trouble: str) -> None:
        if not self.over.done():
            self.over.set_result(trouble)
            self._transport.close()


async def _load(port: int, request: bytes, status: bytes, seconds: float) -> int:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    made = [
        await loop.create_connection(
            lambda: _Connection(request, status, began + seconds), "127.0.0.1", port
        )
        for _ in range(CONNECTIONS)
    ]
    connections = [connection for _, connection in made]
    for trouble in await asyncio.gather(*(connection.over for connection in connections)):
        if trouble:
            raise SystemExit(f"expected {status.decode()}: {trouble}")
    return sum(one.count for one in connections)


if __name__ == "__main__":
    sent = sys.stdin.read().encode("ascii")
    work = _load(int(sys.argv[1]), sent, sys.argv[2].encode(), float(sys.argv[3]))
    try:
        import uvloop
    except ImportError:
        print(asyncio.run(work))
    else:
        print(uvloop.run(work))
