"""Numbers of a form."""

import math
from typing import cast

from understudy.contracts.json import Json
from understudy.mocks.call import Call


def number(call: Call, name: str, default: float) -> float:
    """A numeric field that the contract has typed; infinite when no float can hold it."""
    value = cast("int | float", call.body.get(name, default))
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def whole(value: Json) -> int:
    """A whole number as it came, `5.0` being one too; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return int(value)
