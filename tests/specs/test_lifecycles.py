"""Lifecycle files: whole, in order, slow enough, and about operations that exist."""

from importlib.resources import files
from itertools import pairwise

import pytest
import yaml

FOLDER = files("understudy.specs")
FILES = {
    f"{folder.name}/{file.name}": yaml.safe_load(file.read_text("utf-8"))["lifecycles"]
    for folder in FOLDER.iterdir()
    if folder.is_dir()
    for file in folder.iterdir()
    if file.name == "lifecycles.yaml"
}
LIFECYCLES = [
    pytest.param(lifecycle, id=f"{name} {key}")
    for name, content in FILES.items()
    for key, lifecycle in content.items()
]
EVERY = pytest.mark.parametrize("lifecycle", LIFECYCLES)
PREPARATIONS = {f"twelvelabs/lifecycles.yaml {name}" for name in ("asset", "entity", "connection")}
"""What is got ready, or ended by a decision, rather than analysed: that may take less than a
minute."""
TWELVELABS = FILES["twelvelabs/lifecycles.yaml"]


def _document(version="v1.3-2025"):
    return yaml.safe_load((FOLDER / "twelvelabs" / f"{version}.yaml").read_text("utf-8"))


def failures(lifecycle):
    """The ways to end badly; a lifecycle has one, a list of them, or none."""
    declared = lifecycle.get("failure", [])
    return declared if isinstance(declared, list) else [declared]


def _operation_ids(document):
    return {
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    }


@EVERY
def test_lifecycle__says_what_it_is_and_how_we_know(lifecycle):
    """A description, a provenance, and the field that holds the status."""
    assert lifecycle["description"]
    assert lifecycle["provenance"]["label"] in {"documented", "recorded", "observed", "assumed"}
    assert lifecycle["provenance"]["source"]
    assert lifecycle["status"]


@EVERY
def test_lifecycle__runs_along_its_own_transitions(lifecycle):
    """It begins at its first stage, each stage may follow the one before, and it ends well."""
    stages = [stage["status"] for stage in lifecycle["stages"]]
    assert lifecycle["initial"] == stages[0]
    route = [*stages, lifecycle["success"]]
    for before, after in pairwise(route):
        assert after in lifecycle["transitions"][before], (before, after)


@EVERY
def test_lifecycle__ends_in_terminal_statuses_only(lifecycle):
    """Nothing follows a terminal status; success and failure are terminal."""
    transitions = lifecycle["transitions"]
    ends = {status for status, following in transitions.items() if not following}
    assert ends == set(lifecycle["terminal"])
    assert {lifecycle["success"], *(each["status"] for each in failures(lifecycle))} <= ends
    assert {after for following in transitions.values() for after in following} <= set(transitions)


@EVERY
def test_lifecycle__fails_where_it_may(lifecycle):
    """Each place for a failure is a stage from which the failed status is a legal move."""
    for failure in failures(lifecycle):
        assert failure["from"]
        assert failure["reason"]
        for status in failure["from"]:
            assert failure["status"] in lifecycle["transitions"][status]


@pytest.mark.parametrize("lifecycle", [each for each in LIFECYCLES if each.id not in PREPARATIONS])
def test_lifecycle__takes_a_minute_at_least_and_longer_for_a_longer_medium(lifecycle):
    """Durations are positive, add up to 60 seconds for the shortest medium, and scale.

    A 0 that is written down says that the medium has no length.
    """
    assert all(stage["seconds"] > 0 for stage in lifecycle["stages"])
    assert sum(stage["seconds"] for stage in lifecycle["stages"]) >= 60
    scales = [stage["per_media_second"] for stage in lifecycle["stages"] if len(stage) > 2]
    assert sum(scales) > 0 or scales == [0]


def test_twelvelabs__has_the_statuses_of_its_document():
    """Lifecycles and schemas know the same statuses."""
    schemas = _document()["components"]["schemas"]
    indexing = set(schemas["IndexingStatus"]["enum"])
    assert set(TWELVELABS["indexing-task"]["transitions"]) == indexing
    assert set(TWELVELABS["cloud-import"]["transitions"]) == indexing - {"uploading"}
    embedding = set(schemas["EmbeddingStatus"]["enum"])
    assert set(TWELVELABS["embedding-task"]["transitions"]) == embedding
    today = _document("v1.3")["components"]["schemas"]
    analysis = set(today["AnalysisTaskStatus"]["enum"])
    assert set(TWELVELABS["analyze-task"]["transitions"]) == analysis
    batch = set(today["AnalysisBatchStatus"]["enum"])
    assert set(TWELVELABS["analyze-batch"]["transitions"]) == batch


def test_twelvelabs__runs_in_the_documented_order():
    """uploading, validating, pending, queued, indexing, ready."""
    stages = [stage["status"] for stage in TWELVELABS["indexing-task"]["stages"]]
    assert stages == ["uploading", "validating", "pending", "queued", "indexing"]
    assert TWELVELABS["indexing-task"]["terminal"] == ["ready", "failed"]


def test_twelvelabs__polls_are_operations_and_lists_are_among_them():
    """Each poll is an operationId of a document; every lifecycle counts its list as one.

    Uploads and connections have none: they are moved on by nothing but what their owner does,
    and a look must not let them expire.
    """
    known = _operation_ids(_document()) | _operation_ids(_document("v1.3"))
    for name, lifecycle in TWELVELABS.items():
        assert set(lifecycle["polls"]) <= known, name
        listed = any(poll.startswith("list-") for poll in lifecycle["polls"])
        assert listed != (name in ("multipart-upload", "connection")), name


def test_twelvelabs__lifecycles_of_resources_exist():
    """What the document's resources name is declared here."""
    for resource in _document()["x-resources"].values():
        if "lifecycle" in resource:
            assert resource["lifecycle"] in TWELVELABS
