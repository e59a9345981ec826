"""A query string or Cookie header as name and value pairs, shared out among its parameters."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from understudy.contracts.bodies import Malformed
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.contracts.parameters import ABSENT, Pairs, PairsParameter
from understudy.contracts.pointer import escape
from understudy.contracts.styles import query_text
from understudy.contracts.violation import Violation

MOST_PAIRS = 1_000

NOTHING: Mapping[str, Json] = MappingProxyType({})
NO_PAIRS: Mapping[str, list[str]] = MappingProxyType({})


def query_pairs(query: str) -> Pairs:
    """Decoded names with their raw values, in order; raises Malformed."""
    if query.count("&") >= MOST_PAIRS:
        raise Malformed(query[:80], f"at most {MOST_PAIRS} query parameters")
    pairs: dict[str, list[str]] = {}
    for piece in query.split("&"):
        if piece:
            name, _, value = piece.partition("=")
            pairs.setdefault(query_text(name), []).append(value)
    return pairs


def cookie_pairs(lines: Sequence[str]) -> Pairs:
    """Names with their raw values from Cookie header lines."""
    pairs: dict[str, list[str]] = {}
    for line in lines:
        for piece in line.split(";", MOST_PAIRS):
            name, equals, value = piece.strip().partition("=")
            if equals:
                if len(value) > 1 and value[0] == value[-1] == '"':
                    value = value[1:-1]
                pairs.setdefault(name.strip(), []).append(value)
    return pairs


class Share:
    """The query or cookie parameters of one operation; knows which of them owns which name."""

    __slots__ = ("_free", "_known", "_own", "_prefixes", "_required", "_strict", "parameters")

    def __init__(
        self, parameters: Sequence[PairsParameter], others: Collection[str], *, strict: bool
    ) -> None:
        self.parameters = tuple(parameters)
        self._free = next((one for one in parameters if one.free), None)
        self._own = frozenset(self._free.names) if self._free is not None else frozenset[str]()
        names = {name for one in parameters for name in one.names}
        self._known = frozenset(names | set(others))
        self._prefixes = tuple(one.prefix for one in parameters if one.prefix)
        self._strict = strict
        self._required = tuple(one for one in parameters if one.check.declared.required)

    def read(self, pairs: Pairs, operation: Operation, found: list[Violation]) -> dict[str, Json]:
        """Typed values by parameter name; what is wrong is added to `found`."""
        values: dict[str, Json] = {}
        for parameter in self.parameters if pairs else self._required:
            if parameter.lone and parameter.lone not in pairs:
                continue
            mine = self._leftover(pairs) if parameter is self._free else pairs
            value = parameter.read(mine, operation, found)
            if value is not ABSENT:
                values[parameter.name] = value  # type: ignore[assignment]
        if self._strict and self._free is None and not self._known.issuperset(pairs):
            found.extend(self._unknown(name, pairs[name], operation) for name in self._extra(pairs))
        return values

    def _leftover(self, pairs: Pairs) -> Pairs:
        others = self._known - self._own
        return {
            name: raw
            for name, raw in pairs.items()
            if name not in others and not (self._prefixes and name.startswith(self._prefixes))
        }

    def _extra(self, pairs: Pairs) -> list[str]:
        return [
            name
            for name in pairs
            if name not in self._known and not (self._prefixes and name.startswith(self._prefixes))
        ]

    def _unknown(self, name: str, raw: list[str], operation: Operation) -> Violation:
        near = difflib.get_close_matches(name[:100], sorted(self._known), 1, 0.6)
        known = f"such as {near[0]!r}" if near else ", ".join(sorted(self._known)) or "none"
        expected = f"a declared query parameter ({known})"
        try:
            value = query_text(raw[0])
        except Malformed:
            value = raw[0]
        return operation.violation("query", f"/{escape(name)}", value, expected)
