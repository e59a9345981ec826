"""What OpenAPI allows a document to say and a check cannot act on: told as notes, never silently.

None of it makes a document unusable, so none of it refuses the document.
"""

from collections.abc import Iterable, Iterator, Mapping

from understudy.contracts.json import Json
from understudy.contracts.media import kind_of
from understudy.contracts.places import METHODS, Place
from understudy.contracts.pointer import join

_BODIES = ("body", "response")


def unused(root: Mapping[str, Json], places: Iterable[Place]) -> Iterator[str]:
    """A sentence, with its place, for everything in a document that has no effect on a check."""
    servers = root.get("servers")
    if isinstance(servers, list) and len(servers) > 1:
        yield "only the first server's base path and host are used (at /servers/1)"
    if isinstance(root.get("webhooks"), Mapping) and root["webhooks"]:
        yield "webhooks are not checked, only calls to the API are (at /webhooks)"
    for place in places:
        for problem, pointer in _of(place):
            yield f"{problem} (at {pointer})"


def _of(place: Place) -> Iterator[tuple[str, str]]:
    node, at = place.node, place.pointer
    if place.kind in ("operation", "path item") and node.get("servers"):
        yield "servers of its own have no effect, the document's are used", f"{at}/servers"
    if place.kind == "path item" and isinstance(node.get("$ref"), str):
        for method in (*METHODS, "parameters"):
            if method in node:
                yield "what stands beside $ref has no effect", f"{at}/{method}"
    if place.kind == "operation" and node.get("callbacks"):
        yield "callbacks are not checked, only calls to the API are", f"{at}/callbacks"
    if place.kind == "encoding" and node.get("headers"):
        yield "headers of the parts of a form are not checked", f"{at}/headers"
    if place.kind == "media":
        yield from _encodings(place)
    if place.kind == "security scheme" and node.get("type") == "mutualTLS":
        yield "a client's certificate cannot be seen in an exchange", at
    if place.kind in _BODIES:
        yield from _media(place)


def _encodings(place: Place) -> Iterator[tuple[str, str]]:
    """Encodings of properties that the schema beside them, where it is closed, does not have."""
    schema, encoding = place.node.get("schema"), place.node.get("encoding")
    if not isinstance(schema, Mapping) or not isinstance(encoding, Mapping):
        return
    known = schema.get("properties")
    if {"$ref", "allOf", "anyOf", "oneOf"}.isdisjoint(schema) and isinstance(known, Mapping):
        for name in encoding:
            if name not in known:
                yield f"there is no property {name!r}", join(place.pointer, "encoding", name)


def _media(place: Place) -> Iterator[tuple[str, str]]:
    """Media types whose bodies are not taken apart although a schema describes them."""
    content = place.node.get("content")
    for name, held in content.items() if isinstance(content, Mapping) else ():
        schema = held.get("schema") if isinstance(held, Mapping) else None
        pointer = join(place.pointer, "content", name, "schema")
        kind = kind_of(name)
        if not isinstance(held, Mapping) or not isinstance(schema, Mapping):
            continue
        if kind == "events" and "x-event-schema" not in held and _says(schema):
            yield "events are not checked: describe them with x-event-schema", pointer
        elif kind == "binary" and "*" not in name and _says(schema):
            yield f"bodies of {name} are not taken apart, so not checked", pointer


def _says(schema: Mapping[str, Json]) -> bool:
    """Whether a schema asks for anything that bytes alone do not fulfil."""
    told = {key for key in schema if key not in ("description", "title", "example", "examples")}
    return bool(told) and not (
        schema.get("format") == "binary"
        or "contentMediaType" in schema
        or (told == {"type"} and schema.get("type") == "string")
    )
