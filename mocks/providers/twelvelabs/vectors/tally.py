"""How many tokens a request took, by kind of content: estimates, but the same for the same input.

The service counts with tokenizers of its own; only the names of the kinds are documented.
"""

import math
from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium

IMAGE, PAGE = 256, 512
_A_SECOND: Mapping[str, int] = {"video": 64, "audio": 25}


def tokens_of(medium: Medium, seconds: float | None = None) -> int:
    """The tokens of an image, or of the seconds of a sound or video (all of it, if left out)."""
    lasting = medium.duration if seconds is None else seconds
    return _A_SECOND[medium.kind] * math.ceil(lasting) if medium.kind in _A_SECOND else IMAGE


def usage(tokens: Mapping[str, int], *, truncated: bool = False) -> dict[str, Json]:
    """What a reply tells of it."""
    counted: Json = {kind: count for kind, count in tokens.items() if count}
    shown: dict[str, Json] = {"input_tokens": counted, "truncated": truncated}
    if truncated:
        shown["truncation_reason"] = "model_context_window"
    return shown
