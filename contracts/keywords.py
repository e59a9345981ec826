"""Keywords of schemas: those understood, and those refused because they would be ignored."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.contracts.patterns import pattern_problem

DIALECTS = (
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2020-12/schema#",
    "https://spec.openapis.org/oas/3.1/dialect/base",
)
REFUSED = {
    "$id": "a schema with an address of its own is not supported",
    "$anchor": "anchors are not supported: refer by JSON pointer",
    "$dynamicRef": "dynamic references are not supported",
    "$dynamicAnchor": "dynamic references are not supported",
    "$recursiveRef": "recursive references of draft 2019-09 are not supported",
    "$recursiveAnchor": "recursive references of draft 2019-09 are not supported",
    "$vocabulary": "vocabularies are not supported",
    "dependencies": "draft 7's dependencies is not 2020-12: use dependentRequired or "
    "dependentSchemas",
    "additionalItems": "draft 7's additionalItems is not 2020-12: use prefixItems and items",
}
FORMATS = frozenset(
    (
        "date-time",
        "date",
        "time",
        "duration",
        "email",
        "idn-email",
        "hostname",
        "idn-hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "iri",
        "iri-reference",
        "uuid",
        "uri-template",
        "json-pointer",
        "relative-json-pointer",
        "regex",
        "int32",
        "int64",
        "float",
        "double",
        "byte",
        "binary",
        "password",
    )
)
"""Formats that are checked, or that say nothing to be checked (the last two, and how precise)."""

KNOWN = frozenset(
    (
        "$ref",
        "$defs",
        "$schema",
        "$comment",
        "type",
        "enum",
        "const",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxContains",
        "minContains",
        "maxProperties",
        "minProperties",
        "required",
        "dependentRequired",
        "dependentSchemas",
        "propertyNames",
        "if",
        "then",
        "else",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "prefixItems",
        "items",
        "contains",
        "properties",
        "patternProperties",
        "additionalProperties",
        "unevaluatedItems",
        "unevaluatedProperties",
        "format",
        "contentEncoding",
        "contentMediaType",
        "contentSchema",
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "examples",
        "example",
        "discriminator",
        "xml",
        "externalDocs",
    )
)


def keyword_problem(schema: Mapping[str, Json]) -> tuple[str, str] | None:
    """The first keyword that cannot be honoured, with the reason."""
    for keyword, value in schema.items():
        if keyword in REFUSED:
            return keyword, REFUSED[keyword]
        if keyword == "$schema" and value not in DIALECTS:
            return keyword, f"the dialect {value!r} is not supported, only JSON Schema 2020-12"
        if keyword == "pattern" and isinstance(value, str):
            problem = pattern_problem(value)
            if problem:
                return keyword, problem
        if keyword == "patternProperties" and isinstance(value, Mapping):
            for pattern in value:
                problem = pattern_problem(pattern)
                if problem:
                    return keyword, problem
    return None


def unknown_keywords(schema: Mapping[str, Json]) -> list[str]:
    """Keywords that no dialect defines, and that therefore have no effect (mostly slips)."""
    return [key for key in schema if key not in KNOWN and not key.startswith("x-")]
