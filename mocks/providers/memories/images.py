"""Images: uploaded beside the videos, and found by words."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import kept, known
from understudy.mocks.generate.footage import still
from understudy.mocks.generate.medium import Medium, medium_of_part
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import elements
from understudy.mocks.providers.memories.errors import success, wrong
from understudy.mocks.providers.memories.relevance import Question
from understudy.mocks.providers.memories.scope import scope
from understudy.mocks.providers.memories.tags import tags
from understudy.mocks.providers.memories.taken import taken
from understudy.mocks.resource import new_id
from understudy.mocks.store import Resource

KIND = "images"
NOTED = ("latitude", "longitude", "datetime_taken", "camera_model")


def upload_img(call: Call) -> Answer:
    """Stores every image of the form, or none where one of them is no image."""
    parts = call.reading.files.get("files", ())
    if not parts:
        raise wrong("files is required, and no file part of that name came")
    media = [medium_of_part(part) for part in parts]
    for medium in media:
        if medium.kind != "image":
            raise wrong(f"files has {medium.name[:80]!r}, which is no image that can be read")
    noted: dict[str, Json] = {name: call.body.get(name) for name in NOTED}
    noted |= {"unique_id": scope(call), "tags": tags(call), "datetime_taken": taken(call)}
    return success([{"id": _stored(call, medium, noted).id} for medium in media])


def found_images(call: Call, question: Question, limit: int, least: float) -> Json:
    """The images of the scope that fit the words, the best first, as one page."""
    held = call.collection(KIND).page(where={"unique_id": scope(call)}).items
    tag = call.field("tag")
    scored = [
        (score, image)
        for image in held
        if (score := question.score(known(image.hidden))) >= least
        and (not tag or tag in elements(image.fields["tags"]))
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1].sequence))
    return {
        "item": [_shown(call, image) for _, image in scored[:limit]],
        "current_page": 1,
        "page_size": limit,
        "total_count": str(len(scored)),
    }


def _stored(call: Call, medium: Medium, noted: dict[str, Json]) -> Resource:
    number = str(new_id(call, call.edition.cast.kinds[KIND]))
    image = Resource(KIND, number, {**noted, "id": number, "name": medium.name}, call.now)
    image.hidden["medium"] = kept(medium)
    return call.collection(KIND).add(image)


def _shown(call: Call, image: Resource) -> Json:
    identity = known(image.hidden).identity
    url = call.link(f"image/{image.id}", "image/png", lambda: still(Seeded(identity)))
    shown: dict[str, Json] = {name: image.fields[name] for name in ("id", "name", *NOTED)}
    return {**shown, "img_url": url}
