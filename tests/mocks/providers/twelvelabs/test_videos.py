"""Laws of the videos of an index."""

import math

import httpx2
import pytest
from stage import NOBODY, new_index, new_task, new_video, refused

from understudy.mocks import Fake

URL = "https://cdn.example/red-fox.mp4?duration=30"


def test_video__exists_once_its_task_is_ready(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Before that it is not found; then list and detail agree."""
    made = new_task(api, index, URL)
    path = f"/indexes/{index}/videos/{made['video_id']}"
    refused(api.get(path), 404, "resource_not_exists")
    fake.clock.advance(3600)
    detail = api.get(path).json()
    listed = api.get(f"/indexes/{index}/videos").json()["data"]
    assert [each["_id"] for each in listed] == [made["video_id"]]
    assert listed[0]["system_metadata"] == detail["system_metadata"]
    assert detail["indexed_at"] == detail["created_at"]
    assert detail["hls"]["status"] == "COMPLETE"
    assert "embedding" not in detail


def test_video__belongs_to_its_index(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Below another index the same video is not found."""
    video = new_video(fake, api, index, URL)
    other = new_index(api, "other")
    refused(api.get(f"/indexes/{other}/videos/{video}"), 404, "resource_not_exists")
    refused(api.get(f"/indexes/{NOBODY}/videos/{video}"), 404, "resource_not_exists")


def test_video__put_replaces_and_patch_merges(fake: Fake, api: httpx2.Client, index: str) -> None:
    """PUT leaves what the body says; PATCH adds to what is there."""
    video = new_video(fake, api, index, URL, user_metadata='{"a": 1}')
    path = f"/indexes/{index}/videos/{video}"
    assert api.get(path).json()["user_metadata"] == {"a": 1}
    assert api.patch(path, json={"user_metadata": {"b": True}}).status_code == 204
    assert api.get(path).json()["user_metadata"] == {"a": 1, "b": True}
    assert api.put(path, json={"user_metadata": {"c": "x"}}).status_code == 204
    shown = api.get(path).json()
    assert shown["user_metadata"] == {"c": "x"}


@pytest.mark.parametrize("metadata", [{"filename": "x"}, {"a": [1]}, {"a": {"b": 1}}])
def test_video__bad_metadata_changes_nothing(
    fake: Fake, api: httpx2.Client, index: str, metadata: dict[str, object]
) -> None:
    """A reserved name or a nested value is refused, and the old metadata stay."""
    video = new_video(fake, api, index, URL, user_metadata='{"a": 1}')
    path = f"/indexes/{index}/videos/{video}"
    for method in ("PUT", "PATCH"):
        response = api.request(method, path, json={"user_metadata": metadata})
        assert "user_metadata" in refused(response, 400, "parameter_invalid")
    assert api.get(path).json()["user_metadata"] == {"a": 1}


def test_video__deleted_is_gone(fake: Fake, api: httpx2.Client, index: str) -> None:
    """After delete neither detail nor list shows it, and a second delete finds nothing."""
    video = new_video(fake, api, index, URL)
    path = f"/indexes/{index}/videos/{video}"
    assert api.delete(path).status_code == 204
    refused(api.get(path), 404, "resource_not_exists")
    refused(api.delete(path), 404, "resource_not_exists")
    assert api.get(f"/indexes/{index}/videos").json()["data"] == []


@pytest.mark.parametrize("option", ["visual-text", "audio"])
def test_video__embedding_on_request(
    fake: Fake, api: httpx2.Client, index: str, option: str
) -> None:
    """Vectors cover the video in order, are of the model's length and of norm one."""
    video = new_video(fake, api, index, URL)
    path = f"/indexes/{index}/videos/{video}"
    shown = api.get(path, params={"embedding_option": option}).json()["embedding"]
    assert shown["model_name"] == "marengo3.0"
    segments = shown["video_embedding"]["segments"]
    ends = [0.0, *(each["end_offset_sec"] for each in segments)]
    assert [each["start_offset_sec"] for each in segments] == ends[:-1]
    assert ends[-1] == 30
    for each in segments:
        assert each["embedding_option"] == option
        assert len(each["float"]) == 512
        assert math.isclose(math.hypot(*each["float"]), 1, abs_tol=1e-3)


def test_video__embedding_needs_the_option_on_the_index(fake: Fake, api: httpx2.Client) -> None:
    """An option that the index's models lack is refused; so is any without Marengo."""
    visual = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    index = new_index(api, "visual", models=visual)
    video = new_video(fake, api, index, URL)
    path = f"/indexes/{index}/videos/{video}"
    refused(api.get(path, params={"embedding_option": "audio"}), 400, "parameter_invalid")
    shown = api.get(path, params={"embedding_option": "visual-text"}).json()["embedding"]
    assert len(shown["video_embedding"]["segments"][0]["float"]) == 1024


def test_video__transcription_lies_within_the_video(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """Spoken pieces are in order and within the duration."""
    video = new_video(fake, api, index, URL)
    path = f"/indexes/{index}/videos/{video}"
    pieces = api.get(path, params={"transcription": "true"}).json()["transcription"]
    times = [moment for each in pieces for moment in (each["start"], each["end"])]
    assert times == sorted(times)
    assert times[0] >= 0 and times[-1] <= 30
    assert all(each["value"] for each in pieces)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("category=x", ["a.mp4"]),
        ("needsReview=true", ["a.mp4", "b.mp4"]),
        ("rank=3", ["b.mp4"]),
        ("category=x&needsReview=false", []),
        ("duration[lt]=40", ["a.mp4"]),
        ("filename=b.mp4", ["b.mp4"]),
        ("size[gte]=1", ["a.mp4", "b.mp4"]),
        ("fps=30.0", ["a.mp4", "b.mp4"]),
        ("width[gt]=1280", []),
        ("duration=30&duration[gte]=20", ["a.mp4"]),
        ("duration=30&duration[lte]=20", []),
        ("created_at=2020-01-01&created_at[lte]=2020-01-02", []),
        ("crew=Ada", ["a.mp4"]),
        ("crew=Ad", []),
    ],
)
def test_videos__filters(
    fake: Fake, api: httpx2.Client, index: str, query: str, names: list[str]
) -> None:
    """System fields filter by value, range or both; any other key by user metadata, of which
    a list has each of its texts (as in the filter of a search)."""
    one = '{"category": "x", "needsReview": true, "crew": ["Ada", "Bo"]}'
    two = '{"rank": 3, "needsReview": true}'
    new_video(fake, api, index, "https://cdn.example/a.mp4?duration=30", user_metadata=one)
    new_video(fake, api, index, "https://cdn.example/b.mp4?duration=50", user_metadata=two)
    found = api.get(f"/indexes/{index}/videos?sort_option=asc&{query}").json()["data"]
    assert [each["system_metadata"]["filename"] for each in found] == names


def test_videos__sorted_and_paged(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Pages in either order hold each video once."""
    videos = [new_video(fake, api, index, f"https://cdn.example/{n}.mp4") for n in range(5)]
    for option, expected in (("asc", videos), ("desc", videos[::-1])):
        found = []
        for page in (1, 2, 3, 4):
            query = {"page": page, "page_limit": 2, "sort_option": option}
            found += api.get(f"/indexes/{index}/videos", params=query).json()["data"]
        assert [each["_id"] for each in found] == expected
