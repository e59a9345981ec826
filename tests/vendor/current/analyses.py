"""Analyses of today, over Python SDK 1.3.6: at once, as streams, as tasks, and in batches."""

import json
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import fern
from journey import FERRY, FOX, INTERVAL, NOBODY, PICTURE, SHAPE, quick, refused, step
from twelvelabs import types
from twelvelabs.core.api_error import ApiError
from twelvelabs.errors import BadRequestError, ConflictError, ForbiddenError, NotFoundError
from twelvelabs.types import AsyncResponseFormat, SyncResponseFormat
from twelvelabs.types import VideoContext_AssetId as OfAsset
from twelvelabs.types import VideoContext_Base64String as OfBytes
from twelvelabs.types import VideoContext_Url as At

Client = Any
LENGTH = 60.0
QUESTION = "Tell of everything that happens in the snow, and of who comes along."
IMAGE = types.SmeMediaSource(name="fox", media_type="image", url=PICTURE)


def steps(client: Client, folder: Path) -> None:
    """Everything about analyses, in the order in which a customer takes it."""
    shape = SyncResponseFormat(type="json_schema", json_schema=SHAPE)
    fern.analysis(client, shape, video=At(url=FOX))
    asset = kept(client)
    at_once(client, asset, folder)
    tasks(client, asset)
    segments(client)
    batches(client, asset)


def kept(client: Client) -> str:
    """A video as an asset that is ready; answers its id."""
    asset = client.assets.create(method="url", url=FOX).id
    with quick():
        while client.assets.retrieve(asset).status == "processing":
            time.sleep(INTERVAL)
    return str(asset)


def ended(client: Client, task: str) -> tuple[Any, list[str]]:
    """The task when it has ended, and the statuses on the way; the SDK does not wait."""
    seen: list[str] = []
    with quick():
        while True:
            found = client.analyze_async.tasks.retrieve(task)
            seen += [found.status] if found.status not in seen[-1:] else []
            if found.status in ("ready", "failed", "canceled"):
                return found, seen
            time.sleep(INTERVAL)


def at_once(client: Client, asset: str, folder: Path) -> None:
    """What came with the models of 2026: other sources, images, moments and windows."""

    with step("analyze an asset, a file's bytes, and a part of a video"):
        import base64

        encoded = base64.b64encode((folder / "film.mp4").read_bytes()).decode()
        for video in (OfAsset(asset_id=asset), OfBytes(base_64_string=encoded)):
            assert client.analyze(video=video, prompt="What happens?").data
        part = client.analyze(video=At(url=FOX), prompt="Where?", start_time=10, end_time=20)
        assert part.usage.input_tokens
        assert part.finish_reason == "stop"

    with step("analyze images that the prompt names"):
        image = [
            types.AnalyzeImageInput(name="before", url=PICTURE),
            types.AnalyzeImageInput(name="after", url="https://media.example/owl.png"),
        ]
        asked = {"model_name": "pegasus1.6", "image": image}
        assert client.analyze(prompt="What changed from <@before> to <@after>?", **asked).data
        refused(
            lambda: client.analyze(prompt="What is in <@before>?", **asked),
            BadRequestError,
            400,
            "parameter_invalid",
        )

    with step("analyze with a prompt that refers to an image"):
        prompt = types.AnalyzePromptV2(input_text="Is there a <@fox>?", media_sources=[IMAGE])
        assert client.analyze(video=At(url=FOX), prompt_v_2=prompt).data

    with step("be given moments as the schema asks for them"):
        clock = {"type": "timestamp", "format": "hh:mm:ss"}
        edges = {"start_time": {"type": "number"}, "end_time": {"type": "number"}}
        scene = {"type": "object", "properties": edges, "required": ["start_time", "end_time"]}
        schema = {
            "type": "object",
            "properties": {"at": clock, "scenes": {"type": "array", "items": scene, "minItems": 1}},
            "required": ["at", "scenes"],
        }
        shape = SyncResponseFormat(type="json_schema", json_schema=schema)
        answer = client.analyze(video=At(url=FOX), prompt="When?", response_format=shape)
        told = json.loads(answer.data)
        assert re.fullmatch(r"00:0[01]:\d\d", told["at"])
        moments = [each[name] for each in told["scenes"] for name in edges]
        assert moments == sorted(moments)
        assert 0 <= moments[0] <= moments[-1] <= LENGTH

    with step("be told with a 422 what the dialect lacks"):
        odd = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}}
        shape = SyncResponseFormat(type="json_schema", json_schema=odd)
        refused(
            lambda: client.analyze(video=At(url=FOX), prompt="When?", response_format=shape),
            ApiError,
            422,
            "parameter_invalid",
        )

    with step("be refused for an asset that is not there"):
        refused(
            lambda: client.analyze(video=OfAsset(asset_id=NOBODY), prompt="Who?"),
            NotFoundError,
            404,
            "resource_not_exists",
        )


def tasks(client: Client, asset: str) -> None:
    """Tasks: create, poll, list, cancel, delete."""
    there = client.analyze_async.tasks

    with step("have a video analyzed later, and poll"):
        made = there.create(video=OfAsset(asset_id=asset), prompt=QUESTION, custom_id="clip-7")
        assert made.status == "queued"
        task, seen = ended(client, made.task_id)
        assert seen == ["queued", "pending", "processing", "ready"], seen
        assert task.result.data
        assert task.result.finish_reason == "stop"
        assert task.result.usage.output_tokens > 0
        assert task.completed_at > task.created_at
        assert (task.custom_id, task.request_params.prompt) == ("clip-7", QUESTION)
        assert task.video_source.system_metadata.duration == LENGTH
        assert (task.error, task.batch_id) == (None, None)

    with step("repeat a call with its key"):
        key = {"additional_headers": {"Idempotency-Key": "once"}}
        asked = {"video": At(url=FERRY), "prompt": "Who?", "request_options": key}
        first, again = there.create(**asked), there.create(**asked)
        assert first.task_id == again.task_id

    with step("list tasks, cut short, and by what they are about"):
        page = there.list(page_limit=2)
        assert (page.page_info.total_results, len(page.data)) == (2, 2)
        assert page.data[1].request_params.prompt == QUESTION[:30]
        assert [each.task_id for each in there.list(video_url=FERRY).data] == [first.task_id]
        assert [each.task_id for each in there.list(asset_id=asset).data] == [made.task_id]
        assert there.list(status="failed").data == []
        assert there.list(page=9).data == []

    with step("cancel a task, twice"):
        doomed = there.create(video=At(url=FERRY), prompt="Who?").task_id
        for _ in range(2):
            assert there.cancel(doomed).status == "canceled"
        canceled = there.retrieve(doomed)
        assert (canceled.status, canceled.error.code) == ("canceled", "user_canceled")
        assert canceled.result is None
        refused(lambda: there.cancel(made.task_id), ConflictError, 409, "resource_conflict")

    with step("see a task fail"):
        failing = At(url="https://media.example/understudy-fail.mp4")
        task, _ = ended(client, there.create(video=failing, prompt="Who?").task_id)
        assert task.status == "failed"
        assert task.error.message

    with step("delete tasks, for good"):
        ended(client, first.task_id)
        for identity in (made.task_id, first.task_id, doomed, task.task_id):
            there.delete(identity)
        refused(lambda: there.retrieve(made.task_id), NotFoundError, 404, "resource_not_exists")

    with step("be refused for bad tasks"):
        for more in ({"custom_id": ""}, {"max_tokens": 9}, {"min_segment_duration": 4}):
            refused(
                lambda more=more: there.create(video=At(url=FOX), prompt="Who?", **more),  # type: ignore[misc]
                BadRequestError,
                400,
                "parameter_invalid",
            )


def segments(client: Client) -> None:
    """A video in segments, with fields of every type."""
    there = client.analyze_async.tasks

    def field(name: str, kind: str, **more: Any) -> types.SegmentField:
        return types.SegmentField(name=name, type=kind, description="Anything.", **more)

    with step("have a video cut into segments"):
        event = types.TimeArrayItemField(name="what", type="string", description="What it does.")
        items = types.SegmentFieldItems(type="object", fields=[event])
        fields = [
            field("breed", "string", enum=["red", "grey"]),
            field("running", "boolean"),
            field("seen", "timestamp", format="hh:mm:ss.fff"),
            field("colours", "array", items=types.SegmentFieldItems(type="string")),
            field("events", "time_array", items=items),
        ]
        definition = types.SegmentDefinition(
            id="foxes", description="A fox.", fields=fields, media_sources=[IMAGE]
        )
        made = there.create(
            model_name="pegasus1.6",
            video=At(url=FOX),
            analysis_mode="time_based_metadata",
            max_tokens="unlimited",
            min_segment_duration=4,
            response_format=AsyncResponseFormat(
                type="segment_definitions", segment_definitions=[definition]
            ),
        )
        task, _ = ended(client, made.task_id)
        found = json.loads(task.result.data)["foxes"]
        assert found
        spans = [(each["start_time"], each["end_time"]) for each in found]
        assert all(0 <= start < end <= LENGTH and end - start >= 4 for start, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        for each in found:
            told = each["metadata"]
            assert set(told) == {one.name for one in fields}
            assert told["breed"] in ("red", "grey")
            assert told["running"] in (True, False)
            assert all(one["end_time"] <= each["end_time"] for one in told["events"])
        assert task.request_params.max_tokens == "unlimited"
        listed = there.list(analysis_mode="time_based_metadata").data
        assert [one.task_id for one in listed] == [made.task_id]

    with step("be refused for a reserved name"):
        definition = types.SegmentDefinition(
            id="a", description="A.", fields=[field("start_time", "string")]
        )
        shape = AsyncResponseFormat(type="segment_definitions", segment_definitions=[definition])
        refused(
            lambda: there.create(
                video=At(url=FOX), analysis_mode="time_based_metadata", response_format=shape
            ),
            BadRequestError,
            400,
            "parameter_invalid",
        )


def batches(client: Client, asset: str) -> None:
    """Batches: create, poll, results as a stream, cancel, delete."""
    there = client.analyze_async.batches
    video = types.BatchVideoContext(type="asset_id", asset_id=asset)

    def item(**more: Any) -> types.BatchItemRequest:
        return types.BatchItemRequest(video=video, **more)

    def create(*requests: types.BatchItemRequest) -> Any:
        prompt = types.BatchPrompt(input_text=QUESTION)
        return there.create(
            model_name="pegasus1.5",
            analysis_mode="general",
            defaults=types.BatchDefaults(prompt=prompt),
            requests=list(requests),
        )

    def over(batch: str) -> tuple[Any, list[str]]:
        seen: list[str] = []
        with quick():
            while True:
                found = there.retrieve(batch)
                seen += [found.status] if found.status not in seen[-1:] else []
                if found.status in ("completed", "canceled", "expired"):
                    return found, seen
                time.sleep(INTERVAL)

    with step("have many assets analyzed, and poll"):
        made = create(item(custom_id="a"), item(prompt=types.BatchPrompt(input_text="Who?")))
        assert (made.status, made.total_items) == ("pending", 2)
        assert [each.custom_id for each in made.items] == ["a", None]
        early = list(there.results(made.batch_id))
        assert [each.status for each in early] == ["queued", "queued"]
        batch, seen = over(made.batch_id)
        assert seen[-1] == "completed", seen
        assert (batch.ready_items, batch.queued_items) == (2, 0)
        assert batch.completed_at

    with step("read the results line by line"):
        lines = list(there.results(made.batch_id))
        assert [each.task_id for each in lines] == [each.task_id for each in made.items]
        assert all(each.data.data and each.data.usage.output_tokens for each in lines)

    with step("list tasks of batches, whose prompts are no strings"):
        listed = client.analyze_async.tasks.list(asset_id=asset).data
        assert {each.batch_id for each in listed} == {made.batch_id}
        assert {each.request_params.prompt for each in listed} == {None}
        assert listed[-1].request_params.prompt_v_2.input_text == QUESTION[:30]
        task = made.items[0].task_id
        refused(lambda: client.analyze_async.tasks.cancel(task), ForbiddenError, 403, "forbidden")

    with step("cancel a batch: it is canceling while something is processed"):
        other = create(*[item() for _ in range(3)])
        canceled = there.cancel(other.batch_id)
        assert canceled.status in ("canceling", "canceled")
        ended_batch, _ = over(other.batch_id)
        assert ended_batch.status == "canceled"
        assert ended_batch.canceled_items == 3 - ended_batch.ready_items
        refused(lambda: there.cancel(made.batch_id), ConflictError, 409, "batch_completed")
        refused(lambda: there.cancel(other.batch_id), ConflictError, 409, "batch_canceled")

    with step("list batches by status, through all pages"):
        ids = [each.batch_id for each in there.list(page_limit=1)]
        assert ids == [other.batch_id, made.batch_id]
        found = there.list(status=["completed", "expired"], analysis_mode=["general"])
        assert [each.batch_id for each in found] == [made.batch_id]

    with step("delete batches, and their tasks with them"):
        fresh = create(item())
        refused(lambda: there.delete(fresh.batch_id), ConflictError, 409, "batch_not_terminal")
        there.cancel(fresh.batch_id)
        for each in (made, other, fresh):
            there.delete(each.batch_id)
        refused(
            lambda: client.analyze_async.tasks.retrieve(task),
            NotFoundError,
            404,
            "resource_not_exists",
        )
        assert list(there.list()) == []

    with step("be refused for a bad batch"):
        refused(
            lambda: create(item(custom_id="a"), item(custom_id="a")),
            BadRequestError,
            400,
            "parameter_invalid",
        )
        nowhere = types.BatchVideoContext(type="asset_id", asset_id=NOBODY)
        refused(
            lambda: create(types.BatchItemRequest(video=nowhere)),
            NotFoundError,
            404,
            "resource_not_exists",
        )
