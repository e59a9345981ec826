"""What a meta-schema cannot see: references, duplicates, path parameters, unusable schemas."""

import re
from collections.abc import Iterator, Mapping
from typing import get_args

from understudy.contracts.document import target_of
from understudy.contracts.expression import Expression, ExpressionError
from understudy.contracts.json import Json
from understudy.contracts.keywords import DIALECTS, FORMATS, keyword_problem, unknown_keywords
from understudy.contracts.operation import Action
from understudy.contracts.places import METHODS, Place, places
from understudy.contracts.pointer import escape, follow

# Expressions of a whole exchange, which links may use and nothing here needs.
_WHOLE = ("$url", "$method", "$statusCode")
_FIELD = re.compile(r"\{([^{}]*)\}")


class Structure:
    """The structural checks over one document; `problems` yields (pointer, problem)."""

    def __init__(self, root: Mapping[str, Json]) -> None:
        self.root = root
        self.places = list(places(root))
        self._kinds = {place.pointer: place.kind for place in self.places}
        self.notes: list[str] = []

    def problems(self) -> Iterator[tuple[str, str]]:
        """Every reason not to use the document, the most basic first."""
        dialect = self.root.get("jsonSchemaDialect")
        if dialect is not None and dialect not in DIALECTS:
            yield "/jsonSchemaDialect", f"the dialect {dialect!r} is not supported"
        yield from self._references()
        yield from self._schemas()
        yield from self._operations()
        yield from self._templates()
        yield from self._security()

    # references ---------------------------------------------------------------------------

    def _references(self) -> Iterator[tuple[str, str]]:
        for place in self.places:
            reference = place.node.get("$ref")
            if isinstance(reference, str):
                problem = self._reference(reference, place.kind) or self._other_kind(place)
                if problem and place.kind in ("example", "link"):
                    self.notes.append(f"{problem} (at {place.pointer})")
                elif problem:
                    yield f"{place.pointer}/$ref", problem
            discriminator = place.node.get("discriminator")
            if place.kind == "schema" and isinstance(discriminator, Mapping):
                yield from self._mapping(place.pointer, discriminator)

    def _reference(self, reference: str, kind: str) -> str:
        if not reference.startswith("#"):
            return f"the reference {reference!r} leaves the document: remote ones are refused"
        target = target_of(reference)
        if target is None:
            return f"the reference {reference!r} is not a JSON pointer"
        seen: set[str] = set()
        while True:
            if target in seen:
                return f"the reference {reference!r} only leads back to itself"
            seen.add(target)
            try:
                node = follow(self.root, target)
            except KeyError:
                return f"the reference {reference!r} cannot be resolved"
            if not isinstance(node, Mapping) and not (kind == "schema" and isinstance(node, bool)):
                return f"the reference {reference!r} leads to no {kind}"
            onward = node.get("$ref") if isinstance(node, Mapping) else None
            if not isinstance(onward, str):
                return ""
            if kind == "schema" and isinstance(node, Mapping) and len(node) > 1:
                return ""  # a schema may stand beside its reference; that one is checked too
            following = target_of(onward)
            if following is None:
                return ""  # reported where it stands
            target = following

    def _other_kind(self, place: Place) -> str:
        """Why what a reference leads to cannot stand in its place: it is something else."""
        target = target_of(str(place.node["$ref"]))
        kind = self._kinds.get(target or "", place.kind)
        if kind == place.kind:
            return ""
        return f"the reference {place.node['$ref']!r} leads to a {kind}, not to a {place.kind}"

    def _mapping(
        self, pointer: str, discriminator: Mapping[str, Json]
    ) -> Iterator[tuple[str, str]]:
        mapping = discriminator.get("mapping")
        if not isinstance(mapping, Mapping):
            return
        for value, name in mapping.items():
            if not isinstance(name, str):
                continue
            reference = name if "/" in name or "#" in name else f"#/components/schemas/{name}"
            problem = self._reference(reference, "schema")
            if problem:
                yield f"{pointer}/discriminator/mapping/{escape(value)}", problem

    # schemas ------------------------------------------------------------------------------

    def _schemas(self) -> Iterator[tuple[str, str]]:
        for place in self.places:
            if place.kind != "schema":
                continue
            problem = keyword_problem(place.node)
            if problem:
                yield f"{place.pointer}/{escape(problem[0])}", problem[1]
            name = place.node.get("format")
            if isinstance(name, str) and name not in FORMATS:
                self.notes.append(f"the format {name!r} is not checked (at {place.pointer}/format)")
            for keyword in unknown_keywords(place.node):
                self.notes.append(
                    f"{keyword!r} is no keyword, it has no effect (at {place.pointer})"
                )
        yield from self._endless()

    def _endless(self) -> Iterator[tuple[str, str]]:
        """Schemas that apply themselves to the same value again, for ever."""
        done: set[str] = set()
        for place in self.places:
            if place.kind != "schema" or place.pointer in done:
                continue
            above: dict[str, Iterator[str]] = {place.pointer: _in_place(place.node, place.pointer)}
            while above:  # depth first, without recursion: chains can be long
                pointer = next(reversed(above))
                onward = next(above[pointer], None)
                if onward is None:
                    done.add(pointer)
                    del above[pointer]
                elif onward in above:
                    yield onward, "the schema contains itself at the same place, without end"
                elif onward not in done:
                    node = follow(self.root, onward)
                    inner = node if isinstance(node, dict) else {}
                    above[onward] = _in_place(inner, onward)

    def schemas(self) -> dict[str, Json]:
        """The outermost schemas by pointer: those that stand in no other schema."""
        found: dict[str, Json] = {}
        inside = "\0"
        for place in sorted(self.places, key=_in_document_order):
            if place.kind == "schema" and not place.pointer.startswith(inside):
                found[place.pointer] = place.node
                inside = f"{place.pointer}/"
        return found

    # operations ---------------------------------------------------------------------------

    def _operations(self) -> Iterator[tuple[str, str]]:
        seen: dict[str, str] = {}
        for place in self.places:
            if place.kind != "operation":
                continue
            name = place.node.get("operationId")
            if isinstance(name, str):
                if name in seen:
                    yield (
                        f"{place.pointer}/operationId",
                        f"the operationId {name!r} is taken by {seen[name]}",
                    )
                seen.setdefault(name, place.pointer)
        self._resources()
        for place in self.places:
            if place.kind == "link":
                target = place.node.get("operationId")
                if isinstance(target, str) and target not in seen:
                    self.notes.append(f"a link names no operation: {target!r} ({place.pointer})")
                self._link(place)

    def _link(self, place: Place) -> None:
        """Slips in a link, which would lead nowhere."""
        reference = place.node.get("operationRef")
        if isinstance(reference, str):
            problem = self._reference(reference, "operation")
            if problem:
                self.notes.append(f"a link leads nowhere: {problem} (at {place.pointer})")
        given = place.node.get("parameters")
        for name, value in given.items() if isinstance(given, Mapping) else ():
            if isinstance(value, str) and value.startswith("$") and value not in _WHOLE:
                try:
                    Expression.of(value)
                except ExpressionError as failure:
                    self.notes.append(f"{failure} (at {place.pointer}/parameters/{escape(name)})")

    def _resources(self) -> None:
        """Slips in `x-resource`, by which an operation would be nobody's."""
        declared = self.root.get("x-resources")
        known = set(declared) if isinstance(declared, Mapping) else set[str]()
        for place in self.places:
            said = place.node.get("x-resource") if place.kind == "operation" else None
            if not isinstance(said, Mapping):
                continue
            for key, names in (("name", known), ("action", set(get_args(Action)))):
                if said.get(key) not in names:
                    self.notes.append(
                        f"x-resource has the {key} {said.get(key)!r}, expected "
                        f"{', '.join(sorted(names)) or 'an x-resources'} (at {place.pointer})"
                    )

    def _templates(self) -> Iterator[tuple[str, str]]:
        paths = self.root.get("paths")
        seen: dict[str, str] = {}
        for template, item in paths.items() if isinstance(paths, Mapping) else ():
            if template.startswith("x-"):
                continue
            pointer = f"/paths/{escape(template)}"
            shape = _FIELD.sub("{}", template)
            if shape in seen:
                yield pointer, f"the path {template!r} is the same as {seen[shape]!r}"
            seen.setdefault(shape, template)
            fields = _FIELD.findall(template)
            if len(set(fields)) != len(fields) or "" in fields:
                yield pointer, f"the parameters of {template!r} need names of their own"
            resolved, place = self._resolved(item, pointer)
            if isinstance(resolved, Mapping):
                yield from self._path_parameters(template, fields, Place("", place, resolved))

    def _path_parameters(
        self, template: str, fields: list[str], item: Place
    ) -> Iterator[tuple[str, str]]:
        shared: set[tuple[str, str]] = set()
        yield from self._declared(item, shared)
        for method in METHODS:
            operation = item.node.get(method)
            if not isinstance(operation, Mapping):
                continue
            place = Place("operation", f"{item.pointer}/{method}", operation)
            own: set[tuple[str, str]] = set()
            yield from self._declared(place, own)
            declared = {name for where, name in own | shared if where == "path"}
            for field in fields:
                if field not in declared:
                    yield (
                        place.pointer,
                        f"the path {template!r} has {{{field}}}, but no path parameter "
                        f"{field!r} is declared",
                    )
            for name in sorted(declared.difference(fields)):
                self.notes.append(f"path parameter {name!r} is not in {template!r}")

    def _declared(self, place: Place, found: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        listed = place.node.get("parameters")
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            pointer = f"{place.pointer}/parameters/{index}"
            parameter, _ = self._resolved(entry, pointer)
            if isinstance(parameter, Mapping):
                key = (str(parameter.get("in")), str(parameter.get("name")))
                if key in found:
                    yield pointer, f"the {key[0]} parameter {key[1]!r} is declared twice"
                found.add(key)

    def _security(self) -> Iterator[tuple[str, str]]:
        components = self.root.get("components")
        schemes = components.get("securitySchemes") if isinstance(components, Mapping) else None
        known = set(schemes) if isinstance(schemes, Mapping) else set()
        holders = [("", self.root)]
        holders += [(p.pointer, p.node) for p in self.places if p.kind == "operation"]
        for pointer, node in holders:
            listed = node.get("security")
            for index, requirement in enumerate(listed if isinstance(listed, list) else ()):
                for name in requirement if isinstance(requirement, Mapping) else ():
                    if name not in known:
                        yield (
                            f"{pointer}/security/{index}",
                            f"the security scheme {name!r} is not declared",
                        )

    def _resolved(self, node: Json, pointer: str) -> tuple[Json, str]:
        """A value after its references, which `_references` has found to resolve."""
        for _ in range(100):
            reference = node.get("$ref") if isinstance(node, Mapping) else None
            target = target_of(reference) if isinstance(reference, str) else None
            if target is None:
                break
            node, pointer = follow(self.root, target), target
        return node, pointer


def _in_document_order(place: Place) -> list[str]:
    return place.pointer.split("/")


def _in_place(node: Mapping[str, Json], pointer: str) -> Iterator[str]:
    """Pointers of the schemas that apply to the same value as this one."""
    reference = node.get("$ref")
    target = target_of(reference) if isinstance(reference, str) else None
    if target is not None:
        yield target
    for keyword in ("allOf", "anyOf", "oneOf"):
        branches = node.get(keyword)
        for index in range(len(branches) if isinstance(branches, list) else 0):
            yield f"{pointer}/{keyword}/{index}"
    for keyword in ("not", "if", "then", "else"):
        if isinstance(node.get(keyword), Mapping):
            yield f"{pointer}/{keyword}"
