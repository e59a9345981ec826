"""What can be downloaded is real: readers that we did not write open it, and it agrees."""

import csv
import io
import zipfile
from typing import Any

import httpx2
import pytest
from imentiv_stage import Api, Seen, is_one
from media import jpeg, png
from PIL import Image, ImageChops
from tinytag import TinyTag

from understudy.mocks import Fake


def fetched(api: Api, url: str, status: int = 200) -> httpx2.Response:
    """A file behind a link, which needs no key."""
    with httpx2.Client(transport=api.fake.transport()) as anybody:
        response = anybody.get(url)
    assert response.status_code == status, response.text[:200]
    return response


def rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a table by the names of its columns."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def picture(content: bytes) -> Image.Image:
    """A whole picture, in colours."""
    return Image.open(io.BytesIO(content)).convert("RGB")


def seconds(content: bytes) -> float:
    """How long a film lasts, as a reader of tags tells."""
    assert content[4:8] == b"ftyp"
    tag = TinyTag.get("film.mp4", file_obj=io.BytesIO(content))
    assert tag.duration is not None
    return tag.duration


def framed(image: Image.Image, plain: Image.Image, box: Seen) -> bool:
    """Whether something is drawn around a box that is not there without it."""
    edge = 8
    around = (
        max(0, box["x"] - edge), max(0, box["y"] - edge),
        min(image.width, box["x"] + box["width"] + edge),
        min(image.height, box["y"] + box["height"] + edge),
    )  # fmt: skip
    return ImageChops.difference(image.crop(around), plain.crop(around)).getbbox() is not None


@pytest.mark.parametrize(("name", "made"), [("a.png", png), ("a.jpeg", jpeg)])
def test_image__is_drawn_with_its_faces(fake: Fake, api: Api, name: str, made: Any) -> None:
    """The annotated picture has the size that was sent, and something drawn at every box."""
    parts: Any = {"title": (None, "x"), "image_file": (name, made(300, 200), "image/png")}
    image = api.call("POST", "/v2/images", files=parts).json()["id"]
    fake.clock.advance(1e5)
    shown = api.get(f"/v1/images/{image}")
    assert (shown["width"], shown["height"]) == (300, 200)
    annotated = picture(api.call("GET", f"/v1/images/{image}/annotated_image").content)
    plain = picture(fetched(api, shown["original_frame_image"]).content)
    assert annotated.size == plain.size == (300, 200)
    assert picture(fetched(api, shown["annotated_image"]).content).tobytes() == annotated.tobytes()
    assert all(framed(annotated, plain, face["box"]) for face in shown["faces"])


def test_frames__are_pictures(api: Api, video: str) -> None:
    """Frames, faces and the thumbnail open; boxes lie within the frame; none where none is."""
    shown = api.get(f"/v1/videos/{video}")
    for frame in api.frames(video, length=3):
        one = picture(fetched(api, frame["frame_image"]).content)
        plain = picture(fetched(api, frame["original_frame_image"]).content)
        assert one.size == plain.size == (shown["width"], shown["height"])
        for face in frame["faces"]:
            box = face["box"]
            assert box["x"] >= 0 and box["x"] + box["width"] <= one.width
            assert box["y"] >= 0 and box["y"] + box["height"] <= one.height
            assert framed(one, plain, box)
    for url in (shown["thumbnail_image"], *(each["image"] for each in shown["faces"]["faces"])):
        assert picture(fetched(api, url).content).width > 0
    folder = shown["thumbnail_image"].rpartition("/")[0]
    for none in ("face/99.png", "frame/0.png", "frame/9999.png", "frame/x.png", "%2e%2e/x"):
        fetched(api, f"{folder}/{none}", 404)


def test_films__play_as_long_as_they_should(fake: Fake, api: Api, video: str) -> None:
    """The annotated film lasts as long as the video, highlights as long as their segments."""
    path = f"/v2/videos/{video}/annotated_video"
    api.get(path)
    spans = [(1_000, 4_000), (9_500, 10_500)]
    body = [{"start_millis": a, "end_millis": b} for a, b in spans]
    api.put(f"/v1/videos/{video}/highlights", json=body)
    fake.clock.advance(1e5)
    signed = api.get(path)
    assert signed["filename"] == f"A_day_at_the_sea_{video}.mp4"
    assert seconds(fetched(api, signed["download_url"]).content) == pytest.approx(32, abs=0.2)
    told = api.get(f"/v1/videos/{video}/highlights")
    film = api.call("GET", f"/v1/videos/{video}/highlight_video")
    assert film.headers["content-type"] == "video/mp4"
    assert seconds(film.content) == pytest.approx(4, abs=0.2)
    assert fetched(api, told["highlight_url"]).content == film.content


def test_signed_link__lasts_an_hour_of_the_clock(fake: Fake, api: Api, video: str) -> None:
    """To the second; a new call gives another link, which does not prolong the old one."""
    path = f"/v2/videos/{video}/annotated_video"
    api.get(path)
    fake.clock.advance(1e5)
    first = api.get(path)["download_url"]
    fake.clock.advance(3_000)
    second = api.get(path)["download_url"]
    fake.clock.advance(599)
    fetched(api, first)
    fake.clock.advance(1)
    fetched(api, first, 403)
    fetched(api, second)
    assert first != second


def test_tables__agree_with_the_frames(fake: Fake, api: Api, video: str) -> None:
    """The zip opens, with one row for each detection and each segment."""
    api.put(f"/v1/videos/{video}/faces/names", json=[{"face_id": 1, "name": '=1+1,\n"x"'}])
    api.post(f"/v1/videos/{video}/report")
    fake.clock.advance(1e5)
    content = api.call("GET", f"/v1/videos/{video}/report").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        tables = {name: rows(archive.read(name)) for name in archive.namelist()}
    seen = tables[f"video_{video}_analysis.csv"]
    detections = [(f, face) for f in api.frames(video) for face in f["faces"]]
    assert len(seen) == len(detections)
    for row, (frame, face) in zip(seen, detections, strict=True):
        assert (int(row["frame_index"]), int(row["face_id"])) == (
            frame["frame_id"], face["face_id"],
        )  # fmt: skip
        assert int(row["video_time"]) == frame["timestamp"]
        assert row["dominant_emotion"] == face["dominant_emotion"]
        assert float(row["happy"]) == pytest.approx(face["emotions"]["happy"], abs=1e-5)
        assert not row["face_name"].startswith(("=", "+", "-", "@"))
    audio = api.get(f"/v1/videos/{video}")["audio_id"]
    heard = api.get(f"/v1/audios/{audio}")["segment_audio_emotions"]
    told = tables[f"audio_emotions_{video}.csv"]
    assert [int(row["start_time"]) for row in told] == [each["start_millis"] for each in heard]
    emotions = [name for name in told[0] if name in heard[0]["emotions"]]
    assert len(emotions) == 8
    for row in told:
        assert abs(sum(float(row[name]) for name in emotions) - 1) < 1e-4


@pytest.mark.parametrize("kind", ["audios", "texts", "images"])
def test_table__opens_whatever_the_medium(api: Api, kind: str) -> None:
    """Commas, quotation marks and lines within a cell stay in it."""
    more = {"text": 'She said: "no, no".\nThen, again.\n\n=HYPERLINK("x")'}
    medium = api.made(kind, **(more if kind == "texts" else {}))
    response = api.call("GET", f"/v1/{kind}/{medium}/report")
    assert response.headers["content-type"].startswith("text/csv")
    told = rows(response.content)
    assert told and len({tuple(row) for row in told}) == 1 and None not in told[0]
    assert not any(str(cell).startswith("=") for row in told for cell in row.values())


def test_paper__is_a_pdf(fake: Fake, api: Api, video: str) -> None:
    """Head, cross references and end are those of a PDF, which holds more than text."""
    where, query = f"/v2/reports/pdf/{video}", {"media_type": "video"}
    api.call("GET", where, 202, params=query)
    fake.clock.advance(1e5)
    told = api.get(where, **query)
    response = fetched(api, told["report_url"])
    assert response.headers["content-type"] == "application/pdf"
    content = response.content
    assert content.startswith(b"%PDF-1.") and content.rstrip().endswith(b"%%EOF")
    start = int(content.rpartition(b"startxref")[2].split()[0])
    assert content[start : start + 4] == b"xref"
    assert told["filename"].endswith(f"{video}.pdf")


def test_scores__of_a_frame_follow_an_edit_into_the_files(fake: Fake, api: Api, video: str) -> None:
    """What is drawn and written later tells the edit, not what was there before."""
    [face] = api.frames(video, length=1)[0]["faces"]
    before = fetched(api, api.frames(video, length=1)[0]["frame_image"]).content
    path = f"/v1/videos/{video}/frames/1/faces/{face['face_id']}/emotions"
    other = "fear" if face["dominant_emotion"] != "fear" else "sad"
    api.put(path, {other: 1})
    assert fetched(api, api.frames(video, length=1)[0]["frame_image"]).content != before
    api.post(f"/v1/videos/{video}/report")
    fake.clock.advance(1e5)
    content = api.call("GET", f"/v1/videos/{video}/report").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        row = rows(archive.read(f"video_{video}_analysis.csv"))[0]
    assert row["dominant_emotion"] == other
    assert is_one({name: float(row[name]) for name in face["emotions"]})
