"""Uploads in parts, against a service made of the vendor's rules alone: what a network does to
them, and what is sent again.
"""

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from signal import SIGINT, pthread_kill
from typing import Any

import httpx2
import pytest
from callers import BASE, KEY, Awaiting, Blocking, error, reply
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.client import (
    BadReply,
    Cancellation,
    Cancelled,
    ConnectionFailed,
    File,
    Forbidden,
    NotFound,
    Options,
    TaskFailed,
    UnknownStatus,
    UsageError,
)
from understudy.client.crew import Crew
from understudy.client.twelvelabs.sync import assets
from understudy.client.twelvelabs.upload import UploadProgress, UploadSession

SIZE = 1_000
CONTENT = bytes(range(256)) * 40
PARTS = -(-len(CONTENT) // SIZE)
STORE = "https://store.example/bucket"
UPLOAD = "69d2a0b4c1e85f30718a9b77"
ASSET = "69d2a0b4c1e85f30718a9b01"
Trouble = Callable[[int, int], httpx2.Response | Exception | None]


class Store:
    """A session of an upload, with addresses that are good for one PUT."""

    def __init__(self, *, given: int = 3) -> None:
        self.given = given
        self.trouble: Trouble = lambda number, attempt: None
        self.requests: list[httpx2.Request] = []
        self.kept: dict[int, bytes] = {}
        self.reported: set[int] = set()
        self.reports: list[list[int]] = []
        self.attempts: dict[int, int] = {}
        self.asked: list[tuple[int, int]] = []
        self.status = "active"
        self.listed = True
        self._fresh: dict[str, int] = {}
        self._count = 0
        self._lock = threading.Lock()

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self.answer)

    @property
    def content(self) -> bytes:
        return b"".join(self.kept[number] for number in sorted(self.reported))

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        with self._lock:
            self.requests.append(request)
        if request.url.host == "store.example":
            return self._put(request)
        assert request.headers["x-api-key"] == KEY
        where = request.url.path.removeprefix("/v1.3/assets")
        body = json.loads(request.content) if request.content else {}
        with self._lock:
            match request.method, where:
                case "POST", "/multipart-uploads":
                    assert body["total_size"] == len(CONTENT)
                    return reply(201, self.session())
                case "GET", "/multipart-uploads":
                    return reply(200, self._incomplete())
                case "POST", _ if where.endswith("/presigned-urls"):
                    assert body["start"] >= 1 and body["start"] + body["count"] <= PARTS + 1
                    assert body["count"] <= 50
                    self.asked.append((body["start"], body["count"]))
                    urls = self._urls(body["start"], body["count"])
                    return reply(200, {"upload_id": UPLOAD, "upload_urls": urls})
                case "POST", _:
                    return self._reported(body["completed_chunks"])
                case "GET", _ if UPLOAD in where:
                    return reply(200, self._state(int(request.url.params["page"])))
                case "GET", _:
                    return reply(200, {"_id": ASSET, "status": "ready", "method": "multipart"})
        raise AssertionError(request)

    def session(self) -> dict[str, Any]:
        return {
            "upload_id": UPLOAD,
            "asset_id": ASSET,
            "upload_urls": self._urls(1, self.given),
            "upload_headers": {"X-Store-Class": "cold"},
            "chunk_size": SIZE,
            "total_chunks": PARTS,
            "expires_at": "2026-10-03T08:00:00Z",
        }

    def expire(self) -> None:
        """No address that was given is good any more."""
        self._fresh.clear()

    def _urls(self, start: int, count: int) -> list[dict[str, Any]]:
        urls = []
        for number in range(start, start + count):
            self._count += 1
            url = f"{STORE}/{number}?X-Signature=a%2Fb%3D{self._count}"
            self._fresh[url] = number
            urls.append({"chunk_index": number, "url": url, "expires_at": "2026-10-02T09:00:00Z"})
        return urls

    def _put(self, request: httpx2.Request) -> httpx2.Response:
        assert request.method == "PUT"
        assert "x-api-key" not in request.headers and KEY not in str(request.headers)
        assert request.headers["content-type"] == "application/octet-stream"
        assert request.headers["content-length"] == str(len(request.content))
        assert "transfer-encoding" not in request.headers
        number = int(request.url.path.rpartition("/")[2])
        with self._lock:
            attempt = self.attempts[number] = self.attempts.get(number, 0) + 1
            fresh = self._fresh.pop(str(request.url), None)
        trouble = self.trouble(number, attempt)
        if fresh is None:
            text = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
            return httpx2.Response(403, content=text, headers={"content-type": "application/xml"})
        if isinstance(trouble, Exception):
            raise trouble
        if trouble is not None:
            return trouble
        self.kept[number] = request.content
        return httpx2.Response(200, headers={"ETag": f'"e{number}-{attempt}"'})

    def _reported(self, chunks: list[dict[str, Any]]) -> httpx2.Response:
        numbers = [chunk["chunk_index"] for chunk in chunks]
        self.reports.append(numbers)
        for chunk in chunks:
            number = chunk["chunk_index"]
            assert chunk["proof"] == f"e{number}-{self.attempts[number]}"
            assert chunk["proof_type"] == "etag" and chunk["chunk_size"] == len(self.kept[number])
        again = len(self.reported & set(numbers))
        self.reported |= set(numbers)
        done = {
            "asset_id": ASSET,
            "processed_chunks": len(numbers),
            "duplicate_chunks": again,
            "total_completed": len(self.reported),
        }
        if len(self.reported) == PARTS:
            self.status = "completed"
            done["url"] = f"{STORE}/whole"
        return reply(200, done)

    def _state(self, page: int) -> dict[str, Any]:
        chunks = [
            {"index": at, "status": "completed" if at in self.reported else "pending",
             "uploaded_at": None, "updated_at": "2026-10-02T08:00:00Z"}
            for at in range(1, PARTS + 1)
        ]  # fmt: skip
        return {
            "upload_id": UPLOAD,
            "status": self.status,
            "uploaded_chunks": chunks[(page - 1) * 4 : page * 4],
            "total_size": len(CONTENT),
            "page_info": info(page, -(-PARTS // 4)),
        }

    def _incomplete(self) -> dict[str, Any]:
        session = {
            "upload_id": UPLOAD,
            "status": self.status,
            "total_size": len(CONTENT),
            "chunk_size": SIZE,
            "total_chunks": PARTS,
        }
        return {"data": [session] if self.listed else [], "page_info": info(1, 1)}


def info(page: int, pages: int) -> dict[str, int]:
    return {"page": page, "limit_per_page": 4, "total_page": pages, "total_results": PARTS}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file of eleven parts, the last one shorter."""
    place = tmp_path / "ferry.mp4"
    place.write_bytes(CONTENT)
    return place


@pytest.mark.parametrize("workers", [1, 3, 20])
def test_upload__arrives_whole(caller: Blocking, film: Path, workers: int) -> None:
    """Every part once and in its place, at its own address; reported, and ready when waited for."""
    store = Store()
    client = caller.client(store.transport)
    new = caller.run(client.assets.upload(film, workers=workers, user_metadata={"kind": "boat"}))
    assert (new.id, new.asset_id, store.content) == (ASSET, ASSET, CONTENT)
    assert store.attempts == dict.fromkeys(range(1, PARTS + 1), 1)
    assert [len(numbers) for numbers in store.reports] == [10, 1]
    assert {request.headers.get("x-store-class") for request in puts(store)} == {"cold"}
    assert sum(count for _, count in store.asked) == PARTS - 3
    made = json.loads(store.requests[0].content)
    assert made == {
        "filename": "ferry.mp4",
        "type": "video",
        "total_size": len(CONTENT),
        "user_metadata": {"kind": "boat"},
    }
    assert caller.run(new.wait()).status == "ready"


def test_upload__of_bytes_and_of_named_files(caller: Blocking, film: Path) -> None:
    """Bytes need a type to be guessed from a name, or to be said."""
    for source, more in ((CONTENT, {"type": "audio"}), (str(film), {})):
        store = Store(given=PARTS)
        caller.run(caller.client(store.transport).assets.upload(source, **more))
        assert store.content == CONTENT and store.asked == []
    with pytest.raises(UsageError, match="type="):
        caller.run(caller.client(Store().transport).assets.upload(CONTENT))
    with pytest.raises(UsageError, match="empty"):
        caller.run(caller.client(Store().transport).assets.upload(b"", type="video"))
    with pytest.raises(UsageError, match="pass a path or bytes"):
        caller.run(caller.client(Store().transport).assets.upload(iter([b"x"]), type="video"))
    with pytest.raises(UsageError, match="workers is 0"):
        caller.run(caller.client(Store().transport).assets.upload(film, workers=0))


def test_parts__are_under_way_at_the_same_time(caller: Blocking, film: Path) -> None:
    """Threads, or tasks, wait for each other at the store, which would else wait for ever."""
    store = Store(given=3)
    if caller.asynchronous:
        meeting = asyncio.Barrier(3)

        async def answer(request: httpx2.Request) -> httpx2.Response:
            if request.url.path in {"/bucket/1", "/bucket/2", "/bucket/3"}:
                async with asyncio.timeout(60):
                    await meeting.wait()
            return store.answer(request)

        transport: Any = httpx2.MockTransport(answer)
    else:
        together = threading.Barrier(3, timeout=60)

        def meet(number: int, attempt: int) -> None:
            if number <= 3:
                together.wait()

        store.trouble, transport = meet, store.transport
    caller.run(caller.client(transport).assets.upload(film, workers=3))
    assert store.content == CONTENT


def test_part__is_tried_again_at_a_fresh_address(caller: Blocking, film: Path) -> None:
    """After a refusal, a lost connection, a used address: with a pause, then elsewhere."""
    store = Store()
    bad: dict[tuple[int, int], httpx2.Response | Exception] = {
        (2, 1): httpx2.Response(503),
        (2, 2): httpx2.ReadError("reset"),
        (5, 1): httpx2.Response(400, content=b"<Error><Code>ExpiredToken</Code></Error>"),
        (11, 1): httpx2.Response(410),
    }
    store.trouble = lambda number, attempt: bad.get((number, attempt))
    caller.run(caller.client(store.transport).assets.upload(film))
    assert store.content == CONTENT
    assert (store.attempts[2], store.attempts[5], store.attempts[11]) == (3, 2, 2)
    urls = [str(request.url) for request in puts(store)]
    assert len(urls) == len(set(urls))
    assert sorted(caller.time.slept) == [0.25, 0.25, 0.25, 0.5]
    assert store.asked.count((2, 1)) == 2


def test_addresses__that_have_expired_are_replaced(caller: Blocking, film: Path) -> None:
    """All at once, in the middle: each part whose address is refused asks for another."""
    store = Store(given=PARTS)

    def late(number: int, attempt: int) -> None:
        if number == 4 and attempt == 1:
            store.expire()

    store.trouble = late
    caller.run(caller.client(store.transport).assets.upload(film, workers=1))
    assert store.content == CONTENT and store.attempts[4] == 1 and store.attempts[5] == 2


TROUBLES: list[Callable[[], httpx2.Response | Exception]] = [
    lambda: httpx2.Response(500),
    lambda: httpx2.Response(403, content=b"<Error><Code>AccessDenied</Code></Error>"),
    lambda: httpx2.Response(429, headers={"retry-after": "3"}),
    lambda: httpx2.ConnectError("no route"),
    lambda: httpx2.ReadTimeout("slow"),
    lambda: httpx2.RemoteProtocolError("hung up"),
]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.integers(1, PARTS), st.lists(st.sampled_from(TROUBLES), min_size=1, max_size=3)
    ),
    st.sets(st.integers(1, PARTS)),
    st.integers(1, 4),
    st.integers(0, PARTS),
    st.sampled_from([Blocking, Awaiting]),
)
def test_upload__survives_what_passes(
    plan: dict[int, list[Any]], expiring: set[int], workers: int, given_: int, kind: Any
) -> None:
    """Fewer failures of each part than attempts, addresses that all expire at any moment: the
    file arrives whole, and each part that arrived is reported once.
    """
    store, caller = Store(given=given_), kind()
    expired: set[int] = set()

    def trouble(number: int, attempt: int) -> httpx2.Response | Exception | None:
        if number in expiring - expired and len(expired) < 2:
            expired.add(number)
            store.expire()
        # Each of two expiries may cost a part one of its four attempts.
        steps = plan.get(number, [])[: 1 if expiring else 3]
        return steps[attempt - 1]() if attempt <= len(steps) else None

    store.trouble = trouble
    source = File(CONTENT, name="a.mp4")
    new = caller.run(caller.client(store.transport).assets.upload(source, workers=workers))
    assert new.id == ASSET and store.content == CONTENT
    reported = [number for numbers in store.reports for number in numbers]
    assert sorted(reported) == list(range(1, PARTS + 1))
    caller.close()


def test_part__that_never_arrives_ends_the_upload(caller: Blocking, film: Path) -> None:
    """After as many attempts as the client makes; what arrived is reported, and how to go on."""
    store = Store()
    store.trouble = lambda number, attempt: httpx2.ConnectError("gone") if number == 6 else None
    client = caller.client(store.transport)
    with pytest.raises(ConnectionFailed) as caught:
        caller.run(client.assets.upload(film, workers=2))
    assert store.attempts[6] == 4 and 1 in store.reported and 6 not in store.reported
    assert caught.value.__notes__ == [
        "Part 6 was given up after 4 attempts.",
        f"Go on with client.assets.upload(..., resume='{UPLOAD}').",
    ]
    store.trouble = lambda number, attempt: None
    before = set(store.reported)
    store.attempts.clear()
    new = caller.run(caller.client(store.transport).assets.upload(film, resume=UPLOAD))
    assert new.id == ASSET and store.content == CONTENT
    assert set(store.attempts) == set(range(1, PARTS + 1)) - before


@pytest.mark.parametrize("state", ["id", "session", "kept as JSON"])
def test_upload__goes_on_in_another_process(caller: Blocking, film: Path, state: str) -> None:
    """From an id, a session, or its JSON: only what is missing is sent."""
    store, seen = Store(), list[UploadProgress]()
    switch = Cancellation()

    def tell(now: UploadProgress) -> None:
        seen.append(now)
        if now.parts >= 4:
            switch.cancel()

    client = caller.client(store.transport, options=Options(cancellation=switch))
    with pytest.raises(Cancelled):
        caller.run(client.assets.upload(film, workers=1, progress=tell))
    begun = seen[0].upload
    done = set(store.reported)
    assert seen[0].sent == 0 and len(done) == 4 and done == set(store.kept)
    store.attempts.clear()
    store.expire()
    kept = UploadSession.read(json.loads(json.dumps(begun.raw)))
    resume = {"id": UPLOAD, "session": begun, "kept as JSON": kept}[state]
    seen.clear()
    other = caller.client(store.transport)
    new = caller.run(other.assets.upload(film, resume=resume, progress=seen.append))
    assert new.id == ASSET and store.content == CONTENT
    assert set(store.attempts) == set(range(1, PARTS + 1)) - done
    assert set(store.attempts.values()) == {1}
    assert (seen[0].parts, seen[0].sent) == (4, 4 * SIZE)
    assert (seen[-1].parts, seen[-1].sent) == (PARTS, len(CONTENT))


@pytest.mark.usefixtures("control_c")
def test_upload__that_is_interrupted_goes_on(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control-C ends the threads of the synchronous client; few parts are sent again."""
    store, caller, interrupted = Store(), Blocking(), threading.Event()

    class Telling(Crew):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name == "_interrupted" and value:
                interrupted.set()

    def interrupt(number: int, attempt: int) -> None:
        if number == 3:
            pthread_kill(threading.main_thread().ident, SIGINT)
        if number > 2:
            assert interrupted.wait(60)

    monkeypatch.setattr(assets, "Crew", Telling)
    store.trouble = interrupt
    with pytest.raises(KeyboardInterrupt):
        caller.client(store.transport).assets.upload(film, workers=2)
    assert set(store.kept) <= {1, 2, 3, 4}
    store.trouble = lambda number, attempt: None
    caller.client(store.transport).assets.upload(film, resume=UPLOAD)
    assert store.content == CONTENT


def test_upload__that_is_complete_already(caller: Blocking, film: Path) -> None:
    """A session knows its asset; an id alone does not, which is said."""
    store = Store()
    client = caller.client(store.transport)
    begun = UploadSession.read(store.session())
    store.reported = set(range(1, PARTS + 1))
    store.status, store.listed = "completed", False
    assert caller.run(client.assets.upload(film, resume=begun)).id == ASSET
    with pytest.raises(UsageError, match=r"completed and not in the list"):
        caller.run(client.assets.upload(film, resume=UPLOAD))
    assert puts(store) == []


def test_upload__that_cannot_be_gone_on_with(caller: Blocking, film: Path, tmp_path: Path) -> None:
    """Failed, expired, of another file, in a status that nobody knows: nothing is sent."""
    store = Store()
    client = caller.client(store.transport)
    for status, kind in (("failed", TaskFailed), ("expired", TaskFailed), ("lost", UnknownStatus)):
        store.status = status
        with pytest.raises(kind, match=status):
            caller.run(client.assets.upload(film, resume=UPLOAD))
    store.status = "active"
    other = tmp_path / "other.mp4"
    other.write_bytes(CONTENT[:-1])
    with pytest.raises(UsageError, match="of a file of 10240 bytes"):
        caller.run(client.assets.upload(other, resume=UPLOAD))
    assert puts(store) == []


def test_service__that_does_not_keep_its_word(caller: Blocking, film: Path) -> None:
    """No ETag, no address, parts that do not add up, parts that are lost over and over."""
    store = Store()
    store.trouble = lambda number, attempt: httpx2.Response(200) if number == 3 else None
    with pytest.raises(BadReply, match="no ETag"):
        caller.run(caller.client(store.transport).assets.upload(film, workers=1))

    class Mean(Store):
        def answer(self, request: httpx2.Request) -> httpx2.Response:
            if request.url.path.endswith("/presigned-urls"):
                return reply(200, {"upload_urls": []})
            return super().answer(request)

    with pytest.raises(BadReply, match="no address came for part 4"):
        caller.run(caller.client(Mean().transport).assets.upload(film))

    class Wrong(Store):
        def session(self) -> dict[str, Any]:
            return {**super().session(), "total_chunks": PARTS + 1}

    with pytest.raises(BadReply, match="are not those of a file"):
        caller.run(caller.client(Wrong().transport).assets.upload(film))

    class Forgetful(Store):
        def _reported(self, chunks: list[dict[str, Any]]) -> httpx2.Response:
            self.reports.append([chunk["chunk_index"] for chunk in chunks])
            return reply(200, {"asset_id": ASSET, "total_completed": 0})

    store = Forgetful()
    with pytest.raises(BadReply, match="sent 3 times"):
        caller.run(caller.client(store.transport).assets.upload(film))
    assert set(store.attempts.values()) == {3}


def test_part__that_the_service_lost_is_sent_again(caller: Blocking, film: Path) -> None:
    """What the session still lacks at the end is found by asking."""

    class Clumsy(Store):
        def _reported(self, chunks: list[dict[str, Any]]) -> httpx2.Response:
            if not self.reports:
                chunks = chunks[1:]
            return super()._reported(chunks)

    store = Clumsy()
    caller.run(caller.client(store.transport).assets.upload(film))
    assert store.content == CONTENT and sorted(store.attempts.values())[-1] == 2


def test_refusals__of_the_service_come_out(caller: Blocking, film: Path) -> None:
    """An account without uploads, a session that is gone: the error, and where to go on."""

    def refuse(request: httpx2.Request) -> httpx2.Response:
        return error(403, "uploads_disabled")

    with pytest.raises(Forbidden, match="uploads_disabled"):
        caller.run(caller.client(httpx2.MockTransport(refuse)).assets.upload(film))

    class Gone(Store):
        def _reported(self, chunks: list[dict[str, Any]]) -> httpx2.Response:
            return error(404, "resource_not_exist")

    with pytest.raises(NotFound) as caught:
        caller.run(caller.client(Gone().transport).assets.upload(film))
    assert UPLOAD in caught.value.__notes__[-1]


def test_session__that_fails_under_way_is_over(caller: Blocking, film: Path) -> None:
    """Found out when all parts are sent and it is still not complete; there is no going on."""

    class Failing(Store):
        def _reported(self, chunks: list[dict[str, Any]]) -> httpx2.Response:
            self.status = "failed"
            return reply(200, {"asset_id": ASSET, "total_completed": 0})

    with pytest.raises(TaskFailed, match="is failed") as caught:
        caller.run(caller.client(Failing().transport).assets.upload(film))
    assert not hasattr(caught.value, "__notes__")


def test_progress__grows_and_is_told_in_turn(caller: Blocking, film: Path) -> None:
    """From nothing to everything; a part that is lost is taken back; errors are the caller's."""
    store, seen = Store(), list[UploadProgress]()
    caller.run(caller.client(store.transport).assets.upload(film, progress=seen.append))
    assert (seen[0].sent, seen[0].parts, seen[0].total_parts) == (0, 0, PARTS)
    assert [now.sent for now in seen] == sorted(now.sent for now in seen)
    assert (seen[-1].sent, seen[-1].total, seen[-1].parts) == (len(CONTENT),) * 2 + (PARTS,)
    store, seen = Store(), []
    store.trouble = lambda number, attempt: httpx2.Response(500) if attempt == 1 else None
    caller.run(caller.client(store.transport).assets.upload(film, progress=seen.append))
    assert seen[-1].sent == len(CONTENT)
    assert [now.sent for now in seen] != sorted(now.sent for now in seen)

    def boom(now: UploadProgress) -> None:
        if now.sent:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        caller.run(caller.client(Store().transport).assets.upload(film, progress=boom))


def test_file__that_shrinks_is_noticed(caller: Blocking, film: Path) -> None:
    """Bytes that are not there any more are not made up."""
    store = Store()

    def cut(now: UploadProgress) -> None:
        if now.parts:
            film.write_bytes(CONTENT[:4_500])

    with pytest.raises(UsageError, match="shorter"):
        caller.run(caller.client(store.transport).assets.upload(film, workers=1, progress=cut))


def puts(store: Store) -> list[httpx2.Request]:
    """What went to the store itself."""
    return [request for request in store.requests if not str(request.url).startswith(BASE)]
