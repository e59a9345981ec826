"""Load an OpenAPI document from a name, a file or a mapping."""

import json
import os
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from understudy.contracts.cache import Cache
from understudy.contracts.document import Document
from understudy.contracts.errors import DocumentError
from understudy.contracts.json import Json
from understudy.contracts.places import places

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-zA-Z0-9][a-zA-Z0-9._-]*)?")
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:-(\d+))?")
NO_DOCUMENTS = ("behaviours", "lifecycles", "overlay")
"""Names of files beside the documents of a provider that are none."""


MAX_BYTES = 64 * 1024 * 1024

Locate = Callable[[str], str]


def load_document(
    source: str | PathLike[str] | Mapping[str, Json], *, name: str | None = None
) -> Document:
    """Load and check a document: a shipped name ("twelvelabs"), a path, or a parsed mapping.

    Raises DocumentError naming the place and line of what is wrong.
    """
    if isinstance(source, Mapping):
        return _from_mapping(source, name or "document")
    shipped = _shipped(source) if isinstance(source, str) else None
    if shipped is not None:
        title, folder, resource = shipped
        label = f"specs/{folder}/{resource.name}"
        return _from_bytes(resource.read_bytes, label, name or title)
    path = Path(source)
    return _from_bytes(path.read_bytes, os.fspath(source), name or path.stem)


def is_shipped(source: object) -> bool:
    """Whether a source names a document that comes with the package."""
    return isinstance(source, str) and _shipped(source) is not None


def _from_mapping(source: Mapping[str, Json], name: str) -> Document:
    def locate(pointer: str) -> str:
        return f"{name}{pointer and '#'}{pointer}"

    try:
        text = json.dumps(source, allow_nan=False)
        root = json.loads(text)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError(f"the mapping is not JSON: {error}", line=name) from error
    if root != source and json.dumps(_as_text_keys(source)) != text:
        raise DocumentError("the mapping has keys that are not strings", line=name)
    version, notes = _checked(root, locate, name)
    return _document(root, version, notes, name, locate)


def _as_text_keys(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _as_text_keys(member) for key, member in value.items() if isinstance(key, str)}
    if isinstance(value, (list, tuple)):
        return [_as_text_keys(item) for item in value]
    return value


def _from_bytes(read: Callable[[], bytes], label: str, name: str) -> Document:
    try:
        content = read()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DocumentError(
            f"cannot be read: {reason}; give a file, a mapping or a shipped name such as "
            "'twelvelabs'",
            line=label,
        ) from error
    if len(content) > MAX_BYTES:
        raise DocumentError(f"more than {MAX_BYTES} bytes", line=label)
    locate = _Lines(content, label)
    cache = Cache(content)
    kept = cache.read()
    if kept is not None:
        root, version, notes = kept
        return _document(root, version, notes, name, locate)
    from understudy.contracts.parsing import (
        parse,
    )  # not for a kept document: YAML is slow to import

    value = parse(_text(content, label), label)
    if not isinstance(value, dict):
        raise DocumentError("an OpenAPI document is a mapping", place="", line=f"{label}:1")
    version, notes = _checked(value, locate, label)
    cache.write(value, version, notes)
    return _document(value, version, notes, name, locate)


def _text(content: bytes, label: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentError("not UTF-8", line=f"{label}:{line}") from error


class _Lines:
    """Answers `FILE:LINE` for a pointer; reads the lines when first asked."""

    def __init__(self, content: bytes, label: str) -> None:
        self._content = content
        self._label = label
        self._lines: dict[str, int] | None = None

    def __call__(self, pointer: str) -> str:
        if self._lines is None:
            from understudy.contracts.parsing import lines

            self._lines = lines(_text(self._content, self._label), self._label)
            self._content = b""
        while pointer and pointer not in self._lines:
            pointer = pointer.rpartition("/")[0]
        return f"{self._label}:{self._lines.get(pointer, 1)}"


# checks -----------------------------------------------------------------------------------


def _checked(root: dict[str, Json], locate: Locate, label: str) -> tuple[str, list[str]]:
    """Check a document and rewrite it as 3.1; answers its version and its notes."""
    from understudy.contracts.metaschema import breach, schema_breach
    from understudy.contracts.normalise import normalise
    from understudy.contracts.structure import Structure
    from understudy.contracts.unused import unused

    def refuse(place: str, problem: str) -> NoReturn:
        raise DocumentError(problem, place=place, line=locate(place))

    version = _version(root, refuse)
    notes: list[str] = []
    problem = breach(root, version)
    if problem:
        removed = _without_examples(root)
        if not removed or breach(root, version):
            refuse(*problem)
        notes.append(f"examples are malformed and were left out: {problem[1]} (at {problem[0]})")
    if version == "3.0":
        notes += normalise(root)
    structure = Structure(root)
    for place, reason in structure.problems():
        refuse(place, reason)
    problem = schema_breach(structure.schemas())
    if problem:
        refuse(*problem)
    return version, [*notes, *structure.notes, *unused(root, structure.places)]


def _version(root: Mapping[str, Json], refuse: Callable[[str, str], NoReturn]) -> str:
    version = root.get("openapi")
    if version is None:
        if "swagger" in root:
            refuse("/swagger", "Swagger 2.0 is not supported: convert it to OpenAPI 3.1")
        refuse("", "not an OpenAPI document: the key 'openapi' is missing")
    if isinstance(version, str) and re.match(r"3\.[01]\.\d+", version):
        return version[:3]
    refuse("/openapi", f"version {version!r} is not supported: OpenAPI 3.0.x and 3.1.x are")


def _without_examples(root: Mapping[str, Json]) -> bool:
    removed = False
    for place in list(places(root)):
        if place.kind in ("media", "parameter", "header", "components"):
            for key in ("example", "examples"):
                if key in place.node:
                    del place.node[key]  # type: ignore[attr-defined]  # ours: a dict
                    removed = True
    return removed


# the document -----------------------------------------------------------------------------


def _document(
    root: dict[str, Json], version: str, notes: list[str], name: str, locate: Locate
) -> Document:
    host, base_path = _server(root)
    return Document(name, root, version, base_path, host, tuple(notes), locate)


def _server(root: Mapping[str, Json]) -> tuple[str, str]:
    servers = root.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else {}
    url = str(first.get("url", "")) if isinstance(first, Mapping) else ""
    variables = first.get("variables") if isinstance(first, Mapping) else None
    for key, variable in variables.items() if isinstance(variables, Mapping) else ():
        if isinstance(variable, Mapping):
            url = url.replace("{" + key + "}", str(variable.get("default", "")))
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.path.rstrip("/")
    except ValueError:
        return "", ""


def _shipped(source: str) -> tuple[str, str, Traversable] | None:
    """The title, folder and file of a document that comes with the package."""
    if not _NAME.fullmatch(source):
        return None
    provider, _, version = source.partition("/")
    folder = files("understudy.specs").joinpath(provider)
    if not folder.is_dir():
        return None
    found = {
        entry.name.removesuffix(".yaml"): entry
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml") and entry.name.partition(".")[0] not in NO_DOCUMENTS
    }
    if version:
        return (source, provider, found[version]) if version in found else None
    if not found:
        return None
    newest = max(found, key=age)
    title = provider if newest == "openapi" else f"{provider}/{newest}"
    return title, provider, found[newest]


def age(stem: str) -> tuple[tuple[int, ...], bool, str]:
    """Sorts versions: v1.3 is newer than v1.3-2025 (a dated state of it), that than v1.2."""
    match = _VERSION.fullmatch(stem)
    if match is None:
        return (), False, stem
    return tuple(int(part) for part in match[1].split(".")), match[2] is None, stem
