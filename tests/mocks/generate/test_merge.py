"""Two schemas that both hold, as one."""

from understudy.mocks.generate.merge import Schema, both_types, merged, types


def test_merged__bounds_tighten() -> None:
    """The larger minimum and the smaller maximum remain."""
    both = merged({"minimum": 1, "maxLength": 9}, {"minimum": 5, "maxLength": 20})
    assert both == {"minimum": 5, "maxLength": 9}


def test_merged__required_and_properties_add_up() -> None:
    """Properties of either are kept; one of both must fit both."""
    one: Schema = {"required": ["a"], "properties": {"a": {"minLength": 1}, "b": {}}}
    other: Schema = {"required": ["c", "a"], "properties": {"a": {"maxLength": 2}, "c": {}}}
    both = merged(one, other)
    assert both["required"] == ["a", "c"]
    assert both["properties"] == {
        "a": {"allOf": [{"minLength": 1}, {"maxLength": 2}]},
        "b": {},
        "c": {},
    }


def test_merged__closed_objects_forbid_what_they_do_not_list() -> None:
    """A property that one side knows and the closed other does not is impossible."""
    closed: Schema = {"additionalProperties": False, "properties": {"a": {}}}
    both = merged(closed, {"properties": {"b": {}}})
    assert both["properties"] == {"a": {}, "b": False}


def test_merged__enums_and_types_meet() -> None:
    """What both lists hold remains; an integer is a number."""
    both = merged({"enum": [1, 2, 3]}, {"enum": [2, 3, 4]})
    assert both["enum"] == [2, 3]
    assert both_types(["number", "null"], ["integer", "null"]) == ["null", "integer"]
    assert both_types(["string"], ["integer"]) == []
    assert types("string") == types(["string"]) == ["string"]
    assert types(None) == []
