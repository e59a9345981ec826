"""The guide's four steps run as they stand: as a program against a port, and in process."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from live import live_server

from understudy.mocks import Fake

FILE = Path(__file__).parent / "mixpeek_guide.py"
ORDER = ["INITIALIZING", "QUEUED", "DOWNLOADING", "PROCESSING", "UPLOADING", "DONE"]


def test_guide__on_a_port() -> None:
    """Each poll of the server is a step, so the program sees every status in its order."""
    with live_server("mixpeek", "--time", "auto", "--strict") as server:
        environ = {**os.environ, "MIXPEEK_BASE_URL": f"{server.url}/mixpeek", "PAUSE": "0.001"}
        ran = subprocess.run(
            [sys.executable, FILE], env=environ, capture_output=True, text=True, timeout=300
        )
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[:7] == ["Video URL processing queued", *ORDER]
    assert len(lines) == 7 + 6  # a video of unknown length counts as sixty seconds
    assert all(line.startswith("video ") and line.endswith(" 1408") for line in lines[7:])


def test_guide__in_process(capsys: pytest.CaptureFixture[str]) -> None:
    """The vendor's own host, answered without a port; the program's sleep moves the clock."""
    spec = importlib.util.spec_from_file_location("mixpeek_guide", FILE)
    assert spec is not None and spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    with Fake("mixpeek", time="auto") as fake:
        vectors = program.main()
        assert [entry.status for entry in fake.journal] == [200] * len(fake.journal)
    assert [len(vector) for vector in vectors.values()] == [1408] * 6
    seen = [line for line in capsys.readouterr().out.splitlines() if line in ORDER]
    assert list(dict.fromkeys(seen)) == [status for status in ORDER if status in seen]
