"""A small model of a video's faces: frame by frame, nothing derived, to hold the fake against."""

from dataclasses import dataclass, field

from imentiv_stage import FACE, Api, Seen, dominant, is_one, mean, near

Scores = dict[str, float]


@dataclass
class Film:
    """Every detection with its scores and note, and the names of faces."""

    frames: dict[int, dict[int, Scores]]
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    edited: bool = False

    @classmethod
    def of(cls, frames: list[Seen]) -> "Film":
        """What a list of frames shows, without notes or names."""
        return cls(
            {each["frame_id"]: {f["face_id"]: f["emotions"] for f in each["faces"]}
             for each in frames}
        )  # fmt: skip

    @property
    def faces(self) -> set[int]:
        """Whoever is in a frame."""
        return {face for seen in self.frames.values() for face in seen}

    def shows(self, frame: int, face: int) -> bool:
        """Whether a frame shows a face."""
        return face in self.frames.get(frame, {})

    def rescore(self, frame: int, face: int, scores: Scores) -> None:
        """Another vector for a detection."""
        self.frames[frame][face] = dict.fromkeys(FACE, 0.0) | scores
        self.edited = True

    def move(self, frames: list[int], face: int, to: int) -> None:
        """Detections become another face's."""
        for frame in frames:
            if to != face:
                self.frames[frame][to] = self.frames[frame].pop(face)
                self._carry(frame, face, to)
        self._tidy()

    def merge(self, face: int, merged: list[int]) -> None:
        """Others become a face; where it is seen already, it stays as it is."""
        for frame, seen in self.frames.items():
            for each in merged:
                if each in seen:
                    scores = seen.pop(each)
                    seen.setdefault(face, scores)
                    self._carry(frame, each, face)
        self._tidy()

    def drop(self, faces: list[int]) -> None:
        """Faces go."""
        for frame, seen in self.frames.items():
            for face in faces:
                if seen.pop(face, None) is not None:
                    self.notes.pop((frame, face), None)
        self._tidy()

    def _carry(self, frame: int, face: int, to: int) -> None:
        note = self.notes.pop((frame, face), "")
        if note:
            self.notes.setdefault((frame, to), note)

    def _tidy(self) -> None:
        self.names = {face: name for face, name in self.names.items() if face in self.faces}


def check_video(api: Api, video: str, film: Film) -> None:
    """Everything that is told of a video's faces follows from the frames, and these are ours."""
    shown, frames, told = api.get(f"/v1/videos/{video}"), api.frames(video), api.analytics(video)
    assert Film.of(frames).frames.keys() == film.frames.keys()
    for frame in frames:
        number, ours = frame["frame_id"], film.frames[frame["frame_id"]]
        assert frame["found_faces"] == [each["face_id"] for each in frame["faces"]] == sorted(ours)
        assert frame["note"] == film.notes.get((number, 0), "")
        for each in frame["faces"]:
            face = each["face_id"]
            assert near(each["emotions"], ours[face])
            assert each["dominant_emotion"] in dominant(each["emotions"])
            assert each["note"] == film.notes.get((number, face), "")
            assert (each["name"] or "") == film.names.get(face, "")
            assert film.edited or is_one(each["emotions"])
    listed = {each["face_id"]: each["name"] or "" for each in shown["faces"]["faces"]}
    assert listed == {face: film.names.get(face, "") for face in sorted(film.faces)}
    every = [scores for seen in film.frames.values() for scores in seen.values()]
    average = api.get(f"/v2/videos/{video}/emotions/average")
    assert near(average, mean(every))
    analysis = told["emotion_analysis"]
    assert near(analysis["overall"]["video"], average)
    assert told["face_count"] == len(film.faces) == len(analysis["faces"])
    for face, scores in zip(sorted(film.faces), analysis["faces"].values(), strict=True):
        own = [seen[face] for seen in film.frames.values() if face in seen]
        assert near(scores, mean(own))
    for name in ("audio_id", "text_id", "title", "description", "status"):
        assert told[name] == shown[name]


def check_audio(api: Api, audio: str) -> None:
    """Segments, speakers, averages and analytics of a sound agree, and its text with them."""
    shown, told = api.get(f"/v1/audios/{audio}"), api.analytics(audio, "audios")
    voices, words = shown["segment_audio_emotions"], shown["segment_text_emotions"]
    assert [each["index"] for each in voices] == list(range(len(voices)))
    if words:
        cut = ("index", "start_millis", "end_millis", "speaker_id")
        assert [[e[n] for n in cut] for e in voices] == [[e[n] for n in cut] for e in words]
    speakers = {each["speaker_id"]: each["name"] for each in shown["speakers"]}
    assert {each["speaker_id"] for each in voices} <= set(speakers)
    analysis = told["emotion_analysis"]
    assert told["detected_speakers"] == shown["speakers"]
    assert told["speaker_count"] == len(analysis["speakers"]) == len(speakers)
    assert near(analysis["overall"]["audio"], shown["average_audio_emotions"])
    if voices:
        assert near(shown["average_audio_emotions"], mean([each["emotions"] for each in voices]))
    if told["text_id"]:
        words_shown = api.get(f"/v1/texts/{told['text_id']}")
        assert words_shown["parent_id"] == audio
        if words_shown["status"] == "completed":
            assert near(analysis["overall"]["text"], words_shown["emotions"])
    else:
        assert analysis["overall"]["text"] == {}


def check_image(api: Api, image: str) -> None:
    """Found faces are the faces; scores sum to one."""
    shown = api.get(f"/v1/images/{image}")
    assert shown["found_faces"] == [each["face_id"] for each in shown["faces"]] != []
    for face in shown["faces"]:
        assert is_one(face["emotions"]) and face["dominant_emotion"] in dominant(face["emotions"])


def check_text(api: Api, text: str) -> None:
    """The segments are the text, and its scores are their mean."""
    shown = api.get(f"/v1/texts/{text}")
    assert shown["word_count"] == len(shown["text"].split())
    assert all(each["sentence"] in shown["text"] for each in shown["segments"])
    assert near(shown["emotions"], mean([each["emotions"] for each in shown["segments"]]))
