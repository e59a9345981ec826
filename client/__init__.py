"""Clients of the video APIs, over one transport seam. They need httpx2 and nothing else.

    from understudy.client import TwelveLabs

    with TwelveLabs() as client:
        task = client.tasks.create(index_id, video_file="ferry.mp4")
        video_id = task.wait().video_id

`AsyncTwelveLabs` is the same with `await`; so are the other clients and theirs. Clients are
loaded when they are first named.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from understudy.client.call import Range
from understudy.client.download import Download
from understudy.client.errors import (
    ApiError,
    BadReply,
    BadRequest,
    Cancelled,
    ClientError,
    Conflict,
    ConnectionFailed,
    DeadlineExceeded,
    Forbidden,
    Gone,
    NotFound,
    NotReady,
    PaymentRequired,
    RateLimited,
    ServerFault,
    StreamBroken,
    TaskFailed,
    TimedOut,
    TooLarge,
    Unauthorized,
    UnknownStatus,
    Unprocessable,
    UsageError,
    WaitFailed,
)
from understudy.client.file import File
from understudy.client.options import Cancellation, Options
from understudy.client.patience import Patience
from understudy.client.retry import Retry
from understudy.client.task import AsyncTask, Task

if TYPE_CHECKING:
    from understudy.client.aio.session import AsyncTiming
    from understudy.client.imentiv.aio.client import AsyncImentiv
    from understudy.client.imentiv.sync.client import Imentiv
    from understudy.client.memories.aio.client import AsyncMemories
    from understudy.client.memories.sync.client import Memories
    from understudy.client.mixpeek.aio.client import AsyncMixpeek
    from understudy.client.mixpeek.sync.client import Mixpeek
    from understudy.client.sync.session import Timing
    from understudy.client.twelvelabs.aio.client import AsyncTwelveLabs
    from understudy.client.twelvelabs.sync.client import TwelveLabs

__all__ = [
    "ApiError",
    "AsyncImentiv",
    "AsyncMemories",
    "AsyncMixpeek",
    "AsyncTask",
    "AsyncTiming",
    "AsyncTwelveLabs",
    "BadReply",
    "BadRequest",
    "Cancellation",
    "Cancelled",
    "ClientError",
    "Conflict",
    "ConnectionFailed",
    "DeadlineExceeded",
    "Download",
    "File",
    "Forbidden",
    "Gone",
    "Imentiv",
    "Memories",
    "Mixpeek",
    "NotFound",
    "NotReady",
    "Options",
    "Patience",
    "PaymentRequired",
    "Range",
    "RateLimited",
    "Retry",
    "ServerFault",
    "StreamBroken",
    "Task",
    "TaskFailed",
    "TimedOut",
    "Timing",
    "TooLarge",
    "TwelveLabs",
    "Unauthorized",
    "UnknownStatus",
    "Unprocessable",
    "UsageError",
    "WaitFailed",
]

# What brings httpx2 in, and where it is.
_LAZY = {
    "AsyncImentiv": "understudy.client.imentiv.aio.client",
    "AsyncMemories": "understudy.client.memories.aio.client",
    "AsyncMixpeek": "understudy.client.mixpeek.aio.client",
    "AsyncTiming": "understudy.client.aio.session",
    "AsyncTwelveLabs": "understudy.client.twelvelabs.aio.client",
    "Imentiv": "understudy.client.imentiv.sync.client",
    "Memories": "understudy.client.memories.sync.client",
    "Mixpeek": "understudy.client.mixpeek.sync.client",
    "Timing": "understudy.client.sync.session",
    "TwelveLabs": "understudy.client.twelvelabs.sync.client",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
