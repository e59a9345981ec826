"""What type checkers know of Twelve Labs as it is today. Checked by mypy and pyright, never run."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import assert_type

from understudy.client import AsyncTask, AsyncTwelveLabs, File, Gone, Patience, Task, TwelveLabs
from understudy.client.json import Json
from understudy.client.twelvelabs.analysis import (
    AnalysisTask,
    Batch,
    BatchResult,
    Segment,
    SegmentDefinition,
)
from understudy.client.twelvelabs.asset import Asset, Transcription
from understudy.client.twelvelabs.connection import Authorization, DriveImport
from understudy.client.twelvelabs.entity import EntitiesCreated, Entity, EntityCollection
from understudy.client.twelvelabs.indexed import IndexedAsset
from understudy.client.twelvelabs.knowledge import Item, KnowledgeHit, KnowledgeStore
from understudy.client.twelvelabs.response import Response, ResponseEvent, TextDelta
from understudy.client.twelvelabs.source import Inline, VideoSource, inline
from understudy.client.twelvelabs.text import Answer
from understudy.client.twelvelabs.upload import IncompleteUpload, UploadProgress, UploadSession
from understudy.client.twelvelabs.vector import Vectors, VectorTask
from understudy.client.twelvelabs.webhook import Notification, genuine, notification


def assets(client: TwelveLabs, path: Path) -> None:
    """Files come in whole or in parts, and both answer work that ends as an asset."""
    new = client.assets.create(file=path, user_metadata={"tags": ["a"], "seen": True, "n": 1.5})
    assert_type(new.wait(patience=Patience(deadline=60)), Asset)
    sessions: list[UploadSession] = []

    def tell(now: UploadProgress) -> None:
        assert_type((now.sent, now.total, now.parts, now.total_parts), tuple[int, int, int, int])
        sessions.append(now.upload)

    large = client.assets.upload(path, workers=8, progress=tell)
    client.assets.upload(File(b"", name="a.mp4"), resume=sessions[0])
    client.assets.upload("a.mp4", type="video", resume="69d2a0b4c1e85f30718a9b77")
    assert_type(large.wait().duration, float | None)
    assert_type(client.assets.transcription(new.id, include=["words"]), Transcription)
    for each in client.assets.uploads.list():
        assert_type(each, IncompleteUpload)
    task: Task = large
    assert_type(task.done, bool)


def indexes_and_search(client: TwelveLabs) -> None:
    """Assets are indexed, and found by words and several images."""
    new = client.indexes.indexed_assets.create("i", "a", user_metadata={"kind": None})
    assert_type(new.wait(), IndexedAsset)
    found = client.search.clips("i", ["visual"], query_media_files=[b"", File(b"", name="a.png")])
    for clip in found:
        assert_type(clip.rank, int | None)


def vectors(client: TwelveLabs) -> None:
    """A source is one of three shapes; segmentations are checked key by key."""
    assert_type(client.embed_v2.text("marengo3.0", "boat"), Vectors)
    assert_type(inline(b"png"), Inline)
    client.embed_v2.image("marengo3.0", inline(b"png"))
    client.embed_v2.video(
        "marengo3.0", {"asset_id": "a"}, segmentation={"strategy": "fixed", "fixed": {
            "duration_sec": 6}})  # fmt: skip
    task = client.embed_v2.tasks.video(
        "marengo3.5",
        {"url": "https://x"},
        segmentation={"temporal": {"strategy": "dynamic", "dynamic": {"min_duration_sec": 2}}},
        embedding_scope=["local"],
    )
    assert_type(task.wait(), VectorTask)
    assert_type(task.wait().data[0].vector, tuple[float, ...])


def analyses(client: TwelveLabs) -> None:
    """Subjects and formats are typed; results are parsed."""
    video: VideoSource = {"type": "asset_id", "asset_id": "a"}
    assert_type(client.analyze(prompt="Who?", video=video), Answer)
    assert_type(client.analyze_stream(prompt="Who?", video=video).text(), str)
    run: SegmentDefinition = {"id": "run", "description": "Somebody runs."}
    task = client.analyze_tasks.create(
        video=video,
        analysis_mode="time_based_metadata",
        max_tokens="unlimited",
        response_format={"type": "segment_definitions", "segment_definitions": [run]},
    )
    done = task.wait()
    assert_type(done, AnalysisTask)
    if done.result is not None:
        assert_type(done.result.segments, Mapping[str, tuple[Segment, ...]])
        assert_type(done.result.parsed, Json)
    batch = client.analyze_batches.create(
        [{"video": {"type": "asset_id", "asset_id": "a"}, "custom_id": "c"}],
        defaults={"prompt": {"input_text": "Who?"}, "max_tokens": 512},
    )
    assert_type(batch.wait(), Batch)
    for result in batch.results():
        assert_type(result, BatchResult)


def knowledge(client: TwelveLabs) -> None:
    """People, stores, answers, drives."""
    people = client.entity_collections.create("people")
    assert_type(people, EntityCollection)
    entities = client.entity_collections.entities
    assert_type(entities.create(people.id, "Ada", ["a"]).wait(), Entity)
    many = entities.create_many(people.id, [{"name": "Bea", "asset_ids": ["b"]}])
    assert_type(many, EntitiesCreated)
    store = client.knowledge_stores.create("films", enrichment="Who is in it.")
    assert_type(store, KnowledgeStore)
    assert_type(client.knowledge_stores.items.create(store.id, "a").wait(), Item)
    try:
        for hit in client.knowledge_stores.search(store.id, "boat", modalities=["visual"]):
            assert_type(hit, KnowledgeHit)
    except Gone as gone:
        assert_type(gone.status, int)
    assert_type(client.responses.create(store.id, "Who?", session_id="s"), Response)
    with client.responses.stream(store.id, ["Who?", "Where?"]) as stream:
        for event in stream:
            assert_type(event, ResponseEvent)
            if isinstance(event, TextDelta):
                assert_type(event.delta, str)
    assert_type(client.responses.stream(store.id, "Who?").pieces(), Iterator[str])
    assert_type(client.connections.authorize("https://x"), Authorization)
    assert_type(client.connections.imports.create("c", ["f"]).wait(), DriveImport)


async def awaited(client: AsyncTwelveLabs, path: Path) -> None:
    """The same, awaited."""
    task: AsyncTask = await client.assets.upload(path)
    await task.wait()
    assert_type(await (await client.assets.create(url="https://x")).wait(), Asset)
    async for result in client.analyze_batches.results("b"):
        assert_type(result, BatchResult)
    async for hit in client.knowledge_stores.search("ks_1", "boat"):
        assert_type(hit, KnowledgeHit)
    assert_type(client.responses.stream("ks_1", "Who?").pieces(), AsyncIterator[str])
    assert_type(await client.responses.stream("ks_1", "Who?").response(), Response)


def webhooks(body: bytes) -> None:
    """A receiver asks first, and reads then."""
    assert_type(genuine("secret", "t=1,v1=a", body), bool)
    assert_type(notification(body), Notification)


def mistakes(client: TwelveLabs) -> None:
    """What must not pass: each line needs its ignore, or the checkers complain about that."""
    client.embed_v2.image("marengo3.0", {"path": "a.png"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.analyze(prompt="Who?", video={"type": "asset_id", "url": "u"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.assets.upload(iter([b"x"]))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.analyze_tasks.create(video_id="v")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
