"""Two files of lifecycles compared."""

from collections.abc import Iterator, Mapping

from understudy.contracts.diff.change import Change
from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle


def compare_lifecycles(old: Mapping[str, Lifecycle], new: Mapping[str, Lifecycle]) -> list[Change]:
    """What changed from `old` to `new` for a client that waits."""
    found: list[Change] = []
    for name, life in old.items():
        if name in new:
            found.extend(_changes(life, new[name]))
        else:
            found.append(Change("lifecycle removed", name, "", name, None, life.locate("")))
    for name, life in new.items():
        if name not in old:
            found.append(Change("lifecycle added", name, "", None, name, life.locate("")))
    return found


def _changes(old: Lifecycle, new: Lifecycle) -> Iterator[Change]:
    def change(kind: str, pointer: str, before: Json, after: Json) -> Change:
        return Change(kind, new.name, pointer, before, after, new.locate(pointer))

    for status in old.statuses:
        if status not in new.statuses:
            yield change("status removed", "/stages", status, None)
    for status in new.statuses:
        if status not in old.statuses:
            yield change("status added", "/stages", None, status)
    if old.success != new.success:
        yield change("success changed", "/success", old.success, new.success)
    if old.initial != new.initial:
        yield change("first status changed", "/stages", old.initial, new.initial)
    yield from _ends(old, new)
    yield from _moves(old, new)
    yield from _fields(old, new)


def _ends(old: Lifecycle, new: Lifecycle) -> Iterator[Change]:
    for status in new.terminal:
        if status not in old.terminal and status in old.statuses:
            source = new.locate("/terminal")
            yield Change("end added", new.name, "/terminal", None, status, source)
    for status in old.terminal:
        if status not in new.terminal and status in new.statuses:
            source = new.locate("/terminal")
            yield Change("end removed", new.name, "/terminal", status, None, source)


def _moves(old: Lifecycle, new: Lifecycle) -> Iterator[Change]:
    """A move is what a client may see between two looks: any number of steps."""
    both = [status for status in old.statuses if status in new.statuses]
    for before in both:
        for after in both:
            could, can = old.reachable(before, after), new.reachable(before, after)
            if could == can:
                continue
            kind, move = ("move added" if can else "move removed"), f"{before} -> {after}"
            pointer = f"/transitions/{before}"
            values: tuple[Json, Json] = (None, move) if can else (move, None)
            yield Change(kind, new.name, pointer, *values, new.locate(pointer))


def _fields(old: Lifecycle, new: Lifecycle) -> Iterator[Change]:
    def change(kind: str, pointer: str, before: Json, after: Json) -> Change:
        return Change(kind, new.name, pointer, before, after, new.locate(pointer))

    if old.status_field != new.status_field:
        yield change("status field renamed", "/status", old.status_field, new.status_field)
    if old.progress_field != new.progress_field:
        kind = "progress field removed" if old.progress_field else "progress field added"
        yield change(kind, "/progress", old.progress_field, new.progress_field)
    lasted = {stage.status: stage for stage in old.stages}
    for index, stage in enumerate(new.stages):
        before = lasted.get(stage.status)
        if before is not None and before != stage:
            times: list[Json] = [[s.seconds, s.per_media_second] for s in (before, stage)]
            yield change("duration changed", f"/stages/{index}", times[0], times[1])
    reasons = {failure.status: (failure.reason, failure.code) for failure in old.failures}
    for failure in new.failures:
        said = (failure.reason, failure.code)
        if reasons.get(failure.status, said) != said:
            yield change("failure reason changed", "/failure", reasons[failure.status][0], said[0])
    for poll in sorted(old.polls ^ new.polls):
        removed = poll in old.polls
        kind = "poll removed" if removed else "poll added"
        yield change(kind, "/polls", poll if removed else None, None if removed else poll)
