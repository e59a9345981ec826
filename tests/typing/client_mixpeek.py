"""Checked by the type checkers, never run: what calls of Mixpeek answer."""

from typing import assert_type

from understudy.client import AsyncMixpeek, AsyncTask, Mixpeek, Patience, Task
from understudy.client.mixpeek.asset import Asset, AssetWithFeatures
from understudy.client.mixpeek.collection import CollectionSize
from understudy.client.mixpeek.feature import Feature
from understudy.client.mixpeek.task import IngestionTask


def blocking(client: Mixpeek) -> None:
    """Results as they are."""
    new = client.ingest.video("https://media.example/a.mp4", "films", metadata={"a": 1})
    task: Task = new
    assert_type(task.failed, bool)
    assert_type(new.wait(patience=Patience(deadline=60)), IngestionTask)
    assert_type(client.assets.retrieve("a"), Asset)
    assert_type(client.assets.features("a"), AssetWithFeatures)
    assert_type(client.features.retrieve("f", vectors=True), Feature)
    for asset in client.assets.list(["films"]):
        assert_type(asset, Asset)
    for collection in client.collections.list():
        assert_type(collection, CollectionSize)


async def awaiting(client: AsyncMixpeek) -> None:
    """The same with `await`."""
    new = await client.ingest.text("The ferry leaves.", "films")
    task: AsyncTask = new
    assert_type(task.status, str | None)
    async for each in client.collections.list():
        assert_type(each, CollectionSize)
