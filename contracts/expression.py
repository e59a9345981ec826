"""Runtime expressions, as OpenAPI links use them: `$response.body#/data/0/_id` and its like."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from understudy.contracts.exchange import Headers
from understudy.contracts.json import Json
from understudy.contracts.pointer import follow

Part = Literal["request.path", "request.query", "request.header", "request.body",
               "response.body", "response.header"]  # fmt: skip
_PARTS: tuple[Part, ...] = (
    "request.path",
    "request.query",
    "request.header",
    "request.body",
    "response.body",
    "response.header",
)


class ExpressionError(ValueError):
    """A text is no runtime expression that is understood; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The values of one exchange that expressions may name."""

    path: Mapping[str, Json]
    query: Mapping[str, Json]
    header: Mapping[str, Json]
    body: Json
    answer: Json
    answered: Headers


@dataclass(frozen=True, slots=True)
class Expression:
    """A place in an exchange: the part, and a name or a JSON pointer within it."""

    part: Part
    place: str

    @classmethod
    def of(cls, text: str) -> "Expression":
        """The expression that `text` spells; raises ExpressionError for any other text."""
        for part in _PARTS:
            rest = text.removeprefix(f"${part}")
            if rest == text:
                continue
            if part.endswith("body") and (rest == "" or rest.startswith("#")):
                return cls(part, rest.removeprefix("#"))
            if not part.endswith("body") and rest.startswith(".") and len(rest) > 1:
                return cls(part, rest[1:])
        raise ExpressionError(
            f"{text!r} is no runtime expression; there are $request.path.NAME,"
            " $request.query.NAME, $request.header.NAME, $request.body#/POINTER,"
            " $response.header.NAME and $response.body#/POINTER"
        )

    def value(self, spoken: Spoken) -> Json:
        """What stands there; None where nothing does."""
        if self.part == "response.header":
            return spoken.answered.get(self.place)
        if self.part == "request.path":
            return spoken.path.get(self.place)
        if self.part == "request.query":
            return spoken.query.get(self.place)
        if self.part == "request.header":
            return spoken.header.get(self.place)
        return at(spoken.body if self.part == "request.body" else spoken.answer, self.place)


def at(root: Json, pointer: str) -> Json:
    """The value at `pointer` below `root`, None where there is none."""
    try:
        return follow(root, pointer)
    except (KeyError, ValueError):
        return None
