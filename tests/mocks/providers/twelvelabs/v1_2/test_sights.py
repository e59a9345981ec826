"""What is said, read and seen in a video of v1.2."""

import httpx2
import pytest
from older import VIDEO, Older
from stage import refused

WHAT = {"transcription": "conversation", "text-in-video": "text_in_video", "logo": "logo"}


@pytest.mark.parametrize("what", WHAT)
def test_sights__lie_in_order_within_the_video(older: Older, what: str) -> None:
    """Each has its times; a part of the video has those that reach into it."""
    shown = older.get(f"{older.path}/{what}").json()
    assert (shown["id"], shown["index_id"]) == (older.video, older.index)
    edges = [edge for each in shown["data"] for edge in (each["start"], each["end"])]
    assert edges == sorted(edges) and edges[0] >= 0 and edges[-1] <= 60
    assert all(each["value"] for each in shown["data"])
    part = older.get(f"{older.path}/{what}", start=20, end=40).json()["data"]
    assert part == [each for each in shown["data"] if each["end"] > 20 and each["start"] < 40]
    assert older.get(f"{older.path}/{what}", start=60).json()["data"] == []
    refused(older.get(f"{older.path}/{what}", start=2, end=1), 400, "parameter_invalid")


@pytest.mark.parametrize("what", WHAT)
def test_sights__need_the_option(older: Older, what: str) -> None:
    """Where no engine was told to look, nothing is found."""
    options = [option for option in WHAT.values() if option != WHAT[what]]
    engine = {"engine_name": "marengo2.6", "engine_options": options}
    older.index = older.new_index("partial", [engine])
    older.video = older.new_video(VIDEO, older.index)
    for each in WHAT:
        assert bool(older.get(f"{older.path}/{each}").json()["data"]) == (each != what)


def test_transcription__is_what_v1_3_tells(older: Older, newer: httpx2.Client) -> None:
    """The same sentences at the same times."""
    new = newer.get(older.path, params={"transcription": "true"}).json()["transcription"]
    assert older.get(f"{older.path}/transcription").json()["data"] == new


def test_thumbnail__can_be_fetched_for_an_hour(older: Older) -> None:
    """A picture of the second that was asked for."""
    url = older.get(f"{older.path}/thumbnail", time=12.5).json()["thumbnail"]
    assert older.api.get(url).content.startswith(b"\x89PNG")
    assert url != older.get(f"{older.path}/thumbnail").json()["thumbnail"]
    assert older.get(f"{older.path}/thumbnail", time=60).status_code == 200
    refused(older.get(f"{older.path}/thumbnail", time=60.5), 400, "parameter_invalid")
    older.fake.clock.advance(3601)
    assert older.api.get(url).status_code == 403
