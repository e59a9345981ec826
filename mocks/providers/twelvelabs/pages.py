"""Pages of a search: which results stand on which, and the tokens that lead from one to another.

A search that fits on one page leaves nothing behind. Of a longer one the question is kept, not
the results: each page is found again from the videos that were in the index at the time of the
search and still are.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.timeline import Span
from understudy.mocks.generate.words import words
from understudy.mocks.kind import elements, mapping, texts
from understudy.mocks.providers.twelvelabs.combined import combined
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.filters import passes
from understudy.mocks.providers.twelvelabs.hits import (
    Hit,
    Query,
    Question,
    found,
    grouped,
    shown,
)
from understudy.mocks.providers.twelvelabs.indexes import counted
from understudy.mocks.providers.twelvelabs.spaces import marengo, space_of
from understudy.mocks.providers.twelvelabs.speech import said
from understudy.mocks.providers.twelvelabs.streams import thumbnail
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.resource import found as stored
from understudy.mocks.resource import prepared
from understudy.mocks.store import Resource

LIFETIME = 3600.0
"""Seconds for which the pages of a search can be read (assumed)."""

_TOKEN = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Search:
    """A question as it was asked, checked, in plain values; `images` are media as kept.

    With `lexical`, what is said counts only where the very words are heard. A clip shows its
    score where `scored`. v1.2 alone knows the last three: `modules` are its options as they were
    asked for, an `exact` search of what is said wants the very words in their order, and
    `combined` is several queries.
    """

    options: tuple[str, ...]
    text: str = ""
    images: tuple[Mapping[str, Json], ...] = ()
    level: float = 0.5
    group_by: str = "clip"
    threshold: str = "low"
    sort_option: str = "score"
    operator: str = "or"
    limit: int = 10
    filter: Mapping[str, Json] | None = None
    user_metadata: bool = False
    lexical: bool = False
    scored: bool = True
    modules: tuple[str, ...] = ()
    exact: bool = False
    combined: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a search found: each result as its clips, and what is told of the page."""

    index: Resource
    search: Search
    results: list[list[Hit]]
    info: dict[str, Json]


Dress = Callable[[Call, Found, Hit], dict[str, Json]]
"""How a version of the API shows a clip of a page."""


@dataclass(frozen=True, slots=True)
class Token:
    """The name of a page: the search it belongs to, and its number from 0."""

    search: str
    page: int

    def __str__(self) -> str:
        return f"{self.search}-{self.page}"

    @classmethod
    def read(cls, text: str) -> "Token":
        """The token in a path, refused when it is none."""
        fits = _TOKEN.fullmatch(text)
        if fits is None:
            message = f"page-token {text[:80]!r} is no token: expected a UUID, a dash and a number"
            raise refuse("parameter_invalid", message)
        return cls(fits[1], int(fits[2]))


def first_page(call: Call, index: Resource, search: Search) -> Found:
    """The first page of a new search, with a token when there are more."""
    results = _results(call, index, search, seen=None)
    info = _info(search, results, call.now)
    if len(results) > search.limit:
        seen = max(video.sequence for video in _videos(call, index))
        asked = cast("dict[str, Json]", asdict(search))
        info["next_page_token"] = str(put_away(call, index.id, {"asked": asked, "seen": seen}))
    return Found(index, search, results[: search.limit], info)


def put_away(call: Call, index: str | None, question: Mapping[str, Json]) -> Token:
    """Keeps what was asked, for an hour; answers the token of the second page."""
    kept = prepared(call, call.edition.cast.kinds["searches"], {}, index)
    kept.hidden.update(question)
    call.collection("searches").add(kept)
    return Token(kept.id, 1)


def recalled(call: Call, token: Token, asked: str) -> Resource:
    """What was put away under `asked`; refused when the token is unknown or has expired."""
    kept = call.collection("searches").get(token.search)
    if kept is None or asked not in kept.hidden:
        raise Refusal(Reason.UNKNOWN, f"there is no page with the page-token {str(token)!r}")
    if call.now >= kept.created + LIFETIME:
        expired = stamp(kept.created + LIFETIME)
        message = f"page-token {str(token)!r} has expired at {expired}; search again"
        raise refuse("search_page_token_expired", message)
    return kept


def further_page(call: Call, token: Token, user_metadata: bool | None = None) -> Found:
    """A page of an earlier search; refused when the token is unknown or has expired."""
    kept = recalled(call, token, "asked")
    search = _asked(mapping(kept.hidden["asked"]), user_metadata)
    index = stored(call, call.edition.cast.kinds["indexes"], str(kept.parent))
    results = _results(call, index, search, seen=cast(int, kept.hidden["seen"]))
    begin = token.page * search.limit
    if token.page and begin >= len(results):
        raise Refusal(Reason.UNKNOWN, f"there is no page with the page-token {str(token)!r}")
    info = _info(search, results, kept.created)
    if begin + search.limit < len(results):
        info["next_page_token"] = str(Token(token.search, token.page + 1))
    if token.page:
        info["prev_page_token"] = str(Token(token.search, token.page - 1))
    return Found(index, search, results[begin : begin + search.limit], info)


def _asked(values: Mapping[str, Json], user_metadata: bool | None) -> Search:
    """The search that was put away; a page may say anew whether it wants user metadata."""
    said_so = values["user_metadata"] if user_metadata is None else user_metadata
    lists = {name: texts(values[name]) for name in ("options", "modules")}
    images = tuple(map(mapping, elements(values["images"])))
    fields = {**values, **lists, "images": images, "user_metadata": said_so}
    return Search(**cast("dict[str, tuple[str, ...]]", fields))  # type: ignore[arg-type]


def _videos(call: Call, index: Resource) -> tuple[Resource, ...]:
    return call.collection("videos").page(where={"parent": index.id}).items


def _results(call: Call, index: Resource, search: Search, seen: int | None) -> list[list[Hit]]:
    """All results in order: the clips of each video when they are grouped, else each clip alone."""
    model, _ = marengo(index) or ("", ())
    space = space_of(model)
    images = [known({"medium": dict(image)}) for image in search.images]
    wanted = search.filter or {}
    query: Question
    if search.combined is not None:
        query = combined(space, search.combined)
    else:
        query = Query.of(space, search.text, images)
    hits = found(
        query,
        space,
        [
            video
            for video in _videos(call, index)
            if (seen is None or video.sequence <= seen) and passes(video, wanted)
        ],
        options=search.options,
        every=search.operator == "and",
        level=search.level,
        threshold=search.threshold,
        heard=partial(_heard, frozenset(words(search.text))) if search.lexical else None,
    )
    if search.exact and search.options == ("audio",):
        hits = [hit for hit in hits if spoken(search.text, hit)]
    if search.group_by == "clip":
        return [[hit] for hit in hits]
    return grouped(hits, by_count=search.sort_option == "clip_count")


def _heard(wanted: frozenset[str], medium: Medium, span: Span) -> bool:
    return wanted <= set(words(said(medium, span)))


def spoken(wording: str, hit: Hit) -> bool:
    """Whether the very words are heard in a clip."""
    heard = said(known(hit.video.hidden), (hit.start, hit.end))
    return " ".join(words(wording)) in " ".join(words(heard))


def clip(call: Call, page: Found, hit: Hit) -> dict[str, Json]:
    """A clip as v1.3 shows it."""
    index, search = page.index, page.search
    clip = shown(hit, scored=search.scored)
    if "thumbnail" in texts(index.fields.get("addons")):
        clip["thumbnail_url"] = thumbnail(call, hit.video, hit.start)
    if search.options != ("visual",):
        heard = said(known(hit.video.hidden), (hit.start, hit.end))
        if heard:
            clip["transcription"] = heard
    metadata = hit.video.fields.get("user_metadata")
    if search.user_metadata and metadata is not None:
        clip["user_metadata"] = metadata
    return clip


def _info(search: Search, results: list[list[Hit]], at: float) -> dict[str, Json]:
    info: dict[str, Json] = {
        "limit_per_page": search.limit,
        "total_results": len(results),
        "page_expires_at": stamp(at + LIFETIME),
    }
    if search.group_by == "video":
        info["total_inner_matches"] = sum(map(len, results))
    return info


def shown_page(call: Call, page: Found, dress: Dress = clip) -> dict[str, Json]:
    """One page as it is shown, each clip as `dress` shows it."""
    shown_results: list[Json] = []
    for group in page.results:
        clips: list[Json] = [dress(call, page, hit) for hit in group]
        in_group: Json = {"id": group[0].video.id, "clips": clips}
        shown_results.append(in_group if page.search.group_by == "video" else clips[0])
    counts = counted(call, page.index)
    pool: dict[str, Json] = {
        "total_count": counts["video_count"],
        "total_duration": counts["total_duration"],
        "index_id": page.index.id,
    }
    return {"data": shown_results, "page_info": page.info, "search_pool": pool}
