"""Urlencoded and multipart forms: text and file parts in, one typed value and the files out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from understudy.contracts.bodies import Malformed, parse_json
from understudy.contracts.coercion import Coercion
from understudy.contracts.exchange import Form, Part
from understudy.contracts.json import Json
from understudy.contracts.media import bare, covering, kind_of
from understudy.contracts.queries import query_pairs
from understudy.contracts.schema import Schemas
from understudy.contracts.styles import Shape, query_text, shape_of, split_query

_DELIMITERS: Mapping[str, str] = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that cannot be read: its name ("" for the whole), what it held, what it should."""

    name: str
    value: Json
    expected: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was read: the typed value, file parts by field, and what could not be read."""

    value: Mapping[str, Json]
    files: Mapping[str, tuple[Part, ...]]
    problems: tuple[Problem, ...]


class Field:
    """One property of a form's schema, compiled."""

    __slots__ = (
        "binary",
        "comma",
        "deep",
        "delimiter",
        "json_text",
        "media",
        "name",
        "parsed",
        "shape",
    )

    def __init__(
        self,
        name: str,
        coercion: Coercion,
        encoding: Mapping[str, Json],
        *,
        comma: bool = False,
    ) -> None:
        self.name = name
        self.comma = comma
        self.shape: Shape = shape_of(coercion, 1)
        items = coercion.items() if self.shape.kind == "array" else None
        self.binary = coercion.binary or (items is not None and items.binary)
        declared = encoding.get("contentType")
        names = declared.split(",") if isinstance(declared, str) else []
        self.media: Mapping[str, bool] = {bare(name): True for name in names}
        one = items if items is not None else coercion
        silent = len(one.types) >= 7
        self.parsed = any(kind_of(name) == "json" for name in self.media) or (
            bool(one.types & {"object", "array"}) and not silent and "string" not in one.types
        )
        self.json_text = coercion.json_text
        style = str(encoding.get("style", "form"))
        self.deep = style == "deepObject" and self.shape.kind == "object"
        joined = "style" in encoding and encoding.get("explode", style == "form") is False
        self.delimiter = _DELIMITERS.get(style, ",") if joined else ""

    def typed(self, texts: Sequence[str]) -> Json:
        """The value of one or more texts; text that does not spell what is wanted stays text."""
        shape = self.shape
        if shape.kind == "array":
            if len(texts) == 1 and (whole := self._listed(texts[0])) is not None:
                return whole
            if self.comma:
                texts = [piece for text in texts for piece in text.split(",")]
            if shape.either and len(texts) == 1:
                return shape.scalar(texts[0])
            return [self._one(text) for text in texts]
        if len(texts) == 1:
            return self._one(texts[0])
        return [self._one(text) for text in texts]

    def _listed(self, text: str) -> Json:
        if not (self.json_text or self.parsed) or not text.lstrip().startswith("["):
            return None
        value = _parsed(text)
        return value if isinstance(value, list) else None

    def _one(self, text: str) -> Json:
        if self.parsed:
            value = _parsed(text)
            return text if value is None and text != "null" else value
        return self.shape.item(text) if self.shape.kind == "array" else self.shape.scalar(text)

    def refuses(self, part: Part) -> bool:
        """Whether the part's own media type is none that `encoding` names."""
        if not self.media or part.content_type is None:
            return False
        return covering(self.media, part.content_type) is None

    def refusal(self, part: Part) -> Problem:
        """The problem of a part with such a media type."""
        return Problem(self.name, part.content_type, f"media type {' or '.join(self.media)}")


class FormReader:
    """The fields of one form schema; `stray` drops empty file parts of unknown names."""

    __slots__ = ("_fields", "_rest", "_stray")

    def __init__(
        self, schemas: Schemas, schema: str, encoding: Mapping[str, Json], *, stray: bool = False
    ) -> None:
        coercion = schemas.coercion(schema)
        self._fields: dict[str, Field] = {}
        for name in coercion.names:
            child, said = coercion.property(name), encoding.get(name)
            if child is not None:
                comma = any(_joins(schemas.document.at(place)) for place in child.pointers)
                known = said if isinstance(said, Mapping) else {}
                self._fields[name] = Field(name, child, known, comma=comma)
        other = coercion.property("") if coercion.open else None
        self._rest = None if other is None or len(other.types) >= 7 else Field("", other, {})
        self._stray = stray

    @classmethod
    def free(cls) -> "FormReader":
        """A reader for a form without a schema: every field is text or a file."""
        reader = cls.__new__(cls)
        reader._fields, reader._rest, reader._stray = {}, None, False
        return reader

    def urlencoded(self, content: bytes) -> Filled:
        """Reads `application/x-www-form-urlencoded`; raises Malformed when that is impossible."""
        try:
            pairs = query_pairs(content.decode())
        except UnicodeDecodeError:
            raise Malformed(content[:80].decode("utf-8", "replace"), "UTF-8") from None
        value: dict[str, Json] = {}
        problems: list[Problem] = []
        for name, raw in pairs.items():
            holder, _, key = name.partition("[")
            deep = self._fields.get(holder)
            try:
                if key.endswith("]") and deep is not None and deep.deep:
                    self._deepen(value, deep, key[:-1], [query_text(text) for text in raw])
                else:
                    value[name] = self._pair(name, raw)
            except Malformed as error:
                problems.append(Problem(name, error.value, error.expected))
        return Filled(value, {}, tuple(problems))

    def _pair(self, name: str, raw: list[str]) -> Json:
        field = self._fields.get(name, self._rest)
        if field is not None and field.delimiter and len(raw) == 1:
            return field.typed(split_query(raw[0], field.delimiter))
        return _value(field, [query_text(text) for text in raw])

    def _deepen(self, value: dict[str, Json], field: Field, key: str, texts: list[str]) -> None:
        child = field.shape.member(key)
        held = value.setdefault(field.name, {})
        if isinstance(held, dict):
            typed = [child.scalar(text) for text in texts] if child is not None else list(texts)
            many = len(typed) > 1 or (child is not None and child.kind == "array")
            held[key] = typed if many else typed[0]

    def multipart(self, form: Form) -> Filled:
        """Reads the parts of a multipart form."""
        value: dict[str, Json] = {}
        files: dict[str, tuple[Part, ...]] = {}
        problems: list[Problem] = []
        by_name: dict[str, list[Part]] = {}
        for part in form.parts:
            by_name.setdefault(part.name, []).append(part)
        for name, parts in by_name.items():
            field = self._fields.get(name)
            held = [part for part in parts if part.filename is not None]
            if self._stray and field is None and held == parts and not any(map(_size, held)):
                continue
            if field is not None:
                problems += [field.refusal(part) for part in parts if field.refuses(part)]
            if field is not None and field.binary:
                held = held or parts
            else:
                texts = [part for part in parts if part.filename is None]
                # Old SDKs send a field both as text and as a file part: the text counts.
                if texts or _wants_text(field):
                    try:
                        value[name] = _value(field or self._rest, _texts(texts or held))
                    except Malformed as error:
                        problems.append(Problem(name, error.value, error.expected))
                    continue
            files[name] = tuple(held)
            names: list[Json] = [part.filename or "" for part in held]
            many = len(names) > 1 or (field is not None and field.shape.kind == "array")
            value[name] = names if many else names[0]
        return Filled(value, files, tuple(problems))


def _joins(schema: Json) -> bool:
    return isinstance(schema, Mapping) and schema.get("x-comma") is True


def _wants_text(field: Field | None) -> bool:
    """Whether a file in this field is really text: its schema asks for something definite."""
    return field is not None and field.shape.definite


def _value(field: Field | None, texts: Sequence[str]) -> Json:
    if field is not None:
        return field.typed(texts)
    return texts[0] if len(texts) == 1 else list(texts)


def _texts(parts: Sequence[Part]) -> list[str]:
    texts: list[str] = []
    for part in parts:
        if _size(part) > len(part.content):
            raise Malformed(part.filename, "text, not a file")
        try:
            texts.append(part.content.decode())
        except UnicodeDecodeError:
            shown = part.filename or part.content[:80].decode("utf-8", "replace")
            raise Malformed(shown, "text in UTF-8, not a file") from None
    return texts


def _size(part: Part) -> int:
    return part.size or len(part.content)


def _parsed(text: str) -> Json:
    try:
        return parse_json(text.encode())
    except (Malformed, UnicodeEncodeError):
        return None
