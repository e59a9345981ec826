"""Let Schemathesis look for replies off contract, in all its phases and with a fixed seed.

The server runs with one API key, so that wrong keys are refused and the checks on authentication
mean something. It is stocked first, and the document's examples name what is there (except where
they would delete it), so that what comes after the 404s is tried as well. Further arguments go
to `st run`.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx2
import yaml
from tests.live import live_server

HERE = Path(__file__).resolve().parent
SPEC = HERE.parent.parent / "specs" / "twelvelabs" / "v1.3-2025.yaml"
KEY = "fuzz-key"


VIDEO = "https://media.example/ferry.mp4"
MODELS = [
    {"model_name": "marengo3.0", "model_options": ["visual", "audio"]},
    {"model_name": "pegasus1.2", "model_options": ["visual", "audio"]},
]


def main(arguments: list[str]) -> int:
    """Schemathesis' exit code: 0 when it finds nothing."""
    with (
        live_server("twelvelabs", "--time", "auto", "--api-key", KEY) as server,
        tempfile.TemporaryDirectory(prefix="understudy-") as folder,
    ):
        base = f"{server.url}/twelvelabs/v1.3"
        document = Path(folder) / "document.json"
        document.write_text(json.dumps(aimed(stocked(base, server.url))), encoding="utf-8")
        st = [sys.executable, "-m", "schemathesis.cli"]
        command = [*st, "--config-file", str(HERE / "schemathesis.toml"), "run", str(document)]
        command += ["--url", base, "--header", f"x-api-key:{KEY}"]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        ran = subprocess.run([*command, *arguments], stdin=subprocess.DEVNULL, env=environment)
        off = [line for line in server.said().splitlines() if "off contract" in line]
    for line in off[:20]:
        print(line, file=sys.stderr)
    print(f"{0 if ran.returncode or off else 1} passed, {1 if ran.returncode or off else 0} failed")
    return ran.returncode or bool(off)


def stocked(base: str, root: str) -> Mapping[str, str]:
    """The ids of an index, a video, a task and an embedding, made for this run, by the ids that
    stand for them in the document's examples."""
    with httpx2.Client(headers={"x-api-key": KEY}) as api:
        created = api.post(f"{base}/indexes", json={"index_name": "Stock", "models": MODELS})
        index = created.raise_for_status().json()["_id"]
        upload = {"index_id": (None, index), "video_url": (None, VIDEO)}
        task = api.post(f"{base}/tasks", files=upload).raise_for_status().json()
        asked = {"model_name": (None, "marengo3.0"), "video_url": (None, VIDEO)}
        embedding = api.post(f"{base}/embed/tasks", files=asked).raise_for_status().json()
        advance = api.post(f"{root}/_understudy/clock/advance", json={"seconds": 3600})
        advance.raise_for_status()
    return {
        "68652c10f1b5a3d2c4e6f701": index,
        "68652d3af1b5a3d2c4e6f731": task["_id"],
        "68652d3af1b5a3d2c4e6f732": task["video_id"],
        "68653188f1b5a3d2c4e6f761": embedding["_id"],
    }


def aimed(ids: Mapping[str, str]) -> object:
    """The document with those ids in its examples; what is deleted is what nobody made."""
    text = SPEC.read_text(encoding="utf-8")
    for shown, real in ids.items():
        text = text.replace(shown, real)
    document = yaml.safe_load(text)
    for path, item in document["paths"].items():
        if "delete" in item:
            spared = [dict(_resolved(document, each)) for each in item["parameters"]]
            spared[-1]["example"] = "0" * 24
            item["delete"]["parameters"] = spared
            assert f"{{{spared[-1]['name']}}}" in path
    return document


def _resolved(document: Mapping[str, object], node: Mapping[str, object]) -> Mapping[str, object]:
    found: object = node
    for name in str(node["$ref"])[2:].split("/") if "$ref" in node else ():
        found = (document if found is node else found)[name]
    assert isinstance(found, Mapping)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
