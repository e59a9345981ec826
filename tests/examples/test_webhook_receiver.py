"""A receiver of webhooks in a test: no port, no tunnel, no waiting, and its bug is found."""

import httpx2
import pytest
from examples.webhook_receiver import CarefulReceiver, Receiver

from understudy.mocks import Fake
from understudy.mocks.checkup import Checkup, NotIdempotent
from understudy.mocks.delivery import Parcel

FILM = "https://media.example/film.mp4?duration=90"
CALLBACK = "https://shop.example/hooks/video"
MEMORIES = "https://api.memories.ai/serve/api/v1"


def upload(api: httpx2.Client) -> str:
    """A film on its way, with somebody who wants to be told."""
    reply = api.post(f"{MEMORIES}/upload_url", data={"url": FILM, "callback": CALLBACK})
    return str(reply.json()["data"]["videoNo"])


def check(fake: Fake, receiver: Receiver) -> Checkup[dict[str, object]]:
    """Receive everything that an upload causes, twice, and compare with polling each time."""
    headers = {"Authorization": "any-key"}
    with httpx2.Client(transport=fake.transport(), headers=headers) as api:

        def polled(parcel: Parcel) -> object:
            page = api.post(f"{MEMORIES}/list_videos", json={}).json()["data"]
            told = parcel.json()
            assert isinstance(told, dict)
            return {one["video_no"]: one["status"] for one in page["videos"]}[told["videoNo"]]

        def seen(parcel: Parcel) -> object:
            told = parcel.json()
            assert isinstance(told, dict)
            return receiver.books.statuses[str(told["videoNo"])]

        fake.deliveries.to_asgi(receiver)
        checkup = fake.deliveries.check(lambda: vars(receiver.books), polled=polled, seen=seen)
        video = upload(api)
        fake.clock.advance(3600)
        assert receiver.books.statuses == {video: "PARSE"}
        checkup.late_duplicates()
    return checkup


def test_receiver__with_a_bug_is_found() -> None:
    """It works as long as everything comes once; a second callback sends a second invoice."""
    checkup = check(Fake("memories", time="manual"), Receiver())
    assert {finding.flaw for finding in checkup.findings} == {"duplicate", "late duplicate"}
    assert "invoices" in str(checkup.findings[0])
    with pytest.raises(NotIdempotent, match="sent twice in a row"):
        checkup.ensure_clean()


def test_receiver__that_is_careful_passes() -> None:
    """The same state after each duplicate, at once and late, and the same as polling shows."""
    receiver = CarefulReceiver()
    checkup = check(Fake("memories", time="manual"), receiver)
    checkup.ensure_clean()
    assert len(checkup.received) >= 1
    assert len(receiver.books.invoices) == 1


def test_receiver__that_is_down_hears_of_it_later() -> None:
    """A callback that is answered with 503 comes again; the log tells of both attempts."""
    fake = Fake("memories", time="manual")
    receiver, answers = CarefulReceiver(), [503]

    def take(parcel: Parcel) -> int:
        if answers:
            return answers.pop()
        told = parcel.json()
        assert isinstance(told, dict)
        receiver.take(str(told["videoNo"]), str(told["status"]))
        return 204

    fake.deliveries.to(take)
    headers = {"Authorization": "any-key"}
    with httpx2.Client(transport=fake.transport(), headers=headers) as api:
        video = upload(api)
    fake.clock.advance(3600)
    assert receiver.books.statuses == {video: "PARSE"}
    statuses = [attempt.status for each in fake.deliveries for attempt in each.attempts]
    assert statuses[:2] == [503, 204]
