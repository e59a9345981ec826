"""What is repeated, after how long, and what never is: each promise against a failing server."""

import httpx2
import pytest
from callers import INDEX, Blocking, Pieces, Script, error, options, reply

from understudy.client import (
    ApiError,
    BadReply,
    ConnectionFailed,
    DeadlineExceeded,
    NotFound,
    RateLimited,
    Retry,
    ServerFault,
    TimedOut,
)

BROKEN = httpx2.ReadError("broken off")
MODELS = [{"model_name": "marengo2.7", "model_options": ["visual"]}]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_status__that_may_pass_is_tried_again(caller: Blocking, status: int) -> None:
    """A read goes through as soon as the server has come to its senses."""
    script = Script(error(status), error(status), reply(json=INDEX))
    client = caller.client(script.transport)
    assert caller.run(client.indexes.retrieve("i")).index_name == "films"
    assert len(script.requests) == 3
    assert caller.time.slept == [0.25, 0.5]


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 409, 413, 422, 501])
def test_status__that_is_final_is_not(caller: Blocking, status: int) -> None:
    """Asking again would not change the answer; a redirect is not followed with the key."""
    script = Script(error(status, location="https://elsewhere.example/"))
    with pytest.raises(ApiError) as caught:
        caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert caught.value.status == status
    assert len(script.requests) == 1 and caller.time.slept == []


def test_attempts__are_bounded(caller: Blocking) -> None:
    """A server that never recovers is left alone after the last attempt."""
    script = Script(error(503))
    with pytest.raises(ServerFault) as caught:
        caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert len(script.requests) == 4
    assert caller.time.slept == [0.25, 0.5, 1.0]
    assert caught.value.__notes__ == ["Given up after 4 attempts."]


def test_pause__grows_to_its_cap_with_jitter(caller: Blocking) -> None:
    """Between half and all of a pause that doubles until the cap."""
    caller.time.chance = 0.5
    client = caller.client(
        Script(error(503)).transport, options=options(retry=Retry(attempts=7, base=1.0, cap=8.0))
    )
    with pytest.raises(ServerFault):
        caller.run(client.indexes.retrieve("i"))
    assert caller.time.slept == [0.75, 1.5, 3.0, 6.0, 6.0, 6.0]


@pytest.mark.parametrize(
    "headers",
    [
        {"retry_after": "7"},
        {"retry_after": "Wed, 02 Jul 2025 12:00:07 GMT", "date": "Wed, 02 Jul 2025 12:00:00 GMT"},
        {"x_ratelimit_reset": "1750000007"},
        {"x_ratelimit_reset": "7"},
        {"retry_after": "7", "x_ratelimit_reset": "1750000050"},
        {"retry_after": "soon", "x_ratelimit_reset": "1750000007"},
    ],
)
def test_service__says_when_to_come_back(caller: Blocking, headers: dict[str, str]) -> None:
    """Retry-After (seconds or a date) and X-Ratelimit-Reset are waited for, and no less."""
    script = Script(error(429, **headers), reply(json=INDEX))
    caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert caller.time.slept == pytest.approx([7.0])


def test_service__that_asks_for_too_long_is_believed_and_left(caller: Blocking) -> None:
    """A day is not slept through: the error says when to come back."""
    script = Script(error(429, "too_many_requests", retry_after="86400"))
    with pytest.raises(RateLimited) as caught:
        caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert caught.value.retry_after == 86400
    assert len(script.requests) == 1 and caller.time.slept == []


def test_reset__in_the_past_falls_to_a_short_pause(caller: Blocking) -> None:
    """A reset that is over never makes a negative pause."""
    script = Script(error(429, x_ratelimit_reset="1600000000"), reply(json=INDEX))
    caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert caller.time.slept == [0.0]


@pytest.mark.parametrize("failure", [error(500), error(502), error(504), BROKEN])
def test_creation__that_may_have_worked_is_not_repeated(caller: Blocking, failure: object) -> None:
    """No second index, whatever became of the first."""
    script = Script(failure)  # type: ignore[arg-type]
    with pytest.raises((ServerFault, ConnectionFailed)):
        caller.run(caller.client(script.transport).indexes.create("films", MODELS))
    assert len(script.requests) == 1


@pytest.mark.parametrize("failure", [error(429), error(503), httpx2.ConnectError("no route")])
def test_creation__that_was_refused_is_repeated(caller: Blocking, failure: object) -> None:
    """What the service has not taken may be offered again."""
    script = Script(failure, reply(201, {"_id": "1"}))  # type: ignore[arg-type]
    made = caller.run(caller.client(script.transport).indexes.create("films", MODELS))
    assert made.id == "1" and len(script.requests) == 2


def test_connection__that_breaks_is_tried_again_for_reads(caller: Blocking) -> None:
    """Before or in the middle of the body: the answer comes whole or not at all."""
    half = httpx2.Response(200, stream=Pieces(b'{"_id": "6', BROKEN))
    script = Script(BROKEN, half, reply(json=INDEX))
    assert caller.run(caller.client(script.transport).indexes.retrieve("i")).video_count == 3


def test_time_out__is_a_connection_that_failed(caller: Blocking) -> None:
    """And says so in its type."""
    script = Script(httpx2.ReadTimeout("slow"))
    with pytest.raises(TimedOut) as caught:
        caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert caught.value.arrived and len(script.requests) == 4


def test_deletion__whose_answer_was_lost_has_worked(caller: Blocking) -> None:
    """Nothing is left to delete the second time: that is a success, but only then."""
    caller.run(caller.client(Script(BROKEN, error(404)).transport).indexes.delete("i"))
    caller.run(caller.client(Script(error(502), error(404)).transport).indexes.delete("i"))
    for steps in ([error(404)], [error(503), error(404)]):
        with pytest.raises(NotFound):
            caller.run(caller.client(Script(*steps).transport).indexes.delete("i"))


def test_garbage__is_not_asked_for_again(caller: Blocking) -> None:
    """A reply that is no JSON is an error of its own, with a look at what came."""
    script = Script(httpx2.Response(200, text="<html>hello</html>"))
    with pytest.raises(BadReply, match="<html>hello") as caught:
        caller.run(caller.client(script.transport).indexes.retrieve("i"))
    assert caught.value.__notes__ == ["In the reply to GET /indexes/i."]
    assert len(script.requests) == 1


def test_deadline__counts_attempts_and_pauses(caller: Blocking) -> None:
    """No pause is begun that would end after the deadline."""
    script = Script(error(503, retry_after="20"))
    client = caller.client(script.transport, options=options(deadline=50.0))
    with pytest.raises(DeadlineExceeded, match="GET /indexes/i was not done within 50") as caught:
        caller.run(client.indexes.retrieve("i"))
    assert caller.time.slept == [20.0, 20.0]
    assert isinstance(caught.value.__cause__, ServerFault)


def test_deadline__bounds_a_reply_that_trickles(caller: Blocking) -> None:
    """A server that sends a byte now and then cannot hold the caller for ever."""

    class Slow(Pieces):
        def __iter__(self):  # type: ignore[no-untyped-def]
            while True:
                caller.time.now += 9
                yield b" "

    script = Script(httpx2.Response(200, stream=Slow()))
    client = caller.client(script.transport, options=options(deadline=30.0))
    with pytest.raises(DeadlineExceeded):
        caller.run(client.indexes.retrieve("i"))
    assert caller.time.now == 1036


def test_time_out__shrinks_towards_the_deadline(caller: Blocking) -> None:
    """Each wait for the network is bounded by what is left of the call's time."""
    script = Script(error(503, retry_after="20"), reply(json=INDEX))
    client = caller.client(script.transport).with_options(timeout=40, deadline=50)
    caller.run(client.indexes.retrieve("i"))
    assert [sent.extensions["timeout"]["read"] for sent in script.requests] == [40, 30]


def test_retry__can_be_switched_off(caller: Blocking) -> None:
    """One attempt means one request."""
    script = Script(error(503))
    client = caller.client(script.transport).with_options(retry=Retry(attempts=1))
    with pytest.raises(ServerFault):
        caller.run(client.indexes.retrieve("i"))
    assert len(script.requests) == 1
