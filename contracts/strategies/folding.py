"""A schema with its references and its `allOf` folded into one, ready to be drawn from."""

import math
from collections.abc import Mapping, Sequence

from understudy.contracts.document import Document
from understudy.contracts.json import Json

Node = dict[str, Json]
NEVER: Node = {"not": {}}
"""What a schema folds to that admits nothing."""

_DEEPEST = 40
_GREATEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
_LEAST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
_CHOICES = ("oneOf", "anyOf")


def fold(document: Document, schema: Json, depth: int = _DEEPEST) -> Node:
    """One mapping for a schema, its references and its `allOf` branches.

    Bounds are the narrower ones, properties and items admit what every branch admits. Several
    `oneOf` or `anyOf` stand below `x-choices` as a list of lists, patterns below `x-patterns`.
    `if` and `not` stay out: who draws must check what was drawn.
    """
    if schema is False or depth < 0:
        return NEVER
    if not isinstance(schema, Mapping):
        return {}
    parts: list[Node] = []
    if isinstance(schema.get("$ref"), str):
        target = document.resolve({"$ref": schema["$ref"]})[0]
        parts.append(fold(document, target, depth - 1))
    parts += [fold(document, part, depth - 1) for part in listed(schema.get("allOf"))]
    parts += [
        fold(document, part, depth - 1) for part in mapped(schema.get("dependentSchemas")).values()
    ]
    whole = _own(schema)
    for part in parts:
        whole = _both(part, whole)
    return whole


def _own(schema: Mapping[str, Json]) -> Node:
    """A schema's own keywords, in the shape that folding gives them."""
    gone = ("$ref", "allOf", "dependentSchemas", "pattern", *_CHOICES)
    node = {key: value for key, value in schema.items() if key not in gone}
    if isinstance(schema.get("pattern"), str):
        node["x-patterns"] = [schema["pattern"]]
    choices = [
        [_tagged(schema, branch) for branch in listed(schema[key])]
        for key in _CHOICES
        if key in schema
    ]
    if choices:
        node["x-choices"] = choices
    if isinstance(schema.get("if"), Mapping | bool):
        then, other = schema.get("then", True), schema.get("else", True)
        both: Json = {"allOf": [schema["if"], then]}
        node["x-choices"] = [*listed(node.get("x-choices")), [both, other]]
    return node


def _tagged(schema: Mapping[str, Json], branch: Json) -> Json:
    """A branch with the value of the discriminator that chooses it."""
    said = mapped(schema.get("discriminator"))
    reference = branch.get("$ref") if isinstance(branch, Mapping) else None
    if not said or not isinstance(reference, str):
        return branch
    name = str(said.get("propertyName"))
    last = reference.rpartition("/")[2]
    meant = [
        value for value, to in mapped(said.get("mapping")).items() if to in (reference, last)
    ] or [last]
    asked: Json = {"required": [name], "properties": {name: {"enum": list(meant)}}}
    return {"allOf": [branch, asked]}


def _both(one: Node, other: Node) -> Node:
    """What admits only what both admit."""
    if one is NEVER or other is NEVER:
        return NEVER
    whole = {**one, **other}
    for key in one.keys() & other.keys():
        whole[key] = _met(key, one[key], other[key])
    for mine, its in ((one, other), (other, one)):
        # what one side declares, the other may admit by its additionalProperties only
        if "additionalProperties" in its and mine.get("properties"):
            rest = its["additionalProperties"]
            known = mapped(its.get("properties"))
            named = mapped(whole.get("properties"))
            if isinstance(rest, Mapping) and not mapped(its.get("patternProperties")):
                whole["properties"] = {
                    name: held if name in known else {"allOf": [held, rest]}
                    for name, held in named.items()
                }
            elif rest is False and not mapped(its.get("patternProperties")):
                whole["properties"] = {n: held for n, held in named.items() if n in known}
    return whole


def _met(key: str, one: Json, other: Json) -> Json:
    if one == other and key not in ("x-choices",):
        return one
    if key in _GREATEST and _number(one) and _number(other):
        return max(float(one), float(other))  # type: ignore[arg-type]  # both are numbers
    if key in _LEAST and _number(one) and _number(other):
        return min(float(one), float(other))  # type: ignore[arg-type]
    if key == "multipleOf" and isinstance(one, int) and isinstance(other, int):
        return math.lcm(one, other)
    if key == "type":
        return _types(one, other)
    if key == "enum":
        return [value for value in listed(one) if value in listed(other)]
    if key == "required":
        return list(dict.fromkeys([*listed(one), *listed(other)]))
    if key in ("x-patterns", "x-choices"):
        return [*listed(one), *listed(other)]
    if key in ("properties", "patternProperties", "dependentRequired"):
        return _members(key, mapped(one), mapped(other))
    if key in ("items", "additionalProperties", "propertyNames", "contains"):
        return False if one is False or other is False else {"allOf": [one, other]}
    return other


def _members(key: str, one: Mapping[str, Json], other: Mapping[str, Json]) -> Json:
    whole = {**one, **other}
    for name in one.keys() & other.keys():
        if key == "dependentRequired":
            whole[name] = [*listed(one[name]), *listed(other[name])]
        elif one[name] != other[name]:
            whole[name] = {"allOf": [one[name], other[name]]}
    return whole


def _types(one: Json, other: Json) -> Json:
    mine = [one] if isinstance(one, str) else list(listed(one))
    its = [other] if isinstance(other, str) else list(listed(other))
    both = [kind for kind in mine if kind in its]
    if "number" in mine and "integer" in its and "integer" not in both:
        both.append("integer")
    if "number" in its and "integer" in mine and "integer" not in both:
        both.append("integer")
    return both


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def mapped(value: Json) -> Mapping[str, Json]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Json) -> Sequence[Json]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
