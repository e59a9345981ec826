"""The schema that says what to draw from items: a part of JSON Schema, every property described.

Which keywords are taken, and that others are a 422, stands in the field texts of the vendor's
Python SDK 1.3.6.
"""

from collections.abc import Mapping

import jsonschema_rs

from understudy.contracts.json import Json
from understudy.mocks.kind import elements, mapping
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.refusal import Refusal

KEYWORDS = frozenset(
    {
        "additionalProperties",
        "description",
        "enum",
        "format",
        "items",
        "maxItems",
        "maximum",
        "minItems",
        "minimum",
        "prefixItems",
        "properties",
        "required",
        "title",
        "type",
    }
)
DEEPEST = 32
"""How deep properties may lie (assumed; the vendor only warns of deep ones)."""

_ROOT = "ingestion_config.enrichment_config.json_schema"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def check_enrichment(config: Mapping[str, Json]) -> None:
    """Refuses, with 422, a schema with more in it than is taken, or less than is needed."""
    if config.get("type") == "json_schema":
        schema = mapping(config.get("json_schema"))
        _check(schema, _ROOT, 0)
        try:
            jsonschema_rs.meta.validate({"$schema": _DIALECT, **schema})
        except (jsonschema_rs.ValidationError, ValueError) as error:
            raise _unprocessable(f"{_ROOT} is no JSON Schema: {error}".partition("\n")[0]) from None


def _check(node: Json, at: str, depth: int) -> None:
    if not isinstance(node, Mapping) or depth > DEEPEST:
        raise _unprocessable(f"{at} is {repr(node)[:80]}, expected a schema that is not too deep")
    for keyword in node:
        if keyword not in KEYWORDS:
            taken = ", ".join(sorted(KEYWORDS))
            raise _unprocessable(
                f"{at} uses {keyword[:80]!r}, which is not taken; taken are {taken}"
            )
    if not isinstance(node.get("type", ""), str) or node.get("type") == "null":
        message = f"{at}.type is {repr(node['type'])[:80]}, expected one type that is not null"
        raise _unprocessable(f"{message}; what may be missing is left out of required")
    if not isinstance(node.get("additionalProperties", True), bool):
        raise _unprocessable(f"{at}.additionalProperties is a schema, expected true or false")
    for name, inner in mapping(node.get("properties")).items():
        place = f"{at}.properties.{name[:80]}"
        if not mapping(inner).get("description"):
            raise _unprocessable(f"{place} has no description, which every property needs")
        _check(inner, place, depth + 1)
    if "items" in node:
        _check(node["items"], f"{at}.items", depth + 1)
    for number, inner in enumerate(elements(node.get("prefixItems"))):
        _check(inner, f"{at}.prefixItems.{number}", depth + 1)


def _unprocessable(message: str) -> Refusal:
    return refuse("parameter_invalid", message[:1000], status=422)
