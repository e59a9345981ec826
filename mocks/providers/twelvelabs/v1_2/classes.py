"""Classification: which of the caller's classes each video belongs to, derived when it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import stamp
from understudy.mocks.ending import known
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.engines import model_options
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.hits import LEVELS, Hit, Query, found
from understudy.mocks.providers.twelvelabs.pages import (
    LIFETIME,
    Token,
    put_away,
    recalled,
    spoken,
)
from understudy.mocks.providers.twelvelabs.spaces import marengo, space_of
from understudy.mocks.providers.twelvelabs.streams import thumbnail
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.providers.twelvelabs.v1_2.search import searched
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

MOST_PROMPTS = 100
"""How many prompts the classes of one request may have together (documented)."""

FITS = LEVELS["medium"]
"""The score from which a clip fits a class, unless the request says otherwise."""


@dataclass(frozen=True, slots=True)
class Sort:
    """A class: what it is called, and what of a video is to look or sound like what."""

    name: str
    prompts: tuple[str, ...]
    options: tuple[str, ...]
    exact: bool


def classify_videos(call: Call) -> Answer:
    """The first page of the videos that the request names, each with its classes."""
    ids = tuple(dict.fromkeys(texts(call.body.get("video_ids"))))
    videos = [named(call, "videos", "video_ids", identity) for identity in ids]
    homes = dict.fromkeys(video.parent or "" for video in videos)
    for home in homes:
        _check(call, named(call, "indexes", "index_id", home))
    return _first(call, videos, None, {"videos": list(ids)})


def classify_index(call: Call) -> Answer:
    """The first page of an index's videos, each with its classes."""
    index = named(call, "indexes", "index_id", call.field("index_id"))
    _check(call, index)
    videos = _members(call, index.id)
    seen = max((video.sequence for video in videos), default=0)
    return _first(call, videos, index.id, {"seen": seen})


def classification_page(call: Call) -> Answer:
    """Another page of an earlier classification."""
    token = Token.read(call.path("page-token"))
    kept = recalled(call, token, "classified")
    question = mapping(kept.hidden["classified"])
    ids = texts(question.get("videos"))
    if ids:
        stored = (call.collection("videos").get(identity) for identity in ids)
        videos = [video for video in stored if video is not None]
    else:
        seen = cast(int, question["seen"])
        members = _members(call, str(kept.parent))
        videos = [video for video in members if video.sequence <= seen]
    asked = mapping(question["asked"])
    limit = _limit(asked)
    if token.page and token.page * limit >= len(videos):
        raise Refusal(Reason.UNKNOWN, f"there is no page with the page-token {str(token)!r}")
    info = _info(len(videos), limit, kept.created)
    if (token.page + 1) * limit < len(videos):
        info["next_page_token"] = str(Token(token.search, token.page + 1))
    if token.page:
        info["prev_page_token"] = str(Token(token.search, token.page - 1))
    return _shown(call, asked, videos[token.page * limit :][:limit], info)


def _first(
    call: Call, videos: Sequence[Resource], index: str | None, question: Mapping[str, Json]
) -> Answer:
    asked, limit = dict(call.body), _limit(call.body)
    info = _info(len(videos), limit, call.now)
    if len(videos) > limit:
        kept: Json = {**question, "asked": asked}
        info["next_page_token"] = str(put_away(call, index, {"classified": kept}))
    return _shown(call, asked, videos[:limit], info)


def _check(call: Call, index: Resource) -> None:
    """Refuses options that the index lacks, classes of one name, and too many prompts."""
    searched(index, texts(call.body.get("options")), "options")
    sorts = _sorts(call.body)
    for sort in sorts:
        searched(index, sort.options, "classes.options")
    names = [sort.name for sort in sorts]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise refuse("parameter_invalid", f"classes has the name {twice[:80]!r} twice")
    count = sum(len(sort.prompts) for sort in sorts)
    if count > MOST_PROMPTS:
        message = f"classes have {count} prompts; the most accepted are {MOST_PROMPTS}"
        raise refuse("parameter_invalid", message)


def _sorts(asked: Mapping[str, Json]) -> list[Sort]:
    usual = text(asked.get("conversation_option"))
    described = (mapping(each) for each in elements(asked.get("classes")))
    return [
        Sort(
            name=text(each.get("name")),
            prompts=texts(each.get("prompts")),
            options=texts(each.get("options")) or texts(asked.get("options")),
            exact=(text(each.get("conversation_option")) or usual) == "exact_match",
        )
        for each in described
    ]


def _members(call: Call, index: str) -> tuple[Resource, ...]:
    return call.collection("videos").page(where={"parent": index}).items


def _limit(asked: Mapping[str, Json]) -> int:
    return int(cast(int, asked.get("page_limit", 10)))


def _info(total: int, limit: int, at: float) -> dict[str, Json]:
    return {
        "limit_per_page": limit,
        "total_results": total,
        "page_expired_at": stamp(at + LIFETIME),
    }


def _shown(
    call: Call, asked: Mapping[str, Json], videos: Sequence[Resource], info: Mapping[str, Json]
) -> Answer:
    sorts = _sorts(asked)
    shown: list[Json] = []
    for video in videos:
        fitting = [made for sort in sorts if (made := _class(call, asked, video, sort))]
        fitting.sort(key=lambda made: -cast(float, made["score"]))
        shown.append({"video_id": video.id, "classes": list[Json](fitting)})
    return Answer(200, {"data": shown, "page_info": info})


def _class(
    call: Call, asked: Mapping[str, Json], video: Resource, sort: Sort
) -> dict[str, Json] | None:
    """A class as a video has it; None where no clip fits or the thresholds rule it out."""
    threshold = mapping(asked.get("threshold"))
    least = cast(float, threshold.get("min_clip_score", FITS))
    clips = _clips(call, video, sort, least)
    if not clips:
        return None
    scores = [hit.score for hit, _ in clips]
    covered = sum(hit.end - hit.start for hit, _ in clips)
    ratio = min(1.0, round(covered / known(video.hidden).duration, 4))
    best = max(scores)
    if best < cast(float, threshold.get("min_video_score", 0.0)):
        return None
    if ratio < cast(float, threshold.get("min_duration_ratio", 0.0)):
        return None
    made: dict[str, Json] = {"name": sort.name, "score": best, "duration_ratio": ratio}
    if asked.get("include_clips") is True:
        made["clips"] = [_clip(call, video, sort, hit, prompt) for hit, prompt in clips]
    if asked.get("show_detailed_score") is True:
        average = sum(scores) / len(scores)
        made["detailed_scores"] = {
            "max_score": best,
            "avg_score": round(average, 2),
            "normalized_score": round(average * ratio, 2),
        }
    return made


def _clips(call: Call, video: Resource, sort: Sort, least: float) -> list[tuple[Hit, str]]:
    """The clips that fit, in order of time, each with the prompt that it fits best."""
    index = call.collection("indexes").get(video.parent or "")
    model = marengo(index) if index is not None else None
    if model is None:
        return []
    space = space_of(model[0])
    options = model_options(sort.options)
    by_start: dict[float, tuple[Hit, str]] = {}
    for prompt in sort.prompts:
        hits = found(
            Query.of(space, prompt),
            space,
            (video,),
            options=options,
            every=False,
            level=0.5,
            threshold="none",
        )
        for hit in hits:
            if hit.score < least:
                break
            if sort.exact and options == ("audio",) and not spoken(prompt, hit):
                continue
            if hit.start not in by_start or by_start[hit.start][0].score < hit.score:
                by_start[hit.start] = hit, prompt
    return [by_start[start] for start in sorted(by_start)]


def _clip(call: Call, video: Resource, sort: Sort, hit: Hit, prompt: str) -> Json:
    clip: dict[str, Json] = {
        "start": hit.start,
        "end": hit.end,
        "score": hit.score,
        "option": sort.options[0],
        "prompt": prompt,
    }
    index = call.collection("indexes").get(video.parent or "")
    if index is not None and "thumbnail" in texts(index.fields.get("addons")):
        clip["thumbnail_url"] = thumbnail(call, video, hit.start)
    return clip
