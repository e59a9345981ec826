"""Laws of search as it is today: ranks, several images, people, and what is said."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from entities_stage import SOON, new_collection, new_entity, new_pictures
from hypothesis import given
from hypothesis import strategies as st
from media import jpeg, png
from stage import NOBODY, client_of, new_video, refused

from understudy.mocks import Fake

NEW = [{"model_name": "marengo3.0", "model_options": ["visual", "audio"]}]
OLD = [{"model_name": "marengo2.7", "model_options": ["visual", "audio"]}]
FOX = "https://cdn.example/red-fox.mp4?duration=30"
FERRY = "https://cdn.example/harbour/ferry.mp4?duration=45"
ADA = "https://cdn.example/ada-at-work.mp4?duration=40"
SCORES = {"score", "confidence"}


def new_index(api: httpx2.Client, models: list[dict[str, Any]], name: str = "films") -> str:
    """Create an index of these models and answer its id."""
    made = api.post("/indexes", json={"index_name": name, "models": models})
    assert made.status_code == 201, made.text
    return str(made.json()["_id"])


def ask(
    api: httpx2.Client,
    index: str,
    *options: str,
    urls: tuple[str, ...] = (),
    files: tuple[bytes, ...] = (),
    **fields: object,
) -> httpx2.Response:
    """Search an index, lists as repeated fields."""
    parts: list[tuple[str, tuple[str | None, bytes | str]]] = [("index_id", (None, index))]
    parts += [("search_options", (None, option)) for option in options or ("visual",)]
    parts += [("query_media_url", (None, url)) for url in urls]
    parts += [("query_media_file", ("picture", content)) for content in files]
    for name, value in fields.items():
        several = value if isinstance(value, list) else [value]
        parts += [(name, (None, str(each))) for each in several]
    return api.post("/search", files=parts)


def found(api: httpx2.Client, index: str, *options: str, **fields: Any) -> list[dict[str, Any]]:
    """What a search finds on its first page, of fifty."""
    response = ask(api, index, *options, **{"page_limit": 50, **fields})
    assert response.status_code == 200, response.text
    return list(response.json()["data"])


@pytest.fixture
def home(api: httpx2.Client) -> str:
    """An index of today."""
    return new_index(api, NEW)


@pytest.fixture
def videos(fake: Fake, api: httpx2.Client, home: str) -> dict[str, str]:
    """Three videos that are ready, by name."""
    urls = {"fox": FOX, "ferry": FERRY, "ada": ADA}
    return {name: new_video(fake, api, home, url) for name, url in urls.items()}


@pytest.fixture
def gone() -> Iterator[tuple[Fake, httpx2.Client]]:
    """A fake that has withdrawn what the vendor has, and its client."""
    with (
        Fake("twelvelabs", time="manual", retired="gone") as fake,
        client_of(fake, "tlk_test") as client,
    ):
        yield fake, client


@pytest.mark.usefixtures("videos")
def test_hit__has_a_rank_and_no_score(api: httpx2.Client, home: str) -> None:
    """Trap: score and confidence went with SDK 1.2.2; hits are told apart by their rank."""
    for group in ("clip", "video"):
        data = found(api, home, query_text="fox", group_by=group)
        hits = data if group == "clip" else [hit for each in data for hit in each["clips"]]
        assert sorted(hit["rank"] for hit in hits) == list(range(1, len(hits) + 1))
        for hit in hits:
            assert {"start", "end", "video_id", "rank"} <= set(hit)
            assert not SCORES & set(hit)


def test_hit__of_a_retired_model_keeps_its_score(fake: Fake, api: httpx2.Client) -> None:
    """An index of marengo2.7 answers the programs that made it; the rank comes along."""
    index = new_index(api, OLD)
    new_video(fake, api, index, FOX)
    for hit in found(api, index, query_text="fox"):
        assert {"rank", *SCORES} <= set(hit)


@given(limit=st.integers(1, 20), group=st.sampled_from(["clip", "video"]))
def test_rank__runs_over_all_pages(limit: int, group: str) -> None:
    """From 1 without a gap, in the order of the pages, whatever they hold."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_test") as api:
        home = new_index(api, NEW)
        for url in (FOX, FERRY):
            new_video(fake, api, home, url)
        page = ask(api, home, query_text="a fox", page_limit=limit, group_by=group).json()
        data = list(page["data"])
        while token := page["page_info"].get("next_page_token"):
            page = api.get(f"/search/{token}").json()
            data += page["data"]
    hits = data if group == "clip" else [hit for each in data for hit in each["clips"]]
    assert not any(SCORES & set(hit) for hit in hits)
    ranks = [hit["rank"] for hit in hits]
    assert sorted(ranks) == list(range(1, len(hits) + 1))
    if group == "clip":
        assert ranks == sorted(ranks)


@pytest.mark.usefixtures("videos")
def test_withdrawn_field__leads_to_the_document_of_2025(api: httpx2.Client, home: str) -> None:
    """A program that still asks for confidence is answered as it was, wrong values included."""
    every = found(api, home, query_text="a red fox", threshold="none")
    assert all({"rank", *SCORES} <= set(hit) for hit in every)
    high = found(api, home, query_text="a red fox", threshold="high")
    assert 0 < len(high) < len(every)
    assert {hit["confidence"] for hit in high} == {"high"}
    response = ask(api, home, query_text="a red fox", threshold="perfect")
    assert "threshold" in refused(response, 400, "parameter_invalid")


def test_withdrawn_field__is_ignored_by_the_vendor(gone: tuple[Fake, httpx2.Client]) -> None:
    """Trap: today's service takes the old fields without a word, whatever is in them."""
    fake, api = gone
    home = new_index(api, NEW)
    new_video(fake, api, home, FOX)
    plain = found(api, home, query_text="a ferry")
    assert found(api, home, query_text="a ferry", threshold="perfect", sort_option=7) == plain
    assert not SCORES & set(plain[0])


@pytest.mark.usefixtures("videos")
def test_withdrawn_field__beside_a_newer_one(api: httpx2.Client, home: str) -> None:
    """What the document of 2025 cannot read goes to today's, which ignores the old field."""
    urls = ("https://x.example/red-fox.jpg", "https://x.example/fox.jpg")
    hits = found(api, home, urls=urls, query_media_type="image", threshold="high")
    assert not SCORES & set(hits[0])


def test_images__up_to_ten_at_addresses_and_in_files(
    api: httpx2.Client, home: str, videos: dict[str, str]
) -> None:
    """Trap: both fields are repeated; eleven of either are too many."""
    ten = tuple(f"https://x.example/{number}/red-fox.jpg" for number in range(10))
    image: dict[str, Any] = {"query_media_type": "image"}
    assert found(api, home, urls=ten, **image)[0]["video_id"] == videos["fox"]
    assert found(api, home, urls=ten, files=(png(), jpeg()) * 5, **image)
    for response in (
        ask(api, home, urls=(*ten, ten[0]), **image),
        ask(api, home, files=(png(),) * 11, **image),
    ):
        assert response.status_code == 400, response.text


@pytest.mark.usefixtures("videos")
def test_images__all_of_them_count(api: httpx2.Client, home: str) -> None:
    """An address and a file together are another question than either alone."""
    url, image = ("https://x.example/red-fox.jpg",), {"query_media_type": "image"}
    alone, both = (
        found(api, home, urls=url, **image),
        found(api, home, urls=url, files=(png(),), **image),
    )
    assert alone != both
    assert both != found(api, home, urls=url, files=(png(80, 80),), **image)


def test_images__with_words(api: httpx2.Client, home: str, videos: dict[str, str]) -> None:
    """Words and images are one question; a bad image among good ones refuses it all."""
    fields: dict[str, Any] = {"query_media_type": "image", "query_text": "in the harbour"}
    url = ("https://x.example/some-ferry.jpg",)
    assert found(api, home, urls=url, **fields)[0]["video_id"] == videos["ferry"]
    response = ask(api, home, urls=url, files=(b"no image",), **fields)
    assert "query_media_file" in refused(response, 400, "parameter_invalid")
    response = ask(api, home, urls=(*url, "https://x.example/understudy-fail.jpg"), **fields)
    assert "query_media_url" in refused(response, 400, "parameter_invalid")


def test_person__is_found_by_entity(
    fake: Fake, api: httpx2.Client, home: str, videos: dict[str, str]
) -> None:
    """`<@id>` stands for a person by name and by pictures; the words around it count too."""
    (picture,) = new_pictures(fake, api, "ada-portrait")
    entity = new_entity(api, new_collection(api), [picture])
    words = f"<@{entity['_id']}> at work"
    message = refused(ask(api, home, query_text=words), 400, "parameter_invalid")
    assert "not ready" in message
    fake.clock.advance(SOON)
    assert found(api, home, query_text=words)[0]["video_id"] == videos["ada"]


def test_person__that_is_not_there(api: httpx2.Client, home: str) -> None:
    """An unknown entity is not found, and what is no id is told so."""
    message = refused(ask(api, home, query_text=f"<@{NOBODY}>"), 404, "resource_not_exists")
    assert NOBODY in message
    refused(ask(api, home, query_text="<@ada> walks"), 400, "parameter_invalid")


@pytest.fixture
def heard(api: httpx2.Client, home: str, videos: dict[str, str]) -> str:
    """What is said in one clip, in the very words."""
    hits = found(api, home, "audio", query_text="fox")
    return str(next(hit for hit in hits if hit["video_id"] == videos["fox"])["transcription"])


def test_transcription__lexical_wants_the_very_words(
    api: httpx2.Client, home: str, heard: str
) -> None:
    """Words that nobody says are found by their meaning only; both ways are the default."""
    said = " ".join(heard.split()[:4])
    hits = found(api, home, "transcription", query_text=said, transcription_options="lexical")
    assert hits
    wanted = {word.strip(".,").lower() for word in said.split()}
    for hit in hits:
        assert wanted <= {word.strip(".,").lower() for word in hit["transcription"].split()}
    unsaid = {"query_text": "an unpronounceable vixen"}
    lexical = found(api, home, "transcription", transcription_options="lexical", **unsaid)
    semantic = found(api, home, "transcription", transcription_options="semantic", **unsaid)
    default = found(api, home, "transcription", **unsaid)
    both = found(
        api, home, "transcription", transcription_options=["lexical", "semantic"], **unsaid
    )
    assert lexical == []
    assert semantic == default == both != []


@pytest.mark.usefixtures("videos")
@pytest.mark.parametrize(("operator", "some"), [("or", True), ("and", False)])
def test_transcription__lexical_beside_pictures(
    api: httpx2.Client, home: str, operator: str, some: bool
) -> None:
    """With `or` the pictures still find, with `and` the words must be said as well."""
    hits = found(
        api,
        home,
        "visual",
        "transcription",
        query_text="an unpronounceable vixen",
        transcription_options="lexical",
        operator=operator,
    )
    assert bool(hits) == some


def test_transcription__needs_sound(fake: Fake, api: httpx2.Client) -> None:
    """An index without the option audio hears nothing."""
    mute = new_index(api, [{"model_name": "marengo3.0", "model_options": ["visual"]}])
    response = ask(api, mute, "transcription", query_text="fox")
    refused(response, 400, "search_option_not_supported")
    response = ask(api, mute, "visual", query_text="fox", transcription_options="loud")
    assert "transcription_options" in refused(response, 400, "parameter_invalid")


@pytest.mark.usefixtures("videos")
def test_words__500_tokens(api: httpx2.Client, home: str) -> None:
    """One more is refused."""
    assert found(api, home, query_text="fox " * 500)
    assert "500" in refused(ask(api, home, query_text="fox " * 501), 400, "parameter_invalid")


def test_filter__by_one_of_several_texts(fake: Fake, api: httpx2.Client, home: str) -> None:
    """Metadata may be a list of texts; a filter by one of them finds it."""
    video = new_video(fake, api, home, FOX)
    tags = {"user_metadata": {"tags": ["red", "wild"], "take": 3}}
    assert api.patch(f"/indexes/{home}/videos/{video}", json=tags).status_code == 204
    for tag, some in (("red", True), ("blue", False)):
        hits = found(api, home, query_text="fox", filter=json.dumps({"tags": tag}))
        assert bool(hits) == some
    (hit, *_) = found(api, home, query_text="fox", include_user_metadata="true")
    assert hit["user_metadata"] == tags["user_metadata"]


@pytest.mark.usefixtures("videos")
def test_page__of_a_search_after_a_snapshot(fake: Fake, api: httpx2.Client, home: str) -> None:
    """A further page is the same in a fake that was brought back, images and ranks included."""
    urls = ("https://x.example/red-fox.jpg", "https://x.example/ferry.jpg")
    first = ask(api, home, urls=urls, query_media_type="image", page_limit=2).json()
    token = first["page_info"]["next_page_token"]
    second = api.get(f"/search/{token}").json()["data"]
    assert [hit["rank"] for hit in second] == [3, 4]
    kept = fake.snapshot()
    fake.reset()
    fake.restore(kept)
    assert api.get(f"/search/{token}").json()["data"] == second
