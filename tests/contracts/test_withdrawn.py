"""What a vendor has taken back: flagged by the current document, with the day and the way out."""

from dataclasses import replace

from understudy.contracts.addressing import current, shipped
from understudy.contracts.contract import Contract
from understudy.contracts.document import Document
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.operation import Reading
from understudy.contracts.withdrawn import withdrawn, withdrawn_call

HOST = {"host": "api.twelvelabs.io", "x-api-key": "key", "content-type": "application/json"}
TODAY = Contract.load("twelvelabs")
BEFORE = Contract.load("twelvelabs/v1.3-2025")


def call(method: str, path: str, body: bytes = b"{}") -> Request:
    """A request to today's base path."""
    return Request(method, f"/v1.3{path}", "", Headers(HOST.items()), body)


def test_newest__is_the_current_document() -> None:
    """The name of a provider alone means the newest version, not a dated state of it."""
    assert TODAY.document.name == "twelvelabs/v1.3"


def test_current__leaves_out_dated_states() -> None:
    """Newest first; a state of a version counts only when it is named."""
    assert shipped().index("twelvelabs/v1.3") < shipped().index("twelvelabs/v1.3-2025")
    assert "twelvelabs/v1.3-2025" not in current()
    assert "twelvelabs/v1.2" in current()


def test_withdrawn_call__says_since_when_and_what_instead() -> None:
    """The violation names the day and the successor, at the line that knows it."""
    (found,) = TODAY.check(call("POST", "/gist"))
    assert found.where == "path"
    assert found.expected.startswith("POST /analyze with a response_format")
    assert "withdrawn on 2026-03-11" in found.expected
    assert found.source == withdrawn_source("POST /gist")


def test_withdrawn_method__is_told_from_a_wrong_one() -> None:
    """PUT on a video was there once; TRACE never was."""
    path = "/indexes/68652c10f1b5a3d2c4e6f701/videos/68652d3af1b5a3d2c4e6f732"
    (gone,) = TODAY.check(call("PUT", path))
    (never,) = TODAY.check(call("TRACE", path))
    assert "withdrawn on 2025-08-28" in gone.expected
    assert "withdrawn" not in never.expected


def test_withdrawn_field__says_since_when() -> None:
    """A field that has gone is a violation at the field, with the day."""
    body = b'{"video_id": "68652d3af1b5a3d2c4e6f732", "prompt": "Who?", "stream": false}'
    found = {one.pointer: one for one in TODAY.check(call("POST", "/analyze", body))}
    assert "withdrawn on 2026-07-30" in found["/video_id"].expected


def test_older_state__still_has_it() -> None:
    """Against the document of 2025 the same calls are right."""
    body = b'{"video_id": "68652d3af1b5a3d2c4e6f732", "prompt": "Who?", "stream": false}'
    assert BEFORE.check(call("POST", "/analyze", body)) == []


def test_every_entry__was_in_the_older_state() -> None:
    """Nothing is called withdrawn that never was, and nothing of it is in the current document."""
    calls = {f"{one.method} {one.template}" for one in BEFORE.operations.values()}
    now = {f"{one.method} {one.template}" for one in TODAY.operations.values()}
    for entry in withdrawn(TODAY.document):
        assert entry.operation in calls
        assert (entry.operation in now) == bool(entry.field)
    gone = {entry.operation for entry in withdrawn(TODAY.document) if not entry.field}
    assert calls - now == gone


def test_load__reads_no_lines() -> None:
    """What has gone is known without a second look at the file: a server starts with it."""
    asked: list[str] = []
    watched = replace(TODAY.document, locate=lambda pointer: asked.append(pointer) or pointer)
    Contract.of(watched)
    assert asked == []


def test_gone__reads_no_lines_either() -> None:
    """A server asks at each request what has gone of it; only a violation says the line."""
    asked: list[str] = []
    watched = replace(TODAY.document, locate=lambda pointer: asked.append(pointer) or pointer)
    contract = Contract.of(watched)
    body = b'{"index_id": "68652c10f1b5a3d2c4e6f701", "threshold": "high"}'
    lines = {**HOST, "content-type": "application/json"}
    reading = BEFORE.read(Request("POST", "/search", "", Headers(lines.items()), body))
    assert isinstance(reading, Reading)
    reading = replace(reading, body={"threshold": "high"})
    assert [entry.field for entry in contract.gone(reading)] == ["threshold"]
    assert asked == []
    (found,) = contract.flagged(reading)
    assert found.pointer == "/threshold"


def test_document_without_entries__remembers_nothing() -> None:
    """Documents of strangers need no such key."""
    bare = Document("bare", {"openapi": "3.1.0"}, "3.1", "", "")
    assert withdrawn(bare) == ()
    assert withdrawn_call(bare, "GET", "/gist") is None


def withdrawn_source(operation: str) -> str:
    """The line of the entry for an operation."""
    entries = withdrawn(TODAY.document)
    pointer = next(entry.pointer for entry in entries if entry.operation == operation)
    return TODAY.document.source(pointer)
