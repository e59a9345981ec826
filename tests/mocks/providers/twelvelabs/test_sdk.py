"""The vendor's own SDK over each section of today's API, in this process and on a real port."""

import asyncio
from importlib import import_module
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from live import live_server
from media import mp4, png, wav
from twelvelabs import AsyncTwelveLabs, TwelveLabs

from understudy.mocks import Fake

VENDOR = Path(__file__).parents[3] / "vendor"
SECTIONS = sorted(each.stem for each in (VENDOR / "current").glob("*.py"))


@pytest.fixture(params=SECTIONS)
def journey(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The steps that `make vendor` takes in an environment of its own."""
    monkeypatch.syspath_prepend(VENDOR)
    monkeypatch.syspath_prepend(VENDOR / "current")
    return import_module(request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The media that the steps upload."""
    files = {"film.mp4": mp4(duration=12.0), "picture.png": png(96, 64), "sound.wav": wav(25.0)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_sdk__in_this_process(
    journey: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is given to the SDK but a key."""
    monkeypatch.setattr(journey, "INTERVAL", 5.0)  # here a sleep is what moves the time
    with Fake("twelvelabs"):
        journey.steps(TwelveLabs(api_key="tlk_sdk"), folder)


def test_sdk__on_a_port(journey: ModuleType, folder: Path) -> None:
    """The same against a server, where each poll is a step and whose links lead to itself."""
    with live_server("--time", "auto", "--strict") as server, httpx.Client() as client:
        url = f"{server.url}/twelvelabs/v1.3"
        sdk = TwelveLabs(api_key="tlk_sdk", base_url=url, httpx_client=client)
        journey.steps(sdk, folder)


def test_sdk__uploads_asynchronously(folder: Path) -> None:
    """The twin for asyncio, whose parts go out at once."""
    film = folder / "film.mp4"
    film.write_bytes(mp4(9.0, padding=12 * 1024**2))

    async def upload() -> float | None:
        client = AsyncTwelveLabs(api_key="tlk_sdk")
        done = await client.multipart_upload.upload_file(film, batch_size=2)
        await asyncio.sleep(60)  # which takes no time here
        asset = await client.assets.retrieve(done.asset_id)
        return asset.duration

    with Fake("twelvelabs"):
        assert asyncio.run(upload()) == 9.0
