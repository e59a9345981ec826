"""OpenAPI 3.0 reads as 3.1 after loading."""

from typing import Any

from understudy.contracts.loading import load_document


def normalised(schema: dict[str, Any]) -> tuple[Any, tuple[str, ...]]:
    document = load_document(
        {
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {},
            "components": {"schemas": {"A": schema, "B": {"type": "string"}}},
        }
    )
    assert document.version == "3.0"
    assert document.root["openapi"] == "3.1.0"
    return document.at("/components/schemas/A"), document.notes


def test_nullable__widens_the_type() -> None:
    """nullable adds null to the type beside it."""
    assert normalised({"type": "string", "nullable": True})[0] == {"type": ["string", "null"]}
    assert normalised({"type": "string", "nullable": False})[0] == {"type": "string"}


def test_nullable__without_effect_is_noted() -> None:
    """OpenAPI 3.0.3: nullable needs a type in the same schema, and enum must list null."""
    schema, notes = normalised({"nullable": True, "allOf": [{"$ref": "#/components/schemas/B"}]})
    assert "nullable" not in schema
    assert "nullable" in notes[0]
    assert normalised({"type": "string", "nullable": True, "enum": ["a"]})[1]


def test_bounds__boolean_exclusive_becomes_a_number() -> None:
    """An exclusive bound takes over the number of the inclusive one."""
    assert normalised(
        {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "maximum": 9,
         "exclusiveMaximum": False}
    )[0] == {"type": "integer", "exclusiveMinimum": 1, "maximum": 9}  # fmt: skip


def test_reference__siblings_are_ignored() -> None:
    """What stands beside $ref in 3.0 does not count."""
    schema, _ = normalised(
        {"properties": {"x": {"$ref": "#/components/schemas/B", "description": "d"}}}
    )
    assert schema == {"properties": {"x": {"$ref": "#/components/schemas/B"}}}
