"""Any sequence of calls of every operation leaves the account as a simple model of it says."""

from dataclasses import dataclass, field

import httpx2
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from mixpeek_stage import NOBODY, client_of, good, refused

from understudy.mocks import Fake

ORDER = ("INITIALIZING", "QUEUED", "DOWNLOADING", "PROCESSING", "UPLOADING")
ENDS = ("DONE", "FAILED", "SKIPPED", "CANCELLED")
NAMES = st.sampled_from(["films", "ships", "drafts"])
WORLDS = st.sampled_from(["", "apart"])
PICK = st.integers(0, 99)
QUERY = {"vector_index": "multimodal", "value": "a red fox", "type": "text"}
EMAIL = "ada@films.example"


@dataclass
class Job:
    """A task as the model knows it: its asset, its last status, and whether it may skip."""

    asset: str
    world: str
    status: str = ORDER[0]


@dataclass
class World:
    """One namespace: the collections, and the assets with the collections that hold them."""

    collections: dict[str, str] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str | None:
        """The name of the collection with that id or name; ids come first."""
        by_id = (each for each, identity in self.collections.items() if identity == name)
        return next(by_id, name if name in self.collections else None)

    def home(self, name: str) -> str:
        """The same, made when there is none: its name is its id then."""
        return self.named(name) or self.collections.setdefault(name, name)


class Mixpeek(RuleBasedStateMachine):
    """Two namespaces of one account, a user, and time that goes forward."""

    @initialize()
    def begin(self) -> None:
        self.fake = Fake("mixpeek", time="manual")
        self.apis = {
            "": client_of(self.fake),
            "apart": client_of(self.fake, **{"x-namespace": "apart"}),
        }
        self.api = self.apis[""]
        body = {"namespace_name": "apart", "vector_indexes": ["multimodal"]}
        self.namespace = good(self.api.post("/namespaces", json=body))["namespace_id"]
        self.worlds = {"": World(), "apart": World()}
        self.jobs: dict[str, Job] = {}
        self.gone: list[str] = [NOBODY]
        self.ingested = 0
        self.keys: list[str] = []

    def teardown(self) -> None:
        for api in getattr(self, "apis", {}).values():
            api.close()

    def _pick(self, world: str, pick: int) -> tuple[str, bool]:
        """An asset of the world, or one that is not there."""
        own = sorted(self.worlds[world].assets)
        among = [*own, *self.gone]
        chosen = among[pick % len(among)]
        return chosen, chosen in own

    def _expect(self, response: httpx2.Response, there: bool) -> bool:
        if there:
            good(response)
        else:
            refused(response, 404)
        return there

    @rule(
        world=WORLDS,
        name=NAMES,
        kind=st.sampled_from(["videos/url", "images/url", "text"]),
        family=st.sampled_from(["ingest", "index"]),
        content=st.integers(0, 2),
        fails=st.booleans(),
        skips=st.booleans(),
    )
    def ingest(
        self, world: str, name: str, kind: str, family: str, content: int, fails: bool, skips: bool
    ) -> None:
        """A task is queued; its collection is there from then on."""
        word = "understudy-fail" if fails and kind != "text" else "fox"
        ending = {"videos/url": "mp4?duration=12", "images/url": "jpg"}.get(kind, "")
        body: dict[str, object] = {"collection": name, "skip_duplicate": skips}
        body |= (
            {"text": f"fox {content}"}
            if kind == "text"
            else {"url": f"https://media.example/{word}-{content}.{ending}"}
        )
        made = good(self.apis[world].post(f"/{family}/{kind}", json=body))
        here = self.worlds[world]
        home = here.home(name)
        if made["asset_id"] in here.assets:
            assert skips
        else:
            here.assets[made["asset_id"]] = home
        self.jobs[made["task_id"]] = Job(made["asset_id"], world)
        self.ingested += 1

    @rule(world=WORLDS, pick=PICK)
    def update_asset(self, world: str, pick: int) -> None:
        """A further ingestion into an asset that is there."""
        asset, there = self._pick(world, pick)
        body = {
            "url": "https://media.example/owl.mp4",
            "collection": "films",
            "asset_update": {"asset_id": asset, "mode": "replace"},
        }
        response = self.apis[world].post("/ingest/videos/url", json=body)
        if self._expect(response, there):
            self.worlds[world].home("films")
            self.jobs[response.json()["task_id"]] = Job(asset, world)
            self.ingested += 1

    @rule(seconds=st.integers(0, 90))
    def advance(self, seconds: int) -> None:
        """Time only goes forward."""
        self.fake.clock.advance(seconds)

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        """A running task ends, one that has ended stays."""
        tasks = [*sorted(self.jobs), NOBODY]
        task = tasks[pick % len(tasks)]
        job = self.jobs.get(task)
        api = self.apis[job.world] if job else self.api
        response = api.delete(f"/tasks/{task}")
        if self._expect(response, job is not None) and job is not None:
            assert response.json()["status"] in ENDS
            if job.status in ENDS:
                assert response.json()["status"] == job.status

    @rule(world=WORLDS, pick=PICK, number=st.integers(0, 9))
    def describe(self, world: str, pick: int, number: int) -> None:
        """PUT replaces metadata, PATCH adds to them, features follow."""
        asset, there = self._pick(world, pick)
        api, path = self.apis[world], f"/assets/{asset}"
        body = {"metadata": {"a": number}, "propagate_features": True}
        if self._expect(api.put(path, json=body), there):
            good(api.patch(path, json={"metadata": {"b": 1}}))
            told = good(api.get(path))["metadata"]
            assert {name: told[name] for name in ("a", "b")} == {"a": number, "b": 1}
            found = {"AND": [{"key": "metadata.a", "value": number}]}
            body = {"collections": list(self.worlds[world].collections), "filters": found}
            listed = good(api.post("/assets?page_size=1000", json=body))["results"]
            assert asset in [each["asset_id"] for each in listed]

    @rule(world=WORLDS, pick=PICK)
    def look_inside(self, world: str, pick: int) -> None:
        """Features belong to their asset, carry vectors, change and go."""
        asset, there = self._pick(world, pick)
        api = self.apis[world]
        if not self._expect(api.get(f"/assets/{asset}/features"), there):
            return
        groups = good(api.get(f"/assets/{asset}/features"))["features"]
        every = [feature for members in groups.values() for feature in members]
        if not every:
            return
        assert {each["asset_id"] for each in every} == {asset}
        path = f"/features/{every[0]['feature_id']}"
        assert len(good(api.get(f"{path}?return_vectors=true"))["vectors"]["multimodal"]) == 1408
        assert good(api.put(path, json={"metadata": {"z": 1}}))["metadata"] == {"z": 1}
        note = {"feature_id": every[0]["feature_id"], "interaction_type": "view"}
        noted = good(api.post("/features/search/interactions", json=note))
        own = f"/features/search/interactions/{noted['interaction_id']}"
        assert noted in good(api.get("/features/search/interactions?page_size=1000"))
        assert good(api.get(own)) == noted
        good(api.delete(own))
        good(api.delete(path))
        refused(api.get(path), 404)

    @rule(world=WORLDS)
    def search(self, world: str) -> None:
        """Hits are features of this world, the best first; lists and searches agree."""
        api = self.apis[world]
        collections = list(self.worlds[world].collections) or ["films"]
        body: dict[str, object] = {"collections": collections}
        listed = good(api.post("/features?page_size=1000", json=body))["results"]
        found = good(api.post("/features/search?page_size=1000", json={**body, "queries": [QUERY]}))
        scores = [each["score"] for each in found["results"]]
        assert scores == sorted(scores, reverse=True)
        assert sorted(each["feature_id"] for each in found["results"]) == sorted(
            each["feature_id"] for each in listed
        )
        query = {"key": ["status"], "value": "done"}
        done = good(api.post("/assets/search?page_size=1000", json={**body, "query": query}))
        assert {each["status"] for each in done["results"]} <= {"DONE"}
        made = good(api.post("/features/extractors/embed", json=QUERY))
        assert len(made["embedding"]["vector"]) == 1408

    @rule(world=WORLDS, pick=PICK)
    def delete_asset(self, world: str, pick: int) -> None:
        """A deleted asset stays away."""
        asset, there = self._pick(world, pick)
        if self._expect(self.apis[world].delete(f"/assets/{asset}"), there):
            del self.worlds[world].assets[asset]
            self.gone.append(asset)

    @rule(world=WORLDS, name=NAMES, other=NAMES)
    def write_collections(self, world: str, name: str, other: str) -> None:
        """A name is taken once; ids stay when names change."""
        api, known = self.apis[world], self.worlds[world].collections
        response = api.post("/collections", json={"collection_name": name})
        if name in known or name in known.values():
            refused(response, 400)
        else:
            known[name] = good(response)["collection_id"]
        assert good(api.get(f"/collections/{name}"))["collection_name"]
        if name not in known:
            return
        free = other == name or other not in {*known, *known.values()}
        response = api.put(f"/collections/{known[name]}", json={"collection_name": other})
        if free:
            good(response)
            known[other] = known.pop(name)
            assets = self.worlds[world].assets
            assets.update({a: other for a, home in assets.items() if home == name})
        else:
            refused(response, 400)

    @rule(world=WORLDS, name=NAMES)
    def delete_collection(self, world: str, name: str) -> None:
        """With it go its assets."""
        here = self.worlds[world]
        home = here.named(name)
        if self._expect(self.apis[world].delete(f"/collections/{name}"), home is not None):
            del here.collections[str(home)]
            self.gone += [asset for asset, at in here.assets.items() if at == home]
            here.assets = {asset: at for asset, at in here.assets.items() if at != home}

    @rule()
    def change_account(self) -> None:
        """A user with a key comes and goes."""
        keys = f"/organizations/users/{EMAIL}/api-keys"
        refused(self.api.get(f"/organizations/users/{EMAIL}"), 404)
        good(self.api.post("/organizations/users", json={"email": EMAIL}))
        self.keys.append(good(self.api.post(keys))["key"])
        good(self.api.patch(f"{keys}/default", json={"name": "ci"}))
        good(self.api.delete(f"{keys}/ci"))
        good(self.api.delete(f"/organizations/users/{EMAIL}"))
        assert len(set(self.keys)) == len(self.keys)

    @rule()
    def change_namespaces(self) -> None:
        """Names are taken once; a namespace that is made is there until it is deleted."""
        body = {"namespace_name": "third", "embedding_models": ["text"]}
        good(self.api.post("/namespaces", json=body))
        refused(self.api.post("/namespaces", json=body), 400)
        path = "/namespaces/third"
        assert good(self.api.put(path, json={"namespace_name": "third"}))["vector_indexes"]
        good(self.api.get(path))
        assert len(good(self.api.get("/namespaces"))) == 2
        good(self.api.get("/namespaces/indexes"))
        good(self.api.delete(path))
        refused(self.api.get(path), 404)

    @invariant()
    def tasks_move_forward(self) -> None:
        """A status is never followed by an earlier one, and an end by nothing."""
        for task, job in getattr(self, "jobs", {}).items():
            told = good(self.apis[job.world].get(f"/tasks/{task}"))
            status = told["status"]
            if job.status in ENDS:
                assert status == job.status
            elif status in ORDER:
                assert ORDER.index(status) >= ORDER.index(job.status)
            job.status = status
            assert (told["outputs"] == [job.asset]) == (status in ("DONE", "SKIPPED"))

    @invariant()
    def worlds_are_as_the_model_says(self) -> None:
        """Collections with their counts, and assets with their statuses."""
        for name, here in getattr(self, "worlds", {}).items():
            api = self.apis[name]
            listed = good(api.get("/collections?page_size=1000"))["results"]
            counts = {each["collection_name"]: each["count"] for each in listed}
            homes = list(here.assets.values())
            assert counts == {each: homes.count(each) for each in here.collections}
            for asset in here.assets:
                assert good(api.get(f"/assets/{asset}"))["status"] in (*ORDER, *ENDS)
        if hasattr(self, "ingested"):
            account = good(self.api.get("/organizations"))
            assert account["credit_count"] == 1000 - self.ingested
            assert good(self.api.get("/organizations/usage"))["total_credits"] == self.ingested
            assert good(self.api.get("/healthcheck"))["status"] == "ok"


Mixpeek.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestMixpeek = Mixpeek.TestCase
