"""An interview analyser on Twelve Labs v1.2: a recorded answer in, scores and key points out.

The steps of a public demo application, in our own code: see whether the service is there, upload
the recording, poll every five seconds until it is indexed, have it judged by a prompt, and dig
the JSON object out of what was written.

    python interview_analyzer.py RECORDING INDEX_ID

reads TWELVE_LABS_API_KEY, and TWELVELABS_BASE_URL where the service is not the vendor's own.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx2

BASE_URL = "https://api.twelvelabs.io/v1.2"
INTERVAL = 5.0
"""Seconds between two looks at the task."""

SCORES = ("confidence", "clarity", "speech_rate", "eye_contact", "body_language", "voice_tone")
PROMPT = """You interview people for a job. Judge the answer in this clip.
Reply with a JSON object and nothing else:
{
  "confidence": <1-10>,
  "clarity": <1-10>,
  "speech_rate": <1-10>,
  "eye_contact": <1-10>,
  "body_language": <1-10>,
  "voice_tone": <1-10>,
  "imp_points": ["<what was said that matters>", ...]
}"""


class Failed(Exception):
    """The recording could not be judged; the message says why."""


def analyze(
    api: httpx2.Client, index: str, recording: Path, *, sleep: Callable[[float], None] = time.sleep
) -> Mapping[str, object]:
    """The scores and the important points of a recorded answer."""
    reachable = api.get("/tasks")
    if reachable.status_code != 200:
        raise Failed(f"the service answers {reachable.status_code}: {reachable.text}")
    with recording.open("rb") as file:
        part = (recording.name, file, "video/mp4")
        sent = api.post("/tasks", data={"index_id": index}, files={"video_file": part})
    task = _read(sent)
    while task.get("status") not in ("ready", "failed"):
        sleep(INTERVAL)
        task = _read(api.get(f"/tasks/{task['_id']}"))
    if task["status"] == "failed":
        raise Failed(f"the recording could not be indexed: {task}")
    asked = {"video_id": task["video_id"], "prompt": PROMPT}
    return judged(str(_read(api.post("/generate", json=asked))["data"]))


def judged(written: str) -> Mapping[str, object]:
    """The JSON object in a text, which may stand in a fence or among other words."""
    begin, end = written.find("{"), written.rfind("}")
    if begin < 0 or end < begin:
        raise Failed(f"no JSON object in {written!r}")
    found = json.loads(written[begin : end + 1])
    missing = {*SCORES, "imp_points"} - set(found)
    if missing:
        raise Failed(f"the judgement lacks {', '.join(sorted(missing))}")
    return dict(found)


def _read(reply: httpx2.Response) -> dict[str, object]:
    if reply.is_error:
        raise Failed(f"{reply.request.url} answers {reply.status_code}: {reply.text}")
    return dict(reply.json())


def main(arguments: list[str]) -> int:
    """Print the judgement of a recording as JSON."""
    recording, index = Path(arguments[0]), arguments[1]
    base = os.environ.get("TWELVELABS_BASE_URL", BASE_URL)
    headers = {"x-api-key": os.environ["TWELVE_LABS_API_KEY"]}
    interval = float(os.environ.get("INTERVAL", INTERVAL))
    with httpx2.Client(base_url=base, headers=headers) as api:
        found = analyze(api, index, recording, sleep=lambda _: time.sleep(interval))
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
