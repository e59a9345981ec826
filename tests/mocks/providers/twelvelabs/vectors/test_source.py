"""Media by address, as base64 and by asset: exactly one, really read, within the limits."""

import base64
from typing import Any

import httpx2
import pytest
from embed_stage import HORN, PICTURE, asked, at, embedded, inline, refused
from media import mp4, png, wav
from stage import LONG, NOBODY

from understudy.mocks import Fake


def image(medium: dict[str, Any]) -> dict[str, Any]:
    """A request for the vector of an image."""
    return asked("image", media_source=medium)


def new_asset(fake: Fake, api: httpx2.Client, url: str, *, ready: bool = True) -> str:
    """The id of an asset made from an address."""
    files = {"method": (None, "url"), "url": (None, url)}
    made = api.post("/assets", files=files)
    assert made.status_code == 201, made.text
    if ready:
        fake.clock.advance(LONG)
    return str(made.json()["_id"])


@pytest.mark.parametrize(
    "medium",
    [{}, {"url": PICTURE, "asset_id": NOBODY}, {"url": PICTURE, **inline(png())}],
    ids=["none", "url and asset", "url and base64"],
)
def test_source__exactly_one(api: httpx2.Client, medium: dict[str, str]) -> None:
    """Neither none nor two of url, base64_string and asset_id."""
    response = api.post("/embed-v2", json=image(medium))
    assert response.status_code == 400
    assert set(response.json()) == {"error"}


def test_base64__is_really_decoded(api: httpx2.Client) -> None:
    """The container decides what came: the same bytes, the same vector; a WAV is no image."""
    one, two = (embedded(api, image(inline(png(*size)))) for size in ((64, 64), (80, 64)))
    again = embedded(api, image(inline(png(64, 64))))
    assert one == again
    assert one["data"][0]["embedding"] != two["data"][0]["embedding"]
    assert "kind audio" in refused(api.post("/embed-v2", json=image(inline(wav()))))


@pytest.mark.parametrize("text", ["%%%", "a", "ab=c", "aGVsbG8", "data:image/png;base64,aGk="])
def test_base64__broken_text(api: httpx2.Client, text: str) -> None:
    """What is no base64 is told so, with the field."""
    message = refused(api.post("/embed-v2", json=image({"base64_string": text})))
    assert "image.media_source.base64_string" in message


def test_base64__tells_length(api: httpx2.Client) -> None:
    """A recording lasts as long as its own header says."""
    body = asked("audio", media_source=inline(wav(7.5)), embedding_option=["audio"])
    answer = embedded(api, body)
    assert answer["metadata"]["duration"] == pytest.approx(7.5)
    assert answer["data"][-1]["end_sec"] == pytest.approx(7.5)
    assert set(answer["metadata"]) & {"input_url", "input_filename"} == set()


@pytest.mark.parametrize(
    ("kind", "head", "most"),
    [("image", png(), 32), ("audio", wav(), 36), ("video", mp4(), 36)],
)
def test_base64__too_large_is_nested_413(
    api: httpx2.Client, kind: str, head: bytes, most: int
) -> None:
    """Trap: 413 has a nested body; the limit is of the decoded bytes."""
    size = most * 1024**2
    padded = head + bytes(size + 1 - len(head))
    message = refused(
        api.post("/embed-v2", json=asked(kind, media_source=inline(padded))),
        413,
        "request_too_large",
    )
    assert str(size) in message


def test_url__of_another_kind(api: httpx2.Client) -> None:
    """An address whose extension promises something else; without one the request decides."""
    assert "kind audio" in refused(api.post("/embed-v2", json=image(at(HORN))))
    embedded(api, image(at("https://media.example/latest")))


def test_url__that_cannot_be_fetched(api: httpx2.Client) -> None:
    """The magic word makes a fetch fail."""
    url = "https://media.example/understudy-fail.png"
    assert "could not be fetched" in refused(api.post("/embed-v2", json=image(at(url))))


def test_asset__ready_and_of_the_kind(fake: Fake, api: httpx2.Client) -> None:
    """An asset is the file that it was made of; its name is told."""
    asset = new_asset(fake, api, PICTURE)
    answer = embedded(api, image({"asset_id": asset}))
    assert answer["metadata"] == {"input_type": "image", "input_filename": "ferry.png"}
    same = embedded(api, image(at(PICTURE)))
    assert answer["data"] == same["data"]


def test_asset__not_usable(fake: Fake, api: httpx2.Client) -> None:
    """Unknown, not ready or of another kind: all 400 here, where no 404 is documented."""
    message = refused(
        api.post("/embed-v2", json=image({"asset_id": NOBODY})), 400, "resource_not_exists"
    )
    assert NOBODY in message
    early = new_asset(fake, api, PICTURE, ready=False)
    assert "processing" in refused(api.post("/embed-v2", json=image({"asset_id": early})))
    sound = new_asset(fake, api, HORN)
    assert "audio" in refused(api.post("/embed-v2", json=image({"asset_id": sound})))


def test_base64__padding_is_no_size(api: httpx2.Client) -> None:
    """Text of any length modulo four is measured by what it decodes to."""
    for extra in range(3):
        content = png() + bytes(extra)
        assert base64.b64decode(inline(content)["base64_string"]) == content
        embedded(api, image(inline(content)))
