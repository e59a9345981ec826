"""Invariants 94 to 98: webhooks, ids, overlapping paths, and reading twice."""

from typing import Any

import pytest
from imentiv_stage import HOOK, KINDS, Api, Seen

from understudy.mocks import Fake

FAILING = "understudy-fail"


def told(fake: Fake) -> list[Any]:
    """What was sent, oldest first."""
    return [delivery.content for delivery in fake.deliveries]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("title", "status"), [("Fine", "completed"), ("understudy-fail", "failed")]
)
def test_upload__calls_back_once(fake: Fake, api: Api, kind: str, title: str, status: str) -> None:
    """94. At the end, with id and status, well or badly; without an address nobody is told."""
    api.made(kind, title=title)
    assert told(fake) == []
    identity = api.made(kind, title=title, callback_url=HOOK)
    sent = told(fake)
    assert [(each["id"], each["status"]) for each in sent] == [(identity, status)]
    assert [delivery.url for delivery in fake.deliveries] == [HOOK]


@pytest.mark.parametrize("kind", KINDS)
def test_reprocess__calls_back_again(fake: Fake, api: Api, kind: str) -> None:
    """94. The address of the new request counts."""
    identity = api.made(kind)
    api.put(f"/v1/{kind}/{identity}", {"reprocess": "true", "callback_url": HOOK})
    fake.clock.advance(1e5)
    assert [(each["id"], each["status"]) for each in told(fake)] == [(identity, "completed")]


def test_deliveries__carry_the_detail(fake: Fake, api: Api) -> None:
    """94. What a webhook tells at the end of an analysis is what a reading says."""
    video = api.made("videos", callback_url=HOOK)
    shown = api.get(f"/v1/videos/{video}")
    sent = told(fake)[0]
    assert {name: sent[name] for name in ("id", "status", "title", "created_at")} == {
        name: shown[name] for name in ("id", "status", "title", "created_at")
    }


@pytest.mark.parametrize("job", ["report", "annotated", "pdf"])
def test_job__calls_back(fake: Fake, api: Api, video: str, job: str) -> None:
    """95. Every job with an address tells it of its end; a late subscriber of a running one too."""
    for url in (HOOK, f"{HOOK}/late"):
        if job == "report":
            api.post(f"/v1/videos/{video}/report", {"callback_url": url})
        elif job == "annotated":
            api.get(f"/v2/videos/{video}/annotated_video", callback_url=url)
        else:
            query = {"media_type": "video", "callback_url": url}
            api.call("GET", f"/v2/reports/pdf/{video}", 202, params=query)
    assert told(fake) == []
    fake.clock.advance(1e5)
    assert {delivery.url for delivery in fake.deliveries} == {HOOK, f"{HOOK}/late"}
    assert {each["status"] for each in told(fake)} == {"completed"}
    assert {each["id"] for each in told(fake)} == {video}


def test_job__that_is_ready_calls_back_at_once(fake: Fake, api: Api, video: str) -> None:
    """95. Who asks after the end is told right away."""
    path = f"/v2/videos/{video}/annotated_video"
    api.get(path)
    fake.clock.advance(1e5)
    api.get(path, callback_url=HOOK)
    assert [each["status"] for each in told(fake)] == ["completed"]


@pytest.mark.parametrize("kind", ["overall", "by_segment", "combined"])
def test_personality__is_told_with_its_results(fake: Fake, api: Api, video: str, kind: str) -> None:
    """95. One message, which holds what a reading shows."""
    form = {"face_id": 1, "analysis_type": kind, "callback_url": HOOK}
    api.post(f"/v2/videos/{video}/personality/analyze", form)
    fake.clock.advance(1e5)
    shown: Seen = api.get(f"/v2/videos/{video}/faces/1/personality-analysis")
    assert len(told(fake)) == 1
    sent = told(fake)[0]
    for name in ("video_id", "face_id", "overall", "by_segment", "analysis_status"):
        assert sent.get(name) == shown.get(name)


def test_ids__are_distinct_for_each_kind(api: Api, video: str) -> None:
    """96. No two media share an id, whichever kind and owner they have."""
    made = [api.made(kind) for kind in KINDS]
    shown = api.get(f"/v1/videos/{video}")
    every = [video, shown["audio_id"], shown["text_id"], *made]
    assert len(set(every)) == len(every)
    for kind, identity in zip(KINDS, made, strict=True):
        for other in set(KINDS) - {kind}:
            api.refused(404, "GET", f"/v1/{other}/{identity}")


def test_paths__that_overlap_go_to_the_right_operation(api: Api, video: str) -> None:
    """97. A fixed word goes before a parameter, and a wrong method tells those that are right."""
    assert api.unread("POST", "/v1/videos/highlights", data={"x": "y"})[0]["loc"] == [
        "body",
        "video_id",
    ]
    response = api.client.get("/v1/videos/highlights")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert api.unread("PUT", f"/v1/videos/{video}/frames/faces", data={})
    api.unread("GET", f"/v1/videos/{video}/frames/faces")
    audio = api.get(f"/v1/videos/{video}")["audio_id"]
    assert api.client.delete(f"/v1/audios/{audio}/transcript").status_code == 422
    assert api.client.get(f"/v1/audios/{audio}/report").status_code == 200
    api.refused(404, "GET", "/v2/reports/pdf/ai-insights", params={"media_type": "video"})
    response = api.client.patch(f"/v1/videos/{video}")
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) >= {"GET", "PUT", "DELETE"}


def test_readings__repeat_themselves(fake: Fake, api: Api, video: str) -> None:
    """98. Two readings of a completed medium are the same, whatever time passed between."""
    others = {kind: api.made(kind) for kind in ("audios", "texts", "images")}

    def read() -> list[Any]:
        more = [api.get(f"/v1/{kind}/{identity}") for kind, identity in others.items()]
        lists = [api.get(f"/v1/{kind}") for kind in KINDS]
        return [*api.everything(video), *more, *lists]

    before = read()
    fake.clock.advance(1e6)
    assert read() == before
