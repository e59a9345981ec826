"""Answers that cite: text with markers such as [1], and for each marker what it stands for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate import text, tokens
from understudy.mocks.generate.footage import playlist, segment
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.prompt import SchemaError, answered, prose, shape_of
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.providers.twelvelabs.knowledge.items import medium_of
from understudy.mocks.providers.twelvelabs.knowledge.question import Question, unfit
from understudy.mocks.providers.twelvelabs.knowledge.relevance import Match
from understudy.mocks.providers.twelvelabs.streams import THUMBNAIL_LASTS, thumbnail
from understudy.mocks.store import Resource

NOTHING = "Nothing in this knowledge store is ready to be talked about."
LONGEST = 4096
"""Tokens after which an answer is cut (assumed)."""


@dataclass(slots=True)
class Said:
    """A text and its annotations; `cut` is whether there would have been more of it."""

    text: str = ""
    annotations: list[Json] = field(default_factory=list)
    cut: bool = False

    def cite(self, sentence: str, fields: dict[str, Json]) -> None:
        """Adds a sentence whose last word, before the full stop, is a marker."""
        stop = "." if sentence.endswith(".") else ""
        marker = f"[{len(self.annotations) + 1}]"
        gap = "" if not self.text else "\n" if "\n" in sentence else " "
        self.text += f"{gap}{sentence.removesuffix('.')} "
        start = len(self.text)
        self.text += marker + stop
        place: dict[str, Json] = {"start_index": start, "end_index": start + len(marker) - 1}
        self.annotations.append({"type": fields["type"], **place, **fields})

    def shorten(self, most: int) -> None:
        """Keeps at most so many tokens, and of the markers those that are whole."""
        kept = tokens.head(self.text, most)
        if len(kept) < len(self.text):
            self.text, self.cut = kept, True
            self.annotations = [each for each in self.annotations if _end(each) < len(kept)]


def answer(call: Call, store: Resource, question: Question, sources: Sequence[Match]) -> Said:
    """The answer from the best matches of some items, one match each.

    Refused when nothing fits the schema that the question asks for.
    """
    draw = Seeded(call.seed, "responses", question.words, question.instructions)
    medium = medium_of(sources[0].item) if sources else _of_store(store)
    said = Said(_json(question, medium, draw))
    if not said.text and not sources:
        said.text = NOTHING
    elif not said.text:
        _cite_all(call, said, question, sources, draw)
    said.shorten(LONGEST)
    if question.outcome == "stuck":
        said.shorten(max(1, tokens.count(said.text) // 2))
    return said


def _json(question: Question, medium: Medium, draw: Seeded) -> str:
    """The answer in JSON, which cites nothing; empty where it is to be prose."""
    try:
        if question.schema is not None or shape_of(question.words) is not None:
            return answered(question.words, medium, draw, question.schema)
    except SchemaError as error:
        if question.schema is not None:
            raise unfit(error) from None
    return ""  # a shape that no value fits, drawn from words, is answered in prose


def _cite_all(
    call: Call, said: Said, question: Question, sources: Sequence[Match], draw: Seeded
) -> None:
    for match in sources:
        medium = medium_of(match.item)
        own = draw.child(medium.identity)
        whole = match is sources[0]
        told = prose(question.words, medium, own) if whole else text.sentence(medium, own)
        said.cite(told, _of_item(call, match, medium))
    for each in question.about:
        if each.kind == "collection":
            name = str(each.chosen.fields["name"])
            of_it: dict[str, Json] = {
                "type": "collection_citation",
                "collection_id": each.chosen.id,
                "title": name,
                "thumbnail_url": None,
                "hls_url": None,
            }
            said.cite(f"All of this is in {name}.", of_it)


def _of_item(call: Call, match: Match, medium: Medium) -> dict[str, Json]:
    """What an annotation says of an image, or of a moment of a video."""
    item = match.item
    start, end = match.span or (0.0, 0.0)
    known: dict[str, Json] = {
        "item_id": item.id,
        "title": medium.title,
        "thumbnail_url": thumbnail(call, item, start),
    }
    if match.span is None:
        return {"type": "image_citation", **known, "hls_url": None}
    played = {"hls_url": _stream(call, item, medium)}
    return {"type": "video_citation", **known, "start_sec": start, "end_sec": end, **played}


def _stream(call: Call, item: Resource, medium: Medium) -> str:
    piece = call.link("segment", "video/mp2t", segment)
    return call.link(
        f"{item.id}/stream",
        "application/vnd.apple.mpegurl",
        lambda: playlist(medium.duration, piece),
        THUMBNAIL_LASTS,
    )


def _of_store(store: Resource) -> Medium:
    """What an answer in JSON speaks of where no item is ready."""
    name = str(store.fields["name"])
    return Medium(identity=store.id, kind="video", name=name, title=name)


def _end(annotation: Json) -> int:
    end = annotation["end_index"] if isinstance(annotation, dict) else 0
    return end if isinstance(end, int) else 0
