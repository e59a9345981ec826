"""A script as people write it: requests, a loop, a sleep; no word of understudy in it."""

import sys
from time import sleep

import requests

API = "https://api.twelvelabs.io/v1.3"
MODELS = [{"model_name": "marengo2.7", "model_options": ["visual", "audio"]}]


def index_film(key: str, url: str) -> str:
    """Upload a film by its address, wait until it can be searched, and answer its video id."""
    with requests.Session() as api:
        api.headers["x-api-key"] = key
        made = api.post(f"{API}/indexes", json={"index_name": "films", "models": MODELS})
        made.raise_for_status()
        fields = {"index_id": (None, made.json()["_id"]), "video_url": (None, url)}
        task = api.post(f"{API}/tasks", files=fields)
        task.raise_for_status()
        while True:
            polled = api.get(f"{API}/tasks/{task.json()['_id']}").json()
            print(polled["status"])
            if polled["status"] == "failed":
                raise SystemExit("the film could not be indexed")
            if polled["status"] == "ready":
                return str(polled["video_id"])
            sleep(10)


if __name__ == "__main__":
    print(index_film(*sys.argv[1:3]))
