"""Every operation of the document, with both clients, against the fake: in process and on a port.

The fake is strict: a request or a reply off contract fails the test that caused it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from callers import KEY, Blocking
from media import mp4

from understudy.client import ApiError, NotFound, Range
from understudy.client.twelvelabs.found import SearchClip, SearchGroup
from understudy.client.twelvelabs.text import Answer, Chapters, Gist, Highlights, Summary
from understudy.contracts import Contract
from understudy.mocks import Fake

URL = "https://media.example/ferry.mp4?duration=30"
MODELS = [
    {"model_name": "marengo2.7", "model_options": ["visual", "audio"]},
    {"model_name": "pegasus1.2", "model_options": ["visual", "audio"]},
]
VIDEO = mp4(30.0, padding=200_000)
BOAT = {"kind": "boat"}
BUCKET = "68652eecf1b5a3d2c4e6f741"


@dataclass(frozen=True)
class Place:
    """Where clients meet the fake: at `base_url` over real connections, else in process."""

    fake: Fake
    base_url: str | None

    @contextmanager
    def client(self, caller: Blocking, key: str = KEY) -> Iterator[Any]:
        """A client here, whose sleeps move the fake's clock; closed at the end."""
        caller.time.on_sleep = self.fake.clock.advance
        if self.base_url is None:
            made = caller.on_fake(self.fake, key)
        else:
            made = caller.client(None, key, base_url=self.base_url)
        caller.enter(made)
        try:
            yield made
        finally:
            caller.leave(made)


@pytest.fixture(scope="module", params=["in process", "port"])
def shared(request: pytest.FixtureRequest) -> Iterator[Place]:
    """One fake, and one server, for all tests of a place."""
    with Fake("twelvelabs", time="manual") as fake:
        port = request.param == "port"
        yield Place(fake, f"{fake.serve()}/twelvelabs/v1.3" if port else None)


@pytest.fixture
def place(shared: Place) -> Place:
    """A place where nothing has happened yet."""
    shared.fake.reset()
    return shared


@pytest.fixture
def client(caller: Blocking, place: Place) -> Iterator[Any]:
    """A client of the kind and in the place that the test is run for."""
    with place.client(caller) as made:
        yield made


@pytest.fixture
def index(caller: Blocking, client: Any) -> str:
    """An index for search and text."""
    return str(caller.run(client.indexes.create("films", MODELS)).id)


@pytest.fixture
def video(caller: Blocking, client: Any, index: str) -> str:
    """A video that is ready."""
    new = caller.run(client.tasks.create(index, video_url=URL, user_metadata=BOAT))
    return str(caller.run(new.wait()).video_id)


def test_indexes__live_and_die(caller: Blocking, client: Any) -> None:
    """Create, read, rename, list with filters, delete."""
    made = caller.run(client.indexes.create("films", MODELS, addons=["thumbnail"]))
    caller.run(client.indexes.update(made.id, index_name="movies"))
    found = caller.run(client.indexes.retrieve(made.id))
    assert (found.id, found.index_name, found.addons) == (made.id, "movies", ("thumbnail",))
    assert [model.model_name for model in found.models] == ["marengo2.7", "pegasus1.2"]
    assert found.created_at.tzinfo is not None and found.raw["index_name"] == "movies"
    listed = client.indexes.list(
        index_name="movies",
        model_options=["visual", "audio"],
        model_family="marengo",
        sort_by="updated_at",
        sort_option="asc",
        created_at=found.created_at - timedelta(days=1),
        updated_at=Range(gte="2025-01-01T00:00:00Z"),
    )
    assert caller.all(listed) == [found]
    caller.run(client.indexes.delete(made.id))
    with pytest.raises(NotFound):
        caller.run(client.indexes.retrieve(made.id))


def test_lists__are_read_over_all_pages(caller: Blocking, client: Any) -> None:
    """As many items as there are, in order."""
    for number in range(7):
        caller.run(client.indexes.create(f"films {number}", MODELS[:1]))
    listed = caller.all(client.indexes.list(page_limit=3, sort_option="asc"))
    assert sorted(each.index_name for each in listed) == [f"films {number}" for number in range(7)]
    pages = caller.all(client.indexes.list(page_limit=3).pages())
    assert [len(each.data) for each in pages] == [3, 3, 1]


def test_tasks__are_followed_to_their_end(caller: Blocking, client: Any, index: str) -> None:
    """Upload a file, look, count, list, wait; a finished task whose video is gone is deleted."""
    new = caller.run(client.tasks.create(index, video_file=VIDEO))
    first = caller.run(new.retrieve())
    assert (first.id, first.index_id) == (new.id, index)
    assert caller.run(client.tasks.count(index)).total_result == 1
    seen: list[str] = []
    done = caller.run(client.tasks.wait(new.id, on_status=lambda now: seen.append(now.status)))
    assert done.status == "ready" and seen[0] == "uploading" and seen[-1] == "ready"
    listed = client.tasks.list(
        index_id=index, status=["ready", "failed"], duration=Range(gt=0), created_at="2025-01-01"
    )
    assert [task.id for task in caller.all(listed)] == [new.id]
    with pytest.raises(ApiError, match="task_cannot_be_deleted"):
        caller.run(client.tasks.delete(new.id))
    caller.run(client.indexes.videos.delete(index, done.video_id))
    caller.run(client.tasks.delete(new.id))
    assert caller.all(client.tasks.list(index_id=index)) == []


def test_videos__are_annotated_and_filtered(
    caller: Blocking, client: Any, index: str, video: str
) -> None:
    """Metadata is merged or replaced; vectors and transcript come when asked for."""
    videos = client.indexes.videos
    caller.run(videos.update(index, video, user_metadata={"seen": True, "stars": 4.5}))
    found = caller.run(videos.retrieve(index, video))
    assert found.user_metadata == {"kind": "boat", "seen": True, "stars": 4.5}
    assert found.embedding is None and found.transcription is None
    caller.run(videos.replace(index, video, user_metadata={"kind": "ferry"}))
    listed = videos.list(
        index, duration=Range(gte=1, lte=90), user_metadata={"kind": "ferry"}, page_limit=5
    )
    assert [each.id for each in caller.all(listed)] == [video]
    assert caller.all(videos.list(index, user_metadata={"kind": "boat"})) == []
    rich = caller.run(
        videos.retrieve(index, video, embedding_option=["visual-text", "audio"], transcription=True)
    )
    assert rich.embedding is not None and rich.embedding.video_embedding.segments[0].vector
    caller.run(videos.delete(index, video))
    with pytest.raises(NotFound):
        caller.run(videos.retrieve(index, video))


def test_transfers__start_and_report(caller: Blocking, client: Any, index: str) -> None:
    """An import, its state by status, and its log."""
    transfers = client.tasks.transfers
    caller.run(
        transfers.create(
            BUCKET,
            index_id=index,
            incremental_import=True,
            retry_failed=False,
            user_metadata={"source": "archive"},
        )
    )
    assert caller.run(transfers.status(BUCKET, index_id=index)).raw
    assert caller.run(transfers.logs(BUCKET)).data is not None


def test_search__finds_clips_and_videos(
    caller: Blocking, client: Any, index: str, video: str
) -> None:
    """By words and by an image, with every refinement, over pages."""
    clips = caller.all(
        client.search.clips(
            index,
            ["visual", "audio"],
            query_text="a ferry",
            page_limit=2,
            threshold="none",
            adjust_confidence_level=0.4,
            operator="or",
            sort_option="score",
            filter={"kind": "boat"},
            include_user_metadata=True,
        )
    )
    assert all(isinstance(clip, SearchClip) for clip in clips)
    page = caller.run(
        client.search.videos(index, ["visual"], query_text="a ferry", threshold="none").first()
    )
    assert all(isinstance(group, SearchGroup) for group in page.data)
    image = client.search.clips(
        index, ["visual"], query_media_type="image", query_media_url="https://media.example/a.png"
    )
    assert caller.run(image.first()).page_info.limit_per_page == 10


def test_search__page_is_read_by_its_token(
    caller: Blocking, client: Any, index: str, video: str
) -> None:
    """The token of a page, or a refusal for one that never was."""
    first = caller.run(
        client.search.clips(
            index, ["visual"], query_text="a ferry", threshold="none", page_limit=1
        ).first()
    )
    token = first.page_info.next_page_token
    if token:
        page = caller.run(client.search.retrieve(token, include_user_metadata=False))
        assert isinstance(page.data[0], SearchClip)
    with pytest.raises(ApiError):
        caller.run(client.search.retrieve("6f2d0b14-5a0e-4c62-8f5b-0d8c1d8a7e21-1"))


def test_texts__are_of_the_kind_asked_for(caller: Blocking, client: Any, video: str) -> None:
    """Gist, summary, chapters, highlights, and answers in one piece."""
    gist = caller.run(client.gist(video, ["title", "topic", "hashtag"]))
    assert isinstance(gist, Gist)
    how = {"prompt": "Name the places.", "temperature": 0.3}
    assert isinstance(caller.run(client.summarize(video, "summary", **how)), Summary)
    assert isinstance(caller.run(client.summarize(video, "chapter")), Chapters)
    assert isinstance(caller.run(client.summarize(video, "highlight")), Highlights)
    assert isinstance(caller.run(client.analyze(video, "Who?", temperature=0)), Answer)
    assert isinstance(caller.run(client.generate(video, "Who?")), Answer)


def test_texts__are_streamed(caller: Blocking, client: Any, video: str) -> None:
    """Under both names; the pieces make the text."""
    assert caller.run(client.analyze_stream(video, "Who?", temperature=0.1).text())
    assert "".join(caller.all(client.generate_stream(video, "Who?").pieces()))


def test_embeddings__come_at_once_or_by_a_task(caller: Blocking, client: Any) -> None:
    """Texts, images and sounds in one call; a video over a task."""
    made = caller.run(
        client.embed.create(
            "Marengo-retrieval-2.7",
            text="a ferry",
            text_truncate="end",
            image_url="https://media.example/a.png",
            audio_url="https://media.example/a.mp3",
            audio_start_offset_sec=1.5,
        )
    )
    assert made.text_embedding.segments[0].vector
    new = caller.run(
        client.embed.tasks.create(
            "Marengo-retrieval-2.7",
            video_url=URL,
            video_start_offset_sec=0,
            video_end_offset_sec=20,
            video_clip_length=5,
            video_embedding_scope=["clip", "video"],
        )
    )
    assert caller.run(client.embed.tasks.status(new.id)).status == "processing"
    assert caller.run(new.wait()).status == "ready"
    task = caller.run(client.embed.tasks.retrieve(new.id, embedding_option=["visual-text"]))
    assert task.video_embedding.segments and task.id == new.id
    assert caller.run(new.vectors()).video_embedding.segments
    since = datetime(2025, 1, 1, tzinfo=UTC)
    listed = client.embed.tasks.list(started_at=since, status="ready", page_limit=5)
    assert [each.id for each in caller.all(listed)] == [new.id]


def test_document__has_no_operation_that_is_not_tried(caller: Blocking, place: Place) -> None:
    """Each operation is called above, by this client in this place, or this names the missing."""

    def tried(test: Any, *more: str) -> None:
        """Run a test in a tenancy of its own, with the index and the video that it wants."""
        with place.client(caller, key=test.__name__) as client:
            made: dict[str, str] = {}
            if "index" in more:
                made["index"] = caller.run(client.indexes.create("films", MODELS)).id
            if "video" in more:
                new = caller.run(
                    client.tasks.create(made["index"], video_url=URL, user_metadata=BOAT)
                )
                made["video"] = str(caller.run(new.wait()).video_id)
            test(caller, client, *(made[name] for name in more))

    tried(test_indexes__live_and_die)
    tried(test_tasks__are_followed_to_their_end, "index")
    tried(test_transfers__start_and_report, "index")
    tried(test_search__page_is_read_by_its_token, "index", "video")
    tried(test_videos__are_annotated_and_filtered, "index", "video")
    tried(lambda caller, client, _, video: test_texts__are_of_the_kind_asked_for(
        caller, client, video), "index", "video")  # fmt: skip
    tried(test_embeddings__come_at_once_or_by_a_task)
    called = {entry.operation for entry in place.fake.journal}
    assert set(Contract.load("twelvelabs/v1.3-2025").operations) - called == set()
