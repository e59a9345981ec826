"""Segments of a video: what definitions may say, and that every result keeps to them."""

import json
import re
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from analyses_stage import LENGTH, PICTURE, VIDEO, Body, nested, new_task, task_of
from hypothesis import given, settings
from hypothesis import strategies as st
from junk import shown
from stage import ONE_FAKE

from understudy.mocks import Fake

CLOCK = re.compile(r"\d\d:[0-5]\d:[0-5]\d")
EXACT = re.compile(r"\d\d:[0-5]\d:[0-5]\d\.\d{3}")
PLACE = "response_format.segment_definitions"


def field(kind: str = "string", name: str = "what", **more: object) -> Body:
    """A field of a definition."""
    return {"name": name, "type": kind, "description": "Anything.", **more}


def events(*fields: Body) -> Body:
    """Items of a `time_array`."""
    return {"type": "object", "fields": list(fields or (field(),))}


def body(*fields: Body, **more: Any) -> Body:
    """A request for segments of one definition with these fields, by the newer model."""
    definition = {"id": "dogs", "description": "A dog.", "fields": list(fields)}
    definition.update(more.pop("definition", {}))
    form = {"type": "segment_definitions", "segment_definitions": [definition]}
    form.update(more.pop("form", {}))
    return {
        "model_name": "pegasus1.6",
        "video": VIDEO,
        "analysis_mode": "time_based_metadata",
        "response_format": form,
        **more,
    }


def result(fake: Fake, api: httpx2.Client, asked: Body) -> dict[str, Any]:
    """The result of a request for segments, as JSON."""
    made = api.post("/analyze/tasks", json=asked)
    assert made.status_code == 202, made.text
    fake.clock.advance_to(made.json(), "ready")
    found = task_of(api, made.json()["task_id"])["result"]
    assert found["finish_reason"] == "stop"
    return dict(json.loads(found["data"]))


def seconds(value: Any, form: str) -> float:
    """A moment in seconds, which is written in this form."""
    if form == "seconds":
        assert isinstance(value, float | int)
        return float(value)
    assert (CLOCK if form == "hh:mm:ss" else EXACT).fullmatch(value), value
    hours, minutes, rest = value.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


PYTHON: Body = {"string": str, "boolean": bool, "number": (int, float), "integer": int}


def check(declared: Body, value: Any, span: tuple[float, float], form: str) -> None:
    """A value is of its field's type, among its choices, and within the segment."""
    kind = declared["type"]
    if kind == "timestamp":
        at = seconds(value, declared["format"])
        assert span[0] - 0.5 <= at <= span[1] + 0.5
    elif kind == "time_array":
        assert value
        edges = [seconds(each[name], form) for each in value for name in ("start_time", "end_time")]
        assert edges == sorted(edges)
        assert span[0] - 0.5 <= edges[0] <= edges[-1] <= span[1] + 0.5
        for event in value:
            fields = declared["items"]["fields"]
            assert set(event) == {"start_time", "end_time", *(each["name"] for each in fields)}
            for each in fields:
                check(each, event[each["name"]], span, form)
    elif kind == "array":
        assert isinstance(value, list)
        for each in value:
            check({**declared, "type": declared["items"]["type"]}, each, span, form)
    else:
        assert isinstance(value, PYTHON[kind])
        assert kind in ("boolean", "string") or not isinstance(value, bool)
        if "enum" in declared and kind == "string":
            assert value in declared["enum"]


def test_segments__as_documented(fake: Fake, api: httpx2.Client) -> None:
    """JSON text by definition: start, end and what was asked for, in seconds by default."""
    found = result(fake, api, body(field("string"), field("boolean", "running")))
    assert list(found) == ["dogs"]
    assert found["dogs"]
    for each in found["dogs"]:
        assert set(each) == {"start_time", "end_time", "metadata"}
        assert set(each["metadata"]) == {"what", "running"}


NAMES = st.sampled_from(["a", "b", "breed", "start", "what is it"])
CHOICES = st.lists(st.sampled_from(["small", "large", "3", "true", "2.5"]), min_size=1, unique=True)
KINDS = ["plain", "array", "timestamp", "time_array"]
PLAIN = st.sampled_from(["string", "boolean", "number", "integer"])


@st.composite
def fields(draw: Any, *, inner: bool = False) -> list[Body]:
    """Fields with names of their own, of every type that may stand there."""
    made: list[Body] = []
    for name in draw(st.lists(NAMES, unique=True, min_size=inner, max_size=4)):
        kind = draw(st.sampled_from(KINDS[:2] if inner else KINDS))
        if kind == "plain":
            plain = draw(PLAIN)
            choices = draw(CHOICES) if plain == "string" and draw(st.booleans()) else None
            made.append(field(plain, name, **({"enum": choices} if choices else {})))
        elif kind == "array":
            made.append(field("array", name, items={"type": draw(PLAIN)}))
        elif kind == "timestamp":
            made.append(field("timestamp", name, format=draw(FORMS)))
        else:
            made.append(field("time_array", name, items=events(*draw(fields(inner=True)))))
    return made


FORMS = st.sampled_from(["seconds", "hh:mm:ss", "hh:mm:ss.fff"])


@st.composite
def bounds(draw: Any) -> Body:
    """A window, lengths, or time ranges, within the video."""
    kind = draw(st.sampled_from(["none", "window", "lengths", "ranges"]))
    if kind == "window":
        start = draw(st.floats(0, LENGTH - 1))
        return {"start_time": start, "end_time": draw(st.floats(start + 1, LENGTH))}
    if kind == "lengths":
        least = draw(st.floats(2, 40))
        most = draw(st.floats(least, 60))
        return {"min_segment_duration": least, "max_segment_duration": most}
    if kind == "ranges":
        edges = sorted(draw(st.lists(st.integers(0, 15), min_size=2, max_size=6, unique=True)))
        ranges = [{"start_time": 2 * a, "end_time": 2 * b} for a, b in pairwise(edges)]
        return {"definition": {"time_ranges": draw(st.permutations(ranges))}}
    return {}


@settings(max_examples=80, deadline=None, suppress_health_check=ONE_FAKE)
@given(asked=fields(), limits=bounds(), form=FORMS)
def test_segments__keep_to_their_definition(
    fake: Fake, api: httpx2.Client, asked: list[Body], limits: Body, form: str
) -> None:
    """In order, within the video and the bounds, every field of its type."""
    sent = body(*asked, form={"segment_time_format": form}, **limits)
    found = result(fake, api, sent)["dogs"]
    definition = sent["response_format"]["segment_definitions"][0]
    spans = [(seconds(each["start_time"], form), seconds(each["end_time"], form)) for each in found]
    slack = 0.502 if form == "hh:mm:ss" else 0.002
    for before, after in pairwise(spans):
        assert before[1] <= after[0] + slack
    whole = [(sent.get("start_time", 0.0), sent.get("end_time", LENGTH))]
    ranges = [(each["start_time"], each["end_time"]) for each in definition.get("time_ranges", [])]
    for span, each in zip(spans, found, strict=True):
        assert any(
            low - slack <= span[0] <= span[1] <= high + slack for low, high in ranges or whole
        )
        length = span[1] - span[0]
        assert sent.get("min_segment_duration", 0) - 2 * slack <= length
        assert length <= sent.get("max_segment_duration", 60) + 2 * slack
        assert set(each["metadata"]) == {one["name"] for one in asked}
        for one in asked:
            check(one, each["metadata"][one["name"]], span, form)


AT = {"format": "seconds"}
RANGES = {"time_ranges": [{"start_time": 0, "end_time": 5}, {"start_time": 5, "end_time": 9}]}


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (body(field("timestamp")), "fields.format"),
        (body(field(**AT)), "fields.format"),
        (body(field("integer", **AT)), "fields.format"),
        (body(field("timestamp", **AT, enum=["1"])), "fields.enum"),
        (body(field(name="start_time")), "fields.name"),
        (body(field(name="end_time")), "fields.name"),
        (body(field(name="metadata")), "fields.name"),
        (body(field(), field("integer")), "fields.name"),
        (body(field("array")), "fields.items"),
        (body(field("string", items={"type": "string"})), "fields.items"),
        (body(field("array", items={"type": "object"})), "fields.items"),
        (body(field("array", items={"type": "string", "fields": []})), "fields.items"),
        (body(field("time_array")), "fields.items"),
        (body(field("time_array", items={"type": "string"})), "fields.items"),
        (body(field("time_array", items={"type": "object", "fields": []})), "fields.items"),
        (body(field("time_array", items=events(field(name="end_time")))), "fields.items.fields"),
        (body(field("time_array", items=events(field(), field()))), "fields.items.fields"),
        (body(field("time_array", items=events(field("integer", enum=["1"])))), "fields.items"),
        (body(field("time_array", items=events(field("array")))), "fields.items"),
        (body(field("time_array", items=events(field(items={"type": "string"})))), "fields.items"),
        (body(field("time_array", items=events()), model_name="pegasus1.5"), "fields.type"),
        (body(definition=RANGES, start_time=1), "time_ranges"),
        (body(definition=RANGES, end_time=30), "time_ranges"),
        (body(definition=RANGES, min_segment_duration=3), "time_ranges"),
        (body(definition=RANGES, max_tokens="unlimited"), "time_ranges"),
        (body(definition={"time_ranges": [{"start_time": 0, "end_time": 1.9}]}), "time_ranges"),
        (body(definition={"time_ranges": [{"start_time": 20, "end_time": 32}]}), "time_ranges"),
        (body(definition={"time_ranges": [{"start_time": 0, "end_time": 5},
                                          {"start_time": 4, "end_time": 9}]}), "time_ranges"),
        (body(definition={"time_ranges": [{"start_time": 0, "end_time": 1e300}]}), "time_ranges"),
        (body(definition={"media_sources": [{"name": "a", "media_type": "image"}]}), ""),
    ],
)  # fmt: skip
def test_definitions__refused(fake: Fake, api: httpx2.Client, asked: Body, place: str) -> None:
    """Trap: reserved names, and formats with a field path in the message; nothing is made."""
    before = shown(fake)
    response = api.post("/analyze/tasks", json=asked)
    assert response.status_code == 400, response.text
    if place:
        assert f"{PLACE}.{place}" in nested(response, 400, "parameter_invalid")
    assert shown(fake) == before


@pytest.mark.parametrize(
    ("kind", "choices", "wanted"),
    [
        ("integer", ["3", "7", "many"], {3, 7}),
        ("number", ["2.5", "4", "true"], {2.5, 4}),
        ("boolean", ["true", "yes"], {True}),
        ("string", ["small", "large"], {"small", "large"}),
    ],
)
def test_definitions__choices(
    fake: Fake, api: httpx2.Client, kind: str, choices: list[str], wanted: set[object]
) -> None:
    """An enum is of texts; what they say as JSON is what other types may be."""
    found = result(fake, api, body(field(kind, enum=choices)))["dogs"]
    assert {each["metadata"]["what"] for each in found} <= wanted


def test_definitions__ranges_may_touch(fake: Fake, api: httpx2.Client) -> None:
    """Two ranges that share a moment do not overlap."""
    assert result(fake, api, body(definition=RANGES))["dogs"]


def test_definitions__of_their_own_names(fake: Fake, api: httpx2.Client) -> None:
    """Up to twenty, each id once, with up to four images each."""
    one = {"id": "a", "description": "A."}
    source = {"name": "fox", "media_type": "image", "url": PICTURE}
    many = [{**one, "id": f"d{each}"} for each in range(20)]
    with_image = [{**one, "media_sources": [source]}]
    for definitions, status in (
        ([], 400),
        ([one, one], 400),
        (many, 202),
        ([*many, one], 400),
        (with_image, 202),
        ([{**one, "media_sources": [source] * 2}], 400),
        ([{**one, "media_sources": [{**source, "name": f"n{each}"} for each in range(5)]}], 400),
    ):
        asked = body(form={"segment_definitions": definitions})
        assert api.post("/analyze/tasks", json=asked).status_code == status, definitions


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "Who?"},
        {"prompt_v2": {"input_text": "Who?"}},
        {"response_format": None},
        {"response_format": {"type": "json_schema", "json_schema": {"type": "object"}}},
        {"max_tokens": 2047},
        {"max_tokens": "unlimited", "model_name": "pegasus1.5"},
        {"min_segment_duration": 1.9},
        {"min_segment_duration": 9, "max_segment_duration": 8},
        {"min_segment_duration": 10**300, "max_segment_duration": 8},
        {"end_time": 10**300},
        {"form": {"segment_time_format": "minutes"}},
    ],
)
def test_segmentation__refused(api: httpx2.Client, change: Body) -> None:
    """The mode takes no prompt, wants definitions, and bounds of its own."""
    asked = {name: held for name, held in body(**change).items() if held is not None}
    nested(api.post("/analyze/tasks", json=asked), 400, "parameter_invalid")


def test_segmentation__not_at_once(api: httpx2.Client) -> None:
    """Trap: /analyze knows no segments; its response_format is json_schema alone."""
    asked = {**body(), "prompt": "Who?", "stream": False}
    assert api.post("/analyze", json=asked).status_code == 400


def test_segmentation__limit_as_json_writes_it(fake: Fake, api: httpx2.Client) -> None:
    """A whole number of tokens may be written 2048.0, which JSON does not tell apart."""
    asked = body(max_tokens=2048.0)
    assert result(fake, api, asked) == result(fake, api, body(max_tokens=2048))


def test_segmentation__without_limit(fake: Fake, api: httpx2.Client) -> None:
    """`unlimited` is shown as it came, and is for segments of the newer model."""
    asked = body(field(), max_tokens="unlimited")
    made = api.post("/analyze/tasks", json=asked).json()
    assert task_of(api, made["task_id"])["request_params"]["max_tokens"] == "unlimited"


def test_segmentation__fails_beyond_its_tokens(fake: Fake, api: httpx2.Client) -> None:
    """Trap: where the text would be cut, segments fail: no part of a result is kept."""
    wide = [field(name=f"what_{each}") for each in range(60)]
    video = {"type": "url", "url": "https://media.example/walk.mp4?duration=600"}
    identity = new_task(api)
    asked = body(*wide, video=video, max_tokens=2048, max_segment_duration=10)
    identity = str(api.post("/analyze/tasks", json=asked).json()["task_id"])
    fake.clock.advance_to(identity, "failed")
    task = task_of(api, identity)
    assert "max_tokens" in task["error"]["message"]
    assert "result" not in task


def test_segmentation__list_shows_the_first_definition(api: httpx2.Client) -> None:
    """Of several definitions a list has one, a single task has all."""
    definitions = [{"id": each, "description": each} for each in "abc"]
    asked = body(form={"segment_definitions": definitions})
    identity = str(api.post("/analyze/tasks", json=asked).json()["task_id"])
    (short,) = api.get("/analyze/tasks").json()["data"]
    place = ("request_params", "response_format", "segment_definitions")
    assert short[place[0]][place[1]][place[2]] == definitions[:1]
    assert task_of(api, identity)[place[0]][place[1]][place[2]] == definitions
