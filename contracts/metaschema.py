"""Whether a document is OpenAPI at all, and whether its schemas are JSON Schema 2020-12.

The meta-schemas are the ones that the installed openapi-spec-validator carries; only its files
are read, none of its Python runs.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from understudy.contracts.json import Json
from understudy.contracts.pointer import join


def breach(root: Mapping[str, Json], version: str) -> tuple[str, str] | None:
    """The worst way in which a document breaks its meta-schema, as (pointer, problem)."""
    validator = _meta(version)
    if validator is None or validator.is_valid(root):
        return None
    return _worst(validator.iter_errors(root))


def schema_breach(schemas: Mapping[str, Json]) -> tuple[str, str] | None:
    """The worst way in which schemas, by pointer, break JSON Schema 2020-12."""
    pointers = list(schemas)
    bundle: dict[str, Any] = {"$defs": {str(at): schemas[key] for at, key in enumerate(pointers)}}
    validator = _dialect()
    if validator.is_valid(bundle):
        return None
    place, problem = _worst(validator.iter_errors(bundle))
    tokens = place.split("/", 3)  # "", "$defs", index, the rest
    rest = f"/{tokens[3]}" if len(tokens) > 3 else ""
    return pointers[int(tokens[2])] + rest, problem


@lru_cache(maxsize=1)
def _dialect() -> Any:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": "https://json-schema.org/draft/2020-12/schema"}, offline=True
    )


@lru_cache(maxsize=4)
def _meta(version: str) -> Any | None:
    found = find_spec("openapi_spec_validator")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0])
    try:
        text = (folder / "resources" / "schemas" / f"v{version}" / "schema.json").read_bytes()
    except OSError:
        return None
    return jsonschema_rs.validator_for(orjson.loads(text), offline=True)


def _worst(errors: Iterable[Any]) -> tuple[str, str]:
    """The deepest error: the ones above it only repeat that something below is wrong."""
    worst = max(_leaves(errors), key=_weight)
    message: str = worst.message
    shown = message if len(message) <= 240 else f"{message[:160]}... {message[-75:]}"
    return join("", *worst.instance_path), shown


def _weight(error: Any) -> tuple[int, bool]:
    vague = error.kind.name in ("unevaluatedProperties", "falseSchema", "not")
    return len(error.instance_path), not vague


def _leaves(errors: Iterable[Any]) -> Iterable[Any]:
    for error in errors:
        context = getattr(error.kind, "context", None)
        below = [leaf for branch in context or () for leaf in _leaves(branch)]
        longer = [leaf for leaf in below if len(leaf.instance_path) > len(error.instance_path)]
        if longer:
            yield from longer
        else:
            yield error
