"""An operation as a comparison sees it: parameters, bodies and replies by what identifies them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from understudy.contracts.document import Document
from understudy.contracts.json import Json, mapping, sequence
from understudy.contracts.media import bare
from understudy.contracts.places import METHODS
from understudy.contracts.pointer import join

_NAME = re.compile(r"\{[^}]*\}")
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


@dataclass(frozen=True, slots=True)
class Side:
    """One operation of one document; `key` is its method and its path without names."""

    document: Document
    key: tuple[str, str]
    id: str
    pointer: str
    shared: str
    node: Mapping[str, Json]

    def parameters(self) -> Mapping[tuple[str, str], str]:
        """The pointer of each parameter, by place and name; path ones by their position."""
        found: dict[tuple[str, str], str] = {}
        names = _NAME.findall(self.shared.rsplit("/", 1)[1].replace("~1", "/").replace("~0", "~"))
        for base in (self.shared, self.pointer):
            held = mapping(self.document.at(base)).get("parameters")
            for index, each in enumerate(sequence(held)):
                said, place = self.document.resolve(each, join(base, "parameters", index))
                where, name = str(mapping(said).get("in")), str(mapping(said).get("name"))
                if where == "path":
                    wanted = f"{{{name}}}"
                    name = str(names.index(wanted)) if wanted in names else name
                found[where, name.lower() if where == "header" else name] = place
        return found

    def style(self, parameter: str) -> tuple[Json, Json]:
        """How a parameter is written: its style, and whether it is exploded."""
        said = mapping(self.document.at(parameter))
        style = said.get("style") or _STYLES.get(str(said.get("in")), "form")
        return style, said.get("explode", style == "form")

    def body(self) -> tuple[str, Mapping[str, Json]]:
        """The pointer and the declaration of the request body; both empty without one."""
        held = self.node.get("requestBody")
        if held is None:
            return "", {}
        node, pointer = self.document.resolve(held, join(self.pointer, "requestBody"))
        return pointer, mapping(node)

    def replies(self) -> Mapping[str, str]:
        """The pointer of each declared response, by status."""
        held = mapping(self.node.get("responses"))
        places = {code: join(self.pointer, "responses", code) for code in held}
        return {code: self.document.resolve(held[code], at)[1] for code, at in places.items()}

    def security(self) -> Sequence[frozenset[str]]:
        """The alternatives, each what a caller shows for it; an empty one needs nothing.

        What schemes are called does not travel; where a key goes, and under which name, does.
        """
        held = self.node.get("security", self.document.root.get("security"))
        schemes = mapping(mapping(self.document.root.get("components")).get("securitySchemes"))
        found = (mapping(each) for each in sequence(held))
        return tuple(
            frozenset(_shown(mapping(self.document.resolve(schemes.get(name))[0])) for name in each)
            for each in found
        ) or (frozenset(),)


def _shown(scheme: Mapping[str, Json]) -> str:
    kind, where, name = (str(scheme.get(key, "")) for key in ("type", "in", "name"))
    if kind == "apiKey":
        return f"a key in the {where} {name.lower() if where == 'header' else name}"
    return f"{kind} {str(scheme.get('scheme', '')).lower()}".rstrip()


def operations(document: Document) -> Mapping[tuple[str, str], Side]:
    """Every operation, by method and path without names."""
    found: dict[tuple[str, str], Side] = {}
    for path, item in mapping(document.root.get("paths")).items():
        shared = join("/paths", path)
        for method in METHODS:
            node = mapping(item).get(method)
            if isinstance(node, Mapping):
                key = (method.upper(), _NAME.sub("{}", path))
                name = str(node.get("operationId") or f"{method.upper()} {path}")
                found[key] = Side(document, key, name, join(shared, method), shared, node)
    return found


def media(document: Document, pointer: str) -> Mapping[str, str]:
    """The pointer of the schema of each media type of a body; empty where it has none."""
    held = mapping(mapping(document.at(pointer)).get("content")) if pointer else {}
    return {bare(name): join(pointer, "content", name) for name in held}
