"""A recording of a server: complete, bounded, without credentials, and on contract."""

import io
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from live import live_server
from media import mp4

from understudy.cli import cli
from understudy.contracts.redaction import alias
from understudy.mocks import Fake
from understudy.mocks.recorder import Recorder

FILM = mp4(duration=12.0)
KEY = "tlk_very_secret"
INDEX = {"index_name": "a", "models": [{"model_name": "marengo3.0", "model_options": ["visual"]}]}


async def _talk(recorder: Recorder) -> None:
    transport = httpx2.ASGITransport(recorder)
    base = "http://127.0.0.1/twelvelabs/v1.3"
    async with httpx2.AsyncClient(transport=transport, base_url=base) as client:
        client.headers["x-api-key"] = KEY
        made = (await client.post("/indexes", json=INDEX)).json()
        assert (await client.get(f"/indexes/{made['_id']}")).status_code == 200
        files = {"index_id": (None, made["_id"]), "video_file": ("a.mp4", FILM)}
        assert (await client.post("/tasks", files=files)).is_success


@pytest.fixture
def told() -> io.BytesIO:
    """A recording in memory."""
    return io.BytesIO()


def _lines(told: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.getvalue().splitlines()]


def test_recorder__aliases(told: io.BytesIO, tmp_path: Path) -> None:
    """Bodies are whole, also those that are no text; the key is nowhere, its alias is."""
    import asyncio

    asyncio.run(_talk(Recorder(Fake("twelvelabs").asgi(), told, now=lambda: 7.0)))
    assert KEY.encode() not in told.getvalue()
    lines = _lines(told)
    assert [line["response"]["status"] for line in lines] == [201, 200, 200]
    assert {dict(line["request"]["headers"])["x-api-key"] for line in lines} == {alias(KEY)}
    assert json.loads(lines[0]["request"]["body"]) == INDEX
    assert "body_base64" in lines[2]["request"] and lines[2]["at"] == 7.0
    file = tmp_path / "told.jsonl"
    file.write_bytes(told.getvalue())
    checked = CliRunner().invoke(cli, ["check", str(file)])
    assert checked.exit_code == 0, checked.output


def test_recorder__files_are_no_exchanges(told: io.BytesIO) -> None:
    """A large upload goes to links in pieces; the calls are written, the pieces are not."""
    import asyncio

    async def upload() -> None:
        transport = httpx2.ASGITransport(Recorder(Fake("twelvelabs").asgi(), told, now=float))
        base, headers = "http://127.0.0.1/twelvelabs/v1.3", {"x-api-key": KEY}
        async with httpx2.AsyncClient(transport=transport, base_url=base, headers=headers) as api:
            body = {"filename": "a.mp4", "type": "video", "total_size": len(FILM)}
            made = (await api.post("/assets/multipart-uploads", json=body)).json()
            assert (await api.put(made["upload_urls"][0]["url"], content=FILM)).status_code == 200

    asyncio.run(upload())
    [line] = _lines(told)
    assert line["request"]["url"].endswith("/assets/multipart-uploads")


def test_recorder__body_bound(told: io.BytesIO) -> None:
    """A body over the bound is not written; the line says that there is nothing to check."""
    import asyncio

    asyncio.run(_talk(Recorder(Fake("twelvelabs").asgi(), told, now=lambda: 0.0, body=400)))
    assert _lines(told)[2]["response"] is None


def test_recorder__whole_bound(told: io.BytesIO) -> None:
    """A full recording stays as it is, and the server goes on."""
    import asyncio

    recorder = Recorder(Fake("twelvelabs").asgi(), told, now=lambda: 0.0, whole=1_900)
    asyncio.run(_talk(recorder))
    assert recorder.full and 0 < len(told.getvalue()) <= 1_500


def test_serve__record(tmp_path: Path) -> None:
    """`serve --record FILE` writes what `check` reads, control calls included as skipped."""
    file = tmp_path / "told.jsonl"
    with live_server("twelvelabs", "--record", str(file)) as server:
        url = f"{server.url}/twelvelabs/v1.3/indexes?api_key=hidden"
        httpx2.get(url, headers={"x-api-key": KEY})
    assert KEY not in file.read_text() and "hidden" not in file.read_text()
    checked = CliRunner().invoke(cli, ["check", str(file)])
    assert "api_key" in checked.output  # an unknown parameter, as the contract says
    assert checked.exit_code == 1
