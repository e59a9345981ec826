"""Keys of a JSON object that a prompt names in prose, read as a JSON Schema."""

import re
from collections.abc import Iterator
from itertools import islice

from understudy.contracts.json import Json
from understudy.mocks.generate.hints import Shape, described, span

_LONGEST = 12_000  # characters of a prompt that are looked at
_LISTING = 3_000  # characters of a list of keys
_MOST = 60  # keys
_TRIES = 6  # places where a list of keys might begin, of each kind
_JSON = re.compile(r"\bjson\b", re.IGNORECASE)
_FILLERS = (
    r"(?:\s*(?:\b(?:of|the|json|object|response|output|in|it|as|are|is|be|should|must|will|would|"
    r"named|called|like|such|following|exactly|these|to|include|only|and|values?)\b|[:\-\u2013\u2014]))*"
)
_TRIGGERS = (
    re.compile(rf"\b(?:keys?|fields|properties|attributes)\b{_FILLERS}", re.IGNORECASE),
    re.compile(
        rf"\bjson\b(?:\s+\w+){{0,4}}?\s+(?:with|containing|including|having)\b{_FILLERS}",
        re.IGNORECASE,
    ),
    re.compile(r"\bjson(?:\s+(?:object|format|with))?\s*:", re.IGNORECASE),
)
_END = re.compile(r"\.(?=\s|$)|\n[ \t]*\n|[!?]")
_ITEM = re.compile(r"[\s\-*•\d.)\"'`]*([A-Za-z_][\w-]*)[\"'`*]*(.*)", re.DOTALL)
_SAID = re.compile(
    r"\s*(?:$|[:(\-\u2013\u2014=\[<]|(?:from|between|as|which|that|with|is|being|containing|on|out|for|in)\b)"
)
_SENTENCE = re.compile(r"[^.!?\n]+")
_BULLET = re.compile(r"\s*(?:[-*•\"'`]|\d+[.)]|\w+\s*:)")
_ARTICLE = re.compile(r"(?:an?|the)\s+[A-Za-z]", re.IGNORECASE)
_NEVER = frozenset({"and", "or", "with", "no", "only", "please", "do", "not"})


def keys_in(prompt: str, scale: Shape | None = None) -> Shape | None:
    """The schema of the object whose keys a prompt about JSON names; None when it names none.

    What is said of a key beside it counts first, then sentences elsewhere that speak of it,
    then `scale`, the range of every number of which nothing else is said.
    """
    looked_at = prompt[:_LONGEST]
    if not _JSON.search(looked_at):
        return None
    for trigger in _TRIGGERS:
        for found in islice(trigger.finditer(looked_at), _TRIES):
            properties = _listed(looked_at, found.end(), scale)
            if properties:
                return {"type": "object", "properties": properties, "required": [*properties]}
    return None


def _listed(prompt: str, begin: int, scale: Shape | None) -> dict[str, Json]:
    ends = _END.search(prompt, begin)
    blank = re.compile(r"\s*").match(prompt, begin)
    if ends is not None and blank is not None and ends.start() < blank.end():
        ends = _END.search(prompt, blank.end())  # the list begins after an empty line
    stop = min(ends.start() if ends else len(prompt), begin + _LISTING)
    listing, elsewhere = prompt[begin:stop], prompt[:begin] + "\n" + prompt[stop:]
    properties: dict[str, Json] = {}
    for item in islice(_items(listing), _MOST):
        key, said = _split(item)
        if key is None:
            break
        if not said and key not in properties:
            properties[key] = _spoken_of(elsewhere, key, scale)
        elif said:
            properties[key] = described(key, said, scale)
    return properties


def _items(listing: str) -> Iterator[str]:
    """The parts of a list: lines when it is one to a line, else what commas and `and` part."""
    lines = [line for line in listing.split("\n") if line.strip()]
    if len(lines) > 1 and all(_BULLET.match(line) for line in lines[1:]):
        yield from lines
        return
    begin = nested = 0
    for sign in re.finditer(r"[()\[\]<>]|[,;]|\s(?:and|&)\s", listing):
        if sign[0] in "([<":
            nested += 1
        elif sign[0] in ")]>":
            nested = max(0, nested - 1)
        elif not nested:
            yield listing[begin : sign.start()]
            begin = sign.end()
    yield listing[begin:]


def _split(item: str) -> tuple[str | None, str]:
    """A key and what is said of it; no key when the words are not a key's."""
    item = re.sub(r"^\s*(?:and|&)\s+", "", item)
    found = _ITEM.fullmatch(item)
    if found is None or found[1].lower() in _NEVER or _ARTICLE.match(item.strip()):
        return None, ""
    key, said = found[1], found[2]
    if not _SAID.match(said):
        more = re.fullmatch(r"\s+([A-Za-z_]\w*)[\"'`*]*(.*)", said, re.DOTALL)
        if more is None or not _SAID.match(more[2]):
            return None, ""
        key, said = f"{key}_{more[1]}", more[2]
    return key, said.strip(" \t\n:(-\u2013\u2014=.")


def _spoken_of(prompt: str, key: str, scale: Shape | None) -> Shape:
    """What the sentences of a prompt say about a key that stands alone in its list."""
    word = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)")
    for sentence in _SENTENCE.findall(prompt):
        if not word.search(sentence):
            continue
        if re.search(r"\b(?:list|array|bullets)\b", sentence):
            return described(key, sentence, scale, loose=True)
        if (ranged := span(sentence)) is not None:
            return ranged
    return described(key, "", scale)
