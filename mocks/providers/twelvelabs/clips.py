"""The vectors of a video in an index, shot by shot, as reads show them on request."""

from collections.abc import Sequence

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import shots
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.spaces import marengo, space_of
from understudy.mocks.store import Resource

OPTIONS = {"visual": "visual", "visual-text": "visual", "audio": "audio", "transcription": "audio"}
"""What an embedding option needs among the options of the index's model."""


def has(medium: Medium, option: str) -> bool:
    """Whether a medium has anything for an option: pictures, or a sound."""
    return medium.kind != "audio" if OPTIONS.get(option) == "visual" else medium.has_audio


def checked(index: Resource, asked: Sequence[str]) -> str:
    """The name of the index's embedding model; refused where it has not what is asked for."""
    model = marengo(index)
    if model is None:
        message = f"index {index.id} has no Marengo model, so its videos have no embeddings"
        raise refuse("parameter_invalid", message)
    name, allowed = model
    for option in asked:
        if OPTIONS.get(option) not in allowed:
            message = f"embedding_option {option!r} needs {OPTIONS.get(option)!r} on the index"
            raise refuse("parameter_invalid", message)
    return name


def embedded(index: Resource, medium: Medium, asked: Sequence[str]) -> Json:
    """The vectors of every shot, of the kinds asked for; refused as by `checked`.

    What a medium has nothing for, such as the sound of a silent video, makes none.
    """
    name = checked(index, asked)
    space, spans = space_of(name), shots(medium.duration, Seeded(medium.identity, "shots"))
    segments: list[Json] = [
        {
            "start_offset_sec": start,
            "end_offset_sec": end,
            "embedding_option": option,
            "embedding_scope": "clip",
            "float": space.segment(medium, start, end, option),
        }
        for option in asked
        if has(medium, option)
        for start, end in spans
    ]
    return {"model_name": name, "video_embedding": {"segments": segments}}
