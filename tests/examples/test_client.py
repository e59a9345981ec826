"""The client's examples: each runs as it stands, here with the fake for a service."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from media import mp4

from understudy.client import AsyncTwelveLabs, Patience, RateLimited, TaskFailed, TwelveLabs
from understudy.client.twelvelabs.index import ModelChoice
from understudy.mocks import Fake

MODELS: list[ModelChoice] = [
    {"model_name": "marengo2.7", "model_options": ["visual", "audio"]},
    {"model_name": "pegasus1.2", "model_options": ["visual", "audio"]},
]
QUICK = Patience(interval=0.001)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """A fake on a port, found through the environment as the real service would be."""
    with Fake("twelvelabs", time="auto") as fake:
        monkeypatch.setenv("TWELVELABS_BASE_URL", f"{fake.serve()}/twelvelabs/v1.3")
        monkeypatch.setenv("TWELVE_LABS_API_KEY", "tlk_example")
        yield fake


@pytest.mark.usefixtures("service")
def test_upload__and_search(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Upload a file with a progress line, wait for it, and search it."""
    ferry = tmp_path / "ferry.mp4"
    ferry.write_bytes(mp4(30.0))

    with TwelveLabs() as client:
        index = client.indexes.create("harbour", MODELS)
        task = client.tasks.create(
            index.id,
            video_file=ferry,
            user_metadata={"place": "harbour"},
            progress=lambda sent, total: print(f"{sent} of {total} bytes"),
        )
        try:
            done = task.wait(patience=QUICK, on_status=lambda now: print(now.status))
        except TaskFailed as failed:
            print(f"No luck: {failed.reason}")
            raise
        for clip in client.search.clips(index.id, ["visual"], query_text="a ferry leaves"):
            print(f"{clip.video_id} {clip.start:.1f}-{clip.end:.1f} s")
        assert done.video_id is not None

    said = capsys.readouterr().out
    assert "bytes" in said and "uploading" in said and "ready" in said


@pytest.mark.usefixtures("service")
def test_stream__as_it_is_written() -> None:
    """Ask about a video and read the answer while it is written, asynchronously."""

    async def ask(question: str) -> str:
        async with AsyncTwelveLabs() as client:
            index = await client.indexes.create("harbour", MODELS)
            task = await client.tasks.create(index.id, video_url="https://media.example/ferry.mp4")
            video = (await task.wait(patience=QUICK)).video_id
            written = ""
            async with client.analyze_stream(str(video), question) as stream:
                async for piece in stream.pieces():
                    written += piece
            return written

    assert asyncio.run(ask("Who comes aboard?"))


@pytest.mark.usefixtures("service")
def test_limits__and_lists() -> None:
    """Read a list of any length; give up on a limit that lasts too long, and know for how long."""
    with TwelveLabs() as client:
        for number in range(12):
            client.indexes.create(f"harbour {number}", MODELS)
        try:
            names = {index.index_name for index in client.indexes.list(page_limit=5)}
        except RateLimited as limited:
            print(f"Come back in {limited.retry_after} seconds.")
            raise
        assert len(names) == 12
