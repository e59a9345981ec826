"""Search in a knowledge store: ranks, filters, modalities, groups, and pages that expire."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junk import shown
from knowledge_stage import (
    KSI,
    good,
    new_item,
    new_store,
    ready_asset,
    ready_item,
)
from stage import client_of, refused

from understudy.mocks import Fake

FILES = ("red-fox.mp4?duration=40", "ferry.mp4?duration=18", "fox.png", "harbour.jpeg")
BOTH = {"video": {"modalities": ["visual", "audio"]}}


class Harbour:
    """A store with two videos and two images that are ready, and one that is not yet."""

    def __init__(self, fake: Fake, api: httpx2.Client) -> None:
        self.fake, self.api = fake, api
        self.store = new_store(api)
        self.fox, self.ferry, self.picture, self.quay = (
            ready_item(fake, api, self.store, name, metadata={"file": name}) for name in FILES
        )
        self.early = new_item(api, self.store, ready_asset(fake, api, "fox-den.mp4"))

    def ask(self, text: str = "the red fox", **more: object) -> dict[str, Any]:
        """One page of what is found."""
        return good(self.post(text, **more))

    def post(self, text: str = "the red fox", **more: object) -> httpx2.Response:
        return self.api.post(f"{self.store}/search", json={"query": {"text": text}, **more})

    def every(self, text: str = "the red fox", **more: object) -> list[dict[str, Any]]:
        """All that is found, page after page."""
        page = self.ask(text, **more)
        found = list(page["data"])
        while token := page.get("next_page_token"):
            page = self.ask(text, **more, page_token=token)
            assert page["data"]
            found += page["data"]
        return found


@pytest.fixture
def harbour(fake: Fake, api: httpx2.Client) -> Harbour:
    return Harbour(fake, api)


@pytest.fixture(scope="module")
def standing() -> Iterator[Harbour]:
    """One that no test changes, but for the searches that it remembers."""
    fake = Fake("twelvelabs", time="manual")
    with client_of(fake, "tlk_test") as api:
        yield Harbour(fake, api)


def test_search__finds_what_is_named(standing: Harbour) -> None:
    """What the words name comes first, whatever came first into the store."""
    for text, item in (("the red fox", standing.fox), ("a ferry leaves", standing.ferry),
                       ("harbour", standing.quay)):  # fmt: skip
        assert standing.every(text)[0]["item_id"] == item


def test_hits__say_what_their_kind_has(standing: Harbour) -> None:
    """A video's hit is one moment within its length; an image's has no time at all."""
    lengths = {standing.fox: 40.0, standing.ferry: 18.0}
    found = standing.every(page_size=50)
    for hit in found:
        if hit["asset_type"] == "image":
            assert set(hit) == {"asset_type", "rank", "item_id"}
            continue
        [match] = hit["matches"]
        assert 0 <= match["start_sec"] < match["end_sec"] <= lengths[hit["item_id"]]
        assert match["modalities"] == ["visual"]
        assert match["transcription"]
    assert [hit["item_id"] for hit in found].count(standing.picture) == 1
    assert standing.early not in {hit["item_id"] for hit in found}


def test_trap__rank_counts_over_all_pages(standing: Harbour) -> None:
    """Trap: ranks begin at 1 and go on from page to page."""
    found = standing.every(page_size=3)
    assert len(found) > 6
    assert [hit["rank"] for hit in found] == list(range(1, len(found) + 1))


OPTIONS = st.sampled_from([None, BOTH, {"video": {"modalities": ["audio"]}}])


@given(st.integers(1, 50), st.sampled_from(["none", "item"]), OPTIONS)
@settings(max_examples=40)
def test_pages__hold_each_result_once(
    standing: Harbour, size: int, group_by: str, options: object
) -> None:
    """Whatever the size of a page, all pages together are what one large page holds."""
    more = {"group_by": group_by, **({"search_options": options} if options else {})}
    whole = standing.ask(page_size=50, **more)
    assert "next_page_token" not in whole
    assert standing.every(page_size=size, **more) == whole["data"]


def test_page_size__may_change_from_page_to_page(standing: Harbour) -> None:
    """Trap: the token says where the next page begins, not how large it is."""
    whole = standing.ask(page_size=50)["data"]
    first = standing.ask(page_size=2)
    second = standing.ask(page_size=3, page_token=first["next_page_token"])
    third = standing.ask(page_size=50, page_token=second["next_page_token"])
    assert first["data"] + second["data"] + third["data"] == whole
    assert "next_page_token" not in third
    assert standing.ask(page_size=3, page_token=first["next_page_token"]) == second


def test_trap__ungrouped_is_one_match_a_hit(standing: Harbour) -> None:
    """Trap: grouped, an item comes once with all its moments; else each moment is a hit."""
    alone = standing.every(page_size=50)
    assert all(len(hit.get("matches", [0])) == 1 for hit in alone)
    together = standing.every(group_by="item", page_size=50)
    assert len({hit["item_id"] for hit in together}) == len(together) == 4
    moments = [match for hit in together for match in hit.get("matches", [])]
    assert sorted(map(str, moments)) == sorted(
        str(match) for hit in alone for match in hit.get("matches", [])
    )
    firsts = list(dict.fromkeys(hit["item_id"] for hit in alone))
    assert [hit["item_id"] for hit in together] == firsts


def test_options__are_told_as_they_were_used(standing: Harbour) -> None:
    """Visual by default; each modality once; none where no video can be found."""
    assert standing.ask()["effective_search_options"] == {"video": {"modalities": ["visual"]}}
    twice = {"video": {"modalities": ["audio", "visual", "audio"]}}
    told = standing.ask(search_options=twice)["effective_search_options"]
    assert told == {"video": {"modalities": ["audio", "visual"]}}
    only = standing.ask(filter={"asset_type": {"eq": "image"}})
    assert only["effective_search_options"] == {}
    assert {hit["asset_type"] for hit in only["data"]} == {"image"}


def test_modalities__are_among_those_asked_for(standing: Harbour) -> None:
    """Each moment fits by at least one; asked for both, some fit by each."""
    found = standing.every(search_options=BOTH, page_size=50)
    fits = [match["modalities"] for hit in found for match in hit.get("matches", [])]
    assert all(fits)
    assert {each for modalities in fits for each in modalities} == {"visual", "audio"}


def test_modalities__audio_needs_sound(fake: Fake, api: httpx2.Client) -> None:
    """A video without sound is not found by what is heard; images are, by what is seen."""
    from media import mp4

    store = new_store(api)
    fields = {"method": (None, "direct"), "file": ("fox.mp4", mp4(10.0, audio=False))}
    asset = good(api.post("/assets", files=fields), 201)["_id"]
    fake.clock.advance(3600)
    new_item(api, store, asset)
    fake.clock.advance(3600)
    asked = {"query": {"text": "fox"}, "search_options": {"video": {"modalities": ["audio"]}}}
    assert good(api.post(f"{store}/search", json=asked))["data"] == []
    [hit, *_] = good(api.post(f"{store}/search", json={"query": {"text": "fox"}}))["data"]
    assert "transcription" not in hit["matches"][0]


def test_trap__video_options_need_videos(standing: Harbour) -> None:
    """Trap: options for videos beside a filter that lets none through are a 400."""
    for condition in ({"eq": "image"}, {"in": ["image"]}):
        response = standing.post(filter={"asset_type": condition}, search_options=BOTH)
        assert "search_options.video" in refused(response, 400, "parameter_invalid")
    standing.ask(filter={"asset_type": {"in": ["image", "video"]}}, search_options=BOTH)


@pytest.mark.parametrize("condition", [{}, {"ne": "image"}, {"eq": "image", "in": ["video"]}])
def test_filter__exactly_one_operator(standing: Harbour, condition: dict[str, Any]) -> None:
    """A condition has one of its operators: neither none, nor another, nor both."""
    response = standing.post(filter={"asset_type": condition})
    assert response.status_code == 400
    assert "'eq'" in response.json()["message"]


def test_filter__conditions_hold_together(standing: Harbour) -> None:
    """By kind, by ids, by both; an id that nothing has finds nothing."""

    def found(**conditions: object) -> set[str]:
        page = standing.ask(filter=conditions, page_size=50)
        return {hit["item_id"] for hit in page["data"]}

    fox, ferry, picture = standing.fox, standing.ferry, standing.picture
    assert found() == {fox, ferry, picture, standing.quay}
    assert found(asset_type={"eq": "video"}) == {fox, ferry}
    assert found(item_id={"eq": fox}) == {fox}
    assert found(item_id={"in": [fox, picture, KSI]}) == {fox, picture}
    assert found(item_id={"in": [fox, picture]}, asset_type={"eq": "image"}) == {picture}
    assert found(item_id={"eq": KSI}) == set()
    assert found(item_id={"eq": standing.early}) == set()


@pytest.mark.parametrize(
    "more",
    [
        {"query": {"text": ""}},
        {"query": {"text": "  "}},
        {"query": {}},
        {"query": "fox"},
        {"page_size": 0},
        {"page_size": 51},
        {"group_by": "video"},
        {"filter": {"asset_type": {}}},
        {"filter": {"asset_type": {"eq": "audio"}}},
        {"filter": {"asset_type": {"in": []}}},
        {"filter": {"item_id": {"eq": "fox"}}},
        {"search_options": {"video": {}}},
        {"search_options": {"video": {"modalities": []}}},
        {"search_options": {"video": {"modalities": ["smell"]}}},
        {"include_metadata": {"system": True}},
        {"page_token": 7},
    ],
)
def test_search__refuses_what_it_does_not_take(standing: Harbour, more: dict[str, Any]) -> None:
    """A flat 400, and nothing is remembered."""
    before = shown(standing.fake)
    sent = {"query": {"text": "fox"}, **more}
    response = standing.api.post(f"{standing.store}/search", json=sent)
    assert response.status_code == 400, response.text
    assert set(response.json()) == {"code", "message", "docs_url"}
    assert shown(standing.fake) == before


def test_metadata__of_the_system_and_of_the_user(standing: Harbour) -> None:
    """Only when it is asked for: what was measured, and what the user wrote down."""
    assert "metadata" not in standing.ask()["data"][0]
    told = {hit["item_id"]: hit["metadata"] for hit in
            standing.every(include_metadata=True, group_by="item")}  # fmt: skip
    assert told[standing.fox] == {
        "system": {"duration": 40.0, "width": 1280, "height": 720, "size": 10_000_000},
        "user": {"file": FILES[0]},
    }
    assert set(told[standing.picture]["system"]) == {"width", "height", "size"}


@pytest.mark.parametrize("token", ["", "second", "1", "{}-1", "0" * 400, "-10", "\u0661"])
def test_trap__malformed_token_is_a_400(standing: Harbour, token: str) -> None:
    """Trap: only an expired token is a 410."""
    first = standing.ask(page_size=1)["next_page_token"]
    sent = token.format(first[:-3])
    assert "page_token" in refused(standing.post(page_token=sent), 400, "parameter_invalid")


def test_token__is_of_one_search_in_one_store(harbour: Harbour) -> None:
    """Another question, or another store, has no use for it (assumed)."""
    token = harbour.ask(page_size=1)["next_page_token"]
    message = refused(harbour.post("a ferry", page_token=token), 400, "parameter_invalid")
    assert "another" in message
    refused(harbour.post(group_by="item", page_token=token), 400, "parameter_invalid")
    other = new_store(harbour.api, "other")
    sent = {"query": {"text": "the red fox"}, "page_token": token}
    refused(harbour.api.post(f"{other}/search", json=sent), 400, "parameter_invalid")


def test_trap__expired_token_is_a_flat_410(harbour: Harbour) -> None:
    """Trap: on the clock, an hour after the search; the body is flat and has code and message."""
    token = harbour.ask(page_size=1)["next_page_token"]
    harbour.fake.clock.advance(3599)
    harbour.ask(page_size=1, page_token=token)
    harbour.fake.clock.advance(1)
    message = refused(harbour.post(page_size=1, page_token=token), 410, "search_page_token_expired")
    assert "search again" in message


def test_pages__know_what_was_there(harbour: Harbour) -> None:
    """Items that get ready meanwhile are in no further page; items that go leave the pages."""
    first = harbour.ask(page_size=1, group_by="item")
    before = harbour.ask(page_size=50, group_by="item")["data"]
    harbour.fake.clock.advance(3000)
    assert len(harbour.ask(page_size=50, group_by="item")["data"]) == 5
    token = first["next_page_token"]
    rest = harbour.ask(page_size=50, group_by="item", page_token=token)["data"]
    assert first["data"] + rest == before
    harbour.api.delete(f"{harbour.store}/items/{rest[0]['item_id']}")
    left = harbour.ask(page_size=50, group_by="item", page_token=token)["data"]
    assert [hit["item_id"] for hit in left] == [hit["item_id"] for hit in rest[1:]]


def test_search__of_an_empty_store(api: httpx2.Client) -> None:
    """Nothing is found, and nothing is wrong."""
    found = good(api.post(f"{new_store(api)}/search", json={"query": {"text": "fox"}}))
    assert found["data"] == []


def test_trap__too_many_searches_are_an_empty_429() -> None:
    """Trap: no body, so nothing to parse; when to come again stands in a header."""
    with Fake("twelvelabs", time="manual", rate="1/60") as fake, client_of(fake, "tlk") as api:
        store = new_store(api)
        sent = {"query": {"text": "fox"}}
        good(api.post(f"{store}/search", json=sent))
        response = api.post(f"{store}/search", json=sent)
        assert (response.status_code, response.content) == (429, b"")
        assert response.headers["retry-after"] == "60"
        fake.clock.advance(60)
        good(api.post(f"{store}/search", json=sent))


def test_search__page_size_as_json_writes_it(harbour: Harbour) -> None:
    """A page size may be written 2.0, which JSON does not tell from 2."""
    assert harbour.ask(page_size=2.0)["data"] == harbour.ask(page_size=2)["data"]
