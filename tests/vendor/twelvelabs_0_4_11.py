"""twelvelabs 0.4.11, the hand-written SDK of early 2025, over its whole surface.

Run by `make vendor` in an environment that holds the SDK and nothing of understudy, as
`python twelvelabs_0_4_11.py SERVER_URL FOLDER`; prints one line a step and `N passed, 0 failed`.
Left out are those of its calls that fail before they send anything, whoever the server is:
embed.task.create_bulk, index.create_task and video.generate_text.
"""

import os
import warnings
from collections.abc import Mapping
from pathlib import Path

from journey import (
    ASSESSMENT,
    FERRY,
    FOX,
    INTERVAL,
    LEVELS,
    NOBODY,
    PICTURE,
    SOUND,
    assessed,
    clips,
    in_order,
    quick,
    refused,
    run,
    spans,
    step,
    vector,
)
from twelvelabs import TwelveLabs
from twelvelabs.exceptions import BadRequestError, NotFoundError

MODEL = "Marengo-retrieval-2.7"
LENGTH = 1024


def main(url: str, folder: Path) -> None:
    """The journey, in the order in which a customer takes it."""
    os.environ["TWELVELABS_BASE_URL"] = f"{url}/twelvelabs"
    client = TwelveLabs(api_key="tlk_vendor")
    index_id = indexes(client)
    ids = uploads(client, index_id, folder)
    videos(client, index_id, ids, folder)
    searching(client, index_id, ids, folder)
    texts(client, ids["fox"])
    answers(client, ids["fox"])
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        older_names(client, ids["fox"])
    embeddings(client, folder)
    embedding_tasks(client, folder)
    transfers(client)
    farewell(client, index_id, ids["film"])


def indexes(client: TwelveLabs) -> str:
    """Create, read, rename, find and page; answers the id of an index for films."""
    models = [
        {"name": "marengo2.7", "options": ["visual", "audio"]},
        {"name": "pegasus1.2", "options": ["visual"]},
    ]

    with step("create an index"):
        made = client.index.create("films", models, addons=["thumbnail"])
        assert (made.name, made.video_count, made.total_duration) == ("films", 0, 0)
        assert [model.name for model in made.models] == ["marengo2.7", "pegasus1.2"]

    with step("rename it and find it"):
        made.update("renamed films")
        assert made.retrieve().name == "renamed films"
        for wanted in (
            {"name": "renamed films"},
            {"model_family": "marengo", "model_options": "visual"},
            {"created_at": made.created_at, "sort_by": "updated_at", "sort_option": "asc"},
            {"created_at": {"gte": made.created_at}},
        ):
            assert [each.id for each in client.index.list(**wanted)] == [made.id], wanted

    with step("page through indexes"):
        more = [client.index.create(name, models).id for name in "abc"]
        pages = client.index.list_pagination(page_limit=3)
        assert (pages.page_info.total_results, pages.page_info.total_page) == (4, 2)
        found = [*pages.data, *(each for page in pages for each in page)]
        assert [each.id for each in found] == [*reversed(more), made.id]
        for each in more:
            client.index.delete(each)

    with step("be refused for a bad index, and for one that is not there"):
        refused(lambda: client.index.create("bad", []), BadRequestError, 400, "parameter_invalid")
        refused(lambda: client.index.retrieve(NOBODY), NotFoundError, 404, "resource_not_exists")
    return made.id


def uploads(client: TwelveLabs, index_id: str, folder: Path) -> dict[str, str]:
    """Upload by file, by address and in bulk, and wait; answers the ids of videos by name."""
    film = str(folder / "film.mp4")

    with step("upload a file"):
        task = client.task.create(index_id, file=film, enable_video_stream=True)
        assert task.status in ("uploading", "validating")
        assert task.video_id

    with step("wait for it, each poll a step"), quick():
        seen: list[str] = []
        task.wait_for_done(
            sleep_interval=INTERVAL, callback=lambda polled: seen.append(polled.status)
        )
        in_order(seen)
        assert task.retrieve().hls.video_url

    with step("upload by address, with a transcript, and in bulk"), quick():
        fox = client.task.create(
            index_id, url=FOX, transcription_url="https://media.example/fox.srt"
        )
        copy, ferry = client.task.create_bulk(index_id, files=[film], urls=[FERRY])
        for each in (fox, copy, ferry):
            assert each.wait_for_done(sleep_interval=INTERVAL).status == "ready"

    with step("list tasks, page through them and count them"):
        ids = [ferry.id, copy.id, fox.id, task.id]
        assert [each.id for each in client.task.list(index_id=index_id)] == ids
        pages = client.task.list_pagination(index_id=index_id, page_limit=3, sort_option="asc")
        found = [*pages.data, *(each for page in pages for each in page)]
        assert [each.id for each in found] == ids[::-1]
        wanted = {"filename": "film.mp4", "duration": 12.0, "width": 1280, "height": 720}
        assert {each.id for each in client.task.list(**wanted)} == {task.id, copy.id}
        assert list(client.task.list(created_at={"gt": ferry.created_at})) == []
        counts = client.task.status(index_id)
        assert (counts.ready, counts.failed, counts.total_result) == (4, 0, 4)
        assert client.index.retrieve(index_id).task_status() == counts

    with step("see an upload fail, and clear it away"), quick():
        refused(
            lambda: client.task.create(index_id, file=str(folder / "photo.jpeg")),
            BadRequestError,
            400,
            "video_file_broken",
        )
        bad = client.task.create(index_id, url="https://media.example/understudy-fail.mp4")
        assert bad.wait_for_done(sleep_interval=INTERVAL).status == "failed"
        bad.delete()
        refused(bad.retrieve, NotFoundError, 404, "resource_not_exists")

    names = {"film": task, "fox": fox, "ferry": ferry, "copy": copy}
    return {name: each.video_id for name, each in names.items()}


def videos(client: TwelveLabs, index_id: str, ids: Mapping[str, str], folder: Path) -> None:
    """List, filter, read, write on and embed indexed videos."""
    size = (folder / "film.mp4").stat().st_size

    with step("list the videos, page through them and read one"):
        pages = client.index.video.list_pagination(index_id, page_limit=3)
        found = [*pages.data, *(each for page in pages for each in page)]
        assert sorted(each.id for each in found) == sorted(ids.values())
        video = client.index.video.retrieve(index_id, ids["film"])
        about = video.system_metadata
        assert (about.filename, about.duration, about.size) == ("film.mp4", 12.0, size)
        assert (about.width, about.height, about.fps) == (1280, 720, 30.0)
        index = client.index.retrieve(index_id)
        assert [each.id for each in index.list_video(filename="ferry.mp4")] == [ids["ferry"]]

    with step("filter the videos by values and ranges"):
        for wanted, names in (
            ({"duration": 45}, {"ferry"}),
            ({"duration": {"gte": 40, "lte": 60}}, {"fox", "ferry"}),
            ({"size": size, "width": 1280, "height": {"gte": 720}}, {"film", "copy"}),
            ({"fps": {"gte": 1000}}, set()),
            ({"created_at": {"gte": video.created_at}}, set(ids)),
        ):
            hits = client.index.video.list(index_id, **wanted)
            assert {each.id for each in hits} == {ids[name] for name in names}, wanted

    with step("replace the metadata"):
        video.update(user_metadata={"genre": "noir", "season": 3})
        client.index.video.update(index_id, ids["film"], user_metadata={"genre": "noir"})
        video = client.index.video.retrieve(index_id, ids["film"])
        assert video.user_metadata == {"genre": "noir"}
        assert video.updated_at

    with step("read the vectors of a video"):
        video = client.index.video.retrieve(
            index_id, ids["fox"], embedding_option=["visual-text", "audio"]
        )
        segments = video.embedding.video_embedding.segments
        assert {each.embedding_option for each in segments} == {"visual-text", "audio"}
        vector(segments[0].embeddings_float, LENGTH)


def searching(client: TwelveLabs, index_id: str, ids: Mapping[str, str], folder: Path) -> None:
    """Search in words and by image, with filters, groups and pages."""

    def search(**fields: object) -> object:
        return client.search.query(index_id, ["visual", "audio"], **fields)

    with step("search in words and follow the pages"):
        found = search(query_text="a red fox", threshold="none", page_limit=3)
        assert found.pool.index_id == index_id
        assert (found.pool.total_count, found.pool.total_duration) == (4, 129)
        items = [*found.data, *(item for page in found for item in page)]
        assert len(items) == found.page_info.total_results
        assert items[0].video_id == ids["fox"]
        scores = [item.score for item in items]
        assert scores == sorted(scores, reverse=True)
        assert all(item.confidence in LEVELS for item in items)

    with step("search by image, from a file and from an address"):
        image = {"query_media_type": "image", "threshold": "none"}
        file = str(folder / "picture.png")
        index = client.index.retrieve(index_id)
        assert len(index.query(["visual"], query_media_file=file, **image).data)
        hits = client.search.query(index_id, ["visual"], query_media_url=PICTURE, **image).data
        assert hits[0].video_id == ids["fox"]

    with step("group, filter and sort a search"):
        groups = search(
            query_text="ferry",
            group_by="video",
            sort_option="clip_count",
            threshold="none",
            operator="or",
            adjust_confidence_level=0.4,
        ).data
        counts = [len(group.clips) for group in groups]
        assert counts == sorted(counts, reverse=True)
        wanted = {"genre": "noir", "duration": {"gte": 5, "lte": 20}}
        hits = search(query_text="film", filter=wanted, threshold="none").data
        assert {item.video_id for item in hits} == {ids["film"]}

    with step("be refused for a bad search"):
        refused(
            lambda: client.search.query(index_id, ["smell"], query_text="fox"),
            BadRequestError,
            400,
            "search_option_not_supported",
        )


def texts(client: TwelveLabs, video_id: str) -> None:
    """Gist and the three kinds of summaries."""

    with step("gist"):
        gist = client.gist(video_id, ["title", "topic", "hashtag"])
        assert gist.id
        assert gist.title
        assert len(gist.topics)
        assert len(gist.hashtags)
        assert client.gist(video_id, ["topic"]).title is None

    with step("summarize: summary, chapters and highlights"):
        assert client.summarize(video_id, "summary", temperature=0.3).summary
        assessed(client.summarize(video_id, "summary", prompt=ASSESSMENT).summary)
        chapters = client.summarize(video_id, "chapter").chapters
        assert [each.chapter_number for each in chapters] == list(range(len(chapters)))
        spans([(each.start, each.end) for each in chapters], 60)
        highlights = client.summarize(video_id, "highlight").highlights
        spans([(each.start, each.end) for each in highlights], 60)


def answers(client: TwelveLabs, video_id: str) -> None:
    """Answers to prompts, whole and in pieces."""

    with step("analyze"):
        answer = client.analyze(video_id, "What happens?", temperature=0.5)
        assert answer.id
        assert answer.usage.output_tokens > 0
        assessed(client.analyze(video_id, ASSESSMENT).data)

    with step("analyze as a stream"):
        stream = client.analyze_stream(video_id, "What happens?")
        pieces = list(stream)
        assert stream.id
        assert "".join(pieces) == stream.aggregated_text == answer.data

    with step("be refused before a stream begins"):
        try:
            list(client.analyze_stream(NOBODY, "What happens?"))
        except Exception as error:  # noqa: BLE001  # the SDK raises nothing more special
            assert NOBODY in str(error)
        else:
            raise AssertionError("a video that is not there was analyzed")


def older_names(client: TwelveLabs, video_id: str) -> None:
    """The same under client.generate, with the deprecated path, and on a video."""

    with step("generate under the older names"):
        made = client.generate.text(video_id, "What happens?", temperature=0.5)
        assert "".join(client.generate.text_stream(video_id, "What happens?")) == made.data
        assert client.generate.gist(video_id, ["title"]).title
        assert client.generate.summarize(video_id, "summary").summary


def embeddings(client: TwelveLabs, folder: Path) -> None:
    """Vectors at once, of text, images and sounds, alone and together."""

    def embed(**fields: object) -> object:
        return client.embed.create(MODEL, **fields)

    with step("embed text, images and sounds"):
        for fields in (
            {"text": "a red fox", "text_truncate": "start"},
            {"image_file": str(folder / "photo.jpeg")},
            {"image_url": PICTURE},
            {"audio_file": str(folder / "sound.wav"), "audio_start_offset_sec": 2.0},
            {"audio_url": SOUND},
        ):
            made = embed(**fields)
            assert made.model_name == MODEL
            given = [made.text_embedding, made.image_embedding, made.audio_embedding]
            [part] = [each for each in given if each is not None]
            vector(part.segments[0].embeddings_float, LENGTH)

    with step("embed three kinds at once"):
        made = embed(text="fox", image_url=PICTURE, audio_url=SOUND)
        for part in (made.text_embedding, made.image_embedding, made.audio_embedding):
            vector(part.segments[0].embeddings_float, LENGTH)


def embedding_tasks(client: TwelveLabs, folder: Path) -> None:
    """Vectors of videos: create, poll, read with options, list."""
    tasks = client.embed.task

    with step("embed a file and an address"), quick():
        file = tasks.create(MODEL, video_file=str(folder / "film.mp4"))
        part = tasks.create(
            MODEL,
            video_url=FOX,
            video_start_offset_sec=10.0,
            video_end_offset_sec=31.0,
            video_clip_length=5,
            video_embedding_scopes=["clip", "video"],
        )
        assert file.status in ("processing", "ready")
        for each in (file, part):
            assert each.wait_for_done(sleep_interval=INTERVAL) == "ready"
        assert tasks.status(file.id).status == "ready"

    with step("read the vectors"):
        made = file.retrieve().video_embedding
        assert made.metadata.input_filename == "film.mp4"
        visual = [each for each in made.segments if each.embedding_option == "visual-text"]
        clips([(each.start_offset_sec, each.end_offset_sec) for each in visual], 12, 6)
        vector(visual[0].embeddings_float, LENGTH)
        made = tasks.retrieve(part.id, embedding_option=["audio"]).video_embedding
        assert [each.embedding_scope for each in made.segments] == ["clip"] * 4 + ["video"]

    with step("list embedding tasks"):
        pages = tasks.list_pagination(page_limit=1, status="ready")
        found = [*pages.data, *(each for page in pages for each in page)]
        assert [each.id for each in found] == [part.id, file.id]
        assert len(tasks.list(started_at="2020-01-01", ended_at="2100-01-01")) == 2
        assert len(tasks.list(status="failed")) == 0


def transfers(client: TwelveLabs) -> None:
    """Import what a connected bucket holds."""
    index = client.index.create("bucket", [{"name": "marengo2.7", "options": ["visual"]}])

    with step("import from the cloud"), quick():
        begun = client.task.transfers.import_videos("bucket-one", index.id)
        names = {video.filename for video in begun.videos}
        ready: set[str] = set()
        while ready != names:
            status = client.task.transfers.import_status("bucket-one", index.id)
            assert status.failed == []
            ready = {video.filename for video in status.ready}
        [log] = client.task.transfers.import_logs("bucket-one")
        assert (log.index_id, log.index_name) == (index.id, "bucket")
        assert log.video_status.ready == len(names)

    index.delete()


def farewell(client: TwelveLabs, index_id: str, video_id: str) -> None:
    """Delete a video and the index, for good."""

    with step("delete the video and the index, for good"):
        video = client.index.video.retrieve(index_id, video_id)
        video.delete()
        refused(
            lambda: client.index.video.retrieve(index_id, video_id),
            NotFoundError,
            404,
            "resource_not_exists",
        )
        client.index.delete(index_id)
        refused(lambda: client.index.retrieve(index_id), NotFoundError, 404, "resource_not_exists")


if __name__ == "__main__":
    run(main)
