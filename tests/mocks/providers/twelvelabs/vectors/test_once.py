"""Laws of vectors made at once: one space, unit length, pieces that cover, rules of the models."""

from itertools import pairwise
from typing import Any

import httpx2
import pytest
from embed_stage import (
    FILM,
    HORN,
    PICTURE,
    asked,
    at,
    cosine,
    embedded,
    inline,
    norm,
    places,
    refused,
)
from hypothesis import given
from hypothesis import strategies as st
from media import mp4
from stage import client_of

from understudy.mocks import Fake

FUSED = ["separate_embedding", "fused_embedding"]
EVERY = {
    "text": asked("text", input_text="a ferry"),
    "image": asked("image", media_source=at(PICTURE)),
    "text_image": asked("text_image", media_source=at(PICTURE), input_text="at night"),
    "audio": asked("audio", media_source=at(HORN)),
    "video": asked("video", media_source=at(FILM)),
}


def fixed(seconds: int) -> dict[str, Any]:
    """Pieces of one length."""
    return {"strategy": "fixed", "fixed": {"duration_sec": seconds}}


def dynamic(seconds: int) -> dict[str, Any]:
    """Pieces that follow the scenes."""
    return {"strategy": "dynamic", "dynamic": {"min_duration_sec": seconds}}


@pytest.mark.parametrize("kind", EVERY)
def test_vectors__512_numbers_of_norm_1(api: httpx2.Client, kind: str) -> None:
    """Every vector of marengo3.0; the older model tells nothing of tokens."""
    answer = embedded(api, EVERY[kind])
    assert answer["data"]
    for piece in answer["data"]:
        assert len(piece["embedding"]) == 512
        assert norm(piece["embedding"]) == pytest.approx(1)
    assert "usage" not in answer
    assert answer.get("metadata", {"input_type": "text"})["input_type"] == kind


def test_vectors__one_space(api: httpx2.Client) -> None:
    """Words lie nearer to a medium that is named by them than to another."""
    words = embedded(api, asked("text", input_text="a ferry in the harbour"))["data"][0]
    ferry = embedded(api, EVERY["image"])["data"][0]
    url = "https://media.example/alps/goat.png"
    goat = embedded(api, asked("image", media_source=at(url)))["data"][0]
    near = cosine(words["embedding"], ferry["embedding"])
    assert near > cosine(words["embedding"], goat["embedding"]) + 0.2


def test_vectors__same_as_the_older_call(api: httpx2.Client) -> None:
    """/embed and /embed-v2 with one model make the same vector of the same words."""
    files = {"model_name": (None, "marengo3.0"), "text": (None, "a ferry")}
    older = api.post("/embed", files=files).json()["text_embedding"]["segments"][0]["float"]
    assert embedded(api, EVERY["text"])["data"][0]["embedding"] == older


def test_text__has_neither_option_nor_time(api: httpx2.Client) -> None:
    """Trap: what is no part of a recording has null in four fields, not their absence."""
    for kind in ("text", "image", "text_image"):
        (piece,) = embedded(api, EVERY[kind])["data"]
        assert places([piece]) == [(None, None, None, None)]


def test_video__defaults(api: httpx2.Client) -> None:
    """Three options, both scopes, scenes of four seconds at least, nothing fused."""
    answer = embedded(api, EVERY["video"])
    found = places(answer["data"])
    assert {option for option, *_ in found} == {"visual", "audio", "transcription"}
    assert {scope for _, scope, *_ in found} == {"clip", "asset"}
    assert ("visual", "asset", 0, 31) in found
    assert all(end - start >= 4 for _, scope, start, end in found if scope == "clip")
    assert answer["metadata"] == {
        "input_type": "video",
        "input_url": FILM,
        "embedding_options": ["visual", "audio", "transcription"],
        "embedding_scopes": ["clip", "asset"],
        "duration": 31,
        "start_offset_sec": 0,
        "end_offset_sec": 31,
    }


def test_audio__defaults(api: httpx2.Client) -> None:
    """Sound and speech, both scopes, pieces of six seconds."""
    found = places(embedded(api, EVERY["audio"])["data"])
    pieces = [(0, 6), (6, 12), (12, 18), (18, 20), (0, 20)]
    assert [each[2:] for each in found if each[0] == "audio"] == pieces
    assert [each[2:] for each in found if each[0] == "transcription"] == pieces


def test_fixed__last_piece_is_kept(api: httpx2.Client) -> None:
    """Trap: 31 s by 6 are six pieces here, where /embed/tasks drops the last second."""
    body = asked(
        "video",
        media_source=at(FILM),
        segmentation=fixed(6),
        embedding_option=["visual"],
        embedding_scope=["clip"],
    )
    answer = embedded(api, body)
    assert places(answer["data"])[-1] == ("visual", "clip", 30, 31)
    assert len(answer["data"]) == 6
    assert answer["metadata"]["clip_length"] == 6


@given(
    duration=st.floats(4, 600),
    start=st.floats(0, 0.6),
    share=st.floats(0.05, 0.4),
    seconds=st.integers(2, 10),
    scenes=st.booleans(),
)
def test_pieces__cover_the_window(
    duration: float, start: float, share: float, seconds: int, scenes: bool
) -> None:
    """They follow each other from start to end, and none of the scenes is too short."""
    begin, end = duration * start, duration * (start + share)
    least = min(seconds, 5)
    body = asked(
        "video",
        media_source=at(f"https://media.example/a.mp4?duration={duration!r}"),
        start_sec=begin,
        end_sec=end,
        segmentation=dynamic(least) if scenes else fixed(seconds),
        embedding_option=["visual"],
        embedding_scope=["clip"],
    )
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_test") as api:
        spans = [each[2:] for each in places(embedded(api, body)["data"])]
    assert spans[0][0] == pytest.approx(begin, abs=0.001)
    assert spans[-1][1] == pytest.approx(end, abs=0.001)
    for before, after in pairwise(spans):
        assert before[1] == after[0]
    for since, until in spans:
        assert since < until
        if scenes and len(spans) > 1:
            assert until - since >= least - 0.001
        if not scenes:
            assert until - since <= seconds + 0.001


def test_fused__beside_or_instead(api: httpx2.Client) -> None:
    """One vector for all options, last, of norm 1, near each of them."""
    said: dict[str, Any] = {
        "media_source": at(FILM),
        "embedding_option": ["visual", "audio"],
        "embedding_scope": ["asset"],
    }
    both = embedded(api, asked("video", **said, embedding_type=FUSED))["data"]
    options = [piece["embedding_option"] for piece in both]
    assert options == ["visual", "audio", "fused"]
    assert norm(both[2]["embedding"]) == pytest.approx(1)
    assert cosine(both[0]["embedding"], both[2]["embedding"]) > 0.8
    alone = embedded(api, asked("video", **said, embedding_type=["fused_embedding"]))["data"]
    assert alone == [both[2]]


def test_fused__needs_two_options(api: httpx2.Client) -> None:
    """Trap: one option cannot be fused."""
    body = asked(
        "audio",
        media_source=at(HORN),
        embedding_option=["audio"],
        embedding_type=["fused_embedding"],
    )
    assert "two" in refused(api.post("/embed-v2", json=body))


def test_silent_video__has_pictures_only(api: httpx2.Client) -> None:
    """A video without a sound track makes no vectors of sound or speech."""
    film = inline(mp4(8, audio=False))
    found = places(embedded(api, asked("video", media_source=film))["data"])
    assert {option for option, *_ in found} == {"visual"}


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [(5, 5, "start_sec"), (9, 3, "start_sec"), (0, 31.5, "lasts 31 s"), (31, None, "start_sec")],
)
def test_window__must_fit(api: httpx2.Client, start: float, end: float | None, told: str) -> None:
    """The end follows the beginning, and both are within the recording."""
    body = asked("video", media_source=at(FILM), start_sec=start)
    if end is not None:
        body["video"]["end_sec"] = end
    assert told in refused(api.post("/embed-v2", json=body))


def test_window__of_a_medium_that_nobody_measured(api: httpx2.Client) -> None:
    """Where nothing tells the length, the request is believed."""
    url = "https://media.example/ferry.mp4"
    body = asked("video", media_source=at(url), start_sec=0, end_sec=300)
    assert embedded(api, body)["metadata"]["duration"] == 300


def test_recording__longer_than_ten_minutes(api: httpx2.Client) -> None:
    """600 seconds are taken, one more is for a task."""
    for seconds, status in ((600, 200), (601, 400)):
        url = f"https://media.example/a.mp3?duration={seconds}"
        body = asked("audio", media_source=at(url), embedding_scope=["asset"])
        assert api.post("/embed-v2", json=body).status_code == status


def test_audio__scenes_are_for_videos(api: httpx2.Client) -> None:
    """marengo3.0 cuts a sound into pieces of one length only."""
    body = asked("audio", media_source=at(HORN), segmentation=dynamic(4))
    message = refused(api.post("/embed-v2", json=body), 400, "parameter_not_provided")
    assert "'fixed'" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [("embedding_dimension", 512), ("embedding_uncertainty", True), ("auto_truncate", True)],
)
def test_marengo30__grants_no_wishes(api: httpx2.Client, name: str, value: object) -> None:
    """Trap: embedding_dimension with marengo3.0 is refused, even the length that it has."""
    response = api.post("/embed-v2", json={**EVERY["text"], name: value})
    assert "marengo3.5" in refused(response)


@pytest.mark.parametrize("kind", EVERY)
def test_marengo35__takes_multi_input_only(api: httpx2.Client, kind: str) -> None:
    """Trap: each kind by itself is the older model's."""
    assert "marengo3.0" in refused(
        api.post("/embed-v2", json={**EVERY[kind], "model_name": "marengo3.5"})
    )


def test_text__of_500_tokens(api: httpx2.Client) -> None:
    """500 tokens are taken, 501 refused; words that say nothing as well."""
    embedded(api, asked("text", input_text="fox " * 500))
    message = refused(api.post("/embed-v2", json=asked("text", input_text="fox " * 501)))
    assert "500" in message
    refused(api.post("/embed-v2", json=asked("text", input_text=" ")))


def test_object__of_the_input_type_is_needed(api: httpx2.Client) -> None:
    """The object has the name that input_type says."""
    body = {**asked("text", input_text="a ferry"), "input_type": "image"}
    refused(api.post("/embed-v2", json=body), 400, "parameter_not_provided")
