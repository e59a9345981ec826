"""What a long video costs: counted in digests and runs, and in bytes kept; never in seconds."""

import gc
import tracemalloc

import orjson
import pytest
from imentiv_stage import Api, near

from understudy.mocks import Fake
from understudy.mocks.providers.imentiv import faces, runs, scores, voices

TWO_HOURS = "https://cdn.example/long.mp4?duration=7200"


@pytest.fixture
def long(fake: Fake, api: Api) -> str:
    """The id of a completed video of two hours."""
    return api.made("videos", video_url=TWO_HOURS)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many runs were summed, and how many scores drawn."""
    counts = {"summed": 0, "drawn": 0}
    add_to = runs.Run.add_to

    def add(run: runs.Run, sums: list[float]) -> None:
        counts["summed"] += 1
        add_to(run, sums)

    drawn = scores.drawn

    def draw(*args: object, lean: int | None = None) -> scores.Scores:
        counts["drawn"] += 1
        return drawn(*args, lean=lean)  # type: ignore[arg-type]

    monkeypatch.setattr(runs.Run, "add_to", add)
    monkeypatch.setattr(faces, "drawn", draw)
    faces.cast_of.cache_clear()
    voices.voices_of.cache_clear()
    return counts


def test_analytics__of_two_hours_sum_runs_not_frames(
    api: Api, long: str, counted: dict[str, int]
) -> None:
    """14,400 analysed frames are some two thousand runs, summed once for all readings."""
    api.analytics(long)
    first = dict(counted)
    assert 0 < first["summed"] < 3_000 and first["drawn"] == 2 * first["summed"]
    for _ in range(3):
        api.analytics(long)
        api.get(f"/v2/videos/{long}/emotions/average")
        api.get(f"/v1/videos/{long}/valence_arousal")
        assert len(api.frames(long, start_frame=9_000, length=1_000)) == 1_000
    assert counted == first


def test_edit__of_two_hours_sums_the_face_it_touches(
    api: Api, long: str, counted: dict[str, int]
) -> None:
    """Another score sums the runs of one face again and draws nothing, after any edits."""
    api.analytics(long)
    first = dict(counted)
    frames = api.frames(long, face_ids=4, length=2_000)
    assert len(frames) > 20
    for number, frame in enumerate(frames[:20]):
        before = counted["summed"]
        api.put(f"/v1/videos/{long}/frames/{frame['frame_id']}/faces/4/emotions", {"sad": 1})
        api.analytics(long)
        steps = counted["summed"] - before
        assert steps < first["summed"] / 5, (number, steps)
    assert counted["drawn"] == first["drawn"]


def test_moves__of_thousands_of_frames_walk_once(
    api: Api, long: str, counted: dict[str, int]
) -> None:
    """A whole face can be moved, frame by frame, in one call."""
    shown = [f["frame_id"] for f in api.frames(long) if 1 in f["found_faces"]]
    assert len(shown) > 5_000
    before = api.get(f"/v2/videos/{long}/emotions/average", face_id=1)
    first = counted["summed"]
    form = {
        "frame_ids": ",".join(map(str, shown[::2])), "current_face_id": 1, "new_face_id": 9
    }  # fmt: skip
    api.put(f"/v1/videos/{long}/frames/faces", form)
    assert counted["summed"] - first < 2 * len(shown)
    api.put(f"/v1/videos/{long}/faces", {"selected_face_id": 1, "merge_face_id": "9"})
    assert near(api.get(f"/v2/videos/{long}/emotions/average", face_id=1), before)


def test_rescoring__a_cell_again_is_one_edit(fake: Fake, api: Api, video: str) -> None:
    """Scores that were replaced are not kept."""
    path = f"/v1/videos/{video}/frames/1/faces/1/emotions"
    api.put(path, {"happy": 1})
    [tenant] = list(fake.engine.tenants)
    stored = tenant.collection("imentiv", "videos").get(video)
    assert stored is not None
    size = len(orjson.dumps(stored.hidden))
    for _ in range(50):
        api.put(path, {"happy": 1})
    assert len(orjson.dumps(stored.hidden)) == size


def test_edits__are_bounded(
    fake: Fake, api: Api, video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the bound an edit is refused, and the video is as it was."""
    monkeypatch.setattr("understudy.mocks.providers.imentiv.edits.MOST_EDITS", 20)
    face = api.frames(video, length=1)[0]["found_faces"][0]
    pairs = [(face, 9), (9, face)] * 10
    form = {"frame_ids": "1"}
    for current, new in pairs:
        api.put(
            f"/v1/videos/{video}/frames/faces",
            {**form, "current_face_id": current, "new_face_id": new},
        )
    before = api.everything(video)
    more = {**form, "current_face_id": face, "new_face_id": 9}
    assert "anew" in api.refused(409, "PUT", f"/v1/videos/{video}/frames/faces", data=more)
    assert api.everything(video) == before
    api.put(f"/v1/videos/{video}", {"reprocess": "true"})
    fake.clock.advance(1e5)
    face = api.frames(video, length=1)[0]["found_faces"][0]
    api.put(f"/v1/videos/{video}/frames/faces", {**more, "current_face_id": face})


def test_length__that_is_claimed_does_not_make_work(api: Api, counted: dict[str, int]) -> None:
    """Three years of video have as many analysed frames as three hours."""
    video = api.made("videos", video_url="https://cdn.example/a.mp4?duration=100000000")
    api.fake.clock.advance(1e8)
    api.analytics(video)
    assert counted["drawn"] < 10_000
    frames = api.frames(video, start_frame=19_999)
    assert [frame["frame_id"] for frame in frames] == [19_999, 20_000]
    assert frames[-1]["timestamp"] < 100_000_000_000


def test_memory__of_a_stored_video_is_small(fake: Fake, api: Api) -> None:
    """Two hours are kept in some kilobytes: only what was handed in and what was edited."""

    def store(count: int) -> None:
        for number in range(count):
            api.upload("videos", video_url=f"https://cdn.example/{number}.mp4?duration=7200")
        fake.clock.advance(1e6)

    store(5)
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        store(40)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / 40 < 40_000
    assert api.get("/v1/videos")["count"] == 45
