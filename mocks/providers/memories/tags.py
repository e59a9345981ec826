"""Tags of an upload, to which the service adds its own."""

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.kind import texts
from understudy.mocks.providers.memories.errors import wrong

MOST = 20
ADDED = "api"


def tags(call: Call) -> list[Json]:
    """The tags that were sent, each once, and the one that every upload gets (documented)."""
    sent = dict.fromkeys(tag.strip() for tag in texts(call.body.get("tags")) if tag.strip())
    if len(sent) > MOST:
        raise wrong(f"tags has {len(sent)} tags; {MOST} are the most accepted")
    return list(dict.fromkeys((*sent, ADDED)))
