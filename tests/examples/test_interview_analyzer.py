"""The interview analyser runs as it stands: as a program against a port, and in process."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import httpx2
import pytest
from live import live_server
from media import mp4

from understudy.mocks import Fake

FILE = Path(__file__).parent / "interview_analyzer.py"
ENGINES = [
    {"engine_name": "marengo2.6", "engine_options": ["visual", "conversation"]},
    {"engine_name": "pegasus1.1", "engine_options": ["visual", "conversation"]},
]
KEY = {"x-api-key": "tlk_interview"}


@pytest.fixture(scope="module")
def program() -> ModuleType:
    """The example as a module."""
    spec = importlib.util.spec_from_file_location("interview_analyzer", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A recorded answer."""
    file = tmp_path / "answer.mp4"
    file.write_bytes(mp4(40.0))
    return file


def new_index(api: httpx2.Client) -> str:
    """The index that the demo asks its user to make in the vendor's console."""
    made = api.post("/indexes", json={"index_name": "interview test", "engines": ENGINES})
    return str(made.raise_for_status().json()["_id"])


def judged(found: dict[str, object]) -> None:
    """Six scores from 1 to 10, and a list of points."""
    points = found.pop("imp_points")
    assert isinstance(points, list) and points and all(isinstance(each, str) for each in points)
    assert len(found) == 6
    assert all(isinstance(score, int) and 1 <= score <= 10 for score in found.values())


def test_analyzer__in_process(program: ModuleType, recording: Path) -> None:
    """Its own sleeps move the clock: a minute of indexing takes no time."""
    with Fake("twelvelabs", time="manual") as fake:
        base = program.BASE_URL
        with httpx2.Client(transport=fake.transport(), base_url=base, headers=KEY) as api:
            index = new_index(api)
            slept: list[float] = []

            def sleep(seconds: float) -> None:
                slept.append(seconds)
                fake.clock.advance(seconds)

            judged(program.analyze(api, index, recording, sleep=sleep))
        assert set(slept) == {program.INTERVAL} and len(slept) >= 12


def test_analyzer__sees_a_failure(program: ModuleType, recording: Path, tmp_path: Path) -> None:
    """A recording that cannot be indexed, an index that is not there, a key that is wrong."""
    bad = recording.rename(tmp_path / "understudy-fail.mp4")
    with Fake("twelvelabs", time="manual") as fake:
        base = program.BASE_URL
        with httpx2.Client(transport=fake.transport(), base_url=base, headers=KEY) as api:
            index = new_index(api)
            with pytest.raises(program.Failed, match="could not be indexed"):
                program.analyze(api, index, bad, sleep=lambda s: fake.clock.advance(s))
            with pytest.raises(program.Failed, match="answers 404"):
                program.analyze(api, "0" * 24, bad)
        wrong = {"x-api-key": "invalid-key"}
        with (
            httpx2.Client(transport=fake.transport(), base_url=base, headers=wrong) as api,
            pytest.raises(program.Failed, match="answers 401"),
        ):
            program.analyze(api, index, bad)


def test_analyzer__digs_the_object_out(program: ModuleType) -> None:
    """Fenced or among words, as long as it is whole."""
    whole = json.dumps({**dict.fromkeys(program.SCORES, 5), "imp_points": ["a {brace}"]})
    for written in (whole, f"```json\n{whole}\n```", f"Here it is: {whole} Good luck!"):
        judged(dict(program.judged(written)))
    for written in ("No.", '{"confidence": 5}'):
        with pytest.raises(program.Failed):
            program.judged(written)


def test_analyzer__against_a_port(recording: Path) -> None:
    """The program itself, with nothing changed but the base URL and its patience."""
    with live_server("twelvelabs", "--time", "auto", "--strict") as server:
        base = f"{server.url}/twelvelabs/v1.2"
        with httpx2.Client(base_url=base, headers=KEY) as api:
            index = new_index(api)
        environ = {
            **os.environ,
            "TWELVELABS_BASE_URL": base,
            "TWELVE_LABS_API_KEY": KEY["x-api-key"],
            "INTERVAL": "0.01",
        }
        ran = subprocess.run(
            [sys.executable, FILE, recording, index],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert ran.returncode == 0, ran.stderr
    judged(json.loads(ran.stdout))
