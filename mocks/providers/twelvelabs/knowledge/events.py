"""The events of an answer as it comes into being, with the seconds of the clock between them."""

from collections.abc import Iterable, Iterator, Mapping

from understudy.contracts.json import Json
from understudy.mocks.generate import tokens
from understudy.mocks.generate.medium import Outcome
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.kind import elements, mapping, text

SEARCHING = 2.0
"""Seconds for which nothing is said while the store is searched."""
SLOW = 25.0
"""The same, where a magic word in the question wants it slow."""
PER_TOKEN = 0.02
"""Seconds for each token of a text."""
SILENCE = 10.0
"""Seconds after which a stream that has nothing to say shows that it lives (documented)."""

_PIECE = 24  # the most characters of a piece

Event = tuple[float, dict[str, Json]]


def events(response: Mapping[str, Json], draw: Seeded, outcome: Outcome) -> Iterator[Event]:
    """Every event of the stream of an answer, numbered from 0.

    The vendor's client knows no event for an incomplete answer: it is completed, and says so in
    its status (assumed).
    """
    silence = SLOW if outcome == "slow" else SEARCHING
    for number, (delay, event) in enumerate(_kept_alive(_events(response, draw, silence))):
        yield delay, {"type": event["type"], "sequence_number": number, **event}


def _kept_alive(found: Iterable[Event]) -> Iterator[Event]:
    """The events, with a sign of life in every silence that lasts."""
    for delay, event in found:
        while delay > SILENCE:
            yield SILENCE, {"type": "keepalive"}
            delay -= SILENCE
        yield delay, event


def _events(response: Mapping[str, Json], draw: Seeded, silence: float) -> Iterator[Event]:
    begun: dict[str, Json] = {
        **{name: value for name, value in response.items() if name != "usage"},
        "status": "in_progress",
        "incomplete_details": None,
        "output": [],
    }
    yield 0.0, {"type": "response.created", "response": begun}
    yield 0.0, {"type": "response.in_progress", "response": begun}
    output = [mapping(item) for item in elements(response["output"])]
    waits = "function_call_output" if len(output) > 1 else "message"
    for index, item in enumerate(output):
        yield from _of_item(item, index, draw, silence if item["type"] == waits else 0.0)
    failed = response["status"] == "failed"
    name = "response.failed" if failed else "response.completed"
    yield silence if not output else 0.0, {"type": name, "response": dict(response)}


def _of_item(item: Mapping[str, Json], index: int, draw: Seeded, delay: float) -> Iterator[Event]:
    """An output item, from its beginning to its end."""
    begun: dict[str, Json] = {**item, "status": "in_progress"}
    place: dict[str, Json] = {"item_id": item["id"], "output_index": index}
    if item["type"] == "message":
        begun["content"] = [_empty()]
    elif item["type"] == "function_call":
        begun["arguments"] = ""
    yield delay, {"type": "response.output_item.added", "output_index": index, "item": begun}
    if item["type"] == "function_call":
        done = "response.function_call_arguments.done"
        yield 0.0, {"type": done, **place, "arguments": item["arguments"]}
    elif item["type"] == "message":
        for number, part in enumerate(elements(item["content"])):
            where: dict[str, Json] = {**place, "content_index": number}
            yield from _of_part(mapping(part), where, draw.child(index))
    yield 0.0, {"type": "response.output_item.done", "output_index": index, "item": dict(item)}


def _of_part(part: Mapping[str, Json], where: dict[str, Json], draw: Seeded) -> Iterator[Event]:
    """A text, piece by piece; what it cites is told only when it is whole."""
    yield 0.0, {"type": "response.content_part.added", **where, "part": _empty()}
    whole = text(part["text"])
    at = 0
    while at < len(whole):
        piece = whole[at : at + draw.integer(1, _PIECE)]
        at += len(piece)
        delay = PER_TOKEN * max(1, tokens.count(piece))
        yield delay, {"type": "response.output_text.delta", **where, "delta": piece}
    yield 0.0, {"type": "response.output_text.done", **where, "text": whole}
    yield 0.0, {"type": "response.content_part.done", **where, "part": dict(part)}


def _empty() -> dict[str, Json]:
    return {"type": "output_text", "text": "", "annotations": []}
