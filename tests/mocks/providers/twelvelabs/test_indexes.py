"""Laws of Twelve Labs' indexes."""

import httpx2
import pytest
from stage import LONG, MODELS, NOBODY, client_of, new_index, new_task, new_video, refused

from understudy.mocks import Fake


def test_index__is_read_as_it_was_created(api: httpx2.Client) -> None:
    """What create stored, read shows, with counts of nothing."""
    identity = new_index(api, "demo", addons=["thumbnail"])
    shown = api.get(f"/indexes/{identity}").json()
    assert shown["_id"] == identity
    assert shown["index_name"] == "demo"
    assert shown["video_count"] == 0
    assert shown["total_duration"] == 0
    assert shown["addons"] == ["thumbnail"]
    assert shown["models"][0] == {**MODELS[0], "addons": ["thumbnail"]}
    assert shown["models"][1] == MODELS[1]
    assert shown["created_at"] == shown["updated_at"]


def test_index__null_addons_are_none(api: httpx2.Client) -> None:
    """Old SDKs send `addons: null`, which means none."""
    identity = new_index(api, "demo", addons=None)
    assert api.get(f"/indexes/{identity}").json()["addons"] == []


def test_index__name_is_unique_in_its_account(fake: Fake, api: httpx2.Client) -> None:
    """A second index of that name is refused; another account may use it."""
    new_index(api, "demo")
    message = refused(
        api.post("/indexes", json={"index_name": "demo", "models": MODELS}),
        409,
        "index_name_already_exists",
    )
    assert "demo" in message
    with client_of(fake, "tlk_other") as other:
        new_index(other, "demo")


def test_index__rename(fake: Fake, api: httpx2.Client, index: str) -> None:
    """PUT renames, stamps the change, and answers nothing."""
    fake.clock.advance(5)
    response = api.put(f"/indexes/{index}", json={"index_name": "renamed"})
    assert (response.status_code, response.content) == (204, b"")
    shown = api.get(f"/indexes/{index}").json()
    assert shown["index_name"] == "renamed"
    assert shown["updated_at"] > shown["created_at"]


def test_index__rename_to_a_taken_name_changes_nothing(api: httpx2.Client, index: str) -> None:
    """A refused rename leaves both indexes as they were; its own name is free to it."""
    new_index(api, "taken")
    response = api.put(f"/indexes/{index}", json={"index_name": "taken"})
    refused(response, 409, "index_name_already_exists")
    assert api.get(f"/indexes/{index}").json()["index_name"] == "films"
    assert api.put(f"/indexes/{index}", json={"index_name": "films"}).status_code == 204


def test_index__delete_takes_its_videos_and_tasks(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """With an index go its videos and its tasks, and nothing of another index."""
    other = new_index(api, "other")
    video = new_video(fake, api, index, "https://cdn.example/a.mp4")
    task = new_task(api, index, "https://cdn.example/b.mp4")["_id"]
    kept = new_video(fake, api, other, "https://cdn.example/c.mp4")
    assert api.delete(f"/indexes/{index}").status_code == 204
    refused(api.get(f"/indexes/{index}"), 404, "resource_not_exists")
    refused(api.get(f"/indexes/{index}/videos/{video}"), 404, "resource_not_exists")
    refused(api.get(f"/tasks/{task}"), 404, "resource_not_exists")
    assert api.get(f"/indexes/{other}/videos/{kept}").status_code == 200
    refused(api.delete(f"/indexes/{index}"), 404, "resource_not_exists")


def test_index__counts_its_videos(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Number and length of videos follow what is in the index now."""
    video = new_video(fake, api, index, "https://cdn.example/a.mp4?duration=30")
    new_video(fake, api, index, "https://cdn.example/b.mp4?duration=12.5")
    shown = api.get(f"/indexes/{index}").json()
    assert (shown["video_count"], shown["total_duration"]) == (2, 42.5)
    api.delete(f"/indexes/{index}/videos/{video}")
    shown = api.get(f"/indexes/{index}").json()
    assert (shown["video_count"], shown["total_duration"]) == (1, 12.5)


def test_indexes__newest_first_unless_asked(fake: Fake, api: httpx2.Client) -> None:
    """The default order is descending by creation; `asc` turns it."""
    for name in ("one", "two", "three"):
        new_index(api, name)
        fake.clock.advance(1)
    names = [each["index_name"] for each in api.get("/indexes").json()["data"]]
    assert names == ["three", "two", "one"]
    page = api.get("/indexes", params={"sort_option": "asc", "page_limit": 2, "page": 2}).json()
    assert [each["index_name"] for each in page["data"]] == ["three"]
    info = {"page": 2, "limit_per_page": 2, "total_page": 2, "total_results": 3}
    assert page["page_info"] == info


def test_indexes__page_past_the_end_is_empty(api: httpx2.Client, index: str) -> None:
    """The SDKs' pagers ask on until a page is empty."""
    page = api.get("/indexes", params={"page": 7}).json()
    assert page["data"] == []
    assert page["page_info"]["total_results"] == 1


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"index_name": "both"}, ["both"]),
        ({"model_family": "pegasus"}, ["both"]),
        ({"model_options": "visual"}, ["both", "marengo"]),
        ({"model_options": "visual,audio"}, ["both"]),
        ({"created_at": "2031-01-01"}, []),
    ],
)
def test_indexes__filters(api: httpx2.Client, query: dict[str, str], names: list[str]) -> None:
    """Name, family, options and time narrow the list."""
    new_index(api, "both")
    only = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    new_index(api, "marengo", models=only)
    found = api.get("/indexes", params={**query, "sort_option": "asc"}).json()["data"]
    assert [each["index_name"] for each in found] == names


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"index_name": "x"},
        {"index_name": "", "models": MODELS},
        {"index_name": 7, "models": MODELS},
        {"index_name": "x", "models": []},
        {"index_name": "x", "models": [*MODELS, MODELS[0]]},
        {"index_name": "x", "models": [MODELS[0], MODELS[0]]},
        {"index_name": "x", "models": [{"model_name": "nothing1.0", "model_options": ["visual"]}]},
        {"index_name": "x", "models": [{"model_name": "marengo3.0", "model_options": []}]},
        {"index_name": "x", "models": [{"model_name": "marengo3.0", "model_options": ["smell"]}]},
        {"index_name": "x", "models": MODELS[1:], "addons": ["thumbnail"]},
        {"index_name": "x", "models": MODELS, "addons": ["other"]},
        [],
        "text",
        None,
    ],
)
def test_index__bad_bodies_are_refused_and_store_nothing(api: httpx2.Client, body: object) -> None:
    """Each wrong body gets a 400 in the envelope, and no index comes of it."""
    response = api.post("/indexes", json=body)
    assert response.status_code == 400, response.text
    assert response.json()["code"].startswith("parameter_")
    assert api.get("/indexes").json()["data"] == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"page": "0"}, "page"),
        ({"page": "x"}, "page"),
        ({"page_limit": "51"}, "page_limit"),
        ({"page_limit": "99999999999999999999999"}, "page_limit"),
        ({"sort_by": "size"}, "sort_by"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_indexes__bad_queries_name_the_parameter(
    api: httpx2.Client, query: dict[str, str], name: str
) -> None:
    """The message says which parameter is wrong and what came."""
    response = api.get("/indexes", params=query)
    assert response.status_code == 400, response.text
    message = response.json()["message"]
    assert name in message and query[name] in message


def test_index__unknown_and_malformed_ids(api: httpx2.Client) -> None:
    """An id that could be is not found; one that could not be is a bad parameter."""
    refused(api.get(f"/indexes/{NOBODY}"), 404, "resource_not_exists")
    message = refused(api.get("/indexes/not-an-id"), 400, "parameter_invalid")
    assert "not-an-id" in message


def test_key__none_and_wrong(fake: Fake, api: httpx2.Client) -> None:
    """Without a key, or with one that is refused, nothing is served: 401 in the envelope."""
    for key in ("invalid-key", "not-a-real-key"):
        with client_of(fake, key) as client:
            refused(client.get("/indexes"), 401, "api_key_invalid")
    del api.headers["x-api-key"]
    refused(api.get("/indexes"), 401, "api_key_invalid")


def test_route__unknown_path_and_method(api: httpx2.Client) -> None:
    """A path or method that is not served says so, and which would be."""
    message = refused(api.get("/indices"), 404, "endpoint_not_exists")
    assert "/indexes" in message
    response = api.patch("/indexes", json={})
    refused(response, 405, "method_not_allowed")
    assert set(response.headers["allow"].split(", ")) >= {"GET", "POST"}


def test_version__stands_on_every_reply(api: httpx2.Client) -> None:
    """X-Api-Version comes with successes and refusals."""
    for path in ("/indexes", "/indexes/none", "/nowhere"):
        assert api.get(path).headers["x-api-version"] == "1.3"


def test_time__moves_nothing_by_itself(fake: Fake, api: httpx2.Client, index: str) -> None:
    """With manual time a stamp depends on `advance` alone."""
    before = api.get(f"/indexes/{index}").json()
    assert api.get(f"/indexes/{index}").json() == before
    fake.clock.advance(LONG)
    later = new_index(api, "later")
    assert api.get(f"/indexes/{later}").json()["created_at"] > before["created_at"]
