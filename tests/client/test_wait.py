"""Waiting always ends: each of its ends, against a server that would keep it waiting."""

from typing import Any

import httpx2
import pytest
from callers import Blocking, Script, error, reply

from understudy.client import (
    BadReply,
    Cancellation,
    Cancelled,
    ConnectionFailed,
    DeadlineExceeded,
    NotFound,
    Patience,
    RateLimited,
    ServerFault,
    TaskFailed,
    Unauthorized,
    UnknownStatus,
    UsageError,
)


def task(status: str, **more: Any) -> httpx2.Response:
    """An indexing task in that status."""
    return reply(
        json={
            "_id": "t",
            "video_id": "v",
            "index_id": "i",
            "status": status,
            "created_at": "2025-07-02T12:59:38.004Z",
            **more,
        }
    )


def embedding(status: str, **more: Any) -> httpx2.Response:
    """An embedding task in that status."""
    return reply(json={"_id": "t", "model_name": "m", "status": status, "video_embedding": more})


def test_wait__ends_with_the_task_when_it_is_ready(caller: Blocking) -> None:
    """Every look is reported, the last one too; the pauses are the interval."""
    seen: list[str] = []
    steps = [task(status) for status in ("uploading", "pending", "pending", "indexing", "ready")]
    client = caller.client(Script(*steps).transport)
    done = caller.run(client.tasks.wait("t", on_status=lambda now: seen.append(now.status)))
    assert (done.id, done.video_id, done.status) == ("t", "v", "ready")
    assert seen == ["uploading", "pending", "pending", "indexing", "ready"]
    assert caller.time.slept == [5.0] * 4


def test_wait__on_what_create_answers(caller: Blocking) -> None:
    """`task.wait()` is the same wait, and `task.retrieve()` a look."""
    made = reply(json={"_id": "t", "video_id": "v"})
    client = caller.client(Script(made, task("pending"), task("ready")).transport)
    new = caller.run(client.tasks.create("i", video_url="https://media.example/a.mp4"))
    assert (new.id, new.video_id) == ("t", "v") and "id='t'" in repr(new)
    assert (new.status, new.done, new.failed) == (None, False, False)
    assert caller.run(new.retrieve()).status == "pending"
    assert (new.status, new.done, new.failed) == ("pending", False, False)
    assert caller.run(new.wait()).status == "ready"
    assert (new.status, new.done, new.failed) == ("ready", True, False)


def test_wait__leaves_a_failed_task_marked_as_failed(caller: Blocking) -> None:
    """After the wait has raised, the task still says how it ended."""
    made = reply(json={"_id": "t", "video_id": "v"})
    client = caller.client(Script(made, task("failed", error_reason="No video.")).transport)
    new = caller.run(client.tasks.create("i", video_url="https://media.example/a.mp4"))
    with pytest.raises(TaskFailed):
        caller.run(new.wait())
    assert (new.status, new.done, new.failed) == ("failed", False, True)


def test_wait__on_an_embedding_task(caller: Blocking) -> None:
    """Embedding tasks are waited for in the same way, through their status."""
    script = Script(reply(json={"_id": "t"}), embedding("processing"), embedding("ready"))
    client = caller.client(script.transport)
    new = caller.run(client.embed.tasks.create("m", video_url="https://media.example/a.mp4"))
    assert caller.run(new.wait()).status == "ready"
    assert script.requests[-1].url.path == "/v1.3/embed/tasks/t/status"


def test_failure__carries_the_task_and_the_reason(caller: Blocking) -> None:
    """A failed task is an error, reported to the callback like any other look."""
    seen: list[str] = []
    client = caller.client(Script(task("failed", error_reason="No video.")).transport)
    with pytest.raises(TaskFailed, match=r"Task t is failed: No video\.") as caught:
        caller.run(client.tasks.wait("t", on_status=lambda now: seen.append(now.status)))
    assert (caught.value.reason, caught.value.status) == ("No video.", "failed")
    assert caught.value.task.id == "t" and seen == ["failed"]  # type: ignore[attr-defined]
    client = caller.client(Script(embedding("failed", error_message="Too short.")).transport)
    with pytest.raises(TaskFailed, match=r"Too short\."):
        caller.run(client.embed.tasks.wait("t"))


def test_status__that_nobody_declared_is_an_error(caller: Blocking) -> None:
    """A word that is new could mean anything, so it is not waited on."""
    client = caller.client(Script(task("pending"), task("reticulating")).transport)
    with pytest.raises(UnknownStatus, match=r"'reticulating'.*expected indexing") as caught:
        caller.run(client.tasks.wait("t"))
    assert caught.value.status == "reticulating"


def test_deadline__is_there_by_default(caller: Blocking) -> None:
    """A task that is stuck is left after an hour, with what was known of it."""
    script = Script(task("indexing"))
    with pytest.raises(DeadlineExceeded, match="Task t is indexing after 3600") as caught:
        caller.run(caller.client(script.transport).tasks.wait("t"))
    assert caller.time.now == 1_000 + 3_600
    assert len(script.requests) == 721
    assert caught.value.last.status == "indexing"  # type: ignore[attr-defined]


def test_deadline__takes_a_last_look_when_it_comes(caller: Blocking) -> None:
    """The last pause is cut short, so that a result on time is not missed."""
    script = Script(task("indexing"), task("indexing"), task("indexing"), task("ready"))
    client = caller.client(script.transport)
    patience = Patience(deadline=12, interval=5)
    assert caller.run(client.tasks.wait("t", patience=patience)).status == "ready"
    assert caller.time.slept == [5, 5, 2]


def test_deadline__holds_for_a_server_that_never_answers(caller: Blocking) -> None:
    """Time-outs are failed looks; with tolerance to spare, the deadline ends them."""

    def silent(request: httpx2.Request) -> httpx2.Response:
        caller.time.now += request.extensions["timeout"]["read"]
        raise httpx2.ReadTimeout("silence")

    client = caller.client(Script(silent).transport)
    with pytest.raises(DeadlineExceeded, match="was never seen"):
        caller.run(client.tasks.wait("t", patience=Patience(deadline=600, tolerance=10_000)))
    assert caller.time.now <= 1_000 + 601


PASSING = [
    error(500),
    error(503),
    error(429),
    httpx2.ReadError("x"),
    httpx2.Response(200, text="?"),
]


@pytest.mark.parametrize("failure", PASSING, ids=str)
def test_tolerance__is_bounded(caller: Blocking, failure: Any) -> None:
    """Five failed looks in a row are put up with, the sixth is not."""
    script = Script(failure)
    with pytest.raises((ServerFault, RateLimited, ConnectionFailed, BadReply)) as caught:
        caller.run(caller.client(script.transport).tasks.wait("t"))
    assert len(script.requests) == 6
    assert caught.value.__notes__[-1] == "6 looks at Task t in a row have failed."


@pytest.mark.parametrize("failure", PASSING, ids=str)
def test_tolerance__begins_anew_after_a_good_look(caller: Blocking, failure: Any) -> None:
    """Only failures in a row count."""
    steps = [failure] * 5 + [task("pending")] + [failure] * 5 + [task("ready")]
    client = caller.client(Script(*steps).transport)
    assert caller.run(client.tasks.wait("t")).status == "ready"


@pytest.mark.parametrize(("status", "kind"), [(401, Unauthorized), (404, NotFound)])
def test_error__that_will_not_pass_ends_at_once(
    caller: Blocking, status: int, kind: type[Exception]
) -> None:
    """A wrong key or an unknown task is not polled."""
    script = Script(error(status))
    with pytest.raises(kind):
        caller.run(caller.client(script.transport).tasks.wait("t"))
    assert len(script.requests) == 1


def test_pause__is_as_long_as_the_service_asks(caller: Blocking) -> None:
    """A limited look is followed by the pause that the service asked for."""
    steps = [error(429, retry_after="90"), task("pending"), task("ready")]
    caller.run(caller.client(Script(*steps).transport).tasks.wait("t"))
    assert caller.time.slept == [90.0, 5.0]


def test_pause__past_the_deadline_is_not_begun(caller: Blocking) -> None:
    """When the service wants more time than there is, waiting is over."""
    client = caller.client(Script(error(429, retry_after="90")).transport)
    with pytest.raises(DeadlineExceeded):
        caller.run(client.tasks.wait("t", patience=Patience(deadline=60)))
    assert caller.time.slept == []


def test_cancellation__ends_a_wait(caller: Blocking) -> None:
    """Thrown while pausing, it is noticed within a slice of the pause."""
    switch = Cancellation()
    caller.time.on_sleep = lambda seconds: caller.time.now > 1_003 and switch.cancel()
    client = caller.client(Script(task("pending")).transport).with_options(cancellation=switch)
    with pytest.raises(Cancelled):
        caller.run(client.tasks.wait("t"))
    assert caller.time.now == pytest.approx(1_003.25)


@pytest.mark.parametrize(
    "wrong",
    [{"deadline": float("inf")}, {"deadline": float("nan")}, {"deadline": 0}, {"interval": 0}],
)
def test_patience__cannot_be_endless(wrong: dict[str, float]) -> None:
    """There is no way to ask for a wait without end."""
    with pytest.raises(UsageError):
        Patience(**wrong)  # type: ignore[arg-type]
