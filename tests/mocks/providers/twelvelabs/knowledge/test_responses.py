"""Answers about a knowledge store: what they cite, sessions, selections, JSON, and how they end."""

import json
from typing import Any

import httpx2
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junk import shown
from knowledge_stage import (
    KS,
    KSI,
    KSIC,
    SESS,
    ask,
    good,
    last,
    new_collection,
    new_item,
    new_store,
    question,
    ready_asset,
    ready_item,
)
from stage import ONE_FAKE, client_of, refused

from understudy.mocks import Fake

STEPS = ["intermediate_outputs"]


@pytest.fixture
def store(fake: Fake, api: httpx2.Client) -> str:
    """A store with two videos and an image that are ready."""
    made = new_store(api)
    for name in ("red-fox.mp4?duration=40", "ferry.mp4?duration=12", "owl.png"):
        ready_item(fake, api, made, name)
    return made


def text_of(response: dict[str, Any]) -> str:
    return str(part_of(response)["text"])


def part_of(response: dict[str, Any]) -> dict[str, Any]:
    """The only part of the final answer."""
    final = response["output"][-1]
    assert (final["type"], final["role"], final["phase"]) == (
        "message", "assistant", "final_answer")  # fmt: skip
    [part] = final["content"]
    return dict(part)


def cited(response: dict[str, Any]) -> list[str]:
    """The ids that an answer cites, in order."""
    return [
        each.get("item_id") or each["collection_id"] for each in part_of(response)["annotations"]
    ]


def test_answer__as_documented(fake: Fake, api: httpx2.Client, store: str) -> None:
    """Ids with their prefixes, the session's in that of its message, and all fields there."""
    made = ask(api, store, "Where does the red fox go?")
    assert made["id"].startswith("resp_")
    assert made["session_id"].startswith("sess_")
    assert (made["type"], made["object"], made["status"]) == ("response", "response", "completed")
    assert made["incomplete_details"] is None
    assert made["knowledge_store_id"] == last(store)
    [message] = made["output"]
    assert message["id"] == f"msg_{made['session_id']}_0"
    assert message["status"] == "completed"
    assert "red fox" in text_of(made)
    assert made["usage"]["input_tokens"] > 0 < made["usage"]["output_tokens"]


def test_answer__cites_what_fits_best(api: httpx2.Client, store: str) -> None:
    """The best item comes first, at a moment within its length; the cited items exist."""
    items = {each["_id"]: each for each in good(api.get(f"{store}/items"))["data"]}
    for words, name in (("the red fox", "red-fox.mp4"), ("the owl", "owl.png")):
        made = ask(api, store, f"Tell me about {words}.")
        assert set(cited(made)) == set(items)
        first = part_of(made)["annotations"][0]
        assert items[first["item_id"]]["system_metadata"]["filename"] == name
        for each in part_of(made)["annotations"]:
            item = items[each["item_id"]]
            assert each["type"] == f"{item['asset_type']}_citation"
            assert each["title"]
            if item["asset_type"] == "video":
                length = item["system_metadata"]["duration"]
                assert 0 <= each["start_sec"] < each["end_sec"] <= length
            else:
                assert "start_sec" not in each
                assert each["hls_url"] is None


def test_trap__links_of_citations_lead_to_files(api: httpx2.Client, store: str) -> None:
    """What a citation shows can be fetched without a key, for an hour."""
    [film, *_] = part_of(ask(api, store, "the red fox"))["annotations"]
    assert httpx_get(api, film["thumbnail_url"]).content.startswith(b"\x89PNG")
    assert httpx_get(api, film["hls_url"]).text.startswith("#EXTM3U")


def httpx_get(api: httpx2.Client, url: str) -> httpx2.Response:
    response = api.get(url, headers={"x-api-key": ""})
    assert response.status_code == 200
    return response


@given(st.text(min_size=1, max_size=60), st.text("[]12 \U0001f98aé\u2028", min_size=1, max_size=8))
@settings(max_examples=60, suppress_health_check=ONE_FAKE, deadline=None)
def test_trap__end_index_is_inclusive(
    fake: Fake, api: httpx2.Client, store: str, words: str, name: str
) -> None:
    """Trap: `text[start : end + 1]` is the marker, counted in code points, whatever is asked."""
    item = good(api.get(f"{store}/items"))["data"][0]["_id"]
    path = new_collection(api, new_store(api, "x"), name)
    api.delete(path)
    path = new_collection(api, store, name, item)
    made = ask(api, store, words, selections=[{"kind": "collection", "id": last(path)}])
    part = part_of(made)
    for number, each in enumerate(part["annotations"], 1):
        marker = part["text"][each["start_index"] : each["end_index"] + 1]
        assert marker == f"[{number}]"
    starts = [each["start_index"] for each in part["annotations"]]
    assert starts == sorted(starts)
    api.delete(path)


def test_answer__of_a_store_where_nothing_is_ready(fake: Fake, api: httpx2.Client) -> None:
    """It says so and cites nothing; so it is where the only item still runs."""
    store = new_store(api)
    new_item(api, store, ready_asset(fake, api, "fox.mp4"))
    made = ask(api, store, "A fox?")
    assert made["status"] == "completed"
    assert part_of(made)["annotations"] == []
    assert "ready" in text_of(made)


def test_answer__is_the_same_for_the_same_calls(fake: Fake) -> None:
    """Seed, calls and clock decide all of it, ids too."""

    def told() -> list[dict[str, Any]]:
        fake.reset()
        with client_of(fake, "tlk_test") as api:
            store = new_store(api)
            ready_item(fake, api, store, "fox.mp4")
            first = ask(api, store, "A fox?")
            return [first, ask(api, store, "Why?", session_id=first["session_id"])]

    assert told() == told()


def test_session__goes_on(api: httpx2.Client, store: str) -> None:
    """The same session, outputs counted on, and what was said counts as read."""
    first = ask(api, store, "the red fox")
    again = ask(api, store, "the red fox", session_id=first["session_id"])
    assert again["session_id"] == first["session_id"]
    assert again["id"] != first["id"]
    assert again["output"][-1]["id"] == f"msg_{first['session_id']}_1"
    assert again["usage"]["input_tokens"] > first["usage"]["input_tokens"]
    assert ask(api, store, "the red fox")["session_id"] != first["session_id"]


def test_trap__session_belongs_to_its_store(fake: Fake, api: httpx2.Client, store: str) -> None:
    """Trap: with another store it is a 400, as is a session that nobody began."""
    session = ask(api, store, "A fox?")["session_id"]
    other = new_store(api, "other")
    before = shown(fake)
    sent = question(other, "A fox?", session_id=session)
    assert last(store) in refused(api.post("/responses", json=sent), 400, "parameter_invalid")
    sent = question(store, "A fox?", session_id=SESS)
    refused(api.post("/responses", json=sent), 400, "resource_not_exists")
    sent = question(store, "A fox?", session_id="first")
    refused(api.post("/responses", json=sent), 400, "parameter_invalid")
    assert shown(fake) == before


def test_selections__narrow_the_answer(api: httpx2.Client, store: str) -> None:
    """Items that are named by place are what it is about; a collection is cited as well."""
    owl, ferry, fox = (each["_id"] for each in good(api.get(f"{store}/items"))["data"])
    both = [{"kind": "item", "id": owl}, {"kind": "item", "id": ferry}]
    assert cited(ask(api, store, "What is {{sel:1}}?", selections=both)) == [ferry]
    assert set(cited(ask(api, store, "What is this?", selections=both))) == {owl, ferry}
    path = new_collection(api, store, "Foxes", fox)
    made = ask(api, store, "And {{sel:0}}?", selections=[{"kind": "collection", "id": last(path)}])
    assert cited(made) == [fox, last(path)]
    collection = part_of(made)["annotations"][-1]
    assert collection["type"] == "collection_citation"
    assert collection["title"] == "Foxes"
    assert collection["thumbnail_url"] is collection["hls_url"] is None
    assert not {"item_id", "start_sec", "end_sec"} & set(collection)
    assert "sel:" not in text_of(made)


def test_trap__selections_hold_for_the_turns_to_come(api: httpx2.Client, store: str) -> None:
    """Trap: they persist in the session, those of later turns join them, deleted ones drop out."""
    owl, ferry, fox = (each["_id"] for each in good(api.get(f"{store}/items"))["data"])
    first = ask(api, store, "What is this?", selections=[{"kind": "item", "id": owl}])
    more = {"session_id": first["session_id"]}
    assert cited(ask(api, store, "the red fox?", **more)) == [owl]
    assert cited(ask(api, store, "it?", **more, selections=[{"kind": "item", "id": fox}])) == [fox]
    assert set(cited(ask(api, store, "both?", **more))) == {owl, fox}
    api.delete(f"{store}/items/{owl}")
    assert cited(ask(api, store, "both?", **more)) == [fox]
    assert set(cited(ask(api, store, "both?"))) == {ferry, fox}


@pytest.mark.parametrize(
    ("content", "selections"),
    [
        ("{{sel:0}}", []),
        ("{{sel:1}}", [{"kind": "item", "id": "ITEM"}]),
        ("x", [{"kind": "collection", "id": "ITEM"}]),
        ("x", [{"kind": "item", "id": KSIC}]),
        ("x", [{"kind": "item", "id": KSI}]),
        ("x", [{"kind": "collection", "id": KSIC}]),
        ("x", [{"kind": "store", "id": KS}]),
        ("x", [{"kind": "item"}]),
    ],
)
def test_selections__must_be_there(
    fake: Fake, api: httpx2.Client, store: str, content: str, selections: list[dict[str, str]]
) -> None:
    """A place without a selection, an id of another kind or of nothing: 400, nothing happens."""
    item = good(api.get(f"{store}/items"))["data"][0]["_id"]
    chosen = [{**each, **({"id": item} if each.get("id") == "ITEM" else {})} for each in selections]
    before = shown(fake)
    response = api.post("/responses", json=question(store, content, selections=chosen))
    assert response.status_code == 400, response.text
    assert shown(fake) == before


def test_selections__of_another_store_are_unknown(
    fake: Fake, api: httpx2.Client, store: str
) -> None:
    """What is selected is the store's own."""
    item = ready_item(fake, api, new_store(api, "other"), "fox.mp4")
    sent = question(store, "x", selections=[{"kind": "item", "id": item}])
    refused(api.post("/responses", json=sent), 400, "resource_not_exists")


def test_steps__come_before_the_answer(api: httpx2.Client, store: str) -> None:
    """Only when they are asked for: a comment, a call with its arguments, and what came of it."""
    made = ask(api, store, "the red fox", include=STEPS)
    types = [each["type"] for each in made["output"]]
    assert types == ["message", "function_call", "function_call_output", "message"]
    comment, called, outcome, _ = made["output"]
    assert comment["phase"] == "commentary"
    assert json.loads(called["arguments"])["query"] == "the red fox"
    assert called["call_id"]
    assert [each["item_id"] for each in json.loads(outcome["output"])["data"]] == cited(made)
    assert len({each["id"] for each in made["output"]}) == 4
    plain = ask(api, store, "the red fox")
    assert [each["type"] for each in plain["output"]] == ["message"]


NAMED = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
SCHEMAS: list[dict[str, Any]] = [
    {"type": "object", "properties": {"ships": {"type": "integer", "minimum": 3}},
     "required": ["ships"], "additionalProperties": False},
    {"type": "object", "required": ["kind", "who"], "properties": {
        "kind": {"enum": ["tug", "ferry"]}, "who": {"type": "array", "minItems": 2,
        "items": NAMED}}},
    {"$defs": {"a": {"type": "string", "pattern": "^[a-z]{3}$"}}, "type": "object",
     "required": ["a"], "properties": {"a": {"$ref": "#/$defs/a"}}},
    {"type": "object"},
]  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS)
def test_trap__json_fits_its_schema(api: httpx2.Client, store: str, schema: dict[str, Any]) -> None:
    """Trap: the text is JSON that a validator of another make accepts; it cites nothing."""
    wanted = {"format": {"type": "json_schema", "name": "x", "schema": schema, "strict": True}}
    part = part_of(ask(api, store, "How many ships?", text=wanted))
    jsonschema.validate(json.loads(part["text"]), schema)
    assert part["annotations"] == []


@pytest.mark.parametrize(
    "text",
    [
        {"format": {"type": "json_schema", "name": "x"}},
        {"format": {"type": "json_schema", "schema": {"type": "object"}}},
        {"format": {"type": "json_schema", "name": "x", "schema": {"type": "odd"}}},
        {"format": {"type": "json_schema", "name": "x", "schema": {"$ref": "#/nowhere"}}},
        {"format": {"type": "json_schema", "name": "x", "schema": {"enum": [1], "type": "string"}}},
        {"format": {"type": "xml"}},
        {"format": {}},
    ],
)
def test_schema__unfit_is_refused(
    fake: Fake, api: httpx2.Client, store: str, text: dict[str, Any]
) -> None:
    """A schema that is none, or that no value fits; nothing happens."""
    before = shown(fake)
    response = api.post("/responses", json=question(store, "x", text=text))
    assert response.status_code == 400, response.text
    assert shown(fake) == before


def test_text__of_plain_format(api: httpx2.Client, store: str) -> None:
    """`text` is the default said aloud; a prompt that asks for JSON gets it."""
    assert cited(ask(api, store, "the fox", text={"format": {"type": "text"}}))
    told = ask(api, store, 'Answer with JSON only: {"mood": "...", "people": 1}')
    assert set(json.loads(text_of(told))) == {"mood", "people"}


@pytest.mark.parametrize(
    "change",
    [
        {"input": []},
        {"input": "x"},
        {"input": [{"type": "message", "role": "user", "content": ""}]},
        {"input": [{"type": "message", "role": "user", "content": "x" * 10_001}]},
        {"input": [{"type": "message", "role": "system", "content": "x"}]},
        {"input": [{"type": "file", "role": "user", "content": "x"}]},
        {"input": [{"type": "message", "role": "user"}]},
        {"include": ["everything"]},
        {"stream": "yes"},
        {"knowledge_store_id": "harbour"},
        {"knowledge_store_id": None},
        {"instructions": 7},
    ],
)
def test_question__refused(
    fake: Fake, api: httpx2.Client, store: str, change: dict[str, object]
) -> None:
    """What the document does not take is a flat 400, streamed or not."""
    before = shown(fake)
    for stream in (False, True):
        sent = {**question(store, "x", stream=stream), **change}
        response = api.post("/responses", json=sent)
        assert response.status_code == 400, response.text
        assert set(response.json()) == {"code", "message", "docs_url"}
    assert shown(fake) == before


def test_question__at_its_bounds(api: httpx2.Client, store: str) -> None:
    """Ten thousand characters are taken, and the model of an early beta is ignored."""
    ask(api, store, "x" * 10_000, model="jockey1.0", instructions="Be brief.")
    ask(api, store, "{{sel:0}}", selections=[
        {"kind": "item", "id": good(api.get(f"{store}/items"))["data"][0]["_id"]}])  # fmt: skip
    ask(api, store, " ?! ")


def test_ending__by_magic_words(api: httpx2.Client, store: str) -> None:
    """A question can have its answer fail, or be cut; what is cut keeps its whole markers."""
    failed = ask(api, store, "understudy-fail: the fox", include=STEPS)
    assert (failed["status"], failed["incomplete_details"]) == ("failed", None)
    assert [each["type"] for each in failed["output"]] == [
        "message", "function_call", "function_call_output"]  # fmt: skip
    assert failed["usage"]["output_tokens"] == 0
    assert ask(api, store, "understudy-fail")["output"] == []
    whole = ask(api, store, "the fox")
    cut = ask(api, store, "understudy-stuck the fox")
    assert cut["status"] == cut["output"][-1]["status"] == "incomplete"
    assert cut["incomplete_details"] == {"reason": "max_output_tokens"}
    assert 0 < len(text_of(cut)) < len(text_of(whole))
    assert all(each["end_index"] < len(text_of(cut)) for each in part_of(cut)["annotations"])


def test_answer__too_long_is_cut(api: httpx2.Client, store: str) -> None:
    """Beyond 4,096 tokens (assumed) an answer is incomplete; its JSON is then none."""
    many = {"type": "array", "minItems": 900, "items": {"type": "string", "minLength": 40}}
    schema = {"type": "object", "properties": {"a": many}, "required": ["a"]}
    wanted = {"format": {"type": "json_schema", "name": "x", "schema": schema}}
    made = ask(api, store, "x", text=wanted)
    assert made["status"] == "incomplete"
    assert made["usage"]["output_tokens"] == 4096


def test_trap__rate_limit_says_when_to_come_again() -> None:
    """Trap: a 429 of this call has a body, and `retry-after` in seconds."""
    with Fake("twelvelabs", time="manual", rate="1/30") as fake, client_of(fake, "tlk") as api:
        store = new_store(api)
        ask(api, store, "x")
        fake.clock.advance(10)
        response = api.post("/responses", json=question(store, "x", stream=True))
        refused(response, 429, "too_many_requests")
        assert response.headers["retry-after"] == "20"
