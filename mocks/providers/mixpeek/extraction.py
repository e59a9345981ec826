"""What is extracted from a segment of a medium: texts, detections, and what vectors are made of.

Settings are kept as they were sent; everything here follows from them, the medium and the seed
whenever a feature is read, so that fields and vectors always agree.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import orjson

from understudy.contracts.json import Json
from understudy.mocks.generate import text as prose_of
from understudy.mocks.generate import tokens
from understudy.mocks.generate.medium import Medium, medium_of_url
from understudy.mocks.generate.prompt import SchemaError, answered
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.timeline import Span
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.mixpeek.models import Vector, model_of, of_medium, of_text

BY_DEFAULT: Mapping[str, Json] = {
    "describe": {"enabled": True},
    "embed": [{"type": "url", "vector_index": "multimodal"}],
}
"""What is extracted when nothing was asked for (documented for videos, assumed for images)."""

TEXT_EMBED: Json = [{"type": "text", "vector_index": "multimodal"}]
"""The vectors of a text of which none was asked for (assumed)."""

THRESHOLD = 0.5
_TEXTS = {"read": "text", "transcribe": "transcription", "describe": "description"}
_MOST_FACES = 3


class Extraction:
    """One segment (or a whole image) and the settings under which it was looked at."""

    __slots__ = ("_draw", "_medium", "_settings", "_span")

    def __init__(
        self, medium: Medium, settings: Mapping[str, Json], span: Span | None, seed: int
    ) -> None:
        self._medium = medium
        self._settings = settings
        self._span = span
        self._draw = Seeded(seed, "mixpeek", medium.identity, span)

    def fields(self) -> dict[str, Json]:
        """The fields that the settings ask for, and no others."""
        made: dict[str, Json] = {}
        for name, field in _TEXTS.items():
            if self._wanted(name):
                made[field] = self._text(name)
        detected = self._detected()
        if detected:
            made["detect"] = detected
        shaped = self._shaped()
        if shaped:
            made["json_output"] = shaped
        return made

    def models(self) -> tuple[str, ...]:
        """The names of the vectors, each once."""
        return tuple(dict.fromkeys(model for model, _ in self._sources()))

    def vector(self, model: str) -> Vector:
        """The vector of that name: of the texts that it is made of, else of the medium itself."""
        found = [source for name, source in self._sources() if name == model]
        said = " ".join(source for source in found if isinstance(source, str))
        if said:
            return of_text(model, said)
        medium = next((source for source in found if isinstance(source, Medium)), self._medium)
        place = self._span if self._span is not None and medium is self._medium else ()
        return of_medium(model, medium, *place)

    def _sources(self) -> Iterator[tuple[str, str | Medium]]:
        """Model and what its vector is made of, for everything that asks for one."""
        for wish in elements(self._settings.get("embed")):
            said = mapping(wish)
            yield model_of(said) or "multimodal", self._source(said)
        for name in _TEXTS:
            model = model_of(mapping(self._settings.get(name)))
            if model and self._wanted(name):
                yield model, self._text(name)

    def _source(self, wish: Mapping[str, Json]) -> str | Medium:
        value, field = text(wish.get("value")), text(wish.get("field_name"))
        if value:
            return value if wish.get("type") == "text" else medium_of_url(value)
        named = next((name for name in _TEXTS if field in (name, _TEXTS[name])), "")
        return self._text(named) if named and self._wanted(named) else self._medium

    def _wanted(self, name: str) -> bool:
        settings = self._settings.get(name)
        if name == "transcribe" and not self._medium.has_audio:
            return False
        return isinstance(settings, Mapping) and settings.get("enabled") is not False

    def _text(self, name: str) -> str:
        draw = self._draw.child(name)
        settings = mapping(self._settings.get(name))
        if name == "read":
            return prose_of.subject(self._medium).upper()
        if name == "transcribe":
            return prose_of.spoken(self._medium, draw)
        prompt = text(settings.get("prompt"))
        told = prose_of.sentence(self._medium, draw)
        if prompt:
            told = f"{told} {answered(prompt, self._medium, draw)}"
        longest = settings.get("max_length")
        return tokens.head(told, longest) if isinstance(longest, int) else told

    def _detected(self) -> dict[str, Json]:
        asked = mapping(self._settings.get("detect"))
        made: dict[str, Json] = {}
        for kind in ("faces", "logos"):
            wish = asked.get(kind)
            if isinstance(wish, Mapping) and wish.get("enabled") is not False:
                least = wish.get("confidence_threshold")
                sure = float(least) if isinstance(least, int | float) else THRESHOLD
                made[kind] = [
                    found
                    for found in self._things(kind)
                    if cast(float, found["confidence"]) >= sure
                ]
        return made

    def _things(self, kind: str) -> list[dict[str, Json]]:
        """What a detector sees: boxes in shares of the picture, each with a confidence."""
        draw = self._draw.child(kind)
        found: list[dict[str, Json]] = []
        for _ in range(draw.integer(0, _MOST_FACES)):
            left, top = round(draw.number(0, 0.7), 3), round(draw.number(0, 0.7), 3)
            box: Json = {"left": left, "top": top, "width": 0.2, "height": 0.2}
            found.append({"bounding_box": box, "confidence": round(draw.number(0.4, 1.0), 3)})
        return found

    def _shaped(self) -> dict[str, Json]:
        asked = mapping(self._settings.get("json_output"))
        wishes = [(text(asked.get("prompt")), mapping(asked.get("response_shape")))]
        for name in _TEXTS:
            settings = mapping(self._settings.get(name))
            if self._wanted(name):
                wishes.append((text(settings.get("prompt")), mapping(settings.get("json_output"))))
        made: dict[str, Json] = {}
        for prompt, shape in wishes:
            if shape or (prompt and asked and not made):
                made.update(answer(shape, prompt, self._medium, self._draw.child("json")))
        return made


def answer(
    shape: Mapping[str, Json], prompt: str, medium: Medium, draw: Seeded
) -> Mapping[str, Json]:
    """A JSON object of that shape: a JSON Schema, an example, or what the prompt describes."""
    if "properties" in shape or "$schema" in shape:
        try:
            return _object(answered(prompt, medium, draw, dict(shape)))
        except SchemaError:
            pass  # then it is an example that looks like a schema
    wanted = json.dumps(shape) if shape else prompt
    return _object(answered(f"Answer in JSON: {wanted}", medium, draw))


def _object(told: str) -> Mapping[str, Json]:
    try:
        value: Any = orjson.loads(told)
    except orjson.JSONDecodeError:
        value = told
    return value if isinstance(value, Mapping) else {"answer": value}
