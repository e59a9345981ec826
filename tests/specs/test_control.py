"""The control API's document is valid, complete and true to its own examples."""

from importlib.resources import files

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

OPERATIONS = {
    ("GET", "/health"),
    ("GET", "/providers"),
    ("POST", "/reset"),
    ("GET", "/clock"),
    ("PUT", "/clock"),
    ("POST", "/clock/advance"),
    ("GET", "/tasks"),
    ("POST", "/tasks/{id}/outcome"),
    ("GET", "/journal"),
    ("DELETE", "/journal"),
}
METHODS = ("get", "put", "post", "patch", "delete")


def _document():
    return yaml.safe_load((files("understudy.specs") / "control" / "openapi.yaml").read_text())


DOCUMENT = _document()


def _operations():
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def _resolve(node):
    while "$ref" in node:
        target = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _validator(schema):
    """A validator for one schema, with the components beside it so that `#/` refs resolve."""
    rooted = {**schema, "components": DOCUMENT["components"]}
    return Draft202012Validator(rooted, format_checker=FormatChecker())


def test_control__is_valid_openapi():
    """The meta-schema and the reference checks of a foreign validator find nothing."""
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_control__has_the_operations_that_exist_so_far():
    """Ten operations and no other, all below the fixed base path."""
    assert {(method, path) for method, path, _ in _operations()} == OPERATIONS
    assert DOCUMENT["servers"][0]["url"].endswith("/_understudy")


@pytest.mark.parametrize(
    "operation", [op for *_, op in _operations()], ids=lambda o: o["operationId"]
)
def test_control__every_operation_says_where_it_comes_from_and_how_it_refuses(operation):
    """Provenance, the error statuses common to all, and one of conflict wherever rules can bite."""
    assert operation["x-provenance"]["label"] == "documented"
    statuses = set(operation["responses"])
    assert {"200", "400", "405", "413", "421"} <= statuses
    if operation["operationId"] != "get-health":
        assert {"401", "403"} <= statuses
    if "requestBody" in operation:
        assert {"409", "415"} <= statuses
    if "x-rule" in operation:
        assert "409" in statuses


def _examples():
    for method, path, operation in _operations():
        bodies = [("request", operation["requestBody"])] if "requestBody" in operation else []
        bodies += list(operation["responses"].items())
        for place, body in bodies:
            for media in _resolve(body).get("content", {}).values():
                examples = [media["example"]] if "example" in media else []
                examples += [named["value"] for named in media.get("examples", {}).values()]
                for number, example in enumerate(examples or [None]):
                    name = f"{method} {path} {place} {number}"
                    yield pytest.param(media["schema"], example, id=name)


@pytest.mark.parametrize(("schema", "example"), list(_examples()))
def test_control__every_body_has_an_example_that_fits(schema, example):
    """An example is there, and its schema accepts it."""
    assert example is not None
    _validator(schema).validate(example)


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        ("Advance", {}),
        ("Advance", {"seconds": -1}),
        ("Advance", {"seconds": "30"}),
        ("Advance", {"seconds": 1, "minutes": 1}),
        ("ClockChange", {}),
        ("ClockChange", {"mode": "frozen"}),
        ("ClockChange", {"speed": 0}),
        ("Outcome", {}),
        ("Outcome", {"outcome": "ready"}),
        ("Outcome", {"outcome": "slow", "factor": 0}),
    ],
)
def test_control__bad_bodies_are_refused(schema, wrong):
    """What the control API cannot act on does not pass its schema."""
    assert not _validator(DOCUMENT["components"]["schemas"][schema]).is_valid(wrong)


def test_control__replies_name_the_tenants_touched():
    """Every success schema carries the tenants; health alone may leave them out."""
    for *_, operation in _operations():
        schema = _resolve(operation["responses"]["200"])["content"]["application/json"]["schema"]
        example = operation["responses"]["200"]["content"]["application/json"]["example"]
        assert "tenants" in example, operation["operationId"]
        assert _resolve(schema).get("type", "object") == "object"


def test_control__errors_have_an_envelope_of_their_own():
    """Every refusal answers the same envelope, unlike any provider's."""
    for name, response in DOCUMENT["components"]["responses"].items():
        schema = response["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Error"}, name
