"""What tests of embed v2 share: bodies of requests, and looks at what comes back."""

import base64
import math
from typing import Any

import httpx2

FILM = "https://media.example/harbour/ferry.mp4?duration=31"
HORN = "https://media.example/harbour/horn.mp3?duration=20"
PICTURE = "https://media.example/harbour/ferry.png"
TASKS = "/embed-v2/tasks"

Piece = dict[str, Any]


def asked(kind: str, model: str = "marengo3.0", **said: Any) -> dict[str, Any]:
    """A request for vectors of one kind of input."""
    return {"input_type": kind, "model_name": model, kind: said}


def at(url: str) -> dict[str, str]:
    """A medium at an address."""
    return {"url": url}


def inline(content: bytes) -> dict[str, str]:
    """A medium whose bytes come along."""
    return {"base64_string": base64.b64encode(content).decode()}


def many(*sources: dict[str, str], words: str = "", **more: Any) -> dict[str, Any]:
    """A request for one vector of words and media."""
    said: dict[str, Any] = {"input_text": words} if words else {}
    if sources:
        said["media_sources"] = list(sources)
    return {**asked("multi_input", more.pop("model", "marengo3.5"), **said), **more}


def source(kind: str, medium: dict[str, str], name: str = "") -> dict[str, str]:
    """One of several media."""
    return {"media_type": kind, **medium, **({"name": name} if name else {})}


def embedded(api: httpx2.Client, body: dict[str, Any]) -> dict[str, Any]:
    """The reply to a request that succeeds."""
    response = api.post("/embed-v2", json=body)
    assert response.status_code == 200, response.text
    return dict(response.json())


def refused(response: httpx2.Response, status: int = 400, code: str = "parameter_invalid") -> str:
    """Check that the refusal is nested, and answer its message."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error"}
    assert body["error"]["code"] == code, body
    return str(body["error"]["message"])


def places(pieces: list[Piece]) -> list[tuple[Any, ...]]:
    """Option, scope, start and end of each."""
    names = ("embedding_option", "embedding_scope", "start_sec", "end_sec")
    return [tuple(piece[name] for name in names) for piece in pieces]


def norm(vector: list[float]) -> float:
    """How long a vector is."""
    return math.sqrt(sum(value * value for value in vector))


def cosine(one: list[float], other: list[float]) -> float:
    """How near two unit vectors are."""
    return sum(a * b for a, b in zip(one, other, strict=True))
