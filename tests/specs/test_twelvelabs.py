"""Twelve Labs v1.3 of 2025: nothing of the vendor's document is lost, and bounds are kept."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from understudy.contracts.contract import Contract
from understudy.contracts.golden import golden

HERE = Path(__file__).parent
FOLDER = files("understudy.specs") / "twelvelabs"
DOCUMENT = yaml.safe_load((FOLDER / "v1.3-2025.yaml").read_text("utf-8"))
INVENTORY = yaml.safe_load((HERE / "twelvelabs-2025-inventory.yaml").read_text("utf-8"))
GOLDEN = {
    file.name: yaml.safe_load(file.read_text("utf-8")).get("contract", "twelvelabs/v1.3-2025")
    for file in (FOLDER / "examples").iterdir()
    if file.name.endswith(".yaml")
}
METHODS = ("get", "put", "post", "patch", "delete")

OPERATIONS = {
    "list-indexes": "GET /indexes",
    "create-index": "POST /indexes",
    "retrieve-index": "GET /indexes/{index-id}",
    "update-index": "PUT /indexes/{index-id}",
    "delete-index": "DELETE /indexes/{index-id}",
    "list-videos": "GET /indexes/{index-id}/videos",
    "retrieve-video-information": "GET /indexes/{index-id}/videos/{video-id}",
    "update-video-information": "PUT /indexes/{index-id}/videos/{video-id}",
    "delete-video-information": "DELETE /indexes/{index-id}/videos/{video-id}",
    "list-video-indexing-tasks": "GET /tasks",
    "create-video-indexing-task": "POST /tasks",
    "retrieve-video-indexing-task": "GET /tasks/{task_id}",
    "delete-video-indexing-task": "DELETE /tasks/{task_id}",
    "cloud-to-cloud-import-videos": "POST /tasks/transfers/import/{integration-id}",
    "cloud-to-cloud-retrieve-status": "GET /tasks/transfers/import/{integration-id}/status",
    "cloud-to-cloud-retrieve-import-logs": "GET /tasks/transfers/import/{integration-id}/logs",
    "any-to-video-search": "POST /search",
    "any-to-video--retrieve-specific-page": "GET /search/{page-token}",
    "gist": "POST /gist",
    "summarize": "POST /summarize",
    "generate-text-representation": "POST /analyze",
    "analyze": "POST /generate",
    "create-text-image-audio-embedding": "POST /embed",
    "list-video-embedding-tasks": "GET /embed/tasks",
    "create-video-embedding-task": "POST /embed/tasks",
    "retrieve-video-embedding-task": "GET /embed/tasks/{task_id}/status",
    "retrieve-video-embedding": "GET /embed/tasks/{task_id}",
}
OBSERVED = {
    "patch-video-information": "PATCH /indexes/{index-id}/videos/{video-id}",
    "count-video-indexing-tasks": "GET /tasks/status",
}
# Where ours says more, or something truer, than the vendor's document: see `x-differences`.
CORRECTED = {
    ("create-video-embedding-task", "request", "video_embedding_scope"): "array = ['clip']",
}
LOOSER = {"number": {"number", "integer"}, "any": {"string"}}


def resolve(node):
    """The node, local references followed; what stands beside a reference stays."""
    while "$ref" in node:
        target = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/")]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


CALLS = {
    operation["operationId"]: (f"{method.upper()} {path}", item, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS
}


def properties(schema, prefix="") -> dict[str, dict]:
    """Every property of a schema by its dotted place; alternatives are laid over each other."""
    schema, found = resolve(schema), {}
    for key in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(key, []):
            found.update(properties(part, prefix))
    for name, inner in schema.get("properties", {}).items():
        place = f"{prefix}.{name}" if prefix else name
        found[place] = resolve(inner)
        found.update(properties(inner, place))
    if "items" in schema:
        found[f"{prefix}[]"] = resolve(schema["items"])
        found.update(properties(schema["items"], f"{prefix}[]"))
    return found


def types(schema) -> set[str]:
    """The types that a schema admits, null left out."""
    kind = schema.get("type", "object" if "allOf" in schema else "any")
    return {name for name in ([kind] if isinstance(kind, str) else kind) if name != "null"}


def agrees(told: str, schema) -> bool:
    """Whether a schema has the type, the enum and the default of an inventory line."""
    words, _, default = told.removesuffix(" required").partition(" = ")
    kind, _, listed = words.partition(" ")
    if not types(schema) & LOOSER.get(kind, {kind}):
        return False
    if listed and not set(listed.split("|")) <= set(schema["enum"]):
        return False
    ours = schema.get("default")
    spelt = str(ours).lower() if isinstance(ours, bool) else str(ours)
    return not default or spelt == default


def parameters(operation_id) -> dict[str, dict]:
    """The parameters of an operation by name."""
    _, item, operation = CALLS[operation_id]
    nodes = [*item.get("parameters", []), *operation.get("parameters", [])]
    return {parameter["name"]: parameter for parameter in map(resolve, nodes)}


def validator(schema):
    """A validator of one schema with the components beside it."""
    rooted = {**schema, "components": DOCUMENT["components"]}
    return Draft202012Validator(rooted, format_checker=FormatChecker())


def test_document__has_every_operation_and_two_that_only_clients_know():
    """27 operations on 19 paths as documented, and those that SDKs were seen to call."""
    calls = {name: call for name, (call, *_) in CALLS.items()}
    assert calls == OPERATIONS | OBSERVED
    assert len({call.split()[1] for call in OPERATIONS.values()}) == 19
    for name, (*_, operation) in CALLS.items():
        label = operation["x-provenance"]["label"]
        assert label == ("observed" if name in OBSERVED else "documented"), name


def test_document__stands_at_the_vendors_address_and_asks_for_the_key():
    """One server, and one header for every operation."""
    assert DOCUMENT["servers"] == [{"url": "https://api.twelvelabs.io/v1.3"}]
    scheme = DOCUMENT["components"]["securitySchemes"]["api-key"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "x-api-key")
    assert DOCUMENT["security"] == [{"api-key": []}]
    assert all("security" not in operation for *_, operation in CALLS.values())


@pytest.mark.parametrize("name", OPERATIONS)
def test_inventory__no_parameter_is_lost(name):
    """Name, place, type, enum, default and need of each parameter are as documented."""
    known = INVENTORY[name]
    assert known["call"] == OPERATIONS[name]
    assert known.get("deprecated", False) == CALLS[name][2].get("deprecated", False)
    ours = parameters(name)
    for parameter, told in known.get("parameters", {}).items():
        place, _, rest = told.partition(" ")
        kind, _, items = rest.partition(" of ")
        schema = resolve(ours[parameter]["schema"])
        assert ours[parameter]["in"] == place, parameter
        assert ours[parameter].get("required", False) == told.endswith(" required"), parameter
        assert agrees(kind, schema), (parameter, told, schema)
        assert not items or agrees(items, resolve(schema["items"])), (parameter, told)


@pytest.mark.parametrize("name", OPERATIONS)
def test_inventory__no_field_of_a_request_is_lost(name):
    """Media type, fields, enums, defaults and need are as documented."""
    for media_type, fields in INVENTORY[name].get("request", {}).items():
        schema = resolve(CALLS[name][2]["requestBody"])["content"][media_type]["schema"]
        ours, needed = properties(schema), set(resolve(schema).get("required", []))
        assert needed == {field for field, told in fields.items() if told.endswith(" required")}
        for field, told in fields.items():
            told = CORRECTED.get((name, "request", field), told)
            assert field in ours, field
            assert agrees(told, ours[field]), (field, told, ours[field])


@pytest.mark.parametrize("name", OPERATIONS)
def test_inventory__no_field_of_a_reply_is_lost(name):
    """Status, fields, enums and headers are as documented, and so is every refusal."""
    responses = CALLS[name][2]["responses"]
    for status, fields in INVENTORY[name]["answer"].items():
        response = resolve(responses[str(status)])
        ours = {}
        for media in response.get("content", {}).values():
            ours.update(properties(media["schema"]))
        assert bool(ours) == bool(fields)
        for field, told in fields.items():
            assert field in ours, field
            assert agrees(told, ours[field]), (field, told, ours[field])
        assert set(INVENTORY[name].get("headers", [])) <= set(response["headers"])
    assert {str(status) for status in INVENTORY[name]["refusals"]} <= set(responses)


def test_document__every_reply_may_carry_the_version():
    """The version's header is declared on each status of each operation."""
    for name, (*_, operation) in CALLS.items():
        for status, response in operation["responses"].items():
            assert "X-Api-Version" in resolve(response)["headers"], (name, status)


def test_document__ids_in_paths_are_ids_where_their_form_is_known():
    """Indexes, tasks (of both kinds) and videos have ids of one form."""
    known = {"index-id", "video-id", "task_id"}
    for name in CALLS:
        for parameter in parameters(name).values():
            if parameter["in"] == "path":
                if parameter["name"] in known:
                    assert parameter["schema"] == {"$ref": "#/components/schemas/Id"}, name
                else:
                    assert set(parameter["schema"]) == {"type", "minLength"}, (name, parameter)


def test_document__bounds_of_lists_hold_everywhere():
    """Pages begin at 1 and hold 1 to 50, wherever they can be asked for."""
    paged = [name for name in CALLS if "page" in parameters(name)]
    assert len(paged) == 4
    for name in paged:
        limit = resolve(parameters(name)["page_limit"]["schema"])
        assert (limit["minimum"], limit["maximum"]) == (1, 50)
        assert resolve(parameters(name)["page"]["schema"])["minimum"] == 1


def test_document__conflicts_are_declared_where_the_rules_know_them():
    """Taken names, running tasks and running imports; nothing else answers 409."""
    conflicting = {name for name, (*_, op) in CALLS.items() if "409" in op["responses"]}
    assert conflicting == {
        "create-index",
        "update-index",
        "delete-video-indexing-task",
        "cloud-to-cloud-import-videos",
    }


MODEL = {"model_name": "marengo2.7", "model_options": ["visual"]}
INDEX = {"index_name": "a", "models": [MODEL]}
ID = "68652c10f1b5a3d2c4e6f701"
SEARCH = {"index_id": ID, "search_options": ["visual"], "query_text": "boats"}


@pytest.mark.parametrize(
    ("schema", "body", "fits"),
    [
        ("IndexCreation", INDEX, True),
        ("IndexCreation", INDEX | {"addons": None}, True),
        ("IndexCreation", INDEX | {"addons": ["subtitles"]}, False),
        ("IndexCreation", INDEX | {"index_name": ""}, False),
        ("IndexCreation", INDEX | {"models": []}, False),
        ("IndexCreation", INDEX | {"models": [MODEL, MODEL, MODEL]}, False),
        ("IndexCreation", INDEX | {"models": [MODEL | {"model_name": "marengo1"}]}, False),
        ("IndexCreation", INDEX | {"models": [MODEL | {"model_options": []}]}, False),
        ("IndexCreation", {"models": [MODEL]}, False),
        ("VideoChange", {}, True),
        ("VideoChange", {"user_metadata": {"a": 1.5, "b": True, "c": "x"}}, True),
        ("VideoChange", {"user_metadata": {"a": {"b": 1}}}, False),
        ("VideoChange", {"user_metadata": {"filename": "x"}}, False),
        ("Since", "2025-07-01", True),
        ("Since", "2025-07-01T00:00:00Z", True),
        ("Since", "July", False),
        ("MediaUrl", "https://media.example/a b.mp4", True),
        ("MediaUrl", "ferry.mp4", False),
        ("Search", SEARCH, True),
        ("Search", SEARCH | {"search_options": ["smell"]}, False),
        ("Search", SEARCH | {"page_limit": 51}, False),
        ("Search", SEARCH | {"adjust_confidence_level": 1.1}, False),
        ("AnalyzeRequest", {"video_id": ID, "prompt": "p", "temperature": None}, True),
        ("AnalyzeRequest", {"video_id": ID, "prompt": "p", "temperature": 1.01}, False),
        ("AnalyzeRequest", {"video_id": ID}, False),
        ("GistRequest", {"video_id": ID, "types": ["title", "plot"]}, False),
        ("EmbeddingTaskCreation", {"model_name": "Marengo-retrieval-2.7"}, True),
        ("EmbeddingTaskCreation", {"model_name": "Marengo-retrieval-2.6"}, False),
        ("EmbeddingTaskCreation", {"model_name": "marengo3.0", "video_clip_length": 1}, False),
        ("IndexingTask", {"_id": "x"}, False),
        ("Error", {"code": "not_found", "message": ""}, True),
        ("Error", {"error": {"message": "nested"}}, False),
    ],
)
def test_schema__draws_the_line_where_the_facts_do(schema, body, fits):
    """Bodies on either side of each documented bound."""
    assert validator(DOCUMENT["components"]["schemas"][schema]).is_valid(body) == fits


@pytest.mark.parametrize("kind", ["summary", "chapters", "highlights"])
def test_schema__alternatives_of_a_summary_exclude_each_other(kind):
    """Each example is of one alternative only, so strict clients can tell them apart."""
    media = CALLS["summarize"][2]["responses"]["200"]["content"]["application/json"]
    example = media["examples"][kind]["value"]
    fitting = [part for part in media["schema"]["oneOf"] if validator(part).is_valid(example)]
    assert len(fitting) == 1
    assert validator(media["schema"]).is_valid(example | {"summarize_type": "summary"})


@pytest.mark.parametrize(
    "each", list(golden("twelvelabs")), ids=lambda each: f"{each.file}: {each.name}"
)
def test_golden__is_of_the_document_that_its_file_names(each):
    """Not just of any version that takes it; a file that names none is of 2025."""
    assert each.check(Contract.load(GOLDEN[each.file])) == []
