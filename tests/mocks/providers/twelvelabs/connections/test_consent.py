"""A drive is connected: an address is asked for, opened once by the user, and leads back."""

from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from connections_stage import DONE, ask, connect, open_address, told
from junk import shown
from stage import client_of, refused

from understudy.mocks import Fake


def test_consent__leads_back_with_a_connection(fake: Fake, api: httpx2.Client) -> None:
    """Opening the address sends the user back with the id of a connection that is there."""
    asked = ask(api, custom_id="workspace-7").json()
    assert set(asked) == {"authorize_url", "state"}
    assert parse_qs(urlsplit(asked["authorize_url"]).query) == {"state": [asked["state"]]}
    assert api.get("/connections").json()["data"] == []
    back = open_address(fake, asked["authorize_url"])
    assert back.headers["location"].startswith(f"{DONE}?connection_id=")
    assert back.content == b""
    brought = told(back)
    assert set(brought) == {"connection_id", "status", "custom_id"}
    assert (brought["status"], brought["custom_id"]) == ("ok", "workspace-7")
    made = api.get(f"/connections/{brought['connection_id']}").json()
    assert (made["provider"], made["status"]) == ("google_drive", "active")
    assert made["custom_id"] == "workspace-7"
    assert "last_used_at" not in made


def test_consent__without_label(fake: Fake, api: httpx2.Client) -> None:
    """Without a label the user brings none back, and the connection shows none."""
    brought = told(open_address(fake, ask(api).json()["authorize_url"]))
    assert set(brought) == {"connection_id", "status"}
    assert "custom_id" not in api.get(f"/connections/{brought['connection_id']}").json()


@pytest.mark.parametrize(
    ("uri", "start"),
    [
        ("http://localhost:3000/done?from=drive", "http://localhost:3000/done?from=drive&"),
        ("https://app.example", "https://app.example?"),
        ("https://app.example/done#part", "https://app.example/done?"),
    ],
)
def test_consent__keeps_the_uris_own_parts(
    fake: Fake, api: httpx2.Client, uri: str, start: str
) -> None:
    """Without registered ones any URI will do; its own query and fragment stay."""
    location = open_address(fake, ask(api, uri).json()["authorize_url"]).headers["location"]
    assert location.startswith(start)
    assert urlsplit(location).fragment == urlsplit(uri).fragment


def test_consent__refused_by_the_user(fake: Fake, api: httpx2.Client) -> None:
    """`error` in the address, or the magic word in the label: an error comes back, no more."""
    asked = ask(api).json()["authorize_url"]
    assert told(open_address(fake, f"{asked}&error=server_error")) == {"error": "server_error"}
    plain = ask(api).json()["authorize_url"]
    assert told(open_address(fake, f"{plain}&error")) == {"error": "access_denied"}
    sad = ask(api, custom_id="understudy-fail").json()["authorize_url"]
    assert told(open_address(fake, sad)) == {"error": "access_denied"}
    assert api.get("/connections").json()["data"] == []
    assert open_address(fake, sad).status_code == 403


def test_consent__works_once(fake: Fake, api: httpx2.Client) -> None:
    """The second opening is refused and connects nothing."""
    address = ask(api).json()["authorize_url"]
    assert open_address(fake, address).status_code == 302
    assert open_address(fake, address).status_code == 403
    assert api.get("/connections").json()["page_info"]["total_results"] == 1


def test_consent__expires_on_the_clock(fake: Fake, api: httpx2.Client) -> None:
    """After ten minutes the address is refused."""
    early, late = (ask(api).json()["authorize_url"] for _ in "ab")
    fake.clock.advance(599)
    assert open_address(fake, early).status_code == 302
    fake.clock.advance(1)
    assert open_address(fake, late).status_code == 403


def test_consent__wrongly_opened(fake: Fake, api: httpx2.Client) -> None:
    """Another method, another state or none: refused, and the right way still works."""
    asked = ask(api).json()
    address, bare = asked["authorize_url"], asked["authorize_url"].partition("?")[0]
    before = shown(fake)
    for method in ("POST", "HEAD", "PUT", "DELETE"):
        assert open_address(fake, address, method).status_code == 405
    for wrong in (bare, f"{bare}?state=x", f"{address}&state=x", f"{bare}?state=%FF%00"):
        assert open_address(fake, wrong).status_code == 400
    assert open_address(fake, bare + "x" + address.removeprefix(bare)).status_code == 404
    assert shown(fake) == before
    assert open_address(fake, address).status_code == 302


def test_consent__belongs_to_its_account(fake: Fake, api: httpx2.Client) -> None:
    """The connection is the asking account's, and nobody else sees it."""
    connection = connect(fake, api)
    with client_of(fake, "tlk_other") as other:
        assert other.get("/connections").json()["data"] == []
        refused(other.get(f"/connections/{connection}"), 404, "resource_not_exists")


def test_consent__on_a_port(fake: Fake, api: httpx2.Client) -> None:
    """On a port the address is one of the server itself, which opens nothing by itself."""
    root = fake.serve()
    with httpx2.Client(
        base_url=f"{root}/twelvelabs/v1.3", headers={"x-api-key": "tlk_test"}
    ) as wired:
        address = ask(wired).json()["authorize_url"]
        assert address.startswith(f"{root}/_media/")
        back = httpx2.get(address)
        assert told(back)["status"] == "ok"
        assert wired.get("/connections").json()["page_info"]["total_results"] == 1


def test_consent__after_going_back(fake: Fake, api: httpx2.Client) -> None:
    """An address outlives going back to a snapshot in which nobody had opened it."""
    address = ask(api).json()["authorize_url"]
    snapshot = fake.snapshot()
    first = told(open_address(fake, address))
    fake.restore(snapshot)
    assert api.get("/connections").json()["data"] == []
    assert told(open_address(fake, address)) == first
    assert len(api.get("/connections").json()["data"]) == 1
    fake.reset()
    assert open_address(fake, address).status_code in (403, 404)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"redirect_uri": DONE},
        {"provider": "google_drive"},
        {"provider": "dropbox", "redirect_uri": DONE},
        {"provider": "google_drive", "redirect_uri": "ferry"},
        {"provider": "google_drive", "redirect_uri": "javascript:alert(1)"},
        {"provider": "google_drive", "redirect_uri": "https://app.example/\r\nx: y"},
        {"provider": "google_drive", "redirect_uri": "https://app.example/é"},
        {"provider": "google_drive", "redirect_uri": "https://"},
        {"provider": "google_drive", "redirect_uri": DONE, "custom_id": ""},
        {"provider": "google_drive", "redirect_uri": DONE, "custom_id": "a b"},
        {"provider": "google_drive", "redirect_uri": DONE, "custom_id": "a" * 65},
        {"provider": "google_drive", "redirect_uri": DONE, "custom_id": None},
    ],
)
def test_consent__bad_request(fake: Fake, api: httpx2.Client, body: object) -> None:
    """What cannot be meant asks nobody for anything."""
    connect(fake, api)
    before = shown(fake)
    response = api.post("/connections:authorize", json=body)
    assert response.status_code == 400, response.text
    assert "docs_url" in response.json()
    assert shown(fake) == before


def test_authorize__routes_beside_connections(fake: Fake, api: httpx2.Client) -> None:
    """Trap: `/connections:authorize` is no `/connections/{id}`, and `redirect-uris` is no id."""
    assert api.get("/connections:authorize").status_code == 405
    assert api.get("/connections/redirect-uris").json()["data"] == []
    refused(api.get("/connections/authorize"), 400, "parameter_invalid")
    refused(api.get("/connections/:authorize"), 400, "parameter_invalid")
    assert api.post("/connections%3Aauthorize", json={}).status_code == 400


@pytest.mark.parametrize("elsewhere", [False, True])
def test_consent__is_asked_for_before_a_snapshot(
    fake: Fake, api: httpx2.Client, elsewhere: bool
) -> None:
    """The user may take as long as a test that goes on in another process; one answer is one."""
    open_one, answered = (ask(api).json()["authorize_url"] for _ in range(2))
    told(open_address(fake, answered))
    snapshot = fake.snapshot()
    since = ask(api).json()["authorize_url"]
    other = Fake("twelvelabs", time="manual") if elsewhere else fake
    with other:
        other.restore(snapshot)
        assert told(open_address(other, open_one))["status"] == "ok"
        assert open_address(other, answered).status_code == 403
        assert open_address(other, since).status_code == 404
