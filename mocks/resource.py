"""What every API does with what it stores: create, read, list, update, replace and delete.

Each behaviour is made once per operation, from the operation's role and its reply schema.
Everything is checked before anything is changed, so that a refusal leaves no trace.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from understudy.contracts.contract import Contract
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.inference import Cast, items_of, success
from understudy.mocks.kind import Kind, Paging, Role, elements, mapping
from understudy.mocks.listing import Cut, cut
from understudy.mocks.polling import polled
from understudy.mocks.provider import Behaviour
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.sampled import Sampled, sampler
from understudy.mocks.shape import Shape
from understudy.mocks.store import Resource

OBJECT_ID = re.compile("[0-9a-f]{24}")


def generic(contract: Contract, cast: Cast, name: str) -> Behaviour:
    """The behaviour that an operation's role asks for; a schema-shaped sample without a role."""
    operation = contract.operations[name]
    role = cast.roles.get(name)
    if role is None or role.kind not in cast.kinds:
        return Sampled(contract, operation)
    makers = {
        "create": Create,
        "read": Read,
        "list": List,
        "update": Update,
        "replace": Replace,
        "delete": Delete,
    }
    return makers[role.action](contract, operation, cast, role)


class _Generic:
    """What the six have in common: kind, role, and the reply on success."""

    __slots__ = ("_cast", "_media_type", "_shape", "_status", "kind", "role")

    def __init__(self, contract: Contract, operation: Operation, cast: Cast, role: Role) -> None:
        self._cast = cast
        self.kind = cast.kinds[role.kind]
        self.role = role
        self._status, self._media_type, pointer = success(contract.document, operation)
        self._shape = Shape(contract.document, pointer, sampler(contract)) if pointer else None

    def __call__(self, call: Call) -> Answer:
        raise NotImplementedError

    def _found(self, call: Call) -> Resource:
        """The resource that the path (or, without an id there, the body) names."""
        self._parent(call)
        said = call.path(self.role.id) if self.role.id else call.body.get(self.kind.id_field)
        identity = str(said)
        return found(call, self.kind, identity, call.path(self.role.parent))

    def _parent(self, call: Call) -> str | None:
        """The id of the owner that the path names; refused when there is no such owner."""
        owner = self.kind.parent
        if owner is None or not self.role.parent:
            return None
        return found(call, self._cast.kinds[owner.kind], call.path(self.role.parent)).id

    def _answer(self, call: Call, resource: Resource | None) -> Answer:
        if not self._media_type:
            return nothing(self._status)
        if self._shape is None or resource is None:
            return Answer(self._status, None, self._media_type)
        shaped = self._shape.of(viewed(call, resource), resource.id)
        return Answer(self._status, shaped, self._media_type)


class Create(_Generic):
    """Stores what the body says under a new id; several at once when the body is an array."""

    __slots__ = ()

    def __call__(self, call: Call) -> Answer:
        """The new resource as the reply shows it; refused where something unique is taken."""
        parent = self._parent(call)
        sent = call.reading.body
        bodies = [mapping(one) for one in elements(sent)] or [call.body]
        made = [prepared(call, self.kind, body, parent) for body in bodies]
        if len({resource.id for resource in made}) < len(made):
            raise Refusal(Reason.CONFLICT, f"{self.kind.id_field} occurs twice in one request")
        for resource in made:
            call.collection(self.kind.name).add(resource)
        return self._answer(call, made[0])


class Read(_Generic):
    """Shows one resource."""

    __slots__ = ()

    def __call__(self, call: Call) -> Answer:
        """The resource as it is now; refused when there is none of that id."""
        resource = self._found(call)
        if resource.task is None:
            return self._answer(call, resource)
        with polled(call, (resource,)):
            return self._answer(call, resource)


class List(_Generic):
    """Shows a page of resources, filtered and sorted as the query asks."""

    __slots__ = ("_info", "_item", "_items")

    def __init__(self, contract: Contract, operation: Operation, cast: Cast, role: Role) -> None:
        super().__init__(contract, operation, cast, role)
        document = contract.document
        pointer = self._shape.pointer if self._shape else ""
        self._items, item = items_of(document, pointer)
        self._item = Shape(document, item or self.kind.schema, sampler(contract))
        info = self._shape.pointer_of(role.paging.info) if self._shape else ""
        self._info = Shape(document, info, sampler(contract)) if info else None

    def __call__(self, call: Call) -> Answer:
        """The page; one past the end is empty."""
        self._parent(call)
        page = cut(call, self.kind, self.role)
        watched = self._watched(call, page)
        with polled(call, watched) as moved:
            if moved:
                page = cut(call, self.kind, self.role)
            members: list[Json] = [
                self._item.of(viewed(call, resource), resource.id) for resource in page.items
            ]
        if not self._items or self._shape is None:
            return Answer(self._status, members, self._media_type)
        fields: dict[str, Json] = {**page.tally, self._items: members}
        if self._info is not None:
            fields[self.role.paging.info] = self._info.of(page.tally, "")
        return Answer(self._status, self._shape.of(fields, ""), self._media_type)

    def _watched(self, call: Call, page: Cut) -> tuple[Resource, ...]:
        """What a poll of this list waits for: with a filter by status, what it leaves out too.

        Whoever asks for the ready ones until there is one would otherwise ask for ever.
        """
        lifecycle = call.provider.lifecycles.get(self.kind.lifecycle)
        if lifecycle is None or call.tenant.clock.mode != "auto":
            return page.items
        by_status = [each for each in self.role.filters if each.field == lifecycle.status_field]
        if all(call.query(each.parameter) is None for each in by_status):
            return page.items
        others = tuple(each for each in self.role.filters if each not in by_status)
        return cut(call, self.kind, replace(self.role, filters=others, paging=Paging())).items


class Update(_Generic):
    """Changes the fields that the body names and leaves the others."""

    __slots__ = ()

    def __call__(self, call: Call) -> Answer:
        """The resource after the change; its id stays what it was."""
        resource = self._found(call)
        changes = {**call.body, **mapping(dict(call.reading.query) if not call.body else {})}
        changes.pop(self.kind.id_field, None)
        unclaimed(call, self.kind, changes, resource)
        call.collection(self.kind.name).change(resource, changes, at=call.now)
        return self._answer(call, resource)


class Replace(_Generic):
    """Puts the body in the place of what was stored."""

    __slots__ = ()

    def __call__(self, call: Call) -> Answer:
        """The resource after the change; its id and its creation stay what they were."""
        resource = self._found(call)
        unclaimed(call, self.kind, call.body, resource)
        kept = {self.kind.id_field: resource.fields.get(self.kind.id_field)}
        fields = {**call.body, **kept}
        call.collection(self.kind.name).replace(resource, fields, at=call.now)
        return self._answer(call, resource)


class Delete(_Generic):
    """Removes a resource and everything that it owns."""

    __slots__ = ()

    def __call__(self, call: Call) -> Answer:
        """An empty answer, or the resource as it was where the document shows one."""
        resource = self._found(call)
        answer = self._answer(call, resource)
        discard(call, self.kind, resource, self._cast)
        return answer


def found(call: Call, kind: Kind, identity: str, parent: str = "") -> Resource:
    """The stored resource of that id, below that parent if one is named; refused otherwise."""
    if kind.id_form == "object-id" and not OBJECT_ID.fullmatch(identity):
        message = f"{kind.id_field} {identity!r} is no id: expected 24 hexadecimal digits"
        raise Refusal(Reason.MALFORMED, message)
    resource = call.collection(kind.name).get(identity)
    if resource is None or (parent and resource.parent != parent):
        message = f"there is no resource with {kind.id_field} {identity!r} in {kind.name}"
        raise Refusal(Reason.UNKNOWN, message)
    return resource


def prepared(call: Call, kind: Kind, body: Mapping[str, Json], parent: str | None) -> Resource:
    """A resource of `body`, named but not yet stored; refused where something unique is taken."""
    unclaimed(call, kind, body, None)
    given = body.get(kind.id_field)
    fields = dict(body)
    if given is None:
        given = new_id(call, kind)
    elif call.collection(kind.name).get(str(given)) is not None:
        raise Refusal(Reason.CONFLICT, f"{kind.id_field} {given!r} exists already in {kind.name}")
    fields[kind.id_field] = given
    if kind.parent is not None and parent is not None:
        fields.setdefault(kind.parent.field, parent)
    return Resource(kind.name, str(given), fields, call.now, parent)


def new_id(call: Call, kind: Kind) -> Json:
    """An id of the kind's form that the collection does not hold."""
    ids, taken = call.tenant.ids, call.collection(kind.name)
    while True:
        if kind.id_form == "integer":
            made: Json = ids.integer()
        elif kind.id_form == "uuid":
            made = ids.uuid()
        elif kind.id_form == "object-id":
            made = ids.object_id(call.now)
        elif kind.id_form == "uuid7":
            made = kind.id_prefix + ids.uuid7(call.now)
        elif kind.id_form == "snowflake":
            made = kind.id_prefix + ids.snowflake(call.now)
        else:
            made = ids.token(kind.id_form)
        if str(made) not in taken:
            return made


def unclaimed(call: Call, kind: Kind, fields: Mapping[str, Json], owner: Resource | None) -> None:
    """Refuses fields that must be unique and belong to another resource already."""
    for name in kind.unique:
        if name not in fields or (owner is not None and owner.fields.get(name) == fields[name]):
            continue
        other = call.collection(kind.name).first({name: fields[name]})
        if other is not None and other is not owner:
            message = f"{name} {fields[name]!r} is taken by another of {kind.name}"
            raise Refusal(Reason.CONFLICT, message)


def discard(call: Call, kind: Kind, resource: Resource, cast: Cast) -> None:
    """Removes a resource, and before it whatever kinds, of any edition, declare it their parent."""
    for owned in {**call.provider.kinds, **cast.kinds}.values():
        if owned.parent is None or owned.parent.kind != kind.name:
            continue
        members = call.collection(owned.name).page(where={"parent": resource.id}).items
        for member in members:
            discard(call, owned, member, cast)
    call.collection(kind.name).remove(resource)


def viewed(call: Call, resource: Resource) -> Mapping[str, Json]:
    """The resource's fields, with those that are derived when it is read."""
    kind = resource.kind
    view = call.edition.views.get(kind) or call.provider.views.get(kind)
    return {**resource.fields, **view(call, resource)} if view else resource.fields
