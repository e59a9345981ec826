"""Search in v1.2: three ways in, one way to turn pages."""

from typing import Any

import pytest
from older import SHIP, VIDEO, Older
from stage import refused

HOUR = 3600.0


@pytest.fixture
def films(older: Older) -> Older:
    """An index with a fox in snow and a ferry."""
    older.video = older.new_video(VIDEO)
    older.ship = older.new_video(SHIP)  # type: ignore[attr-defined]
    return older


def videos(found: Any) -> set[str]:
    """The videos of which clips were found."""
    return {clip["video_id"] for clip in found.json()["data"]}


def test_ways__find_the_same(films: Older) -> None:
    """Words find the same as JSON, as a form, and as a combination of one."""
    asked = {"index_id": films.index, "query_text": "a red fox", "search_options": "visual"}
    pages = [
        films.search(),
        films.form("/search-v2", **asked),
        films.search(query={"text": "a red fox"}),
        films.combined({"$or": [{"text": "a red fox"}]}),
    ]
    starts = [[(c["video_id"], c["start"]) for c in page.json()["data"]] for page in pages[:3]]
    assert starts[0] == starts[1] == starts[2]
    assert pages[0].json()["data"][0]["video_id"] == films.video
    assert videos(pages[3]) == videos(pages[0])


def test_combined__joins(films: Older) -> None:
    """All, any, one after the other, and one without another."""
    fox, ferry = {"text": "a red fox"}, {"text": "the ferry"}
    ship = films.ship  # type: ignore[attr-defined]
    high = {"threshold": "medium", "page_limit": 50}
    assert videos(films.combined({"$or": [fox, ferry]}, **high)) == {films.video, ship}
    assert videos(films.combined({"$and": [fox, ferry]}, **high)) == set()
    assert videos(films.combined({"$then": [fox, {"text": "red"}]}, **high)) == {films.video}
    either = {"$or": [fox, ferry]}
    without = {"$not": {"origin": either, "sub": fox}}
    assert videos(films.combined(without, **high)) == {ship}
    nested = {"$and": [either, {"$not": {"origin": either, "sub": ferry}}]}
    assert videos(films.combined(nested, **high)) == {films.video}


@pytest.mark.parametrize("path", ["/search", "/search-v2", "/combined-search"])
@pytest.mark.parametrize("query", ["a red fox", {"$or": [{"text": "fox"}, {"text": "ferry"}]}])
def test_pages__hold_each_result_once(films: Older, path: str, query: Any) -> None:
    """The pages together are the whole, in order; back leads where one came from."""
    asked: dict[str, Any] = {"query": query, "threshold": "none"}
    whole = films.search(**asked, page_limit=50).json()
    page = films.search(**asked, page_limit=4).json()
    first, items = page, list(page["data"])
    while token := page["page_info"].get("next_page_token"):
        page = films.get(f"{path}/{token}").json()
        items += page["data"]
        back = films.get(f"{path}/{page['page_info']['prev_page_token']}").json()
        assert back["data"] == items[-len(page["data"]) - 4 : -len(page["data"])]
        assert page["page_info"]["page_expired_at"] == first["page_info"]["page_expired_at"]
    assert items == whole["data"]
    assert len(items) == whole["page_info"]["total_results"]


def test_pages__expire(films: Older) -> None:
    """After an hour a token is refused, in v1.2's envelope."""
    path = f"/search-v2/{films.token}"
    films.fake.clock.advance(HOUR)
    refused(films.api.get(path), 400, "search_page_token_expired")


def test_pages__of_classes_are_no_pages_of_searches(films: Older) -> None:
    """A token leads where it came from, and nowhere else."""
    refused(films.api.get(f"/search/{films.class_token}"), 404, "resource_not_exists")
    refused(films.api.get(f"/classify/{films.token}"), 404, "resource_not_exists")


def test_exact__wants_the_very_words(films: Older) -> None:
    """Speech is searched by its words where that is asked for, and by its meaning otherwise."""
    asked = {"search_options": ["conversation"], "threshold": "none", "page_limit": 50}
    heard = films.get(f"{films.path}/transcription").json()["data"]
    wording = heard[0]["value"].split(".")[0]
    exact = films.search(**asked, query=wording, conversation_option="exact_match").json()["data"]
    loose = films.search(**asked, query=wording).json()["data"]
    assert 0 < len(exact) < len(loose)
    assert all(wording in clip["metadata"][0]["text"] for clip in exact)
    none = films.search(**asked, query="zebra", conversation_option="exact_match")
    assert none.json()["data"] == []


def test_groups__hold_the_clips_of_a_video(films: Older) -> None:
    """Best video first, or the one with the most clips."""
    asked = {"group_by": "video", "threshold": "none"}
    groups = films.search(**asked).json()["data"]
    assert groups[0]["id"] == films.video
    assert all(clip["video_id"] == group["id"] for group in groups for clip in group["clips"])
    counts = [
        len(g["clips"]) for g in films.search(**asked, sort_option="clip_count").json()["data"]
    ]
    assert counts == sorted(counts, reverse=True)


def test_filter__is_an_object(films: Older) -> None:
    """Bounds, values and the user's own metadata."""
    films.send("PUT", films.path, metadata={"place": "snow"})
    for wanted in ({"place": "snow"}, {"duration": {"gte": 50}}, {"id": [films.video]}):
        assert videos(films.search(filter=wanted, threshold="none")) == {films.video}


def test_thumbnails__with_the_add_on(older: Older) -> None:
    """Only an index that was made with it has stills."""
    for addons, there in ((["thumbnail"], True), (None, False)):
        index = older.new_index(f"stills {there}", addons=addons)
        assert older.new_video(VIDEO, index)
        clip = older.search(index, threshold="none").json()["data"][0]
        assert ("thumbnail_url" in clip) == there
