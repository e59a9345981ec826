"""Every operation of Mixpeek, with both clients, against the fake: in process and on a port.

The fake is strict: a request or a reply off contract fails the test that caused it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from callers import KEY, Blocking, Script, reply

from understudy.client import (
    AsyncMixpeek,
    AsyncTiming,
    BadRequest,
    Mixpeek,
    NotFound,
    Patience,
    TaskFailed,
    Timing,
    Unauthorized,
    Unprocessable,
    UsageError,
)
from understudy.client.mixpeek.feature import DenseVector, Query, SparseVector
from understudy.contracts import Contract
from understudy.mocks import Fake

URL = "https://media.example/red-fox.mp4?duration=25"
FILMS = "films"
FOX: Query = {"embedding_model": "multimodal", "value": "a red fox", "type": "text"}


def made(caller: Blocking, key: str = KEY, **more: Any) -> Any:
    """A client of the caller's kind; its sleeps are the caller's."""
    if caller.asynchronous:
        timing = AsyncTiming(sleep=caller.time.sleep_async, **caller.time.known())
        return AsyncMixpeek(key, timing=timing, **more)
    return Mixpeek(key, timing=Timing(sleep=caller.time.sleep, **caller.time.known()), **more)


class Place:
    """Where clients meet the fake: at `base_url` over real connections, else in process."""

    def __init__(self, fake: Fake, base_url: str | None) -> None:
        self.fake = fake
        self.base_url = base_url

    def client(self, caller: Blocking, key: str = KEY, **more: Any) -> Any:
        """A client here, whose sleeps move the fake's clock."""
        caller.time.on_sleep = self.fake.clock.advance
        if self.base_url is not None:
            return made(caller, key, base_url=self.base_url, **more)
        fake = self.fake
        transport = fake.async_transport() if caller.asynchronous else fake.transport()
        return made(caller, key, transport=transport, **more)


@pytest.fixture(scope="module", params=["in process", "port"])
def shared(request: pytest.FixtureRequest) -> Iterator[Place]:
    """One fake, and one server, for all tests of a place."""
    with Fake("mixpeek", time="manual") as fake:
        port = request.param == "port"
        yield Place(fake, f"{fake.serve()}/mixpeek" if port else None)


@pytest.fixture
def place(shared: Place) -> Place:
    """A place where nothing has happened yet."""
    shared.fake.reset()
    return shared


@pytest.fixture
def client(caller: Blocking, place: Place) -> Iterator[Any]:
    """A client of the kind and in the place that the test is run for."""
    made = place.client(caller)
    caller.enter(made)
    try:
        yield made
    finally:
        caller.leave(made)


@pytest.fixture
def asset(caller: Blocking, client: Any) -> str:
    """A video that is done."""
    task = caller.run(client.ingest.video(URL, FILMS, metadata={"author": "Ada"}))
    return str(caller.run(task.wait()).asset_id)


def test_ingest__and_wait(caller: Blocking, client: Any) -> None:
    """The task answers `id`, `status`, `done`, `failed` and `wait`; every status is seen."""
    task = caller.run(client.ingest.video(URL, FILMS, feature_extractors=[{"interval_sec": 5}]))
    assert (task.status, task.done, task.failed) == (None, False, False)
    seen: list[str] = []
    patience = Patience(interval=2.0)
    done = caller.run(task.wait(patience=patience, on_status=lambda now: seen.append(now.status)))
    assert (task.done, done.status, done.outputs) == (True, "DONE", (task.asset_id,))
    assert done.inputs == (URL,)
    order = ["INITIALIZING", "QUEUED", "DOWNLOADING", "PROCESSING", "UPLOADING", "DONE"]
    assert list(dict.fromkeys(seen)) == order
    found = caller.run(client.assets.features(task.asset_id))
    assert [each.end_time for each in found.features.all] == [5.0, 10.0, 15.0, 20.0, 25.0]
    again = caller.run(client.tasks.wait(task.id))
    assert again == done


def test_ingest__of_each_kind(caller: Blocking, client: Any) -> None:
    """Images, texts, duplicates, updates of an asset, failures, and giving up."""
    image = caller.run(client.ingest.image("https://media.example/owl.jpg", FILMS))
    caller.run(image.wait())
    text = caller.run(client.ingest.text("a car", FILMS, embedding_models=["text", "keyword"]))
    caller.run(text.wait())
    found = caller.run(client.assets.features(text.asset_id)).features.text
    vectors = caller.run(client.features.retrieve(found[0].feature_id, vectors=True)).vectors
    assert len(vectors.text) == 1024 and len(vectors.keyword.indices) == 1  # "a" says nothing
    again = caller.run(
        client.ingest.image("https://media.example/owl.jpg", FILMS, skip_duplicate=True)
    )
    assert caller.run(again.wait()).status == "SKIPPED"
    assert again.done and again.asset_id == image.asset_id
    update = caller.run(client.ingest.video(URL, FILMS, update=image.asset_id, mode="replace"))
    caller.run(update.wait())
    assert caller.run(client.assets.features(image.asset_id)).features.image == ()
    broken = caller.run(client.ingest.video("https://media.example/understudy-fail.mp4", FILMS))
    with pytest.raises(TaskFailed) as failed:
        caller.run(broken.wait())
    assert failed.value.reason and broken.failed
    given_up = caller.run(client.ingest.video("https://media.example/other.mp4", FILMS))
    assert caller.run(client.tasks.cancel(given_up.id)).status == "CANCELLED"
    assert caller.run(client.tasks.retrieve(given_up.id)).status == "CANCELLED"


def test_assets__list_search_change_delete(caller: Blocking, client: Any, asset: str) -> None:
    """Pages, groups, words, metadata; what is deleted is gone."""
    for number in range(4):
        url = f"https://media.example/{number}.mp4"
        task = caller.run(client.ingest.video(url, FILMS, metadata={"number": number}))
        caller.run(task.wait())
    listed = caller.all(client.assets.list([FILMS], page_size=2))
    assert len({each.asset_id for each in listed}) == 5
    pages = caller.all(client.assets.list([FILMS], page_size=2).pages())
    assert [len(page.results) for page in pages] == [2, 2, 1]
    some = client.assets.list(
        [FILMS],
        filters={"AND": [{"key": "metadata.number", "operator": "gt", "value": 1}]},
        sort={"field": "metadata.number", "direction": "desc"},
        select=["metadata.number"],
    )
    assert [each.metadata for each in caller.all(some)] == [{"number": 3}, {"number": 2}]
    groups = caller.all(client.assets.groups([FILMS], "modality", max_assets=2))
    assert [(each.group, each.count, len(each.assets)) for each in groups] == [("video", 5, 2)]
    words = client.assets.search([FILMS], "ada", ["metadata.author"], return_url=True)
    assert [(each.asset_id, each.url) for each in caller.all(words)] == [(asset, URL)]
    read = caller.run(client.assets.retrieve(asset))
    assert (read.status, read.url, read.error) == ("DONE", URL, None)
    assert caller.run(client.assets.retrieve(asset, return_url=False)).url is None
    changed = caller.run(client.assets.update(asset, {"b": 2}, propagate_features=True))
    assert changed.metadata["author"] == "Ada" and changed.metadata["b"] == 2
    replaced = caller.run(client.assets.replace(asset, {"c": 3}))
    assert "author" not in replaced.metadata
    caller.run(client.assets.delete(asset))
    with pytest.raises(NotFound) as gone:
        caller.run(client.assets.retrieve(asset))
    assert gone.value.code == "NotFoundError"


def test_features__list_search_change_delete(caller: Blocking, client: Any, asset: str) -> None:
    """Pages after a feature and by place, fusion, groups, vectors."""
    found = caller.all(client.features.list([FILMS], page_size=2))
    assert [each.start_time for each in found] == [0.0, 10.0, 20.0]
    hits = caller.all(client.features.search([FILMS], [FOX], page_size=2))
    assert [each.asset_id for each in hits] == [asset] * 3
    assert hits[0].score >= hits[1].score >= hits[2].score
    two: list[Query] = [FOX, {**FOX, "settings": {"limit": 1}, "filters": {"AND": []}}]
    fused = caller.all(client.features.search([FILMS], two, weights={"multimodal": 2.0}))
    assert abs(fused[0].score - 4 / 61) < 1e-8
    groups = caller.all(client.features.search_groups([FILMS], [FOX], max_features=1))
    assert [(each.group, each.count, len(each.features)) for each in groups] == [(asset, 3, 1)]
    feature = caller.run(client.features.retrieve(found[0].feature_id, vectors=True))
    assert len(feature.vectors.multimodal) == 1408 and feature.vectors.text is None
    assert feature.created_at.tzinfo is not None
    replaced = caller.run(client.features.replace(feature.feature_id, {"b": 1}))
    assert replaced.metadata == {"b": 1}
    caller.run(client.features.delete(feature.feature_id))
    assert len(caller.all(client.features.list([FILMS]))) == 2
    dense = caller.run(client.features.embed("text", "a red fox")).embedding
    assert isinstance(dense, DenseVector) and len(dense.vector) == 1024
    sparse = caller.run(client.features.embed("keyword", "a red fox")).embedding
    assert isinstance(sparse, SparseVector) and len(sparse.indices) == 2


def test_interactions__live_and_die(caller: Blocking, client: Any, asset: str) -> None:
    """Note, list, read, delete."""
    feature = caller.run(client.assets.features(asset)).features.video[0].feature_id
    interactions = client.features.interactions
    noted = caller.run(interactions.create(feature, "click", position=1, session_id="s"))
    assert caller.run(interactions.list(session_id="s", page_size=5)) == (noted,)
    assert caller.run(interactions.retrieve(noted.interaction_id)) == noted
    caller.run(interactions.delete(noted.interaction_id))
    assert caller.run(interactions.list()) == ()


def test_collections_and_namespaces__live_and_die(
    caller: Blocking, client: Any, place: Place
) -> None:
    """Create, read, change, list, delete; a client may act in a namespace for good."""
    drafts = caller.run(client.collections.create("drafts", metadata={"a": 1}))
    assert caller.run(client.collections.retrieve("drafts")) == drafts
    renamed = caller.run(client.collections.update("drafts", name="final"))
    assert renamed.collection_id == drafts.collection_id
    assert [each.collection_name for each in caller.all(client.collections.list())] == ["final"]
    with pytest.raises(BadRequest):
        caller.run(client.collections.create("final"))
    index = {"field_name": "metadata.a", "type": "integer"}
    namespace = caller.run(client.namespaces.create("apart", ["text"], payload_indexes=[index]))
    assert namespace.payload_indexes == [index]
    assert caller.run(client.namespaces.list()) == (namespace,)
    assert caller.run(client.namespaces.retrieve("apart")) == namespace
    inside = place.client(caller, namespace="apart")
    assert caller.all(inside.collections.list()) == []
    caller.leave(inside)
    assert caller.run(client.namespaces.update("apart", name="away")).namespace_name == "away"
    caller.run(client.namespaces.delete("away"))
    assert "multimodal" in caller.run(client.namespaces.indexes()).vector_indexes
    caller.run(client.collections.delete("final"))
    assert caller.all(client.collections.list()) == []


def test_organization__users_and_keys(caller: Blocking, client: Any, asset: str) -> None:
    """The account, its usage, a user with a key; a key is never shown by accident."""
    account, usage = caller.run(client.organization.retrieve()), client.organization.usage()
    used = caller.run(usage)
    assert (account.credit_count, used.total_credits) == (999, 1)
    assert used.dates[0].actions[0].action == "ingest_video"
    user = caller.run(client.organization.add_user("ada@films.example"))
    key = caller.run(client.organization.create_key(user.email, name="ci"))
    assert key.key and key.key not in repr(key)
    changed = caller.run(client.organization.update_key(user.email, "ci", permissions=["read"]))
    assert changed.permissions == ("read",)
    assert len(caller.run(client.organization.user(user.email)).api_keys) == 1
    caller.run(client.organization.delete_key(user.email, "ci"))
    caller.run(client.organization.remove_user(user.email))
    assert caller.run(client.organization.retrieve()).users == ()
    assert caller.run(client.health()) == "ok"


def test_refusals__are_read_in_both_forms(caller: Blocking, client: Any, place: Place) -> None:
    """The envelope gives message and type; a list of fields makes one message."""
    with pytest.raises(Unprocessable) as wrong:
        caller.run(client.ingest.video("", FILMS))
    assert "body.url" in wrong.value.message and wrong.value.code == "value_error"
    other = place.client(caller, "invalid-key")
    with pytest.raises(Unauthorized) as stranger:
        caller.run(other.organization.usage())
    caller.leave(other)
    assert stranger.value.code == "UnauthorizedError"
    with pytest.raises(UsageError):
        made(caller, " ")


def test_every_operation__was_called(caller: Blocking) -> None:
    """The paths that the client calls are those of the document, but for the older spellings."""
    script = Script(reply(404, {"success": False, "status": 404, "error": {}}))
    client = made(caller, transport=script.transport)
    one, two = "a", "b"
    calls: list[Callable[[], Any]] = [
        lambda: client.ingest.video(one, two),
        lambda: client.ingest.image(one, two),
        lambda: client.ingest.text(one, two),
        lambda: client.tasks.retrieve(one),
        lambda: client.tasks.cancel(one),
        lambda: client.assets.list([one]).first(),
        lambda: client.assets.search([one], two, []).first(),
        lambda: client.assets.retrieve(one),
        lambda: client.assets.features(one),
        lambda: client.assets.update(one, {}),
        lambda: client.assets.replace(one, {}),
        lambda: client.assets.delete(one),
        lambda: client.features.list([one]).first(),
        lambda: client.features.search([one], [FOX]).first(),
        lambda: client.features.retrieve(one),
        lambda: client.features.replace(one, {}),
        lambda: client.features.delete(one),
        lambda: client.features.embed(one, two),
        lambda: client.features.interactions.create(one, "view"),
        lambda: client.features.interactions.list(),
        lambda: client.features.interactions.retrieve(one),
        lambda: client.features.interactions.delete(one),
        lambda: client.collections.list().first(),
        lambda: client.collections.create(one),
        lambda: client.collections.retrieve(one),
        lambda: client.collections.update(one, name=two),
        lambda: client.collections.delete(one),
        lambda: client.namespaces.list(),
        lambda: client.namespaces.create(one, [two]),
        lambda: client.namespaces.retrieve(one),
        lambda: client.namespaces.update(one, name=two),
        lambda: client.namespaces.delete(one),
        lambda: client.namespaces.indexes(),
        lambda: client.organization.retrieve(),
        lambda: client.organization.usage(),
        lambda: client.organization.add_user(one),
        lambda: client.organization.user(one),
        lambda: client.organization.remove_user(one),
        lambda: client.organization.create_key(one),
        lambda: client.organization.update_key(one, two),
        lambda: client.organization.delete_key(one, two),
        lambda: client.health(),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            caller.run(call())
    contract = Contract.load("mixpeek/2024-12")
    routed = {contract.route(each.method, each.url.path) for each in script.requests}
    called = {route.operation.id for route in routed if hasattr(route, "operation")}
    assert called == {name for name in contract.operations if not name.startswith("index-")}
