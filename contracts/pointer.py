"""JSON pointers (RFC 6901) as text: join, split, follow."""

from collections.abc import Mapping, Sequence

from understudy.contracts.json import Json


def escape(token: str) -> str:
    """One reference token, ready to stand between slashes."""
    if "~" in token or "/" in token:
        return token.replace("~", "~0").replace("/", "~1")
    return token


def join(pointer: str, *tokens: str | int) -> str:
    """The pointer that goes on from `pointer` by these tokens."""
    return pointer + "".join(f"/{escape(str(token))}" for token in tokens)


def split(pointer: str) -> list[str]:
    """The tokens of a pointer, unescaped; raises ValueError unless it is "" or starts with "/"."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON pointer starts with '/' or is empty, not {pointer!r}")
    tokens = pointer[1:].split("/")
    if "~" in pointer:
        return [token.replace("~1", "/").replace("~0", "~") for token in tokens]
    return tokens


def follow(root: Json, pointer: str) -> Json:
    """The value at a pointer below `root`; raises KeyError when there is none."""
    node = root
    for token in split(pointer):
        node = child(node, token, pointer)
    return node


def child(node: Json, token: str, pointer: str = "") -> Json:
    """The member or item of `node` that one token names; raises KeyError when there is none."""
    if isinstance(node, (dict, Mapping)):  # dict first: it is the usual one, and quick to know
        if token in node:
            return node[token]
    elif (
        isinstance(node, Sequence)
        and not isinstance(node, str)
        and token.isascii()
        and token.isdigit()
        and int(token) < len(node)
    ):
        return node[int(token)]
    raise KeyError(pointer or token)
