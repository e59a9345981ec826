"""Embeddings of a video from Mixpeek, in the four steps of its guide of December 2024.

Run as `python mixpeek_guide.py`; MIXPEEK_BASE_URL says where the service is. The calls are the
guide's: `requests`, bodies written with `json.dumps`, and the body sent along with a GET.
"""

import json
import os
import time
from typing import Any

import requests

BASE = os.environ.get("MIXPEEK_BASE_URL", "https://api.mixpeek.com")
PAUSE = float(os.environ.get("PAUSE", "5"))
HEADERS = {"Authorization": "Bearer API_KEY", "Content-Type": "application/json"}
PAYLOAD = json.dumps({"url": "video.mp4", "collection": "example"})
MODALITIES = ("video", "image", "text", "audio")


def called(method: str, path: str, payload: str | None = None) -> Any:
    """One call of the guide; what the service answers."""
    response = requests.request(method, BASE + path, headers=HEADERS, data=payload, timeout=30)
    response.raise_for_status()
    return response.json()


def main() -> dict[str, list[float]]:
    """The vectors of every feature of the video, by feature id."""
    task = called("POST", "/ingest/videos/url", PAYLOAD)
    print(task["message"])

    while True:
        polled = called("GET", f"/tasks/{task['task_id']}")
        print(polled["status"])
        if polled["status"] == "DONE":
            break
        if polled["status"] in ("FAILED", "CANCELLED"):
            raise SystemExit(f"the task ended as {polled['status']}")
        time.sleep(PAUSE)

    found = called("GET", f"/assets/{polled['asset_id']}/features", PAYLOAD)
    vectors: dict[str, list[float]] = {}
    for modality in MODALITIES:
        for feature in found["features"][modality]:
            whole = called("GET", f"/features/{feature['feature_id']}?include_vectors=true")
            vectors[whole["feature_id"]] = whole["vectors"]["multimodal"]
            print(modality, whole["feature_id"], len(whole["vectors"]["multimodal"]))
    return vectors


if __name__ == "__main__":
    main()
