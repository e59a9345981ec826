"""A snapshot in the middle of everything goes on where it was, and is the same every time."""

from typing import Any

from imentiv_stage import HOOK, KINDS, Api

from understudy.mocks import Fake


def begin(api: Api) -> dict[str, str]:
    """Media of each kind; the video with edits and with every job on its way."""
    made = {kind: api.made(kind) for kind in KINDS}
    video = made["videos"]
    api.put(f"/v1/videos/{video}/frames/1/faces/1/emotions", {"fear": 1})
    api.put(f"/v1/videos/{video}/faces", {"selected_face_id": 1, "merge_face_id": "2"})
    api.put(f"/v1/videos/{video}/frames/1/faces/0/note", {"note": "First."})
    pair = [{"speaker_id": 1, "face_id": 1, "name": "Ada"}]
    api.put(f"/v2/videos/{video}/speaker-face-match", json=pair)
    api.call("POST", f"/v2/video/{video}/ai-insights?stream=false", json={"message": "Who?"})
    api.post(f"/v1/videos/{video}/report", {"callback_url": HOOK})
    api.post("/v1/videos/highlights", {"video_id": video})
    api.get(f"/v2/videos/{video}/annotated_video", callback_url=HOOK)
    api.call("GET", f"/v2/reports/pdf/{video}", 202, params={"media_type": "video"})
    form = {"face_id": 1, "analysis_type": "combined", "callback_url": HOOK}
    api.post(f"/v2/videos/{video}/personality/analyze", form)
    api.post(f"/v2/videos/{video}/speaker-face-match")
    made["more"] = api.upload("videos", callback_url=HOOK)["id"]
    return made


def end(fake: Fake, api: Api, made: dict[str, str]) -> Any:
    """Everything that can be told when all has ended, and what was sent."""
    fake.clock.advance(1e5)
    video = made["videos"]
    read: list[Any] = [api.get(f"/v1/{kind}/{made[kind]}") for kind in KINDS]
    read += [*api.everything(video), *api.everything(made["more"])]
    read += [api.get(f"/v1/videos/{video}/highlights"), api.get(f"/v2/video/{video}/ai-insights")]
    read.append(api.get(f"/v2/videos/{video}/faces/1/personality-analysis"))
    read.append(api.get(f"/v2/videos/{video}/annotated_video"))
    read.append(api.get(f"/v2/reports/pdf/{video}", media_type="video"))
    read.append(api.call("GET", f"/v1/videos/{video}/report").content)
    read.append(api.call("GET", f"/v1/videos/{video}/highlight_video").content)
    sent = sorted((each.url, each.event, each.about, each.body) for each in fake.deliveries)
    return read, sent


def test_snapshot__in_the_middle_goes_on(fake: Fake, api: Api) -> None:
    """Restored, in this fake or another, every job ends and tells the same as it would have."""
    made = begin(api)
    fake.clock.advance(30)
    kept = fake.snapshot()
    first = end(fake, api, made)
    assert len(first[1]) == 4
    fake.restore(kept)
    assert end(fake, api, made) == first
    with Fake("imentiv", time="manual") as other:
        other.restore(kept)
        assert end(other, Api(other), made) == first


def test_runs__of_one_seed_are_alike() -> None:
    """The same calls tell the same, byte for byte; another seed tells something else."""
    told: list[Any] = []
    for seed in (0, 0, 1):
        with Fake("imentiv", time="manual", seed=seed) as fake:
            api = Api(fake)
            made = begin(api)
            fake.clock.advance(30)
            told.append(end(fake, api, made))
    assert told[0] == told[1] != told[2]
