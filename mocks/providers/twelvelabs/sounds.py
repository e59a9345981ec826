"""Sounds that embeddings are made of: from a file part, or at an address."""

from understudy.mocks.call import Call
from understudy.mocks.generate.media import kind_of_name
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.generate.words import split_url
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.images import http

LONGEST = 7200.0
"""Seconds of sound that are taken (assumed: as long as a video may be)."""


def sound_file(call: Call, name: str) -> Medium | None:
    """The sound of a file part, refused when it is none; None without a part."""
    part = call.file(name)
    if part is None:
        return None
    sound = medium_of_part(part)
    if sound.kind != "audio":
        message = f"{name} {sound.name!r} is no audio file that can be read"
        raise refuse("parameter_invalid", message)
    return sound


def sound_at(name: str, url: str) -> tuple[Medium, str]:
    """The sound behind an address, and why it cannot be had (empty when it can).

    Nothing is fetched: the address itself tells what cannot be a sound, and the word
    `understudy-fail` in it makes the fetch fail. Refused when it is no http(s) address.
    """
    sound = medium_of_url(http(name, url))
    if sound.outcome == "fail":
        return sound, f"{name} {url!r} could not be fetched"
    if kind_of_name(split_url(url).path) not in ("audio", "unknown"):
        return sound, f"{name} {url!r} leads to no audio"
    return sound, ""
