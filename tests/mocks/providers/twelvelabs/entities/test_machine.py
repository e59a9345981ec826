"""Collections, entities, pictures and time against a small model of what should be there."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
from entities_stage import asset_of
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)
from stage import client_of

from understudy.mocks import Fake
from understudy.mocks.snapshot import Snapshot

LASTS = 15.0
PICTURES = 4
NAMES = st.sampled_from(["Ada", "Bo", "Cy"])
METADATA = st.dictionaries(st.sampled_from("abc"), st.integers() | st.booleans() | st.text())
SOME = st.lists(st.integers(0, PICTURES - 1), min_size=1, max_size=3)


@dataclass
class Person:
    """What the model knows of an entity; pictures by their number, `since` when it began."""

    home: str
    name: str
    metadata: dict[str, Any] | None
    pictures: list[int]
    since: float


@dataclass
class Account:
    """The model: the names of collections, and the entities that exist."""

    homes: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    now: float = 0.0


class EntityMachine(RuleBasedStateMachine):
    """Every reply is held against the contract and the lifecycle as well."""

    homes = Bundle("homes")
    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.api: httpx2.Client = client_of(self.fake, "tlk_machine")
        urls = [f"https://media.example/{at}.jpg" for at in range(PICTURES)]
        self.pictures = [asset_of(self.api, url) for url in urls]
        self.fake.clock.advance(60)
        self.account = Account()

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @initialize(target=homes)
    def begin(self) -> Any:
        """Two collections to begin with."""
        return multiple(self.create_home("staff"), self.create_home("crew"))

    @initialize(target=people, some=SOME)
    def settle(self, some: list[int]) -> str:
        """Somebody is there from the start."""
        return self.create_person(self.create_home("board"), "Ada", None, some)

    def ids(self, numbers: list[int]) -> list[str]:
        return [self.pictures[each] for each in numbers]

    def place(self, person: str) -> str:
        return f"/entity-collections/{self.account.people[person].home}/entities/{person}"

    @rule(target=homes, name=NAMES)
    def create_home(self, name: str) -> str:
        """A collection comes."""
        made = self.api.post("/entity-collections", json={"name": name})
        assert made.status_code == 201
        self.account.homes[made.json()["_id"]] = name
        return str(made.json()["_id"])

    @rule(home=homes, name=NAMES)
    def rename_home(self, home: str, name: str) -> None:
        """A collection that is there is renamed, one that has gone is not found."""
        changed = self.api.patch(f"/entity-collections/{home}", json={"name": name})
        assert changed.status_code == (200 if home in self.account.homes else 404)
        if home in self.account.homes:
            self.account.homes[home] = name

    @rule(home=consumes(homes))
    def delete_home(self, home: str) -> None:
        """A collection goes with its entities."""
        gone = self.api.delete(f"/entity-collections/{home}")
        assert gone.status_code == (204 if home in self.account.homes else 404)
        self.account.homes.pop(home, None)
        people = self.account.people
        for each in [each for each, person in people.items() if person.home == home]:
            del people[each]

    @rule(target=people, home=homes, name=NAMES, metadata=st.none() | METADATA, some=SOME)
    def create_person(
        self, home: str, name: str, metadata: dict[str, Any] | None, some: list[int]
    ) -> str:
        """An entity comes into a collection that is there."""
        body: dict[str, Any] = {"name": name, "asset_ids": self.ids(some)}
        if metadata is not None:
            body["metadata"] = metadata
        made = self.api.post(f"/entity-collections/{home}/entities", json=body)
        if home not in self.account.homes:
            assert made.status_code == 404
            return ""
        assert made.status_code == 201, made.text
        identity = str(made.json()["_id"])
        pictures = list(dict.fromkeys(some))
        self.account.people[identity] = Person(home, name, metadata, pictures, self.account.now)
        return identity

    @rule(person=people, name=st.none() | NAMES, metadata=st.none() | METADATA)
    def change_person(self, person: str, name: str | None, metadata: dict[str, Any] | None) -> None:
        """Words are changed, metadata as a whole."""
        known = self.account.people.get(person)
        if known is None:
            return
        body = {"name": name, "metadata": metadata}
        sent = {key: value for key, value in body.items() if value is not None}
        assert self.api.patch(self.place(person), json=sent).status_code == 200
        known.name = name or known.name
        known.metadata = known.metadata if metadata is None else metadata

    @rule(person=people, some=SOME, add=st.booleans())
    def change_pictures(self, person: str, some: list[int], add: bool) -> None:
        """Pictures come, or those that it has go as long as one is left."""
        known = self.account.people.get(person)
        if known is None:
            return
        response = self.api.request(
            "POST" if add else "DELETE",
            f"{self.place(person)}/assets",
            json={"asset_ids": self.ids(some)},
        )
        if add:
            after = list(dict.fromkeys([*known.pictures, *some]))
            fine = True
        else:
            after = [each for each in known.pictures if each not in some]
            fine = bool(after) and set(some) <= set(known.pictures)
        assert response.status_code == (200 if fine else 400), response.text
        if fine and after != known.pictures:
            known.pictures, known.since = after, self.account.now

    @rule(person=consumes(people))
    def delete_person(self, person: str) -> None:
        """An entity goes."""
        if person in self.account.people:
            assert self.api.delete(self.place(person)).status_code == 204
            del self.account.people[person]

    @rule(seconds=st.sampled_from([0.5, 14.5, 15.0]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.fake.clock.advance(seconds)
        self.account.now += seconds

    @rule()
    def go_on_elsewhere(self) -> None:
        """All of it goes on in another fake."""
        snapshot = Snapshot.read(self.fake.snapshot().whole)
        self.teardown()
        self.fake = Fake("twelvelabs", time="manual")
        self.fake.restore(snapshot)
        self.api = client_of(self.fake, "tlk_machine")

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        """Lists and single reads show the model, no more and no less."""
        listed = self.api.get("/entity-collections", params={"page_limit": 50}).json()["data"]
        assert {each["_id"]: each["name"] for each in listed} == self.account.homes
        for home in self.account.homes:
            self._check(home)
        held = [each.pictures for each in self.account.people.values()]
        for number, picture in enumerate(self.pictures):
            page = self.api.get(f"/assets/{picture}/entities").json()["page_info"]
            assert page["total_results"] == sum(number in each for each in held)

    def _check(self, home: str) -> None:
        path = f"/entity-collections/{home}/entities"
        expected = {key: one for key, one in self.account.people.items() if one.home == home}
        found = {
            each["_id"]: each
            for each in self.api.get(path, params={"page_limit": 50}).json()["data"]
        }
        assert set(found) == set(expected)
        for key, known in expected.items():
            shown = found[key]
            ready = self.account.now - known.since >= LASTS
            assert shown["status"] == ("ready" if ready else "processing")
            assert (shown["name"], shown.get("metadata")) == (known.name, known.metadata)
            assert shown["asset_ids"] == self.ids(known.pictures)
            assert self.api.get(f"{path}/{key}").json() == shown


EntityMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestEntityMachine = EntityMachine.TestCase
