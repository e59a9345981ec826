"""Imports: files of a drive become assets, each for itself, and each only once."""

import httpx2
import pytest
from connections_stage import FILE, SOON, connect, fetch
from hypothesis import given, settings
from hypothesis import strategies as st
from junk import shown
from stage import NOBODY, ONE_FAKE, refused

from understudy.mocks import Fake

UNFIT = "price-list.xlsx"
MISSING = "understudy-unknown-1"
SICK = "understudy-fail-1"


@pytest.fixture
def connection(fake: Fake, api: httpx2.Client) -> str:
    return connect(fake, api, custom_id="workspace-7")


def actions(response: httpx2.Response) -> list[str]:
    """What is done about each file."""
    assert response.status_code == 202, response.text
    return [each["action"] for each in response.json()["items"]]


def test_import__makes_assets(fake: Fake, api: httpx2.Client, connection: str) -> None:
    """A file is an asset that comes by a connector and tells where from; it gets ready."""
    told = fetch(api, connection, FILE)
    assert told.status_code == 202
    [item] = told.json()["items"]
    assert (item["source_id"], item["action"], item["status"]) == (FILE, "created", "processing")
    assert told.json()["has_failures"] is False
    asset = api.get(f"/assets/{item['asset_id']}").json()
    assert (asset["method"], asset["status"]) == ("connector", "processing")
    details = asset["source"]["details"]
    assert asset["source"]["type"] == "connector"
    assert (details["provider"], details["source_id"]) == ("google_drive", FILE)
    assert details["original_filename"] == asset["filename"]
    assert FILE in details["source_link"]
    fake.clock.advance(SOON)
    ready = api.get(f"/assets/{item['asset_id']}").json()
    assert (ready["status"], ready["source"]) == ("ready", asset["source"])


def test_import__kinds_by_name(fake: Fake, api: httpx2.Client, connection: str) -> None:
    """An id that is a file name tells the kind; any other is a video."""
    names = ["a.mp4", "b.mp3", "c.png", "d.pdf", FILE]
    assert actions(fetch(api, connection, *names)) == ["created"] * 5
    fake.clock.advance(SOON)
    kinds = {"video": 2, "audio": 1, "image": 1, "document": 1}
    for kind, count in kinds.items():
        page = api.get("/assets", params={"asset_types": kind}).json()
        assert page["page_info"]["total_results"] == count


def test_import__actions(fake: Fake, api: httpx2.Client, connection: str) -> None:
    """Trap: created, skipped, retried and rejected in one answer, a 202, in request order."""
    first = fetch(api, connection, FILE, SICK)
    assert actions(first) == ["created", "created"]
    fake.clock.advance(SOON)
    second = fetch(api, connection, UNFIT, SICK, "c.png", FILE, MISSING)
    assert actions(second) == ["rejected", "retried", "created", "skipped", "rejected"]
    body = second.json()
    assert body["has_failures"] is True
    unfit, sick, picture, known, missing = body["items"]
    assert known == {**first.json()["items"][0], "action": "skipped", "status": "ready"}
    assert sick == {**first.json()["items"][1], "action": "retried", "status": "processing"}
    for each in (unfit, missing):
        assert set(each) == {"source_id", "action", "error"}
        assert set(each["error"]) == {"code", "message"}
    assert unfit["error"]["code"] != missing["error"]["code"]
    assert picture["status"] == "processing"


def test_import__none_can_be(fake: Fake, api: httpx2.Client, connection: str) -> None:
    """An import of which nothing comes is accepted, and remembered."""
    told = fetch(api, connection, UNFIT)
    assert actions(told) == ["rejected"]
    assert api.get("/assets").json()["data"] == []
    path = f"/connections/{connection}/imports/{told.json()['_id']}"
    assert api.get(path).json()["items"] == told.json()["items"]


def test_import__skipped_while_on_its_way(api: httpx2.Client, connection: str) -> None:
    """A file that is being fetched is not fetched twice."""
    [one] = fetch(api, connection, FILE).json()["items"]
    [two] = fetch(api, connection, FILE).json()["items"]
    assert two == {**one, "action": "skipped"}
    assert api.get("/assets").json()["page_info"]["total_results"] == 1


def test_import__retried_goes_its_way_anew(fake: Fake, api: httpx2.Client, connection: str) -> None:
    """A file whose fetching failed is fetched again into the same asset, and may come in then."""
    [item] = fetch(api, connection, FILE).json()["items"]
    path = f"/assets/{item['asset_id']}"
    fake.decide({"_id": item["asset_id"]}, "fail", reason="The drive did not answer.")
    fake.clock.advance(SOON)
    failed = api.get(path).json()
    assert (failed["status"], failed["hls"]["status"]) == ("failed", "error")
    assert failed["error"] == {"message": "The drive did not answer."}
    assert actions(fetch(api, connection, FILE)) == ["retried"]
    again = api.get(path).json()
    assert (again["status"], again["hls"]["status"]) == ("processing", "processing")
    assert "error" not in again
    fake.clock.advance(SOON)
    ready = api.get(path).json()
    assert (ready["status"], ready["hls"]["status"]) == ("ready", "ready")
    assert actions(fetch(api, connection, FILE)) == ["skipped"]


def test_import__known_by_account(fake: Fake, api: httpx2.Client, connection: str) -> None:
    """Through another connection to the same account a file is known, through another it is not."""
    assert actions(fetch(api, connection, FILE)) == ["created"]
    same, other = (connect(fake, api, custom_id=label) for label in ("workspace-7", "else"))
    assert actions(fetch(api, same, FILE)) == ["skipped"]
    assert actions(fetch(api, other, FILE)) == ["created"]


def test_import__after_the_asset_is_deleted(
    fake: Fake, api: httpx2.Client, connection: str
) -> None:
    """Its item is left out of the import, whose count stays; the file can be fetched anew."""
    told = fetch(api, connection, FILE, "b.mp3", UNFIT).json()
    fake.clock.advance(SOON)
    gone = told["items"][0]["asset_id"]
    assert api.delete(f"/assets/{gone}").status_code == 204
    found = api.get(f"/connections/{connection}/imports/{told['_id']}").json()
    assert [each["source_id"] for each in found["items"]] == ["b.mp3", UNFIT]
    assert found["item_count"] == 3
    [again] = fetch(api, connection, FILE).json()["items"]
    assert again["action"] == "created"
    assert again["asset_id"] != gone


def test_import__status_is_of_now_action_of_then(
    fake: Fake, api: httpx2.Client, connection: str
) -> None:
    """Trap: reading an import shows what the assets are now, and what was done then."""
    told = fetch(api, connection, FILE, SICK).json()
    path = f"/connections/{connection}/imports/{told['_id']}"
    assert [each["status"] for each in api.get(path).json()["items"]] == ["processing"] * 2
    fake.clock.advance(SOON)
    fetch(api, connection, FILE, SICK)
    found = api.get(path).json()
    assert [each["action"] for each in found["items"]] == ["created"] * 2
    assert [each["status"] for each in found["items"]] == ["ready", "processing"]
    fake.clock.advance(SOON)
    assert [each["status"] for each in api.get(path).json()["items"]] == ["ready", "failed"]


def test_imports__summaries(fake: Fake, api: httpx2.Client, connection: str) -> None:
    """The list has no items, the newest first; one import has all that and its items."""
    made = []
    for at in range(3):
        made.append(fetch(api, connection, f"{FILE}{at}", UNFIT).json()["_id"])
        fake.clock.advance(1)
    path = f"/connections/{connection}/imports"
    page = api.get(path, params={"page_limit": 2}).json()
    assert [each["_id"] for each in page["data"]] == [made[2], made[1]]
    summary = page["data"][0]
    assert set(summary) == {
        *("_id", "connection_id", "provider", "custom_id", "item_count", "created_at")
    }
    assert (summary["item_count"], summary["custom_id"]) == (2, "workspace-7")
    one = api.get(f"{path}/{made[2]}").json()
    assert {name: one[name] for name in summary} == summary
    other = connect(fake, api)
    assert api.get(f"/connections/{other}/imports").json()["data"] == []
    refused(api.get(f"/connections/{other}/imports/{made[0]}"), 404, "resource_not_exists")
    assert "custom_id" not in api.get(f"/connections/{other}").json()


@pytest.mark.parametrize(
    "items",
    [
        None,
        [],
        "x",
        [{}],
        [{"source_id": ""}],
        [{"source_id": 3}],
        [{"source_id": "a"}, {"source_id": "a"}],
        [{"source_id": "a"}, {"source_id": "b"}, {"source_id": "a", "more": 1}],
        [{"source_id": str(at)} for at in range(101)],
    ],
)
def test_import__bad_request(
    fake: Fake, api: httpx2.Client, connection: str, items: object
) -> None:
    """None, too many, or one twice: refused as a whole, and nothing is fetched or used."""
    before = shown(fake)
    response = api.post(f"/connections/{connection}/imports", json={"items": items})
    assert response.status_code == 400, response.text
    assert "docs_url" in response.json()
    assert shown(fake) == before


def test_import__a_hundred(fake: Fake, api: httpx2.Client, connection: str) -> None:
    """As many as may be in one request."""
    assert actions(fetch(api, connection, *map(str, range(100)))) == ["created"] * 100


def test_import__unknown(api: httpx2.Client, connection: str) -> None:
    """Nothing is imported through what is not there, and no import is made up."""
    refused(fetch(api, NOBODY, FILE), 404, "resource_not_exists")
    path = f"/connections/{connection}/imports"
    refused(api.get(f"{path}/{NOBODY}"), 404, "resource_not_exists")
    refused(api.get(f"{path}/x"), 400, "parameter_invalid")


IDS = st.text(min_size=1, max_size=60)


@settings(suppress_health_check=ONE_FAKE, deadline=None)
@given(wanted=st.lists(IDS, min_size=1, max_size=6, unique=True))
def test_import__any_ids(
    fake: Fake, api: httpx2.Client, connection: str, wanted: list[str]
) -> None:
    """Whatever the ids: an item for each, in order; a second time nothing new is made."""
    first = fetch(api, connection, *wanted)
    assert [each["source_id"] for each in first.json()["items"]] == wanted
    count = api.get("/assets").json()["page_info"]["total_results"]
    again = fetch(api, connection, *wanted)
    assert set(actions(again)) <= {"skipped", "rejected", "retried"}
    assert api.get("/assets").json()["page_info"]["total_results"] == count
    rejected = [each["action"] == "rejected" for each in again.json()["items"]]
    assert rejected == [each["action"] == "rejected" for each in first.json()["items"]]
