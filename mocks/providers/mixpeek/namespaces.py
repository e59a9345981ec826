"""Namespaces: worlds within an account whose collections do not see each other."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import texts
from understudy.mocks.providers.mixpeek.collections import discard
from understudy.mocks.providers.mixpeek.errors import rule, unknown
from understudy.mocks.providers.mixpeek.models import LENGTHS, SHORT, TAKES
from understudy.mocks.providers.mixpeek.scope import DEFAULT, DEFAULT_NAME, named
from understudy.mocks.providers.mixpeek.tasks import deletion
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource

FIELDS = ("keyword", "integer", "float", "bool", "geo", "datetime", "text", "uuid")


def create_namespace(call: Call) -> Answer:
    """Stores a namespace under a name that no other has."""
    name = call.field("namespace_name")
    _free(call, name, None)
    models = list(texts(call.body.get("vector_indexes") or call.body.get("embedding_models")))
    fields: dict[str, Json] = {
        "namespace_name": name,
        "vector_indexes": list(models),
        "embedding_models": list(models),
        "payload_indexes": call.body.get("payload_indexes"),
    }
    made = prepared(call, call.edition.cast.kinds["namespaces"], fields, None)
    call.collection("namespaces").add(made)
    return Answer(200, made.fields)


def list_namespaces(call: Call) -> Answer:
    """Every namespace, the oldest first."""
    return Answer(200, [each.fields for each in call.collection("namespaces")])


def read_namespace(call: Call) -> Answer:
    """One namespace."""
    return Answer(200, _found(call).fields)


def update_namespace(call: Call) -> Answer:
    """Gives a namespace another name and other indexed fields."""
    namespace = _found(call)
    name = call.field("namespace_name")
    _free(call, name, namespace)
    changes: dict[str, Json] = {"namespace_name": name}
    if "payload_indexes" in call.body:
        changes["payload_indexes"] = call.body["payload_indexes"]
    call.collection("namespaces").change(namespace, changes, at=call.now)
    return Answer(200, namespace.fields)


def delete_namespace(call: Call) -> Answer:
    """Removes a namespace with its collections."""
    namespace = _found(call)
    for collection in call.collection("collections").page(where={"parent": namespace.id}).items:
        discard(call, collection)
    call.collection("namespaces").remove(namespace)
    return deletion(call, "Namespace", str(namespace.fields["namespace_name"]))


def list_indexes(call: Call) -> Answer:
    """Which models there are, under their short names and their own."""
    short = {name: _details(name) for name in LENGTHS}
    own = {
        name: _details(model) for name, model in SHORT.items() if name not in (*LENGTHS, "video")
    }
    indexes: Json = [{"type": name} for name in FIELDS]
    return Answer(
        200, {"vector_indexes": short, "embedding_models": own, "payload_indexes": indexes}
    )


def _details(model: str) -> Mapping[str, Json]:
    kind = "sparse" if LENGTHS[model] is None else "dense"
    return {
        "supported_modalities": list(TAKES[model]),
        "vector_type": kind,
        "size": LENGTHS[model],
    }


def _found(call: Call) -> Resource:
    name = call.path("namespace")
    namespace = named(call, name)
    if namespace is None:
        raise unknown(f"there is no namespace {name!r}")
    return namespace


def _free(call: Call, name: str, owner: Resource | None) -> None:
    other = named(call, name)
    if name in (DEFAULT, DEFAULT_NAME) or (other is not None and other is not owner):
        raise rule(f"namespace_name {name!r} is taken; every namespace has a name of its own")
