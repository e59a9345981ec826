"""Laws of uploads in pieces: URLs for one use, proofs, reports in any order, and how they end."""

import importlib
from typing import Any

import httpx2
import pytest
import urllib3
from assets_stage import UPLOADS, Sender, entry, etag, read
from hypothesis import given, settings
from hypothesis import strategies as st
from media import mp4, png
from stage import LONG, NOBODY, client_of, refused

from understudy.mocks import Fake
from understudy.mocks.limits import Limits

HOUR, DAY = 3600.0, 86400.0
CHUNK = 5 * 1024**2
FILM = mp4(21.0, width=640, height=480, padding=2 * CHUNK)
"""Three chunks, of which the last is short."""


@pytest.fixture
def sender(fake: Fake, api: httpx2.Client) -> Sender:
    """One who has begun and sent nothing."""
    return Sender.of(fake, api, FILM)


def states(sender: Sender) -> list[str]:
    """The statuses of all chunks."""
    return [chunk["status"] for chunk in sender.status(page_limit=50)["uploaded_chunks"]]


def test_upload__begins(sender: Sender, api: httpx2.Client) -> None:
    """Chunks count from 1; the last one may be short; the asset's id is there at once."""
    made = sender.session
    assert (made["chunk_size"], made["total_chunks"]) == (CHUNK, 3)
    assert [url["chunk_index"] for url in made["upload_urls"]] == [1, 2, 3]
    assert made["expires_at"] == "2025-07-02T00:00:00.000Z"
    assert {url["expires_at"] for url in made["upload_urls"]} == {"2025-07-01T01:00:00.000Z"}
    asset = read(api, sender.asset)
    assert (asset["status"], asset["method"]) == ("processing", "multipart")
    assert not {"hls", "thumbnail", "size"} & set(asset)


def test_upload__by_its_first_urls_completes(sender: Sender, api: httpx2.Client) -> None:
    """PUT, ETag in quotes, one report: the asset is the file that was sent."""
    entries = []
    for url in sender.session["upload_urls"]:
        piece = sender.piece(url["chunk_index"])
        response = sender.put(url["url"], piece)
        assert response.headers["etag"] == f'"{etag(piece)}"'
        assert response.content == b""
        entries.append(entry(url["chunk_index"], etag(piece), len(piece)))
    told = sender.report(entries).json()
    assert told.pop("url")
    assert told == {
        "asset_id": sender.asset,
        "processed_chunks": 3,
        "duplicate_chunks": 0,
        "total_completed": 3,
    }
    assert sender.status()["status"] == "completed"
    assert read(api, sender.asset)["status"] == "processing"
    sender.fake.clock.advance(60)
    asset = read(api, sender.asset)
    assert (asset["status"], asset["size"], asset["duration"]) == ("ready", len(FILM), 21.0)
    assert asset["technical_metadata"]["video_width"] == 640


@settings(max_examples=25)
@given(data=st.data())
def test_upload__in_any_order_and_portions(data: st.DataObject) -> None:
    """Reports may come in any order and twice; only the last that was missing has the URL."""
    fake = Fake("twelvelabs", time="manual", limits=Limits(body=2000))
    with fake, client_of(fake, "tlk") as api:
        content = mp4(7.0, padding=data.draw(st.integers(0, 9000)), last=data.draw(st.booleans()))
        sender = Sender.of(fake, api, content)
        order = data.draw(st.permutations(range(1, sender.total + 1)))
        entries = {each["chunk_index"]: each for each in sender.upload(order)}
        again = data.draw(st.lists(st.sampled_from(order), max_size=4))
        reports, done = [*order, *again], set[int]()
        while reports:
            cut = data.draw(st.integers(1, len(reports)))
            batch, reports = reports[:cut], reports[cut:]
            told = sender.report([entries[index] for index in batch]).json()
            fresh = set(batch) - done
            completes = bool(fresh) and len(done | fresh) == sender.total
            done |= fresh
            assert told["processed_chunks"] == len(fresh)
            assert told["duplicate_chunks"] == len(batch) - len(fresh)
            assert told["total_completed"] == len(done)
            assert ("url" in told) == completes
        fake.clock.advance(LONG)
        asset = read(api, sender.asset)
        assert (asset["status"], asset["size"]) == ("ready", len(content))
        assert asset["duration"] == 7.0


def test_upload__lists_every_chunk_in_pages(fake: Fake, api: httpx2.Client) -> None:
    """The trap: a wait function takes an empty list for completion; the unreported are in it."""
    sender = Sender.of(fake, api, FILM)
    assert states(sender) == ["pending"] * 3
    sender.report(sender.upload([2]))
    shown = sender.status(page=1, page_limit=2)
    assert [(each["index"], each["status"]) for each in shown["uploaded_chunks"]] == [
        (1, "pending"),
        (2, "completed"),
    ]
    assert shown["uploaded_chunks"][0]["uploaded_at"] is None
    assert shown["uploaded_chunks"][1]["uploaded_at"]
    assert shown["page_info"] == {
        "page": 1,
        "limit_per_page": 2,
        "total_page": 2,
        "total_results": 3,
    }
    tally = ("chunks_completed", "chunks_failed", "chunks_pending", "uploaded_size", "total_size")
    assert [shown[name] for name in tally] == [1, 0, 2, CHUNK, len(FILM)]
    assert sender.status(page=3, page_limit=2)["uploaded_chunks"] == []


def test_upload__uploaded_but_not_reported_is_pending(sender: Sender) -> None:
    """What counts is the report."""
    sender.upload([1, 2, 3])
    assert states(sender) == ["pending"] * 3
    assert sender.status()["status"] == "active"


def test_upload__wrong_proofs_make_chunks_fail(sender: Sender, api: httpx2.Client) -> None:
    """A wrong hash, a wrong size, and a chunk that never came; sent again they complete."""
    one, two = sender.upload([1, 2])
    wrong = [{**one, "proof": "0" * 32}, {**two, "chunk_size": 7}, entry(3, etag(b"x"), 1)]
    told = sender.report(wrong).json()
    assert (told["processed_chunks"], told["total_completed"]) == (0, 0)
    shown = sender.status()
    assert [chunk["status"] for chunk in shown["uploaded_chunks"]] == ["failed"] * 3
    assert all(chunk["error"] for chunk in shown["uploaded_chunks"])
    assert shown["chunks_failed"] == 3
    assert shown["status"] == "active"
    assert "url" in sender.report([one, two, *sender.upload([3])]).json()
    assert states(sender) == ["completed"] * 3


def test_upload__proof_may_come_in_its_quotes(sender: Sender) -> None:
    """Some senders report the ETag as it stands in the header."""
    [one] = sender.upload([1])
    told = sender.report([{**one, "proof": f'"{one["proof"]}"'}]).json()
    assert told["processed_chunks"] == 1


def test_upload__report_of_a_completed_one_is_all_duplicates(sender: Sender) -> None:
    """Whoever lost the reply may ask again; the URL is told once."""
    entries = sender.upload([1, 2, 3])
    assert "url" in sender.report(entries).json()
    told = sender.report(entries).json()
    assert told["duplicate_chunks"] == 3
    assert "url" not in told


@pytest.mark.parametrize("index", [4, 10**9])
def test_upload__has_no_chunk_beyond_its_last(sender: Sender, index: int) -> None:
    """Neither reports nor URLs; nothing of such a report counts."""
    [one] = sender.upload([1])
    refused(sender.report([one, entry(index, "0", 1)]), 400, "parameter_invalid")
    assert states(sender) == ["pending"] * 3
    body = {"start": index, "count": 1}
    response = sender.api.post(f"{sender.path}/presigned-urls", json=body)
    refused(response, 400, "parameter_invalid")


def test_upload__begins_with_ten_urls_and_gives_fifty(fake: Fake, api: httpx2.Client) -> None:
    """More are asked for, fifty at once; the range is cut where the file ends."""
    body = {"filename": "a.mp4", "type": "video", "total_size": 10 * 1024**3}
    made = api.post(UPLOADS, json=body).json()
    assert made["total_chunks"] == 2048
    assert [url["chunk_index"] for url in made["upload_urls"]] == list(range(1, 11))
    path = f"{UPLOADS}/{made['upload_id']}/presigned-urls"
    told = api.post(path, json={"start": 11, "count": 50}).json()
    assert [url["chunk_index"] for url in told["upload_urls"]] == list(range(11, 61))
    assert (told["start_index"], told["count"]) == (11, 50)
    told = api.post(path, json={"start": 2040, "count": 50}).json()
    assert told["count"] == 9
    for wrong in ({"start": 1, "count": 51}, {"start": 0, "count": 1}, {"start": 1, "count": 0}):
        refused(api.post(path, json=wrong), 400, "parameter_invalid")


def test_url__is_for_one_use(sender: Sender) -> None:
    """The trap of retries: the second PUT is refused, and a new URL takes the chunk again."""
    url = sender.url(1)
    assert sender.put(url, sender.piece(1)).status_code == 200
    second = sender.put(url, sender.piece(1))
    assert second.status_code == 403
    assert "one use" in second.json()["error"]["message"]
    assert sender.put(sender.url(1), sender.piece(1)).status_code == 200


def test_url__that_refused_is_not_used(sender: Sender) -> None:
    """A PUT of the wrong length may be tried again at the same URL."""
    url = sender.url(1)
    assert sender.put(url, b"short").status_code == 400
    assert sender.put(url, sender.piece(1)).status_code == 200


def test_url__expires_after_an_hour_of_the_clock(sender: Sender) -> None:
    """To the second; a new one is good again, and so is another that is younger."""
    old = sender.url(1)
    sender.fake.clock.advance(HOUR - 1)
    young = sender.url(1)
    sender.fake.clock.advance(1)
    late = sender.put(old, sender.piece(1))
    assert late.status_code == 403
    assert "expired" in late.json()["error"]["message"]
    assert sender.put(young, sender.piece(1)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "HEAD", "PATCH"])
def test_url__takes_a_put_alone(sender: Sender, method: str) -> None:
    """Every other method is a 405 that says so."""
    response = sender.put(sender.url(1), sender.piece(1), method)
    assert response.status_code == 405
    assert response.headers["allow"] == "PUT"


@pytest.mark.parametrize(
    ("index", "change", "status"), [(1, -1, 400), (1, 1, 413), (3, -1, 400), (3, 1, 413)]
)
def test_url__takes_a_chunk_of_its_length(
    sender: Sender, index: int, change: int, status: int
) -> None:
    """Too few and too many bytes are refused, and the chunk stays as it was."""
    piece = (sender.piece(index) + b"\0")[: len(sender.piece(index)) + change]
    response = sender.put(sender.url(index), piece)
    assert response.status_code == status
    assert str(len(sender.piece(index))) in response.json()["error"]["message"]
    sender.report([entry(index, etag(piece), len(piece))])
    assert states(sender)[index - 1] == "failed"


def test_url__takes_no_form_and_no_completed_chunk(sender: Sender) -> None:
    """The bytes as they are, until they were reported."""
    with httpx2.Client(transport=sender.fake.transport()) as anybody:
        assert anybody.put(sender.url(1), files={"file": ("a", b"x")}).status_code == 400
        assert anybody.put(sender.url(1)).status_code == 400
    sender.report(sender.upload([1]))
    assert sender.put(sender.url(1), sender.piece(1)).status_code == 409


@pytest.mark.parametrize("library", ["httpx", "httpx2", "requests", "urllib3"])
def test_url__is_reached_by_any_library(library: str) -> None:
    """In process, by whatever the code under test has: nothing is given to it."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        sender = Sender.of(fake, api, FILM)
        url, piece = sender.url(3), sender.piece(3)
        if library == "urllib3":
            with urllib3.PoolManager() as pool:
                proof = pool.request("PUT", url, body=piece).headers["etag"]
        else:
            proof = (
                importlib.import_module(library)
                .put(url, **{"data" if library == "requests" else "content": piece})
                .headers["etag"]
            )
        assert proof == f'"{etag(piece)}"'


def test_url__beyond_the_limit_of_bodies_is_refused(sender: Sender) -> None:
    """The adapters hold 16 MiB at most."""
    assert sender.put(sender.url(1), bytes(16 * 1024**2 + 1)).status_code == 413


def test_session__expires_after_a_day(sender: Sender, api: httpx2.Client) -> None:
    """It takes nothing any more, its asset has failed, and it is still listed as incomplete."""
    entries = sender.upload([1])
    sender.fake.clock.advance(DAY - 1)
    assert sender.status()["status"] == "active"
    url = sender.url(2)
    sender.fake.clock.advance(1)
    assert sender.status()["status"] == "expired"
    assert sender.put(url, sender.piece(2)).status_code == 403
    refused(sender.report(entries), 400, "parameter_invalid")
    body = {"start": 1, "count": 1}
    refused(api.post(f"{sender.path}/presigned-urls", json=body), 400, "parameter_invalid")
    asset = read(api, sender.asset)
    assert asset["status"] == "failed"
    assert "24 hours" in asset["error"]["message"]
    [listed] = api.get(UPLOADS).json()["data"]
    assert (listed["upload_id"], listed["status"]) == (sender.session["upload_id"], "expired")


def test_session__completed_does_not_expire(sender: Sender, api: httpx2.Client) -> None:
    """What is complete stays so, and its asset with it."""
    sender.report(sender.upload([1, 2, 3]))
    sender.fake.clock.advance(2 * DAY)
    assert sender.status()["status"] == "completed"
    assert read(api, sender.asset)["status"] == "ready"


def test_session__goes_with_its_asset(sender: Sender, api: httpx2.Client) -> None:
    """An asset that is deleted takes its upload along."""
    url = sender.url(1)
    assert api.delete(f"/assets/{sender.asset}").status_code == 204
    refused(api.get(sender.path), 404, "resource_not_exists")
    assert sender.put(url, sender.piece(1)).status_code == 404


def test_sessions__are_listed_while_they_are_incomplete(fake: Fake, api: httpx2.Client) -> None:
    """The newest first, with what a sender needs to go on; completed ones are not there."""
    senders = [Sender.of(fake, api, FILM) for _ in range(3)]
    senders[1].report(senders[1].upload([1, 2, 3]))
    page = api.get(UPLOADS).json()
    ids = [each["upload_id"] for each in page["data"]]
    assert ids == [senders[2].session["upload_id"], senders[0].session["upload_id"]]
    assert page["page_info"]["total_results"] == 2
    assert (page["data"][0]["chunk_size"], page["data"][0]["total_chunks"]) == (CHUNK, 3)


@pytest.mark.parametrize(
    "body",
    [
        {"filename": "a.exe", "type": "video", "total_size": 1},
        {"filename": "a.png", "type": "video", "total_size": 1},
        {"filename": "a.pdf", "type": "video", "total_size": 1},
        {"filename": "a.mp4", "type": "image", "total_size": 1},
        {"filename": "a.mp4", "type": "document", "total_size": 1},
        {"filename": "a.png", "type": "image", "total_size": 32 * 1024**2 + 1},
        {"filename": "a.mp4", "type": "video", "total_size": 10 * 1024**3 + 1},
        {"filename": "a.mp4", "type": "video", "total_size": 0},
        {"filename": "", "type": "video", "total_size": 1},
        {"filename": "a.mp4", "type": "video", "total_size": 1, "user_metadata": {"a": 2**53}},
    ],
)
def test_upload__refuses_what_can_become_no_asset(
    fake: Fake, api: httpx2.Client, body: dict[str, Any]
) -> None:
    """Wrong kinds, names and sizes; and no asset is reserved."""
    refused(api.post(UPLOADS, json=body), 400, "parameter_invalid")
    assert api.get("/assets").json()["data"] == []
    assert api.get(UPLOADS).json()["data"] == []


def test_upload__of_another_kind_than_it_said_fails(fake: Fake, api: httpx2.Client) -> None:
    """An image that was called a video, and bytes that are nothing."""
    for content in (png(), b"nothing" * 9):
        sender = Sender.of(fake, api, content, filename="film")
        assert "url" in sender.report(sender.upload([1])).json()
        fake.clock.advance(LONG)
        asset = read(api, sender.asset)
        assert asset["status"] == "failed"
        assert asset["error"]["message"]


def test_upload__makes_streams_and_stills_only_on_request(fake: Fake, api: httpx2.Client) -> None:
    """The trap: both flags are false here, true for uploads in one go."""
    sender = Sender.of(fake, api, FILM, enable_hls=True, enable_thumbnail=True)
    assert read(api, sender.asset)["hls"] == {"status": "pending"}
    sender.report(sender.upload([1, 2, 3]))
    assert read(api, sender.asset)["thumbnail"] == {"status": "processing"}
    fake.clock.advance(60)
    assert read(api, sender.asset)["hls"]["status"] == "ready"


def test_upload__writes_metadata_down(fake: Fake, api: httpx2.Client) -> None:
    """Typed, and without the empty ones."""
    metadata = {"take": 3, "empty": "", "none": None}
    sender = Sender.of(fake, api, FILM, user_metadata=metadata)
    assert read(api, sender.asset)["user_metadata"] == {"take": 3}


def test_upload__is_unknown(api: httpx2.Client) -> None:
    """404 everywhere, 400 for what is no id."""
    path = f"{UPLOADS}/{NOBODY}"
    body = {"completed_chunks": [entry(1, "0", 1)]}
    refused(api.get(path), 404, "resource_not_exists")
    refused(api.post(path, json=body), 404, "resource_not_exists")
    response = api.post(f"{path}/presigned-urls", json={"start": 1, "count": 1})
    refused(response, 404, "resource_not_exists")
    refused(api.get(f"{UPLOADS}/first"), 400, "parameter_invalid")


def test_upload__headers_of_a_large_file_are_found_at_its_end(
    fake: Fake, api: httpx2.Client
) -> None:
    """A film whose movie header comes after 11 MB of samples, its chunks sent backwards."""
    content = mp4(33.0, last=True, padding=11 * 1024**2)
    sender = Sender.of(fake, api, content)
    sender.report(sender.upload([3, 2, 1]))
    fake.clock.advance(60)
    assert read(api, sender.asset)["duration"] == 33.0
