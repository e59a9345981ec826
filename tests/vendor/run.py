"""Run the vendors' own SDKs, unmodified, each in an environment of its own, against a real port.

`make vendor` runs all; `make vendor ARGS=twelvelabs_1_0_2` runs one. A program `NAME.py` beside
this file comes with `NAME.txt`, the exact versions it runs with. The environments stay in
`.vendor/` and are made anew when the versions change.
"""

import subprocess
import sys
import venv
from pathlib import Path

from tests.live import live_server
from tests.media import mp4

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def environment(name: str) -> Path:
    """The Python of the SDK's environment, with exactly the versions that `NAME.txt` locks."""
    lock = HERE / f"{name}.txt"
    folder = ROOT / ".vendor" / name
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    ready = folder / "ready.txt"
    if not ready.is_file() or ready.read_text() != lock.read_text():
        venv.create(folder, with_pip=True, clear=True)
        quiet = ("--quiet", "--disable-pip-version-check", "--no-deps")
        subprocess.run([python, "-m", "pip", "install", *quiet, "-r", lock], check=True)
        ready.write_text(lock.read_text())
    return python


def play(name: str) -> bool:
    """Run one program against a fresh server; its own output says what passed."""
    python = environment(name)
    film = ROOT / ".vendor" / name / "film.mp4"
    film.write_bytes(mp4(duration=12.0))
    with live_server("--time", "auto") as server:
        command = [python, HERE / f"{name}.py", server.url, film]
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=120)
        if ran.returncode:
            print(f"{name}: failed; the server said:\n{server.said()}", file=sys.stderr)
    return ran.returncode == 0


def main(names: list[str]) -> int:
    """Exit code 0 when every program passed."""
    programs = names or sorted(path.stem for path in HERE.glob("*.txt"))
    passed = [play(name) for name in programs]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
