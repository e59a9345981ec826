"""Tags of an upload, to which the service adds its own."""

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.kind import texts

ADDED = "api"


def tags(call: Call) -> list[Json]:
    """The tags that were sent, each once, and the one that every upload gets (documented)."""
    sent = (tag.strip() for tag in texts(call.body.get("tags")))
    return list(dict.fromkeys((*(tag for tag in sent if tag), ADDED)))
