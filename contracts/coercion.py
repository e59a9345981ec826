"""How text becomes a typed value: what a schema admits, seen through its composition."""

import re
from collections.abc import Iterator, Mapping

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.contracts.pointer import escape

ALL = frozenset(("null", "boolean", "integer", "number", "string", "array", "object"))

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,1000})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,1000})(?:\.[0-9]{1,1000})?(?:[eE][-+]?[0-9]{1,3})?")
_SPELLINGS = {
    **dict.fromkeys(("true", "1", "yes", "on", "t", "y"), True),
    **dict.fromkeys(("false", "0", "no", "off", "f", "n"), False),
}
_TEXTUAL = re.compile(r"text/.*|application/(?:.*\+)?json")


class Coercion:
    """The JSON types that a schema admits, through $ref, allOf, anyOf, oneOf and null.

    `types` holds names of JSON Schema ("integer" is listed beside "number" only if an integer
    is admitted on its own right; all seven when the schema does not say). Children are made when
    asked for, so that a schema may contain itself.

    `names` are the declared properties in document order; `open` says whether others are
    admitted; `binary` marks a file (format: binary, or a contentMediaType that is no text and
    no JSON); `json_text` is `x-json-text: true`; `pointers` are the schemas that speak here.
    `x-booleans: loose` at the document's root lets yes, on, 1 and the like spell booleans, in
    capitals too, as many Python servers read them.
    """

    __slots__ = (
        "_additional",
        "_document",
        "_items",
        "_loose",
        "_made",
        "_properties",
        "binary",
        "json_text",
        "names",
        "open",
        "pointers",
        "types",
    )

    def __init__(self, document: Document, pointers: tuple[str, ...]) -> None:
        self._document = document
        self._loose = document.root.get("x-booleans") == "loose"
        self._made: dict[str, Coercion] = {}
        self._properties: dict[str, list[str]] = {}
        self._additional: list[str] = []
        self._items: list[str] = []
        self.open = True
        self.binary = False
        self.json_text = False
        spoken = list(dict.fromkeys(self._gather(pointers)))
        self.pointers = tuple(spoken)
        self.names = tuple(self._properties)
        self.types = frozenset().union(*(_types(document, p, ()) for p in pointers)) or ALL

    def items(self) -> "Coercion":
        """The items of an array; admits everything when the schema does not say."""
        return self._child("", self._items)

    def property(self, name: str) -> "Coercion | None":
        """A property, declared or additional; None when the schema forbids the name."""
        declared = self._properties.get(name)
        if declared is not None:
            return self._child(f"/{name}", declared)
        return self._child("/", self._additional) if self.open else None

    def scalar(self, text: str) -> Json:
        """The value that a text spells: integer, number, boolean or null where that is admitted
        and spelt exactly so, else the text itself (validation then says what is wrong).

        Where a string is admitted too, the text stays a string: every text is one.
        """
        return text if "string" in self.types else self.exact(text)

    def exact(self, text: str) -> Json:
        """As `scalar`, but what spells an integer, number, boolean or null is one even where a
        string is admitted too."""
        types = self.types
        if "integer" in types and _INTEGER.fullmatch(text):
            return int(text)
        if "number" in types and _NUMBER.fullmatch(text):
            number = float(text)
            if number not in (float("inf"), float("-inf")):
                return int(text) if _INTEGER.fullmatch(text) else number
        if "boolean" in types and text in ("true", "false"):
            return text == "true"
        if "boolean" in types and self._loose and text.lower() in _SPELLINGS:
            return _SPELLINGS[text.lower()]
        if "null" in types and text in ("null", ""):
            return None
        return text

    def _child(self, key: str, pointers: list[str]) -> "Coercion":
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Coercion(self._document, tuple(pointers))
        return found

    def _gather(self, pointers: tuple[str, ...]) -> Iterator[str]:
        waiting = list(pointers)
        seen: set[str] = set()
        while waiting:
            pointer = waiting.pop(0)
            if pointer in seen:
                continue
            seen.add(pointer)
            node = self._document.at(pointer)
            if not isinstance(node, Mapping):
                continue
            if "$ref" in node:
                waiting.append(self._document.resolve({"$ref": node["$ref"]})[1])
            for keyword in ("allOf", "anyOf", "oneOf"):
                branches = node.get(keyword)
                if isinstance(branches, list):
                    waiting += [f"{pointer}/{keyword}/{at}" for at in range(len(branches))]
            for keyword in ("then", "else"):
                if keyword in node:
                    waiting.append(f"{pointer}/{keyword}")
            self._note(node, pointer)
            yield pointer

    def _note(self, node: Mapping[str, Json], pointer: str) -> None:
        properties = node.get("properties")
        for name in properties if isinstance(properties, Mapping) else ():
            self._properties.setdefault(name, []).append(f"{pointer}/properties/{escape(name)}")
        if node.get("additionalProperties") is False or node.get("unevaluatedProperties") is False:
            self.open = False
        elif isinstance(node.get("additionalProperties"), Mapping):
            self._additional.append(f"{pointer}/additionalProperties")
        if isinstance(node.get("items"), Mapping):
            self._items.append(f"{pointer}/items")
        media = node.get("contentMediaType")
        text = isinstance(media, str) and _TEXTUAL.match(media) is not None
        if node.get("format") == "binary" or (
            isinstance(media, str) and not text and "contentEncoding" not in node
        ):
            self.binary = True
        if node.get("x-json-text") is True:
            self.json_text = True


def _types(document: Document, pointer: str, above: tuple[str, ...]) -> frozenset[str]:
    """The types that one schema admits; the empty set stands for a schema in a circle."""
    node = document.at(pointer)
    if pointer in above or not isinstance(node, Mapping):
        return ALL if node is not False else frozenset()
    here = (*above, pointer)
    found = _own_types(node)
    if "$ref" in node:
        found &= _types(document, document.resolve({"$ref": node["$ref"]})[1], here)
    branches = node.get("allOf")
    for at in range(len(branches) if isinstance(branches, list) else 0):
        found &= _types(document, f"{pointer}/allOf/{at}", here)
    for keyword in ("anyOf", "oneOf"):
        branches = node.get(keyword)
        if isinstance(branches, list):
            admitted: frozenset[str] = frozenset()
            for at in range(len(branches)):
                admitted |= _types(document, f"{pointer}/{keyword}/{at}", here)
            found &= admitted
    return found


def _own_types(node: Mapping[str, Json]) -> frozenset[str]:
    kind = node.get("type")
    names = [kind] if isinstance(kind, str) else kind if isinstance(kind, list) else []
    found = frozenset(str(name) for name in names) or ALL
    if "number" in found:
        found |= {"integer"}
    values = [node["const"]] if "const" in node else node.get("enum")
    if isinstance(values, list):
        found &= frozenset(name for value in values for name in _kinds(value))
    return found


def _kinds(value: Json) -> tuple[str, ...]:
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean",)
    if isinstance(value, (int, float)):
        return ("integer", "number") if float(value).is_integer() else ("number",)
    if isinstance(value, str):
        return ("string",)
    return ("object",) if isinstance(value, Mapping) else ("array",)
