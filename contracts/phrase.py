"""What a schema asks for, as the end of a sentence that begins "expected"."""

from collections.abc import Mapping, Sequence

from understudy.contracts.json import Json

_NOUNS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}
_FORMATS = {
    "date-time": "a date and time as in RFC 3339 (2025-07-01T12:30:00Z)",
    "date": "a date (2025-07-01)",
    "time": "a time of day as in RFC 3339",
    "uuid": "a UUID",
    "email": "an e-mail address",
    "uri": "a URI",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "byte": "base64 text",
}
_NUMERIC = ("int32", "int64", "float", "double")


def phrase(schema: Json) -> str:
    """The whole schema in a few words, as far as it speaks of one plain value."""
    if not isinstance(schema, Mapping):
        return "no value" if schema is False else "any value"
    if "const" in schema:
        return repr(schema["const"])
    values = schema.get("enum")
    if isinstance(values, Sequence) and not isinstance(values, str):
        return one_of(values)
    kinds = schema.get("type")
    names = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    nouns = [_noun(str(name), schema) for name in names]
    if not nouns:
        implied = _implied(schema)
        nouns = [_noun(implied, schema)] if implied else ["a valid value"]
    return joined(nouns)


def one_of(values: Sequence[Json]) -> str:
    """Values to choose from; a long list is cut."""
    shown = [repr(value) for value in values[:20]]
    if len(values) == 1:
        return shown[0]
    more = f", ... ({len(values)} in all)" if len(values) > 20 else ""
    return f"one of {', '.join(shown)}{more}"


def joined(choices: Sequence[str]) -> str:
    """Choices as a list with "or", each once."""
    unique = list(dict.fromkeys(choices))
    if len(unique) < 2:
        return "".join(unique)
    return f"{', '.join(unique[:-1])} or {unique[-1]}"


def _implied(schema: Mapping[str, Json]) -> str:
    if any(key in schema for key in ("pattern", "minLength", "maxLength")):
        return "string"
    if any(key in schema for key in ("minimum", "maximum", "multipleOf")):
        return "number"
    if any(key in schema for key in ("minItems", "maxItems", "uniqueItems", "items")):
        return "array"
    if schema.get("format") in _NUMERIC:
        return "number"
    if "format" in schema:
        return "string"
    return "object" if "properties" in schema or "required" in schema else ""


def _noun(kind: str, schema: Mapping[str, Json]) -> str:
    noun = _NOUNS.get(kind, kind)
    if kind == "string":
        return _string(noun, schema)
    if kind in ("integer", "number"):
        return noun + _range(schema)
    if kind == "array":
        count = _count(schema, "minItems", "maxItems", "item")
        if schema.get("uniqueItems") is True:
            return f"{noun}{count or ' of items'} that differ from each other"
        return noun + count
    if kind == "object":
        return noun + _count(schema, "minProperties", "maxProperties", "property", "properties")
    return noun


def _string(noun: str, schema: Mapping[str, Json]) -> str:
    name = schema.get("format")
    if isinstance(name, str) and name != "binary":
        noun = _FORMATS.get(name) or (noun if name in _NUMERIC else f"a string of format {name}")
    noun += _count(schema, "minLength", "maxLength", "character")
    if "pattern" in schema:
        noun += f" matching {schema['pattern']!r}"
    return noun


def _range(schema: Mapping[str, Json]) -> str:
    parts: list[str] = []
    for keyword, words in (
        ("minimum", "of at least"),
        ("exclusiveMinimum", "greater than"),
        ("maximum", "at most"),
        ("exclusiveMaximum", "less than"),
        ("multipleOf", "a multiple of"),
    ):
        if keyword in schema:
            words = f"of {words}" if keyword == "maximum" and not parts else words
            parts.append(f"{words} {schema[keyword]}")
    if not parts and schema.get("format") in _NUMERIC:
        return f" that fits {schema['format']}"
    return f" {' and '.join(parts)}" if parts else ""


def _count(schema: Mapping[str, Json], least: str, most: str, one: str, many: str = "") -> str:
    low, high = schema.get(least), schema.get(most)
    if low is None and high is None:
        return ""
    number = high if high is not None else low
    noun = one if number == 1 else many or f"{one}s"
    if low is not None and low == high:
        return f" of {low} {noun}"
    if low is None:
        return f" of at most {high} {noun}"
    return f" of at least {low} {noun}" if high is None else f" of {low} to {high} {noun}"
