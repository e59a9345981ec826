"""What can become an asset: judged by name and content at once, by its readability later."""

from collections.abc import Mapping
from dataclasses import replace

from understudy.mocks.call import Call
from understudy.mocks.generate.media import Kind, kind_of_name
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.generate.words import split_url
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.refusal import Refusal

MIB = 1024**2
LARGEST_IMAGE = 32 * MIB
LARGEST_FILE = 200 * MIB
LARGEST_FETCHED: Mapping[Kind, int] = {
    "video": 4096 * MIB,
    "audio": 4096 * MIB,
    "image": LARGEST_IMAGE,
    "document": 512 * MIB,
}
TYPES: Mapping[str, str] = {
    "mp4": "video/mp4",
    "m4v": "video/x-m4v",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "mkv": "video/x-matroska",
    "webm": "video/webm",
    "mpg": "video/mpeg",
    "mpeg": "video/mpeg",
    "ts": "video/mp2t",
    "m3u8": "application/vnd.apple.mpegurl",
    "flv": "video/x-flv",
    "wmv": "video/x-ms-wmv",
    "3gp": "video/3gpp",
    "ogv": "video/ogg",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/opus",
    "aif": "audio/aiff",
    "aiff": "audio/aiff",
    "wma": "audio/x-ms-wma",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "avif": "image/avif",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "md": "text/markdown",
    "markdown": "text/markdown",
}
USUAL: Mapping[Kind, str] = {
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "image": "image/png",
    "document": "application/pdf",
}


def mime_of(kind: Kind, name: str) -> str:
    """The MIME type that a name of that kind promises, else the usual one of the kind."""
    if kind_of_name(name) == kind:
        return TYPES.get(name.rpartition(".")[2].lower(), USUAL[kind])
    return USUAL[kind]


def sent_file(call: Call, filename: str) -> tuple[Medium, Kind]:
    """The file that came along and the kind of asset that it makes.

    Refused where it is missing, too large, of no supported format, or a document whose content
    and name differ. What cannot be read is accepted, and fails later.
    """
    part = call.file("file")
    if part is None:
        raise refuse("parameter_not_provided", "method is direct, so the field file is needed")
    medium = medium_of_part(replace(part, filename=filename or part.filename))
    name = medium.name
    promised = _promised(name)
    written = part.content.startswith(b"%PDF-") == name.lower().endswith(".pdf")
    document = medium.kind == "document" and written
    if promised == "document" and not document:
        message = f"{name[:200]!r} is named like a document, but its content is another"
        raise refuse("parameter_invalid", message)
    if promised not in ("document", "unknown") and medium.kind == "document":
        message = f"{name[:200]!r} is named as of the kind {promised}, but is a document"
        raise refuse("parameter_invalid", message)
    if promised == "unknown" and medium.kind == "text":
        raise unsupported(name)
    kind = promised if medium.kind in ("unknown", "text") else medium.kind
    kind = "video" if kind == "unknown" else kind
    check_size(medium.size, kind, LARGEST_FILE)
    return medium, kind


def fetched_file(url: str, filename: str) -> tuple[Medium, Kind]:
    """The file behind a URL, which is never fetched, and the kind that its name promises.

    Refused where it or the filename is of no supported format, where just one of the two is that
    of a document, and, being never fetched, where it tells of a live stream: a playlist below a
    folder `live`, or with `live=` in its query (assumed).
    """
    medium = medium_of_url(url)
    path = split_url(url).path
    if path.lower().endswith(".m3u8") and _is_live(url):
        raise refuse(
            "parameter_invalid", f"url {url[:200]!r} is a live stream; send a VOD playlist"
        )
    promised, called = _promised(path), _promised(filename)
    known = "unknown" not in (promised, called)
    if known and promised != called and "document" in (promised, called):
        message = f"{filename[:200]!r} is named as of the kind {called}, but url leads to"
        raise refuse("parameter_invalid", f"{message} the kind {promised}")
    if promised == "unknown":
        promised = called
    return medium, "video" if promised == "unknown" else promised


def check_size(size: int, kind: Kind, largest: int) -> None:
    """Refuses more bytes than an image may have, or than `largest`."""
    most = min(largest, LARGEST_IMAGE) if kind == "image" else largest
    if size > most:
        message = f"the file has {size} bytes; of the kind {kind}, {most} at most come this way"
        raise refuse("parameter_invalid", message)


def _promised(name: str) -> Kind:
    kind = kind_of_name(name)
    if kind == "text":
        raise unsupported(name)
    return kind


def unsupported(name: str) -> Refusal:
    """The refusal of a name whose extension is that of no asset."""
    message = f"{name[:200]!r} is of no supported format; video, audio, images, PDF, txt and md are"
    return refuse("parameter_invalid", message)


def _is_live(url: str) -> bool:
    split = split_url(url)
    return "live" in split.path.lower().split("/") or "live=" in split.query.lower()
