"""Schemas of a document, compiled once per place and direction."""

from dataclasses import dataclass
from typing import Literal, Protocol

from understudy.contracts.coercion import Coercion
from understudy.contracts.document import Document
from understudy.contracts.json import Json

Direction = Literal["request", "response"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which an instance breaks its schema.

    `pointer` is the JSON pointer of `value` in the instance ("" is the whole); `expected`
    completes "expected ..."; `rule` is the JSON pointer, in the document, of the keyword.
    """

    pointer: str
    value: Json
    expected: str
    rule: str


class Validator(Protocol):
    """A compiled schema."""

    def valid(self, instance: Json) -> bool:
        """Whether the instance conforms; the hot path."""
        ...

    def faults(self, instance: Json) -> list[Fault]:
        """Every fault, [] when valid; oneOf and anyOf are explained by the closest branch."""
        ...


class Schemas:
    """The compiled schemas of one document; equal pointer and direction share a validator."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def validator(self, pointer: str, direction: Direction) -> Validator:
        """The validator of the schema at a pointer ("/components/schemas/Index")."""
        raise NotImplementedError

    def coercion(self, pointer: str) -> Coercion:
        """How text becomes a typed value under the schema at a pointer."""
        raise NotImplementedError
