"""What a model answers: text that follows the prompt, or JSON of the shape that was asked for.

Moments in it lie within the part of the video that was looked at, in order: a list goes forward,
and where something has a beginning and an end, what is within it happens between the two.
"""

import json
from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.prompt import SchemaError, accepted, answered, shaped
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span
from understudy.mocks.kind import elements, mapping, texts
from understudy.mocks.providers.twelvelabs.analyses.dialect import (
    EDGES,
    form_of,
    resolved,
    understood,
    unfit,
)
from understudy.mocks.providers.twelvelabs.analyses.moments import moment

Schema = Mapping[str, Json]


def written(prompt: str, medium: Medium, draw: Seeded, schema: Json, window: Span) -> str:
    """The answer to a prompt; refused when `schema` is given and nothing can be made for it."""
    if schema is None:
        return answered(prompt, medium, draw)
    asked, plain = mapping(schema), understood(schema)
    try:
        drawn = shaped(plain, medium, draw)
    except SchemaError as error:
        raise unfit(error) from None
    timed = _timed(asked, drawn, asked, draw.child("moments"), window)
    # A whole number of seconds may be bounded so that no moment of the video will do.
    told = timed if accepted(plain, timed) else drawn
    return json.dumps(told, indent=2, ensure_ascii=False)


def _timed(schema: Json, value: Json, root: Schema, draw: Seeded, window: Span) -> Json:
    """The value with its moments in the window, and its properties as the service orders them."""
    node = resolved(schema, root)
    if isinstance(value, list):
        low, high = window
        step = (high - low) / max(1, len(value))
        return [
            _timed(
                node.get("items"),
                each,
                root,
                draw.child(place),
                (low + place * step, low + (place + 1) * step),
            )
            for place, each in enumerate(value)
        ]
    if not isinstance(value, Mapping):
        return value
    node = _branch(node, value, root)
    properties = mapping(node.get("properties"))
    moments = _moments(properties, value, root, draw, window)
    inner = window
    if all(name in moments for name in EDGES):
        inner = (moments[EDGES[0]][0], moments[EDGES[1]][0])
    filled: dict[str, Json] = {}
    for name in _ordered(node, list(value)):
        if name in moments:
            seconds, form = moments[name]
            filled[name] = round(seconds) if form == "integer" else moment(seconds, form)
        else:
            filled[name] = _timed(properties.get(name), value[name], root, draw.child(name), inner)
    return filled


def _moments(
    properties: Schema, value: Schema, root: Schema, draw: Seeded, window: Span
) -> dict[str, tuple[float, str]]:
    """Instants for the properties that are moments: the beginning first, the end last."""
    found: dict[str, str] = {}
    for name in value:
        held = resolved(properties.get(name), root)
        form = form_of(name, held)
        if form and not {"const", "enum", "pattern"} & set(held):
            found[name] = form
    order = sorted(found, key=lambda name: (name == EDGES[1], name != EDGES[0]))
    instants = sorted(draw.number(*window) for _ in order)
    return {name: (at, found[name]) for name, at in zip(order, instants, strict=True)}


def _branch(node: Schema, value: Schema, root: Schema) -> Schema:
    """The alternative that knows all of the value's properties, where the schema has some."""
    for each in elements(node.get("anyOf")):
        branch = resolved(each, root)
        known = {**mapping(node.get("properties")), **mapping(branch.get("properties"))}
        if known and set(value) <= set(known):
            return {**node, **branch, "properties": known}
    return node


def _ordered(node: Schema, names: list[str]) -> list[str]:
    """Properties as declared, but one that is always there comes first (field text of the SDK)."""
    required = set(texts(node.get("required")))
    if names and required and names[0] not in required:
        first = next((name for name in names if name in required), None)
        if first is not None:
            return [first, *(name for name in names if name != first)]
    return names
