"""Laws that every document under specs/ keeps, whoever's API it describes."""

from collections.abc import Iterator, Mapping
from functools import partial
from importlib.resources import files

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from understudy.contracts.contract import Contract

METHODS = ("get", "put", "post", "patch", "delete")
LABELS = {"documented", "recorded", "observed", "assumed"}
CREDENTIALS = {"accept", "content-type", "authorization", "x-api-key"}


def _load() -> dict[str, dict]:
    found = {}
    for folder in files("understudy.specs").iterdir():
        if not folder.is_dir():
            continue
        for file in folder.iterdir():
            if file.name.endswith(".yaml"):
                content = yaml.safe_load(file.read_text("utf-8"))
                if "openapi" in content:
                    found[f"{folder.name}/{file.name.removesuffix('.yaml')}"] = content
    return found


DOCUMENTS = _load()
EVERY = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))


def resolve(document, node):
    """The node, local references followed."""
    while isinstance(node, Mapping) and "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def operations(document) -> Iterator[tuple[str, str, dict, dict]]:
    """Method, path, path item and operation, one after the other."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item, item[method]


def parameters(document, item, operation):
    """The parameters of an operation, its path's included."""
    nodes = [*item.get("parameters", []), *operation.get("parameters", [])]
    return [resolve(document, node) for node in nodes]


def _inner(node, key="$ref"):
    if isinstance(node, Mapping):
        if key in node:
            yield node[key]
        for value in node.values():
            yield from _inner(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _inner(value, key)


def _validator(document, schema):
    rooted = {**schema, "components": document.get("components", {})}
    return Draft202012Validator(rooted, format_checker=FormatChecker())


def _bodies(document, operation):
    if "requestBody" in operation:
        yield "request", resolve(document, operation["requestBody"])
    for status, response in operation["responses"].items():
        yield status, resolve(document, response)


@EVERY
def test_document__is_valid_openapi(document):
    """The meta-schema and the reference checks of a foreign validator find nothing."""
    assert document["openapi"] == "3.1.0"
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


@EVERY
def test_document__stands_alone(document):
    """Every reference points into the same file, and at something."""
    for reference in _inner(document):
        assert reference.startswith("#/"), reference
        assert resolve(document, {"$ref": reference}) is not None


@EVERY
def test_document__is_plain_json(document):
    """YAML reads dates, octal numbers and bare words as more than text; none slipped in."""

    def plain(node):
        if isinstance(node, Mapping):
            return all(isinstance(key, str) and plain(value) for key, value in node.items())
        if isinstance(node, list):
            return all(map(plain, node))
        return node is None or isinstance(node, (str, int, float, bool))

    assert plain(document)


@EVERY
def test_document__every_operation_is_named_told_and_traced(document):
    """A unique operationId, a summary, known tags, and a provenance with label and source."""
    seen = set()
    tags = {tag["name"] for tag in document["tags"]}
    for _, path, _, operation in operations(document):
        assert operation["operationId"] not in seen, operation["operationId"]
        seen.add(operation["operationId"])
        assert operation["summary"], path
        assert set(operation["tags"]) <= tags
        assert operation["x-provenance"]["source"], path
    for provenance in _inner(document, "x-provenance"):
        assert provenance["label"] in LABELS


@EVERY
def test_document__every_operation_declares_its_refusals(document):
    """400 or 422 and 405 always, 401 where a key is needed, 413 and 415 where a body is taken.

    A document whose refusals are a 200 with a code (`x-refusals`) has only what HTTP itself says.
    """
    coded = "x-refusals" in document
    for _, path, _, operation in operations(document):
        statuses = set(operation["responses"])
        assert "405" in statuses, path
        assert coded or statuses & {"400", "422"}, path
        if not coded and operation.get("security", document["security"]):
            assert "401" in statuses, path
        if "requestBody" in operation:
            assert {"413", "415"} <= statuses, path
        if "{" in path:
            assert "404" in statuses, path
        for status, response in _bodies(document, operation):
            if status[0] in "45" and (status != "429" or "content" in response):
                assert "application/json" in response["content"], (path, status)


@EVERY
def test_document__parameters_are_told_and_carry_no_credentials(document):
    """Each has a description; those that HTTP or the security scheme own are not declared."""
    for _, path, item, operation in operations(document):
        for parameter in parameters(document, item, operation):
            assert parameter["description"], (path, parameter["name"])
            assert parameter["name"].lower() not in CREDENTIALS, path


def _examples():
    for name, document in DOCUMENTS.items():
        for method, path, _, operation in operations(document):
            for place, body in _bodies(document, operation):
                for media_type, media in body.get("content", {}).items():
                    told = [media["example"]] if "example" in media else []
                    named = map(partial(resolve, document), media.get("examples", {}).values())
                    told += [each["value"] for each in named]
                    label = f"{name} {method} {path} {place} {media_type}"
                    yield pytest.param(document, media["schema"], told, id=label)


@pytest.mark.parametrize(("document", "schema", "examples"), list(_examples()))
def test_document__every_body_has_examples_that_fit(document, schema, examples):
    """Each request and each reply shows at least one body, and its schema accepts it."""
    assert examples
    validator = _validator(document, schema)
    for example in examples:
        assert [error.message for error in validator.iter_errors(example)] == []


@EVERY
def test_document__examples_and_defaults_of_parameters_fit(document):
    """What a parameter shows, or falls back to, is a value that it takes."""
    for _, path, item, operation in operations(document):
        for parameter in parameters(document, item, operation):
            validator = _validator(document, parameter["schema"])
            shown = [parameter["example"]] if "example" in parameter else []
            default = resolve(document, parameter["schema"]).get("default")
            for value in [*shown, *([] if default is None else [default])]:
                assert validator.is_valid(value), (path, parameter["name"], value)


@EVERY
def test_document__links_lead_to_operations_that_take_what_they_carry(document):
    """A stateful checker can follow every link."""
    takes = {
        operation["operationId"]: {
            parameter["name"] for parameter in parameters(document, item, operation)
        }
        for _, _, item, operation in operations(document)
    }
    for _, _, _, operation in operations(document):
        for _, body in _bodies(document, operation):
            for link in body.get("links", {}).values():
                carried = link.get("parameters", {})
                assert carried or "requestBody" in link
                assert set(carried) <= takes[link["operationId"]]
                for expression in carried.values():
                    assert expression.startswith(("$response.body#/", "$request."))


@EVERY
def test_document__resources_are_declared_and_reachable(document):
    """What operations say of resources, pages and filters names things that are there."""
    resources = document.get("x-resources", {})
    for name, resource in resources.items():
        assert resolve(document, {"$ref": resource["schema"]}), name
        form = resource["id"]["form"]
        known = {"object-id", "uuid", "uuid7", "integer", "snowflake"}
        assert form in known or form.endswith("_")
        if "parent" in resource:
            assert resource["parent"]["resource"] in resources
    for _, path, item, operation in operations(document):
        names = {parameter["name"] for parameter in parameters(document, item, operation)}
        role = operation.get("x-resource", {})
        if role:
            assert role["name"] in resources, path
            assert role["action"] in {"create", "read", "list", "update", "replace", "delete"}
            assert {role[key] for key in ("id", "parent") if key in role} <= names
        if role.get("action") == "list":
            paging = operation["x-paging"]
            asked = ("page", "limit", "sort_by", "direction")
            assert {paging[key] for key in asked if key in paging} <= names, path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document__compiles_whole(name: str) -> None:
    """Operations are compiled when they are met; here all of them are."""
    contract = Contract.load(name)
    contract.checker.compile()
    assert len(contract.operations) == sum(1 for _ in operations(DOCUMENTS[name]))
