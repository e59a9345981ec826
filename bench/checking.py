"""What a check costs: compiled against openapi-core, and against writing the same reply."""

import json

import orjson

from bench.row import Row
from bench.timing import interleaved, ratio
from understudy.contracts import Contract
from understudy.contracts.exchange import Headers, Request, Response

INDEX = {
    "_id": "68652c10f1b5a3d2c4e6f701",
    "index_name": "Harbour tours",
    "models": [
        {"model_name": "marengo2.7", "model_options": ["visual", "audio"], "finished": True}
    ],
    "addons": ["thumbnail"],
    "video_count": 3,
    "total_duration": 214.6,
    "created_at": "2025-07-02T12:54:40.310Z",
    "updated_at": "2025-07-02T13:10:02.005Z",
    "expires_at": "2025-09-30T12:54:40.310Z",
}
JSON = Headers([("content-type", "application/json"), ("x-api-key", "bench")])
COUNT = 500
"""Indexes in the large reply: well over 100 kB."""


def exchanges() -> dict[str, tuple[Request, Response]]:
    """Three ordinary exchanges that keep the contract."""
    path = f"/indexes/{INDEX['_id']}"
    page = {"page": 1, "limit_per_page": 10, "total_page": 1, "total_results": 1}
    models = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
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
    """Check against openapi-core's, and check of a large reply against orjson.dumps of it."""
    return [_engines(), _large()]


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
    contract = Contract.load("twelvelabs")
    operation = contract.operations["list-indexes"]
    page = {"page": 1, "limit_per_page": 50, "total_page": 10, "total_results": COUNT}
    content = {"data": [dict(INDEX) for _ in range(COUNT)], "page_info": page}
    size = len(orjson.dumps(content))
    assert size > 100_000
    assert not contract.check_answer(operation, 200, "application/json", content, JSON)
    times = interleaved(
        {
            "check": lambda: contract.check_answer(
                operation, 200, "application/json", content, JSON
            ),
            "dumps": lambda: orjson.dumps(content),
        }
    )
    return Row("check of a large reply / orjson.dumps of it", ratio(times, "check", "dumps"),
               "at most", 1.5, 3.0, note=f"{size / 1000:.0f} kB", steady=True)  # fmt: skip
