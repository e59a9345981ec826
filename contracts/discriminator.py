"""A discriminator: which schema a value of one property chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from understudy.contracts.document import Document, target_of
from understudy.contracts.json import Json
from understudy.contracts.pointer import escape, split

_SCHEMAS = "/components/schemas"


@dataclass(frozen=True, slots=True)
class Discriminator:
    """`targets` are pointers of schemas by the value that chooses them.

    `keyword` is where the branches stand, None when the schema is a parent that its children
    name in their allOf. `unnamed` are the branches (by index) that no value can choose and that
    admit objects all the same.
    """

    name: str
    targets: Mapping[str, str]
    keyword: Literal["oneOf", "anyOf"] | None
    unnamed: tuple[int, ...] = ()

    @classmethod
    def of(
        cls, document: Document, node: Mapping[str, Json], pointer: str
    ) -> "Discriminator | None":
        """The discriminator of a schema; None when it chooses nothing."""
        said = node.get("discriminator")
        if not isinstance(said, Mapping):
            return None
        name = str(said.get("propertyName"))
        mapped = _mapping(said)
        for keyword in ("oneOf", "anyOf"):
            branches = node.get(keyword)
            if isinstance(branches, list):
                return cls._of_branches(document, name, mapped, keyword, branches)
        children = {**_children(document, pointer, mapped), **mapped}
        own = pointer.rpartition("/")[2]
        if children and pointer.startswith(f"{_SCHEMAS}/"):
            children.setdefault(own, pointer)
        return cls(name, children, None) if children else None

    @classmethod
    def _of_branches(
        cls,
        document: Document,
        name: str,
        mapped: Mapping[str, str],
        keyword: Literal["oneOf", "anyOf"],
        branches: Sequence[Json],
    ) -> "Discriminator | None":
        targets = dict(mapped)
        unnamed = []
        for index, branch in enumerate(branches):
            reference = branch.get("$ref") if isinstance(branch, Mapping) else None
            target = target_of(reference) if isinstance(reference, str) else None
            if target is not None and target not in mapped.values():
                targets.setdefault(split(target)[-1], target)
            elif target is None and _admits_objects(document, branch):
                unnamed.append(index)
        # Where no branch has a name, the branches themselves decide, as if it were not there.
        return cls(name, targets, keyword, tuple(unnamed)) if targets else None

    def rewritten(
        self,
        targets: Mapping[str, Any],
        branches: Sequence[Any] | None,
        from_mark: str,
        rule_mark: str,
        pointer: str,
        rule: str,
    ) -> dict[str, Any]:
        """The choice as if/then. `targets` are the chosen schemas by value; `branches` the
        (rewritten) branches that decide where no value can."""
        known = {
            "required": [self.name],
            "properties": {self.name: {"enum": list(targets)}},
            rule_mark: f"{rule}/propertyName",
        }
        choices = [
            {
                "if": {"required": [self.name], "properties": {self.name: {"const": value}}},
                "then": target,
            }
            for value, target in targets.items()
        ]
        if branches is None or self.keyword is None:
            return {"if": {"type": "object"}, "then": {"allOf": [known, *choices]}}
        chosen: dict[str, Any] = {"allOf": [known, *choices]}
        if self.unnamed:
            rest = {self.keyword: [branches[index] for index in self.unnamed], from_mark: pointer}
            chosen = {"if": known, "then": {"allOf": choices}, "else": rest}
        plain = {self.keyword: list(branches), from_mark: pointer}
        return {"if": {"type": "object"}, "then": chosen, "else": plain}


def _mapping(said: Mapping[str, Json]) -> dict[str, str]:
    mapping = said.get("mapping")
    found: dict[str, str] = {}
    for value, name in mapping.items() if isinstance(mapping, Mapping) else ():
        target = target_of(str(name)) if "#" in str(name) else f"{_SCHEMAS}/{escape(str(name))}"
        if target is not None:
            found[value] = target
    return found


def _children(document: Document, parent: str, mapped: Mapping[str, str]) -> dict[str, str]:
    """Schemas that take the parent in through allOf, directly or not, and that the mapping does
    not name."""
    components = document.root.get("components")
    schemas = components.get("schemas") if isinstance(components, Mapping) else None
    taken = {
        f"{_SCHEMAS}/{escape(name)}": _taken_in(schema)
        for name, schema in (schemas.items() if isinstance(schemas, Mapping) else ())
    }
    family = {parent}
    grown = True
    while grown:
        found = {child for child, parents in taken.items() if parents & family} - family
        grown = bool(found)
        family |= found
    return {
        split(child)[-1]: child for child in taken
        if child in family and child != parent and child not in mapped.values()
    }  # fmt: skip


def _taken_in(schema: Json) -> set[str | None]:
    parts = schema.get("allOf") if isinstance(schema, Mapping) else None
    return {
        target_of(str(part["$ref"]))
        for part in (parts if isinstance(parts, list) else ())
        if isinstance(part, Mapping) and "$ref" in part
    }


def _admits_objects(document: Document, schema: Json) -> bool:
    node, _ = document.resolve(schema)
    if not isinstance(node, Mapping):
        return bool(node)
    kind = node.get("type", "object")
    return "object" in kind if isinstance(kind, (str, list)) else True
