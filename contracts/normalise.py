"""Rewrite an OpenAPI 3.0 document as 3.1, in place, so that only one dialect is left.

Every value keeps its JSON pointer, so that rules still point at their lines in the file.
"""

from understudy.contracts.json import Json
from understudy.contracts.places import places


def normalise(root: dict[str, Json]) -> list[str]:
    """Rewrite a 3.0 document; answers notes on what has no effect in it."""
    notes: list[str] = []
    for place in list(places(root)):
        if place.kind == "schema":
            note = _schema(place.node)  # type: ignore[arg-type]  # the document is ours: dicts
            if note:
                notes.append(f"{note} (at {place.pointer})")
    root["openapi"] = "3.1.0"
    return notes


def _schema(node: dict[str, Json]) -> str:
    reference = node.get("$ref")
    if isinstance(reference, str):
        ignored = [key for key in node if key != "$ref"]
        for key in ignored:  # OpenAPI 3.0: what stands beside $ref is ignored
            del node[key]
        return ""
    note = _nullable(node)
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = node.get(exclusive)
        if flag is True and bound in node:
            node[exclusive] = node.pop(bound)
        elif isinstance(flag, bool):
            del node[exclusive]
    return note


def _nullable(node: dict[str, Json]) -> str:
    nullable = node.pop("nullable", False)
    if nullable is not True:
        return ""
    kind = node.get("type")
    if not isinstance(kind, str):
        return "nullable has no effect without a type beside it"
    node["type"] = [kind, "null"]
    values = node.get("enum")
    if isinstance(values, list) and None not in values:
        return "nullable has no effect while enum lacks null"
    return ""
