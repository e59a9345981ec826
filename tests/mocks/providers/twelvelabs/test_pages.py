"""Laws of the pages of a search."""

from typing import Any

import httpx2
import pytest
from stage import client_of, new_index, new_video, refused

from understudy.mocks import Fake

NAMES = ("red-fox", "ferry", "blue-car")
NONE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def full(fake: Fake, api: httpx2.Client, index: str) -> str:
    """An index with three videos of a minute."""
    for name in NAMES:
        new_video(fake, api, index, f"https://cdn.example/{name}.mp4", user_metadata='{"a": 1}')
    return index


def ask(api: httpx2.Client, index: str, **fields: object) -> dict[str, Any]:
    """The first page of a search for everything."""
    parts = {"index_id": index, "search_options": "visual", "threshold": "none", **fields}
    parts.setdefault("query_text", "fox")
    response = api.post("/search", files={n: (None, str(v)) for n, v in parts.items()})
    assert response.status_code == 200, response.text
    return dict(response.json())


def walk(api: httpx2.Client, first: dict[str, Any]) -> list[dict[str, Any]]:
    """Every page from the first on, by its tokens."""
    pages = [first]
    while token := pages[-1]["page_info"].get("next_page_token"):
        response = api.get(f"/search/{token}")
        assert response.status_code == 200, response.text
        pages.append(response.json())
    return pages


@pytest.mark.parametrize("limit", [1, 2, 7, 50])
@pytest.mark.parametrize("group_by", ["clip", "video"])
def test_pages__together_are_the_whole(
    api: httpx2.Client, full: str, limit: int, group_by: str
) -> None:
    """Pages hold each result once, in order, and tell the same totals."""
    whole = ask(api, full, page_limit=50, group_by=group_by)
    pages = walk(api, ask(api, full, page_limit=limit, group_by=group_by))
    assert [one for page in pages for one in page["data"]] == whole["data"]
    total = whole["page_info"]["total_results"]
    assert len(pages) == -(-total // limit)
    for page in pages:
        assert page["page_info"]["total_results"] == total
        assert page["page_info"]["limit_per_page"] == limit
        assert page["search_pool"] == whole["search_pool"]


def test_pages__tokens_at_the_ends(api: httpx2.Client, full: str) -> None:
    """The first page has no previous, the last no next; a further one leads back."""
    pages = walk(api, ask(api, full, page_limit=12))
    infos = [page["page_info"] for page in pages]
    assert "prev_page_token" not in infos[0]
    assert "next_page_token" not in infos[-1]
    search, dash, number = infos[0]["next_page_token"].rpartition("-")
    assert (dash, number) == ("-", "1")
    assert infos[1]["prev_page_token"] == f"{search}-0"
    again = api.get(f"/search/{search}-0").json()
    assert again["data"] == pages[0]["data"]
    assert "prev_page_token" not in again["page_info"]


def test_pages__one_page_needs_no_token(api: httpx2.Client, full: str) -> None:
    """A search that fits on a page has no tokens at all."""
    info = ask(api, full, page_limit=50)["page_info"]
    assert not {"next_page_token", "prev_page_token"} & set(info)


def test_pages__expire_an_hour_after_the_search(fake: Fake, api: httpx2.Client, full: str) -> None:
    """Until `page_expires_at` a page is read as often as one likes; then never again."""
    first = ask(api, full, page_limit=1)
    path = f"/search/{first['page_info']['next_page_token']}"
    fake.clock.advance(3599)
    page = api.get(path).json()
    assert page["page_info"]["page_expires_at"] == first["page_info"]["page_expires_at"]
    assert api.get(path).json() == page
    fake.clock.advance(1)
    refused(api.get(path), 400, "search_page_token_expired")
    fake.clock.advance(1e6)
    refused(api.get(path), 400, "search_page_token_expired")


def test_pages__do_not_show_videos_that_came_later(
    fake: Fake, api: httpx2.Client, full: str
) -> None:
    """A page is of the search that was made, not of a new one."""
    pages = walk(api, ask(api, full, page_limit=5))
    path = f"/search/{pages[0]['page_info']['next_page_token']}"
    new_video_soon(fake, api, full)
    page = api.get(path).json()
    assert page["data"] == pages[1]["data"]
    assert page["page_info"]["total_results"] == pages[0]["page_info"]["total_results"]
    assert ask(api, full)["search_pool"]["total_count"] == 4


def new_video_soon(fake: Fake, api: httpx2.Client, index: str) -> None:
    """Another fox, ready within the hour."""
    files = {"index_id": (None, index), "video_url": (None, "https://cdn.example/fox.mp4")}
    assert api.post("/tasks", files=files).status_code == 200
    fake.clock.advance(600)


def test_pages__keep_what_was_asked(api: httpx2.Client, full: str) -> None:
    """Filter, metadata and image go along with the token; metadata may be asked for anew."""
    media = {"query_media_type": "image", "query_media_url": "https://x.example/fox.png"}
    first = ask(api, full, page_limit=1, filter='{"a": 1}', include_user_metadata="true", **media)
    path = f"/search/{first['page_info']['next_page_token']}"
    assert api.get(path).json()["data"][0]["user_metadata"] == {"a": 1}
    without = api.get(path, params={"include_user_metadata": "false"}).json()
    assert "user_metadata" not in without["data"][0]
    plain = ask(api, full, page_limit=1)
    path = f"/search/{plain['page_info']['next_page_token']}?include_user_metadata=true"
    assert api.get(path).json()["data"][0]["user_metadata"] == {"a": 1}


def test_pages__unknown_and_malformed_tokens(api: httpx2.Client, full: str) -> None:
    """A token that could be is not found; one that could not be is a bad parameter."""
    token = ask(api, full, page_limit=1)["page_info"]["next_page_token"]
    search = token.rpartition("-")[0]
    refused(api.get(f"/search/{NONE}-1"), 404, "resource_not_exists")
    refused(api.get(f"/search/{search}-9999"), 404, "resource_not_exists")
    for bad in (search, f"{search}-", f"{search}--1", "x", f"{search}-1x", f"{token}" + "9" * 400):
        assert "page-token" in refused(api.get(f"/search/{bad}"), 400, "parameter_invalid")
    refused(api.get(f"/search/{token}?page=2"), 400, "parameter_unknown")


def test_pages__belong_to_index_and_tenant(fake: Fake, api: httpx2.Client, full: str) -> None:
    """Another account cannot read them, and with the index they go."""
    path = f"/search/{ask(api, full, page_limit=1)['page_info']['next_page_token']}"
    with client_of(fake, "tlk_other") as other:
        refused(other.get(path), 404, "resource_not_exists")
    assert api.delete(f"/indexes/{full}").status_code == 204
    refused(api.get(path), 404, "resource_not_exists")


def test_pages__of_an_empty_index(api: httpx2.Client) -> None:
    """Nothing found is a page without results."""
    body = ask(api, new_index(api, "empty"))
    assert body["data"] == []
    assert body["page_info"]["total_results"] == 0
