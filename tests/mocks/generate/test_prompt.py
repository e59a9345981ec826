"""Laws of texts that follow a prompt."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import medium_of_url
from understudy.mocks.generate.prompt import (
    SchemaError,
    answered,
    checked,
    prose,
    shape_of,
    wanted,
)
from understudy.mocks.generate.seeded import Seeded

FOX = medium_of_url("https://cdn.example/red-fox.mp4")
SCORES = ("confidence", "clarity", "speech_rate", "eye_contact", "body_language", "voice_tone")

TEMPLATE = """You interview people. Rate the answer in the clip.
Respond in this format:
{
  "confidence": <1-10>,
  "clarity": 7,
  "speech_rate": "number from 1 to 10",
  "eye_contact": , // 1-10
  "body_language": "",
  "voice_tone": 1/10,
  "imp_points": ["first point", ...]
}
Every score goes from 1 to 10."""
NAMED = (
    "Give the answer in the json format with a number as the value, from 1-10. The keys of the"
    f" json as {', '.join(SCORES)}, imp_points. The imp_points will hold what the speaker said,"
    " in a list format."
)

PLACEHOLDERS = f"""Answer as JSON, where X is a number from 1 to 10:
{{{", ".join(f"{score}: X" for score in SCORES)}, imp_points: [...]}}"""


def answer(prompt: str, schema: Json = None, seed: int = 0) -> str:
    """The answer to a prompt about the fox."""
    return answered(prompt, FOX, Seeded(seed, prompt), schema)


@pytest.mark.parametrize("prompt", [TEMPLATE, NAMED, PLACEHOLDERS])
def test_prompt__interview_scores(prompt: str) -> None:
    """A template or named keys give an object of exactly these keys, with values in range."""
    given_back = json.loads(answer(prompt))
    assert list(given_back) == [*SCORES, "imp_points"]
    assert all(type(given_back[key]) is int for key in SCORES)
    assert all(1 <= given_back[key] <= 10 for key in SCORES)
    assert given_back["imp_points"]
    assert all(isinstance(point, str) and point for point in given_back["imp_points"])


def test_prompt__equal_calls_agree() -> None:
    """The same medium, prompt and seed give the same answer; another seed another one."""
    assert answer(TEMPLATE) == answer(TEMPLATE)
    assert len({answer(TEMPLATE, seed=seed) for seed in range(10)}) > 5
    assert answer("What happens?") == answer("What happens?")


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Return JSON with keys a, b (1-10)", {"a": (1, 10), "b": (1, 10)}),
        ("JSON with fields pace (1 to 5) and depth (0-100).", {"pace": (1, 5), "depth": (0, 100)}),
        ("Answer as json: {pace: , depth: }. Use 1-3.", {"pace": (1, 3), "depth": (1, 3)}),
        ('{"pace": 3, "depth": 40}', {"pace": (1, 10), "depth": (0, 100)}),
        (
            "json keys:\n- speech rate: 1-5\n- depth: out of 7",
            {"speech_rate": (1, 5), "depth": (1, 7)},
        ),
    ],
)
def test_prompt__ranges(prompt: str, expected: dict[str, tuple[int, int]]) -> None:
    """Each number lies in the range that is said beside it, else in the one said anywhere."""
    for seed in range(20):
        given_back = json.loads(answer(prompt, seed=seed))
        assert given_back.keys() == expected.keys()
        for key, (low, high) in expected.items():
            assert low <= given_back[key] <= high


def test_prompt__kinds_of_values() -> None:
    """Alternatives, booleans, nested objects, lists of objects and texts keep their kind."""
    prompt = """{
      "mood": "calm | tense", "sure": true, "share": 0.5, "title": "string",
      "scenes": [{"start": 0, "what": "what is seen"}], "people": {"names": []}, "age": integer
    }"""
    given_back = json.loads(answer(prompt))
    assert given_back["mood"] in ("calm", "tense")
    assert isinstance(given_back["sure"], bool)
    assert 0 <= given_back["share"] <= 1
    assert "fox" in given_back["title"].lower()
    assert {type(scene["start"]) for scene in given_back["scenes"]} == {int}
    assert all(isinstance(scene["what"], str) for scene in given_back["scenes"])
    assert isinstance(given_back["people"]["names"], list)
    assert isinstance(given_back["age"], int)


@pytest.mark.parametrize(
    "prompt",
    [
        "What happens in {place}?",
        "Describe it in 2-3 sentences.",
        "Who (1-10) runs?",
        "",
        "{}",
        "{{{",
    ],
)
def test_prompt__prose_stays_prose(prompt: str) -> None:
    """Braces and ranges alone are no wish for JSON."""
    assert shape_of(prompt) is None
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(answer(prompt))


def test_prompt__json_of_no_shape() -> None:
    """A wish for JSON without any key is an object too."""
    assert isinstance(json.loads(answer("Respond in JSON only.")), dict)


def test_prompt__prose_counts() -> None:
    """As many sentences, points or words as were asked for, about the medium."""
    draw = Seeded("prose")
    assert prose("Describe it in two sentences.", FOX, draw).count(".") == 2
    points = prose("Give me 5 bullet points", FOX, draw).split("\n")
    assert len(points) == 5
    assert all(point.startswith("- ") for point in points)
    assert len(prose("Say it in 7 words", FOX, draw).split()) == 7
    assert "fox" in prose("What happens?", FOX, draw)
    assert wanted("with three chapters", "chapters") == 3
    assert wanted("with chapters", "chapters") == 0


def test_prompt__schema_is_followed() -> None:
    """An answer for a JSON Schema is valid JSON of it, its free texts about the medium."""
    schema: Json = {
        "type": "object",
        "properties": {
            "note": {"type": "string"},
            "score": {"type": "integer", "minimum": 3, "maximum": 4},
            "parts": {"type": "array", "items": {"$ref": "#/$defs/part"}, "minItems": 2},
        },
        "required": ["note", "score", "parts"],
        "$defs": {
            "part": {
                "type": "object",
                "properties": {"of": {"enum": ["a", "b"]}},
                "required": ["of"],
            }
        },
    }
    given_back = json.loads(answer("x", schema))
    assert "fox" in given_back["note"].lower()
    assert given_back["score"] in (3, 4)
    assert all(part["of"] in ("a", "b") for part in given_back["parts"])


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ([], "object"),
        ({"type": "nonsense"}, "nonsense"),
        ({"$ref": "https://elsewhere.example/x"}, "elsewhere"),
        ({"properties": {"a": {"$ref": "#/$defs/none"}}}, "none"),
        ({"patternProperties": {"(a+)+$": {}}}, "patternProperties"),
        ({"items": {"patternProperties": {}}}, "patternProperties"),
        ({"$ref": "#"}, "back to itself"),
        (
            {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
            "back to itself",
        ),
        ({"enum": ["x" * 70_000]}, "characters"),
        ({"type": "integer", "minimum": 4, "maximum": 3}, "no value"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "no value"),
    ],
)
def test_prompt__unusable_schemas(schema: Json, said: str) -> None:
    """A schema that is none, leads elsewhere, is too large or accepts nothing is refused."""
    with pytest.raises(SchemaError, match=said):
        answer("x", schema)


@pytest.mark.parametrize("name", ["patternProperties", "$dynamicRef", "$ref", "enum", "required"])
def test_prompt__keywords_as_names(name: str) -> None:
    """A property may be called as a keyword is, and a fixed value may look like a schema."""
    schema: Json = {"properties": {name: {"type": "integer"}}, "required": [name]}
    assert list(json.loads(answer("x", schema))) == [name]
    assert json.loads(answer("x", {"const": {name: "#/nowhere"}})) == {name: "#/nowhere"}


def test_prompt__recursive_schema_ends() -> None:
    """A schema that contains itself has a finite answer."""
    schema: Json = {
        "type": "object",
        "properties": {"child": {"$ref": "#"}, "n": {"type": "integer"}},
    }
    assert isinstance(json.loads(answer("x", schema)), dict)
    assert checked(schema) == schema


@given(st.text(alphabet="{}[]\"':,.<>|/ \n-ajson1", max_size=200))
def test_prompt__any_prompt_is_answered(prompt: str) -> None:
    """No prompt, however broken its template, is without an answer; a shape gives JSON."""
    said = answer(prompt)
    assert said
    if shape_of(prompt) is not None:
        json.loads(said)
