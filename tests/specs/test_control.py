"""The control API's document: its operations, what it refuses, and its own envelope."""

from importlib.resources import files

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

OPERATIONS = {
    ("get", "/health"),
    ("get", "/providers"),
    ("post", "/reset"),
    ("get", "/clock"),
    ("put", "/clock"),
    ("post", "/clock/advance"),
    ("get", "/tasks"),
    ("post", "/tasks/{id}/outcome"),
    ("get", "/journal"),
    ("delete", "/journal"),
    ("get", "/deliveries"),
    ("post", "/deliveries/{id}/redeliver"),
    ("get", "/events"),
    ("get", "/faults"),
    ("post", "/faults"),
    ("delete", "/faults/{id}"),
    ("get", "/snapshot"),
    ("put", "/snapshot"),
}
DOCUMENT = yaml.safe_load((files("understudy.specs") / "control" / "openapi.yaml").read_text())
CALLS = {
    (method, path): operation
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}


def _validator(name):
    schema = {**DOCUMENT["components"]["schemas"][name], "components": DOCUMENT["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def test_control__has_the_operations_that_exist_so_far():
    """These operations and no other, all below the fixed base path."""
    assert set(CALLS) == OPERATIONS
    assert DOCUMENT["servers"][0]["url"].endswith("/_understudy")


@pytest.mark.parametrize("call", sorted(OPERATIONS), ids=" ".join)
def test_control__declares_the_refusals_of_a_server_on_loopback(call):
    """A foreign host everywhere; a missing token, but for health; a foreign page's writes."""
    statuses = set(CALLS[call]["responses"])
    assert {"200", "413", "421"} <= statuses
    assert ("401" in statuses) == (call != ("get", "/health"))
    assert ("403" in statuses) == (call[0] != "get")
    conflicts = {
        ("put", "/clock"),
        ("post", "/tasks/{id}/outcome"),
        ("get", "/events"),
        ("post", "/faults"),
        ("get", "/snapshot"),
    }
    assert ("409" in statuses) == (call in conflicts)


@pytest.mark.parametrize("call", sorted(OPERATIONS), ids=" ".join)
def test_control__acts_on_the_tenant_named_and_names_the_tenants_touched(call):
    """Every operation but health takes the tenant's header; every reply lists tenants."""
    operation = CALLS[call]
    named = {"$ref": "#/components/parameters/Tenant"} in operation.get("parameters", [])
    assert named == (call != ("get", "/health"))
    if call == ("get", "/events"):  # each event names its tenant
        return
    media = operation["responses"]["200"]["content"]["application/json"]
    assert isinstance(media["example"]["tenants"], list)


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
        ("ClockChange", {"now": "yesterday"}),
        ("Outcome", {}),
        ("Outcome", {"outcome": "ready"}),
        ("Outcome", {"outcome": "slow", "factor": 0}),
        ("Fault", {}),
        ("Fault", {"kind": "boom"}),
        ("Fault", {"kind": "status", "status": 100}),
        ("Fault", {"kind": "reset", "probability": 2}),
        ("Fault", {"kind": "reset", "colour": "red"}),
        ("Snapshot", {}),
        ("Snapshot", {"understudy": "scenario"}),
    ],
)
def test_control__refuses_bodies_it_cannot_act_on(schema, wrong):
    """What makes no sense does not pass its schema."""
    assert not _validator(schema).is_valid(wrong)


def test_control__errors_have_an_envelope_of_their_own():
    """Every refusal answers the same envelope, unlike any provider's."""
    for name, response in DOCUMENT["components"]["responses"].items():
        schema = response["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Error"}, name
