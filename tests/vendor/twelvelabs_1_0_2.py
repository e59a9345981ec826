"""twelvelabs 1.0.2 as a customer uses it: index, upload, wait, list, metadata, delete.

Run by `make vendor` in an environment that holds the SDK and nothing of understudy, as
`python twelvelabs_1_0_2.py SERVER_URL FILM`; prints one line a step and `N passed, 0 failed`.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from twelvelabs import TwelveLabs
from twelvelabs.core.api_error import ApiError
from twelvelabs.errors import BadRequestError, NotFoundError
from twelvelabs.indexes import IndexesCreateRequestModelsItem

INTERVAL = 0.05
PASSED: list[str] = []


@contextmanager
def step(what: str) -> Iterator[None]:
    """One thing that must work; the first that does not ends the program with its traceback."""
    started = time.perf_counter()
    yield
    PASSED.append(what)
    print(f"ok {what} ({(time.perf_counter() - started) * 1000:.0f} ms)")


def main(url: str, film: Path) -> None:
    """The journey, in the order in which a customer takes it."""
    client = TwelveLabs(api_key="tlk_vendor", base_url=f"{url}/twelvelabs/v1.3")
    models = [
        IndexesCreateRequestModelsItem(model_name="marengo2.7", model_options=["visual", "audio"]),
        IndexesCreateRequestModelsItem(model_name="pegasus1.2", model_options=["visual"]),
    ]

    with step("create an index"):
        index_id = client.indexes.create(index_name="films", models=models).id
        assert index_id
        index = client.indexes.retrieve(index_id)
        assert (index.index_name, index.video_count) == ("films", 0)
        assert [model.model_name for model in index.models] == ["marengo2.7", "pegasus1.2"]

    with step("rename it and find it by name"):
        client.indexes.update(index_id, index_name="renamed films")
        found = list(client.indexes.list(index_name="renamed films"))
        assert [each.id for each in found] == [index_id]

    with step("upload an MP4"):
        with film.open("rb") as opened:
            task = client.tasks.create(
                index_id=index_id,
                video_file=opened,
                enable_video_stream=True,
                user_metadata=json.dumps({"season": 2}),
            )
        assert task.id
        assert task.video_id

    with step("wait for the task"):
        seen: list[str] = []
        began = time.perf_counter()
        done = client.tasks.wait_for_done(
            task.id, sleep_interval=INTERVAL, callback=lambda polled: seen.append(polled.status)
        )
        assert done.status == "ready", done.status
        order = ["uploading", "validating", "pending", "queued", "indexing", "ready"]
        assert seen == sorted(seen, key=order.index), seen
        assert time.perf_counter() - began < 5, "auto time did not make each poll a step"

    with step("list the task with its index and status"):
        tasks = list(client.tasks.list(index_id=index_id, status=["ready"]))
        assert [each.id for each in tasks] == [task.id]
        assert client.tasks.retrieve(task.id).index_id == index_id

    with step("list and read the video"):
        [listed] = list(client.indexes.videos.list(index_id))
        assert listed.id == task.video_id
        video = client.indexes.videos.retrieve(index_id, task.video_id)
        about = video.system_metadata
        assert about is not None
        assert about.filename == film.name
        assert abs((about.duration or 0.0) - 12.0) < 0.5, about.duration
        assert about.size == film.stat().st_size
        assert client.indexes.retrieve(index_id).video_count == 1

    with step("update the metadata and filter by it"):
        client.indexes.videos.update(
            index_id, task.video_id, user_metadata={"genre": "noir", "season": 3}
        )
        video = client.indexes.videos.retrieve(index_id, task.video_id)
        assert video.user_metadata == {"genre": "noir", "season": 3}
        for genre, count in (("noir", 1), ("western", 0)):
            hits = list(client.indexes.videos.list(index_id, user_metadata={"genre": genre}))
            assert len(hits) == count, (genre, hits)

    with step("delete a metadata field with null"):
        client.indexes.videos.update(index_id, task.video_id, user_metadata={"genre": None})
        video = client.indexes.videos.retrieve(index_id, task.video_id)
        assert video.user_metadata == {"season": 3}

    with step("be refused for a bad index, in the declared error"):
        try:
            client.indexes.create(index_name="films", models=[])
        except BadRequestError as error:
            assert error.status_code == 400
        else:
            raise AssertionError("an index without models was created")

    with step("delete the video, for good"):
        client.indexes.videos.delete(index_id, task.video_id)
        try:
            client.indexes.videos.retrieve(index_id, task.video_id)
        except NotFoundError as error:
            assert error.status_code == 404
        else:
            raise AssertionError("the video is still there")
        assert list(client.indexes.videos.list(index_id)) == []

    with step("delete the index, for good"):
        client.indexes.delete(index_id)
        try:
            client.indexes.retrieve(index_id)
        except ApiError as error:
            assert error.status_code == 404
        else:
            raise AssertionError("the index is still there")

    print(f"twelvelabs {version('twelvelabs')} against {url}")
    print(f"{len(PASSED)} passed, 0 failed")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
