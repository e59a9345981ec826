"""Read the text of a document into JSON values, and say on which line each value stands.

YAML is read by the rules of YAML 1.2: `yes`, `12:30` and `2025-07-01` are strings, and so is
every key. Size, depth and alias expansion are bounded before or while values are made, so that
no text can exhaust the parser.
"""

import json
import re
from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

import yaml

from understudy.contracts.errors import DocumentError
from understudy.contracts.json import Json
from understudy.contracts.pointer import escape

MAX_CHARACTERS = 64 * 1024 * 1024
MAX_DEPTH = 200
MAX_NODES = 4_000_000

_TAG = "tag:yaml.org,2002:"


def parse(text: str, label: str) -> Json:
    """The JSON value of a YAML or JSON text; raises DocumentError with `LABEL:LINE`."""
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"more than {MAX_CHARACTERS} characters", line=label)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        try:
            return _parse_json(text)
        except (ValueError, RecursionError):
            pass  # perhaps YAML in flow style; if it is broken JSON, the next line says where
    return _Construction(label).value(_compose(text, label), 0)


def lines(text: str, label: str) -> dict[str, int]:
    """The line (from 1) of every JSON pointer of a text that `parse` has accepted."""
    found: dict[str, int] = {}
    root = _compose(text, label)
    _map_lines(root, "", root.start_mark.line + 1, found)
    return found


def _parse_json(text: str) -> Json:
    def pairs(members: list[tuple[str, Json]]) -> dict[str, Json]:
        whole = dict(members)
        if len(whole) != len(members):
            raise ValueError("duplicate key")
        return whole

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    value: Json = json.loads(
        text.removeprefix("\ufeff"), object_pairs_hook=pairs, parse_constant=refuse
    )
    _Depth().check(value, 0)
    return value


class _Depth:
    """Refuses a value nested deeper than MAX_DEPTH."""

    def check(self, value: Json, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        if isinstance(value, dict):
            for member in value.values():
                if isinstance(member, (dict, list)):
                    self.check(member, depth + 1)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, (dict, list)):
                    self.check(item, depth + 1)


def _loader() -> Any:
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}

        def __init__(self, text: str) -> None:
            super().__init__(text)
            self.depth = 0

        # the C parser calls these two around every node, before it goes deeper itself

        def descend_resolver(self, current_node: Any, current_index: Any) -> None:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                mark = current_node.start_mark
                raise yaml.MarkedYAMLError(problem="values are nested too deeply",
                                           problem_mark=mark)  # fmt: skip

        def ascend_resolver(self) -> None:
            self.depth -= 1

    for tag, pattern, first in (
        ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
        ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
        ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
        (
            "float",
            r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
            list("-+0123456789."),
        ),
        ("merge", r"^<<$", ["<"]),
    ):
        Loader.add_implicit_resolver(_TAG + tag, re.compile(pattern), first)
    return Loader


def _compose(text: str, label: str) -> Any:
    loader = None
    try:
        loader = _loader()(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"{label}:{mark.line + 1}" if mark else label
        problem = " ".join(filter(None, (error.context, error.problem)))
        raise DocumentError(f"cannot be read as YAML or JSON: {problem}", line=line) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise DocumentError(f"cannot be read as YAML or JSON: {error}", line=label) from error
    finally:
        if loader is not None:
            loader.dispose()
    if node is None:
        raise DocumentError("is empty", line=label)
    return node


def _integer(text: str) -> int:
    if text.startswith("0o"):
        return int(text[2:], 8)
    if text.startswith("0x"):
        return int(text[2:], 16)
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("beyond the range of a number")
    return number


_SCALARS: dict[str, Callable[[str], Json]] = {
    _TAG + "str": str,
    _TAG + "null": lambda text: None,
    _TAG + "bool": lambda text: text[0] in "tT",
    _TAG + "int": _integer,
    _TAG + "float": _float,
    _TAG + "timestamp": str,
    _TAG + "merge": str,
}


class _Construction:
    """Makes values of composed nodes. An alias is copied, never shared, and its copies count."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._nodes = 0

    def value(self, node: Any, depth: int) -> Json:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._error("aliases expand to too many values", node)
        if depth > MAX_DEPTH:
            raise self._error("values are nested too deeply (or an alias contains itself)", node)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self.value(item, depth + 1) for item in node.value]
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, depth)
        raise self._error(f"the tag {node.tag!r} is not allowed", node)

    def _scalar(self, node: Any) -> Json:
        read = _SCALARS.get(node.tag)
        if read is None:
            raise self._error(f"the tag {node.tag!r} is not allowed", node)
        try:
            return read(node.value)
        except (ValueError, IndexError) as error:
            shown = node.value[:60]
            raise self._error(f"{shown!r} cannot be read: {error}", node) from error

    def _mapping(self, node: Any, depth: int) -> dict[str, Json]:
        whole: dict[str, Json] = {}
        merged: list[dict[str, Json]] = []
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error("a key must be a string", key_node)
            key = key_node.value
            if key_node.tag == _TAG + "merge":
                merged += self._merged(value_node, depth)
                continue
            if key in whole:
                raise self._error(f"the key {key!r} occurs twice in one mapping", key_node)
            whole[key] = self.value(value_node, depth + 1)
        for other in merged:
            for key, value in other.items():
                whole.setdefault(key, value)
        return whole

    def _merged(self, node: Any, depth: int) -> list[dict[str, Json]]:
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        values = [self.value(source, depth + 1) for source in sources]
        if not all(isinstance(value, dict) for value in values):
            raise self._error("'<<' merges mappings only", node)
        return values  # type: ignore[return-value]  # every one is a dict

    def _error(self, problem: str, node: Any) -> DocumentError:
        return DocumentError(problem, line=f"{self._label}:{node.start_mark.line + 1}")


def _map_lines(node: Any, pointer: str, line: int, found: dict[str, int]) -> None:
    found[pointer] = line
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _map_lines(item, f"{pointer}/{index}", item.start_mark.line + 1, found)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    for inner, merged in source.value:
                        place = f"{pointer}/{escape(inner.value)}"
                        if place not in found:
                            _map_lines(merged, place, inner.start_mark.line + 1, found)
                continue
            place = f"{pointer}/{escape(key.value)}"
            _map_lines(value, place, key.start_mark.line + 1, found)
