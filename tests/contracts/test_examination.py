"""A recording of any length is examined in memory that does not grow with it."""

import json
import tracemalloc

from understudy.contracts.contract import Contract
from understudy.contracts.examination import Examination
from understudy.contracts.exchange import Exchange, Headers, Request, Response
from understudy.contracts.recording import Recorded

HEAD = Headers([("content-type", "application/json"), ("x-api-key", "k")])


def recorded(count: int) -> list[Recorded]:
    """So many calls about a hundred indexes: made, and deleted."""
    found: list[Recorded] = []
    for number in range(count):
        name = f"68652c10f1b5a3d2c4e6f{number % 100:03d}"
        sent = Request("DELETE", f"/v1.3/indexes/{name}", "", HEAD)
        answered = Response(204)
        if number % 2:
            asked = {"index_name": "a", "models": [{"model_name": "pegasus1.2",
                                                    "model_options": ["visual"]}]}  # fmt: skip
            sent = Request("POST", "/v1.3/indexes", "", HEAD, json.dumps(asked).encode())
            answered = Response(201, HEAD, json.dumps({"_id": name}).encode())
        exchange = Exchange(sent, answered, "api.twelvelabs.io", float(number))
        found.append(Recorded(f"r:{number}", exchange))
    return found


def test_examination__flat_memory() -> None:
    """Five times as many exchanges leave no more behind than the first ones did."""
    examination = Examination([Contract.load("twelvelabs/v1.3-2025")])
    entries = recorded(1_000)
    for entry in entries:
        examination.see(entry)
    tracemalloc.start()
    try:
        for _ in range(5):
            for entry in entries:
                examination.see(entry)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert examination.report.checked == 6_000
    assert examination.report.off == 0
    assert grown < 300_000
