"""Words of a text, a file name or a URL: what titles, vectors and texts are made of."""

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_LONGEST = 20_000  # characters looked at; beyond that a text adds nothing to a description

_TOKEN = re.compile(r"understudy-(fail|stuck|slow)", re.IGNORECASE)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = _set(
    "a an and are as at be by can did do does for from has have how i in is it its me my of on or "
    "our show shows that the their them there these they this to was we were what when where which "
    "who whose why will with you your find please"
)
_NOISE = _set("http https www com net org io html htm php")


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of `text` in order, lower case; camelCase, `_` and `-` separate words."""
    return tuple(_WORD.findall(_CAMEL.sub(" ", text[:_LONGEST]).lower()))


def telling_words(text: str) -> tuple[str, ...]:
    """The words of `text` that tell something about it: without stop words; else all of them."""
    every = words(text)
    return tuple(word for word in every if word not in STOP_WORDS) or every


def name_words(name: str) -> tuple[str, ...]:
    """The telling words of a file name, without folders, its extension and magic tokens."""
    return tuple(word for word in telling_words(_stem(name)) if word not in _NOISE)


def name_title(name: str) -> str:
    """A file name as people would write it: "my_holiday-2024.mp4" is "My holiday 2024"."""
    return " ".join(words(_stem(name))).capitalize()


def url_words(url: str) -> tuple[str, ...]:
    """The telling words of a URL: its file name first, then folders and query values.

    The host counts only when nothing else speaks.
    """
    split = split_url(url)
    folders, _, last = unquote(split.path).rstrip("/").rpartition("/")
    found = list(name_words(last))
    for folder in reversed(folders.split("/")):
        found += name_words(folder)
    for key, value in parse_qsl(split.query):
        if key != "duration":
            found += name_words(value)
    if not found:
        found = [word for word in words(split.netloc) if word not in _NOISE]
    unique = dict.fromkeys(found)
    return tuple(word for word in unique if word not in STOP_WORDS) or tuple(unique)


def url_name(url: str) -> str:
    """The file name a URL ends in, percent-decoded; the host when its path is empty."""
    split = split_url(url)
    return unquote(split.path).rstrip("/").rpartition("/")[2] or split.netloc


def url_query(url: str) -> dict[str, str]:
    """The query of a URL as one value per key; the last one wins."""
    return dict(parse_qsl(split_url(url).query))


def _stem(name: str) -> str:
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return _TOKEN.sub(" ", _EXTENSION.sub("", last))


def split_url(url: str) -> SplitResult:
    """The parts of a URL; a text that is no URL at all is taken for a path."""
    try:
        return urlsplit(url)
    except ValueError:  # such as an unclosed IPv6 bracket
        return SplitResult("", "", url, "", "")
