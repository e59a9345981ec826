"""What tests of Imentiv share: a client in process, media of each kind, and the first steps."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
from media import mp4, png, wav

from understudy.mocks import Fake

BASE = "https://api.imentiv.ai"
LONG = 30 * 24 * 3600.0
NOBODY = "00000000-0000-4000-8000-000000000000"
HOOK = "http://127.0.0.1:9/hook"

FACE = {"angry", "contempt", "disgust", "fear", "happy", "neutral", "sad", "surprise"}
VOICE = FACE - {"contempt"} | {"boredom"}
WORDS = {
    "admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion",
    "curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment",
    "excitement", "fear", "gratitude", "grief", "joy", "love", "nervousness", "neutral",
    "optimism", "pride", "realization", "relief", "remorse", "sadness", "surprise",
}  # fmt: skip
KINDS = ("videos", "audios", "texts", "images")
SINGULAR = {"videos": "video", "audios": "audio", "texts": "text", "images": "image"}
PROSE = "We did it at last.\n\nThe second half was sad, though.\n\nThank you all for coming."

Fields = Mapping[str, str]
Seen = dict[str, Any]


def client_of(fake: Fake, key: str = "imk_test") -> httpx2.Client:
    """A client in process with that API key; without one for an empty key."""
    headers = {"x-api-key": key} if key else {}
    return httpx2.Client(transport=fake.transport(), base_url=BASE, headers=headers)


class Api:
    """A client that expects what it says: `get` and the like want 200 and answer the JSON."""

    def __init__(self, fake: Fake, key: str = "imk_test") -> None:
        self.fake = fake
        self.client = client_of(fake, key)

    def call(self, method: str, path: str, status: int = 200, **more: Any) -> httpx2.Response:
        """One exchange, whose status is checked."""
        response = self.client.request(method, path, **more)
        assert response.status_code == status, (method, path, response.text[:300])
        return response

    def get(self, path: str, **query: object) -> Any:
        """The JSON of a GET."""
        return self.call("GET", path, params=query).json()

    def put(self, path: str, form: Mapping[str, object] | None = None, json: object = None) -> Any:
        """The JSON of a PUT of a form, or of JSON."""
        if json is not None:
            return self.call("PUT", path, json=json).json()
        return self.call("PUT", path, data=dict(form or {})).json()

    def post(self, path: str, form: Mapping[str, object] | None = None) -> Any:
        """The JSON of a POST of a form."""
        return self.call("POST", path, data=dict(form or {})).json()

    def delete(self, path: str, form: Mapping[str, object] | None = None) -> Any:
        """The JSON of a DELETE."""
        return self.call("DELETE", path, data=dict(form) if form else None).json()

    def refused(self, status: int, method: str, path: str, **more: Any) -> str:
        """The sentence of a refusal with that status."""
        detail = self.call(method, path, status, **more).json()["detail"]
        assert isinstance(detail, str), detail
        return detail

    def unread(self, method: str, path: str, **more: Any) -> list[Seen]:
        """The list of a 422 whose values could not be read."""
        detail = self.call(method, path, 422, **more).json()["detail"]
        assert isinstance(detail, list) and detail, detail
        for each in detail:
            assert set(each) == {"loc", "msg", "type"}
        return list(detail)

    def send(self, kind: str, **more: str) -> httpx2.Response:
        """Try an upload of that kind: a file unless an address is named."""
        fields = {"title": "A day at the sea", **more}
        if kind == "texts":
            return self.client.post("/v2/texts", data={"text": PROSE, **fields})
        parts: dict[str, Any] = {name: (None, value) for name, value in fields.items()}
        if not {"video_url", "media_url", "image_url"} & set(fields):
            parts |= FILES[kind]
        return self.client.post(f"/v2/{kind}", files=parts)

    def upload(self, kind: str, **more: str) -> Seen:
        """Upload and answer what was said."""
        response = self.send(kind, **more)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def made(self, kind: str, **more: str) -> str:
        """Upload, let the analysis end, and answer the id."""
        identity = str(self.upload(kind, **more)["id"])
        self.fake.clock.advance(LONG)
        return identity

    def frames(self, video: str, **query: object) -> list[Seen]:
        """Frames of a video."""
        return list(self.get(f"/v1/videos/{video}/frames", **query)["processed_frames"])

    def faces(self, video: str) -> list[int]:
        """The ids of a video's faces."""
        return [each["face_id"] for each in self.get(f"/v1/videos/{video}")["faces"]["faces"]]

    def analytics(self, video: str, kind: str = "videos") -> Seen:
        """Everything about a video or a sound."""
        return dict(self.get(f"/v2/{kind}/{video}/multimodal-analytics"))

    def everything(self, video: str) -> list[Any]:
        """All that can be read of a completed video's faces: what a refused edit leaves alone."""
        return [
            self.get(f"/v1/videos/{video}"),
            self.frames(video),
            self.analytics(video),
            self.get(f"/v2/videos/{video}/emotions/average"),
        ]


FILES: Mapping[str, Mapping[str, Any]] = {
    "videos": {"video_file": ("sea.mp4", mp4(duration=32.0), "video/mp4")},
    "audios": {"audio_file": ("sea.wav", wav(duration=21.0), "audio/wav")},
    "images": {"image_file": ("sea.png", png(320, 180), "image/png")},
}


def is_one(scores: Mapping[str, float]) -> bool:
    """Whether shares add up to one."""
    return abs(sum(scores.values()) - 1) < 1e-6


def near(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether two sets of scores are the same."""
    return set(one) == set(other) and all(abs(one[name] - other[name]) < 1e-6 for name in one)


def mean(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of scores, emotion by emotion."""
    assert scores
    return {name: sum(each[name] for each in scores) / len(scores) for name in scores[0]}


def dominant(scores: Mapping[str, float]) -> set[str]:
    """The strongest emotions: several when they tie."""
    top = max(scores.values())
    return {name for name, score in scores.items() if abs(score - top) < 1e-9}


def size_of(png_bytes: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert png_bytes.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png_bytes[16:24])
    return width, height
