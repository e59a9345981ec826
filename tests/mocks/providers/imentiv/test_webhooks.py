"""Webhooks of Imentiv where receivers or media are difficult."""

import pytest
from imentiv_stage import HOOK, Api

from understudy.mocks import Fake


def test_receiver__that_fails_does_not_fail_the_job(fake: Fake, api: Api) -> None:
    """Whatever the receiver answers, analysis and jobs are completed, and it is tried again."""
    fake.deliveries.to(lambda parcel: 500)
    video = api.made("videos", callback_url=HOOK)
    assert api.get(f"/v1/videos/{video}")["status"] == "completed"
    api.post(f"/v1/videos/{video}/report", {"callback_url": HOOK})
    fake.clock.advance(1e6)
    api.call("GET", f"/v1/videos/{video}/report")
    assert all(each.state == "failed" and len(each.attempts) > 1 for each in fake.deliveries)
    assert [each.event for each in fake.deliveries] == ["analysis", "csv-report"]


@pytest.mark.parametrize("job", ["report", "annotated_video", "personality"])
def test_job__of_a_deleted_or_reprocessed_video_is_told_to_nobody(
    fake: Fake, api: Api, job: str
) -> None:
    """What runs when the video goes, or goes back, ends without a word."""
    for ending in ("delete", "reprocess"):
        video = api.made("videos")
        if job == "report":
            api.post(f"/v1/videos/{video}/report", {"callback_url": HOOK})
        elif job == "annotated_video":
            api.get(f"/v2/videos/{video}/annotated_video", callback_url=HOOK)
        else:
            form = {"face_id": 1, "callback_url": HOOK}
            api.post(f"/v2/videos/{video}/personality/analyze", form)
        if ending == "delete":
            api.delete(f"/v1/videos/{video}")
        else:
            api.put(f"/v1/videos/{video}", {"reprocess": "true"})
        fake.clock.advance(1e6)
    assert list(fake.deliveries) == []


@pytest.mark.parametrize("job", ["report", "annotated_video", "personality", "pdf"])
def test_job__that_fails_tells_so(fake: Fake, api: Api, video: str, job: str) -> None:
    """With the status and a reason, and without results; what begins anew tells of its own end."""
    fake.faults.add("fail", times=1)
    form = {"face_id": 1, "callback_url": HOOK}
    for _ in range(3):
        if job == "report":
            api.post(f"/v1/videos/{video}/report", {"callback_url": HOOK})
        elif job == "annotated_video":
            api.get(f"/v2/videos/{video}/annotated_video", callback_url=HOOK)
        elif job == "pdf":
            query = {"media_type": "video", "callback_url": HOOK}
            assert api.client.get(f"/v2/reports/pdf/{video}", params=query).status_code < 300
        else:
            api.post(f"/v2/videos/{video}/personality/analyze", form)
        fake.clock.advance(1e5)
    contents = [each.content for each in fake.deliveries]
    told = [each["status"] for each in contents if isinstance(each, dict)]
    assert told[0] == "failed" and set(told[1:]) == {"completed"}
    assert "overall" not in dict(contents[0])  # type: ignore[arg-type]


def test_text__that_is_edited_calls_back(fake: Fake, api: Api) -> None:
    """An edit has an address of its own; the one of the upload is not used again."""
    text = api.made("texts", callback_url=HOOK)
    api.put(f"/v1/texts/{text}/emotions", {"text": "Better.", "callback_url": f"{HOOK}/2"})
    fake.clock.advance(1e5)
    api.put(f"/v1/texts/{text}/emotions", {"text": "Best."})
    fake.clock.advance(1e5)
    told = [(each.url, each.about) for each in fake.deliveries]
    assert told == [(HOOK, text), (f"{HOOK}/2", text)]
