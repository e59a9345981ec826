"""Laws of vectors for text, images and sounds."""

import math
from typing import Any

import httpx2
import pytest
from media import jpeg, mp4, png, wav
from stage import client_of, new_index, new_video, refused

from understudy.mocks import Fake

MODELS = {"Marengo-retrieval-2.7": 1024, "marengo3.0": 512}
NEW = "marengo3.0"
MARENGO = [{"model_name": NEW, "model_options": ["visual", "audio"]}]


def ask(
    api: httpx2.Client, model: str = NEW, files: dict[str, bytes] | None = None, **fields: str
) -> httpx2.Response:
    """Ask for vectors."""
    parts: dict[str, tuple[str | None, bytes | str]] = {"model_name": (None, model)}
    parts |= {name: (None, value) for name, value in fields.items()}
    parts |= {name: (f"{name}.bin", content) for name, content in (files or {}).items()}
    return api.post("/embed", files=parts)


def made(
    api: httpx2.Client, model: str = NEW, files: dict[str, bytes] | None = None, **fields: str
) -> dict[str, Any]:
    """The body of a reply that succeeds."""
    response = ask(api, model, files, **fields)
    assert response.status_code == 200, response.text
    return dict(response.json())


def vector(part: dict[str, Any]) -> list[float]:
    """The first vector of a part."""
    return list(part["segments"][0]["float"])


def text(api: httpx2.Client, words: str, model: str = NEW, **fields: str) -> list[float]:
    """The vector of a text."""
    return vector(made(api, model, text=words, **fields)["text_embedding"])


def cosine(one: list[float], other: list[float]) -> float:
    """How near two unit vectors are."""
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(("model", "length"), MODELS.items())
def test_embed__lengths_by_model(api: httpx2.Client, model: str, length: int) -> None:
    """Every kind of vector has the model's length and norm 1."""
    files = {"image_file": png(), "audio_file": wav(12)}
    body = made(api, model, files, text="a ferry")
    assert body["model_name"] == model
    for kind in ("text_embedding", "image_embedding", "audio_embedding"):
        for segment in body[kind]["segments"]:
            assert len(segment["float"]) == length
            assert math.isclose(math.hypot(*segment["float"]), 1.0, rel_tol=1e-6)


@pytest.mark.parametrize("model", ["", "marengo2.7", "Marengo-retrieval-2.6", "clip", "x" * 5000])
def test_embed__other_models_are_refused(api: httpx2.Client, model: str) -> None:
    """A model that is not there is a bad parameter."""
    assert "model_name" in refused(ask(api, model, text="a"), 400, "parameter_invalid")


def test_embed__only_what_was_sent(api: httpx2.Client) -> None:
    """The reply has the kinds that came and no other."""
    assert set(made(api, text="a")) == {"model_name", "text_embedding"}
    assert set(made(api, files={"image_file": jpeg()})) == {"model_name", "image_embedding"}
    url = "https://x.example/horn.mp3"
    assert set(made(api, audio_url=url, text="a")) == {
        "model_name",
        "text_embedding",
        "audio_embedding",
    }


def test_embed__equal_texts_have_equal_vectors(fake: Fake, api: httpx2.Client) -> None:
    """For ever and for everybody; another text has another vector."""
    first = text(api, "A ferry leaves")
    fake.clock.advance(1e6)
    assert text(api, "A ferry leaves") == first
    assert text(api, "A car arrives") != first
    with client_of(fake, "tlk_other") as other:
        assert text(other, "A ferry leaves") == first


def test_embed__text_and_video_share_a_space(fake: Fake, api: httpx2.Client) -> None:
    """A text lies nearer to the video that it names than to another, clip by clip."""
    index = new_index(api, "films", models=MARENGO)
    paths = [
        f"/indexes/{index}/videos/{new_video(fake, api, index, f'https://x.example/{name}.mp4')}"
        for name in ("red-fox", "old-ferry")
    ]
    fox, ferry = (
        vector(
            api.get(f"{path}?embedding_option=visual-text").json()["embedding"]["video_embedding"]
        )
        for path in paths
    )
    asked = text(api, "a red fox")
    assert cosine(asked, fox) > cosine(asked, ferry) + 0.3
    image = made(api, image_url="https://x.example/ferry.jpg")["image_embedding"]
    assert cosine(vector(image), ferry) > cosine(vector(image), fox) + 0.3


@pytest.mark.parametrize(("model", "most"), [("Marengo-retrieval-2.7", 77), (NEW, 500)])
def test_embed__long_texts_are_cut(api: httpx2.Client, model: str, most: int) -> None:
    """The end goes unless the start shall; with none a long text is refused."""
    words = [f"w{number}" for number in range(most + 20)]
    long = " ".join(words)
    start, end = " ".join(words[:most]), " ".join(words[-most:])
    assert text(api, long, model) == text(api, start, model)
    assert text(api, long, model, text_truncate="end") == text(api, start, model)
    assert text(api, long, model, text_truncate="start") == text(api, end, model)
    response = ask(api, model, text=long, text_truncate="none")
    assert "text" in refused(response, 400, "parameter_invalid")
    assert text(api, start, model, text_truncate="none") == text(api, start, model)


@pytest.mark.parametrize(
    ("seconds", "offset", "starts"),
    [
        (3, "", [0]),
        (10, "", [0]),
        (11, "", [0]),
        (12.5, "", [0, 10]),
        (35, "", [0, 10, 20, 30]),
        (35, "2.5", [2.5, 12.5, 22.5, 32.5]),
        (35, "34", [34]),
    ],
)
def test_embed__sound_in_pieces_of_ten_seconds(
    api: httpx2.Client, seconds: float, offset: str, starts: list[float]
) -> None:
    """Pieces begin at the offset; a rest under two seconds is left out, unless it is all."""
    fields = {"audio_start_offset_sec": offset} if offset else {}
    body = made(api, files={"audio_file": wav(seconds)}, **fields)["audio_embedding"]
    assert [segment["start_offset_sec"] for segment in body["segments"]] == starts
    assert body["metadata"] == {"input_filename": "audio_file.bin"}
    url = f"https://x.example/horn.mp3?duration={seconds}"
    body = made(api, audio_url=url, **fields)["audio_embedding"]
    assert [segment["start_offset_sec"] for segment in body["segments"]] == starts
    assert body["metadata"] == {"input_url": url}


def test_embed__address_beats_file(api: httpx2.Client) -> None:
    """Of both, the file is not even looked at."""
    urls = {"image_url": "https://x.example/a.png", "audio_url": "https://x.example/a.wav"}
    alone = made(api, **urls)
    assert made(api, files={"image_file": b"", "audio_file": b"x"}, **urls) == alone


@pytest.mark.parametrize(
    ("field", "url"),
    [
        ("image_url", "https://x.example/understudy-fail.png"),
        ("image_url", "https://x.example/a.mp4"),
        ("image_url", "https://x.example/a.gif"),
        ("audio_url", "https://x.example/understudy-fail.mp3"),
        ("audio_url", "https://x.example/a.mp4"),
    ],
)
def test_embed__what_cannot_be_fetched_fails_in_its_own_part(
    api: httpx2.Client, field: str, url: str
) -> None:
    """The other parts are made all the same."""
    body = made(api, text="a ferry", **{field: url})
    assert vector(body["text_embedding"]) == text(api, "a ferry")
    part = body[field.replace("url", "embedding")]
    assert url in part["error_message"]
    assert "segments" not in part
    assert part["metadata"] == {"input_url": url}


@pytest.mark.parametrize(
    ("fields", "code", "name"),
    [
        ({}, "parameter_not_provided", "text"),
        ({"text": ""}, "parameter_invalid", "text"),
        ({"text": "a", "text_truncate": "middle"}, "parameter_invalid", "text_truncate"),
        ({"image_url": "no address"}, "parameter_invalid", "image_url"),
        ({"image_url": "ftp://x.example/a.png"}, "parameter_invalid", "image_url"),
        ({"image_url": "file:///etc/passwd"}, "parameter_invalid", "image_url"),
        ({"audio_url": "ftp://x.example/a.mp3"}, "parameter_invalid", "audio_url"),
        (
            {"audio_url": "https://x.example/a.mp3", "audio_start_offset_sec": "-1"},
            "parameter_invalid",
            "audio_start_offset_sec",
        ),
        (
            {"audio_url": "https://x.example/a.mp3", "audio_start_offset_sec": "60"},
            "parameter_invalid",
            "audio_start_offset_sec",
        ),
        (
            {"audio_url": "https://x.example/a.mp3", "audio_start_offset_sec": "9" * 400},
            "parameter_invalid",
            "audio_start_offset_sec",
        ),
        (
            {"audio_url": "https://x.example/a.mp3", "audio_start_offset_sec": "soon"},
            "parameter_invalid",
            "audio_start_offset_sec",
        ),
        ({"audio_url": "https://x.example/a.mp3?duration=7201"}, "parameter_invalid", "audio"),
    ],
)
def test_embed__bad_fields_are_named(
    api: httpx2.Client, fields: dict[str, str], code: str, name: str
) -> None:
    """Each wrong field is refused by name."""
    assert name in refused(ask(api, **fields), 400, code)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("image_file", b""),
        ("image_file", b"no image"),
        ("image_file", wav()),
        ("image_file", png(20, 20)),
        ("audio_file", b""),
        ("audio_file", b"no sound"),
        ("audio_file", png()),
        ("audio_file", mp4(5)),
    ],
)
def test_embed__unfit_files_are_named(api: httpx2.Client, name: str, content: bytes) -> None:
    """A file of the wrong kind, or outside the limits, is refused."""
    assert name in refused(ask(api, files={name: content}), 400, "parameter_invalid")


def test_embed__old_sdk_sends_the_text_twice(api: httpx2.Client) -> None:
    """SDK 0.4 sends `text` as a field and again as a file part: the field counts."""
    parts = [
        ("model_name", (None, NEW)),
        ("text", (None, "a ferry")),
        ("text", ("upload", b"a ferry", "application/octet-stream")),
    ]
    response = api.post("/embed", files=parts)
    assert response.status_code == 200, response.text
    assert vector(response.json()["text_embedding"]) == text(api, "a ferry")


def test_embed__model_is_required(api: httpx2.Client) -> None:
    """A missing model is named."""
    response = api.post("/embed", files={"text": (None, "a")})
    assert "model_name" in refused(response, 400, "parameter_not_provided")


def test_embed__every_other_refusal(fake: Fake, api: httpx2.Client) -> None:
    """Wrong method, wrong media type and a wrong key are refused in the envelope."""
    refused(api.get("/embed"), 405, "method_not_allowed")
    refused(api.post("/embed", json={"model_name": NEW}), 415, "unsupported_media_type")
    with client_of(fake, "invalid-key") as stranger:
        refused(ask(stranger, text="a"), 401, "api_key_invalid")
