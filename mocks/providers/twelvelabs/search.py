"""Search by words or by an image: what a question must obey, and the pages of its results."""

import re
from collections.abc import Sequence
from typing import cast

from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.ending import kept
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.tokens import count
from understudy.mocks.kind import text, texts
from understudy.mocks.providers.twelvelabs.assets.asset import medium_of_asset
from understudy.mocks.providers.twelvelabs.entities.entity import entity_of
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.filters import parsed
from understudy.mocks.providers.twelvelabs.images import image_at, image_files
from understudy.mocks.providers.twelvelabs.number import number
from understudy.mocks.providers.twelvelabs.pages import (
    Search,
    Token,
    first_page,
    further_page,
    shown_page,
)
from understudy.mocks.providers.twelvelabs.spaces import marengo, most_tokens
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.store import Resource

RANKED = frozenset({"marengo3.0", "marengo3.5"})
"""The models of indexes whose hits have a rank alone; those of older ones keep their score."""

_ENTITY = re.compile(r"<@([^<>]*)>")

NEEDS = {"transcription": "audio"}
"""What a search option needs among the model's options, where it is not itself."""


def search(call: Call) -> Answer:
    """The first page of what an index has for a text or an image."""
    index = named(call, "indexes", "index_id", call.field("index_id"))
    model, options = _searched(call, index)
    images = sent_images(call)
    check_images(images, options)
    wording, people = _people(call, sent_words(call, model, images))
    check_order(call)
    asked = Search(
        options=options,
        text=wording,
        images=tuple(kept(image) for image in (*images, *people)),
        level=number(call, "adjust_confidence_level", 0.5),
        group_by=call.field("group_by", "clip"),
        threshold=call.field("threshold", "low"),
        sort_option=call.field("sort_option", "score"),
        operator=call.field("operator", "or"),
        limit=int(cast(int, call.body.get("page_limit", 10))),
        filter=parsed(call.field("filter")),
        user_metadata=call.body.get("include_user_metadata") is True,
        lexical=texts(call.body.get("transcription_options")) == ("lexical",),
        scored=call.edition.retired or model not in RANKED,
    )
    return Answer(200, shown_page(call, first_page(call, index, asked)))


def search_page(call: Call) -> Answer:
    """Another page of an earlier search."""
    token = Token.read(call.path("page-token"))
    metadata = cast("bool | None", call.query("include_user_metadata"))
    return Answer(200, shown_page(call, further_page(call, token, metadata)))


def _searched(call: Call, index: Resource) -> tuple[str, tuple[str, ...]]:
    """The embedding model, and the options that are searched, each once."""
    found_model = marengo(index)
    if found_model is None:
        message = f"index_id {index.id!r} is an index without a Marengo model, which search needs"
        raise refuse("index_not_supported_for_search", message)
    model, allowed = found_model
    options = tuple(dict.fromkeys(texts(call.body.get("search_options"))))
    for option in options:
        if NEEDS.get(option, option) not in allowed:
            message = f"search_options has {option!r}, but the index has {', '.join(allowed)} only"
            raise refuse("search_option_not_supported", message)
    return model, options


def sent_images(call: Call) -> list[Medium]:
    """The images of the query; none for a query of words.

    Today's document takes several at addresses and in files; older ones take one, and of both
    the address.
    """
    said = call.body.get("query_media_url")
    urls = [said] if isinstance(said, str) else list(texts(said))
    urls = [url for url in urls if url]
    if call.body.get("query_media_type") is None:
        if urls or call.file("query_media_file") is not None:
            message = "query_media_type is required beside query_media_url or query_media_file"
            raise refuse("parameter_not_provided", message)
        return []
    images = [_image_at(url) for url in urls]
    if not (images and isinstance(said, str)):
        images += image_files(call, "query_media_file")
    if not images:
        message = "query_media_type needs query_media_url or query_media_file; neither was provided"
        raise refuse("parameter_not_provided", message)
    return images


def _image_at(url: str) -> Medium:
    image, problem = image_at("query_media_url", url)
    if problem:
        raise refuse("parameter_invalid", problem)
    return image


def _people(call: Call, wording: str) -> tuple[str, list[Medium]]:
    """The words with the names of the entities that they speak of, and these entities' pictures."""
    if call.edition.retired:
        return wording, []
    pictures: list[Medium] = []
    for identity in dict.fromkeys(_ENTITY.findall(wording)):
        entity = entity_of(call, identity, "query_text")
        if entity.fields.get("status") != "ready":
            message = f"query_text speaks of the entity {identity!r}, which is not ready yet"
            raise refuse("parameter_invalid", message)
        wording = wording.replace(f"<@{identity}>", text(entity.fields.get("name")))
        assets = map(call.collection("assets").get, texts(entity.fields.get("asset_ids")))
        pictures += [medium_of_asset(asset) for asset in assets if asset is not None]
    return wording, pictures


def check_images(images: Sequence[Medium], options: Sequence[str]) -> None:
    """Refuses images where no pictures are searched."""
    if images and "visual" not in options:
        message = "search_options lacks 'visual', without which no image can be looked for"
        raise refuse("search_option_combination_not_supported", message)


def check_order(call: Call) -> None:
    """Refuses an order by the number of clips without groups that have one."""
    if call.field("sort_option") == "clip_count" and call.field("group_by") != "video":
        message = "sort_option is 'clip_count', which needs group_by to be 'video'"
        raise refuse("parameter_invalid", message)


def sent_words(call: Call, model: str, images: Sequence[Medium]) -> str:
    """The words of the query, refused when there are none (and no image) or too many."""
    wording = call.field("query_text")
    if "query_text" not in call.body and not images:
        message = "one of query_text and query_media_type is required; neither was provided"
        raise refuse("parameter_not_provided", message)
    if not images or wording:
        check_words("query_text", wording, model, silent=bool(images))
    return wording


def check_words(name: str, wording: str, model: str, *, silent: bool = False) -> None:
    """Refuses words that say nothing (unless `silent`), or are more than the model takes."""
    if not wording.strip() and not silent:
        message = f"{name} is {wording[:80]!r}, expected some words"
        raise refuse("parameter_invalid", message)
    most = most_tokens(model)
    if count(wording, most) > most:
        shown = f"{wording[:40]}..."
        message = f"{name} {shown!r} has more than {most} tokens, the most that is accepted"
        raise refuse("parameter_invalid", message)
