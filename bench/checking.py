"""What a check costs: compiled against openapi-core, and against writing the same reply."""

import json
import time
from dataclasses import replace

import orjson

from bench.row import Row
from bench.timing import interleaved, ratio
from understudy.contracts import Contract
from understudy.contracts.examination import Examination
from understudy.contracts.exchange import Exchange, Headers, Request, Response
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.recording import Recorded

INDEX: dict[str, Json] = {
    "_id": "68652c10f1b5a3d2c4e6f701",
    "index_name": "Harbour tours",
    "models": [
        {"model_name": "marengo3.0", "model_options": ["visual", "audio"], "finished": True}
    ],
    "addons": ["thumbnail"],
    "video_count": 3,
    "total_duration": 214.6,
    "created_at": "2025-07-02T12:54:40.310Z",
    "updated_at": "2025-07-02T13:10:02.005Z",
    "expires_at": "2025-09-30T12:54:40.310Z",
}
JSON = Headers([("content-type", "application/json"), ("x-api-key", "bench")])
VIDEO: dict[str, Json] = {
    "_id": "68652d3af1b5a3d2c4e6f732",
    "created_at": "2025-07-02T12:59:38.310Z",
    "updated_at": "2025-07-02T13:10:02.005Z",
    "indexed_at": "2025-07-02T13:10:02.005Z",
    "system_metadata": {
        "filename": "film.mp4",
        "duration": 1200.0,
        "fps": 30.0,
        "width": 1280,
        "height": 720,
        "size": 1000000,
    },
}
SEGMENTS = 200
COUNT = 500


def exchanges() -> dict[str, tuple[Request, Response]]:
    """Three ordinary exchanges that keep the contract."""
    path = f"/indexes/{INDEX['_id']}"
    page = {"page": 1, "limit_per_page": 10, "total_page": 1, "total_results": 1}
    models = [{"model_name": "marengo3.0", "model_options": ["visual"]}]
    created = {"index_name": "new", "models": models}
    return {
        "retrieve": (Request("GET", path, "", JSON), _reply(200, INDEX)),
        "list": (
            Request("GET", "/indexes", "page=1&page_limit=10&sort_by=created_at", JSON),
            _reply(200, {"data": [INDEX], "page_info": page}),
        ),
        "create": (
            Request("POST", "/indexes", "", JSON, json.dumps(created).encode()),
            _reply(201, {"_id": INDEX["_id"]}),
        ),
    }


def rows() -> list[Row]:
    """Check against openapi-core's, of a large reply, and of a whole recording."""
    return [_engines(), _large(), _recording()]


def recorded(count: int) -> list[Recorded]:
    """So many exchanges as a recording holds them: indexes made, read, listed and deleted."""
    found: list[Recorded] = []
    kinds = exchanges()
    gone = (Request("DELETE", f"/indexes/{INDEX['_id']}", "", JSON), Response(204))
    story = (kinds["create"], kinds["retrieve"], kinds["list"], gone)
    for number in range(count):
        request, response = story[number % len(story)]
        sent = replace(request, path=f"/v1.3{request.path}")
        exchange = Exchange(sent, response, "api.twelvelabs.io", float(number))
        found.append(Recorded(f"bench:{number + 1}", exchange))
    return found


def _recording() -> Row:
    """Contract, lifecycles, habits and coverage of ten thousand exchanges."""
    entries, contract = recorded(10_000), Contract.load("twelvelabs")
    examination = Examination([contract])
    began = time.process_time()
    for entry in entries:
        examination.see(entry)
    examination.end()
    seconds = time.process_time() - began
    assert examination.report.checked == len(entries) and not examination.report.off
    return Row("check of 10,000 recorded exchanges", seconds, "at most", 5.0, 20.0, unit="s",
               note=f"{seconds / len(entries) * 1e6:.0f} µs each, all told")  # fmt: skip


def _reply(status: int, content: object) -> Response:
    return Response(status, JSON, orjson.dumps(content))


def _engines() -> Row:
    ours = Contract.load("twelvelabs")
    theirs = Contract.load("twelvelabs", engine="openapi-core")
    found = {}
    for name, (request, response) in exchanges().items():
        for contract in (ours, theirs):
            assert contract.check(request, response) == [], name
        times = interleaved(
            {
                "ours": lambda: ours.check(request, response),  # noqa: B023  # called at once
                "theirs": lambda: theirs.check(request, response),  # noqa: B023
            },
            rounds=5,
        )
        found[name] = ratio(times, "ours", "theirs")
    worst = max(found, key=found.__getitem__)
    note = ", ".join(f"{name} 1/{1 / value:.0f}" for name, value in found.items())
    return Row("check of an exchange / openapi-core's", found[worst], "at most", 1 / 30, 1 / 10,
               note=note, steady=True)  # fmt: skip


def _large() -> Row:
    """A video with its vectors: the one reply of today's operations that grows past 100 kB."""
    contract = Contract.load("twelvelabs")
    operation = contract.operations["retrieve-video-information"]
    segments: list[Json] = [
        {
            "embedding_option": "visual-text",
            "embedding_scope": "clip",
            "start_offset_sec": 6.0 * number,
            "end_offset_sec": 6.0 * (number + 1),
            "float": [((number + place) % 997 - 498) / 498 for place in range(1024)],
        }
        for number in range(SEGMENTS)
    ]
    embedding: Json = {"model_name": "marengo3.0", "video_embedding": {"segments": segments}}
    large = _against_dumps(contract, operation, {**VIDEO, "embedding": embedding})
    page: Json = {"page": 1, "limit_per_page": 50, "total_page": 10, "total_results": COUNT}
    indexes: dict[str, Json] = {"data": [dict(INDEX) for _ in range(COUNT)], "page_info": page}
    many = _against_dumps(contract, contract.operations["list-indexes"], indexes)
    note = f"{SEGMENTS} vectors; {COUNT} small objects in one list, which no page holds: {many:.2g}"
    return Row("check of a large reply / orjson.dumps of it", large, "at most", 1.5, 3.0,
               note=note, steady=True)  # fmt: skip


def _against_dumps(contract: Contract, operation: Operation, content: dict[str, Json]) -> float:
    assert len(orjson.dumps(content)) > 100_000
    assert not contract.check_answer(operation, 200, "application/json", content, JSON)
    times = interleaved(
        {
            "check": lambda: contract.check_answer(
                operation, 200, "application/json", content, JSON
            ),
            "dumps": lambda: orjson.dumps(content),
        }
    )
    return ratio(times, "check", "dumps")
