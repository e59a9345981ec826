"""In which namespace a call acts, and which collections there it names."""

from understudy.mocks.call import Call
from understudy.mocks.kind import text, texts
from understudy.mocks.providers.mixpeek.errors import unknown
from understudy.mocks.store import Resource

DEFAULT, DEFAULT_NAME = "ns_default", "default"


def scope(call: Call) -> str:
    """The id of the namespace that the header names; refused when there is none of that name."""
    name = text(call.reading.header.get("X-Namespace"))
    if name in ("", DEFAULT, DEFAULT_NAME):
        return DEFAULT
    namespace = named(call, name)
    if namespace is None:
        raise unknown(f"X-Namespace is {name!r}, but there is no such namespace; create it first")
    return namespace.id


def named(call: Call, name: str) -> Resource | None:
    """The namespace of that id or name, if there is one."""
    namespaces = call.collection("namespaces")
    return namespaces.get(name) or namespaces.first({"namespace_name": name})


def collection_of(call: Call, namespace: str, name: str) -> Resource | None:
    """The collection of that name or id in a namespace, if there is one."""
    stored = call.collection("collections")
    for field in ("collection_id", "collection_name"):
        found = stored.first({"parent": namespace, field: name})
        if found is not None:
            return found
    return None


def collections_of(call: Call) -> tuple[str, ...]:
    """What a list asks for, as the ids under which collections are stored.

    One that does not exist has no members, and is none.
    """
    namespace = scope(call)
    asked = texts(call.body.get("collections")) or texts(call.body.get("collection_ids"))
    found = (collection_of(call, namespace, name) for name in asked)
    return tuple(dict.fromkeys(each.id for each in found if each is not None))


def member(call: Call, kind: str, identity: str) -> Resource:
    """The asset or feature of that id in the call's namespace; refused when there is none."""
    namespace = scope(call)
    resource = call.collection(kind).get(identity)
    home = resource and call.collection("collections").get(resource.parent or "")
    if resource is None or home is None or home.parent != namespace:
        noun = kind.removesuffix("s")
        raise unknown(f"there is no {noun} with the {noun}_id {identity!r}")
    return resource
