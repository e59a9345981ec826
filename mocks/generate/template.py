"""JSON templates as people write them into prompts, read as a JSON Schema.

They are hardly ever JSON: values are left out, described in words or in angle brackets, keys
are bare, comments explain and dots stand for more. The reading is bounded in depth and tries.
"""

import re
from collections.abc import Iterator

from understudy.contracts.json import Json
from understudy.mocks.generate.hints import TEXT, Shape, described, like, several, span

_LONGEST = 12_000  # characters of a prompt that are looked at
_DEEPEST = 12
_MOST = 12  # places where a template might begin
_KEY = re.compile(r"\"([^\"\n]{1,80})\"|'([^'\n]{1,80})'|([A-Za-z_][\w-]{0,79})")
_OPEN = re.compile(r"\{|\[(?=\s*\{)")
_BLANK = re.compile(r"(?:\s|,|\.\.\.|…|//[^\n]*|#[^\n]*)*")
_NOTE = re.compile(r"[ \t]*,?[ \t]*(?://|#)[ \t]*([^\n]*)")
_LITERAL = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?|true|false|null")


class _NoTemplate(Exception):
    """What began with a bracket is no template."""


def template_in(prompt: str, scale: Shape | None = None) -> tuple[Shape, str] | None:
    """The schema of the largest template in a prompt, with its text; None without one.

    `scale` is the range of numbers of which the template says nothing.
    """
    best: tuple[Shape, str] | None = None
    looked_at = prompt[:_LONGEST]
    for begin in _places(looked_at):
        reader = _Reader(looked_at, begin, scale)
        try:
            shape = reader.value("", 0)
        except _NoTemplate:
            continue
        text = looked_at[begin : reader.at]
        if reader.telling and (best is None or len(text) > len(best[1])):
            best = shape, text
    return best


def _places(text: str) -> Iterator[int]:
    for number, found in enumerate(_OPEN.finditer(text)):
        if number == _MOST:
            return
        yield found.start()


class _Reader:
    """Reads one value from a place on; `telling` once it has seen a key that is a template's."""

    __slots__ = ("_scale", "_text", "at", "telling")

    def __init__(self, text: str, at: int, scale: Shape | None) -> None:
        self._text = text
        self._scale = scale
        self.at = at
        self.telling = False

    def value(self, name: str, depth: int) -> Shape:
        """The schema of the value that begins here."""
        if depth > _DEEPEST:
            raise _NoTemplate
        sign = self._text[self.at : self.at + 1]
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return self._array(name, depth)
        return self._words(name)

    def _object(self, depth: int) -> Shape:
        self.at += 1
        properties: dict[str, Json] = {}
        bare = 0
        while not self._closed("}"):
            key = _KEY.match(self._text, self.at)
            if key is None:
                raise _NoTemplate
            self.at = key.end()
            name = next(part for part in key.groups() if part is not None)
            self._skip(" \t")
            if self._text[self.at : self.at + 1] == ":":
                self.at += 1
                self._to_bracket()
                properties[name] = self.value(name, depth + 1)
                self.telling = True
            elif self._text[self.at : self.at + 1] in (",", "}", "\n"):
                properties[name] = described(name, "", self._scale)
                bare += 1
            else:
                raise _NoTemplate
        if not properties:
            return {"type": "object"}
        self.telling = self.telling or bare > 1
        return {"type": "object", "properties": properties, "required": [*properties]}

    def _array(self, name: str, depth: int) -> Shape:
        self.at += 1
        items: list[Shape] = []
        single = name[:-1] if name.endswith("s") else name
        while not self._closed("]"):
            before = self.at
            items.append(self.value(single, depth + 1))
            if self.at == before:
                raise _NoTemplate
        if any(item.get("type") in ("object", "array") for item in items):
            return several(next(i for i in items if i.get("type") in ("object", "array")))
        return several(items[0] if items else TEXT)

    def _words(self, name: str) -> Shape:
        """A literal, a description or nothing, with whatever comment follows on the line."""
        literal = _LITERAL.match(self._text, self.at)
        if literal is not None:
            self.at = literal.end()
            said = literal[1] if literal[1] is not None else literal[2]
            note = self._rest()
            return described(name, f"{said} {note}", self._scale if not (said or note) else None)
        said = self._rest()
        plain = _PLAIN.match(said)
        told = said[plain.end() :] if plain else ""
        if plain is None or (told and not told.startswith((" ", "\n"))):
            return described(name, said, self._scale)
        if (ranged := span(told)) is not None and plain[0][-1:].isdigit():
            return ranged
        return like(_parsed(plain[0]), name, self._scale)

    def _rest(self) -> str:
        """Everything up to the end of this value: a comma, a bracket or the end of the line."""
        begin, nested = self.at, 0
        while self.at < len(self._text):
            sign = self._text[self.at]
            if sign in "(<[{":
                nested += 1
            elif sign in ")>]}" and nested:
                nested -= 1
            elif sign in "\n}]" or (sign == "," and not nested):
                break
            self.at += 1
        said = self._text[begin : self.at].strip()
        note = _NOTE.match(self._text, self.at)
        if note is not None:
            self.at = note.end()
            said = f"{said} {note[1]}".strip()
        return said

    def _to_bracket(self) -> None:
        """Skip blanks; a line may end before a nested object, but not before a plain value."""
        self._skip(" \t")
        after = re.compile(r"\s*(?=[{\[])").match(self._text, self.at)
        if after is not None:
            self.at = after.end()

    def _closed(self, bracket: str) -> bool:
        """Whether the next sign that means something closes; what lies before it is passed."""
        blank = _BLANK.match(self._text, self.at)
        self.at = blank.end() if blank else self.at
        if self.at >= len(self._text):
            raise _NoTemplate
        if self._text[self.at] != bracket:
            return False
        self.at += 1
        return True

    def _skip(self, signs: str) -> None:
        while self.at < len(self._text) and self._text[self.at] in signs:
            self.at += 1


def _parsed(literal: str) -> Json:
    if literal in ("true", "false"):
        return literal == "true"
    if literal == "null":
        return None
    return float(literal) if "." in literal else int(literal[:15])
