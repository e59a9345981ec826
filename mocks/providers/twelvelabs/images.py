"""Images that a query or an embedding is made of: JPEG or PNG, 64x64 at least, 5 MB at most."""

from understudy.contracts.exchange import Part
from understudy.mocks.call import Call
from understudy.mocks.generate.media import kind_of_name
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.generate.words import split_url
from understudy.mocks.providers.twelvelabs.errors import refuse

SMALLEST = 64
LARGEST = 5 * 1024**2
FORMATS = ("jpg", "jpeg", "png")
_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def image_file(call: Call, name: str) -> Medium | None:
    """The image of a file part, refused when it is none or outside the limits; None without."""
    part = call.file(name)
    if part is None:
        return None
    return _checked(name, part)


def image_files(call: Call, name: str) -> list[Medium]:
    """The images of all file parts of that name, refused as the one of `image_file` is."""
    return [_checked(name, part) for part in call.reading.files.get(name, ())]


def image_at(name: str, url: str) -> tuple[Medium, str]:
    """The image behind an address, and why it cannot be had (empty when it can).

    Nothing is fetched: the address itself tells what cannot be an image, and the word
    `understudy-fail` in it makes the fetch fail. Refused when it is no http(s) address.
    """
    medium = medium_of_url(http(name, url))
    path = split_url(url).path
    kind, extension = kind_of_name(path), path.rpartition(".")[2].lower()
    if medium.outcome == "fail":
        return medium, f"{name} {url!r} could not be fetched"
    if kind not in ("image", "unknown") or (kind == "image" and extension not in FORMATS):
        return medium, f"{name} {url!r} leads to no JPEG or PNG image"
    return medium, ""


def http(name: str, url: str) -> str:
    """The address, refused when a browser could not follow it over http or https."""
    split = split_url(url)
    if split.scheme not in ("http", "https") or not split.netloc:
        raise refuse("parameter_invalid", f"{name} is {url!r}, expected an http or https address")
    return url


def _checked(name: str, part: Part) -> Medium:
    medium = medium_of_part(part)
    if medium.kind != "image" or not part.content.startswith(_HEADS):
        message = f"{name} {medium.name!r} is no JPEG or PNG image"
        raise refuse("parameter_invalid", message)
    if medium.size > LARGEST:
        message = f"{name} has {medium.size} bytes; the largest accepted has {LARGEST}"
        raise refuse("parameter_invalid", message)
    if min(medium.width, medium.height) < SMALLEST:
        shown = f"{medium.width}x{medium.height}"
        message = f"{name} is {shown}; the smallest accepted is {SMALLEST}x{SMALLEST}"
        raise refuse("parameter_invalid", message)
    return medium
