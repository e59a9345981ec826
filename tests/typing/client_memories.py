"""Checked by the type checkers, never run: what calls of Memories.ai answer."""

from datetime import datetime
from typing import assert_type

from understudy.client import AsyncMemories, AsyncTask, Download, Memories, Task
from understudy.client.memories.found import Hit
from understudy.client.memories.talk import ChatEvent, ChatText, Conversation, Reply
from understudy.client.memories.text import Summary, Transcription
from understudy.client.memories.video import Folder, Video


def blocking(client: Memories) -> None:
    """Results as they are."""
    new = client.videos.upload_url("https://media.example/a.mp4", tags=["fox"], latitude=1.0)
    task: Task = new
    assert_type(task.done, bool)
    video = new.wait()
    assert_type(video.duration, float | None)
    assert_type(video.create_time, datetime | None)
    assert_type(client.search.find("fox", "BY_VIDEO"), tuple[Hit, ...])
    assert_type(client.videos.speech("VI1"), Transcription | None)
    assert_type(client.videos.summary("VI1", "CHAPTER"), Summary)
    assert_type(client.videos.download("VI1"), Download)
    assert_type(client.videos.folders(), tuple[Folder, ...])
    assert_type(client.chat.ask(["VI1"], "Who?"), Reply)
    assert_type(client.chat.session("1"), Conversation)
    for event in client.chat.stream(["VI1"], "Who?"):
        assert_type(event, ChatEvent)
        if isinstance(event, ChatText):
            assert_type(event.content, str)
    for each in client.videos.list(status="PARSE"):
        assert_type(each, Video)


async def awaiting(client: AsyncMemories) -> None:
    """The same with `await`."""
    new = await client.videos.upload(b"x")
    task: AsyncTask = new
    assert_type(task.status, str | None)
    assert_type(await client.chat.stream(["VI1"], "Who?").text(), str)
    async for each in client.videos.list():
        assert_type(each, Video)
