"""Embed v2 of today, over Python SDK 1.3.6: vectors at once and in tasks, by each kind of input."""

import base64
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from journey import INTERVAL, NOBODY, PICTURE, SOUND, quick, step, vector
from twelvelabs import types as t
from twelvelabs.errors import BadRequestError, ContentTooLargeError, NotFoundError

Client = Any
OLD, NEW = "marengo3.0", "marengo3.5"
FOX = "https://media.example/red-fox-in-snow.mp4?duration=31"
SHORT = "https://media.example/red-fox-in-snow.mp4?duration=20"


def steps(client: Client, folder: Path) -> None:
    """Everything about vectors, in the order in which a customer takes it."""
    once(client)
    recordings(client)
    together(client)
    tasks(client)
    documents(client)


def told(call: Callable[[], object], error: type[Exception], status: int) -> str:
    """The message of a nested refusal, as the SDK hands it on."""
    try:
        got = call()
    except error as raised:
        assert type(raised) is error, type(raised)
        assert getattr(raised, "status_code", None) == status, raised
        body: Any = getattr(raised, "body", None)
        inner = body["error"] if isinstance(body, dict) else body.error
        return str(inner["message"] if isinstance(inner, dict) else inner.message)
    raise AssertionError(f"no {error.__name__} was raised, but there came {got!r}")


def cosine(one: list[float], other: list[float]) -> float:
    """How near two vectors of norm 1 are."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def once(client: Client) -> None:
    """Words, an image, and both."""
    create = client.embed.v_2.create
    source = t.MediaSource(url=PICTURE)

    with step("embed words, an image and both in one space"):
        text = t.TextInputRequest(input_text="a red fox")
        words = create(input_type="text", model_name=OLD, text=text).data[0]
        image = t.ImageInputRequest(media_source=source)
        seen = create(input_type="image", model_name=OLD, image=image)
        both = create(
            input_type="text_image",
            model_name=OLD,
            text_image=t.TextImageInputRequest(media_source=source, input_text="in the snow"),
        )
        for piece in (words, seen.data[0], both.data[0]):
            vector(piece.embedding, 512)
            assert math.isclose(cosine(piece.embedding, piece.embedding), 1, rel_tol=1e-6)
            assert piece.embedding_option is piece.embedding_scope is piece.start_sec is None
        assert cosine(words.embedding, seen.data[0].embedding) > 0.3
        assert (seen.metadata.input_type, seen.metadata.input_url) == ("image", PICTURE)
        assert both.metadata.input_type == "text_image"
        assert seen.usage is None

    with step("be refused what the older model does not grant"):
        message = told(
            lambda: create(input_type="text", model_name=OLD, text=text, embedding_dimension=512),
            BadRequestError,
            400,
        )
        assert NEW in message
        told(lambda: create(input_type="text", model_name=NEW, text=text), BadRequestError, 400)


def recordings(client: Client) -> None:
    """Sounds and videos at once."""
    create = client.embed.v_2.create

    with step("embed a video in pieces and whole, separate and fused"):
        made = create(
            input_type="video",
            model_name=OLD,
            video=t.VideoInputRequest(
                media_source=t.MediaSource(url=FOX),
                segmentation=t.VideoSegmentation_Fixed(
                    fixed=t.VideoSegmentationFixedFixed(duration_sec=6)
                ),
                embedding_option=["visual", "audio"],
                embedding_type=["separate_embedding", "fused_embedding"],
            ),
        )
        options = [each.embedding_option for each in made.data]
        assert options == ["visual"] * 7 + ["audio"] * 7 + ["fused"] * 7
        assert (made.data[5].start_sec, made.data[5].end_sec) == (30, 31)
        assert made.metadata.clip_length == 6
        assert made.metadata.embedding_scopes == ["clip", "asset"]
        assert made.metadata.duration == 31

    with step("embed a sound from its bytes; too many are a 413"):
        wav = base64.b64decode("UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=")
        header = wav[:40] + (64_000).to_bytes(4, "little")
        sound = base64.b64encode(header + bytes(64_000)).decode()
        asked = t.AudioInputRequest(media_source=t.MediaSource(base_64_string=sound))
        made = create(input_type="audio", model_name=OLD, audio=asked)
        assert made.metadata.duration == 4
        big = base64.b64encode(header + bytes(37 * 1024**2)).decode()
        asked = t.AudioInputRequest(media_source=t.MediaSource(base_64_string=big))
        message = told(
            lambda: create(input_type="audio", model_name=OLD, audio=asked),
            ContentTooLargeError,
            413,
        )
        assert "bytes" in message


def together(client: Client) -> None:
    """Words and media as one vector."""
    create = client.embed.v_2.create

    def multi(words: str | None, *sources: t.MultiInputMediaSource, **more: Any) -> Any:
        said: dict[str, Any] = {"input_text": words} if words else {}
        request = t.MultiInputRequest(**said, media_sources=list(sources))
        return create(input_type="multi_input", model_name=NEW, multi_input=request, **more)

    fox = t.MultiInputMediaSource(name="fox", media_type="image", url=PICTURE)

    with step("embed words with what they refer to"):
        made = multi("<@fox> in the snow", fox)
        vector(made.data[0].embedding, 512)
        assert made.metadata.embedding_dimension == 512
        assert set(made.usage.input_tokens) == {"text", "image"}
        assert made.usage.truncated is False
        assert "fox" in told(lambda: multi("<@owl>", fox), BadRequestError, 400)

    with step("embed several kinds, shorter and with uncertainty"):
        film = t.MultiInputMediaSource(media_type="video", url=SHORT)
        assert told(lambda: multi(None, fox, film), BadRequestError, 400)
        whole = multi("a fox", fox, film).data[0].embedding
        short = multi("a fox", fox, film, embedding_dimension=64)
        assert short.data[0].embedding == whole[:64]
        unsure = multi(None, film, embedding_uncertainty=True).data[0]
        assert len(unsure.embedding_uncertainty) == 512

    with step("have a long text cut"):
        long = "fox " * 2001
        assert "2000" in told(lambda: multi(long), BadRequestError, 400)
        cut = multi(long, auto_truncate=True).usage
        assert (cut.truncated, cut.truncation_reason) == (True, "model_context_window")


def done(client: Client, task: str) -> Any:
    """The task, once it is over; the SDK has no function that waits for these."""
    with quick():
        while (found := client.embed.v_2.tasks.retrieve(task)).status == "processing":
            assert found.data is None
            time.sleep(INTERVAL)
    return found


def tasks(client: Client) -> None:
    """Recordings and images, later."""
    create = client.embed.v_2.tasks.create
    source = t.MediaSource(url=FOX)

    with step("embed a video in a task, by both models in their own form"):
        strategy = t.TemporalSegmentation_Fixed(
            fixed=t.TemporalSegmentationFixedFixed(duration_sec=10)
        )
        note = t.TimeBasedMetadataEntry(start=1, end=2, text="the fox jumps")
        made = create(
            input_type="video",
            model_name=NEW,
            video=t.AsyncVideoInputRequest(
                media_source=source,
                segmentation=t.AsyncTemporalSegmentation(temporal=strategy),
                embedding_scope=["local"],
                embedding_type=["separate_embedding", "fused_embedding"],
                time_based_metadata=[note],
            ),
        )
        assert made.status == "processing"
        assert made.metadata.embedding_dimension == 512
        ended = done(client, made.id)
        assert ended.status == "ready"
        found = [(each.embedding_option, each.embedding_scope) for each in ended.data]
        options = ("visual", "audio", "fused")
        assert found == [(each, "clip") for each in options for _ in range(4)]
        assert ended.metadata.embedding_scopes == ["local"]
        bare = t.VideoSegmentation_Dynamic(
            dynamic=t.VideoSegmentationDynamicDynamic(min_duration_sec=4)
        )
        asked = t.AsyncVideoInputRequest(media_source=source, segmentation=bare)
        older = create(input_type="video", model_name=OLD, video=asked)
        assert older.metadata is None
        assert done(client, older.id).usage is None
        message = told(
            lambda: create(input_type="video", model_name=NEW, video=asked), BadRequestError, 400
        )
        assert "temporal" in message

    with step("embed a sound and an image in tasks"):
        asked = t.AsyncAudioInputRequest(media_source=t.MediaSource(url=SOUND))
        sound = create(input_type="audio", model_name=NEW, audio=asked)
        assert {each.embedding_option for each in done(client, sound.id).data} == {"audio"}
        picture = t.AsyncImageInputRequest(media_source=t.MediaSource(url=PICTURE))
        image = create(input_type="image", model_name=NEW, image=picture)
        assert [each.embedding_scope for each in done(client, image.id).data] == ["asset"]

    with step("list the tasks over their pages"):
        listed = list(client.embed.v_2.tasks.list(page_limit=2, status="ready"))
        assert [each.id for each in listed] == [image.id, sound.id, older.id, made.id]
        assert listed[0].image_embedding.metadata.image_embedding_scope == ["asset"]
        assert listed[3].video_embedding.metadata.duration == 31

    with step("see a task fail, and miss one"):
        asked = t.AsyncAudioInputRequest(
            media_source=t.MediaSource(url="https://media.example/understudy-fail.mp3")
        )
        failed = done(client, create(input_type="audio", model_name=NEW, audio=asked).id)
        assert (failed.status, failed.data) == ("failed", None)
        assert failed.error.message
        told(lambda: client.embed.v_2.tasks.retrieve(NOBODY), NotFoundError, 404)


def documents(client: Client) -> None:
    """Documents, in tasks only."""
    create = client.embed.v_2.tasks.create

    with step("embed a PDF by pages and their quarters"):
        made = create(
            input_type="document",
            model_name=NEW,
            document=t.AsyncDocumentInputRequest(
                media_source=t.MediaSource(url="https://media.example/timetable.pdf"),
                segmentation=t.DocumentSegmentation(
                    spatial=t.DocumentSpatialSegmentation(strategy="quadrants")
                ),
            ),
        )
        pages = done(client, made.id).data
        assert len(pages) % 5 == 0
        assert [each.quadrant for each in pages[:2]] == [None, "top_left"]
        assert {each.embedding_scope for each in pages} == {"page"}

    with step("embed a text by sentences"):
        notes = base64.b64encode(b"A fox runs. It jumps. Snow falls. It is gone.").decode()
        made = create(
            input_type="document",
            model_name=NEW,
            document=t.AsyncDocumentInputRequest(
                media_source=t.MediaSource(base_64_string=notes),
                segmentation=t.DocumentSegmentation(
                    sequential=t.DocumentSequentialSegmentation(
                        strategy="sentence", max_sentences=2, overlap_sentences=1
                    )
                ),
                embedding_scope=["local", "asset"],
            ),
        )
        ended = done(client, made.id)
        assert [each.chunk_index for each in ended.data] == [0, 1, 2, None]
        assert ended.data[3].embedding_scope == "asset"
        assert ended.metadata.input_type == "document"
