"""Connections: listed, read, used for picker tokens while they are active, and cut."""

from datetime import datetime, timedelta

import httpx2
import pytest
from connections_stage import FILE, SOON, connect, fetch
from junk import shown
from stage import NOBODY, client_of, refused

from understudy.mocks import Fake
from understudy.mocks.snapshot import Snapshot

LISTS = [("GET", "/imports")]
YEAR = 365 * 24 * 3600.0


def status_of(api: httpx2.Client, connection: str) -> str:
    return str(api.get(f"/connections/{connection}").json()["status"])


def test_connections__newest_first(fake: Fake, api: httpx2.Client) -> None:
    """Page by page, with every field that reading one shows."""
    made = []
    for _ in range(3):
        made.append(connect(fake, api))
        fake.clock.advance(1)
    page = api.get("/connections", params={"page_limit": 2}).json()
    assert [each["_id"] for each in page["data"]] == [made[2], made[1]]
    assert page["data"][0] == api.get(f"/connections/{made[2]}").json()
    assert api.get("/connections", params={"page": 2}).json()["data"] == []


def test_connection__label_stands_for_an_account(fake: Fake, api: httpx2.Client) -> None:
    """The same label is the same user's drive again, another one another's."""
    ids = [connect(fake, api, custom_id=label) for label in ("a", "a", "b")]
    accounts = [api.get(f"/connections/{each}").json()["account"] for each in ids]
    assert accounts[0] == accounts[1] != accounts[2]
    assert len(accounts[0]["external_id"]) == 21


def test_picker_token__while_active(fake: Fake, api: httpx2.Client) -> None:
    """A token comes with what the picker needs, and counts as a use; each is another one."""
    connection = connect(fake, api)
    fake.clock.advance(90)
    first, second = (api.post(f"/connections/{connection}/picker-token") for _ in "ab")
    assert first.status_code == 200
    token = first.json()
    assert set(token) == {"access_token", "expires_in", "scope", "app_id", "developer_key"}
    assert token["expires_in"] == 3600
    assert token["access_token"] != second.json()["access_token"]
    found = api.get(f"/connections/{connection}").json()
    assert token["scope"].split() == found["scopes"]
    used, made = (datetime.fromisoformat(found[name]) for name in ("last_used_at", "connected_at"))
    assert used - made == timedelta(seconds=90)


def test_connection__expires_by_decision(fake: Fake, api: httpx2.Client) -> None:
    """Expired by a test's decision: no token, no import; it can still be read and cut."""
    connection = connect(fake, api)
    fake.decide({"_id": connection})
    assert status_of(api, connection) == "expired"
    before = shown(fake)
    refused(api.post(f"/connections/{connection}/picker-token"), 409, "connection_not_active")
    refused(fetch(api, connection, FILE), 409, "connection_not_active")
    assert shown(fake) == before
    assert api.get(f"/connections/{connection}/imports").json()["data"] == []
    assert api.delete(f"/connections/{connection}").status_code == 204


def test_connection__revoked_by_decision(fake: Fake, api: httpx2.Client) -> None:
    """A test can have the user take the access back."""
    connection = connect(fake, api)
    fake.decide({"_id": connection}, "fail")
    assert status_of(api, connection) == "revoked"
    refused(api.post(f"/connections/{connection}/picker-token"), 409, "connection_not_active")


def test_connection__is_no_work(fake: Fake, api: httpx2.Client) -> None:
    """Neither years nor running until nothing is left to do end a connection."""
    connection = connect(fake, api)
    fetch(api, connection, FILE)
    fake.clock.run_until_idle()
    fake.clock.advance(10 * YEAR)
    assert status_of(api, connection) == "active"


@pytest.mark.parametrize("time", ["auto", "manual"])
def test_connection__looking_does_not_end_it(time: str) -> None:
    """However often it is read, on a port too, a connection stays what it is."""
    with Fake("twelvelabs", time=time) as fake, client_of(fake, "tlk_test") as api:  # type: ignore[arg-type]
        connection = connect(fake, api)
        for _ in range(30):
            assert status_of(api, connection) == "active"
        with httpx2.Client(
            base_url=f"{fake.serve()}/twelvelabs/v1.3", headers={"x-api-key": "tlk_test"}
        ) as wired:
            for _ in range(3):
                assert status_of(wired, connection) == "active"
                assert wired.get("/connections").json()["data"][0]["status"] == "active"


def test_connection__cut_keeps_assets(fake: Fake, api: httpx2.Client) -> None:
    """Its imports are forgotten, what came in stays; a new one knows the files again."""
    connection = connect(fake, api)
    [item] = fetch(api, connection, FILE).json()["items"]
    fake.clock.advance(SOON)
    assert api.delete(f"/connections/{connection}").status_code == 204
    refused(api.get(f"/connections/{connection}"), 404, "resource_not_exists")
    refused(api.get(f"/connections/{connection}/imports"), 404, "resource_not_exists")
    assert api.get(f"/assets/{item['asset_id']}").json()["status"] == "ready"
    [again] = fetch(api, connect(fake, api), FILE).json()["items"]
    assert (again["action"], again["asset_id"]) == ("skipped", item["asset_id"])


def test_connection__unknown(api: httpx2.Client) -> None:
    """Ids of the right form that nothing has, and texts that are no ids."""
    for method, end in (
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/picker-token"),
        ("GET", "/imports"),
    ):
        refused(api.request(method, f"/connections/{NOBODY}{end}"), 404, "resource_not_exists")
        refused(api.request(method, f"/connections/x{end}"), 400, "parameter_invalid")


def test_connection__snapshot_in_the_middle(fake: Fake, api: httpx2.Client) -> None:
    """Another fake goes on with the connection, its use, and the files on their way."""
    connection = connect(fake, api, custom_id="a")
    made = fetch(api, connection, FILE).json()
    fake.clock.advance(1)
    snapshot = Snapshot.read(fake.snapshot().whole)
    with Fake("twelvelabs", time="manual") as other, client_of(other, "tlk_test") as elsewhere:
        other.restore(snapshot)
        path = f"/connections/{connection}/imports/{made['_id']}"
        for seconds in (0.0, SOON, 1.0):
            for each in (fake, other):
                each.clock.advance(seconds)
                if seconds == 1.0:
                    each.decide({"_id": connection})
            assert elsewhere.get(path).json() == api.get(path).json()
            assert status_of(elsewhere, connection) == status_of(api, connection)
        assert elsewhere.get(path).json()["items"][0]["status"] == "ready"
        assert status_of(elsewhere, connection) == "expired"
