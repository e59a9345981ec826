"""Where a medium comes from: an asset, a public address, or the request itself."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from understudy.client.file import Source, as_file


class FromAsset(TypedDict):
    """An asset that is ready."""

    asset_id: str


class FromUrl(TypedDict):
    """A file at a public address."""

    url: str


class Inline(TypedDict):
    """The file itself, in base64; `inline` makes one."""

    base64_string: str


MediaSource = FromAsset | FromUrl | Inline


class AssetVideo(FromAsset):
    """A video to analyze that is an asset."""

    type: Literal["asset_id"]


class UrlVideo(FromUrl):
    """A video to analyze at a public address."""

    type: Literal["url"]


class InlineVideo(Inline):
    """A video to analyze that comes with the request."""

    type: Literal["base64_string"]


VideoSource = AssetVideo | UrlVideo | InlineVideo


class NamedImage(TypedDict):
    """One of several images, from exactly one place; its name is of letters, digits and _."""

    name: str
    asset_id: NotRequired[str]
    url: NotRequired[str]
    base64_string: NotRequired[str]


class NamedMedium(TypedDict):
    """A medium beside words, from exactly one place; `<@its name>` in the words means it."""

    media_type: Literal["image", "video", "audio", "document"]
    name: NotRequired[str]
    asset_id: NotRequired[str]
    url: NotRequired[str]
    base64_string: NotRequired[str]


class Prompt(TypedDict):
    """A prompt with media beside its words; `<@name>` in the words means one."""

    input_text: str
    media_sources: NotRequired[Sequence[NamedMedium]]


def inline(source: Source) -> Inline:
    """A file as part of a request; it is read into memory, and grows by a third there."""
    content = b"".join(as_file(source).blocks())
    return {"base64_string": b64encode(content).decode("ascii")}
