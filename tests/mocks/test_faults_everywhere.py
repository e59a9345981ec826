"""Faults and snapshots of every provider: nothing of them knows one provider from another."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from typing import Any

import httpx2
import imentiv_stage
import memories_stage
import mixpeek_stage
import pytest
import stage
from aim import path_of

from understudy.contracts.exchange import Headers, Request, Response
from understudy.mocks import Fake
from understudy.mocks.fault import UNKNOWN_STATUS, Breach
from understudy.mocks.provider import Provider
from understudy.mocks.providers.catalogue import PROVIDERS, provide

KEYED = (("x-api-key", "any-key"), ("authorization", "Bearer any-key"))


@cache
def fake_of(name: str) -> Fake:
    """A fake of one version alone: each is asked by its own rules."""
    return Fake(name, time="manual")


def provider_of(name: str) -> Provider:
    return fake_of(name).engine.providers[name.partition("/")[0]]


def operations() -> Iterator[tuple[str, str]]:
    """Every operation of every edition of every provider."""
    for name in PROVIDERS:
        for edition in provide(name).editions:
            for operation in edition.contract.operations:
                yield edition.contract.name, operation


def answered(name: str, operation: str, status: int) -> tuple[Any, Response]:
    """What an operation answers while a fault refuses it with that status."""
    fake, provider = fake_of(name), provider_of(name)
    (edition,) = provider.editions
    fake.reset()
    known = edition.contract.operations[operation]
    fake.faults.add("status", status=status)
    path = f"{provider.mount}{edition.prefixes[0]}{path_of(known, otherwise='a')}"
    request = Request(known.method, path, "", Headers([("host", "127.0.0.1"), *KEYED]))
    reply = fake.engine.handle(request, wire=False)
    body = reply.body if isinstance(reply.body, bytes) else b""
    return known, Response(reply.status, Headers(reply.headers), body)


@pytest.mark.parametrize(("name", "operation"), list(operations()))
def test_status__of_every_operation_is_on_contract_where_it_is_declared(
    name: str, operation: str
) -> None:
    """A refusal in the provider's own envelope; other statuses are what they were asked to be."""
    edition = provider_of(name).editions[0]
    declared = [
        int(one) for one in edition.contract.operations[operation].statuses if one.isdigit()
    ]
    for status in {*(each for each in declared if each >= 400), 503}:
        known, response = answered(name, operation, status)
        assert response.status == status
        if status in declared:
            assert edition.contract.check_response(known, response) == (), response.body


@pytest.mark.parametrize(("name", "operation"), list(operations()))
def test_rate_limit__of_every_operation_says_when_it_ends(name: str, operation: str) -> None:
    """Also where a provider never limits."""
    fake = fake_of(name)
    _, response = answered(name, operation, 429)
    assert response.headers.get("retry-after") == "1"
    assert len(fake.journal) == 1


class Journey:
    """How a task of one provider is begun, polled and read in plain words."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.task = ""

    def begin(self) -> None:
        raise NotImplementedError

    def poll(self) -> httpx2.Response:
        raise NotImplementedError

    def status(self) -> str:
        """What the poll tells; empty where the task is gone, the status code where it failed."""
        reply = self.poll()
        return self.told(reply.json()) if reply.status_code == 200 else str(reply.status_code)

    def told(self, body: Any) -> str:
        return str(body["status"])

    def told_over(self, seconds: float) -> list[str]:
        """The statuses told on the way, each once for as long as it is told."""
        seen: list[str] = []
        for _ in range(int(seconds / 2.5)):
            now = self.status()
            if not seen or seen[-1] != now:
                seen.append(now)
            self.fake.clock.advance(2.5)
        return seen


class TwelveLabs(Journey):
    gone = "404"

    def begin(self) -> None:
        self.api = stage.client_of(self.fake, "any-key")
        url = "https://media.example/a.mp4?duration=20"
        self.task = stage.new_task(self.api, stage.new_index(self.api, "films"), url)["_id"]

    def poll(self) -> httpx2.Response:
        return self.api.get(f"/tasks/{self.task}")


class Memories(Journey):
    gone = ""

    def begin(self) -> None:
        self.api = memories_stage.Api(self.fake)
        self.task = self.api.upload()

    def poll(self) -> httpx2.Response:
        return self.api.post("list_videos", {})

    def told(self, body: Any) -> str:
        videos = body["data"]["videos"]
        return str(videos[0]["status"]) if videos else ""


class Mixpeek(Journey):
    gone = "404"

    def begin(self) -> None:
        self.api = mixpeek_stage.client_of(self.fake)
        self.task = str(mixpeek_stage.ingest(self.api)["task_id"])

    def poll(self) -> httpx2.Response:
        return self.api.get(f"/tasks/{self.task}")


class Imentiv(Journey):
    gone = "404"

    def begin(self) -> None:
        self.api = imentiv_stage.Api(self.fake)
        self.task = str(self.api.upload("videos")["id"])

    def poll(self) -> httpx2.Response:
        return self.api.client.get(f"/v1/videos/{self.task}")


JOURNEYS: Mapping[str, type[Any]] = {
    "imentiv": Imentiv,
    "twelvelabs": TwelveLabs,
    "memories": Memories,
    "mixpeek": Mixpeek,
}
LONG = 400.0


@pytest.fixture(params=JOURNEYS)
def journey(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fake of one provider, and the journey of one task that has not begun."""
    with closing(Fake(request.param, time="manual")) as fake:
        yield JOURNEYS[request.param](fake)


def way(journey: Any) -> list[str]:
    """The statuses without any fault."""
    [name] = journey.fake.engine.providers.keys() & JOURNEYS.keys()
    undisturbed = type(journey)(Fake(name, time="manual"))
    undisturbed.begin()
    return list(undisturbed.told_over(LONG))


def test_unknown_status__is_told_in_the_first_stage(journey: Any) -> None:
    """By a read or a list; strict mode does not mind."""
    first, *rest = way(journey)
    journey.fake.faults.add("unknown-status", at=first)
    journey.begin()
    assert journey.told_over(LONG) == [UNKNOWN_STATUS, *rest]
    assert not any(entry.violations for entry in journey.fake.journal)


def test_polls__are_down_while_the_work_goes_on(journey: Any) -> None:
    """For twenty seconds; what has happened meanwhile is told afterwards."""
    whole = way(journey)
    journey.fake.faults.add("polls-down", seconds=20)
    journey.begin()
    seen = journey.told_over(LONG)
    assert seen[0] == "503" and seen[-1] == whole[-1]
    assert seen[1:] == whole[-len(seen[1:]) :]


def test_stuck__and_released(journey: Any) -> None:
    """In the first stage, until the fault is taken away."""
    whole = way(journey)
    fault = journey.fake.faults.add("stuck", at=whole[0])
    journey.begin()
    assert journey.told_over(LONG) == [whole[0]]
    journey.fake.faults.remove(fault.id)
    assert journey.told_over(LONG)[-1] == whole[-1]


def test_fail__half_way(journey: Any) -> None:
    """In the provider's own first failure."""
    [provider] = [each for each in journey.fake.engine.providers.values() if not each.private]
    failures = {one.status for each in provider.lifecycles.values() for one in each.failures}
    journey.fake.faults.add("fail", percent=50, reason="Lost.")
    journey.begin()
    assert journey.told_over(LONG)[-1] in failures


def test_vanish__is_gone_for_good(journey: Any) -> None:
    """As if it had never been begun."""
    whole = way(journey)
    journey.fake.faults.add("vanish", at=whole[0])
    journey.begin()
    assert journey.told_over(LONG) == [whole[0], journey.gone]


@pytest.mark.parametrize("breach", ["missing", "type"])
def test_breach__of_a_poll(journey: Any, breach: Breach) -> None:
    """Somewhere in the reply; once, and the next one is on contract."""
    journey.begin()
    journey.fake.faults.add("breach", breach=breach, times=1)
    journey.poll()
    [entry] = [each for each in journey.fake.journal if each.faults]
    assert f"breach {breach} at /" in entry.faults[0] and not entry.violations
    before = journey.poll().content
    assert before == journey.poll().content


def test_snapshot__in_the_midst_of_the_way(journey: Any) -> None:
    """A task is taken up with its provider's own hook: the rest is told as if nothing had been."""
    journey.begin()
    journey.fake.clock.advance(12)
    kept = journey.fake.snapshot()
    expected = [journey.told_over(LONG), journey.poll().text]
    journey.fake.restore(kept)
    assert [journey.told_over(LONG), journey.poll().text] == expected


def test_latency_and_limits__are_those_of_the_clock(journey: Any) -> None:
    """Whoever the provider is."""
    journey.begin()
    journey.fake.faults.add("status", status=429, retry_after=30)
    assert journey.poll().headers["retry-after"] == "30"
    journey.fake.clock.advance(29)
    assert journey.poll().headers["retry-after"] == "1"
    journey.fake.clock.advance(1)
    assert journey.poll().status_code == 200


HOOKLESS = {"twelvelabs": {"entity", "connection", "knowledge-store-item"}}


@pytest.mark.parametrize("name", PROVIDERS)
def test_hooks__stand_under_the_names_of_lifecycles(name: str) -> None:
    """None is called what no lifecycle is: a running task with a hook can be kept and taken up.

    Those without one are named here, so that none is forgotten: they cause nothing but their
    status, and their tasks are kept all the same.
    """
    provider = provider_of(name)
    assert provider.lifecycles.keys() - provider.hooks.keys() == HOOKLESS.get(name, set())
    assert provider.hooks.keys() <= provider.lifecycles.keys()


def test_results__of_an_operation_that_is_polled_too() -> None:
    """Named, it is struck: the features of a Mixpeek asset come half a minute after the task."""
    with closing(Fake("mixpeek", time="manual")) as fake:
        fake.faults.add("results-missing", operation="read-asset-features", seconds=30)
        journey = Mixpeek(fake)
        journey.begin()
        whole = way(journey)
        while journey.status() != whole[-1]:
            fake.clock.advance(1)
        asset = journey.poll().json()["asset_id"]
        place = f"/assets/{asset}/features"
        assert journey.api.get(place).status_code == 404
        assert journey.api.get(f"/assets/{asset}").status_code == 200
        fake.clock.advance(30)
        assert journey.api.get(place).status_code == 200
