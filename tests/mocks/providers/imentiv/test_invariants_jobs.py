"""Invariants 51 to 60: what is made of a completed medium while the caller waits."""

import csv
import io
import itertools
import zipfile
from collections.abc import Callable
from typing import Literal

import pytest
from imentiv_stage import FACE, KINDS, NOBODY, VOICE, WORDS, Api

from understudy.mocks import Fake


def walk(fake: Fake, look: Callable[[], str]) -> list[str]:
    """Every status that shows while time goes on, each once."""
    seen: list[str] = []
    for _ in range(60):
        seen.append(look())
        fake.clock.advance(3)
    return [status for status, _ in itertools.groupby(seen)]


def rows(content: str | bytes) -> list[dict[str, str]]:
    """The rows of a table by the names of its columns."""
    text = content.decode() if isinstance(content, bytes) else content
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("kind", KINDS)
def test_reprocess__requeues_under_the_same_id(fake: Fake, api: Api, kind: str) -> None:
    """51. True puts the medium back into the queue; results come again. False does nothing."""
    identity = api.made(kind)
    path = f"/v1/{kind}/{identity}"
    before = api.get(path)
    for form in ({}, {"reprocess": "false"}):
        told = api.put(path, form)
        assert (told["id"], told["status"]) == (identity, "completed")
    assert api.get(path) == before
    told = api.put(path, {"reprocess": "true"})
    assert (told["id"], told["status"]) == (identity, "queue")
    seen = walk(fake, lambda: str(api.get(path)["status"]))
    assert seen == ["queue", "processing", "completed"]
    assert api.get(path)["created_at"] == before["created_at"]
    assert api.get(f"/v1/{kind}")["count"] == 1


def test_reprocess__forgets_what_was_derived(fake: Fake, api: Api, video: str) -> None:
    """51. Edits and finished jobs belong to the old results."""
    api.put(f"/v1/videos/{video}/faces/names", json=[{"face_id": 1, "name": "Ada"}])
    api.put(f"/v1/videos/{video}/frames/1/faces/0/note", {"note": "x"})
    api.post(f"/v1/videos/{video}/report")
    api.post("/v1/videos/highlights", {"video_id": video})
    fake.clock.advance(1e5)
    api.put(f"/v1/videos/{video}", {"reprocess": "true"})
    assert not api.get(f"/v1/videos/{video}").get("faces")
    api.refused(409, "GET", f"/v1/videos/{video}/frames")
    fake.clock.advance(1e5)
    shown = api.get(f"/v1/videos/{video}")
    assert not any(face["name"] for face in shown["faces"]["faces"])
    assert api.frames(video, length=1)[0]["note"] == ""
    api.refused(404, "GET", f"/v1/videos/{video}/report")
    assert api.get(f"/v1/videos/{video}/highlights")["highlight_status"] is None
    assert api.get(f"/v1/audios/{shown['audio_id']}")["status"] == "completed"


@pytest.mark.parametrize("kind", KINDS)
def test_reprocess__is_refused_while_unfinished(api: Api, kind: str) -> None:
    """52. A medium on its way cannot be sent back."""
    identity = api.upload(kind)["id"]
    api.refused(409, "PUT", f"/v1/{kind}/{identity}", data={"reprocess": "true"})
    api.refused(404, "PUT", f"/v1/{kind}/{NOBODY}", data={"reprocess": "true"})


def test_report__comes_after_asking(fake: Fake, api: Api, video: str) -> None:
    """53. 404 before, 202 while it is made, then a zip of two tables that agree with the frames."""
    path = f"/v1/videos/{video}/report"
    api.refused(404, "GET", path)
    assert api.post(path)["status"] == "queue"
    assert api.post(path)["status"] == "processing"
    assert api.call("GET", path, 202).json()["status"] in ("queue", "processing")
    fake.clock.advance(1e5)
    assert api.post(path)["status"] == "completed"
    response = api.call("GET", path)
    assert response.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        names = {f"video_{video}_analysis.csv", f"audio_emotions_{video}.csv"}
        assert set(archive.namelist()) == names
        faces = rows(archive.read(f"video_{video}_analysis.csv"))
        sounds = rows(archive.read(f"audio_emotions_{video}.csv"))
    detections = [(frame, face) for frame in api.frames(video) for face in frame["faces"]]
    assert len(faces) == len(detections)
    for row, (frame, face) in zip(faces, detections, strict=True):
        assert int(row["frame_index"]) == frame["frame_id"]
        assert int(row["face_id"]) == face["face_id"]
        assert row["dominant_emotion"] == face["dominant_emotion"]
        assert all(abs(float(row[name]) - face["emotions"][name]) < 1e-5 for name in FACE)
    audio = api.get(f"/v1/audios/{api.get(f'/v1/videos/{video}')['audio_id']}")
    assert len(sounds) == len(audio["segment_audio_emotions"])
    assert set(sounds[0]) >= VOICE | {"Index", "start_time", "end_time", "speaker"}


def test_report__with_a_slash_at_its_end(api: Api, video: str) -> None:
    """53. Clients call it so."""
    api.post(f"/v1/videos/{video}/report/")
    assert api.client.get(f"/v1/videos/{video}/report/").status_code == 202


@pytest.mark.parametrize("kind", ["audios", "texts", "images"])
def test_table__has_a_row_for_each_part(fake: Fake, api: Api, kind: str) -> None:
    """54. A segment, a paragraph or a face to a row; 202 while the medium is analysed."""
    identity = api.upload(kind)["id"]
    assert api.call("GET", f"/v1/{kind}/{identity}/report", 202).json()["status"] == "queue"
    fake.clock.advance(1e5)
    response = api.call("GET", f"/v1/{kind}/{identity}/report")
    assert response.headers["content-type"].startswith("text/csv")
    shown = api.get(f"/v1/{kind}/{identity}")
    parts = {"audios": "segment_audio_emotions", "texts": "segments", "images": "faces"}
    table = rows(response.text)
    assert len(table) == len(shown[parts[kind]]) >= 1
    assert set(table[0]) >= {"audios": VOICE, "texts": WORDS, "images": FACE}[kind]


def test_highlights__go_through_their_states(fake: Fake, api: Api, video: str) -> None:
    """55. Nothing, queue, processing, completed; at the end the address of a film."""
    path = f"/v1/videos/{video}/highlights"
    told = api.get(path)
    assert told["highlight_status"] is None and told["highlight_url"] is None
    api.refused(404, "GET", f"/v1/videos/{video}/highlight_video")
    assert api.post("/v1/videos/highlights", {"video_id": video})["status"] == "queue"
    urls: list[str] = []

    def look() -> str:
        told = api.get(path)
        assert (told["highlight_url"] is not None) == (told["highlight_status"] == "completed")
        urls.append(told["highlight_url"])
        return str(told["highlight_status"])

    assert walk(fake, look) == ["queue", "processing", "completed"]
    response = api.call("GET", f"/v1/videos/{video}/highlight_video")
    assert response.headers["content-type"] == "video/mp4"
    assert response.content[4:8] == b"ftyp"
    assert api.call("GET", urls[-1]).content == response.content


BAD: tuple[list[dict[str, int]], ...] = (
    [],
    [{"start_millis": 0, "end_millis": 0}],
    [{"start_millis": 2000, "end_millis": 2000}],
    [{"start_millis": 3000, "end_millis": 2000}],
    [{"start_millis": 0, "end_millis": 33_000}],
    [{"start_millis": -1, "end_millis": 1000}],
    [{"start_millis": 0, "end_millis": 1000}, {"start_millis": 5, "end_millis": 5}],
)


@pytest.mark.parametrize("segments", BAD)
def test_segments__that_are_bad_are_refused(
    api: Api, video: str, segments: list[dict[str, int]]
) -> None:
    """56. Empty, without length, backward or outside the video: no job begins."""
    path = f"/v1/videos/{video}/highlights"
    response = api.client.put(path, json=segments)
    assert response.status_code in (400, 422)
    assert api.get(path)["highlight_status"] is None


def test_segments__that_are_good_are_queued(fake: Fake, api: Api, video: str) -> None:
    """56. They replace what was made before, and are as long as was asked."""
    path = f"/v1/videos/{video}/highlights"
    api.post("/v1/videos/highlights", {"video_id": video})
    fake.clock.advance(1e5)
    segments = [{"start_millis": 1000, "end_millis": 4000}]
    assert api.put(path, json=segments)["status"] == "queue"
    assert api.get(path) == {"highlight_status": "queue", "highlight_url": None}
    fake.clock.advance(1e5)
    assert api.get(path)["highlight_status"] == "completed"


def test_highlights__need_an_own_completed_video(fake: Fake, api: Api) -> None:
    """57. Missing id 422, unfinished or unknown 404, somebody else's 401, no credit 402."""
    path = "/v1/videos/highlights"
    assert api.unread("POST", path, data={})[0]["type"] == "missing"
    api.refused(404, "POST", path, data={"video_id": NOBODY})
    api.refused(404, "POST", path, data={"video_id": api.upload("videos")["id"]})
    foreign = Api(fake, "imk_other").made("videos")
    assert api.refused(401, "POST", path, data={"video_id": foreign})
    poor = api.made("videos", title="understudy-no-credit")
    api.refused(402, "POST", path, data={"video_id": poor})
    span = [{"start_millis": 0, "end_millis": 1000}]
    api.refused(401, "PUT", f"/v1/videos/{foreign}/highlights", json=span)
    api.refused(402, "PUT", f"/v1/videos/{poor}/highlights", json=span)
    api.refused(404, "PUT", f"/v1/videos/{NOBODY}/highlights", json=span)


def test_annotated__is_linked_for_an_hour(fake: Fake, api: Api, video: str) -> None:
    """58. Pending, in progress, then a link that serves a film until its hour is over."""
    path = f"/v2/videos/{video}/annotated_video"
    seen = walk(fake, lambda: str(api.get(path).get("status", "link")))
    assert seen == ["pending", "in progress", "link"]
    told = api.get(path)
    assert "status" not in told and "message" not in told
    assert told["expires_in_minutes"] == 60 and told["filename"].endswith(f"{video}.mp4")
    assert " " not in told["filename"]
    assert api.call("GET", told["download_url"]).content[4:8] == b"ftyp"
    fake.clock.advance(59 * 60)
    assert api.client.get(told["download_url"]).status_code == 200
    fake.clock.advance(61)
    assert api.client.get(told["download_url"]).status_code == 403
    fresh = api.get(path)
    assert fresh["download_url"] != told["download_url"]
    assert api.client.get(fresh["download_url"]).status_code == 200


def test_annotated__is_refused_while_unfinished(api: Api) -> None:
    """59. Before the analysis is completed there is nothing to annotate."""
    api.refused(409, "GET", f"/v2/videos/{api.upload('videos')['id']}/annotated_video")
    api.refused(409, "POST", f"/v1/videos/{api.upload('videos')['id']}/report")


def test_pdf__is_made_and_then_linked(fake: Fake, api: Api, video: str) -> None:
    """60. Other kinds 422, unknown 404, 202 while it is made, 200 with a paper behind the link."""
    path = f"/v2/reports/pdf/{video}"
    api.call("GET", path, 422)
    api.call("GET", path, 422, params={"media_type": "audio"})
    api.refused(404, "GET", f"/v2/reports/pdf/{NOBODY}", params={"media_type": "video"})
    unfinished = api.upload("videos")["id"]
    api.refused(409, "GET", f"/v2/reports/pdf/{unfinished}", params={"media_type": "video"})
    for _ in range(2):
        assert api.call("GET", path, 202, params={"media_type": "video"}).json()["message"]
    fake.clock.advance(1e5)
    told = api.get(path, media_type="video")
    assert (told["media_id"], told["status"], told["media_type"]) == (video, "completed", "video")
    assert api.call("GET", told["report_url"]).content.startswith(b"%PDF")


Look = Callable[[Api, str], str]
STARTED: dict[str, tuple[str, Look]] = {
    "highlights": (
        "highlights",
        lambda api, video: str(api.get(f"/v1/videos/{video}/highlights")["highlight_status"]),
    ),
    "annotated": (
        "annotated-video",
        lambda api, video: str(api.get(f"/v2/videos/{video}/annotated_video")["status"]),
    ),
    "personality": (
        "personality",
        lambda api, video: str(
            api.get(f"/v2/videos/{video}/faces/1/personality-analysis")["analysis_status"][
                "overall"
            ]["status"]
        ),
    ),
}


def start(api: Api, video: str, job: str) -> None:
    """Ask for a job."""
    if job == "highlights":
        api.post("/v1/videos/highlights", {"video_id": video})
    elif job == "annotated":
        api.get(f"/v2/videos/{video}/annotated_video")
    else:
        api.post(f"/v2/videos/{video}/personality/analyze", {"face_id": 1})


@pytest.mark.parametrize("job", sorted(STARTED))
@pytest.mark.parametrize(("kind", "status"), [("fail", "failed"), ("stuck", "")])
def test_job__can_fail_or_stall_on_demand(
    fake: Fake, api: Api, video: str, job: str, kind: Literal["fail", "stuck"], status: str
) -> None:
    """A fault ends a job as it says, and a failed one begins anew when it is asked for again."""
    lifecycle, look = STARTED[job]
    fake.faults.add(kind, times=1)
    start(api, video, job)
    fake.clock.advance(1e5)
    stage = fake.engine.providers["imentiv"].lifecycles[lifecycle].stages[-1].status
    assert look(api, video) == (status or stage)
    if status:
        start(api, video, job)
        fake.clock.advance(1e5)
        response = api.client.get(f"/v2/videos/{video}/annotated_video")
        done = "download_url" in response.json() if job == "annotated" else None
        assert done or look(api, video) == "completed"
