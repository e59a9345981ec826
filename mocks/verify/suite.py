"""The suite itself: which calls are made of a service, in which order, and what must hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from understudy.contracts.contract import Contract
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation, Reading
from understudy.contracts.redaction import redact_url
from understudy.contracts.refusal import refused
from understudy.contracts.trace.sight import sights_of
from understudy.contracts.trace.sighting import Sighting
from understudy.contracts.trace.trace import Trace, answer_of
from understudy.mocks.inference import parameters
from understudy.mocks.kind import mapping, text
from understudy.mocks.verify.ask import Ask, Wishes, asked, body_of, identities
from understudy.mocks.verify.caller import PATIENT, Caller, Refused, Unreachable, retry_after
from understudy.mocks.verify.laws import bad_values, judge_pages, next_page, stranger
from understudy.mocks.verify.link import Link, links_of
from understudy.mocks.verify.step import Step

WRONG_KEY = "not-a-real-key"
_VISITS = 2
_PASSES = 4


@dataclass(frozen=True, slots=True)
class Rules:
    """How far the suite may go, and how long it waits for a task (seconds)."""

    write: bool = False
    deadline: float = 900.0
    interval: float = 5.0
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is not as it should be, and is no violation: a kind, where, a sentence."""

    kind: str
    place: str
    operation: str
    message: str


@dataclass(slots=True)
class Removal:
    """How something that was made goes away again: the step that showed it, and the call."""

    step: Step
    link: Link
    ask: Ask
    done: bool = False


class Suite:
    """One run against one account. `run` makes the calls; `steps`, `skipped`, `left` tell."""

    def __init__(self, contract: Contract, caller: Caller, rules: Rules) -> None:
        self.contract = contract
        self.trace = Trace(contract)
        self.steps: list[Step] = []
        self.skipped: dict[str, str] = {}
        self.left: list[Left] = []
        self._caller = caller
        self._rules = rules
        self._known: dict[str, Json] = dict(rules.wishes.known)
        self._removals: dict[str, Removal] = {}
        self._reached: set[str] = set()

    def run(self) -> None:
        """Every call, then the removal of whatever was made, also when something goes wrong.

        Raises Unreachable when the service cannot be asked.
        """
        try:
            self._refusals()
            if self._rules.write:
                self._create()
            self._lists()
        finally:
            self._remove()
        self._skip_rest()

    def furnish(self) -> None:
        """Make what can be made, and leave it: for a fake that nobody else uses."""
        self._create()

    def _create(self) -> None:
        """Every creation, those first whose ids the others want."""
        posts = [one for one in self.contract.operations.values() if one.method == "POST"]
        waiting = [one for one in posts if self._creates(one)]
        while waiting:
            free = (one for one in waiting if not self._wants_any(one, waiting))
            chosen = next(free, waiting[0])
            waiting.remove(chosen)
            self._make(chosen)

    def _wants_any(self, operation: Operation, others: list[Operation]) -> bool:
        """Whether its example names an id that another of these would give."""
        wanted = set(mapping(body_of(operation)[1]))
        return any(
            name in wanted
            for other in others
            if other is not operation
            for link in self._all_links(other)
            for name in link.parameters
        )

    def _creates(self, operation: Operation) -> bool:
        """Whether what it makes can be removed again, as far as the document knows."""
        said = text(mapping(operation.extensions.get("x-resource")).get("action")) == "create"
        if any(link.removes and not link.picks for link in self._all_links(operation)):
            return True
        if said:
            self.skipped[operation.id] = "nothing would remove what it makes"
        return False

    def _make(self, operation: Operation) -> None:
        ask = asked(operation, self._known, None, self._wishes)
        if ask is None:
            self.skipped[operation.id] = "it needs a file or an id that nothing gives"
            return
        step = self._call(ask, "create")
        if step is None or step.refused:
            return
        self._learn(step)
        self._follow(step, own=True)

    def _learn(self, step: Step) -> None:
        """Remember the ids that a creation gives, by the parameters they are for."""
        for link in self._links(step):
            found = link.values(step.spoken)
            if found is not None:
                self._known.update(found[0])

    def _follow(self, first: Step, *, own: bool) -> None:
        """Every link onward, breadth first; a task that runs is waited for before its reply.

        What is `own` was made by this suite, so that it may be changed, and removed at the end.
        """
        open_ends = [(first, own)]
        while open_ends:
            step, own = open_ends.pop(0)
            links = [*self._links(step)]
            for link in links:  # before anything else can go wrong
                if link.removes and self._mine(step, link, own):
                    self._note_removal(step, link)
            if own:
                open_ends.extend((end, True) for end in self._awaited(step))
            for link in links:
                mine = self._mine(step, link, own)
                if not link.removes and (mine or self._safe(link.target)):
                    reached = self._reach(step, link)
                    if reached is not None and not reached.refused:
                        open_ends.append((reached, mine))

    def _mine(self, step: Step, link: Link, own: bool) -> bool:
        """Whether a link of what is ours leads to ours: the first of a list may be anybody's."""
        return own and (not link.picks or bool(identities(step.operation)))

    def _reach(self, step: Step, link: Link) -> Step | None:
        ask = self._aimed(step, link)
        if ask is None or ask.identity in self._reached or self._visits(link.target) >= _VISITS:
            return None
        self._reached.add(ask.identity)
        return self._call(ask, f"{link.name} of {step.operation.id}")

    def _aimed(self, step: Step, link: Link) -> Ask | None:
        """The call that a link of a reply leads to."""
        found = link.values(step.spoken)
        if found is None:
            return None
        values, body = found
        wishes = replace(self._wishes, known={**self._known, **values})
        return asked(link.target, values, body, wishes)

    def _note_removal(self, step: Step, link: Link) -> None:
        ask = self._aimed(step, link)
        if ask is not None:
            self._removals.setdefault(ask.identity, Removal(step, link, ask))

    def _visits(self, operation: Operation) -> int:
        of = [step for step in self.steps if step.operation is operation]
        return sum(" of " in step.purpose for step in of)

    def _awaited(self, step: Step) -> list[Step]:
        """The last look at every task that the step shows and that was not at its end."""
        ends: list[Step] = []
        for seen in step.shown:
            if seen.missing or seen.act == "delete" or self._ended(seen):
                continue
            link = next((one for one in self._links(step) if self._polls(one.target, seen)), None)
            if link is not None and (end := self._poll(step, link, seen)) is not None:
                ends.append(end)
        return ends

    def _ended(self, seen: Sighting) -> bool:
        return isinstance(seen.status, str) and seen.lifecycle.finished(seen.status)

    def _polls(self, operation: Operation, seen: Sighting) -> bool:
        sights = sights_of(operation, self.trace.lifecycles)
        return any(
            sight.lifecycle.name == seen.lifecycle.name and sight.act in ("read", "list")
            for sight in sights
        )

    def _poll(self, step: Step, link: Link, seen: Sighting) -> Step | None:
        """Looks until the task has ended, or the deadline has come; the last look."""
        ask = self._aimed(step, link)
        if ask is not None:
            self._reached.add(ask.identity)
        until = self._caller.now() + self._rules.deadline
        looked: Step | None = None
        while ask is not None:
            looked = self._call(ask, "poll")
            if looked is None or looked.refused:
                return looked
            now = next((one for one in looked.shown if one.id == seen.id), None)
            if now is None or self._ended(now):
                looked.purpose = f"end of {seen.lifecycle.name}"
                break
            if self._caller.now() >= until:
                told = f"task {seen.id!r} is {now.status!r} after {self._rules.deadline:g} seconds"
                self._leave("not ended", looked, told)
                break
            self._caller.sleep(self._pause(looked))
        return looked

    def _pause(self, looked: Step) -> float:
        wait = retry_after(looked.said.response)
        return self._rules.interval if wait is None else min(wait, PATIENT)

    def _lists(self) -> None:
        """Every list and every plain read that needs no id, then what they show, read-only."""
        for operation in self.contract.operations.values():
            if self._safe(operation) and not identities(operation):
                ask = asked(operation, {}, None, self._wishes)
                lists = "x-paging" in operation.extensions
                step = None if ask is None else self._call(ask, "list" if lists else "read")
                if ask is None or step is None:
                    continue
                for value in bad_values(operation):
                    self._expect_refusal(replace(ask, query={**ask.query, **value}))
                if not step.refused:
                    self._pages(ask, step)
                    self._follow(step, own=False)

    def _pages(self, ask: Ask, first: Step) -> None:
        smaller = next_page(ask, first, None)
        one = self._call(smaller, "first page") if smaller else None
        further = next_page(ask, first, one) if one else None
        two = self._call(further, "second page") if further else None
        if one is not None and two is not None:
            judge_pages(one, two)

    def _expect_refusal(self, ask: Ask) -> None:
        name = next(iter(ask.query))
        step = self._call(ask, f"bad {name}", off=True)
        if step is not None and not step.refused:
            value = ask.query[name]
            step.amiss("", step.status, f"a refusal of {name} {value!r}", step.operation.pointer)

    def _refusals(self) -> None:
        """A wrong key once; an unknown id wherever one is asked for by a read."""
        guarded = [one for one in self.contract.operations.values() if self._safe(one)]
        plain = (one for one in guarded if not identities(one) and _needs_key(one))
        asks = (asked(one, {}, None, self._wishes) for one in plain)
        ask = next((one for one in asks if one is not None), None)
        if ask is not None:
            step = self._call(ask, "wrong key", key=WRONG_KEY)
            if step is not None and not step.refused:
                step.amiss("", step.status, "a refusal of a key that nobody has")
            if step is not None:
                self._admitted(ask, step)
        for operation in guarded:
            self._unknown(operation)

    def _admitted(self, ask: Ask, wrong: Step) -> None:
        """Raises Refused where nothing can be learnt: every reply would be the same no."""
        operation, answered = ask.operation, self._caller.send(*self._caller.build(ask)).response
        line = f"{operation.method} {operation.template} answers {answered.status}"
        onward = answered.headers.get("location")
        if (
            300 <= answered.status < 400
            and onward
            and operation.declared_status(answered.status) is None
        ):
            raise Refused(f"{line} and leads to {redact_url(onward)}: is that the base URL?")
        answer = answer_of(answered)
        if answered.status not in (200, 401, 403) or answered.status != wrong.status:
            return
        if refused(operation, answered.status, answer) and _code(operation, answer) == _code(
            operation, wrong.answer
        ):
            raise Refused(
                f"{line} to the key as it does to an invented one: is it a key of this service?"
            )

    def _unknown(self, operation: Operation) -> None:
        needed = (
            each for each in parameters(operation.document, operation) if each.get("required")
        )
        given = self._given(operation)
        names = identities(operation) or tuple(
            name for each in needed if (name := text(each.get("name"))) in given
        )
        values = {name: stranger(operation, name) for name in names}
        if not names or any(value is None for value in values.values()):
            return
        ask = asked(operation, values, None, self._wishes)
        step = None if ask is None else self._call(ask, "unknown id")
        told = "404" in operation.statuses or "x-refusals" in operation.document.root
        if step is not None and told and not step.refused and set(names) & self._given(operation):
            step.amiss("", step.status, f"a refusal of {', '.join(names)}, which nobody has")

    def _given(self, operation: Operation) -> set[str]:
        """The parameters that links fill from replies: ids, whatever they are called."""
        own = mapping(operation.extensions.get("x-resource"))
        return {text(own.get("id")), text(own.get("parent"))} | {
            name.rpartition(".")[2]
            for other in self.contract.operations.values()
            for link in self._all_links(other)
            if link.target is operation
            for name, value in link.parameters.items()
            if text(value).startswith("$response")
        }

    def _remove(self) -> None:
        """What was made, the latest first; what is refused is tried again after the others."""
        waiting = list(reversed(self._removals.values()))
        for turn in range(_PASSES):
            before = len(waiting)
            waiting = [each for each in waiting if not self._removed(each, again=bool(turn))]
            if len(waiting) in (0, before):
                break
        for each in waiting:
            told = f"{each.link.target.id} refused to remove what this made"
            self._leave("left behind", each.step, told)
        for each in self._removals.values():
            self._gone(each)
        self._removals.clear()

    def _removed(self, removal: "Removal", *, again: bool) -> bool:
        """Whether it is away now; a refusal may mean that something hangs on it still."""
        try:
            step = self._call(removal.ask, "remove again" if again else "remove")
        except Unreachable:
            return False
        removal.done = step is not None and not step.refused
        return removal.done or step is None or step.status in (404, 410)

    def _gone(self, removal: "Removal") -> None:
        """What was removed is not found any more, where it can be read at its own address."""
        target = removal.link.target
        if not removal.done or not removal.link.name.startswith("delete"):
            return
        for operation in self.contract.operations.values():
            if operation.method == "GET" and operation.template == target.template:
                try:
                    step = self._call(Ask(operation, removal.ask.path), "after removal")
                except Unreachable:
                    return
                if step is not None and not step.refused:
                    step.amiss("", step.status, f"a refusal, after {target.id}")

    def _skip_rest(self) -> None:
        called = {step.operation.id for step in self.steps}
        for operation in self.contract.operations.values():
            if operation.id not in called and operation.id not in self.skipped:
                self.skipped[operation.id] = self._why_not(operation)

    def _why_not(self, operation: Operation) -> str:
        if not self._rules.write and not self._safe(operation):
            return "it writes; --write calls it where a link leads to it"
        if body_of(operation) == ("", None) or self._safe(operation):
            return "no reply gave what it needs"
        return "no link leads to it from what was made"

    def _call(
        self, ask: Ask, purpose: str, *, key: str | None = None, off: bool = False
    ) -> Step | None:
        """One call, checked; None where the request would be off contract and is not meant so."""
        wired, request = self._caller.build(ask, key)
        reading = self.contract.read(request)
        if not isinstance(reading, Reading) or bool(reading.violations) is not off:
            if isinstance(reading, Reading) and not off:
                self.skipped[ask.operation.id] = (
                    f"its example does not fit: {reading.violations[0]}"
                )
            return None
        said = self._caller.send(wired, request)
        shown = self.trace.shown(reading, said.response)
        step = Step(len(self.steps) + 1, purpose, said, reading, shown)
        step.found.extend(self.contract.check_response(ask.operation, said.response))
        step.found.extend(self.trace.judged(reading, said.response, shown))
        self.steps.append(step)
        return step

    def _safe(self, operation: Operation) -> bool:
        """Whether a call changes nothing: a GET, or a list that is asked for in a body."""
        if operation.method == "GET":
            return True
        sights = sights_of(operation, self.trace.lifecycles)
        listing = mapping(operation.extensions.get("x-resource")).get("action") == "list"
        return listing or (bool(sights) and all(sight.act == "list" for sight in sights))

    def _links(self, step: Step) -> Iterator[Link]:
        return links_of(step.operation, step.status, self.contract.operations)

    def _all_links(self, operation: Operation) -> Iterator[Link]:
        for status in operation.statuses:
            if status[:1] == "2" and status.isdigit():
                yield from links_of(operation, int(status), self.contract.operations)

    @property
    def _wishes(self) -> Wishes:
        return replace(self._rules.wishes, known=self._known)

    def _leave(self, kind: str, step: Step, message: str) -> None:
        self.left.append(Left(kind, f"call {step.number}", step.operation.id, message))


def _code(operation: Operation, answer: Json) -> Json:
    """The code of a refusal, where the document says which field holds it."""
    field_name = text(mapping(operation.document.root.get("x-refusals")).get("field"))
    return mapping(answer).get(field_name) if field_name else None


def _needs_key(operation: Operation) -> bool:
    node = mapping(operation.document.at(operation.pointer))
    return bool(node.get("security", operation.document.root.get("security")))
