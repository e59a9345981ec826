"""Search in v1.2: by words, by words or an image, by several queries; and pages by token."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import kept, known
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.combined import texts_in
from understudy.mocks.providers.twelvelabs.engines import family, model_options
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.filters import checked, parsed
from understudy.mocks.providers.twelvelabs.hits import Hit
from understudy.mocks.providers.twelvelabs.number import number
from understudy.mocks.providers.twelvelabs.pages import (
    Found,
    Search,
    Token,
    first_page,
    further_page,
    shown_page,
)
from understudy.mocks.providers.twelvelabs.search import (
    check_images,
    check_order,
    check_words,
    sent_images,
    sent_words,
)
from understudy.mocks.providers.twelvelabs.spaces import marengo
from understudy.mocks.providers.twelvelabs.speech import said
from understudy.mocks.providers.twelvelabs.streams import thumbnail
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.store import Resource

MOST_TEXTS, DEEPEST = 20, 20
"""How many texts a combination may have, and how deep they may lie."""


def search_form(call: Call) -> Answer:
    """The first page for a text or an image that came in a form."""
    index = named(call, "indexes", "index_id", call.field("index_id"))
    model, asked = _asked(call, index)
    images = sent_images(call)
    check_images(images, asked.options)
    wording = sent_words(call, model, images)
    found = replace(
        asked,
        text=wording,
        images=tuple(map(kept, images)),
        filter=parsed(call.field("filter")),
    )
    return _shown(call, first_page(call, index, found))


def search_words(call: Call) -> Answer:
    """The first page for words or for several queries that came as JSON."""
    index = named(call, "indexes", "index_id", call.field("index_id"))
    model, asked = _asked(call, index)
    query = call.body.get("query")
    if isinstance(query, str):
        check_words("query", query, model)
        asked = replace(asked, text=query)
    else:
        _check_combined(mapping(query), model, index)
        asked = replace(asked, combined=mapping(query), exact=False)
    found = replace(asked, filter=checked(mapping(call.body.get("filter"))))
    return _shown(call, first_page(call, index, found))


def search_page(call: Call) -> Answer:
    """Another page of an earlier search."""
    return _shown(call, further_page(call, Token.read(call.path("page-token"))))


def searched(index: Resource, asked: tuple[str, ...], called: str) -> str:
    """The embedding model; refused where the index has none, or its engine not those options."""
    model = marengo(index)
    if model is None:
        message = f"index_id {index.id!r} is an index without a Marengo engine, which search needs"
        raise refuse("index_not_supported_for_search", message)
    allowed = _options_of(index)
    for option in asked:
        if option not in allowed:
            message = f"{called} has {option!r}, but the index has {', '.join(allowed)} only"
            raise refuse("search_option_not_supported", message)
    return model[0]


def _options_of(index: Resource) -> tuple[str, ...]:
    """The options of an index's Marengo engine."""
    for engine in elements(index.fields.get("engines")):
        if family(text(mapping(engine).get("engine_name"))) == "marengo":
            return texts(mapping(engine).get("engine_options"))
    return ()


def _asked(call: Call, index: Resource) -> tuple[str, Search]:
    """The embedding model, and all of the question but what is looked for."""
    modules = tuple(dict.fromkeys(texts(call.body.get("search_options"))))
    model = searched(index, modules, "search_options")
    check_order(call)
    return model, Search(
        options=model_options(modules),
        level=number(call, "adjust_confidence_level", 0.5),
        group_by=call.field("group_by", "clip"),
        threshold=call.field("threshold", "low"),
        sort_option=call.field("sort_option", "score"),
        operator=call.field("operator", "or"),
        limit=int(cast(int, call.body.get("page_limit", 10))),
        modules=modules,
        exact=call.field("conversation_option") == "exact_match",
    )


def _check_combined(query: Mapping[str, Json], model: str, index: Resource) -> None:
    if _depth(query) > DEEPEST:
        raise refuse("parameter_invalid", f"query lies more than {DEEPEST} queries deep")
    parts = list(texts_in(query))
    if len(parts) > MOST_TEXTS:
        message = f"query has {len(parts)} texts; the most accepted are {MOST_TEXTS}"
        raise refuse("parameter_invalid", message)
    for part in parts:
        check_words("query.text", str(part["text"]), model)
        searched(index, texts(part.get("search_options")), "query.search_options")


def _depth(value: Json) -> int:
    """How many objects lie in one another."""
    inner: list[Json] = []
    if isinstance(value, Mapping):
        inner = list(value.values())
    elif isinstance(value, list):
        inner = value
    nested = max(map(_depth, inner), default=0)
    return nested + isinstance(value, Mapping)


def _shown(call: Call, page: Found) -> Answer:
    info = {name: value for name, value in page.info.items() if name != "total_inner_matches"}
    info["page_expired_at"] = info.pop("page_expires_at")
    return Answer(200, {**shown_page(call, page, _clip), "page_info": info})


def _clip(call: Call, page: Found, hit: Hit) -> dict[str, Json]:
    """A clip with what was found in it, by option."""
    heard = said(known(hit.video.hidden), (hit.start, hit.end))
    modules = page.search.modules or ("visual",)
    metadata: list[Json] = [
        {"type": option, "text": heard} if option == "conversation" else {"type": option}
        for option in modules
    ]
    clip: dict[str, Json] = {
        "score": hit.score,
        "start": hit.start,
        "end": hit.end,
        "video_id": hit.video.id,
        "confidence": hit.confidence,
        "metadata": metadata,
        "modules": [{"type": option, "confidence": hit.confidence} for option in modules],
    }
    if "thumbnail" in texts(page.index.fields.get("addons")):
        clip["thumbnail_url"] = thumbnail(call, hit.video, hit.start)
    return clip
