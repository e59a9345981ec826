"""Checked by the type checkers, never run: what calls of Imentiv answer."""

from pathlib import Path
from typing import assert_type

from understudy.client import AsyncImentiv, AsyncTask, Download, Imentiv, Task
from understudy.client.imentiv.audio import Audio, WrittenSegment
from understudy.client.imentiv.image import Image
from understudy.client.imentiv.insight import Conversation, Insight, InsightEvent, InsightText
from understudy.client.imentiv.job import AnnotatedVideo, CsvReport, HighlightVideo, PdfReport
from understudy.client.imentiv.medium import Analytics, Face, Page, Summary
from understudy.client.imentiv.personality import PersonalityReading
from understudy.client.imentiv.text import Text
from understudy.client.imentiv.video import Frame, FrameList, Scores, Video


def blocking(client: Imentiv) -> None:
    """Results as they are."""
    new = client.videos.upload("a", video_file=Path("a.mp4"), end_millis=2000)
    task: Task = new
    assert_type(task.done, bool)
    assert_type(new.summary, Summary | None)
    assert_type(new.wait(), Video)
    assert_type(client.videos.analytics("v"), Analytics)
    assert_type(client.videos.emotions.average("v"), Scores)
    assert_type(client.videos.frames.list("v", face_ids=[1]), FrameList)
    assert_type(client.videos.frames.retrieve("v", 1), Frame)
    assert_type(client.videos.faces.rename("v", {1: "Ada"}), tuple[Face, ...])
    assert_type(client.videos.highlights.create("v").wait(), HighlightVideo)
    assert_type(client.videos.annotated.start("v").wait(), AnnotatedVideo)
    assert_type(client.videos.reports.csv.start("v").wait(), CsvReport)
    assert_type(client.videos.reports.pdf.wait("v"), PdfReport)
    assert_type(client.videos.personality.analyze("v", 1).wait(), PersonalityReading)
    assert_type(client.videos.annotated.download("v", to="a.mp4"), Download)
    assert_type(client.audios.upload("a", media_url="https://media.example/a.mp3").wait(), Audio)
    assert_type(client.audios.transcript.update("a", []), tuple[WrittenSegment, ...])
    assert_type(client.texts.create("a", "b").wait(), Text)
    assert_type(client.images.reprocess("i").wait(), Image)
    assert_type(client.videos.insights.ask("v", "Who?"), Insight)
    assert_type(client.texts.insights.history("t"), Conversation)
    for event in client.videos.insights.stream("v", "Who?"):
        assert_type(event, InsightEvent)
        if isinstance(event, InsightText):
            assert_type(event.text, str)
    for each in client.videos.list(direction="backward"):
        assert_type(each, Summary)
    for page in client.texts.list().pages():
        assert_type(page, Page)


async def awaiting(client: AsyncImentiv) -> None:
    """The same with `await`."""
    new = await client.images.upload("a", image_file=b"x")
    task: AsyncTask = new
    assert_type(task.status, str | None)
    assert_type(await new.wait(), Image)
    assert_type(await client.videos.insights.stream("v", "Who?").text(), str)
    work = await client.videos.highlights.create("v")
    assert_type(await work.wait(), HighlightVideo)
    async for each in client.audios.list():
        assert_type(each, Summary)
