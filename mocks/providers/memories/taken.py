"""When something was recorded, as its uploader says."""

from datetime import datetime

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.providers.memories.errors import wrong

FORM = "%Y-%m-%d %H:%M:%S"


def taken(call: Call) -> Json:
    """The `datetime_taken` of an upload; None without one, refused when there is no such moment."""
    asked = call.field("datetime_taken")
    if not asked:
        return None
    try:
        datetime.strptime(asked, FORM)  # noqa: DTZ007 - a camera's own time has no zone
    except ValueError:
        message = f"datetime_taken is {asked!r}, expected a moment such as 2025-07-02 12:30:00"
        raise wrong(message) from None
    return asked
