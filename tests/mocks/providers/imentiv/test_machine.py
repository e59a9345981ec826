"""Every operation of Imentiv, in any order, against a small model of one account."""

from typing import Any

import httpx2
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from imentiv_film import Film, check_audio, check_image, check_text, check_video
from imentiv_stage import KINDS, NOBODY, Api, Seen

from understudy.contracts.adapters import request_of, response_of
from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Exchange
from understudy.contracts.lifecycle import load_lifecycles
from understudy.contracts.trace.trace import Trace
from understudy.mocks import Fake

PICK = st.integers(0, 99)
ORDER = ("queue", "processing", "completed", "failed")
ADDRESS = {"videos": "video_url", "audios": "media_url", "images": "image_url"}
SINGULAR = {"videos": "video", "audios": "audio", "texts": "text", "images": "image"}
SCORES = st.dictionaries(
    st.sampled_from(["happy", "sad", "fear"]), st.floats(0.01, 1), min_size=1, max_size=3
)
NAMES = st.sampled_from(["Ada", "Bo", "Ada_2", "face_1", ""])


class ImentivMachine(RuleBasedStateMachine):
    """Every reply is held against the contract as well, and all of them against lifecycles."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("imentiv", time="manual")
        self.api = Api(self.fake)
        self.api.client.event_hooks = {"response": [self._see]}
        self.trace = Trace(Contract.load("imentiv/v1"), load_lifecycles("imentiv"))
        self.media: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self.statuses: dict[str, str] = {}
        self.films: dict[str, Film] = {}
        self.gone: list[tuple[str, str]] = []
        self.asked: dict[str, int] = {}

    def teardown(self) -> None:
        self.api.client.close()
        self.fake.close()

    def _see(self, response: httpx2.Response) -> None:
        """What all exchanges together say is held against the lifecycles."""
        response.read()
        response.request.read()
        exchange = Exchange(request_of(response.request), response_of(response))
        assert self.trace.see(exchange) == []

    @initialize(seconds=st.integers(4, 12))
    def begin(self, seconds: int) -> None:
        """One medium of each kind, completed, so that few steps go to waste."""
        for kind in KINDS:
            self.upload(kind, seconds, "A day")
        self.advance(1e5)
        self.look()

    @rule(
        kind=st.sampled_from(KINDS),
        seconds=st.integers(1, 15),
        title=st.sampled_from(["A day", "A day", "understudy-fail", "understudy-slow"]),
    )
    def upload(self, kind: str, seconds: int, title: str) -> None:
        """A new medium is in the queue and comes last in its list."""
        if len(self.media[kind]) > 2:
            return
        more = {"title": title}
        if kind in ADDRESS:
            more[ADDRESS[kind]] = f"https://x.example/{len(self.statuses)}?duration={seconds}"
        made = self.api.upload(kind, **more)
        assert made["status"] == "queue"
        self.media[kind].append(made["id"])
        self.statuses[made["id"]] = "queue"
        if kind == "videos":  # its sound is listed with the sounds
            listed = self.api.get("/v1/audios", page_size=100)["documents"]
            assert listed[-1]["id"] not in self.media["audios"]

    @rule(seconds=st.one_of(st.floats(0, 60), st.just(1e4)))
    def advance(self, seconds: float) -> None:
        """Time only goes forward."""
        self.fake.clock.advance(seconds)

    @rule(kind=st.sampled_from(KINDS), pick=PICK)
    def delete(self, kind: str, pick: int) -> None:
        """A deleted medium stays away, and what it owned with it."""
        medium = self._medium(kind, pick)
        if medium is None or pick % 4:
            return
        path = f"/v1/{kind}/{medium}"
        shown = self.api.get(path)
        assert self.api.delete(path)["id"] == medium
        for kin, id in (
            (kind, medium), ("audios", shown.get("audio_id")), ("texts", shown.get("text_id"))
        ):  # fmt: skip
            if id:
                self.gone.append((kin, id))
        self.media[kind].remove(medium)
        self.films.pop(medium, None)
        self.api.refused(404, "DELETE", path)

    @rule(kind=st.sampled_from(KINDS), pick=PICK, wanted=st.booleans())
    def reprocess(self, kind: str, pick: int, wanted: bool) -> None:
        """A medium that has ended goes back to the queue, if that is wanted; edits are lost."""
        medium = self._medium(kind, pick)
        if medium is None:
            return
        path, form = f"/v1/{kind}/{medium}", {"reprocess": str(wanted).lower()}
        ended = self.statuses[medium] in ("completed", "failed")
        if wanted and not ended:
            self.api.refused(409, "PUT", path, data=form)
            return
        told = self.api.put(path, form)
        assert told["status"] == ("queue" if wanted else self.statuses[medium])
        if wanted:
            self.statuses[medium] = "queue"
            self.films.pop(medium, None)

    @rule(kind=st.sampled_from(["videos", "audios", "images"]), pick=PICK, words=NAMES)
    def describe(self, kind: str, pick: int, words: str) -> None:
        """A title that is sent is the title; what is not sent stays."""
        medium = self._medium(kind, pick)
        if medium is None:
            return
        path = f"/v1/{kind}/{medium}"
        before = self.api.get(path)
        self.api.put(f"{path}/metadata", {"title": f"{words}!"})
        after = self.api.get(path)
        assert after["title"] == f"{words}!"
        assert after.get("description") == before.get("description")

    @rule(pick=PICK, frame=PICK, face=st.integers(1, 5), scores=SCORES)
    def rescore(self, pick: int, frame: int, face: int, scores: dict[str, float]) -> None:
        """Other scores for a detection, or for one that is not there: not found."""
        if (video := self._film(pick)) is None:
            return
        film, number = self.films[video], 1 + frame % (len(self.films[video].frames) + 1)
        path = f"/v1/videos/{video}/frames/{number}/faces/{face}/emotions"
        if film.shows(number, face):
            self.api.put(path, scores)
            film.rescore(number, face, scores)
        else:
            self.api.refused(404, "PUT", path, data=scores)

    @rule(pick=PICK, frame=PICK, face=st.integers(0, 5), note=NAMES)
    def note(self, pick: int, frame: int, face: int, note: str) -> None:
        """A note on a detection or on the frame."""
        if (video := self._film(pick)) is None:
            return
        film, number = self.films[video], 1 + frame % len(self.films[video].frames)
        path = f"/v1/videos/{video}/frames/{number}/faces/{face}/note"
        if face == 0 or film.shows(number, face):
            self.api.put(path, {"note": f"{note}."})
            film.notes[number, face] = f"{note}."
        else:
            self.api.refused(404, "PUT", path, data={"note": note})

    @rule(
        pick=PICK, frames=st.sets(PICK, min_size=1, max_size=6), face=st.integers(1, 4),
        to=st.integers(1, 6),
    )  # fmt: skip
    def move(self, pick: int, frames: set[int], face: int, to: int) -> None:
        """Detections become another face's, all that were named or none."""
        if (video := self._film(pick)) is None:
            return
        film = self.films[video]
        numbers = sorted({1 + each % len(film.frames) for each in frames})
        own = [number for number in numbers if film.shows(number, face)]
        numbers = own if own and len(own) % 3 else numbers
        form = {
            "frame_ids": ",".join(map(str, numbers)), "current_face_id": face, "new_face_id": to
        }  # fmt: skip
        path = f"/v1/videos/{video}/frames/faces"
        if not all(film.shows(number, face) for number in numbers):
            assert self.api.client.put(path, data=form).status_code in (404, 409)
        elif to != face and any(film.shows(number, to) for number in numbers):
            self.api.refused(409, "PUT", path, data=form)
        else:
            assert self.api.put(path, form)["updated_frames"] == numbers
            film.move(numbers, face, to)

    @rule(pick=PICK, face=st.integers(1, 6), merged=st.sets(st.integers(1, 6), min_size=1))
    def merge(self, pick: int, face: int, merged: set[int]) -> None:
        """Faces become one; unknown ones and the face itself are refused."""
        if (video := self._film(pick)) is None or len(self.films[video].faces) < 3:
            return
        film = self.films[video]
        merged = (merged & film.faces) - {face} if pick % 4 and merged & film.faces else merged
        if not merged:
            return
        order = sorted(merged, reverse=bool(pick % 2))
        form = {"selected_face_id": face, "merge_face_id": ",".join(map(str, order))}
        path = f"/v1/videos/{video}/faces"
        if not {face, *merged} <= film.faces:
            self.api.refused(404, "PUT", path, data=form)
        elif face in merged:
            self.api.refused(400, "PUT", path, data=form)
        else:
            self.api.put(path, form)
            film.merge(face, order)

    @rule(pick=PICK, faces=st.sets(st.integers(1, 6), min_size=1, max_size=2))
    def drop(self, pick: int, faces: set[int]) -> None:
        """Faces go, but not the last one."""
        if (video := self._film(pick)) is None or pick % 3:
            return
        film, form = self.films[video], {"face_ids": ",".join(map(str, sorted(faces)))}
        path = f"/v1/videos/{video}/faces"
        if not faces <= film.faces:
            self.api.refused(404, "DELETE", path, data=form)
        elif faces == film.faces:
            self.api.refused(400, "DELETE", path, data=form)
        else:
            self.api.delete(path, form)
            film.drop(sorted(faces))

    @rule(pick=PICK, names=st.dictionaries(st.integers(1, 5), NAMES, min_size=1, max_size=3))
    def name(self, pick: int, names: dict[int, str]) -> None:
        """Names for faces, all or none."""
        if (video := self._film(pick)) is None:
            return
        body = [{"face_id": face, "name": name} for face, name in names.items()]
        path = f"/v1/videos/{video}/faces/names"
        if names.keys() <= self.films[video].faces:
            assert self.api.put(path, json=body) == body
            self.films[video].names |= names
        else:
            self.api.refused(404, "PUT", path, json=body)

    @rule(pick=PICK, speaker=st.integers(0, 2), face=st.integers(1, 4), name=NAMES)
    def match(self, pick: int, speaker: int, face: int, name: str) -> None:
        """A speaker and a face get one name."""
        if (video := self._film(pick)) is None or (audio := self._sound(video)) is None:
            return
        speakers = {each["speaker_id"]: each["name"] for each in audio["speakers"]}
        body = [{"speaker_id": speaker, "face_id": face, "name": name}]
        path = f"/v2/videos/{video}/speaker-face-match"
        if face in self.films[video].faces and speaker in speakers:
            self.api.put(path, json=body)
            told = name or speakers[speaker]
            self.films[video].names[face] = told
            detected = self.api.analytics(video)["detected_speakers"]
            assert {"speaker_id": speaker, "name": told} in detected
        else:
            self.api.refused(404, "PUT", path, json=body)

    @rule(pick=PICK, seconds=st.floats(0, 200))
    def match_alone(self, pick: int, seconds: float) -> None:
        """The job names faces after a while; what it names them is then the model's too."""
        if (video := self._film(pick)) is None or self._sound(video) is None:
            return
        told = self.api.post(f"/v2/videos/{video}/speaker-face-match")
        assert told["status"] == "processing"
        self.advance(300)
        faces = self.api.get(f"/v1/videos/{video}")["faces"]["faces"]
        named = {each["face_id"]: each["name"] for each in faces if each["name"]}
        before = {face: name for face, name in self.films[video].names.items() if name}
        assert before.items() <= named.items()
        self.films[video].names |= named

    @rule(
        pick=PICK, kind=st.sampled_from(["overall", "by_segment", "combined"]),
        face=st.integers(1, 4),
    )  # fmt: skip
    def judge(self, pick: int, kind: str, face: int) -> None:
        """A part of a personality goes its way, and has results at its end only."""
        if (video := self._film(pick)) is None:
            return
        path = f"/v2/videos/{video}"
        form = {"face_id": face, "analysis_type": kind}
        if face not in self.films[video].faces:
            self.api.refused(404, "POST", f"{path}/personality/analyze", data=form)
            return
        made = self.api.client.post(f"{path}/personality/analyze", data=form)
        assert made.status_code in (200, 409), made.text  # 409: the linked speaker's sound is away
        told = self.api.get(f"{path}/faces/{face}/personality-analysis")
        for part, state in (told["analysis_status"] or {}).items():
            assert (state["status"] == "completed") == (part in told)

    @rule(pick=PICK, begin=st.floats(0, 20000), end=st.floats(0, 20000), own=st.booleans())
    def highlight(self, pick: int, begin: float, end: float, own: bool) -> None:
        """Highlights, of chosen segments within the video or of our choice."""
        if (video := self._film(pick)) is None:
            return
        path = f"/v1/videos/{video}"
        body = [{"start_millis": begin, "end_millis": end}]
        length = self.api.analytics(video)["duration"] * 1000
        if not own:
            assert self.api.post("/v1/videos/highlights", {"video_id": video})["status"] == "queue"
        elif 0 <= begin < end <= length:
            assert self.api.put(f"{path}/highlights", json=body)["status"] == "queue"
        else:
            self.api.refused(422, "PUT", f"{path}/highlights", json=body)
        told = self.api.get(f"{path}/highlights")
        ready = told["highlight_status"] == "completed"
        assert bool(told["highlight_url"]) == ready
        self.api.call("GET", f"{path}/highlight_video", 200 if ready else 404)

    @rule(pick=PICK)
    def report(self, pick: int) -> None:
        """Tables, film and paper are there or on their way."""
        if (video := self._film(pick)) is None:
            return
        told = self.api.post(f"/v1/videos/{video}/report")
        ready = 200 if told["status"] == "completed" else 202
        self.api.call("GET", f"/v1/videos/{video}/report", ready)
        film = self.api.get(f"/v2/videos/{video}/annotated_video")
        assert ("download_url" in film) != ("status" in film)
        query = {"media_type": "video"}
        paper = self.api.client.get(f"/v2/reports/pdf/{video}", params=query)
        assert paper.status_code == (200 if "report_url" in paper.json() else 202)

    @rule(kind=st.sampled_from(["audios", "texts", "images"]), pick=PICK)
    def table(self, kind: str, pick: int) -> None:
        """A table is there when the analysis is completed."""
        if (medium := self._medium(kind, pick)) is None:
            return
        status = {"completed": 200, "failed": 409}.get(self.statuses[medium], 202)
        self.api.call("GET", f"/v1/{kind}/{medium}/report", status)

    @rule(pick=PICK, index=st.integers(0, 4))
    def cut(self, pick: int, index: int) -> None:
        """A segment goes, if it is there."""
        if (shown := self._speech(pick)) is None:
            return
        audio, count = shown["id"], len(shown["segment_audio_emotions"])
        path = f"/v1/audios/{audio}/{index}"
        if index < count:
            self.api.delete(path)
            assert len(self.api.get(f"/v1/audios/{audio}")["segment_audio_emotions"]) == count - 1
        else:
            self.api.refused(404, "DELETE", path)

    @rule(
        pick=PICK, times=st.lists(st.tuples(PICK, PICK), max_size=4), speaker=st.integers(0, 2),
        whole=st.booleans(), name=NAMES,
    )  # fmt: skip
    def transcribe(
        self, pick: int, times: list[tuple[int, int]], speaker: int, whole: bool, name: str
    ) -> None:
        """Other segments, or another text; a speaker's name."""
        if (shown := self._speech(pick)) is None:
            return
        path = f"/v1/audios/{shown['id']}"
        speakers = {each["speaker_id"] for each in shown["speakers"]}
        if whole:
            lines = "\n".join(f"{name or 'Cy'}: line {a} {b}" for a, b in times) or "Just this."
            told = self.api.put(f"{path}/transcript/replace", json={"transcript": lines})
            assert told["segments_count"] == len(times or [0])
            return
        body = [
            {"start_millis": a, "end_millis": b, "segment": f"{a} to {b}", "speaker_id": speaker}
            for a, b in times
        ]
        if any(b < a for a, b in times) or (times and speaker not in speakers):
            refused = self.api.client.put(f"{path}/transcript", json=body)
            assert refused.status_code in (404, 422)
        else:
            assert self.api.put(f"{path}/transcript", json=body) == body
        one = [{"speaker_id": speaker, "name": name}]
        if speaker in speakers:
            assert one[0] in self.api.put(f"{path}/speakers/names", json=one)["speakers"]
        else:
            self.api.refused(404, "PUT", f"{path}/speakers/names", json=one)

    @rule(pick=PICK, words=st.sampled_from(["One.", "One.\n\nTwo!", "so, so sad", " "]))
    def rewrite(self, pick: int, words: str) -> None:
        """Another text under the same id, which is analysed anew."""
        if (text := self._medium("texts", pick)) is None:
            return
        path, form = f"/v1/texts/{text}/emotions", {"text": words}
        if not words.strip():
            self.api.refused(422, "PUT", path, data=form)
        elif self.statuses[text] not in ("completed", "failed"):
            self.api.refused(409, "PUT", path, data=form)
        else:
            assert self.api.put(path, form)["status"] == "queue"
            self.statuses[text] = "queue"
            assert self.api.get(f"/v1/texts/{text}")["text"] == words

    @rule(pick=PICK, own=st.booleans())
    def part(self, pick: int, own: bool) -> None:
        """What a video owns may be analysed or deleted by itself."""
        if (video := self._film(pick)) is None or (audio := self._sound(video)) is None:
            return
        path = f"/v1/audios/{audio['id']}"
        if own:
            assert self.api.put(path, {"reprocess": "true"})["status"] == "queue"
            told = self.api.analytics(video)
            assert told["audio_id"] == audio["id"] and told["detected_speakers"] == []
            self.api.refused(409, "POST", f"/v2/videos/{video}/speaker-face-match")
        elif pick % 3 == 0:
            self.api.delete(path)
            assert self.api.get(f"/v1/videos/{video}")["audio_id"] == ""
            self.api.refused(400, "POST", f"/v2/videos/{video}/speaker-face-match")

    @rule(pick=PICK, face=st.integers(1, 5), note=NAMES)
    def note_portrait(self, pick: int, face: int, note: str) -> None:
        """A note on a face in an image."""
        image = self._medium("images", pick)
        if image is None or self.statuses[image] != "completed":
            return
        path = f"/v1/images/{image}"
        if face in self.api.get(path)["found_faces"]:
            self.api.put(f"{path}/faces/{face}/note", {"note": note})
            notes = {each["face_id"]: each["note"] for each in self.api.get(path)["faces"]}
            assert notes[face] == note
            self.api.call("GET", f"{path}/annotated_image")
        else:
            self.api.refused(404, "PUT", f"{path}/faces/{face}/note", data={"note": note})

    @rule(kind=st.sampled_from(KINDS), pick=PICK, stream=st.booleans())
    def ask(self, kind: str, pick: int, stream: bool) -> None:
        """A conversation grows by one exchange, or says why it does not."""
        if (medium := self._medium(kind, pick)) is None:
            return
        path = f"/v2/{SINGULAR[kind]}/{medium}/ai-insights"
        query = {"stream": str(stream).lower()}
        response = self.api.client.post(path, params=query, json={"message": "Who is happy?"})
        done = self.statuses[medium] == "completed"
        assert response.status_code in ((200, 400) if done else (422,))
        if response.status_code == 200:
            self.asked[medium] = self.asked.get(medium, 0) + 1
        assert len(self.api.get(path)["messages"]) == 2 * self.asked.get(medium, 0)

    @invariant()
    def look(self) -> None:
        """Statuses go forward, lists hold what the model holds, what is gone is gone, and all
        that is told of a medium agrees."""
        for kind, ids in self.media.items():
            page = self.api.get(f"/v1/{kind}", page_size=100)
            listed = {each["id"]: each["status"] for each in page["documents"]}
            assert page["count"] == len(listed)
            assert [each for each in listed if each in ids] == ids
            assert kind == "audios" or len(listed) == len(ids)
            for medium in ids:
                before, now = self.statuses[medium], listed[medium]
                assert ORDER.index(before) <= ORDER.index(now)
                self.statuses[medium] = now
                if now == "completed":
                    self._check(kind, medium)
        for kind, medium in self.gone:
            self.api.refused(404, "GET", f"/v1/{kind}/{medium}")

    def _check(self, kind: str, medium: str) -> None:
        if kind == "videos":
            if medium not in self.films:
                self.films[medium] = Film.of(self.api.frames(medium))
            check_video(self.api, medium, self.films[medium])
            if (audio := self._sound(medium)) is not None:
                check_audio(self.api, audio["id"])
        elif kind == "audios":
            check_audio(self.api, medium)
        elif kind == "images":
            check_image(self.api, medium)
        else:
            check_text(self.api, medium)

    def _medium(self, kind: str, pick: int) -> str | None:
        """One of a kind; None, after trying one that is not there, where there are none."""
        ids = self.media[kind]
        if ids:
            return ids[pick % len(ids)]
        for path in (f"/v1/{kind}/{NOBODY}", f"/v1/{kind}/{NOBODY}/report"):
            self.api.refused(404, "GET", path)
        return None

    def _film(self, pick: int) -> str | None:
        """A completed video."""
        ids = sorted(set(self.films) & set(self.media["videos"]))
        return ids[pick % len(ids)] if ids else None

    def _sound(self, video: str) -> Seen | None:
        """The completed sound of a video."""
        audio = self.api.get(f"/v1/videos/{video}").get("audio_id")
        shown = self.api.get(f"/v1/audios/{audio}") if audio else {}
        return shown if shown.get("status") == "completed" else None

    def _speech(self, pick: int) -> Seen | None:
        """A completed sound, its own or a video's."""
        if pick % 2 and (video := self._film(pick)) is not None:
            return self._sound(video)
        audio = self._medium("audios", pick)
        if audio is None or self.statuses[audio] != "completed":
            return None
        return dict(self.api.get(f"/v1/audios/{audio}"))


def test_surface__every_operation() -> None:
    """The rules, each once or twice, call every operation and are answered with success."""
    machine = ImentivMachine()
    try:
        machine.begin(12)
        machine.rescore(0, 0, 1, {"happy": 0.5})
        machine.note(0, 0, 1, "Ada")
        machine.move(0, {0}, 1, 4)
        machine.name(0, {1: "Ada"})
        machine.match(0, 0, 1, "Bo")
        machine.match_alone(0, 0)
        machine.judge(0, "combined", 1)
        machine.highlight(0, 0, 2000, True)
        machine.highlight(0, 0, 0, False)
        machine.report(0)
        machine.advance(1e4)
        machine.report(0)
        machine.table("audios", 0)
        machine.table("texts", 0)
        machine.table("images", 0)
        video = machine.media["videos"][0]
        for below in ("highlights", "highlight_video", "valence_arousal", "frames/1"):
            machine.api.call("GET", f"/v1/videos/{video}/{below}")
        for below in ("dominant_emotion", "valence_arousal"):
            machine.api.call("GET", f"/v1/videos/{video}/frames/1/{below}")
        machine.look()
        machine.merge(1, 1, {2})
        machine.look()
        machine.drop(0, {3})
        machine.look()
        machine.cut(0, 0)
        machine.transcribe(0, [(0, 5)], 0, False, "Cy")
        machine.transcribe(0, [(0, 5)], 0, True, "Cy")
        machine.note_portrait(0, 1, "Ada")
        for kind in KINDS:
            machine.ask(kind, 0, stream=kind == "videos")
        machine.rewrite(0, "One.")
        for kind in ("videos", "audios", "images"):
            machine.describe(kind, 0, "New")
        machine.advance(1e4)
        machine.look()
        for kind in KINDS:
            machine.reprocess(kind, 0, True)
        machine.look()
        for kind in KINDS:
            machine.delete(kind, 0)
        machine.look()
        done = {each.operation for each in machine.fake.journal if each.status < 300}
    finally:
        machine.teardown()
    every: Any = Contract.load("imentiv/v1").operations
    assert done == set(every)


TestImentiv = ImentivMachine.TestCase
TestImentiv.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
