"""Let Schemathesis look for replies off contract, in all its phases and with a fixed seed.

The server runs with one API key, so that wrong keys are refused and the checks on authentication
mean something. Further arguments go to `st run`.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.live import live_server

HERE = Path(__file__).resolve().parent
SPEC = HERE.parent.parent / "specs" / "twelvelabs" / "v1.3-2025.yaml"
KEY = "fuzz-key"


def main(arguments: list[str]) -> int:
    """Schemathesis' exit code: 0 when it finds nothing."""
    with live_server("twelvelabs", "--time", "auto", "--api-key", KEY) as server:
        st = [sys.executable, "-m", "schemathesis.cli"]
        command = [*st, "--config-file", str(HERE / "schemathesis.toml"), "run", str(SPEC)]
        command += ["--url", f"{server.url}/twelvelabs/v1.3", "--header", f"x-api-key:{KEY}"]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        ran = subprocess.run([*command, *arguments], stdin=subprocess.DEVNULL, env=environment)
        off = [line for line in server.said().splitlines() if "off contract" in line]
    for line in off[:20]:
        print(line, file=sys.stderr)
    print(f"{0 if ran.returncode or off else 1} passed, {1 if ran.returncode or off else 0} failed")
    return ran.returncode or bool(off)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
