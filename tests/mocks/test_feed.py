"""The stream of what happens: its order, its bounds, and live on a port."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from stage import client_of, new_index, new_task

from understudy.contracts.redaction import alias
from understudy.mocks.control.events import Reader
from understudy.mocks.fake import Fake
from understudy.mocks.feed import Feed
from understudy.mocks.limits import Limits

KEY = "orchard"
URL = "https://media.example/pear.mp4?duration=60"


def read(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """The events of a stream: id, name and data."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if lines:
            found.append((int(lines.get("id", 0)), lines["event"], json.loads(lines["data"])))
    return found


def test_feed__is_bounded_and_counts_on() -> None:
    """The latest are kept; whoever reads from further back learns how many are gone."""
    feed = Feed(3)
    for number in range(5):
        feed.note("status", float(number), "plum", lambda number=number: {"n": number})  # type: ignore[misc]
    found, latest, missed = feed.since(0)
    assert [each.sequence for each in found] == [3, 4, 5]
    assert (latest, missed) == (5, 2)
    assert feed.since(5) == ([], 5, 0)
    assert [each.sequence for each in feed.since(3, most=1)[0]] == [4]


def test_feed__forgets_one_tenant_alone() -> None:
    """A reset tenant has no past; the others keep theirs, and the count goes on."""
    feed = Feed(10)
    for tenant in ("plum", "pear", "plum"):
        feed.note("status", 0.0, tenant, dict)
    feed.forget("plum")
    assert [(each.sequence, each.tenant) for each in feed.since(0)[0]] == [(2, "pear")]
    assert feed.latest == 3


def test_feed__what_was_forgotten_is_not_missed() -> None:
    """Who begins to read after a reset is at the latest, and misses nothing later."""
    feed = Feed(10)
    feed.note("status", 0.0, "plum", dict)
    feed.forget()
    assert feed.since(0) == ([], 1, 0)
    feed.note("status", 0.0, "plum", dict)
    assert feed.since(1)[1:] == (2, 0)


def test_events__of_a_server_before_this_one_hide_nothing() -> None:
    """A page that reconnects with a number from before a restart is told everything."""
    feed = Feed(10)
    feed.note("status", 0.0, "plum", lambda: {"n": 1})
    assert b"id: 1" in Reader(feed, frozenset(), 500).read()


def test_events__tell_exchange_violation_status_and_delivery_in_order() -> None:
    """In process: everything that happened, in the order in which it did."""
    fake = Fake("twelvelabs", time="manual")
    with client_of(fake, KEY) as api:
        new_task(api, new_index(api, "films"), URL)
        api.get("/indexes", params={"page_limit": "many"})
    tenant = fake.engine.tenants.get(alias(KEY))
    tenant.deliveries.queue("twelvelabs", "http://127.0.0.1:9/", {}, event="ready", about="a")
    fake.clock.advance(9999)
    happened = [(each.kind, each.content) for each in fake.tenant(KEY).events]
    kinds = [kind for kind, _ in happened]
    assert kinds[:5] == ["exchange", "status", "exchange", "exchange", "violation"]
    assert kinds[5] == "delivery"
    statuses = [content["status"] for kind, content in happened if kind == "status"]
    assert (statuses[0], statuses[-1]) == ("uploading", "ready")
    [violation] = [content for kind, content in happened if kind == "violation"]
    assert violation["pointer"] == "/page_limit"
    assert {each.content["provider"] for each in fake.events.find("status")} == {"twelvelabs"}


def test_events__hold_no_credentials() -> None:
    """A key in a query or a tenant's name never shows."""
    fake = Fake("twelvelabs", time="manual")
    with client_of(fake, "tlk_secret") as api:
        api.get("/indexes", params={"api_key": "tlk_secret"})
    assert "tlk_secret" not in repr(list(fake.events))


def test_events__of_one_tenant_are_its_own() -> None:
    """Nothing of a tenant is seen by another, in Python and by the control API."""
    fake = Fake("twelvelabs", time="manual")
    for key in ("orchard", "grove"):
        with client_of(fake, key) as api:
            new_index(api, key)
    assert {each.tenant for each in fake.tenant("orchard").events} == {alias("orchard")}
    assert {each.tenant for each in fake.events} == {alias("orchard"), alias("grove")}
    with httpx2.Client(transport=fake.transport(), base_url="http://127.0.0.1") as control:
        text = control.get("/_understudy/events", headers={"x-api-key": "grove"}).text
    assert {data["tenant"] for _, _, data in read(text)} == {alias("grove")}


def test_events__resume_after_the_last() -> None:
    """By `after`, or as a browser does by `Last-Event-ID`, which goes before it."""
    fake = Fake("twelvelabs", time="manual")
    with client_of(fake, KEY) as api:
        for _ in range(3):
            api.get("/indexes")
    with httpx2.Client(transport=fake.transport(), base_url="http://127.0.0.1") as control:
        whole = read(control.get("/_understudy/events").text)
        rest = read(control.get("/_understudy/events?after=1").text)
        again = control.get("/_understudy/events?after=1", headers={"Last-Event-ID": "2"})
    assert [number for number, _, _ in whole] == [1, 2, 3]
    assert rest == whole[1:]
    assert read(again.text) == whole[2:]


@pytest.fixture
def live() -> Iterator[tuple[Fake, str]]:
    fake = Fake("twelvelabs", time="manual", limits=Limits(events=50))
    yield fake, fake.serve()
    fake.close()


def test_events__are_live_on_a_port(live: tuple[Fake, str]) -> None:
    """A stream that is open tells what happens while it is open; other callers are served."""
    fake, url = live
    with (
        httpx2.Client(base_url=url, timeout=60) as client,
        client.stream("GET", "/_understudy/events") as stream,
        client_of(fake, KEY) as api,
    ):
        assert stream.headers["content-type"] == "text/event-stream"
        lines = stream.iter_lines()
        task = new_task(api, new_index(api, "films"), URL)["_id"]
        client.post("/_understudy/clock/advance", json={"seconds": 9999})
        for line in lines:
            if line.startswith("data: ") and '"ready"' in line:
                break
        assert json.loads(line.removeprefix("data: "))["id"] == task


def test_events__a_reader_who_left_is_forgotten(live: tuple[Fake, str]) -> None:
    """A closed connection leaves no listener behind, once something happens."""
    fake, url = live
    feed = fake.engine.tenants.feed
    with httpx2.Client(base_url=url) as client:
        with client.stream("GET", "/_understudy/events") as stream:
            lines = stream.iter_lines()
            while not feed.listeners:
                client.get("/twelvelabs/v1.3/indexes", headers={"x-api-key": KEY})
                assert next(lines)
        for _ in range(500):
            client.get("/_understudy/health")
            if not feed.listeners:
                break
    assert feed.listeners == []


def test_events__a_server_that_stops_waits_for_no_reader() -> None:
    """Open streams end with the server, at once."""
    fake = Fake("twelvelabs", time="manual")
    url = fake.serve()
    with client_of(fake, KEY) as api:
        api.get("/indexes")
    ended = threading.Event()

    def follow() -> None:
        with (
            httpx2.Client(timeout=60) as client,
            client.stream("GET", f"{url}/_understudy/events") as stream,
        ):
            for line in stream.iter_lines():
                if line:
                    started.set()
        ended.set()

    started = threading.Event()
    thread = threading.Thread(target=follow)
    thread.start()
    assert started.wait(60)
    fake.close()
    thread.join()  # which the client's own time-out would end too, with an error
    assert ended.is_set()
