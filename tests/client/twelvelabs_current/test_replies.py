"""What today's replies become: streams, results, refusals in both envelopes, ends of waiting."""

import hashlib
import hmac
import json
from typing import Any

import httpx2
import pytest
from callers import Blocking, Pieces, Script, reply

from understudy.client import (
    ApiError,
    BadReply,
    BadRequest,
    Conflict,
    Gone,
    NotFound,
    RateLimited,
    StreamBroken,
    TaskFailed,
    TooLarge,
    Unprocessable,
)
from understudy.client.options import Options
from understudy.client.retry import Retry
from understudy.client.twelvelabs.analysis import AnalysisResult
from understudy.client.twelvelabs.response import (
    Response,
    ResponseChanged,
    ResponseEvent,
    TextDelta,
)
from understudy.client.twelvelabs.text import Answer, StreamEnd
from understudy.client.twelvelabs.webhook import HEADER, genuine, notification

ID = "69d2a0b4c1e85f30718a9b01"
OTHER = "69d2a0b4c1e85f30718a9b02"
STORE = "ks_019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"
VIDEO: Any = {"type": "asset_id", "asset_id": ID}
FLAT = {"code": "parameter_invalid", "message": "No."}


@pytest.mark.parametrize(
    ("status", "body", "kind", "code", "message"),
    [
        (400, FLAT, BadRequest, "parameter_invalid", "No."),
        (400, {"error": {**FLAT, "details": {"a": 1}}}, BadRequest, "parameter_invalid", "No."),
        (404, {"error": {"code": "resource_not_exist", "message": "None."}}, NotFound,
         "resource_not_exist", "None."),
        (409, {"error": {"code": "batch_not_terminal", "message": "It runs."}}, Conflict,
         "batch_not_terminal", "It runs."),
        (410, {"code": "expired", "message": "Too late."}, Gone, "expired", "Too late."),
        (413, {"error": {"code": "too_large", "message": "Big."}}, TooLarge, "too_large", "Big."),
        (422, {**FLAT, "docs_url": "https://docs.example"}, Unprocessable, "parameter_invalid",
         "No."),
        (429, None, RateLimited, None, "The service gave no reason."),
        (429, {"error": {"code": "rate", "message": "Wait."}}, RateLimited, "rate", "Wait."),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_refusal__of_either_envelope(
    caller: Blocking, status: int, body: Any, kind: type[ApiError], code: str, message: str
) -> None:
    """Flat, nested or empty: the same errors, with code and message; details stay in the body."""
    client = caller.client(
        Script(reply(status, body)).transport, options=Options(retry=Retry(attempts=1))
    )
    with pytest.raises(kind) as caught:
        caller.run(client.analyze_batches.retrieve(ID))
    error = caught.value
    assert (error.status, error.code, error.message, error.body) == (status, code, message, body)
    assert error.docs_url == (body or {}).get("docs_url")


def test_refusal__of_a_batch_of_too_many(caller: Blocking) -> None:
    """An empty 429 is waited out like any other."""
    script = Script(reply(429, retry_after="7"), reply(200, {"batch_id": ID, "status": "pending"}))
    caller.run(caller.client(script.transport).analyze_batches.retrieve(ID))
    assert caller.time.slept == [7.0]


@pytest.mark.parametrize(
    ("wait", "running", "good", "bad"),
    [
        (lambda c: c.assets.wait(ID), ["processing"], "ready",
         {"status": "failed", "error": {"message": "Broken."}}),
        (lambda c: c.indexes.indexed_assets.wait(ID, ID),
         ["pending", "queued", "validating", "indexing"], "ready", {"status": "failed"}),
        (lambda c: c.embed_v2.tasks.wait(ID), ["processing"], "ready",
         {"status": "failed", "error": {"message": "Broken."}}),
        (lambda c: c.analyze_tasks.wait(ID), ["queued", "pending", "processing"], "ready",
         {"status": "canceled", "error": {"code": "user_canceled", "message": "Broken."}}),
        (lambda c: c.analyze_batches.wait(ID), ["pending", "processing", "canceling"], "completed",
         {"status": "expired", "total_items": 2}),
        (lambda c: c.entity_collections.entities.wait(ID, ID), ["processing"], "ready", None),
        (lambda c: c.knowledge_stores.items.wait(STORE, ID), ["queued", "pending", "processing"],
         "ready", {"status": "failed"}),
    ],
    ids=["asset", "indexed", "vectors", "analysis", "batch", "entity", "item"],
)  # fmt: skip
def test_wait__ends_with_each_lifecycle(
    caller: Blocking, wait: Any, running: list[str], good: str, bad: Any
) -> None:
    """Every status on the way is one of those declared; failures carry the service's reason."""
    named = {"_id": ID, "task_id": ID, "batch_id": ID, "asset_type": "video"}

    def script(*ends: Any) -> Script:
        steps = [*({"status": status} for status in running), *ends]
        return Script(*(reply(200, {**named, **step}) for step in steps))

    done = caller.run(wait(caller.client(script({"status": good}).transport)))
    assert done.status == good and len(caller.time.slept) == len(running)
    if bad is not None:
        with pytest.raises(TaskFailed) as caught:
            caller.run(wait(caller.client(script(bad).transport)))
        reasons = {"Broken.", None, "0 of 2 analyses were ready"}
        assert caught.value.status == bad["status"] and caught.value.reason in reasons


def test_import__is_judged_by_its_files(caller: Blocking) -> None:
    """Processing while one is; failed when one was rejected, or its asset failed."""
    item = {"source_id": "f1", "action": "created", "asset_id": ID, "status": "processing"}
    bad = {"source_id": "f2", "action": "rejected", "error": {"code": "no", "message": "Too big."}}
    ready = {**item, "status": "ready"}
    script = Script(
        reply(202, {"_id": OTHER, "has_failures": False, "items": [item]}),
        reply(200, {"_id": OTHER, "items": [item]}),
        reply(200, {"_id": OTHER, "items": [ready]}),
        reply(200, {"_id": OTHER, "items": [ready, bad]}),
    )
    new = caller.run(caller.client(script.transport).connections.imports.create(ID, ["f1"]))
    assert new.made.items[0].status == "processing"
    assert caller.run(new.wait()).items[0].asset_id == ID
    with pytest.raises(TaskFailed, match="f2: Too big"):
        caller.run(new.wait())


def test_result__is_parsed() -> None:
    """JSON answers as values; segments by definition, with times in seconds however written."""

    def result(data: Any, reason: str = "stop") -> AnalysisResult:
        text = data if isinstance(data, str) else json.dumps(data)
        return AnalysisResult(generation_id="g", data=text, finish_reason=reason)

    assert result({"a": [1]}).parsed == {"a": [1]}
    found = result({
        "run": [{"start_time": 0, "end_time": 9.5, "metadata": {"who": "dog"}}],
        "jump": [{"start_time": "00:01:02", "end_time": "01:00:00.250"}],
        "sleep": [],
    }).segments  # fmt: skip
    assert (found["run"][0].end_time, found["run"][0].metadata) == (9.5, {"who": "dog"})
    assert (found["jump"][0].start_time, found["jump"][0].end_time) == (62.0, 3600.25)
    assert found["sleep"] == ()
    with pytest.raises(BadReply, match="ended by length"):
        _ = result('{"a": [1', "length").parsed
    for wrong in ([1], {"run": 1}, {"run": [{"start_time": "soon", "end_time": 1}]}):
        with pytest.raises(BadReply):
            _ = result(wrong).segments


def test_answers__in_json_are_parsed() -> None:
    """What is answered at once is parsed as what a task comes to, and so is a response."""
    said = {"a": [1, "é"]}
    assert Answer(id="a", data=json.dumps(said)).parsed == said
    with pytest.raises(BadReply, match="ended by length"):
        _ = Answer(id="a", data='{"a": [1', finish_reason="length").parsed

    def response(text: str, status: str) -> Response:
        message = {"type": "message", "id": "m", "content": [{"type": "output_text", "text": text}]}
        return Response.read({"id": "r", "status": status, "output": [message]})

    assert response(json.dumps(said), "completed").parsed == said
    with pytest.raises(BadReply, match="ended by incomplete"):
        _ = response('{"a": [1', "incomplete").parsed


def test_text__that_was_cut_off_ends_with_a_warning(caller: Blocking) -> None:
    """An `error` in the last line warns; one in a line of its own breaks the stream."""
    lines = (
        b'{"event_type": "stream_start", "metadata": {"generation_id": "g"}}\n'
        b'{"event_type": "text_generation", "text": "Two"}\n'
        b'{"event_type": "stream_end", "finish_reason": "length", "error": {"message": "Cut."},'
        b'"metadata": {"generation_id": "g", "usage": {"output_tokens": 1, "input_tokens": 9}}}\n'
    )
    client = caller.client(Script(streamed(lines, "application/x-ndjson")).transport)
    events = caller.all(client.analyze_stream(prompt="Who?", video=VIDEO))
    assert isinstance(events[-1], StreamEnd) and events[-1].error.message == "Cut."
    assert events[-1].metadata.usage.input_tokens == 9
    answer = {"id": "g", "data": "Tw", "finish_reason": "length", "error": {"message": "Cut."}}
    whole = caller.client(Script(reply(200, answer)).transport)
    assert caller.run(whole.analyze(prompt="Who?", video=VIDEO)).error.message == "Cut."


def test_results__of_a_batch_come_line_by_line(caller: Blocking) -> None:
    """Wherever the network cuts them; an empty batch has none; what is broken off is an error."""
    lines = (
        b'{"task_id":"a","custom_id":"clip-7","status":"ready","data":{"generation_id":"g",'
        b'"data":"A dog.","finish_reason":"stop","usage":{"output_tokens":3}}}\n'
        b'{"task_id":"b","custom_id":null,"status":"queued"}\n\n'
        b'{"task_id":"c","custom_id":null,"status":"failed","error":{"message":"Long."}}'
    )
    script = Script(streamed(lines, "application/jsonl"))
    found = caller.all(caller.client(script.transport).analyze_batches.results(ID))
    assert [each.status for each in found] == ["ready", "queued", "failed"]
    assert found[0].data.data == "A dog." and found[2].error.message == "Long."
    none = caller.client(Script(streamed(b"", "application/jsonl")).transport)
    assert caller.all(none.analyze_batches.results(ID)) == []
    broken = httpx2.Response(200, stream=Pieces(lines[:200], httpx2.ReadError("reset")))
    with pytest.raises(StreamBroken, match="broke off"):
        caller.all(caller.client(Script(broken).transport).analyze_batches.results(ID))
    gone = Script(reply(404, {"error": {"code": "resource_not_exist", "message": "None."}}))
    with pytest.raises(NotFound):
        caller.all(caller.client(gone.transport).analyze_batches.results(ID))


MESSAGE = {
    "type": "message", "id": "msg_1_0", "status": "completed", "role": "assistant",
    "phase": "final_answer", "content": [{"type": "output_text", "text": "A dog [1].",
        "annotations": [{"type": "video_citation", "start_index": 6, "end_index": 8,
                         "item_id": "ksi_1", "start_sec": 1.5, "end_sec": 4.0, "title": None}]}],
}  # fmt: skip
ASIDE = {**MESSAGE, "phase": "commentary", "content": [{"type": "output_text", "text": "Hm."}]}
RESPONSE = {"id": "resp_1", "session_id": "sess_1", "usage": {"output_tokens": 3}}


def events(*payloads: dict[str, Any] | str) -> bytes:
    """Server-sent events as the vendor writes them, with numbers that grow."""
    out = ""
    for at, payload in enumerate(payloads):
        if isinstance(payload, str):
            out += f"data: {payload}\n\n"
        else:
            text = json.dumps({**payload, "sequence_number": at})
            out += f"event: {payload['type']}\ndata: {text}\n\n"
    return out.encode()


CREATED = {"type": "response.created", "response": {**RESPONSE, "status": "in_progress"}}
DELTAS = [
    {"type": "response.output_item.added", "output_index": 0, "item": {**MESSAGE, "content": []}},
    {"type": "response.content_part.added", "part": {"type": "output_text", "text": ""}},
    {"type": "response.output_text.delta", "item_id": "msg_1_0", "delta": "A dog "},
    {"type": "keepalive"},
    {"type": "response.novelty", "what": "new"},
    {"type": "response.output_text.delta", "item_id": "msg_1_0", "delta": "[1]."},
    {"type": "response.output_text.done", "text": "A dog [1]."},
    {"type": "response.content_part.done", "part": MESSAGE["content"][0]},
    {"type": "response.function_call_arguments.done", "arguments": "{}"},
    {"type": "response.output_item.done", "output_index": 0, "item": MESSAGE},
]
DONE = {"type": "response.completed",
        "response": {**RESPONSE, "status": "completed", "output": [ASIDE, MESSAGE]}}  # fmt: skip


def test_response__is_streamed(caller: Blocking) -> None:
    """Every event has its shape, also cut anywhere; text and pieces, citations at the end."""
    body = events(CREATED, *DELTAS, DONE, "[DONE]")
    cut = [body[at : at + 7] for at in range(0, len(body), 7)]

    def client() -> Any:
        step = httpx2.Response(
            200, headers={"content-type": "text/event-stream"}, stream=Pieces(*cut)
        )
        return caller.client(Script(step).transport)

    seen = caller.all(client().responses.stream(STORE, "Who runs?"))
    assert [event.sequence_number for event in seen] == list(range(len(DELTAS) + 2))
    assert isinstance(seen[-1], ResponseChanged) and seen[-1].ended
    assert [type(event) for event in seen[4:6]] == [ResponseEvent, ResponseEvent]
    assert seen[5].raw["what"] == "new"
    assert "".join(e.delta for e in seen if isinstance(e, TextDelta)) == "A dog [1]."
    assert caller.all(client().responses.stream(STORE, "Who?").pieces()) == ["A dog ", "[1]."]
    whole = caller.run(client().responses.stream(STORE, "Who runs?").response())
    assert (whole.text, whole.session_id, whole.usage.output_tokens) == ("A dog [1].", "sess_1", 3)
    [cited] = whole.output[1].content[0].annotations
    assert (cited.item_id, cited.end_sec, whole.text[6 : cited.end_index + 1]) == (
        "ksi_1", 4.0, "[1]")  # fmt: skip
    assert caller.run(client().responses.stream(STORE, "Who runs?").text()) == "A dog [1]."


def test_response__that_goes_wrong(caller: Blocking) -> None:
    """Failed, broken off, reported as an error: never half an answer as if it were whole."""
    failed = {"type": "response.failed", "response": {**RESPONSE, "status": "failed"}}

    def stream(*payloads: Any) -> Any:
        script = Script(streamed(events(*payloads), "text/event-stream"))
        return caller.client(script.transport).responses.stream(STORE, "Who runs?")

    seen = caller.all(stream(CREATED, failed, "[DONE]"))
    assert seen[-1].response.status == "failed"
    for bad, said in (
        ((CREATED, failed), "resp_1 has failed"),
        ((CREATED, *DELTAS), "ended before its last event"),
        ((CREATED, "[DONE]"), "without the answer"),
        ((CREATED, {"type": "error", "code": "x", "message": "Bad."}), "x: 'Bad.'"),
    ):
        with pytest.raises(StreamBroken, match=said):
            caller.run(stream(*bad).text())
    with pytest.raises(StreamBroken, match="has failed"):
        caller.all(stream(CREATED, failed).pieces())


BODY = (
    b'{"id": "n1", "type": "analyze.task.failed", "created_at": "2026-10-02T08:00:00Z", '
    b'"data": {"id": "t1", "custom_id": null, "status": "failed", "error": {"message": "Long."}}}'
)
NOW = 1_790_000_000


def signed(secret: str, at: int, body: bytes) -> str:
    """By another hand than the client's: what the vendor's guide says, step by step."""
    payload = f"{at}.{body.decode()}"
    return f"t={at},v1={hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()}"


def test_webhook__is_believed_only_when_signed() -> None:
    """The secret, the very bytes, the moment; whatever else the header holds."""
    good = signed("whsec", NOW, BODY)
    assert HEADER == "TL-Signature" and genuine("whsec", good, BODY, now=NOW + 10)
    assert genuine("whsec", good.replace(",", ", v2=x,"), BODY, now=NOW)
    assert genuine("whsec", good, BODY, tolerance=None)
    for secret, header, body, now in (
        ("other", good, BODY, NOW),
        ("whsec", good, BODY + b" ", NOW),
        ("whsec", good.replace(f"t={NOW}", f"t={NOW + 1}"), BODY, NOW),
        ("whsec", good, BODY, NOW + 301),
        ("whsec", good, BODY, NOW - 301),
        ("whsec", "", BODY, NOW),
        ("whsec", "t=,v1=", BODY, NOW),
        ("whsec", f"t={NOW},v1=é", BODY, NOW),
        ("whsec", f"t=²,{good.partition(',')[2]}", BODY, NOW),
    ):
        assert not genuine(secret, header, body, now=now)
    assert not genuine("whsec", good, BODY)
    told = notification(BODY)
    assert (told.type, told.data.id, told.data.error.message) == (
        "analyze.task.failed", "t1", "Long.")  # fmt: skip
    for bad in (b"", b"[]", b'{"id": "n1"}'):
        with pytest.raises(BadReply):
            notification(bad)


def streamed(content: bytes, media_type: str) -> httpx2.Response:
    return httpx2.Response(200, headers={"content-type": media_type}, stream=Pieces(content))
