"""Webhooks of Twelve Labs: who is registered hears of every end, signed the vendor's way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from analyses_stage import VIDEO, api_of, new_asset, new_batch, new_task, task_of
from jsonschema import Draft202012Validator
from stage import new_index
from stage import new_task as indexed

from understudy.mocks import Fake
from understudy.mocks.delivery import Dispatch, Parcel
from understudy.mocks.signature import HEADER, genuine
from understudy.specs import __file__ as specs

URLS = ("http://127.0.0.1:3000/hooks", "http://127.0.0.1:3000/more")
FAILING = {"type": "url", "url": "https://media.example/understudy-fail.mp4"}


class Heard:
    """A receiver that answers as told, and remembers what came."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self.answers: list[int] = []

    def __call__(self, parcel: Parcel) -> int:
        self.parcels.append(parcel)
        return self.answers.pop(0) if self.answers else 200

    @property
    def events(self) -> list[Any]:
        """The bodies that came."""
        return [parcel.json() for parcel in self.parcels]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def told(heard: Heard) -> Iterator[Fake]:
    """A fake where one URL is registered."""
    sent = Dispatch(secret="whsec", registered={"twelvelabs": URLS[:1]})
    with Fake("twelvelabs", time="manual", webhooks=sent) as fake:
        fake.deliveries.to(heard)
        yield fake


@pytest.fixture
def api(told: Fake) -> Iterator[httpx2.Client]:
    with api_of(told) as client:
        yield client


def valid(event: Any, name: str) -> None:
    """Hold an event against the document, by a validator of another make."""
    file = Path(specs).parent / "twelvelabs" / "v1.3.yaml"
    document = yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(event)


def test_webhook__every_end(told: Fake, api: httpx2.Client, heard: Heard) -> None:
    """ready, failed and canceled, each with what is documented of it."""
    ready, failed = new_task(api, custom_id="a"), new_task(api, video=FAILING)
    canceled = new_task(api)
    api.post(f"/analyze/tasks/{canceled}/cancel")
    told.clock.advance(600)
    events = {event["data"]["id"]: event for event in heard.events}
    assert {name: event["type"] for name, event in events.items()} == {
        ready: "analyze.task.ready",
        failed: "analyze.task.failed",
        canceled: "analyze.task.canceled",
    }
    for identity, event in events.items():
        valid(event, "AnalysisTaskEvent")
        task = task_of(api, identity)
        assert event["created_at"] == task["completed_at"]
        for name in ("custom_id", "status", "created_at", "video_source"):
            assert event["data"][name] == task[name]
    assert events[failed]["data"]["error"] == {"message": task_of(api, failed)["error"]["message"]}


def test_webhook__canceled_says_no_reason(told: Fake, api: httpx2.Client, heard: Heard) -> None:
    """Trap: an event of a cancellation has neither error nor end; the task itself has."""
    identity = new_task(api)
    api.post(f"/analyze/tasks/{identity}/cancel")
    told.clock.advance(0)
    (event,) = heard.events
    assert not {"error", "completed_at", "result", "request_params"} & set(event["data"])
    assert event["data"]["custom_id"] is None


def test_webhook__batches_have_none(told: Fake, api: httpx2.Client, heard: Heard) -> None:
    """Trap: tasks of batches send nothing, however they end."""
    made = new_batch(api, *[new_asset(told, api)] * 5)
    told.clock.advance_to(made["items"][0]["task_id"], "processing")
    api.post(f"/analyze/batches/{made['batch_id']}/cancel")
    told.clock.advance(600)
    assert heard.events == []


def test_webhook__signed(told: Fake, api: httpx2.Client, heard: Heard) -> None:
    """The signature is in the vendor's own header."""
    new_task(api)
    told.clock.advance(600)
    (parcel,) = heard.parcels
    headers = dict(parcel.headers)
    assert HEADER not in headers
    assert genuine("whsec", headers["TL-Signature"], parcel.body)
    assert headers["TL-Signature"].startswith(f"t={int(parcel.at)},v1=")
    assert not genuine("other", headers["TL-Signature"], parcel.body)


def test_webhook__tried_again_under_one_id(told: Fake, api: httpx2.Client, heard: Heard) -> None:
    """A receiver that fails hears the same event again; the task tells how it went."""
    heard.answers = [503, 200]
    identity = new_task(api)
    told.clock.advance_to(identity, "ready")
    (notice,) = task_of(api, identity)["webhooks"]
    assert notice == {
        "url": URLS[0],
        "delivered": False,
        "attempts": 1,
        "last_error": "answered with 503",
    }
    told.clock.advance(600)
    assert len({event["id"] for event in heard.events}) == 1
    assert len(heard.events) == 2
    assert task_of(api, identity)["webhooks"] == [
        {"url": URLS[0], "delivered": True, "attempts": 2}
    ]


def test_webhook__indexing(told: Fake, api: httpx2.Client, heard: Heard) -> None:
    """Indexing tasks have events too."""
    index = new_index(api, "films")
    made = indexed(api, index, str(VIDEO["url"]))
    failing = indexed(api, index, str(FAILING["url"]))
    told.clock.advance(3600)
    events = {event["data"]["id"]: event for event in heard.events}
    assert events[made["_id"]]["type"] == "index.task.ready"
    assert events[failing["_id"]]["type"] == "index.task.failed"
    for event in events.values():
        valid(event, "IndexTaskEvent")


def test_webhook__nobody_registered(fake: Fake) -> None:
    """Without a URL nothing is sent, and a task says nothing of webhooks."""
    with api_of(fake) as api:
        identity = new_task(api)
        fake.clock.advance_to(identity, "ready")
        assert "webhooks" not in task_of(api, identity)
    assert len(fake.deliveries) == 0


def test_webhook__registered_on_the_way(fake: Fake, heard: Heard) -> None:
    """A test may register a receiver; what happened before is not told."""
    with api_of(fake) as api:
        new_task(api)
        fake.clock.advance(600)
        fake.deliveries.register("twelvelabs", URLS[0])
        fake.deliveries.to(heard)
        identity = new_task(api)
        fake.clock.advance(600)
    assert [event["data"]["id"] for event in heard.events] == [identity]


def test_webhook__several_receivers() -> None:
    """Each registered URL is told of the same event; another vendor's are not."""
    registered = {"twelvelabs": URLS, "memories": ("http://127.0.0.1:3000/others",)}
    sent = Dispatch(registered=registered)
    with Fake("twelvelabs", time="manual", webhooks=sent) as fake, api_of(fake) as api:
        new_task(api)
        fake.clock.advance(600)
        found = list(fake.deliveries)
        assert [each.url for each in found] == list(URLS)
        assert found[0].body == found[1].body


def test_webhook__kept_by_a_snapshot(told: Fake, api: httpx2.Client, heard: Heard) -> None:
    """What was still to be tried is sent after a restore, signed as before."""
    heard.answers = [503]
    identity = new_task(api)
    told.clock.advance_to(identity, "ready")
    told.restore(told.snapshot())
    told.clock.advance(600)
    assert [dict(each.headers).get("TL-Signature") is not None for each in heard.parcels] == [
        True,
        True,
    ]
