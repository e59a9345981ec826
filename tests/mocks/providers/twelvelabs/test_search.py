"""Laws of Twelve Labs' search."""

import json
from typing import Any

import httpx2
import pytest
from media import jpeg, png, wav
from stage import LONG, MODELS, NOBODY, client_of, new_index, new_task, new_video, refused

from understudy.mocks import Fake

FOX = "https://cdn.example/red-fox.mp4?duration=30"
FERRY = "https://cdn.example/harbour/ferry.mp4?duration=45"
CAR = "https://cdn.example/blue-car-race.mp4?duration=60"
LEVELS = ["high", "medium", "low", "extremely low"]


def ask(
    api: httpx2.Client, index: str, *options: str, file: bytes | None = None, **fields: object
) -> httpx2.Response:
    """Search an index; both options unless some are named."""
    parts: list[tuple[str, tuple[str | None, bytes | str]]] = [("index_id", (None, index))]
    parts += [("search_options", (None, option)) for option in options or ("visual", "audio")]
    parts += [(name, (None, str(value))) for name, value in fields.items()]
    if file is not None:
        parts.append(("query_media_file", ("picture.png", file)))
    return api.post("/search", files=parts)


def found(api: httpx2.Client, index: str, *options: str, **fields: Any) -> dict[str, Any]:
    """The body of a search that succeeds."""
    response = ask(api, index, *options, **{"page_limit": 50, **fields})
    assert response.status_code == 200, response.text
    return dict(response.json())


@pytest.fixture
def videos(fake: Fake, api: httpx2.Client, index: str) -> dict[str, str]:
    """Three ready videos by name, with user metadata of every simple type."""
    given = {
        "fox": (FOX, {"category": "animals", "year": 2020, "wild": True}),
        "ferry": (FERRY, {"category": "boats", "year": 2024, "wild": False}),
        "car": (CAR, {"category": "cars", "speed": 90.5}),
    }
    return {
        name: new_video(fake, api, index, url, user_metadata=json.dumps(metadata))
        for name, (url, metadata) in given.items()
    }


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("red fox", "fox"),
        ("a fox", "fox"),
        ("Where are the FOXES?", "fox"),
        ("ferry", "ferry"),
        ("harbour", "ferry"),
        ("the ferry leaves the harbour", "ferry"),
        ("race car", "car"),
        ("something blue", "car"),
    ],
)
@pytest.mark.parametrize("options", [("visual",), ("audio",), ("visual", "audio")])
def test_search__words_of_title_or_url_rank_their_video_first(
    api: httpx2.Client,
    index: str,
    videos: dict[str, str],
    words: str,
    name: str,
    options: tuple[str, ...],
) -> None:
    """A query that names a video by its title or URL finds that video before all others."""
    best = found(api, index, *options, query_text=words)["data"][0]
    assert best["video_id"] == videos[name]
    assert best["rank"] == 1


def test_search__results_are_sorted_ranked_and_within_bounds(
    api: httpx2.Client, index: str, videos: dict[str, str]
) -> None:
    """Scores fall from 100 towards 0, ranks count up, clips lie within their video."""
    clips = found(api, index, query_text="red fox", threshold="none")["data"]
    lengths = {videos["fox"]: 30, videos["ferry"]: 45, videos["car"]: 60}
    assert [clip["rank"] for clip in clips] == list(range(1, len(clips) + 1))
    scores = [clip["score"] for clip in clips]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert all(0 <= clip["start"] < clip["end"] <= lengths[clip["video_id"]] for clip in clips)
    assert {clip["video_id"] for clip in clips} == set(videos.values())
    order = [LEVELS.index(clip["confidence"]) for clip in clips]
    assert order == sorted(order)


def test_search__is_deterministic(api: httpx2.Client, index: str, videos: dict[str, str]) -> None:
    """The same question gives the same results."""
    first, second = (found(api, index, query_text="a fox by the sea") for _ in range(2))
    assert first == second


def test_search__pool_counts_the_index(
    api: httpx2.Client, index: str, videos: dict[str, str]
) -> None:
    """The pool tells of all videos, whatever the filter leaves."""
    body = found(api, index, query_text="fox", filter=json.dumps({"id": [videos["fox"]]}))
    assert body["search_pool"] == {"total_count": 3, "total_duration": 135, "index_id": index}


def test_search__only_ready_videos_and_only_while_they_are_there(
    fake: Fake, api: httpx2.Client, index: str
) -> None:
    """Results follow the videos: none before a task is ready, none after the video has gone."""
    made = new_task(api, index, FOX)
    assert found(api, index, query_text="fox")["data"] == []
    fake.clock.advance(LONG)
    assert found(api, index, query_text="fox")["data"]
    api.delete(f"/indexes/{index}/videos/{made['video_id']}")
    body = found(api, index, query_text="fox")
    assert body["data"] == []
    assert body["page_info"]["total_results"] == 0
    assert body["search_pool"]["total_count"] == 0


def test_search__thresholds_nest(api: httpx2.Client, index: str, videos: dict[str, str]) -> None:
    """Each lower threshold keeps what the higher one found, and adds only lower levels."""
    before: set[str] = set()
    for place, threshold in enumerate(["high", "medium", "low", "none"]):
        clips = found(api, index, query_text="red fox", threshold=threshold)["data"]
        keys = {json.dumps(clip, sort_keys=True) for clip in clips}
        assert before <= keys
        assert {clip["confidence"] for clip in clips} <= set(LEVELS[: place + 1])
        before = keys
    assert before


def test_search__adjusted_level_makes_confidence_stricter(
    api: httpx2.Client, index: str, videos: dict[str, str]
) -> None:
    """A higher level never raises a word and never adds a result; scores stay."""
    counts = []
    for level in ("0", "0.5", "1"):
        fields = {"query_text": "red fox", "adjust_confidence_level": level}
        counts.append(found(api, index, threshold="low", **fields)["page_info"]["total_results"])
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_search__grouped_by_video(api: httpx2.Client, index: str, videos: dict[str, str]) -> None:
    """Each video once, the best first, with its clips, best first, which are those of the list."""
    flat = found(api, index, query_text="ferry")["data"]
    body = found(api, index, query_text="ferry", group_by="video")
    groups = body["data"]
    assert groups[0]["id"] == videos["ferry"]
    assert len({group["id"] for group in groups}) == len(groups) == 3
    assert body["page_info"]["total_results"] == 3
    assert body["page_info"]["total_inner_matches"] == len(flat)
    inner = [clip for group in groups for clip in group["clips"]]
    assert sorted(inner, key=lambda clip: clip["rank"]) == flat
    for group in groups:
        assert all(clip["video_id"] == group["id"] for clip in group["clips"])
        ranks = [clip["rank"] for clip in group["clips"]]
        assert ranks == sorted(ranks)
    firsts = [group["clips"][0]["rank"] for group in groups]
    assert firsts == sorted(firsts)


def test_search__groups_by_number_of_clips(
    api: httpx2.Client, index: str, videos: dict[str, str]
) -> None:
    """With `clip_count` the video with the most clips comes first; only for groups."""
    fields = {"query_text": "fox", "sort_option": "clip_count"}
    groups = found(api, index, group_by="video", **fields)["data"]
    counts = [len(group["clips"]) for group in groups]
    assert counts == sorted(counts, reverse=True)
    assert groups[0]["id"] == videos["car"]
    message = refused(ask(api, index, **fields), 400, "parameter_invalid")
    assert "sort_option" in message


def test_search__operator(fake: Fake, api: httpx2.Client, index: str) -> None:
    """`and` is never better than `or` for a clip, and each is as good as one option alone."""
    new_video(fake, api, index, FOX)

    def scores(*options: str, **fields: str) -> dict[float, float]:
        clips = found(api, index, *options, query_text="fox", threshold="none", **fields)["data"]
        return {clip["start"]: clip["score"] for clip in clips}

    seen, heard = scores("visual"), scores("audio")
    either, both = scores(operator="or"), scores(operator="and")
    assert seen.keys() == heard.keys() == either.keys() == both.keys()
    assert either == {start: max(seen[start], heard[start]) for start in seen}
    assert both == {start: min(seen[start], heard[start]) for start in seen}


def test_search__options_as_json_text_once_each(
    api: httpx2.Client, index: str, videos: dict[str, str]
) -> None:
    """A JSON array in one field, commas and repetition mean the same."""
    expected = found(api, index, "visual", "audio", query_text="fox")
    assert found(api, index, '["visual", "audio"]', query_text="fox") == expected
    assert found(api, index, "visual,audio", query_text="fox") == expected
    assert found(api, index, "audio", "visual", "audio", query_text="fox") == expected


def test_search__transcription_needs_audio(fake: Fake, api: httpx2.Client, index: str) -> None:
    """What is said is shown where sound is searched; the option needs audio on the index."""
    new_video(fake, api, index, FOX)
    clips = found(api, index, "transcription", query_text="fox")["data"]
    assert clips and all("fox" in clip["transcription"].lower() for clip in clips)
    assert "transcription" not in found(api, index, "visual", query_text="fox")["data"][0]
    only = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    silent = new_index(api, "silent", models=only)
    for option in ("audio", "transcription"):
        response = ask(api, silent, "visual", option, query_text="fox")
        assert option in refused(response, 400, "search_option_not_supported")


def test_search__thumbnails_come_with_the_add_on(fake: Fake, api: httpx2.Client) -> None:
    """An index with the add-on has a picture of each clip; on the caller's own host."""
    index = new_index(api, "pictures", addons=["thumbnail"])
    new_video(fake, api, index, FOX)
    clip = found(api, index, query_text="fox")["data"][0]
    assert clip["thumbnail_url"].startswith("https://api.twelvelabs.io/_media/")
    plain = new_index(api, "plain")
    new_video(fake, api, plain, FOX)
    assert "thumbnail_url" not in found(api, plain, query_text="fox")["data"][0]


def test_search__user_metadata_on_request(
    api: httpx2.Client, index: str, videos: dict[str, str]
) -> None:
    """Each clip carries its video's metadata, when asked."""
    clips = found(api, index, query_text="ferry", include_user_metadata="true")["data"]
    assert clips[0]["user_metadata"]["category"] == "boats"
    assert "user_metadata" not in found(api, index, query_text="ferry")["data"][0]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({}, {"fox", "ferry", "car"}),
        ({"category": "boats"}, {"ferry"}),
        ({"category": "Boats"}, set()),
        ({"wild": True}, {"fox"}),
        ({"wild": 1}, set()),
        ({"year": 2020}, {"fox"}),
        ({"year": 2020.0}, {"fox"}),
        ({"year": "2020"}, set()),
        ({"year": {"gte": 2020}}, {"fox", "ferry"}),
        ({"year": {"gte": 2021, "lte": 2024}}, {"ferry"}),
        ({"speed": {"lte": 90.5}}, {"car"}),
        ({"category": {"gte": 1}}, set()),
        ({"duration": {"gte": 40}}, {"ferry", "car"}),
        ({"duration": 30}, {"fox"}),
        ({"width": 1280, "height": 720}, {"fox", "ferry", "car"}),
        ({"size": {"lte": 0}}, set()),
        ({"filename": "ferry.mp4"}, {"ferry"}),
        ({"duration": {"gte": 40}, "category": "cars"}, {"car"}),
        ({"nothing": "x"}, set()),
        ({"year": {"gte": 10**30}}, set()),
    ],
)
def test_search__filters(
    api: httpx2.Client,
    index: str,
    videos: dict[str, str],
    wanted: dict[str, object],
    names: set[str],
) -> None:
    """Strings and booleans equal, numbers equal or within bounds, of system and user fields."""
    clips = found(api, index, query_text="anything", threshold="none", filter=json.dumps(wanted))
    assert {clip["video_id"] for clip in clips["data"]} == {videos[name] for name in names}


def test_search__filter_by_ids(api: httpx2.Client, index: str, videos: dict[str, str]) -> None:
    """A list of ids means any of them."""
    chosen = [videos["fox"], videos["car"], NOBODY]
    fields = {"query_text": "x", "threshold": "none", "filter": json.dumps({"id": chosen})}
    clips = found(api, index, **fields)["data"]
    assert {clip["video_id"] for clip in clips} == {videos["fox"], videos["car"]}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "7",
        "null",
        '"x"',
        "NaN",
        '{"id": "one"}',
        '{"id": []}',
        '{"id": [1]}',
        '{"duration": "long"}',
        '{"duration": true}',
        '{"duration": {}}',
        '{"duration": {"gt": 1}}',
        '{"duration": {"gte": "1"}}',
        '{"duration": {"gte": true}}',
        '{"year": {"gte": [1]}}',
        '{"filename": 7}',
        '{"filename": {"gte": 1}}',
        '{"category": ["a"]}',
        '{"category": null}',
        '{"year": 1%s}' % ("0" * 400),
        "[" * 5000,
        '{"a":' * 5000,
    ],
)
def test_search__malformed_filters(api: httpx2.Client, index: str, text: str) -> None:
    """Whatever is no filter is refused by its own code."""
    response = ask(api, index, query_text="fox", filter=text)
    assert "filter" in refused(response, 400, "search_filter_invalid")


def test_search__index_without_marengo(api: httpx2.Client) -> None:
    """Pegasus alone cannot search."""
    index = new_index(api, "texts", models=MODELS[1:])
    response = ask(api, index, query_text="fox")
    assert index in refused(response, 400, "index_not_supported_for_search")


def test_search__unknown_index(fake: Fake, api: httpx2.Client, index: str) -> None:
    """An index that is not there, or another's, is not found; a malformed id is invalid."""
    refused(ask(api, NOBODY, query_text="fox"), 404, "resource_not_exists")
    refused(ask(api, "x", query_text="fox"), 400, "parameter_invalid")
    with client_of(fake, "tlk_other") as other:
        refused(ask(other, index, query_text="fox"), 404, "resource_not_exists")


@pytest.mark.parametrize(
    ("fields", "code", "name"),
    [
        ({}, "parameter_not_provided", "query_text"),
        ({"query_text": ""}, "parameter_invalid", "query_text"),
        ({"query_text": "  "}, "parameter_invalid", "query_text"),
        ({"query_text": "word " * 501}, "parameter_invalid", "query_text"),
        ({"query_text": "x", "group_by": "scene"}, "parameter_invalid", "group_by"),
        ({"query_text": "x", "threshold": "lowest"}, "parameter_invalid", "threshold"),
        ({"query_text": "x", "sort_option": "time"}, "parameter_invalid", "sort_option"),
        ({"query_text": "x", "operator": "xor"}, "parameter_invalid", "operator"),
        ({"query_text": "x", "page_limit": "-1"}, "parameter_invalid", "page_limit"),
        ({"query_text": "x", "page_limit": "51"}, "parameter_invalid", "page_limit"),
        ({"query_text": "x", "page_limit": "9" * 400}, "parameter_invalid", "page_limit"),
        (
            {"query_text": "x", "adjust_confidence_level": "1.5"},
            "parameter_invalid",
            "adjust_confidence_level",
        ),
        (
            {"query_text": "x", "include_user_metadata": "perhaps"},
            "parameter_invalid",
            "include_user_metadata",
        ),
        ({"query_media_type": "video"}, "parameter_invalid", "query_media_type"),
        ({"query_media_type": "image"}, "parameter_not_provided", "query_media_url"),
        ({"query_media_url": "https://x.example/a.png"}, "parameter_not_provided", "media_type"),
        (
            {"query_media_type": "image", "query_media_url": "file:///etc/passwd"},
            "parameter_invalid",
            "query_media_url",
        ),
        (
            {"query_media_type": "image", "query_media_url": "https://x.example/a.mp4"},
            "parameter_invalid",
            "query_media_url",
        ),
        (
            {"query_media_type": "image", "query_media_url": "https://x.example/a.gif"},
            "parameter_invalid",
            "query_media_url",
        ),
        (
            {
                "query_media_type": "image",
                "query_media_url": "https://x.example/understudy-fail.png",
            },
            "parameter_invalid",
            "query_media_url",
        ),
    ],
)
def test_search__bad_fields_are_named(
    api: httpx2.Client, index: str, fields: dict[str, str], code: str, name: str
) -> None:
    """Each wrong field is refused by name."""
    assert name in refused(ask(api, index, **fields), 400, code)


def test_search__shorter_texts_for_the_older_model(api: httpx2.Client, index: str) -> None:
    """Marengo 2.7 takes 77 tokens, 3.0 takes 500."""
    only = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    older = new_index(api, "older", models=only)
    assert ask(api, older, "visual", query_text="word " * 77).status_code == 200
    refused(ask(api, older, "visual", query_text="word " * 78), 400, "parameter_invalid")
    assert ask(api, index, query_text="word " * 500).status_code == 200


def test_search__missing_fields(api: httpx2.Client, index: str) -> None:
    """Index and options are required, and an option that nobody knows has its own code."""
    response = api.post("/search", files={"index_id": (None, index), "query_text": (None, "x")})
    assert "search_options" in refused(response, 400, "parameter_not_provided")
    files = {"search_options": (None, "visual"), "query_text": (None, "x")}
    assert "index_id" in refused(api.post("/search", files=files), 400, "parameter_not_provided")
    response = ask(api, index, "smell", query_text="x")
    assert "smell" in refused(response, 400, "search_option_not_supported")
    refused(ask(api, index, "[]", query_text="x"), 400, "parameter_invalid")


def test_search__by_image_address(api: httpx2.Client, index: str, videos: dict[str, str]) -> None:
    """An image whose address names a video finds that video; in 2025 the address beats a file."""
    url = "https://x.example/blue-car.jpg"
    fields = {"query_media_type": "image", "query_media_url": url, "threshold": "low"}
    best = found(api, index, **fields)["data"][0]
    assert best["video_id"] == videos["car"]
    assert found(api, index, file=png(), **fields)["data"][0] == best
    assert found(api, index, file=b"no image", **fields)["data"][0] == best


@pytest.mark.parametrize("content", [png(), jpeg(), png(1200, 800)])
def test_search__by_image_file(
    api: httpx2.Client, index: str, videos: dict[str, str], content: bytes
) -> None:
    """JPEG and PNG from 64x64 on are taken."""
    assert found(api, index, file=content, query_media_type="image")["data"]


@pytest.mark.parametrize(
    "content", [b"", b"no image", wav(), png(63, 64), jpeg(64, 10), b"GIF89a@\0@\0" + bytes(20)]
)
def test_search__unfit_image_files(api: httpx2.Client, index: str, content: bytes) -> None:
    """What is no JPEG or PNG, or is too small, is refused by name."""
    response = ask(api, index, file=content, query_media_type="image")
    assert "query_media_file" in refused(response, 400, "parameter_invalid")


def test_search__image_file_too_large(api: httpx2.Client, index: str) -> None:
    """More than 5 MB is refused."""
    response = ask(api, index, file=png() + bytes(5 * 1024**2), query_media_type="image")
    assert "query_media_file" in refused(response, 400, "parameter_invalid")


def test_search__image_needs_visual(api: httpx2.Client, index: str) -> None:
    """Nobody can hear a picture."""
    response = ask(api, index, "audio", file=png(), query_media_type="image")
    refused(response, 400, "search_option_combination_not_supported")


def test_search__image_and_words_together(
    api: httpx2.Client, index: str, videos: dict[str, str]
) -> None:
    """Both count: the video that both name comes before the one that either names."""
    url = "https://x.example/blue.jpg"
    fields = {"query_media_type": "image", "query_media_url": url, "query_text": "car race"}
    assert found(api, index, **fields)["data"][0]["video_id"] == videos["car"]


def test_search__old_sdk_sends_an_empty_part(
    api: httpx2.Client, index: str, videos: dict[str, str]
) -> None:
    """SDK 0.4 adds an empty file part named `_`, which means nothing."""
    parts = [
        ("index_id", (None, index)),
        ("search_options", (None, "visual")),
        ("query_text", (None, "fox")),
        ("_", ("upload", b"", "application/octet-stream")),
    ]
    response = api.post("/search", files=parts)
    assert response.status_code == 200, response.text
    assert response.json()["data"][0]["video_id"] == videos["fox"]


def test_search__every_other_refusal(fake: Fake, api: httpx2.Client) -> None:
    """Wrong method, wrong media type and a wrong key are refused in the envelope."""
    refused(api.put("/search"), 405, "method_not_allowed")
    refused(api.post("/search", json={}), 415, "unsupported_media_type")
    with client_of(fake, "invalid-key") as stranger:
        refused(ask(stranger, NOBODY, query_text="x"), 401, "api_key_invalid")
        refused(stranger.get("/search/x"), 401, "api_key_invalid")
    refused(api.post("/search/x"), 405, "method_not_allowed")
