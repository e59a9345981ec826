"""Laws of assets that come in one piece: what is taken, how they get ready, how they are found."""

import json

import httpx2
import pytest
from assets_stage import SOON, WALK, fetched, new_asset, read, sent
from hypothesis import given
from hypothesis import strategies as st
from media import mp4, png, wav
from stage import LONG, NOBODY, client_of, refused

from understudy.mocks import Fake

MIB = 1024**2
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
LATER = ("size", "duration", "technical_metadata", "error")


def test_asset__is_processing_at_first_whatever_its_size(fake: Fake, api: httpx2.Client) -> None:
    """The trap of 2026: small direct uploads came back ready before, now none does."""
    for response in (sent(api, mp4(1.0), "a.mp4"), sent(api, b"hello", "a.txt"), fetched(api)):
        assert response.status_code == 201
        made = response.json()
        assert made["status"] == "processing"
        shown = read(api, made["_id"])
        assert shown["status"] == "processing"
        assert not set(LATER) & set(shown)
    fake.clock.advance(SOON)
    assert {each["status"] for each in api.get("/assets").json()["data"]} == {"ready"}


def test_asset__takes_longer_for_a_longer_medium(fake: Fake, api: httpx2.Client) -> None:
    """When a short one is ready, a long one is not yet."""
    short, long = (
        fetched(api, f"https://m.example/a.mp4?duration={seconds}").json()["_id"]
        for seconds in (10, 3000)
    )
    fake.clock.advance(4)
    assert (read(api, short)["status"], read(api, long)["status"]) == ("ready", "processing")
    fake.clock.advance(100)
    assert read(api, long)["status"] == "ready"


def test_asset__tells_what_was_measured_from_ready_on(fake: Fake, api: httpx2.Client) -> None:
    """Size, duration and details of the file that came."""
    content = mp4(12.5, width=640, height=480)
    asset = sent(api, content, "clip.mp4").json()["_id"]
    fake.clock.advance(SOON)
    shown = read(api, asset)
    assert (shown["size"], shown["duration"]) == (len(content), 12.5)
    details = shown["technical_metadata"]
    assert (details["video_width"], details["video_height"]) == (640, 480)
    assert details["file_size_bytes"] == len(content)
    assert shown["method"] == "direct"


@pytest.mark.parametrize(
    ("name", "content", "mime", "plays", "hls", "thumbnail"),
    [
        ("a.mp4", mp4(), "video/mp4", True, True, True),
        ("a.MOV", mp4(), "video/quicktime", True, True, True),
        ("a.wav", wav(), "audio/wav", True, True, True),
        ("a.png", png(), "image/png", False, False, True),
        ("a.pdf", PDF, "application/pdf", False, False, True),
        ("a.txt", b"some words", "text/plain", False, False, False),
        ("A.MD", b"# words", "text/markdown", False, False, False),
        ("film", mp4(), "video/mp4", True, True, True),
    ],
)
def test_asset__of_each_kind(
    fake: Fake,
    api: httpx2.Client,
    name: str,
    content: bytes,
    mime: str,
    plays: bool,
    hls: bool,
    thumbnail: bool,
) -> None:
    """Its MIME type; a duration and a stream of what plays, a still of all but texts."""
    asset = sent(api, content, name).json()["_id"]
    fake.clock.advance(SOON)
    shown = read(api, asset)
    assert (shown["status"], shown["file_type"], shown["filename"]) == ("ready", mime, name)
    assert ("duration" in shown, "hls" in shown, "thumbnail" in shown) == (plays, hls, thumbnail)


def test_asset__without_stream_and_still_where_nobody_wants_them(
    fake: Fake, api: httpx2.Client
) -> None:
    """Both flags count; by default both are made."""
    bare = new_asset(fake, api, enable_hls="false", enable_thumbnail="false")
    assert not {"hls", "thumbnail"} & set(read(api, bare))
    assert {"hls", "thumbnail"} <= set(read(api, new_asset(fake, api)))


def test_asset__links_can_be_fetched_from_ready_on(fake: Fake, api: httpx2.Client) -> None:
    """Before there is no URL; then a playlist with pieces, and a picture."""
    asset = fetched(api).json()["_id"]
    shown = read(api, asset)
    assert (shown["hls"], shown["thumbnail"]) == ({"status": "processing"},) * 2
    fake.clock.advance(SOON)
    shown = read(api, asset)
    with httpx2.Client(transport=fake.transport()) as anybody:
        playlist = anybody.get(shown["hls"]["manifest_url"])
        assert playlist.text.startswith("#EXTM3U")
        assert anybody.get(shown["thumbnail"]["representative_url"]).content[:4] == b"\x89PNG"


def test_asset__that_cannot_be_read_fails_with_a_reason(fake: Fake, api: httpx2.Client) -> None:
    """It is taken at first; stream and still fail with it, and nothing is said of its size."""
    asset = sent(api, b"no film at all", "film.mp4").json()["_id"]
    assert read(api, asset)["status"] == "processing"
    fake.clock.advance(SOON)
    shown = read(api, asset)
    assert shown["status"] == "failed"
    assert shown["error"]["message"]
    assert (shown["hls"]["status"], shown["thumbnail"]["status"]) == ("error", "error")
    assert "size" not in shown


def test_asset__magic_words_choose_its_end(fake: Fake, api: httpx2.Client) -> None:
    """In the address or in the name that it is given."""
    failed = fetched(api, "https://m.example/understudy-fail.mp4").json()["_id"]
    named = fetched(api, filename="understudy-fail.mp4").json()["_id"]
    stuck = fetched(api, "https://m.example/understudy-stuck.mp4").json()["_id"]
    fake.clock.advance(LONG)
    states = [read(api, each)["status"] for each in (failed, named, stuck)]
    assert states == ["failed", "failed", "processing"]


def test_asset__is_too_large_to_be_fetched(fake: Fake, api: httpx2.Client) -> None:
    """What is found to be over 4 GB when it is fetched fails then; see the reason."""
    asset = new_asset(fake, api, "https://m.example/a.mp4?duration=99999")
    assert "4294967296" in read(api, asset)["error"]["message"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"MZ"),
        ("table.csv", b"a,b"),
        ("notes", b"words without an extension"),
        ("a.pdf", b"words"),
        ("a.pdf", mp4()),
        ("a.txt", PDF),
        ("a.mp4", PDF),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(32 * MIB)),
    ],
)
def test_asset__refuses_formats_and_documents_that_differ(
    api: httpx2.Client, name: str, content: bytes
) -> None:
    """No supported format, a document whose name is that of another kind, an image over 32 MB."""
    refused(sent(api, content, name), 400, "parameter_invalid")
    assert api.get("/assets").json()["data"] == []


@pytest.mark.parametrize("name", ["a.pdf", "a"])
def test_asset__has_a_still_of_a_pdf(fake: Fake, api: httpx2.Client, name: str) -> None:
    """Whatever its name; words have none."""
    asset = sent(api, b"%PDF-1.4 pages", name).json()["_id"]
    words = sent(api, b"words", "a.txt").json()["_id"]
    fake.clock.advance(LONG)
    assert read(api, asset)["thumbnail"]["status"] == "ready"
    assert "thumbnail" not in read(api, words)


def test_asset__refuses_a_file_over_200_megabytes(api: httpx2.Client) -> None:
    """A local file has its bound; larger ones come in pieces."""
    message = refused(sent(api, mp4(padding=200 * MIB), "a.mp4"), 400, "parameter_invalid")
    assert str(200 * MIB) in message


@pytest.mark.parametrize(
    ("url", "name", "status"),
    [
        ("https://m.example/a.mp4", "a.pdf", 400),
        ("https://m.example/a.pdf", "a.mp4", 400),
        ("https://m.example/a.mp4", "a.csv", 400),
        ("https://m.example/a.mp4", "a.mov", 201),
        ("https://m.example/a", "a.pdf", 201),
        ("https://m.example/a.pdf", "report v1.2", 201),
    ],
)
def test_asset__is_fetched_under_a_name_that_fits(
    api: httpx2.Client, url: str, name: str, status: int
) -> None:
    """As with a file that is sent: a document is no video, whatever it is called."""
    assert fetched(api, url, filename=name).status_code == status


def test_asset__refuses_a_live_stream(fake: Fake, api: httpx2.Client) -> None:
    """A playlist is taken as video on demand, unless its address says that it is live."""
    assert fetched(api, "https://m.example/vod/a.m3u8").status_code == 201
    for url in ("https://m.example/live/a.m3u8", "https://m.example/a.m3u8?live=1"):
        assert "live" in refused(fetched(api, url), 400, "parameter_invalid")


def test_asset__needs_what_its_method_says(api: httpx2.Client) -> None:
    """A file with direct, an address with url."""
    for method in ("direct", "url"):
        response = api.post("/assets", files={"method": (None, method)})
        refused(response, 400, "parameter_not_provided")
    wrong = api.post("/assets", files={"method": (None, "pigeon")})
    refused(wrong, 400, "parameter_invalid")


def test_asset__keeps_the_name_that_it_is_given(api: httpx2.Client) -> None:
    """Else the file's own, or the end of its address."""
    assert sent(api, mp4(), "a.mp4", filename="Dog.mp4").json()["filename"] == "Dog.mp4"
    assert sent(api, b"words", "blob", filename="a.md").json()["file_type"] == "text/markdown"
    assert fetched(api).json()["filename"] == "Morning-Walk.mp4"


def test_assets__newest_first_and_empty_past_the_end(fake: Fake, api: httpx2.Client) -> None:
    """The trap of both SDKs' pagers: only an empty page ends them."""
    made = [fetched(api).json()["_id"] for _ in range(3)]
    pages = [api.get("/assets", params={"page": n, "page_limit": 2}).json() for n in (1, 2, 3)]
    assert [each["_id"] for page in pages for each in page["data"]] == made[::-1]
    assert pages[2]["data"] == []
    assert pages[2]["page_info"]["total_results"] == 3


def test_assets__filters_combine(fake: Fake, api: httpx2.Client) -> None:
    """Ids and kinds are repeated keys; a part of the name is enough, in any case."""
    walk = fetched(api).json()["_id"]
    song = fetched(api, "https://m.example/Walking-Song.mp3").json()["_id"]
    page = sent(api, b"words", "walk.txt").json()["_id"]

    def found(query: str) -> set[str]:
        return {each["_id"] for each in api.get(f"/assets?{query}").json()["data"]}

    assert found("filename=WALK") == {walk, song, page}
    assert found("filename=walking") == {song}
    assert found("asset_types=audio&asset_types=document") == {song, page}
    assert found(f"asset_ids={walk}&asset_ids={page}&asset_ids={NOBODY}") == {walk, page}
    assert found(f"asset_ids={walk}&asset_ids={song}&asset_types=audio") == {song}
    assert found("filename=walk,song") == set()
    assert api.get("/assets?asset_types=smell").status_code == 400


@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_assets__any_part_of_a_name_finds_it(name: str) -> None:
    """Whatever piece of its name is asked for, in upper case too where that can be undone."""
    name = f"{name[:60]}.mp4"
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        made = fetched(api, filename=name).json()["_id"]
        for part in (name, name[: len(name) // 2 + 1], name.upper(), name.lower()):
            if part.casefold() not in name.casefold():
                continue
            found = api.get("/assets", params={"filename": part}).json()["data"]
            assert [each["_id"] for each in found] == [made], part


def test_asset__belongs_to_its_account(fake: Fake, api: httpx2.Client) -> None:
    """Nobody else reads, changes or deletes it."""
    asset = new_asset(fake, api)
    with client_of(fake, "tlk_other") as other:
        assert other.get(f"/assets/{asset}").status_code == 404
        assert other.delete(f"/assets/{asset}").status_code == 404
        assert other.get("/assets").json()["data"] == []


def test_asset__metadata_come_as_json_text(api: httpx2.Client) -> None:
    """Typed values stay what they are; null, "" and [] are left out; other texts are refused."""
    told = {"take": 3, "grade": 4.5, "kept": True, "tags": ["dog"], "no": None, "e": "", "l": []}
    made = fetched(api, WALK, user_metadata=json.dumps(told)).json()
    assert made["user_metadata"] == {"take": 3, "grade": 4.5, "kept": True, "tags": ["dog"]}
    assert "user_metadata" not in fetched(api, WALK, user_metadata="{}").json()
    for text in ("[1]", "{", '{"a": {"b": 1}}', '{"a": [1]}', '{"a": 9007199254740992}'):
        refused(fetched(api, WALK, user_metadata=text), 400, "parameter_invalid")
