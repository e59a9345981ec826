"""How text becomes a typed value: what a schema admits, seen through its composition."""

from understudy.contracts.document import Document
from understudy.contracts.json import Json


class Coercion:
    """The JSON types that a schema admits, through $ref, allOf, anyOf, oneOf and null.

    `types` holds names of JSON Schema ("integer" is listed beside "number" only if an integer
    is admitted on its own right; all seven when the schema does not say). Children are made when
    asked for, so that a schema may contain itself.
    """

    types: frozenset[str]
    names: tuple[str, ...]  # declared properties, in document order
    open: bool  # properties beyond `names` are admitted (additionalProperties is not false)
    binary: bool  # format: binary, or a contentMediaType that is no text and no JSON
    json_text: bool  # x-json-text: true
    pointers: tuple[str, ...]  # the schemas (references followed) that were looked at

    def __init__(self, document: Document, pointers: tuple[str, ...]) -> None:
        raise NotImplementedError

    def items(self) -> "Coercion":
        """The items of an array; admits everything when the schema does not say."""
        raise NotImplementedError

    def property(self, name: str) -> "Coercion | None":
        """A property, declared or additional; None when the schema forbids the name."""
        raise NotImplementedError

    def scalar(self, text: str) -> Json:
        """Text as integer, number, boolean or null where that is admitted and the text spells
        one exactly, else as the string it is (validation then says what is wrong)."""
        raise NotImplementedError
