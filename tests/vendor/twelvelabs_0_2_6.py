"""twelvelabs 0.2.6, the last SDK of API v1.2, over its whole surface.

Run by `make vendor` in an environment that holds the SDK and nothing of understudy, as
`python twelvelabs_0_2_6.py SERVER_URL FOLDER`; prints one line a step and `N passed, 0 failed`.
Left out are those of its calls that fail before they send anything, whoever the server is:
index.create_task, index.query, video.generate_text, embed.task.create_bulk, and the further
pages of a combined search.
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

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from twelvelabs import TwelveLabs
    from twelvelabs.exceptions import AuthenticationError, BadRequestError, NotFoundError

ENGINE = "Marengo-retrieval-2.6"
LENGTH = 1024
OPTIONS = ["visual", "conversation", "text_in_video", "logo"]


def main(url: str, folder: Path) -> None:
    """The journey, in the order in which a customer takes it."""
    os.environ["TWELVELABS_BASE_URL"] = f"{url}/twelvelabs"
    client = TwelveLabs(api_key="tlk_vendor")
    engines(client)
    index_id = indexes(client)
    ids = uploads(client, index_id, folder)
    videos(client, index_id, ids, folder)
    sights(client, index_id, ids["fox"])
    searching(client, index_id, ids, folder)
    classifying(client, index_id, ids)
    texts(client, index_id, ids["fox"])
    embeddings(client, folder)
    farewell(client, index_id, ids["film"])


def engines(client: TwelveLabs) -> None:
    """What can index videos."""

    with step("list engines and read one"):
        names = {engine.id for engine in client.engine.list()}
        assert {"marengo2.6", "pegasus1.1"} <= names
        engine = client.engine.retrieve("marengo2.6")
        assert engine.allowed_engine_options == OPTIONS
        assert engine.ready and not engine.finetune

    with step("be refused with a wrong key"):
        stranger = TwelveLabs(api_key="invalid-key")
        refused(stranger.engine.list, AuthenticationError, 401, "api_key_invalid")


def indexes(client: TwelveLabs) -> str:
    """Create, read, rename, find and page; answers the id of an index for films."""
    wanted = [
        {"name": "marengo2.6", "options": OPTIONS},
        {"name": "pegasus1.1", "options": ["visual", "conversation"]},
    ]

    with step("create an index"):
        made = client.index.create("films", wanted, addons=["thumbnail"])
        assert (made.name, made.video_count, made.total_duration) == ("films", 0, 0)
        assert [(each.name, each.options) for each in made.engines] == [
            (each["name"], each["options"]) for each in wanted
        ]

    with step("rename it and find it"):
        made.update("renamed films")
        assert made.retrieve().name == "renamed films"
        for asked in (
            {"id": made.id},
            {"name": "renamed films"},
            {"engine_family": "pegasus", "engine_options": ["logo", "conversation"]},
            {"created_at": made.created_at, "sort_by": "updated_at", "sort_option": "asc"},
            {"created_at": {"gte": made.created_at}, "updated_at": {"gte": made.created_at}},
        ):
            assert [each.id for each in client.index.list(**asked)] == [made.id], asked
        assert len(client.index.list(engine_family="marengo", name="another")) == 0

    with step("page through indexes"):
        more = [client.index.create(name, wanted).id for name in "abc"]
        pages = client.index.list_pagination(page_limit=3)
        assert (pages.page_info.total_results, pages.page_info.total_page) == (4, 2)
        found = [*pages.data, *(each for page in pages for each in page)]
        assert [each.id for each in found] == [*reversed(more), made.id]
        for each in found[:3]:
            each.delete()

    with step("be refused for a bad index, and for one that is not there"):
        refused(lambda: client.index.create("bad", []), BadRequestError, 400, "parameter_invalid")
        refused(lambda: client.index.retrieve(NOBODY), NotFoundError, 404, "resource_not_exists")
    return made.id


def uploads(client: TwelveLabs, index_id: str, folder: Path) -> dict[str, str]:
    """Upload by file, by address and in bulk, and wait; answers the ids of videos by name."""
    film = str(folder / "film.mp4")
    script = folder / "film.srt"
    script.write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")

    with step("upload a file"):
        task = client.task.create(index_id, file=film, language="en")
        assert task.status in ("uploading", "validating")
        assert task.video_id
        assert task.metadata["filename"] == "film.mp4"

    with step("wait for it, each poll a step"), quick():
        seen: list[str] = []
        shares: list[float] = []

        def polled(now: object) -> None:
            seen.append(now.status)
            shares.append(now.process.percentage)

        task.wait_for_done(sleep_interval=INTERVAL, callback=polled)
        in_order(seen)
        assert shares == sorted(shares) and shares[-1] == 100
        assert task.estimated_time
        assert task.retrieve().hls.video_url

    with step("upload by address, with transcripts, without a stream, and in bulk"), quick():
        fox = client.task.create(
            index_id, url=FOX, transcription_url="https://media.example/fox.srt"
        )
        told = client.task.create(
            index_id, file=film, transcription_file=str(script), disable_video_stream=True
        )
        assert told.hls is None
        copy, ferry = client.task.create_bulk(index_id, files=[film], urls=[FERRY], language="en")
        for each in (fox, told, copy, ferry):
            assert each.wait_for_done(sleep_interval=INTERVAL).status == "ready"

    with step("list tasks, page through them and count them"):
        ids = [ferry.id, copy.id, told.id, fox.id, task.id]
        assert [each.id for each in client.task.list(index_id=index_id)] == ids
        pages = client.task.list_pagination(index_id=index_id, page_limit=3, sort_option="asc")
        found = [*pages.data, *(each for page in pages for each in page)]
        assert [each.id for each in found] == ids[::-1]
        wanted = {"filename": "film.mp4", "duration": 12.0, "width": 1280, "height": 720}
        assert {each.id for each in client.task.list(**wanted)} == {task.id, copy.id, told.id}
        assert [each.id for each in client.task.list(id=fox.id)] == [fox.id]
        assert list(client.task.list(created_at={"gt": ferry.created_at})) == []
        counts = client.task.status(index_id)
        assert (counts.ready, counts.failed, counts.total_result) == (5, 0, 5)
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

    with step("bring videos in from a site and from a bucket"), quick():
        other = client.index.create("bucket", [{"name": "marengo2.6", "options": ["visual"]}])
        made = other.task_external_provider("https://videos.example/watch?v=ferry")
        listed = folder / "videos.json"
        listed.write_text(f'[{{"index_id": "{other.id}", "object": "s3://bucket/01.mp4"}}]')
        with listed.open("rb") as file:
            client.task.transfer(file)
        tasks = client.task.list(index_id=other.id)
        assert {each.metadata["filename"] for each in tasks} >= {"01.mp4"}
        assert made.id in {each.id for each in tasks}
        other.delete()

    names = {"film": task, "fox": fox, "ferry": ferry, "copy": copy}
    return {name: each.video_id for name, each in names.items()}


def videos(client: TwelveLabs, index_id: str, ids: Mapping[str, str], folder: Path) -> None:
    """List, filter, read and write on indexed videos."""
    size = (folder / "film.mp4").stat().st_size

    with step("list the videos, page through them and read one"):
        pages = client.index.video.list_pagination(index_id, page_limit=3)
        found = [*pages.data, *(each for page in pages for each in page)]
        assert len(found) == 5 and {each.id for each in found} >= set(ids.values())
        video = client.index.video.retrieve(index_id, ids["film"])
        about = video.metadata
        assert (about.filename, about.duration, about.size) == ("film.mp4", 12.0, size)
        assert (about.width, about.height, about.fps) == (1280, 720, 30.0)
        assert video.hls.thumbnail_urls and video.source.name == "film.mp4"
        index = client.index.retrieve(index_id)
        assert [each.id for each in index.list_video(filename="ferry.mp4")] == [ids["ferry"]]
        page = index.list_video_pagination(id=ids["fox"])
        assert [each.id for each in page.data] == [ids["fox"]]

    with step("filter the videos by values and ranges"):
        films = {ids["film"], ids["copy"]}
        for wanted, expected in (
            ({"duration": 45}, {ids["ferry"]}),
            ({"duration": {"gte": 40, "lte": 60}}, {ids["fox"], ids["ferry"]}),
            ({"fps": {"gte": 1000}}, set()),
            ({"indexed_at": {"gte": "2020-01-01"}, "duration": 60}, {ids["fox"]}),
        ):
            hits = client.index.video.list(index_id, **wanted)
            assert {each.id for each in hits} == expected, wanted
        hits = client.index.video.list(index_id, size=size, width=1280, height={"gte": 720})
        assert {each.id for each in hits} > films

    with step("give a title and metadata"):
        video.update(title="The film", metadata={"genre": "noir", "season": 3})
        client.index.video.update(index_id, ids["film"], metadata={"genre": "noir"})
        video = client.index.video.retrieve(index_id, ids["film"])
        about = video.metadata
        assert (about.genre, about.video_title, about.filename) == ("noir", "The film", "film.mp4")
        assert not hasattr(about, "season")
        assert video.updated_at
        refused(
            lambda: video.update(metadata={"duration": 1}),
            BadRequestError,
            400,
            "parameter_invalid",
        )


def sights(client: TwelveLabs, index_id: str, video_id: str) -> None:
    """What is said, read and seen in a video."""
    video = client.index.video.retrieve(index_id, video_id)

    with step("read transcript, texts and logos of a video, whole and in part"):
        for read in (video.transcription, video.text_in_video, video.logo):
            values = list(read())
            spans([(each.start, each.end) for each in values], 60)
            assert all(each.value for each in values)
            part = list(read(start=20, end=40))
            assert [each for each in values if each.end > 20 and each.start < 40] == part

    with step("ask for a still"):
        assert video.thumbnail().startswith("http")
        assert video.thumbnail(time=12.5) != video.thumbnail()
        refused(lambda: video.thumbnail(time=600), BadRequestError, 400, "parameter_invalid")


def searching(client: TwelveLabs, index_id: str, ids: Mapping[str, str], folder: Path) -> None:
    """Search in words, as form and as JSON, by image, combined, with filters, groups and pages."""

    def search(**fields: object) -> object:
        return client.search.query(index_id, ["visual", "conversation"], **fields)

    with step("search in words, in both ways, and follow the pages"):
        for asked in ({"query_text": "a red fox"}, {"query": "a red fox"}):
            found = search(**asked, threshold="none", page_limit=3)
            assert found.pool.index_id == index_id
            assert (found.pool.total_count, found.pool.total_duration) == (5, 141)
            items = [*found.data, *(item for page in found for item in page)]
            assert len(items) == found.page_info.total_results
            assert items[0].video_id == ids["fox"]
            assert items[0].thumbnail_url
            assert [each.type for each in items[0].modules] == ["visual", "conversation"]
            scores = [item.score for item in items]
            assert scores == sorted(scores, reverse=True)
            assert all(item.confidence in LEVELS for item in items)

    with step("search by image, from a file and from an address"):
        image = {"query_media_type": "image", "threshold": "none"}
        file = str(folder / "picture.png")
        assert len(client.search.query(index_id, ["visual"], query_media_file=file, **image).data)
        hits = client.search.query(index_id, ["visual"], query_media_url=PICTURE, **image).data
        assert hits[0].video_id == ids["fox"]

    with step("group, filter and sort a search"):
        for asked in ({"query_text": "ferry"}, {"query": "ferry"}):
            groups = search(
                **asked,
                group_by="video",
                sort_option="clip_count",
                threshold="none",
                operator="or",
                conversation_option="semantic",
            ).data
            counts = [len(group.clips) for group in groups]
            assert counts == sorted(counts, reverse=True)
            wanted = {"genre": "noir", "duration": {"gte": 5, "lte": 20}}
            hits = search(**asked, filter=wanted, threshold="none").data
            assert {item.video_id for item in hits} == {ids["film"]}
        assert len(search(query_text="ferry", adjust_confidence_level=0.2).data)

    with step("combine queries"):
        both = {"$and": [{"text": "a red fox"}, {"text": "snow"}]}
        hits = client.search.combined_query(index_id, both, ["visual"], threshold="medium").data
        assert {item.video_id for item in hits} == {ids["fox"]}
        one = {"$not": {"origin": {"text": "a red fox"}, "sub": {"text": "snow"}}}
        hits = client.search.combined_query(index_id, one, ["visual"], threshold="medium").data
        assert len(hits) == 0
        either = {"$or": [{"text": "a red fox"}, {"text": "the ferry"}]}
        hits = client.search.query(index_id, ["visual"], query=either, threshold="medium").data
        assert {item.video_id for item in hits} <= {ids["fox"], ids["ferry"]}
        assert len(hits)

    with step("be refused for a bad search"):
        for asked in ({"query_text": "fox"}, {"query": "fox"}):
            refused(
                lambda asked=asked: client.search.query(index_id, ["smell"], **asked),
                BadRequestError,
                400,
                "search_option_not_supported",
            )


def classifying(client: TwelveLabs, index_id: str, ids: Mapping[str, str]) -> None:
    """Sort videos into classes."""
    classes = [
        {"name": "animals", "prompts": ["a red fox", "snow"]},
        {"name": "ships", "prompts": ["ferry", "harbour"], "options": ["visual"]},
    ]

    with step("classify videos, with clips and scores"):
        found = client.classify.videos(
            [ids["fox"], ids["ferry"]],
            ["visual"],
            classes,
            include_clips=True,
            show_detailed_score=True,
            threshold={"min_clip_score": 40, "min_video_score": 40, "min_duration_ratio": 0.1},
        )
        best = {each.video_id: each.classes[0] for each in found.data}
        assert best[ids["fox"]].name == "animals" and best[ids["ferry"]].name == "ships"
        for each in best.values():
            assert 0 < each.duration_ratio <= 1
            assert each.detailed_scores.max_score == each.score
            spans([(clip.start, clip.end) for clip in each.clips], 60)

    with step("classify an index and follow the pages"):
        found = client.classify.index(index_id, ["visual"], classes, page_limit=2)
        pages = [found.data, *found]
        assert [len(page) for page in pages] == [2, 2, 1]
        assert len({each.video_id for page in pages for each in page}) == 5


def texts(client: TwelveLabs, index_id: str, video_id: str) -> None:
    """Gist, the three kinds of summaries, and answers to prompts."""
    video = client.index.video.retrieve(index_id, video_id)

    with step("gist"):
        gist = client.generate.gist(video_id, ["title", "topic", "hashtag"])
        assert gist.id and gist.title and len(gist.topics) and len(gist.hashtags)
        assert video.generate_gist(["topic"]).title is None

    with step("summarize: summary, chapters and highlights"):
        assert client.generate.summarize(video_id, "summary", temperature=0.3).summary
        chapters = video.generate_summarize("chapter").chapters
        assert [each.chapter_number for each in chapters] == list(range(len(chapters)))
        spans([(each.start, each.end) for each in chapters], 60)
        highlights = client.generate.summarize(video_id, "highlight", prompt="Snow").highlights
        spans([(each.start, each.end) for each in highlights], 60)

    with step("generate text, whole and as a stream"):
        answer = client.generate.text(video_id, "What happens?", temperature=0.5)
        assert answer.id
        assessed(client.generate.text(video_id, ASSESSMENT).data)
        stream = client.generate.text_stream(video_id, "What happens?")
        pieces = list(stream)
        assert stream.id
        assert "".join(pieces) == stream.aggregated_text == answer.data

    with step("be refused before a stream begins"):
        try:
            list(client.generate.text_stream(NOBODY, "What happens?"))
        except Exception as error:  # noqa: BLE001  # the SDK raises nothing more special
            assert NOBODY in str(error)
        else:
            raise AssertionError("a video that is not there was written about")


def embeddings(client: TwelveLabs, folder: Path) -> None:
    """Vectors of a text at once, and of videos."""
    tasks = client.embed.task

    with step("embed a text"):
        made = client.embed.create(ENGINE, "a red fox", text_truncate="start")
        assert made.engine_name == ENGINE
        vector(made.text_embedding.float, LENGTH)

    with step("embed a file and an address"), quick():
        file = tasks.create(ENGINE, video_file=str(folder / "film.mp4"))
        part = tasks.create(
            ENGINE,
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
        made = file.retrieve()
        assert made.engine_name == ENGINE
        clips(
            [(each.start_offset_sec, each.end_offset_sec) for each in made.video_embeddings], 12, 6
        )
        vector(made.video_embeddings[0].embedding.float, LENGTH)
        scopes = [each.embedding_scope for each in part.retrieve().video_embeddings]
        assert scopes == ["clip"] * 4 + ["video"]


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
