"""Transcriptions and summaries: time-coded within the video, and the same each time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media import mp4
from memories_stage import LONG, NOBODY, Api, good, refused

from understudy.mocks import Fake
from understudy.mocks.generate.medium import medium_of_url
from understudy.mocks.providers.memories.moments import lasting, moments

NAMES = ("get_video_transcription", "get_audio_transcription", "generate_summary")


def read(api: Api, name: str, video: str, **more: object) -> object:
    asked = {"type": "TOPIC"} if name == "generate_summary" else {}
    return good(api.get(name, video_no=video, **{**asked, **more}))


@pytest.mark.parametrize("name", NAMES[:2])
def test_transcription__covers_the_video(api: Api, video: str, name: str) -> None:
    """From second 0 to the last, index a number, times text, without a gap."""
    told = read(api, name, video)
    assert isinstance(told, dict) and told["videoNo"] == video
    pieces = told["transcriptions"]
    assert [each["index"] for each in pieces] == list(range(len(pieces)))
    edges = [each["startTime"] for each in pieces] + [pieces[-1]["endTime"]]
    assert edges == [pieces[0]["startTime"], *(each["endTime"] for each in pieces)]
    assert (edges[0], edges[-1]) == ("0", "30")
    assert all("fox" in each["content"].lower() for each in pieces)


def test_audio__begins_with_a_space(api: Api, video: str) -> None:
    """As in the vendor's examples."""
    told = read(api, "get_audio_transcription", video)
    assert isinstance(told, dict)
    assert all(each["content"].startswith(" ") for each in told["transcriptions"])


def test_audio__of_a_silent_video_is_null(fake: Fake, api: Api) -> None:
    """A success whose data is a real null, as recorded."""
    files = {"file": ("silent.mp4", mp4(20.0, audio=False))}
    number = good(api.post("upload", files=files))["videoNo"]
    fake.clock.advance(LONG)
    assert read(api, "get_audio_transcription", number) is None
    assert read(api, "get_video_transcription", number)


@pytest.mark.parametrize("kind", ["TOPIC", "CHAPTER"])
def test_summary__has_parts_that_begin_in_order(api: Api, video: str, kind: str) -> None:
    """A paragraph; points with bullets, one a line; different titles; text seconds."""
    told = read(api, "generate_summary", video, type=kind)
    assert isinstance(told, dict) and "fox" in told["summary"].lower()
    parts = told["items"]
    starts = [int(each["start"]) for each in parts]
    assert starts == sorted(set(starts)) and starts[0] == 0 and starts[-1] < 30
    assert len({each["title"] for each in parts}) == len(parts)
    for each in parts:
        assert all(line.startswith("\N{BULLET} ") for line in each["description"].split("\n"))


@pytest.mark.parametrize("name", NAMES)
def test_text__is_the_same_each_time(api: Api, video: str, name: str) -> None:
    """Two reads, and another fake with the same seed, say the same."""
    told = read(api, name, video)
    assert read(api, name, video) == told
    with Fake("memories", time="manual") as again:
        other = Api(again)
        number = other.upload()
        again.clock.advance(LONG)
        assert number == video
        assert read(other, name, number) == told


@pytest.mark.parametrize("name", NAMES)
def test_text__needs_a_parsed_video(fake: Fake, api: Api, name: str) -> None:
    """Unknown is 0001; waiting or failed is refused as documented."""
    asked = {"type": "TOPIC"} if name == "generate_summary" else {}
    assert "not found" in refused(api.get(name, video_no=NOBODY, **asked), "0001")
    number = api.upload("https://x.example/understudy-fail.mp4")
    message = refused(api.get(name, video_no=number, **asked), "0003")
    assert message.startswith("Video is not parsed:")
    fake.clock.advance(LONG)
    assert "FAIL" in refused(api.get(name, video_no=number, **asked), "0003")
    refused(api.get(name, **asked), "0001")


def test_summary__needs_its_type(api: Api, video: str) -> None:
    """TOPIC or CHAPTER."""
    refused(api.get("generate_summary", video_no=video), "0001")
    refused(api.get("generate_summary", video_no=video, type="topic"), "0001")


@given(seconds=st.floats(0.01, 1e7), mean=st.floats(1, 100))
@settings(deadline=None)
def test_moments__cover_any_length(seconds: float, mean: float) -> None:
    """Whole seconds without gaps, from 0 to the length, at least one."""
    medium = medium_of_url(f"https://x.example/a.mp4?duration={seconds}")
    found = moments(medium, "any", mean=mean)
    assert found[0][0] == 0 and found[-1][1] == lasting(medium)
    assert all(start < end for start, end in found)
    assert all(one[1] == two[0] for one, two in pairwise(found))
