"""Media that a JSON body hands in: an address, the bytes as base64, or the id of an asset."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from understudy.contracts.exchange import Part
from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate.media import Kind, kind_of_name
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.generate.words import split_url
from understudy.mocks.kind import text
from understudy.mocks.providers.twelvelabs.assets.asset import medium_of_asset, ready_asset
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.images import http
from understudy.mocks.refusal import Reason, Refusal

FORMS = ("url", "base64_string", "asset_id")
MEGABYTE = 1024**2

LARGEST: Mapping[Kind, int] = {
    "video": 36 * MEGABYTE,
    "audio": 36 * MEGABYTE,
    "image": 32 * MEGABYTE,
    "document": 512 * MEGABYTE,
}
"""The most bytes that may come decoded from base64 (documented for embeddings)."""

_PLAIN = ("txt", "md", "markdown")


@dataclass(frozen=True, slots=True)
class Source:
    """A medium, and its bytes where they came along; empty where they are somewhere else."""

    medium: Medium
    content: bytes = b""


def medium_of_source(
    call: Call, source: Mapping[str, Json], *, kinds: Sequence[Kind], name: str = "media_source"
) -> Medium:
    """The medium that exactly one of `url`, `base64_string` and `asset_id` leads to.

    `name` is where `source` stands in the request, `kinds` what may stand there; an address that
    does not tell its kind counts as the first of them. An address is not fetched: whether it
    can be is the medium's `outcome`. Refused with 400 where the form, the kind or the asset is
    wrong, with 413 where the decoded bytes are too many.
    """
    return source_of(call, source, kinds=kinds, name=name).medium


def source_of(
    call: Call,
    source: Mapping[str, Json],
    *,
    kinds: Sequence[Kind],
    name: str = "media_source",
    most: int | None = None,
) -> Source:
    """The same, with the bytes that came; `most` bounds these whatever their kind."""
    given = [form for form in FORMS if source.get(form) is not None]
    if len(given) != 1:
        listed = ", ".join(given) or "none of them"
        message = f"{name} takes exactly one of {', '.join(FORMS)}; {listed} came"
        raise refuse("parameter_invalid" if given else "parameter_not_provided", message)
    value = text(source[given[0]])
    where = f"{name}.{given[0]}"
    if given[0] == "url":
        return Source(_at(value, kinds, where))
    if given[0] == "base64_string":
        return _decoded(value, kinds, where, most)
    asset = ready_asset(call, value, where, kinds)
    medium = medium_of_asset(asset)
    if most is not None:
        _check_size(medium.size, most, where)
    return Source(medium)


def is_pdf(document: Medium) -> bool:
    """Whether a document has pages; plain texts and Markdown are told by their names."""
    return document.name.lower().rpartition(".")[2] not in _PLAIN


def _at(url: str, kinds: Sequence[Kind], where: str) -> Medium:
    medium = medium_of_url(http(where, url))
    told = kind_of_name(split_url(url).path)
    if told == "unknown":
        return medium if medium.kind in kinds else replace(medium, kind=kinds[0])
    if told not in kinds:
        raise _unfit(where, f"{url[:80]!r} leads to a file of kind {told}", kinds)
    return medium


def _decoded(value: str, kinds: Sequence[Kind], where: str, most: int | None) -> Source:
    ceiling = most or max(LARGEST[kind] for kind in kinds)
    _check_size(len(value) * 3 // 4 - value[-2:].count("="), ceiling, where)
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        message = f"{where} is no base64 text: expected letters, digits, '+', '/' and padding"
        raise refuse("parameter_invalid", message) from None
    found = medium_of_part(Part("base64_string", content))
    if found.kind == "text" and "document" in kinds:
        found = replace(found, kind="document", name=".txt")
    if found.kind not in kinds:
        raise _unfit(where, f"holds {found.size} bytes of kind {found.kind}", kinds)
    _check_size(found.size, most or LARGEST[found.kind], where)
    # Without a file's name nothing tells what it is about, only which one it is.
    name = ".txt" if found.name == ".txt" else ""
    return Source(replace(found, name=name, title="", outcome="ok"), content)


def _check_size(size: int, most: int, where: str) -> None:
    if size > most:
        message = f"{where} has {size} bytes; the largest accepted has {most}"
        raise Refusal(Reason.TOO_LARGE, message)


def _unfit(where: str, found: str, kinds: Sequence[Kind]) -> Refusal:
    return refuse("parameter_invalid", f"{where} {found}, expected one of {', '.join(kinds)}")
