"""Every status that an operation of Imentiv declares is one that the fake gives."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import httpx2
import pytest
from aim import bodies_of, breaches, contract_of, declared, path_of, wrong_method
from imentiv_stage import KINDS, LONG, NOBODY, Api, client_of

from understudy.mocks import Fake
from understudy.mocks.limits import Limits

NAME = "imentiv/v1"
OPERATIONS = contract_of(NAME).operations
SINGULAR = {"videos": "video", "audios": "audio", "texts": "text", "images": "image"}
ASK = "chat_ai_insights_v2__media_type___media_id__ai_insights_post"
HISTORY = "get_ai_insights_history_v2__media_type___media_id__ai_insights_get"
PDF = "generate_pdf_report_v2_reports_pdf__media_id__get"
HIGHLIGHT = "process_highlight_v1_videos_highlights_post"
SENT: Mapping[str, Mapping[str, Any]] = {
    "upload_video": {"files": {"title": (None, "x"), "video_url": (None, "https://x.example/a")}},
    "upload_audio": {"files": {"title": (None, "x"), "media_url": (None, "https://x.example/a")}},
    "upload_image": {"files": {"title": (None, "x"), "image_url": (None, "https://x.example/a")}},
    "upload_text": {"data": {"title": "x", "text": "Well done."}},
    "update_emotion_per_frame": {"data": {"happy": "1"}},
    "edit_face_note": {"data": {"note": "x"}},
    "update_multiple_faces": {
        "data": {"frame_ids": "1", "current_face_id": "1", "new_face_id": "9"}
    },
    "merge_face": {"data": {"selected_face_id": "1", "merge_face_id": "2"}},
    "delete_faces": {"data": {"face_ids": "3"}},
    "update_faces_names": {"json": [{"face_id": 1, "name": "Ada"}]},
    "update_highlight_video": {"json": [{"start_millis": 0, "end_millis": 1000}]},
    "reprocess_": {"data": {"reprocess": "true"}},
    "update_audio_transcripts": {
        "json": [{"start_millis": 0, "end_millis": 9, "segment": "x", "speaker_id": 0}]
    },
    "replace_audio": {"json": {"transcript": "Ada: Hello."}},
    "update_speaker_names": {"json": [{"speaker_id": 0, "name": "Ada"}]},
    "edit_text": {"data": {"text": "Better."}},
    "generate_pdf": {"params": {"media_type": "video"}},
    "chat_ai": {"json": {"message": "Who is happy?"}},
    "update_speaker_face": {"json": [{"speaker_id": 0, "face_id": 1, "name": None}]},
    "trigger_personality": {"data": {"face_id": "1"}},
}
"""What each operation takes besides its path, by the beginning of its name."""


class Stage:
    """A tenant with media of each kind, made when first asked for."""

    def __init__(self, fake: Fake) -> None:
        self.fake = fake
        self.api = Api(fake)

    @cached_property
    def done(self) -> dict[str, str]:
        """Completed media."""
        made = {kind: self.api.upload(kind)["id"] for kind in KINDS}
        self.fake.clock.advance(LONG)
        return made

    @cached_property
    def fresh(self) -> dict[str, str]:
        """Media in the queue."""
        return {kind: self.api.upload(kind)["id"] for kind in KINDS}

    def sent(self, name: str, ids: Mapping[str, str], **more: Any) -> httpx2.Response:
        """A call that is in order, about these media, unless `more` says otherwise."""
        operation = OPERATIONS[name]
        words: dict[str, Any] = {}
        for start, each in SENT.items():
            words |= each if name.startswith(start) else {}
        if name == HIGHLIGHT:
            words = {"data": {"video_id": ids["videos"]}}
        known = {f"{kind[:-1]}_id": id for kind, id in ids.items()}
        known |= {"frame_id": "1", "face_id": "1", "segment_index": "0", "media_type": "video"}
        known["media_id"] = ids["videos"]
        path = path_of(operation, {**known, **more.pop("path", {})})
        return self.api.client.request(operation.method, path, **{**words, **more})

    def until(self, name: str) -> httpx2.Response:
        """What an operation about completed media answers once its job has ended."""
        begin = {"download_highlight": HIGHLIGHT, "download_video": next(
            each for each in OPERATIONS if each.startswith("generate_video")
        )}  # fmt: skip
        for start, job in begin.items():
            if name.startswith(start):
                self.sent(job, self.done)
        if name == PDF:
            self.sent(name, self.done)
        self.fake.clock.advance(LONG)
        return self.sent(name, self.done)


def nobody() -> dict[str, str]:
    """Ids that nothing has."""
    return dict.fromkeys(KINDS, NOBODY)


def bad(stage: Stage, name: str) -> httpx2.Response:
    """The requests that are refused with 400."""
    ids, video = stage.done, stage.done["videos"]
    if name.startswith("merge_face"):
        return stage.sent(name, ids, data={"selected_face_id": "1", "merge_face_id": "1"})
    if name.startswith("delete_faces"):
        faces = ",".join(map(str, stage.api.faces(video)))
        return stage.sent(name, ids, data={"face_ids": faces})
    if name.startswith(("update_highlight", "update_speaker_face")):
        return stage.sent(name, ids, json=[])
    audio = stage.api.get(f"/v1/videos/{video}")["audio_id"]
    if name == ASK:
        stage.api.put(f"/v1/audios/{audio}/transcript", json=[])
        return stage.sent(name, ids, path={"media_type": "audio", "media_id": audio})
    stage.api.delete(f"/v1/audios/{audio}")
    return stage.sent(name, ids)


def nothing_there(stage: Stage, name: str) -> httpx2.Response:
    """An id that nothing has, in the path, the body, or as the offset of a list."""
    if name.startswith("list_"):
        offset = {"videos": "offset_video_id", "audios": "offset_audio_id"}
        kind = name.split("_")[1]
        return stage.sent(name, nobody(), params={offset.get(kind, "start_after"): NOBODY})
    return stage.sent(name, nobody())


def running(stage: Stage, name: str) -> httpx2.Response:
    """What is answered while the analysis or the job runs."""
    if name == PDF:
        return stage.sent(name, stage.done)
    if name.startswith("download_video"):
        stage.sent(next(e for e in OPERATIONS if e.startswith("generate_video")), stage.done)
        return stage.sent(name, stage.done)
    return stage.sent(name, stage.fresh)


def unpaid(stage: Stage, name: str) -> httpx2.Response:
    """A call for which there is no credit."""
    video = stage.api.made("videos", title="understudy-no-credit")
    return stage.sent(name, {**nobody(), "videos": video})


def foreign(stage: Stage, name: str) -> httpx2.Response:
    """A call about somebody else's video."""
    video = Api(stage.fake, "imk_other").made("videos")
    return stage.sent(name, {**nobody(), "videos": video})


def too_soon(stage: Stage, name: str) -> httpx2.Response:
    """A call that has to wait for the end of the analysis; of one that has failed for reports."""
    if name.startswith("download_video"):
        video = stage.api.made("videos")
        stage.fake.faults.add("fail", times=1)
        stage.sent(next(e for e in OPERATIONS if e.startswith("generate_video")),
                   {**nobody(), "videos": video})  # fmt: skip
        stage.fake.clock.advance(LONG)
        return stage.sent(name, {**nobody(), "videos": video})
    if name.startswith("download_"):
        failed = {kind: stage.api.upload(kind, title="understudy-fail")["id"] for kind in KINDS}
        stage.fake.clock.advance(LONG)
        return stage.sent(name, failed)
    return stage.sent(name, stage.fresh)


def wrong_key(stage: Stage, name: str) -> httpx2.Response:
    """A call with a key that is refused."""
    path = path_of(OPERATIONS[name], otherwise=NOBODY)
    with client_of(stage.fake, "invalid-key") as client:
        return client.request(OPERATIONS[name].method, path)


def on_wrong_method(stage: Stage, name: str) -> httpx2.Response:
    """A call of the operation's path with a method that it does not take."""
    path = path_of(OPERATIONS[name], otherwise=NOBODY)
    return stage.api.client.request(wrong_method(NAME, path), path)


def too_large(stage: Stage, name: str) -> httpx2.Response:
    """A call with a body beyond the limit (see `small`)."""
    path = path_of(OPERATIONS[name], {"media_type": "video"}, otherwise=NOBODY)
    kind = bodies_of(OPERATIONS[name])[0]
    headers = {"content-type": kind + ("; boundary=x" if "multipart" in kind else "")}
    body = b"0" * 5000
    if "multipart" in kind:
        head = b'--x\r\ncontent-disposition: form-data; name="title"\r\n\r\n'
        body = head + body + b"\r\n--x--\r\n"
    return stage.api.client.request(OPERATIONS[name].method, path, content=body, headers=headers)


def of_wrong_type(stage: Stage, name: str) -> httpx2.Response:
    """A call with a body of a coding that is not taken."""
    path = path_of(OPERATIONS[name], {"media_type": "video"}, otherwise=NOBODY)
    headers = {"content-type": bodies_of(OPERATIONS[name])[0], "content-encoding": "gzip"}
    return stage.api.client.request(OPERATIONS[name].method, path, content=b"x", headers=headers)


def unread(stage: Stage, name: str) -> httpx2.Response:
    """A query that is no text."""
    operation = OPERATIONS[name]
    path = path_of(operation, {"media_type": "video"}, otherwise="1")
    words = SENT["edit_text"] if "application/x-www" in str(bodies_of(operation)) else {}
    return stage.api.client.request(operation.method, f"{path}?%FF=1", **words)


def broken(stage: Stage, name: str) -> httpx2.Response:
    """A fault, which is the only way to it."""
    stage.fake.faults.add("status", status=500, operation=name)
    return stage.sent(name, stage.done)


GIVEN: Mapping[int, Callable[[Stage, str], httpx2.Response]] = {
    200: lambda stage, name: stage.until(name),
    202: running,
    400: bad,
    401: wrong_key,
    402: unpaid,
    403: foreign,
    404: nothing_there,
    405: on_wrong_method,
    409: too_soon,
    413: too_large,
    415: of_wrong_type,
    422: unread,
    500: broken,
}


@pytest.fixture(scope="module")
def roomy() -> Fake:
    return Fake("imentiv", time="manual")


@pytest.fixture(scope="module")
def small() -> Fake:
    """Takes bodies of 4,000 bytes at most."""
    return Fake("imentiv", time="manual", limits=Limits(body=4000, text=4000))


@pytest.fixture
def stages(roomy: Fake, small: Fake) -> Iterator[Callable[[int], Stage]]:
    """The stage on which a status can be had, with nothing on it yet."""

    def stage(status: int) -> Stage:
        fake = small if status == 413 else roomy
        fake.reset()
        fake.faults.clear()
        return Stage(fake)

    yield stage
    roomy.faults.clear()


@pytest.mark.parametrize(("operation", "status"), declared(NAME))
def test_status__declared_is_given(
    stages: Callable[[int], Stage], operation: str, status: int
) -> None:
    """For each there is a call that is answered so, and on contract."""
    response = GIVEN[status](stages(status), operation)
    assert response.status_code == status, response.text[:500]
    lines = [(name, value) for name, value in response.headers.multi_items()]
    assert not breaches(NAME, operation, status, lines, response.content)
    if status >= 400:
        assert response.json()["detail"] if status != 400 or operation != ASK else True
