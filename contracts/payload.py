"""The request body of an operation, compiled: bytes or a form in, a checked value out."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from understudy.contracts.bodies import Malformed, parse_json
from understudy.contracts.exchange import Form, Part, Request
from understudy.contracts.forms import Filled, FormReader
from understudy.contracts.json import Json
from understudy.contracts.media import bare, charset, covering, is_utf8, kind_of
from understudy.contracts.multipart import boundary_of, read_multipart
from understudy.contracts.operation import Operation
from understudy.contracts.pointer import escape, join
from understudy.contracts.schema import Schemas, Validator
from understudy.contracts.violation import Violation

Files: TypeAlias = Mapping[str, tuple[Part, ...]]
Taken: TypeAlias = "tuple[Json, Files]"
Found: TypeAlias = "list[Violation]"

NO_FILES: Files = {}


class Payload:
    """What an operation takes as a body."""

    __slots__ = ("_exact", "_media", "_pointer", "_required", "_wanted")

    def __init__(self, schemas: Schemas, operation: Operation, *, stray: bool) -> None:
        document = schemas.document
        node, self._pointer = document.resolve(
            document.at(f"{operation.pointer}/requestBody"), f"{operation.pointer}/requestBody"
        )
        content = node.get("content") if isinstance(node, Mapping) else None
        self._required = isinstance(node, Mapping) and node.get("required") is True
        self._media: dict[str, _Media] = {}
        for name, held in content.items() if isinstance(content, Mapping) else ():
            pointer = join(self._pointer, "content", name)
            declared, pointer = document.resolve(held, pointer)
            if isinstance(declared, Mapping):
                self._media[name] = _Media(schemas, name, declared, pointer, stray)
        self._exact = {bare(name): media for name, media in self._media.items()}
        self._wanted = " or ".join(self._media)

    def read(
        self, request: Request, operation: Operation, found: Found
    ) -> tuple[Json, Files, str | None]:
        """The typed body, its files and its media type; what is wrong is added to `found`."""
        body, headers = request.body, request.headers
        if not body:
            if self._required:
                expected = f"a body of {self._wanted or 'any media type'}"
                found.append(operation.violation("body", "", None, expected, self._pointer))
            return None, NO_FILES, None
        coding = headers.get("content-encoding")
        if coding is not None and coding.strip().lower() not in ("", "identity"):
            found.append(
                operation.violation(
                    "header",
                    "/Content-Encoding",
                    coding,
                    "an identity coding",
                    self._pointer,
                )
            )
            return None, NO_FILES, None
        media_type = headers.get("content-type")
        media = self._of(media_type)
        if media is None or media_type is None:
            wanted = self._wanted or "none"
            found.append(operation.violation("content type", "", media_type, wanted, self._pointer))
            return None, NO_FILES, media_type
        value, files = media.read(body, media_type, operation, found)
        return value, files, bare(media_type)

    def _of(self, media_type: str | None) -> "_Media | None":
        if not media_type:
            return None
        return self._exact.get(media_type) or covering(self._media, media_type)


class _Media:
    """One media type that a body may have."""

    __slots__ = ("_decode", "_forms", "_json", "_pointer", "_scalar", "_validator")

    def __init__(
        self,
        schemas: Schemas,
        name: str,
        node: Mapping[str, Json],
        pointer: str,
        stray: bool,
    ) -> None:
        self._pointer = pointer
        schema = f"{pointer}/schema" if "schema" in node else ""
        self._validator: Validator | None = None
        self._forms: FormReader | None = None
        self._scalar = schemas.coercion(schema).scalar if schema else str
        kind = kind_of(name)
        # Under a range such as */* it is what was sent that says how to read it.
        ranged = "*" in name
        if schema and (ranged or kind in ("form", "multipart")):
            encoding = node.get("encoding")
            said = encoding if isinstance(encoding, Mapping) else {}
            self._forms = FormReader(schemas, schema, said, stray=stray)
        if schema and (ranged or kind != "binary"):
            self._validator = schemas.validator(schema, "request")
        self._json = kind == "json"

    def read(
        self, body: bytes | Form, media_type: str, operation: Operation, found: Found
    ) -> Taken:
        if self._json and isinstance(body, bytes) and is_utf8(media_type):
            try:
                value = parse_json(body)
            except Malformed as error:
                found.append(self._malformed(operation, error))
                return None, NO_FILES
            if self._validator is not None and not self._validator.valid(value):
                self._explain(value, "", operation, found)
            return value, NO_FILES
        try:
            return self._other(body, media_type, operation, found)
        except Malformed as error:
            found.append(self._malformed(operation, error))
            return None, NO_FILES

    def _other(
        self, body: bytes | Form, media_type: str, operation: Operation, found: Found
    ) -> Taken:
        kind = kind_of(media_type)
        if kind == "multipart":
            form = body if isinstance(body, Form) else read_multipart(body, boundary_of(media_type))
            return self._filled(self._reader().multipart(form), operation, found)
        if isinstance(body, Form):
            raise Malformed(media_type, "a body that is no multipart form")
        if kind == "binary":
            return "", {"": (Part("", body, None, media_type, len(body)),)}
        if not is_utf8(media_type):
            raise Malformed(charset(media_type), "charset utf-8")
        if kind == "form":
            return self._filled(self._reader().urlencoded(body), operation, found)
        if kind == "lines":
            return self._lines(body, operation, found), NO_FILES
        value = parse_json(body) if kind == "json" else self._text(body)
        self._explain(value, "", operation, found)
        return value, NO_FILES

    def _reader(self) -> FormReader:
        if self._forms is None:
            self._forms = FormReader.free()
        return self._forms

    def _text(self, body: bytes) -> Json:
        try:
            return self._scalar(body.decode())
        except UnicodeDecodeError:
            raise Malformed(body[:80].decode("utf-8", "replace"), "text in UTF-8") from None

    def _lines(self, body: bytes, operation: Operation, found: Found) -> Json:
        values: list[Json] = []
        for line in body.splitlines():
            if line.strip():
                value = parse_json(line)
                self._explain(value, f"/{len(values)}", operation, found)
                values.append(value)
        return values

    def _filled(self, filled: Filled, operation: Operation, found: Found) -> Taken:
        for problem in filled.problems:
            pointer = f"/{escape(problem.name)}" if problem.name else ""
            found.append(
                operation.violation("body", pointer, problem.value, problem.expected, self._pointer)
            )
        # A field that cannot be read is reported once, not as missing too.
        if not filled.problems:
            self._explain(filled.value, "", operation, found)
        return filled.value, filled.files

    def _explain(self, value: Json, below: str, operation: Operation, found: Found) -> None:
        validator = self._validator
        if validator is None or validator.valid(value):
            return
        found.extend(_faults(validator, value, below, operation))

    def _malformed(self, operation: Operation, error: Malformed) -> Violation:
        return operation.violation("body", "", error.value, error.expected, self._pointer)


def _faults(
    validator: Validator, value: Json, below: str, operation: Operation
) -> Iterator[Violation]:
    """What is wrong with a value, worked out when somebody wants to know."""
    for fault in validator.faults(value):
        yield operation.violation(
            "body", f"{below}{fault.pointer}", fault.value, fault.expected, fault.rule
        )
