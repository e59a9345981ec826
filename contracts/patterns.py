"""Regular expressions of schemas: a linear-time engine, and a bounded one for look-around.

Patterns are ECMA-262. Most run on an engine whose time grows linearly with the text. One that
needs look-around or back-references runs on an engine that gives up after BACKTRACKS steps; the
value then counts as not checked.
"""

from functools import lru_cache

import jsonschema_rs

BACKTRACKS = 20_000

PatternOptions = jsonschema_rs.RegexOptions | jsonschema_rs.FancyRegexOptions


@lru_cache(maxsize=4096)
def is_linear(pattern: str) -> bool:
    """Whether the linear-time engine takes a pattern."""
    return _compiles(pattern, jsonschema_rs.RegexOptions())


@lru_cache(maxsize=4096)
def pattern_problem(pattern: str) -> str:
    """Why a pattern cannot be used, "" when it can."""
    if is_linear(pattern) or _compiles(pattern, bounded()):
        return ""
    return f"{pattern!r} is not a usable regular expression (ECMA-262)"


def bounded() -> jsonschema_rs.FancyRegexOptions:
    """The engine for look-around, bounded in steps."""
    return jsonschema_rs.FancyRegexOptions(backtrack_limit=BACKTRACKS)


def _compiles(pattern: str, options: PatternOptions) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
    except (ValueError, jsonschema_rs.ReferencingError):
        return False
    return True
