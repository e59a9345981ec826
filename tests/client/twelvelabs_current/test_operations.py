"""Every operation of Twelve Labs as it is today, with both clients, in process and on a port.

The fake is strict and serves nothing that was withdrawn: a request or a reply that is off
today's contract fails the test that caused it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from callers import KEY, Blocking
from media import mp4, png

from understudy.client import (
    ApiError,
    BadRequest,
    Cancellation,
    Cancelled,
    Conflict,
    File,
    NotFound,
    Range,
    TaskFailed,
)
from understudy.client.twelvelabs.response import TextDelta
from understudy.client.twelvelabs.source import inline
from understudy.client.twelvelabs.upload import UploadProgress
from understudy.contracts import Contract
from understudy.mocks import Fake

URL = "https://media.example/ferry.mp4?duration=30"
PHOTO = "https://media.example/ada.png"
MODELS = [{"model_name": "marengo3.0", "model_options": ["visual", "audio"]}]
PARTS = 5 * 1024**2
BACK = "https://app.example.com/back"


class Stage:
    """A client, and what most journeys begin with."""

    def __init__(self, caller: Blocking, client: Any, fake: Fake, folder: Path) -> None:
        self.caller, self.client, self.fake, self.folder = caller, client, fake, folder
        self.run, self.all = caller.run, caller.all

    def asset(self, url: str = URL) -> str:
        """An asset that is ready."""
        return str(self.done(self.client.assets.create(url=url)).id)

    def index(self) -> str:
        return str(self.run(self.client.indexes.create("films", MODELS)).id)

    def video(self, index: str) -> Any:
        """An asset that is indexed."""
        asset = self.asset()
        return self.done(
            self.client.indexes.indexed_assets.create(index, asset, user_metadata={"kind": "boat"})
        )

    def done(self, new: Any) -> Any:
        """What work comes to, once it has ended well."""
        return self.run(self.run(new).wait())

    def film(self, parts: int = 3) -> Path:
        """A file that needs so many parts."""
        place = self.folder / "ferry.mp4"
        place.write_bytes(mp4(30.0, padding=PARTS * (parts - 1) + 1_000))
        return place


def assets__come_and_go(stage: Stage) -> None:
    """From bytes and an address; listed, annotated, heard, deleted."""
    client, run = stage.client, stage.run
    new = run(
        client.assets.create(
            file=File(mp4(12.0), name="harbour.mp4"), user_metadata={"kind": "boat", "stars": 4.5}
        )
    )
    assert new.made.status == "processing"
    ready = run(new.wait())
    assert (ready.status, ready.filename, ready.duration) == ("ready", "harbour.mp4", 12.0)
    assert ready.technical_metadata and ready.hls.status == "ready"
    other = stage.asset()
    listed = client.assets.list(asset_types=["video"], filename="HARB", page_limit=5)
    assert [each.id for each in stage.all(listed)] == [new.id]
    assert [each.id for each in stage.all(client.assets.list(page_limit=1))] == [other, new.id]
    run(client.assets.annotate(new.id, {"stars": None, "tags": ["a", "b"], "kind": ""}))
    assert run(client.assets.retrieve(new.id)).user_metadata == {"kind": "boat", "tags": ["a", "b"]}
    run(client.assets.replace_notes(new.id, {"seen": True}))
    assert run(client.assets.retrieve(new.id)).user_metadata == {"seen": True}
    run(client.assets.clear_notes(new.id))
    assert run(client.assets.retrieve(new.id)).user_metadata == {}
    heard = run(client.assets.transcription(new.id, include=["words", "utterances"]))
    assert heard.words and heard.utterances and not heard.sentences
    run(client.assets.delete(new.id))
    with pytest.raises(ApiError):
        run(client.assets.retrieve(new.id))
    with pytest.raises(TaskFailed):
        stage.done(client.assets.create(url="https://media.example/understudy-fail.mp4"))


def uploads__of_large_files_arrive(stage: Stage) -> None:
    """In parts, at the same time, with notes; the asset becomes ready by itself."""
    client, film, seen = stage.client, stage.film(4), list[UploadProgress]()
    new = stage.run(
        client.assets.upload(
            film, workers=3, progress=seen.append, enable_hls=True, user_metadata={"kind": "boat"}
        )
    )
    ready = stage.run(new.wait())
    assert (ready.method, ready.size, ready.duration) == ("multipart", film.stat().st_size, 30.0)
    assert ready.user_metadata == {"kind": "boat"}
    assert (seen[-1].sent, seen[-1].parts) == (film.stat().st_size, 4)
    assert stage.all(client.assets.uploads.list()) == []
    assert stage.run(client.assets.uploads.retrieve(seen[0].upload.upload_id)).status == "completed"


def uploads__go_on_after_an_interruption(stage: Stage) -> None:
    """Only what is missing is sent, although all addresses have expired meanwhile."""
    film, client, switch = stage.film(6), stage.client, Cancellation()

    def stop(now: UploadProgress) -> None:
        if now.parts >= 4:
            switch.cancel()

    with pytest.raises(Cancelled):
        stage.run(
            client.with_options(cancellation=switch).assets.upload(film, workers=1, progress=stop)
        )
    [open_] = stage.all(client.assets.uploads.list())
    assert (open_.total_chunks, open_.status) == (6, "active")
    states = stage.all(client.assets.uploads.parts(open_.upload_id, page_limit=4))
    assert [each.status for each in states] == ["completed"] * 4 + ["pending"] * 2
    stage.fake.clock.advance(3_700)
    sent: list[UploadProgress] = []
    new = stage.run(client.assets.upload(film, resume=open_.upload_id, progress=sent.append))
    assert (sent[0].parts, sent[-1].parts) == (4, 6)
    assert stage.run(new.wait()).size == film.stat().st_size


def uploads__that_are_too_late_are_over(stage: Stage) -> None:
    """Addresses that expire under way are replaced; an expired session says so."""
    film, client = stage.film(3), stage.client
    made = stage.run(client.assets.uploads.create("ferry.mp4", "video", film.stat().st_size))
    stage.fake.clock.advance(3_700)
    once = client.with_options()
    new = stage.run(once.assets.upload(film, resume=made))
    assert new.id == made.asset_id
    made = stage.run(client.assets.uploads.create("a.mp4", "video", film.stat().st_size))
    stage.fake.clock.advance(24 * 3_600 + 1)
    with pytest.raises(TaskFailed, match="expired"):
        stage.run(client.assets.upload(film, resume=made))


def indexes__hold_assets(stage: Stage) -> None:
    """Indexed, also a video; annotated, filtered, looked into; removed, while the asset stays."""
    client, run = stage.client, stage.run
    index = stage.index()
    indexed, seen = client.indexes.indexed_assets, list[str]()
    asset = stage.asset()
    new = run(indexed.create(index, asset, user_metadata={"kind": "boat"}))
    done = run(new.wait(on_status=lambda now: seen.append(now.status)))
    assert (done.asset_id, done.status, new.video_id) == (asset, "ready", done.id)
    assert list(dict.fromkeys(seen))[-1] == "ready" and len(set(seen)) > 2
    rich = run(
        indexed.retrieve(index, new.id, embedding_option=["visual", "audio"], transcription=True)
    )
    assert rich.embedding.video_embedding.segments[0].vector and rich.transcription is not None
    run(indexed.update(index, new.id, user_metadata={"kind": None, "seen": True}))
    assert run(indexed.retrieve(index, new.id)).user_metadata == {"seen": True}
    listed = indexed.list(
        index, status=["ready"], duration=Range(gte=1), user_metadata={"seen": True}
    )
    assert [each.id for each in stage.all(listed)] == [new.id]
    [use] = stage.all(client.assets.indexed_assets(asset))
    assert (use.id, use.index.id, use.index.name) == (new.id, index, "films")
    with pytest.raises(Conflict):
        run(client.assets.delete(asset))
    videos = client.indexes.videos
    assert run(videos.retrieve(index, new.id)).asset_id == asset
    assert [each.id for each in stage.all(videos.list(index))] == [new.id]
    run(videos.update(index, new.id, user_metadata={"stars": 3}))
    run(indexed.delete(index, new.id))
    assert run(client.assets.retrieve(asset)).status == "ready"
    other = stage.video(index)
    run(videos.delete(index, other.id))
    with pytest.raises(ApiError):
        run(indexed.retrieve(index, other.id))
    run(client.indexes.update(index, index_name="movies"))
    assert run(client.indexes.retrieve(index)).index_name == "movies"
    assert [each.id for each in stage.all(client.indexes.list(model_family="marengo"))] == [index]
    run(client.indexes.delete(index))


def tasks__are_still_there(stage: Stage) -> None:
    """Upload straight into an index, look, list, delete."""
    client, run = stage.client, stage.run
    index = stage.index()
    new = run(client.tasks.create(index, video_file=mp4(12.0), user_metadata={"kind": "boat"}))
    assert run(new.wait()).status == "ready"
    assert [task.id for task in stage.all(client.tasks.list(index_id=index))] == [new.id]
    run(client.indexes.videos.delete(index, new.video_id))
    run(client.tasks.delete(new.id))


def searches__rank_what_fits(stage: Stage) -> None:
    """By words, by several images, by both, for a person; in groups; over pages."""
    client, run = stage.client, stage.run
    index = stage.index()
    video = stage.video(index)
    people = run(client.entity_collections.create("people"))
    photo = stage.asset(PHOTO)
    ada = stage.done(client.entity_collections.entities.create(people.id, "Ada", [photo]))
    clips = stage.all(
        client.search.clips(
            index,
            ["visual", "audio"],
            query_text="a ferry",
            page_limit=2,
            operator="or",
            filter={"kind": "boat"},
            include_user_metadata=True,
        )
    )
    assert [clip.rank for clip in clips] == list(range(1, len(clips) + 1)) and clips
    assert {clip.video_id for clip in clips} == {video.id} and clips[0].score is None
    assert clips[0].user_metadata == {"kind": "boat"}
    grouped = run(client.search.videos(index, ["visual"], query_text="a ferry").first())
    assert [group.id for group in grouped.data] == [video.id] and grouped.data[0].clips
    for query in (
        {"query_text": f"<@{ada.id}> on a ferry"},
        {"query_text": "a ferry", "query_media_type": "image",
         "query_media_url": ["https://media.example/a.png", "https://media.example/b.png"]},
        {"query_media_type": "image", "query_media_files": [File(png(), name="a.png")] * 2},
    ):  # fmt: skip
        assert run(client.search.clips(index, ["visual"], **query).first()).page_info
    first = run(client.search.clips(index, ["visual"], query_text="a", page_limit=1).first())
    token = first.page_info.next_page_token
    if token:
        assert run(client.search.retrieve(token, include_user_metadata=True)).data
    with pytest.raises(ApiError):
        run(client.search.retrieve("6f2d0b14-5a0e-4c62-8f5b-0d8c1d8a7e21-1"))


def vectors__come_at_once(stage: Stage) -> None:
    """Of each kind, from an asset, an address, or the request."""
    v2, run = stage.client.embed_v2, stage.run
    video = {"asset_id": stage.asset()}
    [text] = run(v2.text("marengo3.0", "a ferry")).data
    assert len(text.vector) == 512
    assert run(v2.image("marengo3.0", inline(png(200, 200)))).metadata.input_type == "image"
    assert run(v2.text_image("marengo3.0", {"url": PHOTO}, "Ada")).data
    heard = run(
        v2.audio(
            "marengo3.0",
            {"url": "https://media.example/a.mp3?duration=12"},
            segmentation={"strategy": "fixed", "fixed": {"duration_sec": 5}},
            embedding_scope=["clip"],
        )
    )
    assert heard.metadata.duration == 12 and heard.data[-1].end_sec == 12
    seen = run(
        v2.video(
            "marengo3.0",
            video,
            end_sec=20,
            embedding_option=["visual", "audio"],
            embedding_type=["separate_embedding", "fused_embedding"],
        )
    )
    assert {each.embedding_option for each in seen.data} == {"visual", "audio", "fused"}
    mixed = run(
        v2.multi_input(
            "marengo3.5",
            input_text="<@ada> on a ferry",
            media_sources=[{"name": "ada", "media_type": "image", "url": PHOTO}],
            embedding_dimension=256,
        )
    )
    assert len(mixed.data[0].vector) == 256 and mixed.usage.input_tokens
    with pytest.raises(BadRequest):
        run(v2.text("marengo3.5", "a ferry"))
    assert run(stage.client.embed.create("marengo3.0", text="a ferry")).text_embedding.segments
    task = stage.done(stage.client.embed.tasks.create("marengo3.0", video_url=URL))
    tasks = stage.client.embed.tasks
    assert run(tasks.retrieve(task.id, embedding_option=["visual"])).video_embedding.segments
    assert [each.id for each in stage.all(tasks.list())] == [task.id]


def vectors__come_by_tasks(stage: Stage) -> None:
    """Of long media and documents; listed, waited for."""
    tasks, run = stage.client.embed_v2.tasks, stage.run
    ready = stage.done(tasks.video("marengo3.0", {"asset_id": stage.asset()}))
    assert ready.data and ready.metadata.duration == 30
    heard = tasks.audio(
        "marengo3.5",
        {"url": "https://media.example/a.mp3?duration=30"},
        segmentation={"temporal": {"strategy": "fixed", "fixed": {"duration_sec": 5}}},
        embedding_dimension=256,
    )
    assert len(stage.done(heard).data[0].vector) == 256
    assert stage.done(tasks.image("marengo3.5", {"url": PHOTO})).data
    pages = tasks.document(
        "marengo3.5",
        {"url": "https://media.example/plan.pdf"},
        segmentation={"spatial": {"strategy": "quadrants"}},
        embedding_scope=["local"],
    )
    assert stage.done(pages).data[0].start_page_number == 1
    assert len(stage.all(tasks.list(status="ready", page_limit=3))) == 4
    assert run(tasks.wait(ready.id)).id == ready.id


SCHEMA = {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]}
SEGMENTS = {
    "type": "segment_definitions",
    "segment_definitions": [
        {"id": "calm", "description": "Nothing happens.", "fields": [
            {"name": "place", "type": "string", "description": "Where it is."}]}
    ],
}  # fmt: skip


def analyses__answer_at_once(stage: Stage) -> None:
    """About a video, a window of it, images; in words, as JSON, in a stream."""
    client, run = stage.client, stage.run
    video = {"type": "asset_id", "asset_id": stage.asset()}
    assert run(client.analyze(prompt="Who?", video=video, temperature=0)).data
    asked = {"type": "json_schema", "json_schema": SCHEMA}
    answer = run(client.analyze(prompt="Who?", video=video, response_format=asked, start_time=2))
    assert '"who"' in answer.data and answer.usage.output_tokens
    photos = [{"name": "ada", "url": PHOTO}]
    assert run(client.analyze(prompt="Who is it?", image=photos, model_name="pegasus1.6")).data
    pictured = {"input_text": "Is <@ada> in it?", "media_sources": [
        {"name": "ada", "media_type": "image", "url": PHOTO}]}  # fmt: skip
    streamed = client.analyze_stream(video={"type": "url", "url": URL}, prompt_v2=pictured)
    assert run(streamed.text())


def analyses__take_their_time(stage: Stage) -> None:
    """By tasks: words, segments with fields; one is given up, one deleted."""
    tasks, run = stage.client.analyze_tasks, stage.run
    asset = stage.asset()
    video = {"type": "asset_id", "asset_id": asset}
    done = stage.done(tasks.create(video=video, prompt="Who?", custom_id="clip-7"))
    assert done.result.data and done.custom_id == "clip-7" and done.completed_at
    found = stage.done(
        tasks.create(
            video=video,
            analysis_mode="time_based_metadata",
            response_format=SEGMENTS,
            min_segment_duration=2,
            idempotency_key="once",
        )
    ).result.segments
    assert found["calm"][0].end_time > found["calm"][0].start_time
    assert isinstance(found["calm"][0].metadata["place"], str)
    given_up = run(tasks.create(video=video, prompt="Why?"))
    run(given_up.cancel())
    with pytest.raises(TaskFailed, match="canceled"):
        run(given_up.wait())
    with pytest.raises(Conflict):
        run(tasks.cancel(done.task_id))
    listed = stage.all(tasks.list(status="ready", asset_id=asset, analysis_mode="general"))
    assert [each.task_id for each in listed] == [done.task_id]
    run(tasks.delete(done.task_id))
    with pytest.raises(NotFound):
        run(tasks.retrieve(done.task_id))


def batches__hold_many_analyses(stage: Stage) -> None:
    """Results line by line at any time; one that runs is no conflict; one is canceled."""
    batches, run = stage.client.analyze_batches, stage.run
    video = {"type": "asset_id", "asset_id": stage.asset()}
    wanted = [{"video": video, "custom_id": f"clip-{at}"} for at in range(3)]
    asked = {"prompt": {"input_text": "Who?"}}
    new = run(batches.create(wanted, defaults=asked))
    assert [item.custom_id for item in new.made.items] == ["clip-0", "clip-1", "clip-2"]
    assert [each.data for each in stage.all(new.results())] == [None] * 3
    with pytest.raises(Conflict):
        run(batches.delete(new.id))
    done = run(new.wait())
    assert (done.status, done.ready_items, done.total_items) == ("completed", 3, 3)
    assert all(each.data.data for each in stage.all(batches.results(new.id)))
    other = run(batches.create(wanted, defaults=asked))
    assert run(other.cancel()).status in {"canceling", "canceled"}
    with pytest.raises(TaskFailed, match="canceled"):
        run(other.wait())
    listed = stage.all(batches.list(status=["completed", "canceled"], analysis_mode=["general"]))
    assert {each.batch_id for each in listed} == {new.id, other.id}
    run(batches.delete(new.id))


def entities__are_people_with_pictures(stage: Stage) -> None:
    """Collections; entities one by one and many at once; more and fewer pictures."""
    collections, run = stage.client.entity_collections, stage.run
    entities = collections.entities
    people = run(collections.create("people", description="Who is who"))
    run(collections.update(people.id, name="crew"))
    assert run(collections.retrieve(people.id)).name == "crew"
    assert [each.id for each in stage.all(collections.list(name="crew"))] == [people.id]
    photo, other = stage.asset(PHOTO), stage.asset("https://media.example/bea.png")
    ada = run(entities.create(people.id, "Ada", [photo], metadata={"age": 36, "pilot": True}))
    assert run(ada.wait()).metadata == {"age": 36, "pilot": True}
    many = run(
        entities.create_many(
            people.id,
            [{"name": "Bea", "asset_ids": [other]}, {"name": "Nobody", "asset_ids": ["0" * 24]}],
        )
    )
    assert (many.success_count, many.failed_count, many.errors[0].entity_index) == (1, 1, 1)
    assert run(entities.add_assets(people.id, ada.id, [other])).asset_ids == (photo, other)
    assert run(entities.wait(people.id, ada.id)).status == "ready"
    left = run(entities.remove_assets(people.id, ada.id, [photo]))
    assert left.asset_ids == (other,)
    with pytest.raises(BadRequest):
        run(entities.remove_assets(people.id, ada.id, [other]))
    run(entities.update(people.id, ada.id, metadata={"age": 37}))
    assert run(entities.retrieve(people.id, ada.id)).metadata == {"age": 37}
    assert {each.name for each in stage.all(stage.client.assets.entities(other))} == {"Ada", "Bea"}
    named = stage.all(entities.list(people.id, sort_by="name", sort_option="asc"))
    assert [each.name for each in named] == ["Ada", "Bea"]
    run(entities.delete(people.id, ada.id))
    run(collections.delete(people.id))


def knowledge__is_kept_searched_and_talked_about(stage: Stage) -> None:
    """Stores, items, collections, search over pages, answers whole and streamed, in a session."""
    stores, run = stage.client.knowledge_stores, stage.run
    store = run(stores.create("films", enrichment="Who is in it.", metadata={"year": 2026}))
    run(stores.update(store.id, description="All of them"))
    assert [each.id for each in stage.all(stores.list())] == [store.id]
    film, photo = stage.asset(), stage.asset(PHOTO)
    item = stage.done(stores.items.create(store.id, film, metadata={"kind": "boat"}))
    other = stage.done(stores.items.create(store.id, photo, asset_type="image"))
    assert (item.status, other.asset_type) == ("ready", "image")
    assert len(stage.all(stores.items.list(store.id, status=["ready"], page_limit=1))) == 2
    assert run(stores.items.retrieve(store.id, item.id)).metadata == {"kind": "boat"}
    some = run(stores.collections.create(store.id, "boats"))
    assert run(stores.collections.add(store.id, some.id, [item.id, other.id])).member_count == 2
    run(stores.collections.remove(store.id, some.id, [other.id]))
    assert [each.id for each in stage.all(stores.collections.items(store.id, some.id))] == [item.id]
    run(stores.collections.update(store.id, some.id, name="ships"))
    assert run(stores.collections.retrieve(store.id, some.id)).name == "ships"
    assert [each.id for each in stage.all(stores.collections.list(store.id))] == [some.id]
    hits = stage.all(stores.search(store.id, "a ferry", page_size=1, include_metadata=True))
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1)) and hits
    only = stage.all(
        stores.search(store.id, "a ferry", asset_types=["video"], modalities=["visual", "audio"],
                      group_by="item", item_ids=[item.id]))  # fmt: skip
    assert {hit.item_id for hit in only} == {item.id} and only[0].matches
    talk = stage.client.responses
    said = run(
        talk.create(
            store.id, "Who is in {{sel:0}}?", selections=[{"kind": "collection", "id": some.id}],
            include=["intermediate_outputs"], instructions="Be brief.",
        )
    )  # fmt: skip
    assert said.status == "completed" and said.text
    pieces = stage.all(talk.stream(store.id, "And where?", session_id=said.session_id))
    assert any(isinstance(each, TextDelta) for each in pieces)
    assert [each.sequence_number for each in pieces] == sorted(e.sequence_number for e in pieces)
    whole = run(talk.stream(store.id, "Why?", session_id=said.session_id).response())
    assert whole.text and whole.session_id == said.session_id
    with pytest.raises(ApiError):
        run(talk.create(store.id, "Who?", session_id="sess_0197c348-9b88-70bf-b922-849755973f1b"))
    run(stores.items.delete(store.id, other.id))
    run(stores.collections.delete(store.id, some.id))
    assert run(stores.retrieve(store.id)).item_count == 1
    run(stores.delete(store.id))


def connections__bring_files_in(stage: Stage) -> None:
    """Allowed by a user, who comes back; files become assets, some are rejected."""
    connections, run = stage.client.connections, stage.run
    uri = run(connections.redirect_uris.create(BACK))
    with pytest.raises(Conflict):
        run(connections.redirect_uris.create(BACK))
    assert [each.redirect_uri for each in stage.all(connections.redirect_uris.list())] == [BACK]
    asked = run(connections.authorize(BACK, custom_id="me"))
    user = httpx2.Client(transport=None if _is_port(asked) else stage.fake.transport())
    with user:
        returned = user.get(asked.authorize_url).headers["location"]
    connection = httpx2.URL(returned).params["connection_id"]
    assert run(connections.retrieve(connection)).status == "active"
    assert [each.id for each in stage.all(connections.list())] == [connection]
    assert run(connections.picker_token(connection)).access_token
    new = run(connections.imports.create(connection, ["harbour.mp4"]))
    done = run(new.wait())
    assert done.items[0].status == "ready"
    assert run(stage.client.assets.retrieve(done.items[0].asset_id)).source.type == "connector"
    bad = run(connections.imports.create(connection, ["understudy-unknown"]))
    with pytest.raises(TaskFailed, match="understudy-unknown"):
        run(bad.wait())
    assert len(stage.all(connections.imports.list(connection))) == 2
    assert run(connections.imports.retrieve(connection, new.id)).item_count == 1
    run(connections.delete(connection))
    run(connections.redirect_uris.delete(uri.id))


def _is_port(asked: Any) -> bool:
    return str(asked.authorize_url).startswith("http://127.0.0.1")


JOURNEYS: list[Callable[[Stage], None]] = [
    assets__come_and_go,
    uploads__of_large_files_arrive,
    uploads__go_on_after_an_interruption,
    uploads__that_are_too_late_are_over,
    indexes__hold_assets,
    tasks__are_still_there,
    searches__rank_what_fits,
    vectors__come_at_once,
    vectors__come_by_tasks,
    analyses__answer_at_once,
    analyses__take_their_time,
    batches__hold_many_analyses,
    entities__are_people_with_pictures,
    knowledge__is_kept_searched_and_talked_about,
    connections__bring_files_in,
]


@contextmanager
def staged(
    caller: Blocking, fake: Fake, base_url: str | None, folder: Path, key: str = KEY
) -> Iterator[Stage]:
    """A client at a place, whose sleeps move the fake's clock; closed at the end."""
    caller.time.on_sleep = fake.clock.advance
    if base_url is None:
        client = caller.on_fake(fake, key)
    else:
        client = caller.client(None, key, base_url=base_url)
    caller.enter(client)
    try:
        yield Stage(caller, client, fake, folder)
    finally:
        caller.leave(client)


@pytest.fixture(scope="module", params=["in process", "port"])
def shared(request: pytest.FixtureRequest) -> Iterator[tuple[Fake, str | None]]:
    """One fake, and one server, for all tests of a place."""
    with Fake("twelvelabs", time="manual", retired="gone") as fake:
        port = request.param == "port"
        yield fake, f"{fake.serve()}/twelvelabs/v1.3" if port else None


@pytest.fixture
def place(shared: tuple[Fake, str | None]) -> tuple[Fake, str | None]:
    """A place where nothing has happened yet."""
    shared[0].reset()
    return shared


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_journey__goes_well(
    caller: Blocking,
    place: tuple[Fake, str | None],
    tmp_path: Path,
    journey: Callable[[Stage], None],
) -> None:
    """Each does what its own words say."""
    with staged(caller, *place, tmp_path) as stage:
        journey(stage)


def test_document__has_no_operation_that_is_not_tried(caller: Blocking, tmp_path: Path) -> None:
    """The journeys call every operation of the document."""
    with Fake("twelvelabs", time="manual", retired="gone") as fake:
        for journey in JOURNEYS:
            with staged(caller, fake, None, tmp_path, key=journey.__name__) as stage:
                journey(stage)
        called = {entry.operation for entry in fake.journal}
    operations = set(Contract.load("twelvelabs").operations)
    assert len(operations) == 99
    assert operations - called == set()
