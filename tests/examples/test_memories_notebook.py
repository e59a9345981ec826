"""The notebook's steps run unchanged but for the base URL: on a port, and in process."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests
from live import live_server
from requests.adapters import BaseAdapter

from understudy.contracts.exchange import Headers, Request
from understudy.mocks import Fake

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def notebook() -> ModuleType:
    """The example, loaded from its file."""
    spec = importlib.util.spec_from_file_location("notebook", HERE / "memories_notebook.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Inside(BaseAdapter):
    """Carries what requests sends to a fake in this process."""

    def __init__(self, fake: Fake) -> None:
        super().__init__()
        self.fake = fake

    def send(self, request: Any, **how: Any) -> requests.Response:  # type: ignore[override]
        path, _, query = request.path_url.partition("?")
        body = request.body or b""
        sent = body.encode() if isinstance(body, str) else body
        lines = [("host", "api.memories.ai"), *request.headers.items()]
        asked = Request(request.method, path, query, Headers(lines), sent)
        told = self.fake.engine.handle(asked, wire=False)
        response = requests.Response()
        response.status_code = told.status
        response.headers.update(dict(told.headers))
        assert isinstance(told.body, bytes)
        response._content = told.body
        response.encoding = "utf-8"
        return response

    def close(self) -> None:
        """Nothing is held open."""


@pytest.fixture(params=["port", "in process"])
def steps(
    request: pytest.FixtureRequest, notebook: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, Any]]:
    """What every step answered."""
    if request.param == "port":
        with live_server("memories", "--time", "auto") as server:
            yield notebook.run(f"{server.url}/memories", "sk-notebook", pause=0.0)
        return
    with Fake("memories", time="auto") as fake:
        get_adapter = lambda self, url: Inside(fake)  # noqa: E731
        monkeypatch.setattr(requests.Session, "get_adapter", get_adapter)
        yield notebook.run("https://api.memories.ai", "sk-notebook", pause=0.0)


def test_notebook__runs_to_its_end(steps: dict[str, Any]) -> None:
    """Each step succeeds, in the shapes that the notebook prints."""
    [line] = steps["chat"]
    answers = {**steps, "chat": json.loads(line)}
    for name, answer in answers.items():
        assert (answer["code"], answer["success"], answer["failed"]) == ("0000", True, False), name
    number = steps["upload"]["data"]["videoNo"]
    assert steps["upload"]["data"]["videoName"] == "ElephantsDream"
    [video] = steps["status"]["data"]["videos"]
    assert (video["status"], video["cause"], video["video_no"]) == ("PARSE", "null", number)
    assert all(isinstance(value, str) for value in video.values())
    page = steps["list"]["data"]
    assert (page["videos"], page["page_size"], page["total_count"]) == ([video], 200, "1")
    assert steps["search"]["data"] == [
        {"videoNo": number, "videoName": "ElephantsDream", "startTime": "null", "endTime": "null"}
    ]
    assert answers["chat"]["data"]["role"] == steps["marketer"]["data"]["role"] == "ASSISTANT"
    for name in ("seen", "said"):
        first = steps[name]["data"]["transcriptions"][0]
        assert set(first) == {"index", "content", "startTime", "endTime"}
    assert set(steps["summary"]["data"]["items"][0]) == {"description", "title", "start"}
    sessions = steps["sessions"]["data"]
    assert sessions["total_count"] == "2" and sessions["page_size"] == 20
    detail = steps["session"]["data"]
    assert detail["session_id"] == sessions["sessions"][0]["sessionId"]
    assert detail["title"] == sessions["sessions"][0]["title"]
    assert [each["role"] for each in detail["messages"]] == ["user", "assistant"]
    assert steps["delete"]["data"] is None
