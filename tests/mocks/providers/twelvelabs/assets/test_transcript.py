"""Laws of what is said in an asset: when it is there, and how it is cut."""

from itertools import pairwise
from typing import Any

import httpx2
import pytest
from assets_stage import Sender, fetched, new_asset, sent
from hypothesis import given
from hypothesis import strategies as st
from media import mp4, png
from stage import NOBODY, client_of, refused

from understudy.mocks import Fake

EVERY = ("words", "sentences", "utterances")


def said(api: httpx2.Client, asset: str, query: str = "") -> dict[str, Any]:
    response = api.get(f"/assets/{asset}/transcription{query}")
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_transcription__comes_with_its_asset(fake: Fake, api: httpx2.Client) -> None:
    """Processing while the asset is, then ready; pending while an upload is not complete."""
    asset = fetched(api).json()["_id"]
    assert said(api, asset) == {"status": "processing"}
    fake.clock.advance(60)
    assert said(api, asset)["status"] == "ready"
    sender = Sender.of(fake, api, mp4(padding=1000))
    assert said(api, sender.asset) == {"status": "pending"}
    sender.report(sender.upload([1]))
    assert said(api, sender.asset) == {"status": "processing"}


def test_transcription__fails_with_its_asset(fake: Fake, api: httpx2.Client) -> None:
    """And says why."""
    asset = new_asset(fake, api, "https://m.example/understudy-fail.mp4")
    shown = said(api, asset)
    assert shown["status"] == "failed"
    assert shown["error"]["message"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"words"}),
        ("?include=words", {"words"}),
        ("?include=sentences&include=utterances", {"sentences", "utterances"}),
        ("?include=words,utterances", {"words", "utterances"}),
        ("?include=words&include=words", {"words"}),
    ],
)
def test_transcription__holds_what_was_asked_for(
    fake: Fake, api: httpx2.Client, query: str, names: set[str]
) -> None:
    """Repeated, or joined by commas; words by default."""
    shown = said(api, new_asset(fake, api), query)
    assert set(shown) == {"status", *names}
    assert all(shown[name] for name in names)


@given(seconds=st.floats(1, 600), name=st.sampled_from(["dog", "harbour-tour", "talk"]))
def test_transcription__is_the_same_words_however_cut(seconds: float, name: str) -> None:
    """In order, within the asset, and each cut says the same; a turn belongs to one speaker."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        asset = new_asset(fake, api, f"https://m.example/{name}.mp4?duration={seconds}")
        shown = said(api, asset, f"?include={','.join(EVERY)}")
        texts = {" ".join(piece["value"] for piece in shown[cut]) for cut in EVERY}
        assert len(texts) == 1
        for cut in EVERY:
            for one, other in pairwise(shown[cut]):
                assert one["start"] <= one["end"] <= other["start"] + 0.001
            assert shown[cut][-1]["end"] <= seconds + 0.001
        speakers = [turn["speaker"] for turn in shown["utterances"]]
        assert all(one != other for one, other in pairwise(speakers))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", png()), ("a.txt", b"words"), ("silent.mp4", mp4(audio=False))],
)
def test_transcription__of_what_makes_no_sound(
    fake: Fake, api: httpx2.Client, name: str, content: bytes
) -> None:
    """404: the asset is there, but nothing is heard in it."""
    asset = sent(api, content, name).json()["_id"]
    fake.clock.advance(60)
    response = api.get(f"/assets/{asset}/transcription")
    assert "no transcription" in refused(response, 404, "resource_not_exists")


def test_transcription__is_refused(api: httpx2.Client) -> None:
    """Of an unknown asset, and cut in ways that there are not."""
    refused(api.get(f"/assets/{NOBODY}/transcription"), 404, "resource_not_exists")
    refused(api.get(f"/assets/{NOBODY}/transcription?include=letters"), 400, "parameter_invalid")
