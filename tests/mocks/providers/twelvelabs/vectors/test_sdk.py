"""The vendor's own SDK over embed v2, in this process and against a real port."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from live import live_server
from twelvelabs import TwelveLabs

from understudy.mocks import Fake

VENDOR = Path(__file__).parents[4] / "vendor"


@pytest.fixture
def journey(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The steps that `make vendor` takes in an environment of its own."""
    monkeypatch.syspath_prepend(VENDOR)
    monkeypatch.syspath_prepend(VENDOR / "current")
    return import_module("vectors")


def test_sdk__in_this_process(
    journey: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is given to the SDK but a key."""
    monkeypatch.setattr(journey, "INTERVAL", 5.0)  # here a sleep is what moves the time
    with Fake("twelvelabs"):
        journey.steps(TwelveLabs(api_key="tlk_sdk"), tmp_path)


def test_sdk__on_a_port(journey: ModuleType, tmp_path: Path) -> None:
    """The same against a server."""
    with live_server("--time", "auto", "--strict") as server, httpx.Client() as client:
        url = f"{server.url}/twelvelabs/v1.3"
        journey.steps(TwelveLabs(api_key="tlk_sdk", base_url=url, httpx_client=client), tmp_path)
