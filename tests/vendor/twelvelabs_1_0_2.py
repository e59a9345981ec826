"""twelvelabs 1.0.2, the SDK of mid 2025, over its whole surface.

Run by `make vendor` in an environment that holds the SDK and nothing of understudy, as
`python twelvelabs_1_0_2.py SERVER_URL FOLDER`; prints one line a step and `N passed, 0 failed`.
"""

import asyncio
import json
from pathlib import Path

import fern
from journey import (
    ASSESSMENT,
    INTERVAL,
    LEVELS,
    SHAPE,
    assessed,
    quick,
    refused,
    run,
    shaped,
    spans,
    step,
    whole,
)
from twelvelabs import AsyncTwelveLabs, TwelveLabs
from twelvelabs.core.api_error import ApiError
from twelvelabs.errors import BadRequestError, TooManyRequestsError
from twelvelabs.types import ResponseFormat

KEY = "tlk_vendor"
MOST_CALLS = 200  # the server that the harness starts allows half as many a minute


def main(url: str, folder: Path) -> None:
    """The journey, in the order in which a customer takes it."""
    base = f"{url}/twelvelabs/v1.3"
    client = TwelveLabs(api_key=KEY, base_url=base)
    index_id = fern.indexes(client, "marengo2.7", "pegasus1.2")
    ids = fern.uploads(client, index_id, folder)
    fern.videos(client, index_id, ids, folder)
    fern.searching(client, index_id, ids, folder, threshold="none")
    confidence(client, index_id, ids)
    texts(client, ids["fox"])
    fern.analysis(client, ResponseFormat(json_schema=SHAPE), video_id=ids["fox"])
    generation(client, ids["fox"])
    fern.embeddings(client, "Marengo-retrieval-2.7", 1024, folder)
    truncation(client)
    fern.embedding_tasks(client, "Marengo-retrieval-2.7", 1024, folder)
    transfers(client)
    hurry(base, ids["fox"])
    asyncio.run(asynchronous(base, index_id, ids))
    fern.farewell(client, index_id, ids["film"])


def confidence(client: TwelveLabs, index_id: str, ids: dict[str, str]) -> None:
    """What the later SDKs no longer ask for: scores, words of confidence, thresholds, orders."""

    def search(**fields: object) -> list[object]:
        fields = {"query_text": "red fox", "page_limit": 50, **fields}
        options = ["visual", "audio"]
        return list(client.search.query(index_id=index_id, search_options=options, **fields))

    with step("search with confidence and thresholds"):
        found = search(threshold="none", adjust_confidence_level=0.5)
        scores = [item.score for item in found]
        assert scores == sorted(scores, reverse=True)
        words = [LEVELS.index(item.confidence) for item in found]
        assert words == sorted(words)
        high = search(threshold="high")
        assert {item.confidence for item in high} <= {"high"}
        assert len(high) < len(found)

    with step("sort groups by their number of clips"):
        groups = search(group_by="video", sort_option="clip_count", threshold="none")
        counts = [len(group.clips) for group in groups]
        assert counts == sorted(counts, reverse=True)
        refused(lambda: search(sort_option="clip_count"), BadRequestError, 400, "parameter_invalid")

    with step("read the limits of the rate"):
        raw = client.search.with_raw_response.create(
            index_id=index_id, search_options=["visual"], query_text="red fox"
        )
        limit, left, used, reset = (
            int(raw.headers[f"x-ratelimit-{name}"])
            for name in ("limit", "remaining", "used", "reset")
        )
        assert limit == left + used
        assert reset > 0


def texts(client: TwelveLabs, video_id: str) -> None:
    """Gist and the three kinds of summaries."""

    with step("gist"):
        gist = client.gist(video_id=video_id, types=["title", "topic", "hashtag"])
        assert gist.id
        assert gist.title
        assert gist.topics
        assert gist.hashtags
        whole(gist.usage.output_tokens)
        titled = client.gist(video_id=video_id, types=["title"])
        assert (titled.title, titled.topics, titled.hashtags) == (gist.title, None, None)

    with step("summarize: summary"):
        made = client.summarize(video_id=video_id, type="summary", temperature=0.2)
        assert made.summarize_type == "summary"
        assert made.summary
        made = client.summarize(video_id=video_id, type="summary", prompt=ASSESSMENT)
        assessed(made.summary)
        shape = ResponseFormat(json_schema=SHAPE)
        made = client.summarize(video_id=video_id, type="summary", response_format=shape)
        shaped(made.summary)

    with step("summarize: chapters"):
        made = client.summarize(video_id=video_id, type="chapter", prompt="For children.")
        assert made.summarize_type == "chapter"
        assert [each.chapter_number for each in made.chapters] == list(range(len(made.chapters)))
        spans([(each.start, each.end) for each in made.chapters], 60)
        for each in made.chapters:
            whole(each.start)
            assert each.chapter_title
            assert each.chapter_summary

    with step("summarize: highlights"):
        made = client.summarize(video_id=video_id, type="highlight")
        assert made.summarize_type == "highlight"
        spans([(each.start, each.end) for each in made.highlights], 60)
        assert all(each.highlight and each.highlight_summary for each in made.highlights)

    with step("be refused for a bad text"):
        refused(
            lambda: client.gist(video_id=video_id, types=["smell"]),
            BadRequestError,
            400,
            "parameter_invalid",
        )
        refused(
            lambda: client.analyze(video_id=video_id, prompt="word " * 3000),
            BadRequestError,
            400,
            "token_limit_exceeded",
        )


def generation(client: TwelveLabs, video_id: str) -> None:
    """The older name of analyze."""

    with step("generate, the older name of analyze"):
        made = client.generate(video_id=video_id, prompt="What happens?", stream=False)
        assert made.data
        assessed(client.generate(video_id=video_id, prompt=ASSESSMENT, stream=False).data)


def truncation(client: TwelveLabs) -> None:
    """Long text is cut where the caller says, or refused."""

    def embed(where: str) -> list[float]:
        long = " ".join(f"word{number}" for number in range(200))
        made = client.embed.create(
            model_name="Marengo-retrieval-2.7", text=long, text_truncate=where
        )
        return made.text_embedding.segments[0].float_

    with step("embed text that is too long"):
        assert embed("start") != embed("end")
        refused(lambda: embed("none"), BadRequestError, 400, "parameter_invalid")


def transfers(client: TwelveLabs) -> None:
    """Import what a connected bucket holds."""
    models = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    index_id = client.indexes.create(index_name="bucket", models=models).id
    transfers = client.tasks.transfers

    with step("import from the cloud"), quick():
        begun = transfers.create(
            "bucket-one",
            index_id=index_id,
            incremental_import=True,
            retry_failed=False,
            user_metadata={"source": "bucket"},
        )
        names = {video.filename for video in begun.videos}
        assert names
        assert begun.failed_files == []
        while True:
            status = transfers.get_status("bucket-one", index_id=index_id)
            running = [*status.validating, *status.pending, *status.queued, *status.indexing]
            present = {video.filename for video in [*running, *status.ready]}
            assert present == names
            if not running:
                break
        listed = list(client.indexes.videos.list(index_id, user_metadata={"source": "bucket"}))
        assert {video.system_metadata.filename for video in listed} == names

    with step("read the logs of imports"):
        [log] = transfers.get_logs("bucket-one").data
        assert (log.index_id, log.index_name) == (index_id, "bucket")
        assert log.video_status.ready == len(names)
        assert log.ended_at >= log.created_at

    client.indexes.delete(index_id)


def hurry(base: str, video_id: str) -> None:
    """An account of its own that asks too often."""
    client = TwelveLabs(api_key="tlk_hurried", base_url=base)

    with step("be slowed down in the declared error"):
        for _ in range(MOST_CALLS):
            try:
                client.gist(video_id=video_id, types=["title"])
            except TooManyRequestsError as error:
                assert error.body["code"] == "too_many_requests"
                assert error.headers["x-ratelimit-remaining"] == "0"
                break
            except ApiError as error:
                assert error.status_code == 404
        else:
            raise AssertionError("no limit was met")


async def asynchronous(base: str, index_id: str, ids: dict[str, str]) -> None:
    """The asynchronous client, on what it does in ways of its own."""
    client = AsyncTwelveLabs(api_key=KEY, base_url=base)

    with step("do it asynchronously: upload, wait, search, stream"), quick():
        task = await client.tasks.create(
            index_id=index_id, video_url="https://media.example/owl.mp4"
        )
        done = await client.tasks.wait_for_done(task.id, sleep_interval=INTERVAL)
        assert done.status == "ready"
        pages = await client.search.query(
            index_id=index_id,
            search_options=["visual"],
            query_text="owl",
            page_limit=2,
            threshold="none",
            filter=json.dumps({"id": [task.video_id]}),
        )
        found = [item async for item in pages]
        assert {item.video_id for item in found} == {task.video_id}
        events = client.analyze_stream(video_id=ids["fox"], prompt="What happens?")
        kinds = [event.event_type async for event in events]
        assert kinds[0] == "stream_start"
        assert kinds[-1] == "stream_end"
        await client.indexes.videos.delete(index_id, task.video_id)
        assert len([each async for each in await client.indexes.videos.list(index_id)]) == len(ids)


if __name__ == "__main__":
    run(main)
