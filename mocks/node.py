"""A JSON value that somebody else wrote, read with the pointer of each place at hand."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from understudy.contracts.json import Json
from understudy.contracts.pointer import escape
from understudy.mocks.errors import FakeError


class Unfit(FakeError):
    """A value is not what its place wants; `pointer` is the place, `problem` the sentence."""

    def __init__(self, pointer: str, problem: str) -> None:
        super().__init__(f"at {pointer or '/'}: {problem}")
        self.pointer = pointer
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the JSON pointer at which it stands. Whatever does not fit raises `Unfit`."""

    value: Json
    pointer: str = ""

    def has(self, key: str) -> bool:
        """Whether this is a mapping with that key, and not null there."""
        return isinstance(self.value, Mapping) and self.value.get(key) is not None

    def at(self, key: str | int) -> "Node":
        """The member of that name or number; null where there is none."""
        inner: Json = None
        if isinstance(self.value, Mapping):
            inner = self.value.get(str(key))
        elif isinstance(self.value, list | tuple) and isinstance(key, int):
            inner = self.value[key] if 0 <= key < len(self.value) else None
        return Node(inner, f"{self.pointer}/{escape(str(key))}")

    def keys(self, known: tuple[str, ...]) -> None:
        """Checks that this is a mapping without any key beyond the known ones."""
        for name, member in self.members():
            if name not in known:
                member.wrong(f"unknown key {name!r}{nearest(name, known)}")

    def members(self) -> Iterator[tuple[str, "Node"]]:
        """The members of a mapping by name."""
        if not isinstance(self.value, Mapping):
            self.wrong(f"expected a mapping, found {shown(self.value)}")
        for name in self.value:
            yield name, self.at(name)

    def items(self) -> Iterator["Node"]:
        """The items of a list."""
        if not isinstance(self.value, list | tuple):
            self.wrong(f"expected a list, found {shown(self.value)}")
        for place in range(len(self.value)):
            yield self.at(place)

    def text(self, default: str | None = None) -> str:
        """A text; `default`, if there is one, for null."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str):
            self.wrong(f"expected a text, found {shown(self.value)}")
        return self.value

    def one_of(self, known: tuple[str, ...], default: str | None = None) -> str:
        """One of the known texts."""
        said = self.text(default)
        if said not in known:
            self.wrong(f"{said!r} is not known here{nearest(said, known)}")
        return said

    def flag(self, default: bool | None = None) -> bool:
        """True or false."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, bool):
            self.wrong(f"expected true or false, found {shown(self.value)}")
        return self.value

    def number(
        self, least: float = 0.0, most: float = math.inf, *, default: float | None = None
    ) -> float:
        """A finite number from `least` to `most`."""
        if self.value is None and default is not None:
            return default
        value = self.value
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not math.isfinite(value) or not least <= value <= most:  # type: ignore[arg-type, operator]
            room = f"from {least:g} on" if most == math.inf else f"from {least:g} to {most:g}"
            self.wrong(f"expected a number {room}, found {shown(value)}")
        return float(value)  # type: ignore[arg-type]

    def whole(self, least: int = 0, most: int = 2**63, *, default: int | None = None) -> int:
        """A whole number from `least` to `most`."""
        if self.value is None and default is not None:
            return default
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            room = f"from {least} on" if most >= 2**63 else f"from {least} to {most}"
            self.wrong(f"expected a whole number {room}, found {shown(value)}")
        return value

    def wrong(self, problem: str) -> NoReturn:
        """Raise: this value is not what its place wants."""
        raise Unfit(self.pointer, problem)


def shown(value: Json) -> str:
    """A value as a message repeats it, cut when it is long."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def nearest(name: str, known: tuple[str, ...]) -> str:
    """The end of a sentence: what was probably meant, else everything there is."""
    close = get_close_matches(name, dict.fromkeys(known), n=3, cutoff=0.6)
    if close:
        return f"; did you mean {' or '.join(map(repr, close))}?"
    return f"; there are: {', '.join(known)}" if known else "; there are none"
