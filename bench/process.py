"""Servers as processes of their own: started, waited for, weighed and ended."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

PATIENCE = 60.0
BYTECODE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True, slots=True)
class Program:
    """How to start a server on a port, and a request that it answers with 200 when it is up."""

    name: str
    command: Sequence[str]
    path: str
    headers: Mapping[str, str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: its port, its process id, and seconds from start to the first 200."""

    port: int
    pid: int
    took: float


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def python(
    name: str, *arguments: str, path: str, headers: Mapping[str, str] | None = None
) -> Program:
    """A server that is a Python module; PORT in the arguments is replaced."""
    return Program(name, (sys.executable, "-m", *arguments), path, headers or {}, {})


def _usual() -> dict[str, str]:
    """The environment, with bytecode kept as usual: packages bring theirs, a checkout makes it
    at its first start, and only a start after that is compared with theirs."""
    return {name: value for name, value in os.environ.items() if name != BYTECODE}


@contextmanager
def running(program: Program, *, core: int | None = None) -> Iterator[Running]:
    """The server, pinned to a core where the system can; raises with its output if it fails."""
    port = free_port()
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [part.replace("PORT", str(port)) for part in program.command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**_usual(), **program.environment},
        )
        try:
            if core is not None:
                pin(process.pid, core)
            took = _first_answer(process, program, port, began)
            if took is None:
                output.seek(0)
                raise RuntimeError(f"{program.name} did not start:\n{output.read().decode()}")
            yield Running(port, process.pid, took)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _first_answer(
    process: "subprocess.Popen[bytes]", program: Program, port: int, began: float
) -> float | None:
    while process.poll() is None and time.perf_counter() - began < PATIENCE:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", program.path, headers=dict(program.headers))
            if connection.getresponse().status == 200:
                return time.perf_counter() - began
        except (OSError, EOFError):
            pass
        finally:
            connection.close()
        time.sleep(0.002)
    return None


def cores() -> list[int]:
    """The cores that this process may use, which need not begin at 0; none if it may not choose."""
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return found if len(found) > 1 else []


def pin(pid: int, core: int) -> None:
    """Keep a process on the first (0) or the second (1) core, where there are two to choose of."""
    if found := cores():
        os.sched_setaffinity(pid, {found[core]})


def megabytes(pid: int) -> float | None:
    """The memory that a process holds, None where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def cpu_seconds(pid: int) -> float | None:
    """The processor time that a process has used, None where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
