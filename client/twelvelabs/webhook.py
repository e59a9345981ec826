"""Webhooks: whether a notification is the vendor's, and what it says."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from understudy.client.errors import BadReply
from understudy.client.json import Json, parse
from understudy.client.model import Model
from understudy.client.twelvelabs.analysis import AnalyzedVideo
from understudy.client.twelvelabs.text import AnswerProblem

HEADER = "TL-Signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifiedTask(Model):
    """The task that has ended; `error` says why it failed."""

    id: str
    status: str
    custom_id: str | None = None
    created_at: datetime | None = None
    video_source: AnalyzedVideo | None = None
    error: AnswerProblem | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification(Model):
    """What has happened: `type` is such as index.task.ready or analyze.task.failed."""

    id: str
    type: str
    created_at: datetime | None = None
    data: NotifiedTask


def genuine(
    secret: str,
    signature: str,
    body: bytes,
    *,
    tolerance: float | None = 300.0,
    now: float | None = None,
) -> bool:
    """Whether the header `TL-Signature` was made with your `secret` for this very body.

    The body must be the bytes that came, not JSON that was read and written again. A signature
    that is more than `tolerance` seconds older or newer than `now` (in seconds since 1970, by
    default this moment) is not believed; None believes it at any time.
    """
    fields = [part.strip().partition("=") for part in signature.split(",")]
    seconds = next((value for name, _, value in fields if name == "t"), "")
    if not (seconds.isascii() and seconds.isdecimal()):
        return False
    moment = time.time() if now is None else now
    if tolerance is not None and abs(moment - int(seconds)) > tolerance:
        return False
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    right = signed.hexdigest().encode()
    return any(
        hmac.compare_digest(right, value.encode()) for name, _, value in fields if name == "v1"
    )


def notification(body: bytes) -> Notification:
    """What a notification says; `BadReply` when it makes no sense."""
    try:
        content = parse(body)
    except ValueError:
        raise BadReply("The notification is no JSON.") from None
    return Notification.read(content, "notification")
