"""Two JSON Schemas that both hold, as one: how `allOf` and keywords beside `$ref` are read.

The result is what values are drawn from, not what they are checked with, so it may be a little
too generous; it never forgets what helps to draw a value that fits.
"""

from collections.abc import Callable, Mapping, Sequence

from understudy.contracts.json import Json

Schema = Mapping[str, Json]

_LARGER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
_SMALLER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")


def merged(one: Schema, other: Schema) -> Schema:
    """The schema of what fits both; the first speaks where only one voice can be kept."""
    result = dict(one)
    for key, value in other.items():
        known = result.get(key)
        if key not in result:
            result[key] = value
        elif key in _LARGER:
            result[key] = _bound(known, value, max)
        elif key in _SMALLER:
            result[key] = _bound(known, value, min)
        elif key == "type":
            result[key] = both_types(types(known), types(value))
        elif key in ("required", "allOf", "oneOf", "anyOf"):
            result.update(_listed(key, known, value))
        elif key == "enum":
            allowed = schemas(value)
            result[key] = [choice for choice in schemas(known) if choice in allowed]
        elif key in ("properties", "patternProperties"):
            result[key] = _each(known, value)
        elif key in ("items", "additionalProperties"):
            result[key] = _both(known, value)
        elif key == "uniqueItems":
            result[key] = bool(known) or bool(value)
    _close(result, one, other)
    _close(result, other, one)
    return result


def types(value: Json) -> list[str]:
    """The `type` keyword as a list; empty when any type will do."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Sequence):
        return [name for name in value if isinstance(name, str)]
    return []


def both_types(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The types in both lists; an integer is a number."""
    common = [name for name in one if name in other]
    for first, second in ((one, other), (other, one)):
        if "integer" in first and "number" in second and "integer" not in common:
            common.append("integer")
    return common


def schemas(value: Json) -> list[Json]:
    """A list of schemas, as `allOf` holds; empty for anything else."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []


def _bound(one: Json, other: Json, choose: Callable[[float, float], float]) -> Json:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return choose(one, other)
    return one


def _listed(key: str, one: Json, other: Json) -> Schema:
    """`required` and `allOf` add up; a second `oneOf` or `anyOf` becomes a part of `allOf`."""
    if key in ("required", "allOf"):
        joined = schemas(one)
        return {key: [*joined, *(item for item in schemas(other) if item not in joined)]}
    return {key: one, "also": [{key: other}]}


def _each(one: Json, other: Json) -> Json:
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return one
    result = dict(one)
    for name, value in other.items():
        result[name] = _both(result[name], value) if name in result else value
    return result


def _both(one: Json, other: Json) -> Json:
    if one is True or other is False:
        return other
    if other is True or one is False:
        return one
    return {"allOf": [one, other]}


def _close(result: dict[str, Json], closed: Schema, beside: Schema) -> None:
    """Properties that only `beside` has are impossible where `closed` allows no others."""
    if closed.get("additionalProperties") is not False or "patternProperties" in closed:
        return
    own, others = closed.get("properties"), beside.get("properties")
    if isinstance(others, Mapping):
        known = own if isinstance(own, Mapping) else {}
        properties = result.get("properties")
        every = dict(properties) if isinstance(properties, Mapping) else {}
        every.update({name: False for name in others if name not in known})
        result["properties"] = every
