"""Images: the faces in them."""

from dataclasses import dataclass
from functools import lru_cache

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.drawing import picture
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import mapping, text
from understudy.mocks.polling import polled
from understudy.mocks.providers.imentiv.frames import feeling
from understudy.mocks.providers.imentiv.pictures import Place, place_of
from understudy.mocks.providers.imentiv.scores import FACE, Scores, dominant, drawn, shown
from understudy.mocks.providers.imentiv.subject import (
    completed,
    found,
    is_completed,
    medium_of,
    seed_of,
)
from understudy.mocks.providers.imentiv.videos import edit_metadata, forget, reprocess
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource


@dataclass(frozen=True, slots=True)
class Portrait:
    """A face in an image."""

    face: int
    place: Place
    scores: Scores


def portraits(image: Resource) -> tuple[Portrait, ...]:
    """The faces in an image, one to four, by id."""
    medium = medium_of(image)
    return _portraits(medium.identity, seed_of(image), medium.width, medium.height)


@lru_cache(maxsize=128)
def _portraits(identity: str, seed: int, width: int, height: int) -> tuple[Portrait, ...]:
    draw = Seeded(seed, "portraits", identity)
    return tuple(
        Portrait(
            face, place_of(identity, face, 0, width, height), drawn(FACE, seed, identity, face)
        )
        for face in range(1, draw.integer(1, 4) + 1)
    )


def read_image(call: Call) -> Answer:
    """An image in any status; its faces are there once the analysis is completed."""
    image = found(call, "images")
    with polled(call, [image]):
        return Answer(200, _shown(call, image))


def _shown(call: Call, image: Resource) -> dict[str, Json]:
    names = ("id", "status", "title", "description", "created_at")
    told: dict[str, Json] = {name: image.fields[name] for name in names}
    if not is_completed(image):
        empty: dict[str, Json] = {"original_frame_image": None, "annotated_image": None}
        return {**told, **empty, "height": 0, "width": 0, "found_faces": [], "faces": []}
    medium, faces = medium_of(image), portraits(image)
    notes = mapping(image.hidden.get("notes"))
    return {
        **told,
        "original_frame_image": _link(call, image, annotated=False),
        "annotated_image": _link(call, image, annotated=True),
        "height": medium.height,
        "width": medium.width,
        "found_faces": [each.face for each in faces],
        "faces": [_face(each, text(notes.get(str(each.face)))) for each in faces],
    }


def _face(portrait: Portrait, note: str) -> dict[str, Json]:
    named = shown(FACE, portrait.scores)
    return {
        "face_id": portrait.face,
        "name": None,
        "box": portrait.place.json,
        "emotions": dict(named),
        "dominant_emotion": dominant(named),
        **feeling(portrait.scores),
        "note": note,
    }


def _link(call: Call, image: Resource, *, annotated: bool) -> str:
    name = f"image {image.id} {annotated}"
    return call.link(name, "image/png", lambda: drawn_image(image, annotated=annotated))


def drawn_image(image: Resource, *, annotated: bool) -> bytes:
    """The image as a PNG of its own size, with boxes and labels if it is annotated."""
    medium, boxes = medium_of(image), []
    for each in portraits(image):
        named = shown(FACE, each.scores)
        best = dominant(named)
        label = f"face {each.face}: {best} {named[best]:.0%}" if annotated else ""
        boxes.append(each.place.box(label))
    return picture(medium.width, medium.height, boxes, Seeded("image", image.id))


def download_annotated(call: Call) -> Answer:
    """The annotated image itself."""
    image = completed(call, "images")
    return Answer(200, None, "image/png", raw=drawn_image(image, annotated=True))


def note_image_face(call: Call) -> Answer:
    """A note on a face."""
    image = completed(call, "images")
    face = int(call.path("face_id"))
    if face not in [each.face for each in portraits(image)]:
        raise Refusal(Reason.UNKNOWN, f"Face {face} not found")
    notes = dict(mapping(image.hidden.get("notes")))
    notes[str(face)] = call.field("note")
    image.hidden["notes"] = notes
    return Answer(200, {"id": image.id, "status": "updated"})


def edit_image(call: Call) -> Answer:
    """Another title or description; what is empty or not sent stays, another address is unread."""
    return edit_metadata(call, found(call, "images"), blank=False)


def reprocess_image(call: Call) -> Answer:
    """An image anew."""
    return reprocess(call, "images")


def delete_image(call: Call) -> Answer:
    """An image goes."""
    image = found(call, "images")
    forget(call, image)
    return Answer(200, {"id": image.id, "status": "deleted"})
