"""The steps of Memories.ai's public notebook, by plain requests, against whatever serves them.

`python memories_notebook.py [BASE_URL [API_KEY]]` prints what each step answered. Nothing but
the base URL tells the fake from the service.
"""

import json
import sys
import time
from typing import Any

import requests

VIDEO_URL = "http://media.example/films/ElephantsDream.mp4"


def upload(base: str, headers: dict[str, str]) -> dict[str, Any]:
    """Have a video fetched from its address."""
    data = {"url": VIDEO_URL}
    response = requests.post(f"{base}/serve/api/video/upload_url", data=data, headers=headers)
    return dict(response.json())


def status(base: str, headers: dict[str, str], video_no: str) -> dict[str, Any]:
    """Whether the video is parsed."""
    params = {"video_no": video_no}
    url = f"{base}/serve/api/video/list_videos"
    return dict(requests.post(url, headers=headers, json=params).json())


def search(base: str, headers: dict[str, str]) -> dict[str, Any]:
    """Find the video by what happens in it."""
    body = {"search_param": "Elephants dream of a vast machine", "search_type": "BY_VIDEO"}
    url = f"{base}/serve/api/video/search"
    return dict(requests.post(url, headers=headers, json=body).json())


def chat(base: str, headers: dict[str, str], video_no: str) -> list[str]:
    """Ask about the video, and print whatever lines come: one of JSON, or those of a stream."""
    payload = {
        "video_nos": [video_no],
        "prompt": "Find the highlights of this video and give timestamps",
    }
    response = requests.post(
        f"{base}/serve/api/v1/chat",
        headers={**headers, "Content-Type": "application/json"},
        data=json.dumps(payload),
        stream=False,
    )
    assert response.status_code == 200, response.text
    lines: list[str] = []
    for line in response.iter_lines(decode_unicode=True):
        if line:
            lines.append(line)
            if line.strip().lower() == 'data:"done"':
                break
    return lines


def marketer(base: str, headers: dict[str, str]) -> dict[str, Any]:
    """Ask about public videos, without an upload."""
    response = requests.post(
        f"{base}/serve/api/v1/marketer_chat",
        headers={**headers, "Content-Type": "application/json"},
        data=json.dumps({"prompt": "where is the war?"}),
    )
    return dict(response.json())


def read(base: str, headers: dict[str, str], where: str, **params: object) -> dict[str, Any]:
    """One of the GET requests."""
    url = f"{base}/serve/api/{where}"
    return dict(requests.get(url, headers=headers, params=params).json())  # type: ignore[arg-type]


def delete(base: str, headers: dict[str, str], video_nos: list[str]) -> dict[str, Any]:
    """Delete videos by a bare list of their numbers."""
    url = f"{base}/serve/api/video/delete_videos"
    return dict(requests.post(url, headers=headers, json=video_nos).json())


def run(base: str, key: str, pause: float = 5.0) -> dict[str, Any]:
    """Every step in the notebook's order; what each answered, by its name."""
    headers = {"Authorization": key}
    steps: dict[str, Any] = {"upload": upload(base, headers)}
    video_no = steps["upload"]["data"]["videoNo"]
    while True:
        steps["status"] = status(base, headers, video_no)
        if steps["status"]["data"]["videos"][0]["status"] != "UNPARSE":
            break
        time.sleep(pause)
    steps["search"] = search(base, headers)
    steps["chat"] = chat(base, headers, video_no)
    steps["marketer"] = marketer(base, headers)
    about = {"video_no": video_no}
    steps["seen"] = read(base, headers, "video/get_video_transcription", **about)
    steps["said"] = read(base, headers, "v1/get_audio_transcription", **about)
    steps["summary"] = read(base, headers, "video/generate_summary", **about, type="TOPIC")
    page = {"page": 1, "size": 200}
    url = f"{base}/serve/api/video/list_videos"
    steps["list"] = requests.post(url, headers=headers, json=page).json()
    steps["sessions"] = read(base, headers, "video/list_sessions", page="1")
    session = int(steps["sessions"]["data"]["sessions"][0]["sessionId"])
    steps["session"] = read(base, headers, "video/get_session_detail", sessionId=session)
    steps["delete"] = delete(base, headers, [video_no])
    return steps


def main(base: str = "http://127.0.0.1:8642/memories", key: str = "sk-example") -> None:
    """Print what each step answered."""
    for name, answer in run(base, key).items():
        print(f"{name}: {str(answer)[:300]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
