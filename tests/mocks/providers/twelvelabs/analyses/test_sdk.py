"""The vendor's own SDK over analyses, in this process and against a real port."""

from pathlib import Path
from types import ModuleType

import httpx
import pytest
from live import live_server
from media import mp4
from twelvelabs import TwelveLabs

from understudy.mocks import Fake

VENDOR = Path(__file__).parents[4] / "vendor"


@pytest.fixture
def journey(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The steps that `make vendor` takes in an environment of its own."""
    monkeypatch.syspath_prepend(VENDOR)
    monkeypatch.syspath_prepend(VENDOR / "current")
    import analyses  # type: ignore[import-not-found]

    return analyses


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The media that the steps upload."""
    (tmp_path / "film.mp4").write_bytes(mp4(duration=12.0))
    return tmp_path


def test_sdk__in_this_process(
    journey: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is given to the SDK but a key; its streams are read as they come."""
    monkeypatch.setattr(journey, "INTERVAL", 5.0)  # here a sleep is what moves the time
    with Fake("twelvelabs"):
        journey.steps(TwelveLabs(api_key="tlk_sdk"), folder)


def test_sdk__on_a_port(journey: ModuleType, folder: Path) -> None:
    """The same against a server, where each poll is a step."""
    with live_server("--time", "auto", "--strict") as server, httpx.Client() as client:
        url = f"{server.url}/twelvelabs/v1.3"
        sdk = TwelveLabs(api_key="tlk_sdk", base_url=url, httpx_client=client)
        journey.steps(sdk, folder)
