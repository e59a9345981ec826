"""A real `understudy serve` process on a free loopback port, for checks that need a port."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PROGRAM = (sys.executable, "-m", "understudy")
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Live:
    """A running server: its base URL without a trailing slash, its process id, its output file."""

    url: str
    pid: int
    output: Path

    def said(self) -> str:
        """Everything that the server has printed."""
        return self.output.read_text(encoding="utf-8", errors="replace")


@contextmanager
def live_server(*arguments: str, program: Sequence[str] = PROGRAM) -> Iterator[Live]:
    """Serve with `arguments` on a free port until the block ends; raises if it does not come up."""
    with tempfile.TemporaryDirectory(prefix="understudy-") as folder:
        output = Path(folder) / "output.txt"
        with output.open("wb") as sink:
            process = subprocess.Popen(
                [*program, "serve", "--port", "0", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        try:
            yield Live(_address(process, output), process.pid, output)
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: "subprocess.Popen[bytes]", output: Path) -> str:
    """The URL that the server printed, once it answers there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said = output.read_text(encoding="utf-8", errors="replace")
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{said}")
        found = re.search(r"http://127\.0\.0\.1:[0-9]+", said)
        if found and _healthy(found[0]):
            return found[0]
        time.sleep(0.05)
    raise RuntimeError(f"the server was not up after {PATIENCE:.0f} s:\n{said}")


def _healthy(url: str) -> bool:
    try:
        with urlopen(f"{url}/_understudy/health", timeout=5) as reply:
            return bool(reply.status == 200)
    except (URLError, TimeoutError, ConnectionError):
        return False
