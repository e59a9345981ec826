"""Events fire once, in the order of their time, at their own time."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from understudy.mocks.agenda import Agenda


@dataclass
class Bell:
    """An event that writes down when it rang, and may do more."""

    label: str
    rung: list[tuple[str, float]]
    then: Callable[[float], object] | None = None

    def fire(self, at: float) -> None:
        self.rung.append((self.label, at))
        if self.then is not None:
            self.then(at)


due = st.lists(st.integers(0, 20), max_size=40)


@given(due)
def test_settle__fires_in_order_of_time_then_of_addition(instants: list[int]) -> None:
    """The order of firing is a stable sort by due instant, and stamps are the due instants."""
    agenda, rung = Agenda(), list[tuple[str, float]]()
    for number, instant in enumerate(instants):
        agenda.add(instant, Bell(str(number), rung))
    fired = agenda.settle(20)
    expected = sorted(enumerate(instants), key=lambda pair: pair[1])
    assert rung == [(str(number), instant) for number, instant in expected]
    assert [(each.label, each.at) for each in fired] == rung
    assert len(agenda) == 0
    assert agenda.settle(1e9) == []


@given(due, st.lists(st.integers(0, 20), max_size=10))
def test_settle__in_steps_equals_at_once(instants: list[int], stops: list[int]) -> None:
    """Settling on the way changes nothing about what fires, when and in which order."""
    once, stepwise = list[tuple[str, float]](), list[tuple[str, float]]()
    for rung, settles in ((once, [20]), (stepwise, [*sorted(stops), 20])):
        agenda = Agenda()
        for number, instant in enumerate(instants):
            agenda.add(instant, Bell(str(number), rung))
        for now in settles:
            agenda.settle(now)
    assert once == stepwise


@given(due, st.sets(st.integers(0, 39)))
def test_cancel__withdraws_that_event_only(instants: list[int], withdrawn: set[int]) -> None:
    """A withdrawn event never fires; the others do, and the count knows."""
    agenda, rung = Agenda(), list[tuple[str, float]]()
    handles = [agenda.add(at, Bell(str(n), rung)) for n, at in enumerate(instants)]
    for number in withdrawn:
        if number < len(handles):
            agenda.cancel(handles[number])
            agenda.cancel(handles[number])
    left = {str(n) for n in range(len(instants)) if n not in withdrawn}
    assert len(agenda) == len(left)
    agenda.settle(20)
    assert {label for label, _ in rung} == left


def test_settle__fires_what_is_added_meanwhile() -> None:
    """A chain of events that are all due happens in one settling, each at its own instant."""
    agenda, rung = Agenda(), list[tuple[str, float]]()
    last = Bell("c", rung)
    middle = Bell("b", rung, lambda at: agenda.add(at + 1, last))
    agenda.add(1, Bell("a", rung, lambda at: agenda.add(at + 1, middle)))
    agenda.settle(2.5)
    assert rung == [("a", 1), ("b", 2)]
    assert agenda.next() == 3
    agenda.settle(3)
    assert rung[-1] == ("c", 3)
    assert agenda.next() is None


def test_cancel__does_not_let_withdrawn_events_pile_up() -> None:
    """A task that is pushed on ten thousand times leaves no trail."""
    agenda, rung = Agenda(), list[tuple[str, float]]()
    kept = agenda.add(5, Bell("kept", rung))
    for _ in range(10_000):
        agenda.cancel(agenda.add(9, Bell("gone", rung)))
    assert len(agenda) == 1
    assert len(agenda._heap) < 200
    agenda.settle(9)
    assert rung == [("kept", 5)]
    agenda.cancel(kept)
    assert len(agenda) == 0
