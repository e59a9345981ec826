"""Search: by words, in the shape that each kind of search has, the best first."""

import pytest
from media import mp4, png
from memories_stage import LONG, NOBODY, Api, good, refused

from understudy.mocks import Fake

KINDS = ("BY_VIDEO", "BY_AUDIO", "BY_CLIP")


@pytest.fixture
def films(fake: Fake, api: Api) -> dict[str, str]:
    """Three videos with different names."""
    names = ("red_fox", "harbour_ferry", "snow_mountain")
    found = {name: api.upload(f"https://x.example/{name}.mp4?duration=40") for name in names}
    fake.clock.advance(LONG)
    return found


def find(api: Api, words: str, kind: str, **more: object) -> list[dict[str, object]]:
    asked = {"search_param": words, "search_type": kind, **more}
    return list(good(api.post("search", asked)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["red_fox", "harbour_ferry", "snow_mountain"])
def test_search__finds_what_is_named(api: Api, films: dict[str, str], kind: str, name: str) -> None:
    """A question with the words of a name has that video first."""
    first = find(api, f"where is the {name.replace('_', ' ')}?", kind)[0]
    assert (first["videoNo"], first["videoName"]) == (films[name], name)


def test_by_video__of_the_older_family_has_whole_videos(fake: Fake, films: dict[str, str]) -> None:
    """Each video once, unrelated ones too, without score, and times that are the text null."""
    hits = find(Api(fake, family="video"), "a fox", "BY_VIDEO")
    assert {each["videoNo"] for each in hits} == set(films.values())
    assert len(hits) == 3
    for each in hits:
        assert set(each) == {"videoNo", "videoName", "startTime", "endTime"}
        assert each["startTime"] == each["endTime"] == "null"


@pytest.mark.parametrize("kind", KINDS)
def test_moments__lie_within_and_are_scored(fake: Fake, films: dict[str, str], kind: str) -> None:
    """Times as text within the duration; scores from 0 to 1, falling."""
    hits = find(Api(fake, family="v1"), "a fox", kind)
    scores = [float(str(each["score"])) for each in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    for each in hits:
        start, end = int(str(each["startTime"])), int(str(each["endTime"]))
        assert 0 <= start < end <= 40


def test_search__narrows(api: Api, films: dict[str, str]) -> None:
    """By level, number of hits, videos, tag, folder and scope."""
    fox = films["red_fox"]
    near = find(api, "red fox", "BY_CLIP", filtering_level="high")
    assert {each["videoNo"] for each in near} == {fox}
    assert len(find(api, "red fox", "BY_CLIP", top_k=2)) == 2
    boat = films["harbour_ferry"]
    among = find(api, "fox", "BY_AUDIO", video_nos=[boat, NOBODY])
    assert {each["videoNo"] for each in among} == {boat}
    for more in ({"tag": "none"}, {"folder_id": -2}, {"unique_id": "guest"}):
        assert find(api, "fox", "BY_CLIP", **more) == []
    assert find(api, "fox", "BY_CLIP", tag="api", folder_id="-1", unique_id="default")
    refused(api.post("search", {"search_param": "fox", "folder_id": 3}), "0001")


def test_search__leaves_out_what_is_not_parsed(fake: Fake, api: Api) -> None:
    """Neither waiting nor failed videos are found."""
    api.upload()
    api.upload("https://x.example/understudy-fail.mp4")
    assert find(api, "fox", "BY_CLIP") == []
    fake.clock.advance(LONG)
    assert {each["videoName"] for each in find(api, "fox", "BY_VIDEO")} == {"Red_fox"}


def test_by_audio__needs_sound(fake: Fake, api: Api) -> None:
    """A silent video is found by what is seen only."""
    api.post("upload", files={"file": ("silent.mp4", mp4(20.0, audio=False))})
    fake.clock.advance(LONG)
    assert find(api, "silent", "BY_AUDIO") == []
    assert find(api, "silent", "BY_CLIP")


@pytest.mark.parametrize("words", ["", " ", "?!", 5, None])
def test_search__needs_words(api: Api, words: object) -> None:
    """Nothing to look for is refused."""
    refused(api.post("search", {"search_param": words}), "0001")


def test_images__are_uploaded_and_found(fake: Fake, api: Api) -> None:
    """The one that is named first; where nothing was said stands a real null."""
    files = [("files", (name, png())) for name in ("fox.png", "boat.png")]
    made = good(
        api.post("upload_img", files=files, data={"camera_model": "Pocket", "latitude": "9"})
    )
    assert all(each["id"].isdigit() for each in made)
    page = good(api.post("search", {"search_param": "a boat", "search_type": "BY_IMAGE"}))
    assert (page["current_page"], page["total_count"]) == (1, "2")
    first = page["item"][0]
    assert (first["id"], first["name"]) == (made[1]["id"], "boat.png")
    assert (first["camera_model"], first["latitude"], first["longitude"]) == ("Pocket", 9, None)
    assert api.http.get(first["img_url"]).content.startswith(b"\x89PNG")


def test_images__all_or_none(api: Api) -> None:
    """One file that is no image, and none is stored."""
    files = [("files", ("fox.png", png())), ("files", ("boat.png", b"x"))]
    assert "boat.png" in refused(api.post("upload_img", files=files), "0001")
    page = good(api.post("search", {"search_param": "fox", "search_type": "BY_IMAGE"}))
    assert page["item"] == []
