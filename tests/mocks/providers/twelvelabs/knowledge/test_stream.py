"""The event stream of an answer: order, numbers, pace, signs of life, and how it ends."""

from itertools import pairwise
from typing import Any

import httpx2
import pytest
from aim import breaches
from knowledge_stage import ask, frames, good, new_store, question, ready_item
from live import live_server
from stage import client_of

from understudy.mocks import Fake

STEPS = ["intermediate_outputs"]
OF_A_TEXT = [
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
]
BEGUN = ["response.created", "response.in_progress"]


@pytest.fixture
def store(fake: Fake, api: httpx2.Client) -> str:
    made = new_store(api)
    for name in ("red-fox.mp4?duration=40", "ferry.mp4?duration=12"):
        ready_item(fake, api, made, name)
    return made


def streamed(api: httpx2.Client, store: str, content: str, **more: object) -> list[dict[str, Any]]:
    """The events of an answer, each held against the document."""
    response = api.post("/responses", json=question(store, content, stream=True, **more))
    lines = list(response.headers.multi_items())
    assert breaches("twelvelabs", "create-response", 200, lines, response.content) == ()
    return frames(response)


def types(events: list[dict[str, Any]]) -> list[str]:
    """The types in order, runs of one type as one."""
    every = [event["type"] for event in events]
    return every[:1] + [after for before, after in pairwise(every) if before != after]


def test_stream__in_the_documented_order(api: httpx2.Client, store: str) -> None:
    """From created to completed; the pieces of the text are the text."""
    events = streamed(api, store, "the red fox")
    assert types(events) == [*BEGUN, *OF_A_TEXT, "response.completed"]
    text = "".join(event.get("delta", "") for event in events)
    [done] = [event for event in events if event["type"] == "response.output_text.done"]
    final = events[-1]["response"]
    assert text == done["text"] == final["output"][0]["content"][0]["text"]
    assert events[0]["response"]["status"] == "in_progress"
    assert events[0]["response"]["output"] == []
    assert "usage" not in events[0]["response"]


def test_trap__sequence_numbers_grow_over_all_events(api: httpx2.Client, store: str) -> None:
    """Trap: one count for every event of whatever kind, signs of life too, from 0."""
    for content in ("the red fox", "understudy-slow fox", "understudy-fail fox"):
        events = streamed(api, store, content, include=STEPS)
        assert [event["sequence_number"] for event in events] == list(range(len(events)))


def test_trap__annotations_come_with_the_whole_part_only(api: httpx2.Client, store: str) -> None:
    """Trap: while the text grows there are none; they are in `content_part.done`."""
    events = streamed(api, store, "the red fox")
    begun, done = (
        next(event for event in events if event["type"] == f"response.content_part.{name}")
        for name in ("added", "done")
    )
    assert begun["part"] == {"type": "output_text", "text": "", "annotations": []}
    assert done["part"]["annotations"]
    assert all("annotations" not in event for event in events)
    added = next(event for event in events if event["type"] == "response.output_item.added")
    assert added["item"]["status"] == "in_progress"
    assert added["item"]["content"] == [begun["part"]]


def test_stream__says_what_the_whole_answer_says(fake: Fake, api: httpx2.Client) -> None:
    """Streamed or not: the same answer to the same calls."""
    told = []
    for stream in (False, True):
        fake.reset()
        made = new_store(api)
        ready_item(fake, api, made, "fox.mp4")
        if stream:
            told.append(streamed(api, made, "the fox", include=STEPS)[-1]["response"])
        else:
            told.append(ask(api, made, "the fox", include=STEPS))
    assert told[0] == told[1]


def test_stream__of_steps(api: httpx2.Client, store: str) -> None:
    """Each output item has its place; a call's arguments are told when they are complete."""
    events = streamed(api, store, "the red fox", include=STEPS)
    item = ["response.output_item.added", "response.output_item.done"]
    call = [item[0], "response.function_call_arguments.done", item[1]]
    expected = [*BEGUN, *OF_A_TEXT, *call, *item, *OF_A_TEXT, "response.completed"]
    assert types(events) == expected
    output = events[-1]["response"]["output"]
    done = [event for event in events if event["type"] == item[1]]
    assert [event["item"] for event in done] == output
    assert [event["output_index"] for event in done] == [0, 1, 2, 3]
    places = {each["id"]: place for place, each in enumerate(output)}
    for event in events:
        if "item_id" in event:
            assert event["output_index"] == places[event["item_id"]]


def test_stream__that_fails(api: httpx2.Client, store: str) -> None:
    """The last event says so, with the answer as it is; the stream ends as any other."""
    events = streamed(api, store, "understudy-fail")
    assert types(events) == [*BEGUN, "response.failed"]
    assert events[-1]["response"]["status"] == "failed"


def test_trap__an_incomplete_answer_is_told_as_completed(api: httpx2.Client, store: str) -> None:
    """Trap: the vendor's client drops a `response.incomplete` without a word; there is none."""
    events = streamed(api, store, "understudy-stuck fox")
    assert events[-1]["type"] == "response.completed"
    assert events[-1]["response"]["status"] == "incomplete"
    assert events[-2]["item"]["status"] == "incomplete"


def test_trap__signs_of_life_in_a_silence(api: httpx2.Client, store: str) -> None:
    """Trap: a slow answer is silent for 25 s: something comes every ten, and nothing else does."""
    events = streamed(api, store, "understudy-slow fox")
    assert types(events)[:4] == [*BEGUN, "keepalive", "response.output_item.added"]
    alive = [event for event in events if event["type"] == "keepalive"]
    assert [set(event) for event in alive] == [{"type", "sequence_number"}] * 2
    assert "keepalive" not in types(streamed(api, store, "the fox"))


def test_stream__takes_its_time_on_the_clock() -> None:
    """In auto time reading moves the clock: no gap is longer than ten seconds, and all of it is
    within a minute."""
    with Fake("twelvelabs", time="auto") as fake, client_of(fake, "tlk_test") as api:
        store = new_store(api)
        began = fake.clock.now()
        sent = question(store, "understudy-slow fox", stream=True)
        with api.stream("POST", "/responses", json=sent) as response:
            lines = response.iter_lines()
            seen = [fake.clock.now() - began for line in lines if line.startswith("data:")]
        gaps = [after - before for before, after in pairwise(seen)]
        assert max(gaps) <= 10.0
        assert 25 <= seen[-1] <= 60


def test_trap__nothing_in_an_event_breaks_its_line(fake: Fake, api: httpx2.Client) -> None:
    """Trap: readers that split lines as Python does break an event at U+2028, U+0085 and others.

    So the stream is ASCII throughout, whatever is in it.
    """
    odd = "a\u2028b\u2029c\x85d\x1ce é\U0001f98a"
    store = new_store(api)
    ready_item(fake, api, store, "fox.mp4")
    item = good(api.get(f"{store}/items"))["data"][0]["_id"]
    made = good(api.post(f"{store}/item-collections", json={"name": odd}), 201)["_id"]
    good(api.post(f"{store}/item-collections/{made}/items/add", json={"item_ids": [item]}))
    chosen = [{"kind": "collection", "id": made}]
    sent = question(store, f"{odd}?", stream=True, selections=chosen, include=STEPS)
    response = api.post("/responses", json=sent)
    assert response.content.isascii()
    assert len(response.text.splitlines()) == response.text.count("\n")
    final = frames(response)[-1]["response"]["output"][-1]["content"][0]
    assert odd in final["text"]
    assert final["annotations"][-1]["title"] == odd


def test_stream__on_a_port() -> None:
    """A real server sends the same events, and closes after the last."""
    with live_server("--time", "auto", "--strict") as server:
        base = f"{server.url}/twelvelabs/v1.3"
        with httpx2.Client(base_url=base, headers={"x-api-key": "tlk_test"}) as api:
            store = new_store(api)
            events = frames(api.post("/responses", json=question(store, "x", stream=True)))
    assert events[-1]["type"] == "response.completed"
