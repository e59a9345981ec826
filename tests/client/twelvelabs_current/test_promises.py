"""What the client promises of today's calls when things go wrong, against faults of the fake."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from callers import Blocking
from media import mp4

from understudy.client import (
    BadReply,
    ConnectionFailed,
    Patience,
    RateLimited,
    StreamBroken,
    TaskFailed,
    UnknownStatus,
)
from understudy.client.file import File
from understudy.mocks import Fake

URL = "https://media.example/pear.mp4?duration=60"
FILM = File(mp4(30.0, padding=12 * 1024**2), name="pear.mp4")


@pytest.fixture
def fake(caller: Blocking) -> Iterator[Fake]:
    """A fake whose clock moves with the client's own pauses, and with nothing else."""
    with closing(Fake("twelvelabs", time="manual")) as made:
        caller.time.on_sleep = made.clock.advance
        yield made


def ready(caller: Blocking, client: Any) -> str:
    """An asset that is ready."""
    return str(caller.run(caller.run(client.assets.create(url=URL)).wait()).id)


def test_upload__outlasts_faults_of_the_service(caller: Blocking, fake: Fake) -> None:
    """Refusals, lost answers, in every step: the file is there once, whole."""
    fake.faults.add("status", status=503, operation="create-upload", times=2)
    fake.faults.add("status", status=500, operation="request-upload-urls", times=2)
    fake.faults.add("reset", operation="report-uploaded-chunks", times=2)
    fake.faults.add("status", status=429, retry_after=20, operation="report-uploaded-chunks", nth=4)
    client = caller.on_fake(fake)
    new = caller.run(client.assets.upload(FILM))
    assert caller.run(new.wait()).size == FILM.length
    assert [each.id for each in caller.all(client.assets.list())] == [new.id]


def test_upload__that_the_service_refuses_can_go_on(caller: Blocking, fake: Fake) -> None:
    """A service that is down for longer than there is patience; then only the rest is sent."""
    fake.faults.add("status", status=503, operation="report-uploaded-chunks", times=20)
    client = caller.on_fake(fake)
    with pytest.raises(Exception, match="503") as caught:
        caller.run(client.assets.upload(FILM))
    [open_] = caller.all(client.assets.uploads.list())
    assert open_.upload_id in caught.value.__notes__[-1]
    fake.faults.clear()
    new = caller.run(client.assets.upload(FILM, resume=open_.upload_id))
    assert caller.run(new.wait()).size == FILM.length


@pytest.mark.parametrize("kind", ["asset", "analysis"])
def test_wait__always_ends(caller: Blocking, fake: Fake, kind: str) -> None:
    """Failed, and a status that nobody has declared: also for what is new."""
    client = caller.on_fake(fake)
    begin = {
        "asset": lambda: client.assets.create(url=URL),
        "analysis": lambda: client.analyze_tasks.create(
            video={"type": "url", "url": URL}, prompt="Who?"
        ),
    }[kind]
    fake.faults.add("fail", times=1)
    with pytest.raises(TaskFailed):
        caller.run(caller.run(begin()).wait())
    fake.faults.clear()
    stage = {"asset": "processing", "analysis": "queued"}[kind]
    fake.faults.add("unknown-status", at=stage, shown="reticulating")
    with pytest.raises(UnknownStatus, match="reticulating"):
        caller.run(caller.run(begin()).wait(patience=Patience(deadline=60)))


def test_streams__that_break_off_are_no_answers(caller: Blocking, fake: Fake) -> None:
    """Analyses, results and responses: half of one is an error."""
    client = caller.on_fake(fake)
    asset = ready(caller, client)
    video = {"type": "asset_id", "asset_id": asset}
    store = caller.run(client.knowledge_stores.create("films"))
    item = caller.run(client.knowledge_stores.items.create(store.id, asset, asset_type="video"))
    caller.run(item.wait())
    wanted = {"video": video, "prompt": {"input_text": "Who?"}}
    batch = caller.run(client.analyze_batches.create([wanted] * 20))
    caller.run(batch.wait())
    for operation, act in (
        ("analyze-media", lambda: client.analyze_stream(prompt="Who?", video=video).text()),
        ("create-response", lambda: client.responses.stream(store.id, "Who is it?").text()),
    ):
        fake.faults.add("cut", operation=operation, after=2)
        with pytest.raises(StreamBroken):
            caller.run(act())
    fake.faults.add("cut", operation="retrieve-analysis-batch-results", after=10)
    with pytest.raises((BadReply, ConnectionFailed)):
        caller.all(batch.results())


def test_limits__of_questions_are_waited_out(caller: Blocking, fake: Fake) -> None:
    """A 429 says that nothing was done: the question is asked again, once the time is over."""
    client = caller.on_fake(fake)
    store = caller.run(client.knowledge_stores.create("films"))
    asset = ready(caller, client)
    item = caller.run(client.knowledge_stores.items.create(store.id, asset, asset_type="video"))
    caller.run(item.wait())
    caller.time.slept.clear()
    fake.faults.add("status", status=429, retry_after=12, operation="create-response", times=1)
    assert caller.run(client.responses.create(store.id, "Who is it?")).text
    assert caller.time.slept == [12.0]
    fake.faults.add("status", status=429, retry_after=300, operation="search-knowledge-store")
    with pytest.raises(RateLimited) as caught:
        caller.all(client.knowledge_stores.search(store.id, "a pear"))
    assert caught.value.retry_after == 300 and caller.time.slept == [12.0]
