"""Snapshots in the middle: uploads, assets and indexed assets go on where they were."""

import json
from typing import Any

import httpx2
import pytest
from assets_stage import UPLOADS, Sender, entry, fetched, read
from media import mp4
from stage import LONG, client_of, new_index

from understudy.mocks import Fake
from understudy.mocks.snapshot import SnapshotError

FILM = mp4(21.0, padding=11 * 1024**2)


def told(api: httpx2.Client, *paths: str) -> list[Any]:
    """What is shown at these paths."""
    return [api.get(path).json() for path in paths]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_snapshot__in_the_middle_of_everything(elsewhere: bool) -> None:
    """A chunk sent, one reported, an asset processing, one being indexed; all of it goes on.

    Elsewhere, in another process say, a URL is as good as it was: used, or not yet.
    """
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        index = new_index(api, "films")
        ready = fetched(api).json()["_id"]
        fake.clock.advance(60)
        path = f"/indexes/{index}/indexed-assets"
        indexed = api.post(path, json={"asset_id": ready}).json()["_id"]
        fake.clock.advance(12)
        running = fetched(api, "https://m.example/b.mp4?duration=500").json()["_id"]
        sender = Sender.of(fake, api, FILM)
        one, two = sender.upload([1, 2])
        sender.report([one])
        fresh, used = sender.url(3), sender.session["upload_urls"][1]["url"]
        assert sender.put(used, sender.piece(2)).status_code == 200
        paths = (f"/assets/{running}", f"{path}/{indexed}", sender.path, UPLOADS)
        before = told(api, *paths)
        snapshot = fake.snapshot()
        later = sender.url(3)
        fake.clock.advance(LONG)
        assert told(api, *paths) != before

        other = Fake("twelvelabs", time="manual") if elsewhere else fake
        with other, client_of(other, "tlk") as again:
            other.restore(snapshot)
            assert told(again, *paths) == before
            sender.fake, sender.api = other, again
            assert sender.report([two]).json()["total_completed"] == 2
            assert sender.put(used, sender.piece(2)).status_code == 403
            assert sender.put(later, sender.piece(3)).status_code == 404
            proof = sender.put(fresh, sender.piece(3)).headers["etag"].strip('"')
            assert "url" in sender.report([entry(3, proof, len(sender.piece(3)))]).json()
            other.clock.advance(LONG)
            assert [read(again, each)["status"] for each in (running, sender.asset)] == [
                "ready",
                "ready",
            ]
            assert read(again, sender.asset)["duration"] == 21.0
            assert again.get(f"/indexes/{index}").json()["video_count"] == 1


@pytest.mark.parametrize("junk", [[5], [[1]], [[1, None]], [[1, "noon"]], [[1, 2, 3]]])
def test_snapshot__whose_urls_make_no_sense(junk: Any) -> None:
    """It is refused with the place, and nothing has changed by then."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        sender = Sender.of(fake, api, FILM)
        whole = json.loads(json.dumps(fake.snapshot().whole))
        [uploads] = [
            each for each in whole["tenants"][0]["collections"] if each["kind"] == "uploads"
        ]
        uploads["resources"][0]["hidden"]["given"] = junk
        with pytest.raises(SnapshotError, match=r"at /tenants/0: what uploads .* leads to no link"):
            fake.restore(whole)
        assert sender.put(sender.url(1), sender.piece(1)).status_code == 200


def test_snapshot__a_session_still_expires() -> None:
    """Its day goes on, and its asset fails with it."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        sender = Sender.of(fake, api, FILM)
        fake.clock.advance(80_000)
        snapshot = fake.snapshot()
        fake.reset()
        fake.restore(snapshot)
        fake.clock.advance(6_400)
        assert sender.status()["status"] == "expired"
        assert read(api, sender.asset)["status"] == "failed"


def test_snapshot__brings_back_the_use_of_a_url() -> None:
    """What was sent after a snapshot was not sent when it is brought back."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        sender = Sender.of(fake, api, FILM)
        url = sender.url(1)
        snapshot = fake.snapshot()
        assert sender.put(url, sender.piece(1)).status_code == 200
        assert sender.put(url, sender.piece(1)).status_code == 403
        fake.restore(snapshot)
        assert sender.put(url, sender.piece(1)).status_code == 200


def test_snapshot__ends_a_url_when_it_would_have_ended() -> None:
    """A fake elsewhere refuses it after its hour; to a tenant of another name it never led."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        sender = Sender.of(fake, api, FILM)
        url = sender.url(1)
        fake.clock.advance(3000)
        snapshot = fake.snapshot()
    with Fake("twelvelabs", time="manual") as other:
        other.tenant("another").restore(snapshot)
        sender.fake = other
        assert sender.put(url, sender.piece(1)).status_code == 404
        other.restore(snapshot)
        other.clock.advance(600)
        assert sender.put(url, sender.piece(1)).status_code == 403
