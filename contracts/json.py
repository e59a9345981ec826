"""The types of a JSON document, as everything past the wire sees them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


def mapping(value: Json) -> Mapping[str, Json]:
    """`value` where it is an object, else an empty one."""
    # Nearly all are plain ones, and an abstract class takes long to say so.
    return value if isinstance(value, (dict, Mapping)) else {}


def sequence(value: Json) -> Sequence[Json]:
    """`value` where it is a list, else an empty one."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
