"""The signature line of a webhook: an HMAC over its instant and its body."""

import hashlib
import hmac

HEADER = "X-Understudy-Signature"


def signed(secret: str, at: float, body: bytes) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256, keyed by `secret`, of `SECONDS.` and the body.

    The scheme is assumed; the form is the one that most senders of webhooks use.
    """
    seconds = int(at)
    mac = hmac.new(secret.encode(), b"%d." % seconds + body, hashlib.sha256)
    return f"t={seconds},v1={mac.hexdigest()}"


def genuine(secret: str, signature: str, body: bytes) -> bool:
    """Whether a signature line was made with `secret` for this body; for receivers in tests."""
    seconds = signature.partition(",")[0].removeprefix("t=")
    if not seconds.isdecimal():
        return False
    return hmac.compare_digest(signed(secret, int(seconds), body).encode(), signature.encode())
