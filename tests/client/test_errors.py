"""Refusals as errors: their kind, code, message and request id, whatever the body is."""

import httpx2
import pytest
from callers import Blocking, Script, error, reply

import understudy.client
from understudy.client import ApiError, ClientError, ConnectionFailed, UsageError, errors
from understudy.client.errors import BY_STATUS
from understudy.client.refusal import Problem, flat_or_nested
from understudy.errors import UnderstudyError

REFUSALS = [(status, kind) for status, kind in BY_STATUS.items() if status >= 400]


# 202 is a refusal for files alone: see test_download.
@pytest.mark.parametrize(("status", "kind"), [*REFUSALS, (418, ApiError)])
def test_refusal__is_the_error_of_its_status(
    caller: Blocking, status: int, kind: type[ApiError]
) -> None:
    """Code, message, request id and body come along; so do the headers."""
    script = Script(error(status, "some_code", x_request_id="req-1", retry_after="600"))
    with pytest.raises(ApiError) as caught:
        caller.run(caller.client(script.transport).indexes.retrieve("i"))
    refused = caught.value
    assert type(refused) is kind
    assert (refused.status, refused.code, refused.request_id) == (status, "some_code", "req-1")
    assert refused.body == {"code": "some_code", "message": "About some_code."}
    assert refused.headers["x-request-id"] == "req-1"
    assert str(refused) == f"{status} some_code: About some_code. (request req-1)"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The service gave no reason."),
        (b"<html>\n<b>Bad gateway</b>", "The service said: '<html> <b>Bad gateway</b>'."),
        (b"[1, 2]", "The service said: '[1, 2]'."),
        (b"\xff\xfe", "The service said: '\ufffd\ufffd'."),
        (b"x" * 10_000, f"The service said: '{'x' * 200}'."),
        (b"[" * 100_000, f"The service said: '{'[' * 200}'."),
    ],
)
def test_refusal__with_any_body_is_still_one(caller: Blocking, body: bytes, message: str) -> None:
    """An empty 429, a proxy's page or rubbish never hides the status."""
    script = Script(httpx2.Response(400, content=body))
    with pytest.raises(ApiError) as caught:
        caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert (caught.value.code, caught.value.message) == (None, message)


def test_envelope__is_flat_or_nested() -> None:
    """Both envelopes of the service are read, and values of other types are no surprise."""
    assert flat_or_nested({"code": "c", "message": "m", "docs_url": "u"}) == Problem("c", "m", "u")
    assert flat_or_nested({"error": {"code": "c", "message": "m"}}) == Problem("c", "m")
    assert flat_or_nested({"code": 7, "message": None}) == Problem("7", None)
    assert flat_or_nested({"code": {}, "message": True}) == Problem()
    assert flat_or_nested(None) == Problem()


def test_connection__that_was_never_made(caller: Blocking) -> None:
    """The error says that nothing can have arrived."""
    script = Script(httpx2.ConnectError("refused"))
    with pytest.raises(ConnectionFailed, match="GET /indexes/i got no answer: refused") as caught:
        caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert not caught.value.arrived


def test_client__that_is_closed_says_so(caller: Blocking) -> None:
    """After `close`, or the end of the `with`, nothing is sent any more."""
    script = Script(reply(204))
    client = caller.client(script.transport)
    assert caller.enter(client) is client
    caller.run(client.indexes.delete("i"))
    caller.leave(client)
    with pytest.raises(UsageError, match="closed"):
        caller.run(client.indexes.delete("i"))
    assert len(script.requests) == 1


def test_tree__hangs_together() -> None:
    """Every error is a ClientError and an UnderstudyError, and stands in the drawn tree."""
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    kinds = [each for each in kinds if issubclass(each, ClientError)]
    assert len(kinds) > 15
    for kind in kinds:
        assert issubclass(kind, UnderstudyError)
        assert kind.__name__ in str(errors.__doc__)
        assert kind.__name__ in understudy.client.__all__
