"""Every operation of Imentiv with both clients, against the fake: in process and on a port.

The fake is strict: a request or a reply off contract fails the test that caused it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from callers import Blocking
from media import png, wav

from understudy.client import (
    AsyncImentiv,
    AsyncTiming,
    File,
    Imentiv,
    NotFound,
    NotReady,
    TaskFailed,
    Timing,
    Unprocessable,
)
from understudy.client.imentiv.speaker import Pair
from understudy.contracts import Contract
from understudy.mocks import Fake

KEY = "ik_test"
FILM = "https://media.example/ferry.mp4?duration=20"
SONG = "https://media.example/song.mp3?duration=20"


@dataclass(frozen=True)
class Place:
    """Where clients meet the fake: at `base_url` over real connections, else in process."""

    fake: Fake
    base_url: str | None

    @contextmanager
    def client(self, caller: Blocking, key: str = KEY) -> Iterator[Any]:
        """A client here, whose sleeps move the fake's clock; closed at the end."""
        caller.time.on_sleep = self.fake.clock.advance
        known, here = caller.time.known(), self.base_url is None
        made: Any
        if caller.asynchronous:
            timing = AsyncTiming(sleep=caller.time.sleep_async, **known)  # type: ignore[attr-defined]
            inside = self.fake.async_transport() if here else None
            made = AsyncImentiv(key, base_url=self.base_url, transport=inside, timing=timing)
        else:
            still = Timing(sleep=caller.time.sleep, **known)
            within = self.fake.transport() if here else None
            made = Imentiv(key, base_url=self.base_url, transport=within, timing=still)
        caller.enter(made)
        try:
            yield made
        finally:
            caller.leave(made)


@pytest.fixture(scope="module", params=["in process", "port"])
def shared(request: pytest.FixtureRequest) -> Iterator[Place]:
    """One fake, and one server, for all tests of a place."""
    with Fake("imentiv", time="manual") as fake:
        port = request.param == "port"
        yield Place(fake, f"{fake.serve()}/imentiv" if port else None)


@pytest.fixture
def place(shared: Place) -> Place:
    """A place where nothing has happened yet."""
    shared.fake.reset()
    return shared


@pytest.fixture
def client(caller: Blocking, place: Place) -> Iterator[Any]:
    """A client of the kind and in the place that the test is run for."""
    with place.client(caller) as made:
        yield made


def analysed(caller: Blocking, client: Any) -> Any:
    """A video whose analysis is completed."""
    new = caller.run(client.videos.upload("Ferry tour", video_url=FILM))
    return caller.run(new.wait())


@pytest.fixture
def video(caller: Blocking, client: Any) -> Any:
    """The same, for a test."""
    return analysed(caller, client)


def test_videos__live_and_die(caller: Blocking, client: Any) -> None:
    """Upload, follow, list, rename, analyse again, delete."""
    new = caller.run(client.videos.upload("Ferry tour", video_url=FILM, description="fog"))
    assert (new.summary.status, new.summary.duration) == ("queue", 20)
    seen: list[str] = []
    video = caller.run(client.videos.wait(new.id, on_status=lambda now: seen.append(now.status)))
    assert (seen[0], seen[-1], video.title) == ("queue", "completed", "Ferry tour")
    assert len(video.faces.faces) >= 3 and video.audio_id and video.text_id
    assert [each.id for each in caller.all(client.videos.list())] == [new.id]
    changed = caller.run(client.videos.update(new.id, title="Fog"))
    assert changed.title == "Fog"
    again = caller.run(client.videos.reprocess(new.id))
    assert caller.run(again.retrieve()).status == "queue" and not again.done
    assert caller.run(again.wait()).status == "completed" and again.done
    caller.run(client.videos.delete(new.id))
    with pytest.raises(NotFound):
        caller.run(client.videos.retrieve(new.id))


def test_lists__are_read_in_both_directions(caller: Blocking, client: Any) -> None:
    """As many as there are, in order; backward the pages before the one that is named."""
    for number in range(5):
        caller.run(client.texts.create(f"text {number}", "Fine."))
    forward = [each.id for each in caller.all(client.texts.list(page_size=2))]
    assert len(set(forward)) == 5
    pages = caller.all(client.texts.list(page_size=2).pages())
    assert [len(page.documents) for page in pages] == [2, 2, 1] and pages[0].count == 5
    back = client.texts.list(page_size=2, direction="backward", after=forward[4])
    assert {each.id for each in caller.all(back)} == set(forward[:4])


def test_derived__agrees_with_itself(caller: Blocking, client: Any, video: Any) -> None:
    """Average, analytics, frames, one frame and its strongest emotion."""
    videos, id = client.videos, video.id
    average = caller.run(videos.emotions.average(id))
    analytics = caller.run(videos.analytics(id))
    assert analytics.emotion_analysis.overall.video == average.raw
    assert analytics.face_count == len(video.faces.faces)
    assert -1 <= caller.run(videos.emotions.valence_arousal(id)).valence <= 1
    some = caller.run(videos.frames.list(id, length=3)).processed_frames
    frame = caller.run(videos.frames.retrieve(id, some[0].frame_id))
    assert frame == some[0]
    face = frame.found_faces[0]
    assert all(
        face in each.found_faces
        for each in caller.run(videos.frames.list(id, face_ids=[face])).processed_frames
    )
    strongest = caller.run(videos.frames.dominant_emotion(id, frame.frame_id, face_id=face))
    assert strongest.dominant_emotion and strongest.face_id == face
    assert caller.run(videos.frames.valence_arousal(id, frame.frame_id)).intensity >= 0


def test_faces__are_corrected(caller: Blocking, client: Any, video: Any) -> None:
    """Scores, notes, names, other ids, merging and deleting."""
    videos, id = client.videos, video.id
    frame = caller.run(videos.frames.list(id, length=1)).processed_frames[0]
    face, number = frame.found_faces[0], frame.frame_id
    told = caller.run(videos.frames.correct(id, number, face, {"happy": 1.0}))
    assert told.emotions["happy"] == 1.0
    strongest = caller.run(videos.frames.dominant_emotion(id, number, face_id=face))
    assert strongest.dominant_emotion == "happy"
    caller.run(videos.frames.note(id, number, "Looks away.", face_id=face))
    caller.run(videos.frames.note(id, number, "Fog."))
    assert caller.run(videos.frames.retrieve(id, number)).note == "Fog."
    assert caller.run(videos.faces.rename(id, {face: "Ada"}))[0].name == "Ada"
    caller.run(videos.frames.move_face(id, [number], face_id=face, to=77))
    ids = {each.face_id for each in caller.run(videos.retrieve(id)).faces.faces}
    assert 77 in ids
    other = next(each for each in ids if each != 77)
    caller.run(videos.faces.merge(id, selected_face_id=other, merge_face_ids=[77]))
    third = next(each for each in ids if each not in (other, 77))
    caller.run(videos.faces.delete(id, [third]))
    left = {each.face_id for each in caller.run(videos.retrieve(id)).faces.faces}
    assert left == ids - {77, third}


def test_highlights__are_made_and_downloaded(
    caller: Blocking, client: Any, video: Any, tmp_path: Path
) -> None:
    """Found or chosen; nothing before they were asked for."""
    highlights = client.videos.highlights
    assert caller.run(highlights.retrieve(video.id)).status == "absent"
    with pytest.raises(NotFound):
        caller.run(highlights.download(video.id))
    work = caller.run(highlights.create(video.id))
    assert caller.run(work.wait()).highlight_url
    saved = caller.run(highlights.download(video.id, to=tmp_path / "h.mp4"))
    assert saved.media_type == "video/mp4" and saved.content[4:8] == b"ftyp"
    work = caller.run(highlights.update(video.id, [(1000, 3000), (5000, 9000)]))
    assert caller.run(highlights.wait(video.id)).status == "completed"


def test_annotated__comes_over_a_link(caller: Blocking, client: Any, video: Any) -> None:
    """Ordered by a look; the link leads to a film."""
    work = caller.run(client.videos.annotated.start(video.id))
    with pytest.raises(NotReady):
        caller.run(client.videos.annotated.download(video.id))
    link = caller.run(work.wait())
    assert link.expires_in_minutes == 60 and link.filename.endswith(f"_{video.id}.mp4")
    assert caller.run(client.videos.annotated.retrieve(video.id)).download_url
    assert caller.run(client.videos.annotated.download(video.id)).content[4:8] == b"ftyp"


def test_reports__are_tables_and_paper(caller: Blocking, client: Any, video: Any) -> None:
    """Not found before they were asked for, not ready while they are made, then files."""
    reports = client.videos.reports
    with pytest.raises(NotFound):
        caller.run(reports.csv.retrieve(video.id))
    work = caller.run(reports.csv.start(video.id))
    with pytest.raises(NotReady):
        caller.run(reports.csv.download(video.id))
    assert caller.run(work.wait()).file.content[:2] == b"PK"
    work = caller.run(reports.pdf.start(video.id))
    with pytest.raises(NotReady):
        caller.run(reports.pdf.download(video.id))
    assert caller.run(work.wait()).report_url
    assert caller.run(reports.pdf.download(video.id)).content[:5] == b"%PDF-"


def test_personality__is_judged_by_parts(caller: Blocking, client: Any, video: Any) -> None:
    """Linked to a voice or not; a combined one has both results."""
    personality, face = client.videos.personality, video.faces.faces[0].face_id
    caller.run(client.videos.speakers.match(video.id, [Pair(0, face, "Ada")]))
    work = caller.run(personality.analyze(video.id, face, analysis_type="combined"))
    assert (work.started.speaker_id, work.started.analysis_type) == (0, "combined")
    done = caller.run(work.wait())
    assert done.overall.ocean_metrics.openness <= 1 and done.by_segment.segments
    assert caller.run(personality.retrieve(video.id, face)).overall == done.overall
    matched = caller.run(client.videos.speakers.auto_match(video.id))
    assert (matched.status, matched.audio_id) == ("processing", video.audio_id)


def test_audios__are_written_anew(caller: Blocking, client: Any) -> None:
    """Upload a file, read it, write its transcript, name its speakers, delete."""
    audios = client.audios
    new = caller.run(
        audios.upload("Song", audio_file=File(wav(20.0), "song.wav"), speaker_diarization=True)
    )
    with pytest.raises(NotReady):
        caller.run(audios.report(new.id))
    audio = caller.run(new.wait())
    assert audio.audio_duration == 20 and len(audio.segment_audio_emotions) >= 3
    assert caller.run(audios.report(new.id)).media_type == "text/csv"
    assert caller.run(audios.speakers.rename(new.id, {0: "Ada"}))[0].name == "Ada"
    gone = caller.run(audios.transcript.delete_segment(new.id, 0))
    assert gone.segment_id == 0
    line = {"start_millis": 0, "end_millis": 4000, "segment": "What a day.", "speaker_id": 0}
    assert caller.run(audios.transcript.update(new.id, [line]))[0].segment == "What a day."
    told = caller.run(audios.transcript.replace(new.id, "Ada: Fine.\nBen: Fog."))
    assert told.segments_count == 2 and [each.name for each in told.speakers] == ["Ada", "Ben"]
    assert caller.run(audios.analytics(new.id)).speaker_count == 2
    assert caller.run(audios.update(new.id, title="Fog")).title == "Fog"
    again = caller.run(audios.reprocess(new.id))
    assert caller.run(again.wait()).status == "completed"
    assert [each.id for each in caller.all(audios.list())] == [new.id]
    caller.run(audios.delete(new.id))
    with pytest.raises(NotFound):
        caller.run(audios.retrieve(new.id))


def test_texts__are_edited(caller: Blocking, client: Any) -> None:
    """Send, read, edit, analyse again, delete."""
    texts = client.texts
    new = caller.run(texts.create("Letter", "What a fine day.\n\nThe fog comes."))
    text = caller.run(new.wait())
    assert text.word_count == 7 and len(text.segments) == 2
    assert caller.run(texts.report(new.id)).media_type == "text/csv"
    edited = caller.run(texts.edit(new.id, "The fog came."))
    assert caller.run(edited.wait()).text == "The fog came."
    assert caller.run(caller.run(texts.reprocess(new.id)).wait()).word_count == 3
    assert [each.word_count for each in caller.all(texts.list())] == [3]
    caller.run(texts.delete(new.id))
    with pytest.raises(NotFound):
        caller.run(texts.retrieve(new.id))


def test_images__show_their_faces(caller: Blocking, client: Any) -> None:
    """Upload a file, read its faces, note, download, delete."""
    images = client.images
    new = caller.run(
        images.upload("Deck", image_file=File(png(320, 200), "deck.png"), description="Two")
    )
    image = caller.run(new.wait())
    assert (image.width, image.height) == (320, 200)
    assert image.found_faces and image.faces[0].face_id == image.found_faces[0]
    caller.run(images.note(new.id, image.found_faces[0], "Looks away."))
    assert caller.run(images.retrieve(new.id)).faces[0].note == "Looks away."
    assert caller.run(images.annotated(new.id)).media_type in ("image/png", "image/jpeg")
    assert caller.run(images.report(new.id)).media_type == "text/csv"
    assert caller.run(images.update(new.id, title="Fog")).title == "Fog"
    assert caller.run(caller.run(images.reprocess(new.id)).wait()).status == "completed"
    assert [each.id for each in caller.all(images.list())] == [new.id]
    caller.run(images.delete(new.id))
    with pytest.raises(NotFound):
        caller.run(images.retrieve(new.id))


def test_insights__are_talked_about(caller: Blocking, client: Any, video: Any) -> None:
    """Streamed or whole, in one conversation."""
    insights = client.videos.insights
    assert caller.run(insights.history(video.id)).messages == ()
    streamed = caller.run(insights.stream(video.id, "Who is the happiest?").text())
    whole = caller.run(insights.ask(video.id, "And the saddest?"))
    assert streamed and whole.response and whole.message_id == 2
    told = caller.run(insights.history(video.id))
    assert [each.role for each in told.messages] == ["user", "ai_assistant"] * 2
    assert (told.messages[1].text, told.messages[3].text) == (streamed, whole.response)
    waiting = caller.run(client.audios.upload("Song", media_url=SONG))
    with pytest.raises(Unprocessable, match=r"queue|processing"):
        caller.run(client.audios.insights.ask(waiting.id, "Who?"))


def test_failures__are_told(caller: Blocking, client: Any) -> None:
    """A medium that shall fail does, and the wait says so."""
    new = caller.run(client.videos.upload("understudy-fail", video_url=FILM))
    with pytest.raises(TaskFailed):
        caller.run(new.wait())
    assert new.failed and not new.done


def test_document__has_no_operation_that_is_not_tried(
    caller: Blocking, place: Place, tmp_path: Path
) -> None:
    """Each operation is called above, by this client in this place, or this names the missing."""

    def tried(test: Any, *more: Any, film: bool = False) -> None:
        """Run a test in a tenancy of its own, with the video that it wants."""
        with place.client(caller, key=test.__name__) as client:
            test(caller, client, *([analysed(caller, client)] if film else []), *more)

    tried(test_videos__live_and_die)
    tried(test_derived__agrees_with_itself, film=True)
    tried(test_faces__are_corrected, film=True)
    tried(test_highlights__are_made_and_downloaded, tmp_path, film=True)
    tried(test_annotated__comes_over_a_link, film=True)
    tried(test_reports__are_tables_and_paper, film=True)
    tried(test_personality__is_judged_by_parts, film=True)
    tried(test_audios__are_written_anew)
    tried(test_texts__are_edited)
    tried(test_images__show_their_faces)
    tried(test_insights__are_talked_about, film=True)
    called = {entry.operation for entry in place.fake.journal}
    assert set(Contract.load("imentiv/v1").operations) - called == set()
