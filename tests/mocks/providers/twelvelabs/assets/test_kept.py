"""Snapshots in the middle: uploads, assets and indexed assets go on where they were."""

from typing import Any

import httpx2
import pytest
from assets_stage import UPLOADS, Sender, fetched, read
from media import mp4
from stage import LONG, client_of, new_index

from understudy.mocks import Fake

FILM = mp4(21.0, padding=11 * 1024**2)


def told(api: httpx2.Client, *paths: str) -> list[Any]:
    """What is shown at these paths."""
    return [api.get(path).json() for path in paths]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_snapshot__in_the_middle_of_everything(elsewhere: bool) -> None:
    """A chunk sent, one reported, an asset processing, one being indexed; all of it goes on.

    Elsewhere, in another process say, the URLs of chunks are unknown, and new ones are asked for.
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
        paths = (f"/assets/{running}", f"{path}/{indexed}", sender.path, UPLOADS)
        before = told(api, *paths)
        snapshot = fake.snapshot()
        fake.clock.advance(LONG)
        assert told(api, *paths) != before

        other = Fake("twelvelabs", time="manual") if elsewhere else fake
        with other, client_of(other, "tlk") as again:
            other.restore(snapshot)
            assert told(again, *paths) == before
            sender.fake, sender.api = other, again
            assert sender.report([two]).json()["total_completed"] == 2
            assert "url" in sender.report(sender.upload([3])).json()
            other.clock.advance(LONG)
            assert [read(again, each)["status"] for each in (running, sender.asset)] == [
                "ready",
                "ready",
            ]
            assert read(again, sender.asset)["duration"] == 21.0
            assert again.get(f"/indexes/{index}").json()["video_count"] == 1


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
