"""Text that follows a prompt about a medium: prose, or the JSON that the prompt asks for.

The answer follows from the medium, the prompt and the seed alone. It says nothing true about
the pictures; it has the form that was asked for, so that whoever reads it can go on.
"""

import json
import re
from collections.abc import Mapping

import jsonschema_rs

from understudy.contracts.json import Json
from understudy.mocks.errors import FakeError
from understudy.mocks.generate import text
from understudy.mocks.generate.conformance import Conformance
from understudy.mocks.generate.hints import Shape, span
from understudy.mocks.generate.keys import keys_in
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.sample import Sampler
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.template import template_in
from understudy.mocks.generate.words import telling_words, words

_LONGEST = 12_000  # characters of a prompt that are looked at
_LARGEST = 64 * 1024  # characters of a schema that somebody sends
_UNSUPPORTED = ("patternProperties", "$dynamicRef")
_NAMED = ("properties", "$defs", "definitions", "dependentSchemas")
_VALUES = ("enum", "const", "default", "examples", "example", "required")
_FREE = frozenset({"enum", "const", "format", "pattern", "examples", "example", "default"})
_NUMBERS = words("one two three four five six seven eight nine ten")
_ORDERS = frozenset(
    words(
        "tell describe summarize summarise explain give write list name say mention provide detail "
        "video clip about sentence sentences word words one two three four five"
    )
)
_SAYS = 8  # sentences that a text may be drawn from
_MOST = 50  # parts of an answer
_JSON_ONLY = re.compile(r"\b(?:in|as|valid|return|respond\w*|output|only|a|format)\s+json\b", re.I)


class SchemaError(FakeError):
    """A schema for an answer cannot be used; the message says why."""


def answered(prompt: str, medium: Medium, draw: Seeded, schema: Json = None) -> str:
    """What a model would answer: JSON text for a schema or a prompt that asks for JSON.

    SchemaError when `schema` is given and is none that a value can be made for.
    """
    if schema is not None:
        return _written(shaped(checked(schema), medium, draw))
    looked_at = prompt[:_LONGEST]
    shape = shape_of(looked_at)
    return _written(shaped(shape, medium, draw)) if shape else prose(looked_at, medium, draw)


def shape_of(prompt: str) -> Shape | None:
    """The schema of the JSON that a prompt asks for, by a template or by naming its keys."""
    found = template_in(prompt)
    if found is not None and ('"' in found[1] or "json" in prompt.lower()):
        around = prompt.replace(found[1], " ")  # what is said beside the template holds for it
        found = template_in(prompt, span(around.lower())) or found
        return found[0]
    named = keys_in(prompt, span(prompt.lower()))
    if named is None and _JSON_ONLY.search(prompt):
        answer: Shape = {"answer": {"type": "string"}}
        return {"type": "object", "properties": answer, "required": ["answer"]}
    return named


def prose(prompt: str, medium: Medium, draw: Seeded) -> str:
    """Sentences or points, as many as the prompt asks for, that come back to its words."""
    about = " ".join(word for word in telling_words(prompt) if word not in _ORDERS)
    about = " ".join(about.split()[:6])
    points = wanted(prompt, "points", "bullets", "bullet points", "items", "ideas", "tips")
    if points or re.search(r"\bbullet|\blist\b", prompt, re.IGNORECASE):
        count = min(points or 4, _MOST)
        said = [text.sentence(medium, draw.child("point", place)) for place in range(count)]
        return "\n".join(f"- {each}" for each in said)
    count = min(wanted(prompt, "sentences", "sentence") or 3, _MOST)
    opening = f"About {about}: " if about else ""
    body = opening + text.summary(medium, draw.child("prose"), sentences=count)
    most = wanted(prompt, "words", "word")
    return " ".join(body.split()[:most]) if most else body


def wanted(prompt: str, *things: str) -> int:
    """How many of such things a prompt asks for ("3 sentences", "five words"); 0 if it does not.

    >>> wanted("Describe it in two short sentences.", "sentences")
    2
    """
    names = "|".join(re.escape(thing) for thing in things)
    numbers = rf"(\d{{1,4}}|{'|'.join(_NUMBERS)})"
    found = re.search(rf"\b{numbers}\s+(?:[a-z]+\s+){{0,2}}?(?:{names})\b", prompt, re.IGNORECASE)
    if found is None:
        return 0
    said = found[1].lower()
    return int(said) if said.isdigit() else _NUMBERS.index(said) + 1


def checked(schema: Json) -> Mapping[str, Json]:
    """A schema that somebody sent, fit to draw from; SchemaError when it is not."""
    if not isinstance(schema, Mapping):
        raise SchemaError("it is no object")
    written = json.dumps(schema)
    if len(written) > _LARGEST:
        raise SchemaError(f"it has {len(written)} characters; {_LARGEST} are the most accepted")
    try:
        jsonschema_rs.meta.validate({"$schema": _DIALECT, **_without_dialect(schema)})
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise SchemaError(str(error).partition("\n")[0]) from None
    _check(_Root(schema), schema)
    return schema


_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def shaped(schema: Mapping[str, Json], medium: Medium, draw: Seeded) -> Json:
    """A value that the schema accepts, whose free texts speak of the medium.

    SchemaError when nothing fits the schema.
    """
    told = _told(schema, medium, draw.child("texts"), "")
    root = told if isinstance(told, Mapping) else {}
    value = Sampler(_Root(root)).value(root, draw.child("value"))
    if not accepted(root, value):
        raise SchemaError("no value was found that it accepts")
    return value


def accepted(schema: Mapping[str, Json], value: Json) -> bool:
    """Whether a schema that stands alone accepts the value."""
    return Conformance(_Root(schema), "response").fits(schema, value)


def _told(node: Json, medium: Medium, draw: Seeded, name: str) -> Json:
    """A copy of a schema whose plain strings have sentences about the medium as examples."""
    if isinstance(node, list):
        return [_told(each, medium, draw.child(place), name) for place, each in enumerate(node)]
    if not isinstance(node, Mapping):
        return node
    copied: dict[str, Json] = {}
    for key, value in node.items():
        if key in _NAMED and isinstance(value, Mapping):
            copied[key] = {
                one: _told(held, medium, draw.child(key, one), one) for one, held in value.items()
            }
        elif key in _VALUES:
            copied[key] = value
        else:
            copied[key] = _told(value, medium, draw.child(key), name)
    if copied.get("type") == "string" and not _FREE & set(copied):
        copied["examples"] = _sayings(medium, draw, name)
    return copied


def _sayings(medium: Medium, draw: Seeded, name: str) -> list[Json]:
    if "title" in name.lower() or name.lower() in ("name", "headline"):
        return [text.title(medium, draw)]
    if "hashtag" in name.lower() or name.lower() in ("tag", "keyword"):
        return [*text.hashtags(medium, draw)]
    if "topic" in name.lower():
        return [*text.topics(medium, draw)]
    if "summary" in name.lower():
        return [text.summary(medium, draw, sentences=2)]
    said = (text.sentence(medium, draw.child(place)) for place in range(_SAYS))
    return [*dict.fromkeys(said)]


class _Root:
    """A schema that stands alone, as a source of what it refers to."""

    __slots__ = ("_root",)

    def __init__(self, root: Mapping[str, Json]) -> None:
        self._root = root

    def at(self, pointer: str) -> Json:
        """The value at a JSON pointer; None where there is none."""
        node: Json = self._root
        for part in pointer.split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            if isinstance(node, Mapping):
                node = node.get(part)
            elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
                node = node[int(part)]
            else:
                return None
        return node

    def resolve(self, node: Json, pointer: str = "") -> tuple[Json, str]:
        """The first value on a chain of references; True when the chain leads nowhere."""
        seen: set[str] = set()
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            reference = str(node["$ref"])
            if reference in seen or not reference.startswith("#"):
                return True, pointer
            seen.add(reference)
            pointer = reference[1:]
            node = self.at(pointer)
            if not isinstance(node, Mapping | bool):
                return True, pointer
        return node, pointer


def _check(root: _Root, node: Json) -> None:
    """Refuses keywords beyond us and references that lead nowhere, or only to each other.

    Names of properties are no keywords, and fixed values no schemas.
    """
    if isinstance(node, list):
        for each in node:
            _check(root, each)
    elif isinstance(node, Mapping):
        for keyword in _UNSUPPORTED:
            if keyword in node:
                raise SchemaError(f"it uses {keyword}, which is not supported")
        _check_reference(root, node)
        for keyword, held in node.items():
            if keyword in _NAMED and isinstance(held, Mapping):
                _check(root, [*held.values()])
            elif keyword not in _VALUES:
                _check(root, held)


def _check_reference(root: _Root, node: Mapping[str, Json]) -> None:
    seen: list[str] = []
    while isinstance(reference := node.get("$ref"), str):
        target = root.at(reference[1:])
        if not reference.startswith("#") or not isinstance(target, Mapping | bool):
            raise SchemaError(f"the reference {reference[:80]!r} leads nowhere within it")
        if reference in seen:
            raise SchemaError(f"the reference {reference[:80]!r} leads back to itself")
        seen.append(reference)
        node = target if isinstance(target, Mapping) else {}


def _without_dialect(schema: Mapping[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in schema.items() if key != "$schema"}


def _written(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
