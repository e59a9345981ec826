"""The journey that the generated Python SDKs of Twelve Labs (1.0 and later) have in common.

Each function is a part of it, in the order in which a customer takes them. A client is whatever
`TwelveLabs(...)` is in the environment that runs this.
"""

import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from journey import (
    ASSESSMENT,
    FERRY,
    FOX,
    INTERVAL,
    NOBODY,
    PICTURE,
    SOUND,
    assessed,
    clips,
    in_order,
    quick,
    refused,
    shaped,
    spans,
    step,
    vector,
    whole,
)
from twelvelabs.core.api_error import ApiError
from twelvelabs.errors import BadRequestError, NotFoundError
from twelvelabs.indexes import IndexesCreateRequestModelsItem

Client = Any  # the SDKs' classes share a name and no type


def indexes(client: Client, *names: str) -> str:
    """Create, read, rename, find, page and be refused; answers the id of an index for films."""
    models = [
        IndexesCreateRequestModelsItem(model_name=name, model_options=["visual", "audio"])
        for name in names
    ]

    with step("create an index"):
        made = client.indexes.create(index_name="films", models=models, addons=["thumbnail"])
        index = client.indexes.retrieve(made.id)
        assert (index.index_name, index.video_count) == ("films", 0)
        assert [model.model_name for model in index.models] == list(names)
        assert index.addons == ["thumbnail"]

    with step("rename it and find it by name, family and options"):
        client.indexes.update(made.id, index_name="renamed films")
        for wanted in (
            {"index_name": "renamed films"},
            {"model_family": "marengo"},
            {"model_options": "visual,audio"},
            {"created_at": index.created_at, "updated_at": index.created_at},
        ):
            assert [each.id for each in client.indexes.list(**wanted)] == [made.id], wanted
        assert list(client.indexes.list(index_name="films")) == []

    with step("page through indexes in both orders"):
        more = [client.indexes.create(index_name=name, models=models).id for name in "abc"]
        for order, expected in (("asc", [made.id, *more]), ("desc", [*reversed(more), made.id])):
            pages = client.indexes.list(page_limit=2, sort_by="created_at", sort_option=order)
            assert [each.id for each in pages] == expected
        second = client.indexes.list(page=2, page_limit=3, sort_option="asc")
        assert [each.id for each in second.items] == more[2:]
        for each in more:
            client.indexes.delete(each)

    with step("be refused for a bad index, in the declared error"):
        refused(
            lambda: client.indexes.create(index_name="bad", models=[]),
            BadRequestError,
            400,
            "parameter_invalid",
        )
    return str(made.id)


def uploads(client: Client, index_id: str, folder: Path) -> dict[str, str]:
    """Upload by file, by address and in bulk, and wait; answers the ids of videos by name."""
    film = folder / "film.mp4"

    with step("upload a file"), film.open("rb") as opened:
        task = client.tasks.create(
            index_id=index_id,
            video_file=opened,
            enable_video_stream=True,
            user_metadata=json.dumps({"season": 2, "title": "A film"}),
        )
        assert task.id
        assert task.video_id

    with step("wait for it, each poll a step"), quick():
        seen: list[str] = []
        done = client.tasks.wait_for_done(
            task.id, sleep_interval=INTERVAL, callback=lambda polled: seen.append(polled.status)
        )
        in_order(seen)
        assert done.status == "ready"
        assert done.hls.video_url

    with step("upload by address and in bulk"), quick():
        fox = client.tasks.create(index_id=index_id, video_url=FOX)
        content = film.read_bytes()
        ferry, copy = client.tasks.create_bulk(
            index_id=index_id, video_files=[("copy.mp4", content)], video_urls=[FERRY]
        )[::-1]
        for each in (fox, ferry, copy):
            client.tasks.wait_for_done(each.id, sleep_interval=INTERVAL)

    with step("list tasks with filters, order and pages"):
        everything = [copy.id, ferry.id, fox.id, task.id]
        tasks = client.tasks.list(index_id=index_id, status=["ready", "failed"], page_limit=3)
        assert sorted(each.id for each in tasks) == sorted(everything)
        assert list(client.tasks.list(index_id=index_id, status="indexing")) == []
        [found] = client.tasks.list(filename="film.mp4", duration=12.0, width=1280, height=720)
        assert (found.id, found.index_id, found.status) == (task.id, index_id, "ready")
        oldest = client.tasks.list(sort_by="created_at", sort_option="asc", page_limit=1)
        assert next(iter(oldest)).id == task.id

    with step("see an upload fail, and clear it away"), quick():
        with (folder / "photo.jpeg").open("rb") as opened:
            refused(
                lambda: client.tasks.create(index_id=index_id, video_file=opened),
                BadRequestError,
                400,
                "video_file_broken",
            )
        bad = client.tasks.create(
            index_id=index_id, video_url="https://media.example/understudy-fail.mp4"
        )
        assert client.tasks.wait_for_done(bad.id, sleep_interval=INTERVAL).status == "failed"
        client.tasks.delete(bad.id)
        refused(lambda: client.tasks.retrieve(bad.id), ApiError, 404, "resource_not_exists")

    names = {"film": task, "fox": fox, "ferry": ferry, "copy": copy}
    return {name: str(each.video_id) for name, each in names.items()}


def videos(client: Client, index_id: str, ids: Mapping[str, str], folder: Path) -> None:
    """List, filter, read, write on and embed indexed videos."""
    video_id = ids["film"]
    size = (folder / "film.mp4").stat().st_size

    with step("list and read the videos"):
        listed = client.indexes.videos.list(index_id, page_limit=3)
        assert sorted(each.id for each in listed) == sorted(ids.values())
        video = client.indexes.videos.retrieve(index_id, video_id)
        about = video.system_metadata
        assert (about.filename, about.duration, about.size) == ("film.mp4", 12.0, size)
        assert (about.width, about.height, about.fps) == (1280, 720, 30.0)
        assert video.user_metadata == {"season": 2, "title": "A film"}
        assert client.indexes.retrieve(index_id).video_count == len(ids)

    with step("update the metadata and filter by it"):
        change = {"genre": "noir", "season": 3, "rating": 7.5, "seen": True, "title": None}
        client.indexes.videos.update(index_id, video_id, user_metadata=change)
        video = client.indexes.videos.retrieve(index_id, video_id)
        assert video.user_metadata == {"genre": "noir", "season": 3, "rating": 7.5, "seen": True}
        for wanted, count in (({"genre": "noir"}, 1), ({"season": 3}, 1), ({"genre": "x"}, 0)):
            hits = list(client.indexes.videos.list(index_id, user_metadata=wanted))
            assert len(hits) == count, (wanted, hits)

    with step("filter the videos by what the system knows"):
        for wanted in (
            {"filename": "film.mp4"},
            {"size": size, "filename": "film.mp4"},
            {"width": 1280, "height": 720, "fps": 30.0, "duration": 12.0, "filename": "film.mp4"},
            {"updated_at": video.created_at, "filename": "film.mp4"},
            {"created_at": video.created_at, "sort_by": "created_at", "sort_option": "asc"},
        ):
            hits = client.indexes.videos.list(index_id, **wanted)
            assert hits.items[0].id == video_id, wanted

    with step("read the vectors and the words of a video"):
        video = client.indexes.videos.retrieve(
            index_id, ids["fox"], embedding_option=["visual-text", "audio"], transcription=True
        )
        segments = video.embedding.video_embedding.segments
        for option in ("visual-text", "audio"):
            found = [part for part in segments if part.embedding_option == option]
            spans([(part.start_offset_sec, part.end_offset_sec) for part in found], 60)
        vector(segments[0].float_, len(segments[-1].float_))
        spans([(word.start, word.end) for word in video.transcription], 60)


def searching(
    client: Client, index_id: str, ids: Mapping[str, str], folder: Path, **more: object
) -> None:
    """Search in words and by image, with filters, groups and pages; `more` goes to each search."""

    def search(*options: str, **fields: object) -> Any:
        wanted = list(options) or ["visual", "audio"]
        return client.search.query(index_id=index_id, search_options=wanted, **fields, **more)

    with step("search in words"):
        found = list(search(query_text="a red fox", operator="or", page_limit=50))
        assert found[0].video_id == ids["fox"]
        assert [item.rank for item in found] == list(range(1, len(found) + 1))
        assert all(0 <= item.start < item.end <= 60 for item in found)
        assert found[0].thumbnail_url
        both = list(search(query_text="a red fox", operator="and", page_limit=50))
        assert len(both) <= len(found)

    with step("follow the pages of a search"):
        pages = search(query_text="a red fox", page_limit=2)
        assert len(pages.items) == 2
        again = [(item.video_id, item.start, item.end) for item in pages]
        assert again == [(item.video_id, item.start, item.end) for item in found]
        first = client.search.create(
            index_id=index_id,
            search_options=["visual", "audio"],
            query_text="a red fox",
            page_limit=2,
            **more,
        )
        assert first.search_pool.index_id == index_id
        assert first.search_pool.total_count == len(ids)
        assert first.page_info.total_results == len(found)
        second = client.search.retrieve(first.page_info.next_page_token, include_user_metadata=True)
        assert second.data[0].rank == 3
        assert second.page_info.prev_page_token

    with step("search by image, from a file and from an address"):
        picture = (folder / "picture.png").read_bytes()
        images = ({"query_media_file": ("picture.png", picture)}, {"query_media_url": PICTURE})
        for image in images:
            hits = search("visual", query_media_type="image", **image)
            assert hits.items, image
        assert hits.items[0].video_id == ids["fox"]

    with step("group and filter a search"):
        groups = list(search(query_text="ferry", group_by="video", page_limit=50))
        assert groups[0].id == ids["ferry"]
        assert all(group.clips for group in groups)
        noir = json.dumps({"genre": "noir", "duration": {"gte": 5, "lte": 20}})
        hits = search(query_text="film", filter=noir, include_user_metadata=True)
        [clip, *_] = hits.items
        assert clip.video_id == ids["film"]
        assert clip.user_metadata["genre"] == "noir"
        hits = search(query_text="ferry", filter=json.dumps({"id": [ids["copy"]]}))
        assert {item.video_id for item in hits} <= {ids["copy"]}

    with step("be refused for a bad search"):
        refused(
            lambda: search("smell", query_text="fox"),
            BadRequestError,
            400,
            "search_option_not_supported",
        )
        refused(
            lambda: search(query_text="fox", filter="{"),
            BadRequestError,
            400,
            "search_filter_invalid",
        )
        refused(lambda: search(), BadRequestError, 400, "parameter_not_provided")


def analysis(client: Client, shape: object, **more: object) -> None:
    """Ask about a video, at once and as a stream; `more` says which video in the SDK's way, and
    `shape` is the SDK's response format of SHAPE."""

    with step("analyze"):
        answer = client.analyze(prompt="What happens?", temperature=0.5, **more)
        assert answer.id
        assert answer.data
        assert answer.finish_reason == "stop"
        whole(answer.usage.output_tokens)
        assert client.analyze(prompt="What happens?", temperature=0.5, **more).data == answer.data
        short = client.analyze(prompt="What happens?", max_tokens=3, **more)
        assert short.finish_reason == "length"
        assert answer.data.startswith(short.data)

    with step("analyze into JSON that the prompt shows"):
        assessed(client.analyze(prompt=ASSESSMENT, **more).data)

    with step("analyze as a stream"):
        start, *texts, end = client.analyze_stream(prompt="What happens?", **more)
        kinds = [event.event_type for event in (start, *texts, end)]
        assert kinds == ["stream_start", *["text_generation"] * len(texts), "stream_end"]
        assert "".join(event.text for event in texts) == answer.data
        assert start.metadata.generation_id == end.metadata.generation_id
        assert end.metadata.usage.output_tokens == answer.usage.output_tokens
        assert end.finish_reason == "stop"

    with step("analyze into a JSON Schema, at once and as a stream"):
        asked = {"prompt": "Who is there?", "response_format": shape, **more}
        shaped(client.analyze(**asked).data)
        events = list(client.analyze_stream(**asked))
        shaped("".join(event.text for event in events if event.event_type == "text_generation"))


def embeddings(client: Client, model: str, length: int, folder: Path) -> None:
    """Vectors at once, of text, images and sounds, alone and together."""

    def embed(**fields: object) -> Any:
        return client.embed.create(model_name=model, **fields)

    with step("embed text"):
        made = embed(text="a red fox")
        assert made.model_name == model
        vector(made.text_embedding.segments[0].float_, length)
        again = embed(text="a red fox")
        assert again.text_embedding.segments[0].float_ == made.text_embedding.segments[0].float_

    with step("embed an image, from a file and from an address"):
        picture = (folder / "photo.jpeg").read_bytes()
        for image in ({"image_file": ("photo.jpeg", picture)}, {"image_url": PICTURE}):
            part = embed(**image).image_embedding
            vector(part.segments[0].float_, length)
            assert part.metadata.input_filename or part.metadata.input_url

    with step("embed a sound, from a file and from an address"):
        sound = (folder / "sound.wav").read_bytes()
        for audio in ({"audio_file": ("sound.wav", sound)}, {"audio_url": SOUND}):
            part = embed(**audio, audio_start_offset_sec=2.0).audio_embedding
            assert part.segments[0].start_offset_sec == 2.0
            vector(part.segments[0].float_, length)

    with step("embed three kinds at once"):
        made = embed(text="fox", image_url=PICTURE, audio_url=SOUND)
        for part in (made.text_embedding, made.image_embedding, made.audio_embedding):
            vector(part.segments[0].float_, length)

    with step("be refused for a bad embedding"):
        refused(lambda: embed(), BadRequestError, 400, "parameter_not_provided")


def embedding_tasks(client: Client, model: str, length: int, folder: Path) -> None:
    """Vectors of videos: create by file, address and in bulk, poll, read with options, list."""
    tasks = client.embed.tasks

    with step("start embedding a file and an address"), (folder / "film.mp4").open("rb") as film:
        file = tasks.create(model_name=model, video_file=film)
        part = tasks.create(
            model_name=model,
            video_url=FOX,
            video_start_offset_sec=10.0,
            video_end_offset_sec=31.0,
            video_clip_length=5.0,
            video_embedding_scope=["clip", "video"],
        )
        bulk = tasks.create_bulk(model_name=model, videos=[{"video_url": FERRY}])
        assert len(bulk) == 1
        assert tasks.status(file.id).status == "processing"

    with step("wait for the vectors"), quick():
        seen: list[str] = []
        for each in (file, part, *bulk):
            done = tasks.wait_for_done(
                each.id, sleep_interval=INTERVAL, callback=lambda polled: seen.append(polled.status)
            )
            assert done.status == "ready"
        assert set(seen) <= {"processing", "ready"}

    with step("read the vectors of the file"):
        got = tasks.retrieve(file.id)
        assert (got.id, got.model_name, got.status) == (file.id, model, "ready")
        assert got.created_at
        made = got.video_embedding
        assert made.metadata.input_filename == "film.mp4"
        options = {segment.embedding_option for segment in made.segments}
        older = model.startswith("Marengo-retrieval")
        seen_as = "visual-text" if older else "visual"
        assert options == {seen_as, "audio"} | (set() if older else {"transcription"})
        for segment in made.segments:
            vector(segment.float_, length)
        visual = [each for each in made.segments if each.embedding_option == seen_as]
        clips([(each.start_offset_sec, each.end_offset_sec) for each in visual], 12, 6)

    with step("read one kind of vectors, of a part in both scopes"):
        made = tasks.retrieve(part.id, embedding_option=[seen_as]).video_embedding
        assert made.metadata.input_url == FOX
        assert {each.embedding_option for each in made.segments} == {seen_as}
        scopes = [each.embedding_scope for each in made.segments]
        assert scopes == ["clip"] * 4 + ["video"], scopes
        assert (made.segments[-1].start_offset_sec, made.segments[-1].end_offset_sec) == (10, 31)

    with step("list embedding tasks"):
        ids = [each.id for each in (file, part, *bulk)]
        listed = list(islice(tasks.list(page_limit=2), 10))
        assert [each.id for each in listed] == ids[::-1]
        assert listed[0].video_embedding.metadata.input_url == FERRY
        wanted = {"status": "ready", "started_at": "2020-01-01T00:00:00Z", "page": 1}
        assert len(list(tasks.list(**wanted))) == 3
        assert list(tasks.list(ended_at="2020-01-01T00:00:00Z")) == []

    with step("be refused for a bad embedding task"):
        refused(
            lambda: tasks.create(model_name=model, video_url=FOX, video_clip_length=11),
            BadRequestError,
            400,
            "parameter_invalid",
        )
        refused(lambda: tasks.retrieve(NOBODY), ApiError, 404, "resource_not_exists")


def farewell(client: Client, index_id: str, video_id: str) -> None:
    """Delete a video and the index, for good."""

    with step("delete the video, for good"):
        client.indexes.videos.delete(index_id, video_id)
        refused(
            lambda: client.indexes.videos.retrieve(index_id, video_id),
            NotFoundError,
            404,
            "resource_not_exists",
        )
        assert video_id not in [each.id for each in client.indexes.videos.list(index_id)]

    with step("delete the index, for good"):
        client.indexes.delete(index_id)
        refused(lambda: client.indexes.retrieve(index_id), ApiError, 404, "resource_not_exists")
