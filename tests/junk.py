"""Bodies that cannot be meant, and a picture of a fake by which a change of it would show."""

from copy import deepcopy

from understudy.mocks import Fake
from understudy.mocks.tenant import Tenant

DEEP = b"[" * 100_000
HUGE = b"9" * 400

JUNK = {
    "not UTF-8": b'{"index_name": "\xff\xfe"}',
    "cut short": b'{"index_name": "fil',
    "cut in a character": b'{"index_name": "\xc3',
    "empty text": b" ",
    "deep": DEEP,
    "deep and closed": DEEP + b"]" * len(DEEP),
    "deep object": b'{"a":' * 100_000,
    "deep inside": b'{"user_metadata":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "huge number": HUGE,
    "huge exponent": b'{"temperature": 1e999999}',
    "huge field": b'{"max_tokens": ' + HUGE + b', "index_name": ' + HUGE + b"}",
    "no number": b'{"temperature": NaN, "video_id": Infinity}',
    "lone surrogate": b'{"index_name": "\\ud800", "video_id": "\\udfff"}',
    "NUL": b"\x00",
    "null": b"null",
    "array": b"[]",
    "text": b'"films"',
    "byte order mark": b"\xef\xbb\xbf{",
    "UTF-16": '{"index_name": "films"}'.encode("utf-16"),
    "wrong types": b'{"index_name": [], "models": {}, "video_id": 1, "index_id": true,'
    b' "user_metadata": 5, "types": 0, "type": {}, "prompt": null, "name": 5, "metadata": 1}',
}


def form(*parts: bytes, end: bytes = b"--x--\r\n") -> bytes:
    """A multipart body of raw parts."""
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + end


FIELD = b'Content-Disposition: form-data; name="%s"\r\n\r\n%s'
FILE = b'Content-Disposition: form-data; name="video_file"; filename="a.mp4"\r\n\r\nsome'
TORN = {
    "no boundary": ("multipart/form-data", form(FILE)),
    "empty boundary": ("multipart/form-data; boundary=", form(FILE)),
    "long boundary": ("multipart/form-data; boundary=" + "x" * 5000, form(FILE)),
    "another boundary": ("multipart/form-data; boundary=y", form(FILE)),
    "cut in a file": ("multipart/form-data; boundary=x", b"--x\r\n" + FILE),
    "cut in a header": ("multipart/form-data; boundary=x", b"--x\r\nContent-Dispo"),
    "cut before the end": ("multipart/form-data; boundary=x", form(FILE, end=b"--x")),
    "nothing": ("multipart/form-data; boundary=x", b"--x--\r\n"),
    "no name": ("multipart/form-data; boundary=x", form(b"Content-Disposition: form-data\r\n\r\n")),
    "no header": ("multipart/form-data; boundary=x", form(b"\r\nfilms")),
    "not UTF-8": ("multipart/form-data; boundary=x", form(FIELD % (b"index_id", b"\xff\xfe"))),
    "name not UTF-8": ("multipart/form-data; boundary=x", form(FIELD % (b"\xff", b"1"))),
    "NUL": ("multipart/form-data; boundary=x", form(FIELD % (b"index_id", b"\x00"))),
    "huge number": ("multipart/form-data; boundary=x", form(FIELD % (b"page_limit", HUGE))),
    "deep": ("multipart/form-data; boundary=x", form(FIELD % (b"filter", DEEP))),
    "long header": ("multipart/form-data; boundary=x", form(b"X: " + b"a" * 100_000 + b"\r\n\r\n")),
    "many parts": ("multipart/form-data; boundary=x", form(*[FIELD % (b"a", b"b")] * 2_000)),
    "text": ("multipart/form-data; boundary=x", b"films"),
}


def shown(fake: Fake) -> object:
    """Everything that tenants hold, except the journal of what was asked."""
    return {tenant.name: held(tenant) for tenant in fake.engine.tenants if tenant.ids.taken}


def held(tenant: Tenant) -> object:
    """A tenant's resources, ids given out, events to come, deliveries, and time."""
    resources = {
        (kind, each.id): deepcopy(
            (each.fields, each.hidden, each.parent, each.created, each.updated, each.sequence)
        )
        for (_, kind), collection in tenant.store.collections().items()
        for each in collection
        # What reading a list counted is kept for the next reader, and is no change.
        if each.hidden.pop("counted", None) or True
    }
    counts = (tenant.ids.taken, len(tenant.agenda), len(tenant.deliveries))
    return resources, counts, tenant.clock.now()
