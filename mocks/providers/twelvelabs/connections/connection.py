"""Connections: accesses to drives that begin by a consent, are used, and end."""

from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.kind import texts
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.resource import found
from understudy.mocks.store import Resource
from understudy.mocks.task import Outcome, Plan, Task
from understudy.mocks.tenant import Tenant

KIND = "connections"
TOKEN_LASTS = 3600


def begin(tenant: Tenant, lifecycle: Lifecycle, connection: Resource) -> None:
    """Stores a new connection, which is active until a decision ends it."""
    held = tenant.collection("twelvelabs", KIND)
    held.add(connection)
    plan = Plan.of(lifecycle, outcome=Outcome(stuck=True))
    Task.begin(connection, plan, collection=held, agenda=tenant.agenda)


def connection_of(call: Call) -> Resource:
    """The connection that the path names; refused otherwise."""
    return found(call, call.edition.cast.kinds[KIND], call.path("connection_id"))


def active_connection(call: Call) -> Resource:
    """The same, refused with 409 where it is no longer active."""
    connection = connection_of(call)
    status = connection.fields["status"]
    if status != "active":
        message = f"connection {connection.id} is {status}; let the user authorize a new one"
        raise refuse("connection_not_active", message, status=409)
    return connection


def use(call: Call, connection: Resource) -> None:
    """Notes that the connection is used now."""
    call.collection(KIND).change(connection, {"last_used_at": stamp(call.now)})


def picker_token(call: Call) -> Answer:
    """A token for the drive's file picker, which nothing here ever reads."""
    connection = active_connection(call)
    use(call, connection)
    token: dict[str, Json] = {
        "access_token": call.tenant.ids.token("understudy-picker-"),
        "expires_in": TOKEN_LASTS,
        "scope": " ".join(texts(connection.fields["scopes"])),
        "app_id": "104857600012",
        "developer_key": "understudy-developer",
    }
    return Answer(200, token)
