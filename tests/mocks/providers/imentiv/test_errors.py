"""Refusals of Imentiv: one envelope, two forms of detail."""

import pytest

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Form, Headers, Part, Request
from understudy.contracts.violation import Violation
from understudy.mocks.providers.imentiv.errors import Errors, refuse
from understudy.mocks.refusal import Reason, Refusal

CONTRACT = Contract.load("imentiv/v1")
KEY = ("x-api-key", "k")
UPLOAD = "upload_text_v2_texts_post"
CHAT = "chat_ai_insights_v2__media_type___media_id__ai_insights_post"
VIDEOS = "list_videos_v1_videos_get"
NAMES = "PUT /v1/videos/a/faces/names"


def told(operation, violations, reason=Reason.INVALID):
    """The envelope's answer to a request with these violations, held against the contract."""
    refusal = Refusal(reason, "a sentence", violations=violations)
    answer = Errors().answer(refusal, CONTRACT.operations[operation])
    assert not CONTRACT.check_answer(
        CONTRACT.operations[operation], answer.status, "application/json", answer.content, Headers()
    )
    return answer.status, answer.content["detail"]


def broken(**said):
    """The violations of a request."""
    reading = CONTRACT.read(Request(headers=Headers([KEY, *said.pop("headers", [])]), **said))
    assert reading.violations
    return reading.operation.id, reading.violations


FORM = ("content-type", "application/x-www-form-urlencoded")
JSON = ("content-type", "application/json")


@pytest.mark.parametrize(
    ("call", "body", "loc", "kind"),
    [
        ("GET /v1/videos?page_size=x", None, ["query", "page_size"], "int_parsing"),
        ("GET /v1/videos?page_size=0", None, ["query", "page_size"], "greater_than_equal"),
        ("GET /v1/videos?page_size=101", None, ["query", "page_size"], "less_than_equal"),
        ("GET /v1/videos?direction=up", None, ["query", "direction"], "literal_error"),
        ("GET /v2/reports/pdf/a", None, ["query", "media_type"], "missing"),
        ("GET /v1/videos/a/frames/b", None, ["path", "frame_id"], "string_pattern_mismatch"),
        ("POST /v2/texts", b"text=a", ["body", "title"], "missing"),
        ("POST /v2/texts", b"text=a&title=", ["body", "title"], "string_too_short"),
        ("PUT /v1/videos/a/metadata", b"title=" + b"a" * 51, ["body", "title"], "string_too_long"),
        ("POST /v2/texts", b"{}", ["body"], "value_error"),
        (NAMES, b"{}", ["body"], "list_type"),
        (NAMES, b"[", ["body"], "json_invalid"),
        (NAMES, b"[{}]", ["body", 0, "name"], "missing"),
        (NAMES, None, ["body"], "missing"),
    ],
)
def test_errors__list_what_cannot_be_read(call, body, loc, kind):
    """A 422 whose detail names the place, the expectation and the type of each value."""
    method, _, target = call.partition(" ")
    path, _, query = target.partition("?")
    headers = [JSON if body[:1] in b"{[" else FORM] if body is not None else []
    operation, violations = broken(
        method=method, path=path, query=query, headers=headers, body=body or b""
    )
    status, detail = told(operation, violations)
    assert status == 422
    assert (detail[0]["loc"], detail[0]["type"]) == (loc, kind)
    assert detail[0]["msg"]


def test_errors__a_file_of_a_wrong_type_stands_in_the_list():
    """A part that is no video is named by its field."""
    parts = (Part("title", b"a"), Part("video_file", b"x", "a.txt", "text/plain"))
    form = ("content-type", "multipart/form-data; boundary=b")
    operation, violations = broken(
        method="POST", path="/v2/videos", headers=[form], body=Form(parts)
    )
    assert told(operation, violations)[1][0]["loc"] == ["body", "video_file"]


def test_errors__conversations_answer_in_a_sentence():
    """What is wrong with a message is a plain string."""
    operation, violations = broken(
        method="POST", path="/v2/video/a/ai-insights", headers=[JSON], body=b'{"message": ""}'
    )
    assert told(operation, violations) == (422, "a sentence")


@pytest.mark.parametrize("reason", [Reason.NO_KEY, Reason.WRONG_KEY])
def test_errors__a_key_is_refused_in_the_services_own_words(reason):
    """401 with one sentence, whatever is wrong with the key."""
    security = (Violation("imentiv/v1", VIDEOS, "security", "", None, "a key", "x:1"),)
    assert told(VIDEOS, security, reason) == (401, "Invalid User or Not Authorized")


def test_errors__an_encoded_body_is_no_list():
    """Only what the contract could not read is listed."""
    assert told(UPLOAD, (), Reason.MEDIA_TYPE) == (415, "a sentence")


def test_refuse__keeps_status_and_sentence():
    """A broken rule has the status that its behaviour chose."""
    answer = Errors().answer(refuse(409, "It is processing."), CONTRACT.operations[VIDEOS])
    assert (answer.status, answer.content) == (409, {"detail": "It is processing."})
