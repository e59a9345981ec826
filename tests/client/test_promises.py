"""What the client promises when things go wrong, each promise against a fault of the fake."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from callers import Blocking, options
from stage import MODELS

from understudy.client import (
    BadReply,
    ConnectionFailed,
    DeadlineExceeded,
    NotFound,
    Patience,
    RateLimited,
    Retry,
    ServerFault,
    StreamBroken,
    TaskFailed,
    TimedOut,
    UnknownStatus,
)
from understudy.mocks import Fake

URL = "https://media.example/pear.mp4?duration=60"
POLL = "retrieve-video-indexing-task"


@pytest.fixture
def fake(caller: Blocking) -> Iterator[Fake]:
    """A fake whose clock moves with the client's own pauses, and with nothing else."""
    with closing(Fake("twelvelabs", time="manual")) as made:
        caller.time.on_sleep = made.clock.advance
        yield made


@pytest.fixture
def task(caller: Blocking, fake: Fake) -> Any:
    """A fresh upload."""
    return begun(caller, fake)


def begun(caller: Blocking, fake: Fake) -> Any:
    client = caller.on_fake(fake)
    index = caller.run(client.indexes.create("films", MODELS))
    return caller.run(client.tasks.create(index.id, video_url=URL))


def waited(caller: Blocking, task: Any, **patience: Any) -> Any:
    return caller.run(task.wait(patience=Patience(**patience)))


def test_wait__sees_every_status_and_ends(caller: Blocking, fake: Fake, task: Any) -> None:
    """Without a fault: the task is ready, for as long as it takes."""
    seen: list[str] = []
    done = caller.run(task.wait(on_status=lambda now: seen.append(now.status)))
    assert done.status == "ready"
    assert list(dict.fromkeys(seen))[-2:] == ["indexing", "ready"]
    assert 90 <= sum(caller.time.slept) <= 95


def test_wait__ends_at_its_deadline_however_stuck_the_task_is(caller: Blocking, fake: Fake) -> None:
    """An hour by default; what was known last is told."""
    fake.faults.add("stuck", at="queued")
    with pytest.raises(DeadlineExceeded, match="is queued after 3600") as caught:
        waited(caller, begun(caller, fake))
    assert caught.value.last.status == "queued"  # type: ignore[attr-defined]
    assert sum(caller.time.slept) == 3600


def test_wait__tells_why_a_task_failed(caller: Blocking, fake: Fake) -> None:
    """Half-way through, with the service's own reason."""
    fake.faults.add("fail", percent=50, reason="The reels are lost.")
    with pytest.raises(TaskFailed, match=r"The reels are lost\.") as caught:
        waited(caller, begun(caller, fake))
    assert caught.value.reason == "The reels are lost."
    assert 45 <= sum(caller.time.slept) <= 50


def test_wait__is_patient_with_a_slow_task(caller: Blocking, fake: Fake) -> None:
    """Ten times longer is still within the hour."""
    fake.faults.add("slow", factor=10)
    assert waited(caller, begun(caller, fake)).status == "ready"
    assert 900 <= sum(caller.time.slept) <= 905


def test_wait__does_not_guess_what_an_unknown_status_means(
    caller: Blocking, fake: Fake, task: Any
) -> None:
    """A word that nobody declared ends the wait at once."""
    fake.faults.add("unknown-status", at="pending", shown="reticulating")
    with pytest.raises(UnknownStatus, match="'reticulating'") as caught:
        waited(caller, task)
    assert caught.value.status == "reticulating"


def test_wait__goes_on_when_a_status_goes_backwards(
    caller: Blocking, fake: Fake, task: Any
) -> None:
    """A stale answer is no end."""
    fake.faults.add("backwards", at="indexing")
    seen: list[str] = []
    caller.run(task.wait(on_status=lambda now: seen.append(now.status)))
    assert "uploading" in seen[seen.index("queued") :] and seen[-1] == "ready"


def test_wait__ends_when_the_task_has_vanished(caller: Blocking, fake: Fake) -> None:
    """What is not there will not come."""
    fake.faults.add("vanish", at="validating")
    with pytest.raises(NotFound):
        waited(caller, begun(caller, fake))


@pytest.mark.parametrize("status", [500, 502, 503])
def test_tolerance__bridges_an_outage_of_the_polls(
    caller: Blocking, fake: Fake, task: Any, status: int
) -> None:
    """The status cannot be had for a minute; meanwhile the work goes on."""
    fake.faults.add("polls-down", seconds=60, status=status)
    assert waited(caller, task, tolerance=20).status == "ready"
    assert fake.journal.find(operation=POLL, status=status)


def test_tolerance__is_bounded(caller: Blocking, fake: Fake, task: Any) -> None:
    """Six looks in a row that fail are too many, each tried four times."""
    fake.faults.add("polls-down")
    with pytest.raises(ServerFault) as caught:
        waited(caller, task)
    assert "6 looks at" in caught.value.__notes__[-1]
    looks = fake.journal.find(operation=POLL, status=503)
    assert 6 <= len(looks) <= 24


def test_tolerance__begins_anew_after_a_good_look(caller: Blocking, fake: Fake, task: Any) -> None:
    """Two outages, neither of which is too long."""
    single = options(retry=Retry(attempts=1))
    client = caller.on_fake(fake, options=single)
    fake.faults.add("status", status=500, operation=POLL, nth=1, times=5)
    fake.faults.add("status", status=500, operation=POLL, nth=2, times=5)
    assert caller.run(client.tasks.wait(task.id)).status == "ready"
    assert len(fake.journal.find(operation=POLL, status=500)) == 10


def test_retry_after__is_honoured_to_the_second(caller: Blocking, fake: Fake) -> None:
    """One refusal, one pause until the window is over, one success."""
    fake.faults.add("status", status=429, retry_after=30, operation="list-indexes")
    client = caller.on_fake(fake)
    assert caller.all(client.indexes.list()) == []
    assert sum(caller.time.slept) == pytest.approx(30, abs=0.6)
    assert len(fake.journal.find(status=429)) == 1


def test_retry_after__that_is_too_long_is_told_instead(caller: Blocking, fake: Fake) -> None:
    """Five minutes are not waited for: the error says when to come back."""
    fake.faults.add("status", status=429, retry_after=300)
    with pytest.raises(RateLimited) as caught:
        caller.all(caller.on_fake(fake).indexes.list())
    assert caught.value.retry_after == 300
    assert caller.time.slept == []


def test_retry_after__of_a_poll_is_waited_for(caller: Blocking, fake: Fake, task: Any) -> None:
    """Also where one look asks for more than a retry would wait."""
    fake.faults.add("status", status=429, retry_after=120, operation=POLL)
    assert waited(caller, task).status == "ready"
    assert len(fake.journal.find(operation=POLL, status=429)) == 1


def test_attempts__are_bounded(caller: Blocking, fake: Fake) -> None:
    """A service that stays down is asked four times, with growing pauses."""
    fake.faults.add("status", status=503)
    with pytest.raises(ServerFault) as caught:
        caller.all(caller.on_fake(fake).indexes.list())
    assert caught.value.__notes__ == ["Given up after 4 attempts."]
    assert len(fake.journal.find(status=503)) == 4
    assert caller.time.slept == sorted(caller.time.slept)


def test_connection__that_is_refused_is_tried_again(caller: Blocking, fake: Fake) -> None:
    """Nothing has arrived, so even a creation is repeated."""
    fake.faults.add("refused", operation="create-index", times=2)
    client = caller.on_fake(fake)
    caller.run(client.indexes.create("films", MODELS))
    assert len(caller.all(client.indexes.list())) == 1
    assert [each.status for each in fake.journal.find(operation="create-index")] == [0, 0, 201]


def test_connection__that_is_lost_does_not_create_twice(caller: Blocking, fake: Fake) -> None:
    """The request may have arrived (it has): only what is safe is repeated."""
    fake.faults.add("reset", operation="create-index", times=1)
    client = caller.on_fake(fake)
    with pytest.raises(ConnectionFailed) as caught:
        caller.run(client.indexes.create("films", MODELS))
    assert caught.value.arrived
    assert len(fake.journal.find(operation="create-index")) == 1
    fake.faults.add("reset", operation="list-indexes", times=1)
    assert len(caller.all(client.indexes.list())) == 1


@pytest.mark.parametrize("kind", ["truncated", "broken-chunk"])
def test_connection__that_ends_early_is_a_failure_not_a_half_answer(
    caller: Blocking, fake: Fake, kind: Any
) -> None:
    """A read is repeated until it is whole, or given up."""
    fake.faults.add(kind, operation="list-indexes", times=2)
    client = caller.on_fake(fake)
    assert caller.all(client.indexes.list()) == []
    fake.faults.add(kind, operation="list-indexes")
    with pytest.raises(ConnectionFailed):
        caller.all(client.indexes.list())


def test_timeout__bounds_each_attempt(caller: Blocking, fake: Fake) -> None:
    """A reply that takes longer than the time-out is not waited for."""
    fake.faults.add("latency", delay=90, operation="list-indexes")
    single = options(timeout=60.0, retry=Retry(attempts=1))
    with pytest.raises(TimedOut):
        caller.all(caller.on_fake(fake, options=single).indexes.list())
    slow = options(timeout=120.0, retry=Retry(attempts=1))
    assert caller.all(caller.on_fake(fake, options=slow).indexes.list()) == []


def test_reply__of_nonsense_is_told_as_such(caller: Blocking, fake: Fake) -> None:
    """A proxy's page where JSON should be."""
    fake.faults.add("garbled", body="<html>Bad gateway</html>")
    with pytest.raises(BadReply):
        caller.all(caller.on_fake(fake).indexes.list())


@pytest.mark.parametrize(("breach", "pointer"), [("missing", "/status"), ("type", "/status")])
def test_reply__off_its_contract_is_no_status(
    caller: Blocking, fake: Fake, task: Any, breach: Any, pointer: str
) -> None:
    """A task without a status, or with a number for one, is not taken for one that runs."""
    fake.faults.add("breach", breach=breach, pointer=pointer, operation=POLL)
    with pytest.raises((BadReply, UnknownStatus)):
        waited(caller, task, tolerance=0)


def test_results__that_are_not_there_yet_are_not_found(
    caller: Blocking, fake: Fake, task: Any
) -> None:
    """Ready, and yet a 404: an error that passes when asked for later."""
    fake.faults.add("results-missing", seconds=30)
    waited(caller, task)
    client = caller.on_fake(fake)
    index = caller.all(client.indexes.list())[0].id
    with pytest.raises(NotFound):
        caller.run(client.indexes.videos.retrieve(index, task.video_id))
    fake.clock.advance(30)
    assert caller.run(client.indexes.videos.retrieve(index, task.video_id)).id == task.video_id


@pytest.mark.parametrize("kind", ["cut", "broken-chunk", "garbled"])
def test_stream__that_breaks_is_never_taken_for_whole(
    caller: Blocking, fake: Fake, task: Any, kind: Any
) -> None:
    """What came before is handed out, then the break is told."""
    waited(caller, task)
    more = {} if kind == "garbled" else {"after": 3}
    fake.faults.add(kind, operation="generate-text-representation", **more)  # type: ignore[typeddict-item]
    events: list[object] = []
    stream = caller.on_fake(fake).analyze_stream(task.video_id, "What happens?")
    with pytest.raises((StreamBroken, ConnectionFailed)):
        drained(caller, stream, events)
    assert len(events) == (1 if kind == "garbled" else 3)


def drained(caller: Blocking, stream: Any, events: list[object]) -> None:
    """Every event of a stream as it comes."""
    if not caller.asynchronous:
        for event in stream:
            events += [event]
        return

    async def drain() -> None:
        async for event in stream:
            events.append(event)

    caller.run(drain())
