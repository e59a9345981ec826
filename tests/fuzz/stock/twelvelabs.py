"""An index, a video, a task and an embedding of Twelve Labs."""

from collections.abc import Mapping

import httpx2
from tests.fuzz.row import KEY, Row

VIDEO = "https://media.example/ferry.mp4"
MODELS = [
    {"model_name": "marengo3.0", "model_options": ["visual", "audio"]},
    {"model_name": "pegasus1.2", "model_options": ["visual", "audio"]},
]
ENGINES = [
    {
        "engine_name": "marengo2.6",
        "engine_options": ["visual", "conversation", "text_in_video", "logo"],
    },
    {"engine_name": "pegasus1.1", "engine_options": ["visual", "conversation"]},
]


def stock_2025(api: httpx2.Client, root: str) -> Mapping[str, str]:
    """By way of v1.3 of mid 2025."""
    created = api.post("indexes", json={"index_name": "Stock", "models": MODELS})
    index = created.raise_for_status().json()["_id"]
    upload = {"index_id": (None, index), "video_url": (None, VIDEO)}
    task = api.post("tasks", files=upload).raise_for_status().json()
    asked = {"model_name": (None, "marengo3.0"), "video_url": (None, VIDEO)}
    embedding = api.post("embed/tasks", files=asked).raise_for_status().json()
    advance = api.post(f"{root}/_understudy/clock/advance", json={"seconds": 3600})
    advance.raise_for_status()
    return {
        "68652c10f1b5a3d2c4e6f701": index,
        "68652d3af1b5a3d2c4e6f731": task["_id"],
        "68652d3af1b5a3d2c4e6f732": task["video_id"],
        "68653188f1b5a3d2c4e6f761": embedding["_id"],
    }


def stock_older(api: httpx2.Client, root: str) -> Mapping[str, str]:
    """By way of v1.2."""
    created = api.post("indexes", json={"index_name": "Stock", "engines": ENGINES})
    index = created.raise_for_status().json()["_id"]
    upload = {"index_id": (None, index), "video_url": (None, VIDEO)}
    task = api.post("tasks", files=upload).raise_for_status().json()
    asked = {"engine_name": (None, "Marengo-retrieval-2.6"), "video_url": (None, VIDEO)}
    embedding = api.post("embed/tasks", files=asked).raise_for_status().json()
    advance = api.post(f"{root}/_understudy/clock/advance", json={"seconds": 3600})
    advance.raise_for_status()
    return {
        "68652c10f1b5a3d2c4e6f701": index,
        "68652d3af1b5a3d2c4e6f731": task["_id"],
        "68652d3af1b5a3d2c4e6f732": task["video_id"],
        "68653188f1b5a3d2c4e6f761": embedding["_id"],
    }


ROWS = (
    Row("twelvelabs/v1.3-2025", "/twelvelabs/v1.3", ("x-api-key", KEY), stock_2025),
    Row("twelvelabs/v1.2", "/twelvelabs/v1.2", ("x-api-key", KEY), stock_older),
)
