"""The two clients are one: the same calls give the same results, requests, pauses and errors."""

import inspect
from typing import Any

import httpx2
from callers import BASE, INDEX, Awaiting, Blocking, Pieces, Script, error, reply
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.client import AsyncTwelveLabs, ClientError, Patience, TwelveLabs
from understudy.mocks import Fake

MODELS = [{"model_name": "marengo2.7", "model_options": ["visual", "audio"]}]


def run(caller: Blocking, act: Any, client: Any) -> tuple[object, ...]:
    """What a call came to: its result, or its error in full."""
    try:
        return ("result", act(caller, client))
    except ClientError as failed:
        return (type(failed), str(failed), getattr(failed, "__notes__", None))


ACTS = st.sampled_from(
    [
        lambda caller, client: caller.run(client.indexes.retrieve("i")),
        lambda caller, client: caller.run(client.indexes.create("films", MODELS)),
        lambda caller, client: caller.run(client.indexes.delete("i")),
        lambda caller, client: caller.all(client.indexes.list()),
        lambda caller, client: caller.run(client.tasks.create("i", video_file=b"x")).id,
        lambda caller, client: caller.run(client.tasks.wait("t", patience=Patience(deadline=60))),
        lambda caller, client: caller.run(client.analyze_stream("v", "Who?").text()),
        lambda caller, client: caller.run(client.analyze("v", "Who?")),
    ]
)
TASK = {"_id": "t", "index_id": "i", "created_at": "2025-07-02T12:00:00Z"}
STEPS = st.sampled_from(
    [
        lambda: reply(json=INDEX),
        lambda: reply(204),
        lambda: reply(json={**TASK, "status": "pending"}),
        lambda: reply(json={**TASK, "status": "ready"}),
        lambda: reply(json={**TASK, "status": "lost"}),
        lambda: reply(json={"data": [], "page_info": {}}),
        lambda: httpx2.Response(200, stream=Pieces(b'{"event_type": "stream_end"}\n')),
        lambda: httpx2.Response(200, stream=Pieces(b"{", httpx2.ReadError("reset"))),
        lambda: error(400),
        lambda: error(404),
        lambda: error(429, retry_after="11"),
        lambda: error(429, x_ratelimit_reset="99999999999"),
        lambda: error(500),
        lambda: error(503),
        lambda: httpx2.ConnectError("no route"),
        lambda: httpx2.ReadTimeout("slow"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(ACTS, st.lists(STEPS, min_size=1, max_size=6), st.sampled_from([0.0, 0.3, 0.99]))
def test_same__whatever_the_server_does(act: Any, steps: list[Any], chance: float) -> None:
    """Against any server, both send the same, pause the same and end the same."""
    seen = []
    for kind in (Blocking, Awaiting):
        caller, script = kind(), Script(*[step() for step in steps])
        caller.time.chance = chance
        outcome = run(caller, act, caller.client(script.transport))
        sent = [(request.method, str(request.url)) for request in script.requests]
        seen.append((outcome, sent, caller.time.slept))
        caller.close()
    assert seen[0] == seen[1]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.sampled_from(["create", "rename", "upload", "wait", "list", "count", "embed", "delete"]),
        min_size=1,
        max_size=8,
    )
)
def test_same__against_the_fake(verbs: list[str]) -> None:
    """The same story, told to two fakes with one seed, gives the same models."""
    stories = []
    for kind in (Blocking, Awaiting):
        caller = kind()
        with Fake("twelvelabs", time="manual") as fake:
            caller.time.on_sleep = fake.clock.advance
            client = caller.on_fake(fake)
            index = caller.run(client.indexes.create("first", MODELS)).id
            acts = _acts(index)
            stories.append([run(caller, acts[verb], client) for verb in verbs])
        caller.close()
    assert stories[0] == stories[1]


def _acts(index: str) -> dict[str, Any]:
    url = "https://media.example/a.mp4"

    def wait(caller: Blocking, client: Any) -> Any:
        return caller.run(caller.run(client.tasks.create(index, video_url=url)).wait())

    return {
        "create": lambda caller, client: caller.run(client.indexes.create("films", MODELS)),
        "rename": lambda caller, client: caller.run(
            client.indexes.update(index, index_name="films")
        ),
        "upload": lambda caller, client: caller.run(client.tasks.create(index, video_url=url)).ids,
        "wait": wait,
        "list": lambda caller, client: caller.all(client.tasks.list(index_id=index)),
        "count": lambda caller, client: caller.run(client.tasks.count(index)),
        "embed": lambda caller, client: caller.run(
            client.embed.create("Marengo-retrieval-2.7", text="boat")
        ),
        "delete": lambda caller, client: caller.run(client.indexes.delete(index)),
    }


def test_same__surface() -> None:
    """Every public name of one client is a name of the other, with the same parameters."""
    one = TwelveLabs("k", base_url=BASE)
    other = AsyncTwelveLabs("k", base_url=BASE)
    for path in ("", "indexes", "indexes.videos", "indexes.indexed_assets", "tasks",
                 "tasks.transfers", "search", "embed", "embed.tasks", "embed_v2", "embed_v2.tasks",
                 "assets", "assets.uploads", "analyze_tasks", "analyze_batches",
                 "entity_collections", "entity_collections.entities", "knowledge_stores",
                 "knowledge_stores.items", "knowledge_stores.collections", "responses",
                 "connections", "connections.imports", "connections.redirect_uris"):  # fmt: skip
        left, right = one, other
        for name in path.split(".") if path else []:
            left, right = getattr(left, name), getattr(right, name)
        names = [name for name in dir(left) if not name.startswith("_")]
        assert names == [name for name in dir(right) if not name.startswith("_")]
        for name in names:
            if inspect.ismethod(getattr(left, name)):
                ours = inspect.signature(getattr(left, name)).parameters
                theirs = inspect.signature(getattr(right, name)).parameters
                assert list(ours) == list(theirs), f"{path}.{name}"
    one.close()
