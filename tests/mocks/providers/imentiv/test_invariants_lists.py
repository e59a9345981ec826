"""Invariants 43 to 50: titles, lists page by page, and what goes when a medium is deleted."""

from itertools import pairwise
from typing import Any

import pytest
from imentiv_stage import KINDS, NOBODY, Api

OFFSET = {
    "videos": "offset_video_id",
    "audios": "offset_audio_id",
    "texts": "start_after",
    "images": "start_after",
}


def ids(page: Any) -> list[str]:
    """The ids of a page."""
    return [each["id"] for each in page["documents"]]


@pytest.mark.parametrize("kind", ["videos", "audios", "images"])
def test_metadata__changes_what_is_sent(api: Api, kind: str) -> None:
    """43, 45. A title alone leaves the description, and is seen in detail, list and analytics."""
    identity = api.made(kind, description="As it was")
    assert api.put(f"/v1/{kind}/{identity}/metadata", {"title": "New"})["title"] == "New"
    assert api.put(f"/v1/{kind}/{identity}/metadata") is not None
    assert api.get(f"/v1/{kind}/{identity}")["title"] == "New"
    listed = api.get(f"/v1/{kind}")["documents"][-1]
    assert (listed["title"], listed["description"]) == ("New", "As it was")
    if kind != "images":
        told = api.analytics(identity, kind)
        assert (told["title"], told["description"]) == ("New", "As it was")
    api.put(f"/v1/{kind}/{identity}/metadata", {"description": "Other"})
    listed = api.get(f"/v1/{kind}")["documents"][-1]
    assert (listed["title"], listed["description"]) == ("New", "Other")


def test_metadata__of_a_video_has_bounds(api: Api, video: str) -> None:
    """44. 50 characters of title and 300 of description, and no more."""
    path = f"/v1/videos/{video}/metadata"
    api.put(path, {"title": "x" * 50, "description": "y" * 300})
    for form in ({"title": "z" * 51}, {"title": "ok", "description": "z" * 301}):
        api.unread("PUT", path, data=form)
    shown = api.get(f"/v1/videos/{video}")
    assert (shown["title"], shown["description"]) == ("x" * 50, "y" * 300)


def test_metadata__of_an_image_has_bounds(api: Api) -> None:
    """45. 150 and 300 characters; an empty value changes nothing."""
    image = api.upload("images", title="Harbour")["id"]
    path = f"/v1/images/{image}/metadata"
    api.unread("PUT", path, data={"title": "x" * 151})
    api.unread("PUT", path, data={"description": "x" * 301})
    api.put(path, {"title": "", "description": "Boats"})
    shown = api.get(f"/v1/images/{image}")
    assert (shown["title"], shown["description"]) == ("Harbour", "Boats")


@pytest.mark.parametrize("kind", KINDS)
def test_walk__meets_every_medium_once(api: Api, kind: str) -> None:
    """46. Forward page by page: all of them, none twice, and the count is that of all."""
    made = {api.upload(kind, title=f"No {number}")["id"] for number in range(7)}
    seen: list[str] = []
    while True:
        after = {OFFSET[kind]: seen[-1]} if seen else {}
        page = api.get(f"/v1/{kind}", page_size=3, **after)
        assert page["count"] == len(made)
        if not page["documents"]:
            break
        seen += ids(page)
    assert len(seen) == len(made) and set(seen) == made


@pytest.mark.parametrize("kind", KINDS)
def test_walk__is_not_disturbed_by_additions(api: Api, kind: str) -> None:
    """46. What is added meanwhile moves no page, in neither direction."""
    for number in range(6):
        api.upload(kind, title=f"No {number}")
    first = ids(api.get(f"/v1/{kind}", page_size=2))
    query = {"page_size": 2, OFFSET[kind]: first[-1]}
    second = ids(api.get(f"/v1/{kind}", **query))
    api.upload(kind, title="Late")
    assert ids(api.get(f"/v1/{kind}", **query)) == second
    assert not set(first) & set(second)


@pytest.mark.parametrize("kind", KINDS)
def test_backward__is_the_page_before(api: Api, kind: str) -> None:
    """47. From the first of a page backward comes the page before it."""
    for number in range(7):
        api.upload(kind, title=f"No {number}")
    pages: list[list[str]] = []
    while not pages or len(pages[-1]) == 2:
        after = {OFFSET[kind]: pages[-1][-1]} if pages else {}
        pages.append(ids(api.get(f"/v1/{kind}", page_size=2, **after)))
    for before, page in pairwise(pages):
        query = {"page_size": 2, OFFSET[kind]: page[0], "direction": "backward"}
        assert ids(api.get(f"/v1/{kind}", **query)) == before
    query = {OFFSET[kind]: pages[0][0], "direction": "backward"}
    assert ids(api.get(f"/v1/{kind}", **query)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_page__has_a_default_and_bounds(api: Api, kind: str) -> None:
    """48. Ten to a page; sizes below 1, other directions and unknown offsets are refused."""
    for number in range(12):
        api.upload(kind, title=f"No {number}")
    assert len(ids(api.get(f"/v1/{kind}"))) == 10
    assert len(ids(api.get(f"/v1/{kind}", page_size=100))) == 12
    for size in (0, -1, "x"):
        assert api.unread("GET", f"/v1/{kind}", params={"page_size": size})
    api.unread("GET", f"/v1/{kind}", params={"direction": "sideways"})
    api.refused(404, "GET", f"/v1/{kind}", params={OFFSET[kind]: NOBODY})
    other = Api(api.fake, "imk_other").upload(kind)["id"]
    api.refused(404, "GET", f"/v1/{kind}", params={OFFSET[kind]: other})


def test_deleted_video__takes_everything_with_it(api: Api, video: str) -> None:
    """49. Video, sound, text and everything below are gone, and cannot be deleted twice."""
    shown = api.get(f"/v1/videos/{video}")
    api.post(f"/v1/videos/{video}/report")
    api.post("/v1/videos/highlights", {"video_id": video})
    api.call("POST", f"/v2/video/{video}/ai-insights?stream=false", json={"message": "Who?"})
    assert api.delete(f"/v1/videos/{video}")["id"] == video
    api.refused(404, "GET", f"/v1/audios/{shown['audio_id']}")
    api.refused(404, "GET", f"/v1/texts/{shown['text_id']}")
    for path in ("", "/frames", "/frames/1", "/report", "/highlights", "/valence_arousal"):
        api.refused(404, "GET", f"/v1/videos/{video}{path}")
    api.refused(404, "GET", f"/v2/video/{video}/ai-insights")
    api.refused(404, "DELETE", f"/v1/videos/{video}")
    assert api.get("/v1/videos") == {"documents": [], "count": 0}


def test_deleted_video__leaves_others_alone(api: Api, video: str) -> None:
    """49. A second video of the same file is not touched."""
    other = api.made("videos")
    before = api.everything(other)
    api.delete(f"/v1/videos/{video}")
    assert api.everything(other) == before


@pytest.mark.parametrize("kind", ["audios", "texts", "images"])
def test_deleted_medium__is_gone(api: Api, kind: str) -> None:
    """50. A sound takes its text with it; a second deletion finds nothing."""
    identity = api.made(kind)
    words = api.analytics(identity, kind)["text_id"] if kind == "audios" else None
    api.delete(f"/v1/{kind}/{identity}")
    api.refused(404, "GET", f"/v1/{kind}/{identity}")
    api.refused(404, "DELETE", f"/v1/{kind}/{identity}")
    if words:
        api.refused(404, "GET", f"/v1/texts/{words}")
    assert api.get(f"/v1/{kind}")["count"] == 0


def test_deleted_audio__leaves_its_video_without_sound(api: Api, video: str) -> None:
    """50. The video stays, with no sound and no text in it."""
    audio = api.get(f"/v1/videos/{video}")["audio_id"]
    api.delete(f"/v1/audios/{audio}")
    shown, told = api.get(f"/v1/videos/{video}"), api.analytics(video)
    assert (shown["audio_id"], shown["text_id"]) == ("", "") == (told["audio_id"], told["text_id"])
    assert told["speaker_count"] == 0 and told["face_count"] >= 3
    assert told["emotion_analysis"]["overall"]["audio"] == {}


@pytest.mark.parametrize("kind", KINDS)
def test_deletion__of_an_unfinished_medium_ends_its_work(api: Api, kind: str) -> None:
    """What is deleted while it is analysed never calls back."""
    identity = api.upload(kind, callback_url="http://127.0.0.1:9/hook")["id"]
    api.delete(f"/v1/{kind}/{identity}")
    api.fake.clock.advance(1e6)
    assert len(api.fake.deliveries) == 0
