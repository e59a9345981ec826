"""Vectors at once: of words, an image, both, a sound, a video, or several of them together."""

from collections.abc import Callable, Mapping, Sequence

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.media import Kind
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import mapping, text
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.vectors.mixture import mixed, worded
from understudy.mocks.providers.twelvelabs.vectors.piece import Wishes, blended
from understudy.mocks.providers.twelvelabs.vectors.recording import (
    Recording,
    pieces,
    recording_of,
)
from understudy.mocks.providers.twelvelabs.vectors.source import medium_of_source

LONGEST = 600.0
"""Seconds of a sound or video; a longer one needs a task."""


def create_embeddings(call: Call) -> Answer:
    """The vectors of what stands under the name of the request's `input_type`."""
    return INPUTS[call.field("input_type")](call, Wishes.of(call))


def origin(said: Mapping[str, Json], medium: Medium) -> dict[str, Json]:
    """Where a medium came from: its address, or the name of the asset's file, or nothing."""
    source = mapping(said.get("media_source"))
    if "url" in source:
        return {"input_url": text(source["url"])}
    return {"input_filename": medium.name} if "asset_id" in source else {}


def about(
    name: str, said: Mapping[str, Json], medium: Medium, recording: Recording, wishes: Wishes
) -> dict[str, Json]:
    """What a reply tells of a sound or video that was embedded."""
    fixed = name == "video" and not recording.dynamic
    return {
        "input_type": name,
        **origin(said, medium),
        **({"clip_length": recording.length} if fixed else {}),
        "embedding_options": list(recording.options),
        "embedding_scopes": list(recording.scopes),
        "duration": medium.duration,
        "start_offset_sec": recording.start,
        "end_offset_sec": recording.end,
        **({"embedding_dimension": wishes.length} if wishes.latest else {}),
    }


def _text(call: Call, wishes: Wishes) -> Answer:
    said = mapping(call.body.get("text"))
    words, _ = worded(call, wishes, text(said.get("input_text")), "text.input_text")
    return Answer(200, {"data": [wishes.piece(wishes.space.text(words))]})


def _image(call: Call, wishes: Wishes) -> Answer:
    said = mapping(call.body.get("image"))
    image = _fetched(call, said, "image", ("image",))
    data: Json = [wishes.piece(wishes.space.medium(image))]
    return Answer(200, {"data": data, "metadata": {"input_type": "image", **origin(said, image)}})


def _text_image(call: Call, wishes: Wishes) -> Answer:
    said = mapping(call.body.get("text_image"))
    words, _ = worded(call, wishes, text(said.get("input_text")), "text_image.input_text")
    image = _fetched(call, said, "text_image", ("image",))
    vector = blended([wishes.space.text(words), wishes.space.medium(image)])
    metadata: Json = {"input_type": "text_image", **origin(said, image)}
    return Answer(200, {"data": [wishes.piece(vector)], "metadata": metadata})


def _audio(call: Call, wishes: Wishes) -> Answer:
    return _recording(call, wishes, "audio")


def _video(call: Call, wishes: Wishes) -> Answer:
    return _recording(call, wishes, "video")


def _recording(call: Call, wishes: Wishes, name: Kind) -> Answer:
    said = mapping(call.body.get(name))
    medium = _fetched(call, said, name, (name,))
    recording, medium = recording_of(said, medium, name, wishes, longest=LONGEST)
    metadata = about(name, said, medium, recording, wishes)
    return Answer(200, {"data": pieces(wishes, medium, recording), "metadata": metadata})


def _fetched(call: Call, said: Mapping[str, Json], name: str, kinds: Sequence[Kind]) -> Medium:
    where = f"{name}.media_source"
    medium = medium_of_source(call, mapping(said.get("media_source")), kinds=kinds, name=where)
    if medium.outcome == "fail":
        raise refuse("parameter_invalid", f"{where}.url {medium.url!r} could not be fetched")
    return medium


INPUTS: Mapping[str, Callable[[Call, Wishes], Answer]] = {
    "text": _text,
    "image": _image,
    "text_image": _text_image,
    "audio": _audio,
    "video": _video,
    "multi_input": mixed,
}
"""What is done for each type of input."""
