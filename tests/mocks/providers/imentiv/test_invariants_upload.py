"""Invariants 1 to 13: keys, refusals, uploads, and the way of a medium to its results."""

import itertools
from itertools import pairwise
from typing import Any

import pytest
from imentiv_stage import KINDS, NOBODY, Api, client_of
from media import mp4, wav

from understudy.mocks import Fake

READS = (
    *(f"/v1/{kind}/{{id}}" for kind in KINDS),
    "/v2/videos/{id}/multimodal-analytics",
    "/v2/videos/{id}/emotions/average",
    "/v2/videos/{id}/annotated_video",
    "/v1/videos/{id}/valence_arousal",
    "/v1/videos/{id}/frames",
    "/v1/videos/{id}/frames/1",
    "/v1/videos/{id}/frames/1/dominant_emotion",
    "/v1/videos/{id}/frames/1/valence_arousal",
    "/v1/videos/{id}/highlights",
    "/v1/videos/{id}/highlight_video",
    "/v1/videos/{id}/report",
    "/v2/videos/{id}/faces/1/personality-analysis",
    "/v2/audios/{id}/multimodal-analytics",
    "/v1/audios/{id}/report",
    "/v1/texts/{id}/report",
    "/v1/images/{id}/report",
    "/v1/images/{id}/annotated_image",
    "/v2/reports/pdf/{id}?media_type=video",
    "/v2/video/{id}/ai-insights",
)
OCTETS = "application/octet-stream"
ADDRESS = {"videos": "video_url", "audios": "media_url", "images": "image_url"}
SOURCES = {
    "https://www.youtube.com/watch?v=abc": "youtube",
    "https://youtu.be/abc": "youtube",
    "https://www.dropbox.com/s/1/sea.mp4": "dropbox",
    "https://www.instagram.com/reel/1": "instagram",
    "https://facebook.com/watch/1": "facebook",
    "https://x.com/u/status/1": "twitter",
    "https://drive.google.com/file/d/1": "public_url",
    "https://cdn.example/sea.mp4": "public_url",
}


@pytest.mark.parametrize("path", [*READS, *(f"/v1/{kind}" for kind in KINDS)])
def test_no_key__is_refused(fake: Fake, path: str) -> None:
    """1. Without a key, or with a wrong one, every read is 401 with `detail`."""
    for key in ("", "invalid-key"):
        response = client_of(fake, key).get(path.format(id=NOBODY))
        assert response.status_code == 401
        assert response.json() == {"detail": "Invalid User or Not Authorized"}


@pytest.mark.parametrize("path", READS)
def test_unknown_id__is_not_found(api: Api, path: str) -> None:
    """2. An id that is none, one of another kind, and somebody else's are all 404."""
    kind = next((kind for kind in KINDS if f"/{kind}/" in path), "videos")
    other = api.upload("texts" if kind != "texts" else "images")["id"]
    foreign = Api(api.fake, "imk_other").upload(kind)["id"]
    for identity in (NOBODY, "no-id-at-all", other, foreign):
        api.refused(404, "GET", path.format(id=identity))


def test_unreadable_values__are_listed(api: Api) -> None:
    """3. What cannot be read is told value by value, with place, sentence and type."""
    assert api.unread("GET", "/v1/videos", params={"page_size": "many"})[0]["loc"] == [
        "query",
        "page_size",
    ]
    form = {"title": "x", "start_millis": "soon"}
    parts: Any = {name: (None, value) for name, value in form.items()}
    assert api.unread("POST", "/v2/videos", files=parts)[0]["loc"] == ["body", "start_millis"]


@pytest.mark.parametrize("kind", KINDS)
def test_title__is_needed(api: Api, kind: str) -> None:
    """4. An empty title is refused, and so is none."""
    response = api.send(kind, title="")
    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["body", "title"]
    parts: Any = {"callback_url": (None, "")}
    sent = {"data": {"text": "Hello."}} if kind == "texts" else {"files": parts}
    assert api.unread("POST", f"/v2/{kind}", **sent)[0]["type"] == "missing"


def test_image__has_bounds_for_its_words(api: Api) -> None:
    """5. 150 characters of title and 300 of description pass; one more of either does not."""
    assert api.send("images", title="x" * 150, description="y" * 300).status_code == 200
    assert api.send("images", title="x" * 151).status_code == 422
    assert api.send("images", description="y" * 301).status_code == 422


@pytest.mark.parametrize("kind", sorted(ADDRESS))
def test_upload__needs_a_file_or_an_address(api: Api, kind: str) -> None:
    """6. With neither, or with an empty address, an upload is refused and nothing is stored."""
    assert api.send(kind, **{ADDRESS[kind]: ""}).status_code == 422
    assert api.get(f"/v1/{kind}")["count"] == 0


@pytest.mark.parametrize("kind", ["videos", "audios"])
@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("0", "0", 200),
        ("1000", "2000", 200),
        ("0", "1000", 200),
        ("", "", 200),
        ("1000", "0", 422),
        ("1000", "1999", 422),
        ("0", "999", 422),
        ("5000", "3000", 422),
        ("-1000", "3000", 422),
        ("0", "-1", 422),
    ],
)
def test_window__follows_the_rule(api: Api, kind: str, start: str, end: str, status: int) -> None:
    """7. A start needs an end at least 1000 milliseconds later; negative instants are refused."""
    assert api.send(kind, start_millis=start, end_millis=end).status_code == status


@pytest.mark.parametrize(
    ("start", "end", "seconds"), [("0", "0", 32), ("0", "10500", 10), ("2000", "9000", 7)]
)
def test_duration__is_what_is_left_in_whole_seconds(
    api: Api, start: str, end: str, seconds: int
) -> None:
    """8. The answer tells the length of the window, and so do the analytics."""
    made = api.upload("videos", start_millis=start, end_millis=end)
    assert made["duration"] == seconds
    assert int(api.analytics(made["id"])["duration"]) == seconds


def test_upload__answers_the_same_for_all_kinds(api: Api) -> None:
    """9. Every answer is in the queue, repeats the title, and names one account."""
    made = {kind: api.upload(kind, title=f"My {kind}") for kind in KINDS}
    assert {each["status"] for each in made.values()} == {"queue"}
    assert len({each["user_id"] for each in made.values()}) == 1
    for kind, each in made.items():
        assert each["title"] == f"My {kind}"
        if kind != "texts":
            assert each["media_source"] == "file_upload"
    assert made["images"]["media_source_type"] == "image"
    assert made["audios"]["media_source_type"] == "audio"


@pytest.mark.parametrize(("url", "source"), sorted(SOURCES.items()))
def test_address__tells_the_source(api: Api, url: str, source: str) -> None:
    """10. The host decides, as far as the kind knows the source; the address is repeated."""
    known = {"videos": set(SOURCES.values()), "audios": {"youtube", "dropbox"}}
    known["images"] = {"dropbox"}
    for kind, name in ADDRESS.items():
        made = api.upload(kind, **{name: url})
        assert made["media_source"] == (source if source in known[kind] else "public_url")
        assert made["media_source_url"] == url


def test_file__goes_before_the_address(api: Api) -> None:
    """11. With both, the file is taken."""
    parts: Any = {
        "title": (None, "Both"),
        "video_url": (None, "https://cdn.example/long.mp4?duration=500"),
        "video_file": ("short.mp4", mp4(duration=7.0), "video/mp4"),
    }
    made = api.call("POST", "/v2/videos", files=parts).json()
    assert (made["media_source"], made["duration"]) == ("file_upload", 7)


@pytest.mark.parametrize("kind", KINDS)
def test_statuses__come_in_order(fake: Fake, api: Api, kind: str) -> None:
    """12. Queue, processing, completed; never backwards, and not completed at first sight."""
    identity, seen = api.upload(kind)["id"], []
    for _ in range(60):
        seen.append(api.get(f"/v1/{kind}/{identity}")["status"])
        fake.clock.advance(3)
    assert [status for status, _ in itertools.groupby(seen)] == ["queue", "processing", "completed"]


@pytest.mark.parametrize("kind", KINDS)
def test_unfinished__is_readable_without_results(api: Api, kind: str) -> None:
    """13. Before the end a medium can be read, and has no results in it."""
    shown = api.get(f"/v1/{kind}/{api.upload(kind)['id']}")
    assert shown["status"] == "queue"
    for name in ("faces", "segments", "emotions", "average_audio_emotions", "speakers", "audio_id"):
        assert not shown.get(name)
    if kind in ("videos", "audios"):
        told = api.analytics(shown["id"], kind)
        assert told["status"] == "queue"
        assert told["emotion_analysis"]["overall"].get("video") is None
        assert not told.get("face_count") and not told.get("text_id")


@pytest.mark.parametrize("token", ["fail", "stuck"])
def test_outcome__is_chosen_by_magic_words(fake: Fake, api: Api, token: str) -> None:
    """A title can make the analysis fail or never end, and a failed one can be tried again."""
    identity = api.made("videos", title=f"understudy-{token}")
    status = api.get(f"/v1/videos/{identity}")["status"]
    assert status == {"fail": "failed", "stuck": "processing"}[token]
    again = {"reprocess": "true"}
    if token == "fail":
        assert api.put(f"/v1/videos/{identity}", again)["status"] == "queue"
    else:
        api.refused(409, "PUT", f"/v1/videos/{identity}", data=again)


def test_formats__of_files_are_those_of_the_kind(api: Api) -> None:
    """A file of another kind is refused."""
    for kind, name, part in (
        ("videos", "video_file", ("sea.txt", b"hello", OCTETS)),
        ("audios", "audio_file", ("sea.mp4", mp4(), OCTETS)),
        ("images", "image_file", ("sea.wav", wav(), OCTETS)),
    ):
        parts: Any = {"title": (None, "x"), name: part}
        api.refused(422, "POST", f"/v2/{kind}", files=parts)


def test_content__follows_from_medium_and_seed() -> None:
    """The same file and seed give the same analysis; another file or seed gives another."""

    def told(seed: int, duration: float) -> Any:
        fake = Fake("imentiv", time="manual", seed=seed)
        api = Api(fake)
        parts: Any = {
            "title": (None, "Same"),
            "video_file": ("a.mp4", mp4(duration=duration), "video/mp4"),
        }
        identity = api.call("POST", "/v2/videos", files=parts).json()["id"]
        fake.clock.advance(1e6)
        return api.analytics(identity)["emotion_analysis"]

    first = told(0, 30.0)
    assert first == told(0, 30.0) and first != told(1, 30.0) and first != told(0, 31.0)


@pytest.mark.parametrize("rate", [10.0, 60.0])
def test_frames__scale_with_duration_and_rate(fake: Fake, api: Api, rate: float) -> None:
    """A longer video has more frames, and a faster one more in all."""
    found: dict[float, tuple[int, int]] = {}
    for seconds in (30.0, 90.0):
        parts: Any = {
            "title": (None, "x"),
            "video_file": ("a.mp4", mp4(duration=seconds, fps=rate), "video/mp4"),
        }
        identity = api.call("POST", "/v2/videos", files=parts).json()["id"]
        fake.clock.advance(1e6)
        total = api.get(f"/v1/videos/{identity}")["total_frames_count"]
        found[seconds] = total, len(api.frames(identity))
    assert all(a < b for a, b in pairwise(sorted(found.values())))
    assert found[30.0][0] == 30 * rate
