"""Tasks move along the declared order only, at their own times, and end as they were told to."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle, load_lifecycles
from understudy.mocks.agenda import Agenda
from understudy.mocks.clock import EPOCH, LATEST, stamp, whole
from understudy.mocks.store import Collection, Resource
from understudy.mocks.task import Outcome, Plan, Task, TaskError

DECLARED: Mapping[str, Json] = {
    "lifecycles": {
        "job": {
            "stages": [
                {"status": "waiting", "seconds": 5},
                {"status": "checking", "seconds": 0},
                {"status": "running", "seconds": 10, "per_media_second": 0.5},
            ],
            "terminal": ["done", "failed", "cancelled"],
            "success": "done",
            "failure": {
                "status": "failed",
                "from": ["checking", "running"],
                "reason": "It broke.",
                "code": "broken",
            },
            "transitions": {
                "waiting": ["checking", "cancelled"],
                "checking": ["running", "failed", "cancelled"],
                "running": ["done", "failed", "cancelled"],
            },
        },
        "order": {
            "stages": [{"status": "open", "seconds": 5}, {"status": "packing", "seconds": 10}],
            "detours": ["returning"],
            "terminal": ["sent", "returned"],
            "success": "sent",
            "transitions": {
                "open": ["packing", "returning"],
                "packing": ["sent", "returning"],
                "returning": ["returned"],
            },
        },
    }
}
JOB: Lifecycle = load_lifecycles(DECLARED)["job"]
STAGES = ("waiting", "checking", "running")


@dataclass
class Yard:
    """A collection and an agenda with tasks, and the moves that were seen."""

    now: float = EPOCH
    agenda: Agenda = field(default_factory=Agenda)
    moves: list[tuple[str, str, float]] = field(default_factory=list)
    collection: Collection = field(
        default_factory=lambda: Collection(
            "jobs", ["updated_at"], ["status"], created="created_at", updated="updated_at"
        )
    )

    def begin(
        self, id: str = "a", *, media: float = 0, speed: float = 1, outcome: Outcome | None = None
    ) -> Task:
        resource = self.collection.add(Resource("jobs", id, {}, self.now))
        plan = Plan.of(JOB, media, speed=speed, outcome=outcome or Outcome())
        return Task.begin(
            resource, plan, collection=self.collection, agenda=self.agenda, on_enter=self.entered
        )

    def entered(self, resource: Resource, status: str, at: float) -> None:
        assert resource.fields["status"] == status
        assert resource.fields["updated_at"] == stamp(at)
        self.moves.append((resource.id, status, at))

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self.agenda.settle(self.now)

    def listed(self, status: str) -> list[str]:
        return [each.id for each in self.collection.page(where={"status": status}).items]


outcomes = st.builds(
    Outcome,
    status=st.sampled_from([None, "done", "failed"]),
    at=st.sampled_from([None, "checking", "running"]),
    stuck=st.booleans(),
    slow=st.sampled_from([0.5, 1.0, 3.0]),
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(0, 20)),
        st.tuples(st.just("wire"), st.just(0)),
        st.tuples(st.just("local"), st.just(0)),
        st.tuples(st.just("outcome"), st.sampled_from(["done", "failed"])),
    ),
    max_size=25,
)


@given(outcomes, acts)
def test_task__moves_along_the_declared_order_only(
    outcome: Outcome, doings: list[tuple[str, object]]
) -> None:
    """Whatever is done to time, polls and outcome: legal moves, stamps that never go back."""
    yard = Yard()
    task = yard.begin(media=10, outcome=outcome)
    for act, value in doings:
        if act == "advance":
            assert isinstance(value, int)
            yard.advance(value)
        elif act == "outcome" and not task.finished:
            try:
                task.set_outcome(str(value), yard.now)
            except TaskError:
                assert value == "failed"
        else:
            task.observe(yard.now, act == "wire")
            shown = task.status
            task.answered(yard.now, act == "wire")
            assert JOB.reachable(shown, task.status)
        assert task.resource.fields["status"] == task.status
        assert yard.listed(task.status) == ["a"]
        assert 0 <= task.progress(yard.now) <= 1
    before, at = "waiting", EPOCH
    for _, status, when in yard.moves:
        assert JOB.legal(before, status)
        assert when >= at
        before, at = status, when
    assert task.finished == (before in JOB.terminal)


@given(st.lists(st.tuples(st.integers(0, 30), outcomes), max_size=6), st.lists(st.integers(0, 40)))
@settings(max_examples=50)
def test_agenda__in_small_steps_equals_in_one(
    jobs: list[tuple[int, Outcome]], steps: list[int]
) -> None:
    """How the clock gets there does not show in any move or stamp."""
    ends: list[list[tuple[str, str, float]]] = []
    for cut in (steps, [sum(steps)]):
        yard = Yard()
        for number, (media, outcome) in enumerate(jobs):
            yard.begin(str(number), media=media, outcome=outcome)
        for step in cut:
            yard.advance(step)
        ends.append(yard.moves)
    assert ends[0] == ends[1]
    assert [at for _, _, at in ends[0]] == sorted(at for _, _, at in ends[0])


def test_task__stamps_the_instants_that_were_due() -> None:
    """One settling long after gives each status its own time, in order."""
    yard = Yard()
    task = yard.begin(media=60)
    yard.advance(1000)
    assert yard.moves == [
        ("a", "checking", EPOCH + 5),
        ("a", "running", EPOCH + 5),
        ("a", "done", EPOCH + 45),
    ]
    assert task.finished
    assert task.resource.updated == EPOCH + 45
    assert (task.reason, task.code) == ("", "")


@given(st.floats(0, 1e4), st.floats(0.1, 1000), st.sampled_from([0.5, 1.0, 4.0]))
def test_plan__durations_scale(media: float, speed: float, slow: float) -> None:
    """Longer media take longer, speed divides, slow multiplies."""
    plan = Plan.of(JOB, media, speed=speed, outcome=Outcome(slow=slow))
    assert math.isclose(plan.total, (15 + 0.5 * media) * slow / speed)


def test_plan__fails_where_it_is_told() -> None:
    """By default at the first stage that may fail, with the declared reason; else as said."""
    yard = Yard()
    early = yard.begin("early", outcome=Outcome("failed"))
    late = yard.begin("late", outcome=Outcome(at="running", reason="Too dark.", code="dark"))
    yard.advance(15)
    assert yard.listed("failed") == ["early", "late"]
    assert (early.entered, early.reason, early.code) == (EPOCH + 5, "It broke.", "broken")
    assert (late.entered, late.reason, late.code) == (EPOCH + 15, "Too dark.", "dark")
    assert early.progress(yard.now) == 1


def test_plan__stuck_stays() -> None:
    """A stuck task never ends by itself, nor by polls."""
    yard = Yard()
    task = yard.begin(outcome=Outcome(at="running", stuck=True))
    yard.advance(1e6)
    assert not task.skip(yard.now)
    assert task.status == "running"
    assert task.plan.total == math.inf
    assert task.progress(yard.now) < 1


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome("running"),
        Outcome("cancelled"),
        Outcome("lost"),
        Outcome("failed", at="waiting"),
        Outcome(at="done"),
        Outcome(at="nowhere", stuck=True),
        Outcome(slow=0),
        Outcome(slow=math.inf),
    ],
)
def test_plan__refuses_what_is_not_declared(outcome: Outcome) -> None:
    """The message says what would have been possible."""
    with pytest.raises(TaskError):
        Plan.of(JOB, outcome=outcome)


def test_wire_polls__show_every_status_in_order() -> None:
    """Over the wire each answer shows the status before the step that the poll causes."""
    yard = Yard()
    task, other = yard.begin("a"), yard.begin("b")
    shown = []
    while not shown or shown[-1] != "done":
        task.observe(yard.now, wire=True)
        shown.append(task.status)
        task.answered(yard.now, wire=True)
    assert shown == [*STAGES, "done"]
    assert other.status == "waiting"
    assert yard.now == EPOCH
    assert task.entered == EPOCH + 15


def test_local_polls__move_on_only_when_time_stands_still() -> None:
    """A second look at the same instant takes a step; a look after a sleep does not."""
    yard = Yard()
    task = yard.begin()
    assert not task.observe(yard.now, wire=False)
    assert not task.answered(yard.now, wire=False)
    yard.advance(1)
    assert not task.observe(yard.now, wire=False)
    assert task.status == "waiting"
    assert task.observe(yard.now, wire=False)
    assert task.status == "checking"
    assert task.observe(yard.now, wire=False)
    assert task.status == "running"
    assert task.observe(yard.now, wire=False)
    assert task.status == "done"
    assert not task.observe(yard.now, wire=False)


def test_skip__brings_the_rest_forward() -> None:
    """After a step taken early, what follows comes that much earlier on the clock."""
    yard = Yard()
    task = yard.begin()
    yard.advance(2)
    assert task.skip(yard.now)
    assert task.entered == EPOCH + 5
    yard.advance(0)
    assert task.status == "running"
    assert task.skew == 3
    yard.advance(9.999)
    assert task.status == "running"
    yard.advance(0.001)
    assert task.status == "done"
    assert task.entered == EPOCH + 15


def test_set_outcome__decides_the_end_but_not_the_pace() -> None:
    """The task still goes through its stages and ends as told, with that reason."""
    yard = Yard()
    task = yard.begin()
    task.set_outcome("failed", yard.now, reason="You said so.")
    yard.advance(4)
    assert task.status == "waiting"
    yard.advance(1)
    assert (task.status, task.reason, task.code) == ("failed", "You said so.", "broken")
    with pytest.raises(TaskError, match="has ended"):
        task.set_outcome("done", yard.now)


def test_end__is_at_once_and_for_good() -> None:
    """A kill is entered now, from any stage that declares it, also from a stuck one."""
    for stage in STAGES:
        yard = Yard()
        task = yard.begin(outcome=Outcome(at=stage, stuck=True))
        yard.advance(100)
        assert task.status == stage
        if stage == "waiting":
            with pytest.raises(TaskError):
                task.end("failed", yard.now)
            assert task.status == stage
            continue
        task.end("failed", yard.now, reason="Killed.")
        assert (task.status, task.reason, task.entered) == ("failed", "Killed.", yard.now)
        assert task.next is None
        yard.advance(100)
        assert yard.moves[-1][1] == "failed"
        with pytest.raises(TaskError):
            task.end("failed", yard.now)


def order(yard: Yard) -> Task:
    """A task of a lifecycle with a detour."""
    resource = yard.collection.add(Resource("jobs", "b", {}, yard.now))
    return Task.begin(
        resource,
        Plan.of(load_lifecycles(DECLARED)["order"]),
        collection=yard.collection,
        agenda=yard.agenda,
        on_enter=yard.entered,
    )


def test_divert__leaves_the_plan_for_what_may_follow() -> None:
    """At once, and on from there after the seconds that were said; nothing of the plan is left."""
    yard = Yard()
    task = order(yard)
    yard.advance(7)
    task.divert("returning", yard.now, then=("returned", 30))
    assert (task.status, task.entered) == ("returning", yard.now)
    assert task.next == ("returned", yard.now + 30)
    assert 0 < task.progress(yard.now) < 1
    yard.advance(29.999)
    assert task.status == "returning"
    yard.advance(0.001)
    assert (task.status, task.next) == ("returned", None)
    assert [status for _, status, _ in yard.moves] == ["packing", "returning", "returned"]


def test_divert__stays_where_nothing_follows() -> None:
    """Without a further status it waits there; an end is an end."""
    yard = Yard()
    task = order(yard)
    task.divert("returning", yard.now)
    yard.advance(1e6)
    assert (task.status, task.next) == ("returning", None)
    task.divert("returned", yard.now)
    with pytest.raises(TaskError, match="has ended"):
        task.divert("returning", yard.now)


def test_divert__refuses_what_may_not_follow() -> None:
    """Only moves that the lifecycle allows; a refused one changes nothing."""
    yard = Yard()
    task = order(yard)
    for status in ("sent", "returned", "open", "lost"):
        with pytest.raises(TaskError, match="does not move"):
            task.divert(status, yard.now)
    yard.advance(15)
    assert task.status == "sent"


def test_end__takes_a_code() -> None:
    """Whoever ends a task may say why, in words and by a code."""
    yard = Yard()
    task = yard.begin()
    yard.advance(6)
    task.end("failed", yard.now, reason="Killed.", code="killed")
    assert (task.reason, task.code) == ("Killed.", "killed")


def test_set_outcome__frees_a_stuck_task() -> None:
    """What should have happened long ago happens now, not in the past."""
    yard = Yard()
    task = yard.begin(outcome=Outcome(at="running", stuck=True))
    yard.advance(100)
    task.set_outcome("done", yard.now)
    yard.advance(0)
    assert (task.status, task.entered) == ("done", EPOCH + 100)


def test_set_outcome__takes_declared_ends_only() -> None:
    """A status that is no declared end is refused, and the plan stays."""
    yard = Yard()
    task = yard.begin()
    for status in ("running", "lost", "cancelled"):
        with pytest.raises(TaskError):
            task.set_outcome(status, yard.now)
    yard.advance(15)
    assert task.status == "done"


def test_plan__of_an_endless_medium_stays_within_dates() -> None:
    """A duration that a caller made up must not lead past the last date there is."""
    yard = Yard()
    task = yard.begin(media=1e300)
    while not task.finished:
        assert task.skip(yard.now)
    assert task.entered == LATEST
    for media in (-1, math.inf, math.nan):
        with pytest.raises(TaskError, match="cannot last"):
            Plan.of(JOB, media)


def test_remove__withdraws_what_is_due() -> None:
    """A deleted resource never moves again."""
    yard = Yard()
    task = yard.begin()
    yard.collection.remove(task.resource)
    yard.advance(100)
    assert yard.moves == []
    assert len(yard.agenda) == 0
    assert not task.skip(yard.now)


@given(st.floats(0.01, 50), st.floats(0, 100))
def test_progress__grows(media: float, step: float) -> None:
    """Progress never falls, and is complete exactly at the end."""
    yard = Yard()
    task = yard.begin(media=media)
    last = 0.0
    for _ in range(6):
        progress = task.progress(yard.now)
        assert progress >= last
        assert (progress == 1) == task.finished
        last = progress
        yard.advance(step)
    assert whole(task.entered) == task.entered
