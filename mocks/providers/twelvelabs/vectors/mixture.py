"""Words and up to ten media that become one vector."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.generate.media import Kind
from understudy.mocks.generate.tokens import count, head
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.spaces import most_tokens
from understudy.mocks.providers.twelvelabs.vectors.document import (
    allowance,
    pages_of,
    sentences_of,
)
from understudy.mocks.providers.twelvelabs.vectors.piece import Wishes, blended
from understudy.mocks.providers.twelvelabs.vectors.recording import check_length
from understudy.mocks.providers.twelvelabs.vectors.source import (
    MEGABYTE,
    Source,
    is_pdf,
    source_of,
)
from understudy.mocks.providers.twelvelabs.vectors.tally import PAGE, tokens_of, usage
from understudy.mocks.refusal import Reason, Refusal

LARGEST, LONGEST = 32 * MEGABYTE, 30.0
PAGES_PER_MEGABYTE = 16

_REFERENCE = re.compile(r"<@([^<>]*)>")
_WHERE = "multi_input.media_sources"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the media, as `media_type` calls it."""

    kind: Kind
    source: Source
    pdf: bool = False


def mixed(call: Call, wishes: Wishes) -> Answer:
    """The one vector of all that came."""
    said = mapping(call.body.get("multi_input"))
    given = [mapping(source) for source in elements(said.get("media_sources"))]
    words, truncated = worded(call, wishes, text(said.get("input_text")))
    if not given and not words:
        message = "multi_input needs input_text, media_sources or both; neither came"
        raise refuse("parameter_not_provided", message)
    _check_names(words, [text(source.get("name")) for source in given])
    parts = [_part(call, wishes, source, place) for place, source in enumerate(given)]
    _check_company(words, parts)
    if wishes.uncertainty and ((words and parts) or any(p.kind == "document" for p in parts)):
        message = "embedding_uncertainty goes with words alone, or with media that are no documents"
        raise refuse("parameter_invalid", message)
    told = _REFERENCE.sub(" ", words)
    space = wishes.space
    vectors = [space.text(told)] if told.strip() or not parts else []
    tokens = {"text": count(told)}
    for part in parts:
        vector, spent = _embedded(wishes, part)
        vectors.append(vector)
        tokens[part.kind] = tokens.get(part.kind, 0) + spent
    answer: dict[str, Json] = {"data": [wishes.piece(blended(vectors))]}
    metadata: dict[str, Json] = {"input_type": "multi_input"}
    if wishes.latest:
        answer["usage"] = usage(tokens, truncated=truncated)
        metadata["embedding_dimension"] = wishes.length
    return Answer(200, {**answer, "metadata": metadata})


def worded(call: Call, wishes: Wishes, words: str, name: str = "input_text") -> tuple[str, bool]:
    """The words within what the model takes, and whether they were cut; refused when too many."""
    most = most_tokens(wishes.model)
    if words and not words.strip():
        raise refuse("parameter_invalid", f"{name} is {words[:80]!r}, expected some words")
    if count(words, most) <= most:
        return words, False
    if call.body.get("auto_truncate") is not True:
        advice = "; auto_truncate would cut it" if wishes.latest else ""
        message = f"{name} has more than {most} tokens, the most for {wishes.model}{advice}"
        raise refuse("parameter_invalid", message)
    return head(words, most), True


def _part(call: Call, wishes: Wishes, said: Mapping[str, Json], place: int) -> Part:
    where = f"{_WHERE}[{place}]"
    kind = cast(Kind, text(said.get("media_type")))
    if kind != "image" and not wishes.latest:
        message = f"{where} is of the type {kind!r}; {wishes.model} combines images only"
        raise refuse("parameter_invalid", message)
    source = source_of(
        call, said, kinds=(kind,), name=where, most=LARGEST if wishes.latest else None
    )
    medium = source.medium
    if medium.outcome == "fail":
        raise refuse("parameter_invalid", f"{where}.url {medium.url!r} could not be fetched")
    if kind in ("audio", "video") and medium.known:
        check_length(medium, LONGEST, where)
    pdf = kind == "document" and is_pdf(medium)
    if kind == "document" and not pdf and not sentences_of(source):
        raise refuse("parameter_invalid", f"{where} has no words to embed")
    if pdf and pages_of(source) > (most := allowance(medium, PAGES_PER_MEGABYTE)):
        message = f"{where} has {pages_of(source)} pages; a PDF of its size may have {most}"
        raise Refusal(Reason.TOO_LARGE, message)
    return Part(kind, source, pdf)


def _embedded(wishes: Wishes, part: Part) -> tuple[list[float], int]:
    """The vector of one medium, and how many tokens it took."""
    space, medium = wishes.space, part.source.medium
    if part.kind != "document":
        return space.medium(medium), tokens_of(medium)
    if part.pdf:
        return space.medium(medium), PAGE * pages_of(part.source)
    words = " ".join(sentences_of(part.source))
    return space.text(words), count(words)


def _check_names(words: str, names: list[str]) -> None:
    named = [name for name in names if name]
    for name in named:
        if named.count(name) > 1:
            message = f"{_WHERE} has the name {name!r} twice; names tell sources apart"
            raise refuse("parameter_invalid", message)
    for reference in _REFERENCE.findall(words):
        if reference not in named:
            known = ", ".join(map(repr, named)) or "none"
            message = f"input_text speaks of <@{reference}>, but the named sources are: {known}"
            raise refuse("parameter_invalid", message)


def _check_company(words: str, parts: list[Part]) -> None:
    """Refuses what cannot become one vector."""
    kinds = {part.kind for part in parts}
    if any(part.pdf for part in parts) and (len(parts) > 1 or words):
        message = f"{_WHERE} has a PDF, which must be the only source and have no input_text"
        raise refuse("parameter_invalid", message)
    if kinds == {"document"} and (len(parts) > 1 or words):
        message = f"{_WHERE} has text only; combining needs an image, a video or a sound"
        raise refuse("parameter_invalid", message)
    if len(kinds) > 1 and not words:
        listed = ", ".join(sorted(kinds))
        message = f"{_WHERE} has several types ({listed}), which needs input_text"
        raise refuse("parameter_invalid", message)
