"""A video with all that is made of one, a sound, a text and an image of Imentiv."""

from collections.abc import Mapping

import httpx2
from tests.fuzz.row import KEY, Row

FILM = "https://media.example/ferry.mp4"
SONG = "https://media.example/song.mp3"
DECK = "https://media.example/deck.png"


def stock(api: httpx2.Client, root: str) -> Mapping[str, str]:
    """Everything that takes time is done; the video's jobs were asked for as well."""
    video = _made(
        api.post("v2/videos", files={"title": (None, "Ferry"), "video_url": (None, FILM)})
    )
    audio = _made(api.post("v2/audios", files={"title": (None, "Song"), "media_url": (None, SONG)}))
    text = _made(api.post("v2/texts", data={"title": "Letter", "text": "What a fine day."}))
    image = _made(api.post("v2/images", files={"title": (None, "Deck"), "image_url": (None, DECK)}))
    _advance(api, root)
    api.post("v1/videos/highlights", data={"video_id": video}).raise_for_status()
    api.post(f"v1/videos/{video}/report").raise_for_status()
    api.get(f"v2/videos/{video}/annotated_video").raise_for_status()
    api.get(f"v2/reports/pdf/{video}", params={"media_type": "video"}).raise_for_status()
    asked = {"face_id": 1, "analysis_type": "combined"}
    api.post(f"v2/videos/{video}/personality/analyze", data=asked).raise_for_status()
    _advance(api, root)
    return {
        "3b9f0c52-7d1e-4a86-9c45-1f2e8d7a6b30": video,
        "8c41d7e6-2b5f-4e19-a3d0-5c7b9e2f1a64": audio,
        "d25e9a17-6c38-4f0b-b1a7-0e9d4c8f3b52": text,
        "f7083b6d-91ca-4d2e-8e5f-7a6c1b0d9e43": image,
    }


def _made(reply: httpx2.Response) -> str:
    return str(reply.raise_for_status().json()["id"])


def _advance(api: httpx2.Client, root: str) -> None:
    advance = api.post(f"{root}/_understudy/clock/advance", json={"seconds": 3600})
    advance.raise_for_status()


ROWS = (
    Row(
        "imentiv/v1",
        "/imentiv",
        ("X-API-Key", KEY),
        stock,
        nobody="00000000-0000-4000-8000-000000000000",
        spare={"delete_audio_segment_v1_audios__audio_id___segment_index__delete": 999},
    ),
)
