"""The account: its users, their keys, and what was used."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.mixpeek.errors import rule, unknown
from understudy.mocks.providers.mixpeek.moments import zoneless
from understudy.mocks.store import Resource

FOUNDED = datetime(2024, 12, 1, tzinfo=UTC).timestamp()
"""When the account came to be."""

CREDITS = 1000
"""What a free account begins with (SDK 0.14.0)."""


def read_organization(call: Call) -> Answer:
    """The account with its users; each ingestion has cost one credit."""
    users: list[Json] = [user.fields for user in call.collection("users")]
    used = sum(1 for _ in _spent(call))
    return Answer(
        200,
        {
            "organization_id": "org_understudy",
            "organization_name": "Understudy",
            "internal_id": "int_understudy",
            "account_type": "free",
            "credit_count": max(0, CREDITS - used),
            "metadata": {},
            "created_at": zoneless(FOUNDED),
            "users": users,
        },
    )


def read_usage(call: Call) -> Answer:
    """Credits by day and by what was done."""
    spent = Counter(_spent(call))
    dates: list[Json] = []
    for day in sorted({date for date, _ in spent}):
        actions = {action: count for (date, action), count in spent.items() if date == day}
        shown: list[Json] = [{"action": name, "credits": actions[name]} for name in sorted(actions)]
        dates.append({"date": day, "credits": sum(actions.values()), "actions": shown})
    return Answer(200, {"total_credits": spent.total(), "dates": dates})


def add_user(call: Call) -> Answer:
    """Stores a user under an address that no other has."""
    email = call.field("email")
    users = call.collection("users")
    if users.get(email) is not None:
        raise rule(f"email {email!r} belongs to a user of the account already")
    fields: dict[str, Json] = {
        "email": email,
        "user_id": call.field("user_id") or call.tenant.ids.uuid(),
        "api_keys": [dict(mapping(key)) for key in elements(call.body.get("api_keys"))],
        "metadata": dict(mapping(call.body.get("metadata"))),
        "created_at": zoneless(call.now),
    }
    return Answer(200, users.add(Resource("users", email, fields, call.now)).fields)


def read_user(call: Call) -> Answer:
    """One user with the keys."""
    return Answer(200, _user(call).fields)


def delete_user(call: Call) -> Answer:
    """Removes a user and the keys."""
    user = _user(call)
    call.collection("users").remove(user)
    return Answer(200, {"message": f"User {user.id} was removed"})


def create_api_key(call: Call) -> Answer:
    """Makes a key; it is shown, and opens nothing here."""
    user = _user(call)
    name = text(call.query("key_name"), "default")
    _free(user, name, None)
    key: dict[str, Json] = {
        "key": call.tenant.ids.token("sk-understudy-"),
        "name": name,
        "created_at": zoneless(call.now),
        "permissions": ["read", "write"],
    }
    _keep(call, user, [*_keys(user), key])
    return Answer(200, key)


def update_api_key(call: Call) -> Answer:
    """Changes name and permissions of a key, as far as the body names them."""
    user, key = _key(call)
    said = {name: call.body.get(name) for name in ("name", "permissions")}
    changes = {name: value for name, value in said.items() if value is not None}
    if "name" in changes:
        _free(user, text(changes["name"]), key)
    made: Mapping[str, Json] = {**key, **changes}
    _keep(call, user, [made if each is key else each for each in _keys(user)])
    return Answer(200, made)


def delete_api_key(call: Call) -> Answer:
    """Removes a key."""
    user, key = _key(call)
    _keep(call, user, [each for each in _keys(user) if each is not key])
    return Answer(200, {"message": f"API key {key.get('name')} was deleted"})


def _spent(call: Call) -> Iterator[tuple[str, str]]:
    """Day and action of each ingestion."""
    for task in call.collection("tasks"):
        action = text(task.hidden.get("action"))
        if action:
            yield zoneless(task.created)[:10], action


def _user(call: Call) -> Resource:
    email = call.path("user_email")
    user = call.collection("users").get(email)
    if user is None:
        raise unknown(f"there is no user {email!r}")
    return user


def _keys(user: Resource) -> list[Mapping[str, Json]]:
    return [mapping(key) for key in elements(user.fields["api_keys"])]


def _key(call: Call) -> tuple[Resource, Mapping[str, Json]]:
    user, name = _user(call), call.path("key_name")
    for key in _keys(user):
        if key.get("name") == name:
            return user, key
    raise unknown(f"the user {user.id!r} has no API key {name!r}")


def _keep(call: Call, user: Resource, keys: list[Mapping[str, Json]]) -> None:
    call.collection("users").change(user, {"api_keys": list(keys)}, at=call.now)


def _free(user: Resource, name: str, owner: Mapping[str, Json] | None) -> None:
    if any(key.get("name") == name and key is not owner for key in _keys(user)):
        raise rule(f"key_name {name!r} is taken by another key of the user {user.id!r}")
