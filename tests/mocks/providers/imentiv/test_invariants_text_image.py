"""Invariants 70 to 76: texts and images."""

from typing import Any

import pytest
from imentiv_stage import FACE, PROSE, WORDS, Api, dominant, is_one, mean, near, size_of
from media import jpeg, png


def test_text__counts_its_words(api: Api) -> None:
    """70. The answer, the list and the detail tell one number."""
    made = api.upload("texts", text="Three small words")
    assert made["word_count"] == 3
    assert api.get("/v1/texts")["documents"][0]["word_count"] == 3
    api.fake.clock.advance(1e6)
    assert api.get(f"/v1/texts/{made['id']}")["word_count"] == 3


def test_text__is_judged_by_paragraph(api: Api) -> None:
    """71. Segments are the paragraphs; labels lie within the 28; the whole is the mean."""
    shown = api.get(f"/v1/texts/{api.made('texts')}")
    assert [part["sentence"] for part in shown["segments"]] == PROSE.split("\n\n")
    for part in shown["segments"]:
        assert set(part["emotions"]) <= WORDS and is_one(part["emotions"])
    assert near(shown["emotions"], mean([part["emotions"] for part in shown["segments"]]))
    assert shown["text"] == PROSE and not shown.get("parent_id")


def test_text__edited_is_judged_anew(api: Api) -> None:
    """72. The new text is there at once, its scores when it is completed, under the same id."""
    text = api.made("texts")
    before = api.get(f"/v1/texts/{text}")
    told = api.put(f"/v1/texts/{text}/emotions", {"text": "All new."})
    assert (told["id"], told["status"]) == (text, "queue")
    shown = api.get(f"/v1/texts/{text}")
    assert shown["text"] == "All new." and not shown.get("segments")
    api.refused(409, "PUT", f"/v1/texts/{text}/emotions", data={"text": "Too soon."})
    api.fake.clock.advance(1e6)
    shown = api.get(f"/v1/texts/{text}")
    assert [part["sentence"] for part in shown["segments"]] == ["All new."]
    assert shown["emotions"] != before["emotions"] and shown["word_count"] == 2


@pytest.mark.parametrize("text", ["", "  \n "])
def test_text__blank_is_refused(api: Api, text: str) -> None:
    """72. A text has a word."""
    assert api.send("texts", text=text).status_code == 422
    kept = api.made("texts")
    api.call("PUT", f"/v1/texts/{kept}/emotions", 422, data={"text": text})
    assert api.get(f"/v1/texts/{kept}")["text"] == PROSE


def test_image__faces_are_consistent(api: Api) -> None:
    """73. Ids found are those shown, eight scores that sum to one, boxes within the picture."""
    shown = api.get(f"/v1/images/{api.made('images')}")
    assert shown["found_faces"] == [face["face_id"] for face in shown["faces"]]
    assert len(shown["faces"]) >= 1 and min(shown["found_faces"]) >= 1
    for face in shown["faces"]:
        assert set(face["emotions"]) == FACE and is_one(face["emotions"])
        assert face["dominant_emotion"] in dominant(face["emotions"])
        box = face["box"]
        assert box["x"] >= 0 and box["x"] + box["width"] <= shown["width"]
        assert box["y"] >= 0 and box["y"] + box["height"] <= shown["height"]


@pytest.mark.parametrize(("width", "height"), [(64, 48), (300, 500)])
@pytest.mark.parametrize("form", ["png", "jpeg"])
def test_image__has_the_size_of_its_file(api: Api, width: int, height: int, form: str) -> None:
    """74. Read from the header."""
    content = png(width, height) if form == "png" else jpeg(width, height)
    parts: Any = {"title": (None, "x"), "image_file": (f"a.{form}", content, f"image/{form}")}
    made = api.call("POST", "/v2/images", files=parts).json()
    api.fake.clock.advance(1e6)
    shown = api.get(f"/v1/images/{made['id']}")
    assert (shown["width"], shown["height"]) == (width, height)


def test_image__annotated_is_an_image(api: Api) -> None:
    """75. A picture of the image's size; refused before the analysis is completed."""
    image = api.upload("images")["id"]
    api.refused(409, "GET", f"/v1/images/{image}/annotated_image")
    api.fake.clock.advance(1e6)
    response = api.call("GET", f"/v1/images/{image}/annotated_image")
    assert response.headers["content-type"] == "image/png"
    assert size_of(response.content) == (320, 180)
    shown = api.get(f"/v1/images/{image}")
    for name in ("original_frame_image", "annotated_image"):
        assert size_of(api.call("GET", shown[name]).content) == (320, 180)


def test_image__keeps_a_note(api: Api) -> None:
    """76. On one face; an unknown face has none."""
    image = api.made("images")
    face = api.get(f"/v1/images/{image}")["found_faces"][0]
    api.put(f"/v1/images/{image}/faces/{face}/note", {"note": "on the left"})
    faces = api.get(f"/v1/images/{image}")["faces"]
    assert [each["note"] for each in faces] == ["on the left", *[""] * (len(faces) - 1)]
    api.refused(404, "PUT", f"/v1/images/{image}/faces/999/note", data={"note": "x"})
