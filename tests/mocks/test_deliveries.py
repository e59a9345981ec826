"""Deliveries: due on the clock, tried again, signed, bounded, and what faults make of them."""

from typing import Any

import pytest

from understudy.mocks.clock import EPOCH, AutoClock, ManualClock, RealClock
from understudy.mocks.delivery import Answered, Delivery, Dispatch, Parcel
from understudy.mocks.fault import Fault
from understudy.mocks.limits import Limits
from understudy.mocks.outlet import Outlet
from understudy.mocks.receiver import from_callable
from understudy.mocks.signature import HEADER, genuine
from understudy.mocks.tenant import Tenant

URL = "http://127.0.0.1:9/hook"
GOOD = Answered(200)
BAD = Answered(503, "busy")


class Stage:
    """A tenant on a manual clock, and a receiver that answers as told and notes what came."""

    def __init__(self, *answers: Answered, dispatch: Dispatch | None = None, **limits: int) -> None:
        self.came: list[Parcel] = []
        self.instants: list[float] = []
        self.answers = list(answers)
        outlet = Outlet(dispatch)
        outlet.receiver = from_callable(self.take)
        self.reports: list[str] = []
        self.tenant = Tenant(
            "plum",
            clock=ManualClock,
            limits=Limits(**limits),
            outlet=outlet,
            report=self.reports.append,
        )

    def take(self, parcel: Parcel) -> Answered:
        self.came.append(parcel)
        self.instants.append(self.tenant.clock.now() - EPOCH)
        return self.answers.pop(0) if self.answers else GOOD

    def queue(self, about: str = "a", at: float | None = None, **more: Any) -> Delivery:
        when = None if at is None else EPOCH + at
        content = {"id": about}
        return self.tenant.deliveries.queue(
            "grove", URL, content, event="ready", about=about, at=when, **more
        )

    def fault(self, kind: str, **more: Any) -> None:
        self.tenant.faults.add(Fault(kind, id=kind, **more))  # type: ignore[arg-type]


def test_queue__comes_at_its_instant_not_before() -> None:
    """A delivery is an event of the clock; the receiver sees the clock at that instant."""
    stage = Stage()
    made = stage.queue(at=60)
    stage.tenant.advance(59)
    assert (stage.came, made.state) == ([], "pending")
    stage.tenant.advance(600)
    assert stage.instants == [60]
    assert stage.came[0].json() == {"id": "a"}
    assert (made.state, made.attempts[0].status, made.attempts[0].at) == (
        "delivered",
        200,
        EPOCH + 60,
    )


def test_queue__content_is_fixed_when_queued() -> None:
    """What the provider changes afterwards does not change what is told."""
    stage, content = Stage(), {"status": "ready"}
    made = stage.tenant.deliveries.queue("grove", URL, content, event="x", at=EPOCH + 1)
    content["status"] = "failed"
    stage.tenant.advance(1)
    assert stage.came[0].json() == made.content == {"status": "ready"}


def test_retry__backs_off_until_taken() -> None:
    """Each attempt that is not answered with 2xx is followed by another, after the backoff."""
    stage = Stage(BAD, Answered(None, error="timed out"), Answered(302), GOOD)
    made = stage.queue()
    stage.tenant.advance(3600)
    assert stage.instants == [0, 5, 35, 155]
    assert [each.status for each in made.attempts] == [503, None, 302, 200]
    assert [each.error for each in made.attempts][1] == "timed out"
    assert made.state == "delivered"
    tries = [dict(parcel.headers)["X-Understudy-Attempt"] for parcel in stage.came]
    assert tries == ["1", "2", "3", "4"]


def test_retry__gives_up_after_the_last() -> None:
    """The length of the backoff is the number of retries; then it has failed."""
    stage = Stage(BAD, BAD, BAD, dispatch=Dispatch(backoff=(1, 2)))
    made = stage.queue()
    stage.tenant.advance(2)
    assert made.state == "pending"
    stage.tenant.advance(3600)
    assert (stage.instants, made.state) == ([0, 1, 3], "failed")


def test_retry__not_after_a_final_answer() -> None:
    """What the guard refuses would be refused again."""
    stage = Stage(Answered(None, error="not allowed", final=True))
    made = stage.queue()
    stage.tenant.advance(3600)
    assert (len(stage.came), made.state) == (1, "failed")


def test_retry__speed_shortens_the_backoff() -> None:
    """Speed divides lifecycles and backoff, never the clock."""
    stage = Stage(BAD)
    stage.tenant.clock = ManualClock(speed=10)
    stage.queue()
    stage.tenant.advance(3600)
    assert stage.instants == [0, 0.5]


def test_retry__on_a_real_clock_counts_from_the_answer() -> None:
    """On wall time the receiver's own slowness is not held against it."""
    wall = [EPOCH]
    tenant = Tenant("plum", clock=lambda: RealClock(lambda: wall[0]))
    made = tenant.deliveries.queue("grove", URL, {}, event="x")
    tenant.settle()
    parcel = tenant.deliveries.take()
    assert parcel is not None
    wall[0] += 10
    tenant.deliveries.record(parcel, BAD)
    assert tenant.agenda.next() == EPOCH + 15
    assert made.state == "pending"


def test_auto__what_polls_pushed_ahead_is_due_at_once() -> None:
    """A task that is ahead of an auto clock tells its callback now, stamped with its own time."""
    tenant = Tenant("plum", clock=AutoClock)
    made = tenant.deliveries.queue("grove", URL, {}, event="x", at=EPOCH + 90)
    tenant.settle()
    assert tenant.deliveries.waiting
    assert made.at == EPOCH + 90


def test_auto__a_server_retries_at_once() -> None:
    """Nobody waits on a server's auto clock, so the plan's instants pass without waiting."""
    tenant = Tenant("plum", clock=AutoClock)
    tenant.outlet.wakes.append(lambda: None)
    made = tenant.deliveries.queue("grove", URL, {}, event="x")
    for _ in range(9):
        tenant.settle()
        while (parcel := tenant.deliveries.take()) is not None:
            tenant.deliveries.record(parcel, BAD)
    assert made.state == "failed"
    assert [each.at - EPOCH for each in made.attempts] == [0, 5, 35, 155, 755]


def test_redeliver__sends_the_same_once_more() -> None:
    """On demand, at any time, whatever came of it before."""
    stage = Stage(GOOD, BAD)
    made = stage.queue()
    stage.tenant.advance(0)
    stage.tenant.deliveries.redeliver(made.id)
    stage.tenant.advance(60)
    assert [parcel.body for parcel in stage.came] == [stage.came[0].body] * 3
    assert [each.status for each in made.attempts] == [200, 503, 200]
    assert made.state == "delivered"
    with pytest.raises(KeyError):
        stage.tenant.deliveries.redeliver("dlv_none")


def test_signature__is_over_instant_and_body() -> None:
    """A receiver that knows the secret can tell; without a secret there is no such line."""
    stage = Stage(dispatch=Dispatch(secret="s3"))
    stage.queue()
    stage.tenant.advance(0)
    line = dict(stage.came[0].headers)[HEADER]
    assert line.startswith(f"t={int(EPOCH)},v1=")
    assert genuine("s3", line, stage.came[0].body)
    assert not genuine("s4", line, stage.came[0].body)
    assert not genuine("s3", line, stage.came[0].body + b" ")
    assert not genuine("s3", "v1=00", b"")
    bare = Stage()
    bare.queue()
    bare.tenant.advance(0)
    assert HEADER not in dict(bare.came[0].headers)


def test_fault__lost_is_never_sent() -> None:
    """Nothing comes, and the log says why."""
    stage = Stage()
    stage.fault("lost", nth=1)
    lost, kept = stage.queue("a"), stage.queue("b")
    stage.tenant.advance(3600)
    assert [parcel.json() for parcel in stage.came] == [{"id": "b"}]
    assert (lost.state, kept.state, lost.attempts) == ("lost", "delivered", [])


def test_fault__late_comes_after_its_delay() -> None:
    """By the seconds of the fault, or a minute."""
    stage = Stage()
    stage.fault("late", delay=7.0, times=1)
    stage.queue("a")
    stage.queue("b")
    stage.tenant.advance(3600)
    assert list(zip(stage.instants, [p.json() for p in stage.came], strict=True)) == [
        (0, {"id": "b"}),
        (7, {"id": "a"}),
    ]


def test_fault__duplicate_comes_twice_with_one_id() -> None:
    """The copy carries the same id and body: that is how a receiver can tell."""
    stage = Stage()
    stage.fault("duplicate", delay=3.0)
    made = stage.queue()
    stage.tenant.advance(60)
    assert stage.instants == [0, 3]
    assert {parcel.delivery for parcel in stage.came} == {made.id}
    assert len({parcel.body for parcel in stage.came}) == 1


def test_fault__reordered_comes_after_the_next() -> None:
    """It is held back until another was sent, or for a minute when none is."""
    stage = Stage()
    stage.fault("reordered", nth=1)
    stage.queue("a", at=10)
    stage.queue("b", at=20)
    stage.tenant.advance(25)
    assert [parcel.json() for parcel in stage.came] == [{"id": "b"}, {"id": "a"}]
    alone = Stage()
    alone.fault("reordered")
    alone.queue("a")
    alone.tenant.advance(600)
    assert alone.instants == [60]


def test_bound__drops_the_oldest_and_says_so() -> None:
    """What is pushed out is not sent any more, counted and reported; the rest is."""
    stage = Stage(deliveries=2)
    for about in "abc":
        stage.queue(about, at=5)
    assert [each.about for each in stage.tenant.deliveries] == ["b", "c"]
    stage.tenant.advance(10)
    assert [parcel.json() for parcel in stage.came] == [{"id": "b"}, {"id": "c"}]
    assert stage.tenant.deliveries.dropped == 1
    assert "Limits(deliveries=...)" in stage.reports[0]


def test_reset__forgets_what_was_to_be_sent() -> None:
    """A reset tenant sends nothing of its former life, and counts ids from the start."""
    stage = Stage()
    first = stage.queue(at=5)
    stage.tenant.reset()
    stage.tenant.advance(60)
    assert stage.came == []
    assert stage.queue().id == first.id


def test_reset__while_a_parcel_is_on_its_way() -> None:
    """What comes of it is nobody's any more, though a new delivery may have the same id."""
    tenant = Tenant("plum", clock=ManualClock)
    tenant.deliveries.queue("grove", URL, {}, event="x")
    tenant.settle()
    before = tenant.deliveries
    parcel = before.take()
    assert parcel is not None
    tenant.reset()
    made = tenant.deliveries.queue("grove", URL, {}, event="x")
    tenant.settle()
    before.record(parcel, BAD)
    assert made.id == parcel.delivery
    assert (made.state, made.attempts[0].ended, len(tenant.agenda)) == ("pending", False, 0)


def test_auto__what_polls_pushed_ahead_keeps_its_own_time() -> None:
    """Stamps follow the task's time, retries included; in process the clock brings the retry."""
    stage = Stage(BAD)
    stage.tenant.clock = AutoClock()
    made = stage.queue(at=90)
    stage.tenant.advance(0)
    assert stage.instants == [0]
    stage.tenant.advance(60)
    assert stage.instants == [0, 5]
    assert [each.at - EPOCH for each in made.attempts] == [90, 95]


def test_receiver__that_calls_back_does_not_go_in_circles() -> None:
    """A receiver may move the clock or queue more; what is due by that follows, in order."""
    stage = Stage()

    def take(parcel: Parcel) -> None:
        stage.came.append(parcel)
        if parcel.json() == {"id": "a"}:
            stage.queue("b")
            stage.tenant.advance(30)
            assert len(stage.came) == 1

    stage.tenant.outlet.receiver = from_callable(take)
    stage.queue("a")
    stage.tenant.advance(0)
    assert [parcel.json() for parcel in stage.came] == [{"id": "a"}, {"id": "b"}]


def test_receiver__failed_assertion_reaches_the_test() -> None:
    """Other exceptions are a receiver's 500; an assertion is the test's own voice."""
    stage = Stage()
    stage.tenant.outlet.receiver = from_callable(lambda parcel: 1 // 0)
    made = stage.queue()
    stage.tenant.advance(0)
    assert (made.attempts[0].status, made.state) == (500, "pending")
    assert "ZeroDivisionError" in made.attempts[0].error

    def take(parcel: Parcel) -> None:
        raise AssertionError("no such order")

    stage.tenant.outlet.receiver = from_callable(take)
    other = stage.queue("b")
    with pytest.raises(AssertionError, match="no such order"):
        stage.tenant.advance(0)
    assert other.state == "failed"
