"""Search in a knowledge store: what is asked, and pages of what is found.

A search that fits on one page leaves nothing behind. Of a longer one the question is kept, with
the items that were ready then: a further page is found again from those that are still there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.kind import mapping, text, texts
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.knowledge.items import KINDS, medium_of, ready_items
from understudy.mocks.providers.twelvelabs.knowledge.relevance import Match, grouped, matches
from understudy.mocks.providers.twelvelabs.knowledge.stores import store_of
from understudy.mocks.providers.twelvelabs.speech import said
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource

KIND = "knowledge-searches"
LIFETIME = 3600.0
"""Seconds for which the pages of a search can be read (assumed)."""

QUESTION = ("query", "filter", "search_options", "group_by")
"""What a further page has to be asked with as the first was (assumed)."""

_TOKEN = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which items are searched, and how videos are: None where the filter lets none through."""

    types: frozenset[str]
    ids: frozenset[str] | None
    modalities: tuple[str, ...]

    @classmethod
    def of(cls, body: Mapping[str, Json]) -> "Scope":
        """What a request says; refused where it says how videos are matched, but wants none."""
        asked = mapping(body.get("filter"))
        types = _allowed(asked.get("asset_type"))
        types = frozenset(KINDS) if types is None else types
        video = mapping(mapping(body.get("search_options")).get("video"))
        if video and "video" not in types:
            message = "search_options.video says how to match videos, but filter lets none through"
            raise refuse("parameter_invalid", message)
        modalities = tuple(dict.fromkeys(texts(video.get("modalities")))) or ("visual",)
        return cls(types, _allowed(asked.get("item_id")), modalities)

    @property
    def effective(self) -> dict[str, Json]:
        """The options that were used, as a reply tells of them."""
        return {"video": {"modalities": list(self.modalities)}} if "video" in self.types else {}

    def holds(self, item: Resource) -> bool:
        """Whether an item is searched."""
        wanted = self.ids is None or item.id in self.ids
        return wanted and item.fields["asset_type"] in self.types


def search(call: Call) -> Answer:
    """One page of what the store has for some words."""
    store = store_of(call)
    words = text(mapping(call.body.get("query")).get("text"))
    if not words.strip():
        raise refuse("parameter_invalid", f"query.text is {words[:80]!r}, expected some words")
    scope = Scope.of(call.body)
    kept, begin = _recalled(call, store)
    items = [item for item in ready_items(call, store) if scope.holds(item)]
    if kept is not None:
        seen = frozenset(texts(kept.hidden["items"]))
        items = [item for item in items if item.id in seen]
    found = matches(words, items, scope.modalities)
    by_item = call.field("group_by", "none") == "item"
    results = grouped(found) if by_item else [[match] for match in found]
    size = int(cast(float, call.body.get("page_size", 10)))
    metadata = call.body.get("include_metadata") is True
    data: list[Json] = [
        _shown(group, rank, metadata=metadata)
        for rank, group in enumerate(results[begin : begin + size], begin + 1)
    ]
    answer: dict[str, Json] = {"data": data, "effective_search_options": scope.effective}
    if begin + size < len(results):
        kept = kept or _put_away(call, store, items)
        answer["next_page_token"] = f"{kept.id}-{begin + size}"
    return Answer(200, answer)


def _recalled(call: Call, store: Resource) -> tuple[Resource | None, int]:
    """The search that a token belongs to, and where its page begins; None for a new search."""
    token = call.body.get("page_token")
    if token is None:
        return None, 0
    fits = _TOKEN.fullmatch(str(token))
    kept = call.collection(KIND).get(fits[1]) if fits else None
    if fits is None or kept is None or kept.parent != store.id:
        message = f"page_token is {str(token)[:80]!r}, which no search of this store has given out"
        raise refuse("parameter_invalid", message)
    if kept.hidden["asked"] != _asked(call):
        message = f"page_token {token!r} is of a search with another {', '.join(QUESTION)}"
        raise refuse("parameter_invalid", message)
    until = kept.created + LIFETIME
    if call.now >= until:
        message = f"page_token {token!r} has expired at {stamp(until)}; search again"
        raise refuse("search_page_token_expired", message, status=410)
    return kept, int(fits[2])


def _put_away(call: Call, store: Resource, items: Sequence[Resource]) -> Resource:
    kept = prepared(call, call.edition.cast.kinds[KIND], {}, store.id)
    kept.hidden.update({"asked": _asked(call), "items": [item.id for item in items]})
    call.collection(KIND).add(kept)
    return kept


def _asked(call: Call) -> dict[str, Json]:
    return {name: call.body[name] for name in QUESTION if name in call.body}


def _allowed(condition: Json) -> frozenset[str] | None:
    """The values that a condition lets through; None for one that is not there."""
    if condition is None:
        return None
    said_so = mapping(condition)
    return frozenset(texts(said_so["in"]) if "in" in said_so else (text(said_so["eq"]),))


def _shown(group: Sequence[Match], rank: int, *, metadata: bool) -> dict[str, Json]:
    item = group[0].item
    kind = item.fields["asset_type"]
    shown: dict[str, Json] = {"asset_type": kind, "rank": rank, "item_id": item.id}
    if kind == "video":
        shown["matches"] = [_moment(match) for match in group]
    if metadata:
        names = ("duration", "width", "height", "size")
        facts = mapping(item.fields["system_metadata"])
        system: Json = {name: facts[name] for name in names if name in facts}
        shown["metadata"] = {"system": system, "user": item.fields["metadata"]}
    return shown


def _moment(match: Match) -> Json:
    start, end = match.span or (0.0, 0.0)
    moment: dict[str, Json] = {
        "start_sec": start,
        "end_sec": end,
        "modalities": list(match.modalities),
    }
    heard = said(medium_of(match.item), (start, end))
    return {**moment, "transcription": heard} if heard else moment
