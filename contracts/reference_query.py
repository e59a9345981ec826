"""The names that a query may hold: a rule of ours that openapi-core does not have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.reference_faults import Site
from understudy.contracts.violation import Violation


@dataclass(frozen=True, slots=True)
class Query:
    """The query names of one operation; `spaced` are those in `spaceDelimited` style."""

    names: frozenset[str]
    deep: frozenset[str]
    spaced: frozenset[str]
    open: bool

    @classmethod
    def of(cls, operation: Operation) -> "Query":
        """Reads the names off the document of an operation."""
        document = operation.document
        names: set[str] = set(_keys(document))
        deep: set[str] = set()
        spaced: set[str] = set()
        ignores = "ignore" in (
            document.root.get("x-unknown-parameters"),
            operation.extensions.get("x-unknown-parameters"),
        )
        for parameter in _declared(document, operation):
            name, style = str(parameter.get("name")), parameter.get("style", "form")
            schema = _resolved(document, parameter.get("schema"))
            names.add(name)
            if style == "spaceDelimited":
                spaced.add(name)
            if style == "deepObject":
                deep.add(name)
            elif "x-operators" in parameter:
                names.update(f"{name}[{word}]" for word in _list(parameter["x-operators"]))
            elif style == "form" and _is_object(schema) and parameter.get("explode", True):
                names.update(_mapping(schema.get("properties")))
                ignores = ignores or schema.get("additionalProperties", True) is not False
        return cls(frozenset(names), frozenset(deep), frozenset(spaced), ignores)

    def unknown(self, site: Site, sent: Sequence[tuple[str, str]]) -> Iterator[Violation]:
        """A violation for each name that the operation does not declare, or not like that."""
        for name, value in dict(sent).items():
            if name in self.deep:
                expected = f"a name such as {name}[property]"
                yield site.violation("query", f"/{name}", name, expected, "parameters")
            elif not (self.open or name in self.names or name.partition("[")[0] in self.deep):
                expected = "a declared query parameter"
                yield site.violation("query", f"/{name}", value, expected, "parameters")


def _declared(document: Document, operation: Operation) -> Iterator[Mapping[str, Json]]:
    node = _mapping(document.at(operation.pointer))
    item = _mapping(document.at(operation.pointer.rpartition("/")[0]))
    for entry in (*_list(item.get("parameters")), *_list(node.get("parameters"))):
        parameter = _resolved(document, entry)
        if parameter.get("in") == "query":
            yield parameter


def _keys(document: Document) -> Iterator[str]:
    """API keys that travel in the query are no unknown parameters."""
    components = _mapping(document.root.get("components"))
    for entry in _mapping(components.get("securitySchemes")).values():
        scheme = _resolved(document, entry)
        if scheme.get("type") == "apiKey" and scheme.get("in") == "query":
            yield str(scheme.get("name"))


def _is_object(schema: Mapping[str, Json]) -> bool:
    kinds = schema.get("type")
    named = kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
    return named or (kinds is None and "properties" in schema)


def _resolved(document: Document, node: Json) -> Mapping[str, Json]:
    return _mapping(document.resolve(node)[0])


def _mapping(node: Json) -> Mapping[str, Json]:
    return node if isinstance(node, Mapping) else {}


def _list(node: Json) -> Sequence[Json]:
    return node if isinstance(node, list | tuple) else ()
