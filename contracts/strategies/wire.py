"""Typed values as the text and bytes that carry them: parameter styles, forms, bodies."""

import json
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, quote_plus

from understudy.contracts.exchange import Part
from understudy.contracts.json import Json
from understudy.contracts.parameters import Declaration
from understudy.contracts.strategies.folding import listed, mapped

_Spell = Callable[[str], str]
Spelling = Callable[[Declaration, Json], str]
BOUNDARY = "understudy-7d1f0c63a94be852"
_DELIMITERS = {"pipeDelimited": "|", "spaceDelimited": "%20"}
_FILES = {"image": ("a.png", "image/png"), "audio": ("a.wav", "audio/wav")}


def plain(value: Json) -> str:
    """A value as text; what is no scalar becomes JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def path_text(declared: Declaration, value: Json) -> str:
    """A path value in its style, percent-encoded."""
    return _styled(declared, value, _segment)


def header_text(declared: Declaration, value: Json) -> str:
    """A header value in its style."""
    return _styled(declared, value, lambda text: text)


def _styled(declared: Declaration, value: Json, spell: _Spell) -> str:
    if declared.json:
        return spell(json.dumps(value))
    name, explode = declared.name, declared.explode
    if declared.style == "matrix":
        return _matrix(name, value, spell, explode=explode)
    dotted = declared.style == "label" and explode
    joint = "." if dotted else ","
    lead = "." if declared.style == "label" else ""
    return lead + joint.join(_pieces(value, spell, explode=explode))


def _matrix(name: str, value: Json, spell: _Spell, *, explode: bool) -> str:
    if explode and isinstance(value, Mapping):
        return "".join(f";{spell(k)}={spell(plain(v))}" for k, v in value.items())
    if explode and isinstance(value, list):
        return "".join(f";{name}={spell(plain(each))}" for each in value)
    return f";{name}={','.join(_pieces(value, spell, explode=False))}"


def _pieces(value: Json, spell: _Spell, *, explode: bool) -> list[str]:
    if isinstance(value, Mapping):
        if explode:
            return [f"{spell(key)}={spell(plain(inner))}" for key, inner in value.items()]
        return [spell(plain(each)) for pair in value.items() for each in pair]
    return [spell(plain(each)) for each in (value if isinstance(value, list) else [value])]


def query_texts(declared: Declaration, value: Json) -> list[str]:
    """The `name=value` texts of a query parameter, encoded."""
    name = quote_plus(declared.name)
    if declared.json:
        return [f"{name}={quote_plus(json.dumps(value))}"]
    if isinstance(value, Mapping):
        return _object_texts(declared, value)
    if isinstance(value, list):
        if declared.explode and declared.style == "form":
            return [f"{name}={quote_plus(plain(each))}" for each in value]
        joint = _DELIMITERS.get(declared.style, ",")
        return [f"{name}={joint.join(quote(plain(each), safe='') for each in value)}"]
    return [f"{name}={quote_plus(plain(value))}"]


def _object_texts(declared: Declaration, value: Mapping[str, Json]) -> list[str]:
    name = declared.name
    if declared.style == "deepObject":
        return [
            f"{quote_plus(f'{name}[{key}]')}={quote_plus(plain(each))}"
            for key, held in value.items()
            for each in (held if isinstance(held, list) else [held])
        ]
    if declared.style == "form" and declared.explode:
        return [
            f"{quote_plus(key)}={quote_plus(plain(each))}"
            for key, held in value.items()
            for each in (held if isinstance(held, list) else [held])
        ]
    joint = _DELIMITERS.get(declared.style, ",")
    pieces = [quote(plain(each), safe="") for pair in value.items() for each in pair]
    return [f"{quote_plus(name)}={joint.join(pieces)}"]


def cookie_text(declared: Declaration, value: Json) -> str:
    """A cookie as `name=value`."""
    pieces = _pieces(value, lambda text: quote(text, safe=""), explode=False)
    return f"{declared.name}={','.join(pieces)}"


def urlencoded(value: Json) -> bytes:
    """A form's body: lists repeat their name, objects are JSON."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(plain(each))}"
        for name, held in mapped(value).items()
        for each in (held if isinstance(held, list) else [held])
    ).encode()


def parts_of(
    value: Json, files: frozenset[str], encoding: Mapping[str, Json], content: bytes
) -> tuple[Part, ...]:
    """A multipart form's parts; `files` are the fields that hold files."""
    return tuple(_parts(value, files, encoding, content))


def _parts(
    value: Json, files: frozenset[str], encoding: Mapping[str, Json], content: bytes
) -> Iterator[Part]:
    for name, held in mapped(value).items():
        said = mapped(encoding.get(name)).get("contentType")
        kinds = [kind.strip() for kind in said.split(",")] if isinstance(said, str) else []
        for each in held if isinstance(held, list) else [held]:
            if name in files:
                wanted = kinds[0] if kinds else ""
                filename, kind = _file(name, wanted)
                yield Part(name, content, filename, kind, len(content))
            else:
                text = plain(each).encode()
                said_of = kinds[0] if kinds and "*" not in kinds[0] else None
                yield Part(name, text, None, said_of, len(text))


def _file(name: str, wanted: str) -> tuple[str, str]:
    family = wanted.partition("/")[0] or name.partition("_")[0]
    filename, kind = _FILES.get(family, ("a.mp4", "video/mp4"))
    return filename, wanted if wanted and "*" not in wanted else kind


def multipart(parts: tuple[Part, ...]) -> bytes:
    """The bytes of a multipart form, its boundary being BOUNDARY."""
    lines: list[bytes] = []
    for part in parts:
        named = f'form-data; name="{_quoted(part.name)}"'
        if part.filename is not None:
            named += f'; filename="{_quoted(part.filename)}"'
        lines.append(f"--{BOUNDARY}\r\nContent-Disposition: {named}\r\n".encode())
        if part.content_type is not None:
            lines.append(f"Content-Type: {part.content_type}\r\n".encode())
        lines += [b"\r\n", part.content, b"\r\n"]
    lines.append(f"--{BOUNDARY}--\r\n".encode())
    return b"".join(lines)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def lines_of(values: Json) -> bytes:
    """JSON lines."""
    return b"".join(json.dumps(each).encode() + b"\n" for each in listed(values))


def _segment(text: str) -> str:
    return quote(text, safe="")


def json_text(value: Json) -> bytes:
    """A JSON text in UTF-8."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
