"""Indexes, videos, tasks, search and the older embeddings, as today and as in 2025."""

from collections.abc import Mapping

import httpx2
from stage import LONG, MODELS, NOBODY, client_of, new_index, new_task
from twelvelabs_stage import KEY, VIDEO, Calls, Ids, Stage

from understudy.mocks import Fake

BUCKET = "68652eecf1b5a3d2c4e6f741"
UNKNOWN_BUCKET = "understudy-unknown"
STALE = "6f2d0b14-5a0e-4c62-8f5b-0d8c1d8a7e21-1"


def at_import(stage: Stage, bucket: str = BUCKET, index: str = "") -> httpx2.Response:
    """Start an import of a bucket."""
    return stage.post(f"/tasks/transfers/import/{bucket}", index_id=index or stage.index)


def second_import(stage: Stage) -> httpx2.Response:
    """Start an import while another runs."""
    assert at_import(stage).status_code == 201
    return at_import(stage)


def taken_name(stage: Stage) -> httpx2.Response:
    """Give an index the name of another."""
    new_index(stage.api, "ships")
    return stage.send("PUT", f"/indexes/{stage.index}", index_name="ships")


def on_text(path: str, **wanted: object) -> Calls:
    """The calls of an operation that writes about a video."""
    return {
        200: lambda s: s.post(path, video_id=s.video, **wanted),
        400: lambda s: s.post(path, video_id=s.video),
        404: lambda s: s.post(path, video_id=NOBODY, **wanted),
    }


def on_video(method: str) -> Calls:
    """The calls of an operation that changes a video."""
    some = {"user_metadata": {"category": "boats"}}
    return {
        204: lambda s: s.send(method, f"/indexes/{s.index}/videos/{s.video}", **some),
        400: lambda s: s.send(method, f"/indexes/{s.index}/videos/{s.video}", user_metadata=1),
        404: lambda s: s.send(method, f"/indexes/{s.index}/videos/{NOBODY}", **some),
    }


IMPORT = "/tasks/transfers/import"
STATUSES: Mapping[str, Calls] = {
    "list-indexes": {
        200: lambda s: s.get("/indexes"),
        400: lambda s: s.get("/indexes", page=0),
    },
    "create-index": {
        201: lambda s: s.post("/indexes", index_name="a", models=MODELS),
        400: lambda s: s.post("/indexes", index_name="a"),
        409: lambda s: s.post("/indexes", index_name=s.index and "films", models=MODELS),
    },
    "retrieve-index": {
        200: lambda s: s.get(f"/indexes/{s.index}"),
        400: lambda s: s.get("/indexes/films"),
        404: lambda s: s.get(f"/indexes/{NOBODY}"),
    },
    "update-index": {
        204: lambda s: s.send("PUT", f"/indexes/{s.index}", index_name="ships"),
        400: lambda s: s.send("PUT", f"/indexes/{s.index}"),
        404: lambda s: s.send("PUT", f"/indexes/{NOBODY}", index_name="ships"),
        409: taken_name,
    },
    "delete-index": {
        204: lambda s: s.api.delete(f"/indexes/{s.index}"),
        400: lambda s: s.api.delete("/indexes/films"),
        404: lambda s: s.api.delete(f"/indexes/{NOBODY}"),
    },
    "list-videos": {
        200: lambda s: s.get(f"/indexes/{s.index}/videos"),
        400: lambda s: s.get(f"/indexes/{s.index}/videos", page_limit=51),
        404: lambda s: s.get(f"/indexes/{NOBODY}/videos"),
    },
    "retrieve-video-information": {
        200: lambda s: s.get(f"/indexes/{s.index}/videos/{s.video}", transcription="true"),
        400: lambda s: s.get(f"/indexes/{s.index}/videos/{s.video}", embedding_option="smell"),
        404: lambda s: s.get(f"/indexes/{s.index}/videos/{NOBODY}"),
    },
    "update-video-information": on_video("PUT"),
    "patch-video-information": on_video("PATCH"),
    "delete-video-information": {
        204: lambda s: s.api.delete(f"/indexes/{s.index}/videos/{s.video}"),
        400: lambda s: s.api.delete(f"/indexes/{s.index}/videos/ferry"),
        404: lambda s: s.api.delete(f"/indexes/{s.index}/videos/{NOBODY}"),
    },
    "list-video-indexing-tasks": {
        200: lambda s: s.get("/tasks", index_id=s.task and s.index),
        400: lambda s: s.get("/tasks", status="asleep"),
    },
    "create-video-indexing-task": {
        200: lambda s: s.upload(video_url=VIDEO),
        400: lambda s: s.upload(),
        404: lambda s: s.upload(NOBODY, video_url=VIDEO),
    },
    "count-video-indexing-tasks": {
        200: lambda s: s.get("/tasks/status", index_id=s.index),
        400: lambda s: s.get("/tasks/status"),
        404: lambda s: s.get("/tasks/status", index_id=NOBODY),
    },
    "retrieve-video-indexing-task": {
        200: lambda s: s.get(f"/tasks/{s.task}"),
        400: lambda s: s.get("/tasks/first"),
        404: lambda s: s.get(f"/tasks/{NOBODY}"),
    },
    "delete-video-indexing-task": {
        204: lambda s: s.api.delete(f"/tasks/{s.failed}"),
        400: lambda s: s.api.delete("/tasks/first"),
        404: lambda s: s.api.delete(f"/tasks/{NOBODY}"),
        409: lambda s: s.api.delete(f"/tasks/{s.task}"),
    },
    "cloud-to-cloud-import-videos": {
        201: at_import,
        400: lambda s: s.post(f"{IMPORT}/{BUCKET}", index_id="films"),
        404: lambda s: at_import(s, index=NOBODY),
        409: second_import,
    },
    "cloud-to-cloud-retrieve-status": {
        200: lambda s: s.get(f"{IMPORT}/{BUCKET}/status", index_id=s.index),
        400: lambda s: s.get(f"{IMPORT}/{BUCKET}/status"),
        404: lambda s: s.get(f"{IMPORT}/{BUCKET}/status", index_id=NOBODY),
    },
    "cloud-to-cloud-retrieve-import-logs": {
        200: lambda s: s.get(f"{IMPORT}/{BUCKET}/logs"),
        400: lambda s: s.get(f"{IMPORT}/{BUCKET}/logs", colour="red"),
        404: lambda s: s.get(f"{IMPORT}/{UNKNOWN_BUCKET}/logs"),
    },
    "any-to-video-search": {
        200: lambda s: s.search(),
        400: lambda s: s.search(page_limit="0"),
        404: lambda s: s.search(NOBODY),
    },
    "any-to-video--retrieve-specific-page": {
        200: lambda s: s.get(f"/search/{s.token}"),
        400: lambda s: s.get("/search/second"),
        404: lambda s: s.get(f"/search/{STALE}"),
    },
    "gist": on_text("/gist", types=["title"]),
    "summarize": on_text("/summarize", type="chapter"),
    "generate-text-representation": on_text("/analyze", prompt="Who comes aboard?"),
    "analyze": on_text("/generate", prompt="Who comes aboard?", stream=False),
    "create-text-image-audio-embedding": {
        200: lambda s: s.form("/embed", model_name="marengo3.0", text="a ferry"),
        400: lambda s: s.form("/embed", model_name="marengo3.0"),
    },
    "list-video-embedding-tasks": {
        200: lambda s: s.get("/embed/tasks"),
        400: lambda s: s.get("/embed/tasks", status="asleep"),
    },
    "create-video-embedding-task": {
        200: lambda s: s.form("/embed/tasks", model_name="marengo3.0", video_url=VIDEO),
        400: lambda s: s.form("/embed/tasks", model_name="marengo3.0"),
    },
    "retrieve-video-embedding-task": {
        200: lambda s: s.get(f"/embed/tasks/{s.embedding}/status"),
        400: lambda s: s.get("/embed/tasks/first/status"),
        404: lambda s: s.get(f"/embed/tasks/{NOBODY}/status"),
    },
    "retrieve-video-embedding": {
        200: lambda s: s.get(f"/embed/tasks/{s.embedding}"),
        400: lambda s: s.get("/embed/tasks/first"),
        404: lambda s: s.get(f"/embed/tasks/{NOBODY}"),
    },
}


def stock(fake: Fake) -> Ids:
    """What is there when bad input comes."""
    with client_of(fake, KEY) as api:
        index = new_index(api, "films")
        video = new_task(api, index, VIDEO)["video_id"]
        fields = {"model_name": (None, "marengo3.0"), "video_url": (None, VIDEO)}
        embedding = str(api.post("/embed/tasks", files=fields).json()["_id"])
        fake.clock.advance(LONG)
        task = new_task(api, index, VIDEO)["_id"]
    return {
        "index-id": index,
        "video-id": video,
        "integration-id": "bucket",
        "task_id@/tasks": task,
        "task_id@/embed/tasks": embedding,
        "page-token": "none",
    }
