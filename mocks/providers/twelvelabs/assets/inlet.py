"""Where a chunk is PUT: a URL for one use, without the key, which answers with an ETag."""

from understudy.contracts.exchange import Request
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.kind import text
from understudy.mocks.providers.twelvelabs.assets.chunks import Chunks
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.tenant import Tenant


def put(upload_id: str, index: int, serial: int, tenant: Tenant, request: Request) -> Answer:
    """Takes the bytes of a chunk and answers with their hash in quotes.

    Refused with 405 for another method, 404 when the session is gone, 403 when it has ended or
    the URL was used, 409 when the chunk is complete, 413 and 400 for too many and too few bytes.
    """
    if request.method != "PUT":
        message = f"{request.method} is not allowed on the URL of a chunk; PUT it"
        raise Refusal(Reason.NO_METHOD, message, headers=(("allow", "PUT"),))
    held = tenant.store.held("twelvelabs", "uploads")
    upload = held.get(upload_id) if held is not None else None
    if upload is None:
        raise Refusal(Reason.UNKNOWN, f"the upload {upload_id!r} of this URL is gone")
    status = text(upload.fields.get("status"))
    if status != "active":
        raise _forbidden(f"the upload {upload_id!r} is {status}; only an active one takes chunks")
    chunks = Chunks(upload)
    if chunks.spent(serial):
        message = f"this URL of the chunk {index} was used; each is for one use, ask for a new one"
        raise _forbidden(message)
    if chunks.status(index) == "completed":
        raise Refusal(Reason.CONFLICT, f"the chunk {index} is complete")
    proof = chunks.receive(index, serial, _whole(request, index, chunks.size_of(index)))
    return nothing(200, (("etag", f'"{proof}"'),))


def _whole(request: Request, index: int, expected: int) -> bytes:
    """The body, if it has as many bytes as the chunk."""
    body = request.body
    if not isinstance(body, bytes):
        message = f"send the bytes of the chunk {index} as they are, not as a form"
        raise Refusal(Reason.INVALID, message)
    if len(body) == expected:
        return body
    reason = Reason.TOO_LARGE if len(body) > expected else Reason.INVALID
    message = f"the chunk {index} has {expected} bytes, but {len(body)} came"
    raise Refusal(reason, message)


def _forbidden(message: str) -> Refusal:
    return Refusal(Reason.RULE, message, status=403)
