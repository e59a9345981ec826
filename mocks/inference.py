"""Reads from an OpenAPI document which resources it has and what each operation does to them.

What the document declares (`x-resources`, `x-resource`, `x-paging`, `x-filter`) is taken as
said. The rest is inferred from paths and schemas: `/pets` with `/pets/{petId}` is a
collection, POST makes a member, GET lists, and so on. An operation that fits nothing gets
no role, and answers with a sample of its schema.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from understudy.contracts.document import Document
from understudy.contracts.json import Json
from understudy.contracts.operation import Action, Operation
from understudy.mocks.kind import (
    Filter,
    Kind,
    Match,
    Paging,
    Parent,
    Role,
    elements,
    kind_of,
    mapping,
    paging_of,
    role_of,
    text,
)

PAGES = ("page", "page_number", "pageNumber")
OFFSETS = ("offset", "skip", "start")
TOKENS = ("cursor", "page_token", "pageToken", "next_token", "after")
LIMITS = ("limit", "page_limit", "per_page", "perPage", "page_size", "pageSize", "max_results")
CREATED = ("created_at", "createdAt", "created", "creation_date", "date_created")
UPDATED = ("updated_at", "updatedAt", "updated", "modified_at", "last_modified")
ITEM_ACTIONS: Mapping[str, Action] = {
    "GET": "read",
    "PUT": "replace",
    "PATCH": "update",
    "POST": "update",
    "DELETE": "delete",
}
SEARCHES: Mapping[str, Action] = {"GET": "list", "POST": "create"}


@dataclass(frozen=True, slots=True)
class Cast:
    """The kinds of a document, and the role of each operation that has one."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)


def infer(document: Document, operations: Mapping[str, Operation]) -> Cast:
    """Kinds and roles of a document: declared ones first, inferred ones where none is declared."""
    declared = {
        name: kind_of(name, mapping(entry))
        for name, entry in mapping(document.root.get("x-resources")).items()
    }
    kinds, roles = (declared, {}) if declared else _inferred(document, operations)
    for operation in operations.values():
        said = mapping(operation.extensions.get("x-resource"))
        if said:
            paging = paging_of(mapping(operation.extensions.get("x-paging")))
            roles[operation.id] = role_of(said, paging, tuple(_filters(document, operation)))
    return Cast(kinds, roles)


def success(document: Document, operation: Operation) -> tuple[int, str, str]:
    """The status, media type and schema pointer of the answer when all goes well.

    The media type is empty for an answer without a body, the pointer for one without a schema.
    """
    place = f"{operation.pointer}/responses"
    responses = mapping(document.at(place))
    for code in (*sorted(code for code in responses if code[:1] == "2"), "default"):
        if code not in responses:
            continue
        response, pointer = document.resolve(responses[code], f"{place}/{code}")
        status = int(code) if code.isdigit() else 200
        media = mapping(mapping(response).get("content"))
        for media_type in sorted(media, key=lambda name: "json" not in name):
            schema = f"{pointer}/content/{escaped(media_type)}/schema"
            return status, media_type, schema if "schema" in mapping(media[media_type]) else ""
        return status, "", ""
    return 200, "", ""


def escaped(token: str) -> str:
    """`token` as one step of a JSON pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def parameters(document: Document, operation: Operation) -> Iterator[Mapping[str, Json]]:
    """Every parameter of the operation: its own, and its path's where it has none of that name."""
    seen: set[tuple[str, str]] = set()
    path = operation.pointer.rpartition("/")[0]
    for holder in (operation.pointer, path):
        for node in elements(mapping(document.at(holder)).get("parameters")):
            parameter = mapping(document.resolve(node)[0])
            key = (text(parameter.get("in")), text(parameter.get("name")))
            if key not in seen:
                seen.add(key)
                yield parameter


def _inferred(
    document: Document, operations: Mapping[str, Operation]
) -> tuple[dict[str, Kind], dict[str, Role]]:
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations.values():
        by_path.setdefault(operation.template, {})[operation.method] = operation
    collections = _collections(by_path)
    kinds: dict[str, Kind] = {}
    roles: dict[str, Role] = {}
    for path, member in collections.items():
        kind = _kind(document, path, member, by_path, collections)
        kinds[kind.name] = kind
        parent = _last_parameter(path) if kind.parent else ""
        for method, operation in by_path.get(path, {}).items():
            action = _collection_action(method)
            if action:
                roles[operation.id] = _role(document, operation, kind, action, "", parent)
        for method, operation in by_path.get(member, {}).items():
            if method in ITEM_ACTIONS:
                identity = _last_parameter(member)
                action = ITEM_ACTIONS[method]
                roles[operation.id] = _role(document, operation, kind, action, identity, parent)
        _searches(document, kind, path, by_path, roles)
    return kinds, roles


def _collections(by_path: Mapping[str, Mapping[str, Operation]]) -> dict[str, str]:
    """Collection path to member path: `/pets` to `/pets/{petId}`."""
    found: dict[str, str] = {}
    for path in by_path:
        head, _, last = path.rstrip("/").rpartition("/")
        if last.startswith("{") and last.endswith("}") and head and not head.endswith("}"):
            found.setdefault(head, path)
    for path, methods in by_path.items():
        if not path.endswith("}") and {"GET", "POST"} <= set(methods):
            found.setdefault(path, f"{path}/{{}}")
    return found


def _collection_action(method: str) -> Action | None:
    actions: Mapping[str, Action] = {"GET": "list", "POST": "create", "PUT": "replace"}
    return actions.get(method)


def _kind(
    document: Document,
    path: str,
    member: str,
    by_path: Mapping[str, Mapping[str, Operation]],
    collections: Mapping[str, str],
) -> Kind:
    schema = _item_schema(document, by_path.get(path, {}), by_path.get(member, {}))
    properties = property_names(document, schema)
    owner = _owner(path, collections)
    identity = _id_field(path, _last_parameter(member), properties)
    return Kind(
        name=path,
        schema=schema,
        id_field=identity,
        id_form=_id_form(document, schema, identity),
        created=next((name for name in CREATED if name in properties), ""),
        updated=next((name for name in UPDATED if name in properties), ""),
        parent=Parent(owner, _last_parameter(path)) if owner else None,
    )


def _owner(path: str, collections: Mapping[str, str]) -> str:
    """The collection whose member path is the nearest prefix of `path`: `/owners/{id}/pets`."""
    head = path.rpartition("/")[0]
    return next((name for name, member in collections.items() if member == head), "")


def _last_parameter(path: str) -> str:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{") and part.endswith("}")]
    return names[-1] if names else ""


def _item_schema(
    document: Document, collection: Mapping[str, Operation], member: Mapping[str, Operation]
) -> str:
    """Where the document shows one member: the answer to GET on it, else an item of the list."""
    for methods, method in ((member, "GET"), (collection, "POST"), (member, "PUT")):
        if method in methods:
            pointer = success(document, methods[method])[2]
            if pointer and "properties" in _flat(document, pointer):
                return pointer
    if "GET" in collection:
        _, pointer = items_of(document, success(document, collection["GET"])[2])
        return pointer
    return ""


def items_of(document: Document, pointer: str) -> tuple[str, str]:
    """The property that holds a list's members (empty for a bare array) and the members' schema."""
    if not pointer:
        return "", ""
    schema, place = _resolved(document, pointer)
    if "items" in schema:
        return "", f"{place}/items"
    for name in mapping(schema.get("properties")):
        inner, at = _resolved(document, f"{place}/properties/{escaped(name)}")
        if "items" in inner and "properties" in _flat(document, f"{at}/items"):
            return name, f"{at}/items"
    return "", ""


def _resolved(document: Document, pointer: str) -> tuple[Mapping[str, Json], str]:
    node, place = document.resolve(document.at(pointer), pointer)
    return mapping(node), place


def _flat(document: Document, pointer: str) -> Mapping[str, Json]:
    """The schema with the properties of its `allOf` members merged in."""
    schema, place = _resolved(document, pointer)
    merged: dict[str, Json] = dict(mapping(schema.get("properties")))
    for number, _ in enumerate(elements(schema.get("allOf"))):
        merged.update(mapping(_flat(document, f"{place}/allOf/{number}").get("properties")))
    return {**schema, "properties": merged} if merged else schema


def property_names(document: Document, pointer: str) -> Mapping[str, Json]:
    """The properties of a schema, those of its `allOf` members included."""
    return mapping(_flat(document, pointer).get("properties")) if pointer else {}


def _id_field(path: str, parameter: str, properties: Mapping[str, Json]) -> str:
    noun = path.rpartition("/")[2].rstrip("s")
    for candidate in (parameter, "id", "_id", f"{noun}_id", f"{noun}Id", "uuid", "name"):
        if candidate and candidate in properties:
            return candidate
    return parameter or "id"


def _id_form(document: Document, schema: str, identity: str) -> str:
    node = mapping(document.resolve(property_names(document, schema).get(identity))[0])
    if node.get("type") == "integer":
        return "integer"
    return "uuid" if node.get("format") == "uuid" else ""


def _role(
    document: Document, operation: Operation, kind: Kind, action: Action, identity: str, parent: str
) -> Role:
    paging = _paging(document, operation) if action == "list" else Paging()
    filters = tuple(_filters(document, operation, kind)) if action == "list" else ()
    return Role(kind.name, action, identity, parent, paging, filters)


def _paging(document: Document, operation: Operation) -> Paging:
    names = {text(p.get("name")) for p in parameters(document, operation) if p.get("in") == "query"}
    items, _ = items_of(document, success(document, operation)[2])
    limit = next((name for name in LIMITS if name in names), "limit")
    if page := next((name for name in PAGES if name in names), ""):
        return Paging("page-number", page, limit, items=items)
    if offset := next((name for name in OFFSETS if name in names), ""):
        return Paging("offset", offset, limit, items=items)
    token = next((name for name in TOKENS if name in names), "")
    if token or limit in names:
        return Paging("token" if token else "offset", token or "offset", limit, items=items)
    return Paging(items=items)


def _filters(
    document: Document, operation: Operation, kind: Kind | None = None
) -> Iterator[Filter]:
    """Filters that parameters declare; for an inferred kind, those named like a property."""
    known = property_names(document, kind.schema) if kind else {}
    for parameter in parameters(document, operation):
        name = text(parameter.get("name"))
        said = mapping(parameter.get("x-filter"))
        if said:
            match: Match = text(said.get("match"), "equals")  # type: ignore[assignment]
            yield Filter(name, text(said.get("field"), name), match)
        elif parameter.get("in") == "query" and name in known:
            schema = mapping(document.resolve(parameter.get("schema"))[0])
            yield Filter(name, name, "any-of" if schema.get("type") == "array" else "equals")


def _searches(
    document: Document,
    kind: Kind,
    path: str,
    by_path: Mapping[str, Mapping[str, Operation]],
    roles: dict[str, Role],
) -> None:
    """`GET /pets/findByStatus`, which answers a list of pets, lists them too; and
    `POST /pets/createWithList`, which takes a list of pets, creates them."""
    wanted = _resolved(document, kind.schema)[1] if kind.schema else ""
    for other, methods in by_path.items():
        head, _, last = other.rpartition("/")
        if head != path or last.startswith("{") or not wanted:
            continue
        for method, action in SEARCHES.items():
            operation = methods.get(method)
            if operation is None or operation.id in roles:
                continue
            shown = (
                success(document, operation)[2] if method == "GET" else _sent(document, operation)
            )
            _, pointer = items_of(document, shown)
            if pointer and _resolved(document, pointer)[1] == wanted:
                roles[operation.id] = _role(document, operation, kind, action, "", "")


def _sent(document: Document, operation: Operation) -> str:
    """Where the schema of the JSON body that an operation takes stands; empty without one."""
    body = mapping(document.at(operation.pointer)).get("requestBody")
    node, place = document.resolve(body, f"{operation.pointer}/requestBody")
    for media_type in mapping(mapping(node).get("content")):
        if "json" in media_type:
            return f"{place}/content/{escaped(media_type)}/schema"
    return ""
