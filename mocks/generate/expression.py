"""Texts that match a regular expression of the common kind.

Understood: literals, `.`, classes, `\\d \\w \\s` and their opposites, groups, alternatives,
quantifiers and anchors. Look-around, back-references and Unicode properties are approximated:
whoever asks checks the result anyway.
"""

from dataclasses import dataclass
from typing import TypeAlias

from understudy.mocks.generate.seeded import Seeded

_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_WORD = _LOWER + _LOWER.upper() + _DIGITS + "_"
_PRINTABLE = "".join(map(chr, range(32, 127)))
_CLASSES = {
    "d": _DIGITS,
    "w": _WORD,
    "s": " ",
    "D": _LOWER,
    "W": "-.:/ ",
    "S": _WORD,
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "f": "\f",
    "v": "\v",
    "p": _LOWER + _LOWER.upper(),
    "P": _DIGITS,
}
_MOST = 64  # repetitions of one piece beyond its least
_DEEPEST = 40


class NotUnderstood(Exception):
    """The expression uses syntax beyond what is generated here."""


@dataclass(frozen=True, slots=True)
class _One:
    """Exactly one of these characters."""

    among: str


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A piece, `least` to `most` times; `most` is None when unbounded."""

    piece: "_Piece"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class _Either:
    """One of several sequences."""

    branches: tuple[tuple["_Piece", ...], ...]


_Piece: TypeAlias = _One | _Repeat | _Either


def matching(pattern: str, draw: Seeded, *, extra: int = 3) -> str:
    """A text that matches `pattern`; open-ended pieces repeat up to `extra` times more than they
    must. Raises NotUnderstood for what cannot be read."""
    reader = _Reader(pattern)
    branches = reader.either(0)
    if reader.at != len(pattern):
        raise NotUnderstood(pattern)
    return _written(_Either(branches), draw, extra)


def _written(piece: _Piece, draw: Seeded, extra: int) -> str:
    if isinstance(piece, _One):
        return draw.choice(piece.among)
    if isinstance(piece, _Either):
        return "".join(_written(part, draw, extra) for part in draw.choice(piece.branches))
    highest = piece.least + min(extra, _MOST)
    most = highest if piece.most is None else min(piece.most, highest)
    times = draw.integer(piece.least, most)
    return "".join(_written(piece.piece, draw, extra) for _ in range(times))


class _Reader:
    """Reads an expression from left to right."""

    __slots__ = ("at", "pattern")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def either(self, depth: int) -> tuple[tuple[_Piece, ...], ...]:
        """Alternatives up to the end or a closing parenthesis."""
        if depth > _DEEPEST:
            raise NotUnderstood(self.pattern)
        branches: list[tuple[_Piece, ...]] = []
        pieces: list[_Piece] = []
        while self.at < len(self.pattern) and self._peek() != ")":
            if self._peek() == "|":
                self.at += 1
                branches.append(tuple(pieces))
                pieces = []
                continue
            piece = self._piece(depth)
            if piece is not None:
                pieces.append(self._quantified(piece))
        return (*branches, tuple(pieces))

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        taken = self._peek()
        if not taken:
            raise NotUnderstood(self.pattern)
        self.at += 1
        return taken

    def _piece(self, depth: int) -> _Piece | None:
        sign = self._take()
        if sign in "^$":
            return None
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return _One(self._class())
        if sign == ".":
            return _One(_LOWER)
        if sign == "\\":
            among = self._escape()
            return _One(among) if among else None
        if sign in "*+?":
            raise NotUnderstood(self.pattern)
        return _One(sign)

    def _group(self, depth: int) -> _Piece | None:
        kept = True
        if self._peek() == "?":
            self.at += 1
            sign = self._take()
            if sign == "P":
                sign = self._take()
            if sign == "<" and self._peek() not in ("=", "!"):
                while self._take() != ">":
                    pass
            elif sign == "<":
                self.at += 1
                kept = False
            elif sign in "=!":
                kept = False  # a look-around writes nothing
            elif sign != ":":
                raise NotUnderstood(self.pattern)
        branches = self.either(depth + 1)
        if self._take() != ")":
            raise NotUnderstood(self.pattern)
        return _Either(branches) if kept else None

    def _escape(self) -> str:
        """The characters an escape stands for; "" for one that matches a place."""
        sign = self._take()
        if sign in "bBAzZ":
            return ""
        if sign in "xu":
            return self._code(2 if sign == "x" else 4)
        if sign in "pP" and self._peek() == "{":
            while self._take() != "}":
                pass
        if sign in _DIGITS and sign != "0":
            raise NotUnderstood(self.pattern)
        return _CLASSES.get(sign, sign)

    def _code(self, count: int) -> str:
        digits = self.pattern[self.at : self.at + count]
        try:
            character = chr(int(digits, 16))
        except ValueError:
            raise NotUnderstood(self.pattern) from None
        self.at += count
        return character

    def _class(self) -> str:
        negated = self._peek() == "^"
        self.at += negated
        found: list[str] = []
        while (sign := self._take()) != "]":
            among = self._escape() if sign == "\\" else sign
            ranged = self._peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in (
                "]",
                "",
            )
            if len(among) == 1 and ranged:
                self.at += 1
                last = self._take()
                last = self._escape() if last == "\\" else last
                if len(last) != 1 or not 0 <= ord(last) - ord(among) < 0x10000:
                    raise NotUnderstood(self.pattern)
                found.extend(_spread(among, last))
            else:
                found.append(among)
        listed = "".join(found)
        if negated:
            listed = "".join(sorted(set(_PRINTABLE) - set(listed), key=_plainest))
        if not listed:
            raise NotUnderstood(self.pattern)
        return listed

    def _quantified(self, piece: _Piece) -> _Piece:
        sign = self._peek()
        if sign not in ("*", "+", "?", "{"):
            return piece
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1), "{": (0, None)}[sign]
        if sign == "{":
            bounds = self._bounds()
            if bounds is None:
                return piece  # a brace that is no quantifier stands for itself
            least, most = bounds
        else:
            self.at += 1
        if self._peek() in ("?", "+"):
            self.at += 1  # lazy or possessive: the same texts
        if least > 10_000:
            raise NotUnderstood(self.pattern)
        return _Repeat(piece, least, most)

    def _bounds(self) -> tuple[int, int | None] | None:
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : max(end, 0)].partition(",")
        if end < 0 or not least.isdecimal() or not (most.isdecimal() or not most):
            return None
        self.at = end + 1
        if not comma:
            return int(least), int(least)
        if most and int(most) < int(least):
            raise NotUnderstood(self.pattern)
        return int(least), int(most) if most else None


def _spread(first: str, last: str) -> str:
    codes = range(ord(first), ord(last) + 1)
    return "".join(map(chr, (code for code in codes if not 0xD800 <= code < 0xE000)))


def _plainest(character: str) -> tuple[bool, str]:
    return (not character.isalnum(), character)
