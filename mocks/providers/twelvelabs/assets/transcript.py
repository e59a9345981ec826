"""What is said in an asset: by words, by sentences and by speakers, once the asset is ready."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.polling import polled
from understudy.mocks.providers.twelvelabs.assets.asset import medium_of_asset
from understudy.mocks.providers.twelvelabs.assets.references import asset_of
from understudy.mocks.providers.twelvelabs.speech import transcription
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

Piece = Mapping[str, Json]
SPEAKERS = 2


def read_transcription(call: Call) -> Answer:
    """The transcription as far as it has come; 404 for a file without sound.

    It is ready with its asset (assumed), and pending while an upload is not complete.
    """
    asset = asset_of(call)
    medium = medium_of_asset(asset)
    if medium.kind not in ("video", "audio") or not medium.has_audio:
        message = f"the asset {asset.id!r} has no transcription: nothing is heard in it"
        raise Refusal(Reason.UNKNOWN, message)
    with polled(call, (asset,)):
        return Answer(200, _shown(asset, medium, texts(call.query("include")) or ("words",)))


def _shown(asset: Resource, medium: Medium, asked: Sequence[str]) -> dict[str, Json]:
    status = text(asset.fields.get("status"))
    if status == "processing" and asset.task is None:
        status = "pending"
    if status == "failed":
        return {"status": status, "error": asset.fields.get("error")}
    if status != "ready":
        return {"status": status}
    sentences = [mapping(piece) for piece in elements(transcription(medium))]
    return {"status": status, **{name: list(CUTS[name](sentences, medium)) for name in asked}}


def _words(sentences: Sequence[Piece], _: Medium) -> Iterator[Json]:
    """Every word of a sentence takes the same share of its time."""
    for sentence in sentences:
        start, end = _span(sentence)
        words = text(sentence.get("value")).split()
        share = (end - start) / max(1, len(words))
        for place, word in enumerate(words):
            begun, over = start + place * share, start + (place + 1) * share
            yield {"start": round(begun, 3), "end": round(over, 3), "value": word}


def _sentences(sentences: Sequence[Piece], _: Medium) -> Iterator[Json]:
    yield from (dict(sentence) for sentence in sentences)


def _utterances(sentences: Sequence[Piece], medium: Medium) -> Iterator[Json]:
    """Neighbouring sentences of one speaker are one utterance."""
    draw = Seeded(medium.identity, "speakers")
    by = [
        (draw.child(place).integer(0, SPEAKERS - 1), each) for place, each in enumerate(sentences)
    ]
    for speaker, turn in groupby(by, key=lambda each: each[0]):
        said = [sentence for _, sentence in turn]
        yield {
            "start": said[0].get("start"),
            "end": said[-1].get("end"),
            "value": " ".join(text(sentence.get("value")) for sentence in said),
            "speaker": f"speaker_{speaker}",
        }


CUTS: Mapping[str, Callable[[Sequence[Piece], Medium], Iterator[Json]]] = {
    "words": _words,
    "sentences": _sentences,
    "utterances": _utterances,
}


def _span(piece: Piece) -> tuple[float, float]:
    start, end = piece.get("start"), piece.get("end")
    numbers = [float(each) for each in (start, end) if isinstance(each, int | float)]
    return numbers[0], numbers[1]
