"""Stores, items, collections and sessions in any order, against a small model of them."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from knowledge_stage import KSI, KSIC, frames, good, last, new_asset, question
from stage import client_of, refused

from understudy.mocks import Fake

PICK = st.integers(0, 99)
NAMES = st.sampled_from(["foxes", "owls", "Ferries", "é\u2028"])
FILES = ("red-fox.mp4?duration=20", "ferry.mp4?duration=7", "owl.png")
STATUSES = ("queued", "pending", "processing", "ready")
LASTS = {0: 80.0, 1: 73.5, 2: 70.0}
"""Seconds until an item of each file is ready."""


@dataclass
class Held:
    """An item: of which file, since when, and what the user wrote down."""

    file: int
    since: float
    metadata: dict[str, Any]


@dataclass
class Store:
    """What the model knows of a store."""

    name: str
    items: dict[str, Held] = field(default_factory=dict)
    groups: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)


class KnowledgeMachine(RuleBasedStateMachine):
    """Every reply is held against the contract as well: the fake is strict."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.api = client_of(self.fake, "tlk_machine")
        self.stores: dict[str, Store] = {}
        self.gone: list[str] = []
        self.assets: list[str] = []

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @initialize()
    def begin(self) -> None:
        """A store with items that are ready, two of them in a collection, and a session."""
        self.assets = [new_asset(self.api, name) for name in FILES]
        self.fake.clock.advance(3600)
        self.create("harbour")
        for file in range(3):
            self.add_item(0, file, True)
        self.collect(0, "foxes")
        self.move(0, 0, [0, 1], False, True)
        self.fake.clock.advance(3600)
        self.ask(0, 0, False, False)

    def store(self, pick: int) -> tuple[str, Store] | None:
        paths = list(self.stores)
        return (paths[pick % len(paths)], self.stores[paths[pick % len(paths)]]) if paths else None

    def post(self, path: str, **body: object) -> httpx2.Response:
        return self.api.post(path, json=body)

    @rule(name=NAMES)
    def create(self, name: str) -> None:
        """A store is empty."""
        made = good(self.post("/knowledge-stores", name=name), 201)
        self.stores[f"/knowledge-stores/{made['_id']}"] = Store(name)

    @rule(pick=PICK, name=NAMES)
    def rename(self, pick: int, name: str) -> None:
        """Names of stores repeat."""
        if chosen := self.store(pick):
            assert good(self.api.patch(chosen[0], json={"name": name}))["name"] == name
            chosen[1].name = name

    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        """A store takes all that is in it along."""
        if len(self.stores) < 2 or (chosen := self.store(pick)) is None:
            return
        assert self.api.delete(chosen[0]).status_code == 204
        del self.stores[chosen[0]]
        self.gone += [chosen[0], *(f"{chosen[0]}/items/{each}" for each in chosen[1].items)]

    @rule(pick=PICK, file=st.integers(0, 2), noted=st.booleans())
    def add_item(self, pick: int, file: int, noted: bool) -> None:
        """An asset may be in any store, several times too."""
        if chosen := self.store(pick):
            more = {"metadata": {"file": file, "noted": noted}} if noted else {}
            made = good(self.post(f"{chosen[0]}/items", asset_id=self.assets[file], **more), 202)
            held = Held(file, self.fake.clock.now(), more.get("metadata", {}))
            chosen[1].items[made["_id"]] = held

    @rule(pick=PICK, item=PICK)
    def delete_item(self, pick: int, item: int) -> None:
        """An item leaves its collections."""
        chosen = self.store(pick)
        if not chosen or not chosen[1].items:
            return
        identity = list(chosen[1].items)[item % len(chosen[1].items)]
        assert self.api.delete(f"{chosen[0]}/items/{identity}").status_code == 204
        del chosen[1].items[identity]
        for _, members in chosen[1].groups.values():
            members.discard(identity)
        self.gone.append(f"{chosen[0]}/items/{identity}")

    @rule(pick=PICK, name=NAMES)
    def collect(self, pick: int, name: str) -> None:
        """A name is taken once in a store."""
        if not (chosen := self.store(pick)):
            return
        response = self.post(f"{chosen[0]}/item-collections", name=name)
        if name in {taken for taken, _ in chosen[1].groups.values()}:
            refused(response, 400, "parameter_invalid")
        else:
            chosen[1].groups[good(response, 201)["_id"]] = (name, set())

    @rule(pick=PICK, group=PICK, name=NAMES)
    def rename_collection(self, pick: int, group: int, name: str) -> None:
        """Its own name it may keep."""
        chosen = self.store(pick)
        if not chosen or not chosen[1].groups:
            return
        identity = list(chosen[1].groups)[group % len(chosen[1].groups)]
        path = f"{chosen[0]}/item-collections/{identity}"
        response = self.api.patch(path, json={"name": name})
        others = {taken for other, (taken, _) in chosen[1].groups.items() if other != identity}
        if name in others:
            refused(response, 400, "parameter_invalid")
        else:
            good(response)
            chosen[1].groups[identity] = (name, chosen[1].groups[identity][1])

    @rule(pick=PICK, group=PICK)
    def delete_collection(self, pick: int, group: int) -> None:
        """The items stay."""
        chosen = self.store(pick)
        if not chosen or not chosen[1].groups:
            return
        identity = list(chosen[1].groups)[group % len(chosen[1].groups)]
        path = f"{chosen[0]}/item-collections/{identity}"
        assert self.api.delete(path).status_code == 204
        del chosen[1].groups[identity]
        self.gone.append(path)

    @rule(pick=PICK, group=PICK, items=st.lists(PICK, min_size=1, max_size=4),
          stranger=st.booleans(), joins=st.booleans())  # fmt: skip
    def move(self, pick: int, group: int, items: list[int], stranger: bool, joins: bool) -> None:
        """Strangers are an error when they join, and nothing when they leave."""
        chosen = self.store(pick)
        if not chosen or not chosen[1].groups or not chosen[1].items:
            return
        identity = list(chosen[1].groups)[group % len(chosen[1].groups)]
        known = list(chosen[1].items)
        ids = [known[each % len(known)] for each in items] + [KSI] * stranger
        path = f"{chosen[0]}/item-collections/{identity}/items"
        members = chosen[1].groups[identity][1]
        response = self.post(f"{path}/{'add' if joins else 'remove'}", item_ids=ids)
        if joins and stranger:
            refused(response, 400, "parameter_invalid")
        elif joins:
            members.update(ids)
            assert good(response)["member_count"] == len(members)
        else:
            assert response.status_code == 204
            members.difference_update(ids)

    @rule(seconds=st.one_of(st.floats(0, 60), st.just(3600.0)))
    def advance(self, seconds: float) -> None:
        """Time only goes forward."""
        self.fake.clock.advance(seconds)

    @rule(pick=PICK, grouped=st.booleans())
    def search(self, pick: int, grouped: bool) -> None:
        """Each item that is ready is found, and no other."""
        if not (chosen := self.store(pick)):
            return
        asked = {"query": {"text": "a red fox"}, "page_size": 50}
        more = {"group_by": "item"} if grouped else {}
        found: list[dict[str, Any]] = []
        token: dict[str, object] = {}
        while True:
            page = good(self.post(f"{chosen[0]}/search", **asked, **more, **token))
            found += page["data"]
            if "next_page_token" not in page:
                break
            token = {"page_token": page["next_page_token"]}
        assert [hit["rank"] for hit in found] == list(range(1, len(found) + 1))
        ready = {each for each, held in chosen[1].items.items() if self.status(held) == "ready"}
        assert {hit["item_id"] for hit in found} == ready
        assert not grouped or len(found) == len(ready)

    @rule(pick=PICK, session=PICK, streams=st.booleans(), steps=st.booleans())
    def ask(self, pick: int, session: int, streams: bool, steps: bool) -> None:
        """A session counts its outputs; what is cited is ready in the store."""
        if not (chosen := self.store(pick)):
            return
        sessions = list(chosen[1].sessions)
        place = session % (len(sessions) + 1)
        more: dict[str, object] = {"session_id": sessions[place]} if place < len(sessions) else {}
        more |= {"include": ["intermediate_outputs"]} if steps else {}
        response = self.post(
            "/responses", **question(chosen[0], "the red fox", stream=streams, **more)
        )
        made = frames(response)[-1]["response"] if streams else good(response)
        assert made["knowledge_store_id"] == last(chosen[0])
        count = chosen[1].sessions.get(made["session_id"], 0)
        final = made["output"][-1]
        assert final["id"] == f"msg_{made['session_id']}_{count + len(made['output']) - 1}"
        chosen[1].sessions[made["session_id"]] = count + len(made["output"])
        for each in final["content"][0]["annotations"]:
            assert self.status(chosen[1].items[each["item_id"]]) == "ready"
            text = final["content"][0]["text"]
            assert text[each["start_index"]] == "["
            assert text[each["end_index"]] == "]"

    @rule(pick=PICK, session=PICK)
    def ask_elsewhere(self, pick: int, session: int) -> None:
        """A session is of one store."""
        chosen, other = self.store(pick), self.store(pick + 1)
        if chosen and other and chosen[0] != other[0] and chosen[1].sessions:
            known = list(chosen[1].sessions)
            sent = question(other[0], "x", session_id=known[session % len(known)])
            refused(self.post("/responses", **sent), 400, "parameter_invalid")

    @rule()
    def keep(self) -> None:
        """A snapshot brings all of it back."""
        kept = self.fake.snapshot()
        self.fake.reset()
        self.fake.restore(kept)

    def status(self, held: Held) -> str:
        """The status of an item by now."""
        passed = self.fake.clock.now() - held.since
        ends = (5.0, 10.0, LASTS[held.file])
        return STATUSES[sum(round(passed, 3) >= round(end, 3) for end in ends)]

    @invariant()
    def agrees(self) -> None:
        """What the account shows is what the model knows."""
        page = good(self.api.get("/knowledge-stores", params={"page_limit": 50}))
        shown = {f"/knowledge-stores/{each['_id']}": each for each in page["data"]}
        assert page["page_info"]["total_results"] == len(self.stores)
        for path, store in list(self.stores.items())[-50:]:
            assert shown[path]["name"] == store.name
            assert shown[path]["item_count"] == len(store.items)
        for path, store in list(self.stores.items())[:3]:
            items = good(self.api.get(f"{path}/items", params={"page_limit": 50}))["data"]
            assert {each["_id"]: each["status"] for each in items} == {
                each: self.status(held) for each, held in list(store.items.items())[-50:]
            }
            assert all(each["metadata"] == store.items[each["_id"]].metadata for each in items)
            groups = good(self.api.get(f"{path}/item-collections", params={"page_limit": 50}))
            assert {
                each["_id"]: (each["name"], each["member_count"]) for each in groups["data"]
            } == {each: (name, len(members)) for each, (name, members) in store.groups.items()}
        for path in self.gone[-3:]:
            assert self.api.get(path).status_code == 404
        assert KSIC not in shown


KnowledgeMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None
)
TestKnowledge = KnowledgeMachine.TestCase
