"""What type checkers know about the Twelve Labs client. Checked by mypy and pyright, never run."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import assert_type

from understudy.client import (
    AsyncTask,
    AsyncTwelveLabs,
    Cancellation,
    File,
    Options,
    Patience,
    Range,
    Retry,
    Task,
    TaskFailed,
    TwelveLabs,
)
from understudy.client.json import Json
from understudy.client.twelvelabs.embedding import Embeddings, EmbeddingTask
from understudy.client.twelvelabs.found import SearchClip, SearchGroup, SearchPage
from understudy.client.twelvelabs.index import Created, Index, IndexPage
from understudy.client.twelvelabs.task import IndexingTask
from understudy.client.twelvelabs.text import (
    Answer,
    Chapters,
    Gist,
    Highlights,
    StreamEvent,
    StreamText,
    Summary,
)
from understudy.client.twelvelabs.transfer import Import
from understudy.client.twelvelabs.video import Video


def sync_client(client: TwelveLabs, path: Path) -> None:
    """The synchronous client answers models, and lists are iterated over."""
    made = client.indexes.create(
        "films", [{"model_name": "marengo2.7", "model_options": ["visual", "audio"]}]
    )
    assert_type(made, Created)
    assert_type(client.indexes.retrieve(made.id), Index)
    for index in client.indexes.list(model_family="marengo", created_at=Range(gte="2025-01-01")):
        assert_type(index, Index)
        assert_type(index.created_at, datetime)
        assert_type(index.expires_at, datetime | None)
        assert_type(index.models[0].model_options, tuple[str, ...])
        assert_type(index.raw, Mapping[str, Json])
    for page in client.indexes.list().pages():
        assert_type(page, IndexPage)
        assert_type(page.page_info.total_results, int)
    assert_type(client.indexes.update(made.id, index_name="movies"), None)

    def report(task: IndexingTask) -> None:
        assert_type(task.status, str)

    new = client.tasks.create(made.id, video_file=path, user_metadata={"a": 1, "b": True})
    client.tasks.create(made.id, video_file=File(b"", name="a.mp4"), progress=lambda _, __: None)
    assert_type(new.wait(patience=Patience(deadline=60), on_status=report), IndexingTask)
    assert_type(next(iter(client.indexes.videos.list(made.id))), Video)
    assert_type(client.tasks.transfers.create("b", index_id=made.id), Import)
    assert_type(client.embed.create("marengo3.0", text="boat"), Embeddings)
    assert_type(
        client.embed.tasks.create("marengo3.0", video_url="https://x").wait(), EmbeddingTask
    )


def sync_search_and_text(client: TwelveLabs) -> None:
    """The method, or the literal, decides the model."""
    for clip in client.search.clips("i", ["visual"], query_text="boat", page_limit=5):
        assert_type(clip, SearchClip)
    for group in client.search.videos("i", ["visual"], query_text="boat"):
        assert_type(group, SearchGroup)
    assert_type(client.search.retrieve("t"), SearchPage)
    assert_type(client.gist("v", ["title"]), Gist)
    assert_type(client.summarize("v", "summary"), Summary)
    assert_type(client.summarize("v", "chapter", prompt="Places."), Chapters)
    assert_type(client.summarize("v", "highlight", temperature=0.2), Highlights)
    assert_type(client.analyze("v", "Who?", max_tokens=5), Answer)
    with client.analyze_stream("v", "Who?") as stream:
        for event in stream:
            assert_type(event, StreamEvent)
            if isinstance(event, StreamText):
                assert_type(event.text, str)
    assert_type(client.analyze_stream("v", "Who?").pieces(), Iterator[str])
    assert_type(client.analyze_stream("v", "Who?").text(), str)


async def async_client(client: AsyncTwelveLabs) -> None:
    """The asynchronous client answers the same models, awaited."""
    async with client:
        assert_type(await client.indexes.retrieve("i"), Index)
        async for index in client.indexes.list():
            assert_type(index, Index)
        new = await client.tasks.create("i", video_url="https://media.example/a.mp4")
        assert_type(await new.wait(), IndexingTask)
        assert_type(await client.summarize("v", "chapter"), Chapters)
        async with client.analyze_stream("v", "Who?") as stream:
            async for event in stream:
                assert_type(event, StreamEvent)
        assert_type(client.analyze_stream("v", "Who?").pieces(), AsyncIterator[str])
        assert_type(await client.analyze_stream("v", "Who?").text(), str)


def options_and_errors() -> None:
    """Options make views of the same kind, and errors carry what is known."""
    client = TwelveLabs("k", options=Options(timeout=5, retry=Retry(attempts=2)))
    view = client.with_options(deadline=30, cancellation=Cancellation())
    assert_type(view, TwelveLabs)
    assert_type(AsyncTwelveLabs("k").with_options(timeout=1), AsyncTwelveLabs)
    try:
        client.tasks.wait("t")
    except TaskFailed as failed:
        assert_type(failed.reason, str | None)


def mistakes(client: TwelveLabs) -> None:
    """What must not pass: each line needs its ignore, or the checkers complain about that."""
    client.indexes.list(model_family="mango")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.summarize("v", "poem")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.search.clips("i", ["visual"], colour="red")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.tasks.create("i", None, "https://x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def swappable(client: TwelveLabs, asynchronous: AsyncTwelveLabs) -> None:
    """What an upload answers is everybody's `Task`."""
    task: Task = client.embed.tasks.create("marengo3.0", video_url="https://x")
    assert_type(task.status, str | None)
    assert_type((task.done, task.failed), tuple[bool, bool])
    asyncio.run(awaited(asynchronous))


async def awaited(client: AsyncTwelveLabs) -> None:
    """And everybody's `AsyncTask` where calls are awaited."""
    task: AsyncTask = await client.tasks.create("i", video_url="https://x")
    assert_type(task.status, str | None)
    await task.wait(patience=Patience(deadline=60))
