"""From a method and a path to what stands behind it, by a tree of path segments.

A static segment is tried before a partly static one (`{id}:cancel`), that before a whole
parameter; when a branch ends nowhere the search comes back and takes the next, so that
`/v2/{media_type}/{id}/insights` may stand beside `/v2/videos/{id}`.
"""

import difflib
import re
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, unquote

Target = TypeVar("Target")

_EXPRESSION = re.compile(r"\{([^{}]+)\}")
_LONGEST_PARTIAL = 1_024


@dataclass(frozen=True, slots=True)
class Match(Generic[Target]):
    """What was found, its template, and the path values in template order, still encoded."""

    target: Target
    template: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """Nothing was found; `template` and `methods` are set when only the method was wrong."""

    template: str = ""
    methods: tuple[str, ...] = ()


class _Node(Generic[Target]):
    """One segment deep in the tree."""

    __slots__ = ("ends", "parameter", "partial", "static")

    def __init__(self) -> None:
        self.static: dict[str, _Node[Target]] = {}
        self.partial: list[tuple[re.Pattern[str], _Node[Target]]] = []
        self.parameter: _Node[Target] | None = None
        self.ends: dict[str, tuple[Target, str]] = {}


class Router(Generic[Target]):
    """Finds targets by method and path; filled once, then only read."""

    __slots__ = ("_lines", "_root", "_slash")

    def __init__(self, *, trailing_slash: bool = False) -> None:
        self._root: _Node[Target] = _Node()
        self._slash = trailing_slash
        self._lines: list[str] = []

    def add(self, method: str, template: str, target: Target) -> None:
        """Puts `target` behind a method and a template such as `/indexes/{index-id}`."""
        node = self._root
        for segment in _segments(template):
            node = _descend(node, segment)
        node.ends[method.upper()] = (target, template)
        self._lines.append(f"{method.upper()} {template}")

    def find(self, method: str, path: str) -> Match[Target] | Miss:
        """The target for `path`, which is percent-encoded and has no query."""
        segments = path.split("/")
        if segments[0] == "":
            del segments[0]
        if self._slash and len(segments) > 1 and segments[-1] == "":
            del segments[-1]
        encoded = "%" in path
        values: list[str] = []
        refused: list[_Node[Target]] = []
        end = _walk(self._root, segments, 0, method, encoded, values, refused)
        if end is not None and not refused:
            return Match(end[0], end[1], tuple(values))
        for node in refused:
            template = _template(node)
            if "{" not in template:  # a path written out stands before every templated one
                return Miss(template, tuple(sorted(node.ends)))
        if end is not None:
            return Match(end[0], end[1], tuple(values))
        if not refused:
            return Miss()
        methods = sorted({name for node in refused for name in node.ends})
        return Miss(_template(refused[0]), tuple(methods))

    def nearest(self, method: str, path: str, count: int = 3) -> tuple[str, ...]:
        """The operations, as `METHOD /template`, that look most like a call that has no route."""
        line = f"{method.upper()} {path[:200]}"
        return tuple(difflib.get_close_matches(line, self._lines, count, 0.5))


def names_of(template: str) -> tuple[str, ...]:
    """The parameter names of a path template, in order."""
    return tuple(_EXPRESSION.findall(template))


def _template(node: _Node[Target]) -> str:
    return next(iter(node.ends.values()))[1]


def _segments(template: str) -> list[str]:
    segments = template.split("/")
    return segments[1:] if segments[0] == "" else segments


def _descend(node: _Node[Target], segment: str) -> _Node[Target]:
    if "{" not in segment:
        return node.static.setdefault(segment, _Node())
    if _EXPRESSION.fullmatch(segment):
        if node.parameter is None:
            node.parameter = _Node()
        return node.parameter
    pattern = _partial(segment)
    for known, child in node.partial:
        if known.pattern == pattern.pattern:
            return child
    child = _Node()
    node.partial.append((pattern, child))
    # More fixed text first: `{id}:cancel` before `{name}{id}`.
    node.partial.sort(key=lambda entry: -len(entry[0].pattern.replace("(.+?)", "")))
    return child


def _partial(segment: str) -> re.Pattern[str]:
    pieces = _EXPRESSION.split(segment)
    return re.compile("".join("(.+?)" if at % 2 else re.escape(p) for at, p in enumerate(pieces)))


def _walk(
    node: _Node[Target],
    segments: list[str],
    at: int,
    method: str,
    encoded: bool,
    values: list[str],
    refused: list[_Node[Target]],
) -> tuple[Target, str] | None:
    if at == len(segments):
        end = node.ends.get(method)
        if end is None and node.ends:
            refused.append(node)
        return end
    segment = segments[at]
    child = node.static.get(unquote(segment) if encoded else segment)
    if child is not None:
        end = _walk(child, segments, at + 1, method, encoded, values, refused)
        if end is not None:
            return end
    if not segment:
        return None
    for pattern, branch in node.partial:
        found = _fit(pattern, segment, encoded)
        if found:
            kept = len(values)
            values.extend(found)
            end = _walk(branch, segments, at + 1, method, encoded, values, refused)
            if end is not None:
                return end
            del values[kept:]
    if node.parameter is not None:
        values.append(segment)
        end = _walk(node.parameter, segments, at + 1, method, encoded, values, refused)
        if end is not None:
            return end
        values.pop()
    return None


def _fit(pattern: re.Pattern[str], segment: str, encoded: bool) -> tuple[str, ...]:
    # Several lazy groups on a very long segment would take polynomial time.
    if len(segment) > _LONGEST_PARTIAL:
        return ()
    found = pattern.fullmatch(segment)
    if found:
        return found.groups()
    # The fixed text may have come encoded, as in `7%3Acancel`.
    found = pattern.fullmatch(unquote(segment)) if encoded else None
    return tuple(quote(value, safe="") for value in found.groups()) if found else ()
