"""Faults of exchanges: each kind on a real port and in process, with the same outcome."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import httpx2
import pytest
from stage import BASE, MODELS, client_of, new_index, new_task

from understudy.mocks import Fake
from understudy.mocks.fault import Fault, FaultError, Kind, read, written
from understudy.mocks.node import Node

KEY = "tlk_test"
HEADERS = {"x-api-key": KEY}


@pytest.fixture
def fake() -> Iterator[Fake]:
    with closing(Fake("twelvelabs")) as made:
        yield made


@pytest.fixture(params=["port", "httpx2", "httpx"])
def api(request: pytest.FixtureRequest, fake: Fake) -> Iterator[Any]:
    """A client of the fake: over a socket, or in process with either library."""
    if request.param == "port":
        base = f"{fake.serve()}/twelvelabs/v1.3"
        with httpx2.Client(base_url=base, headers=HEADERS) as client:
            yield client
    elif request.param == "httpx2":
        with client_of(fake, KEY) as client:
            yield client
    else:
        transport = fake.transport("httpx")
        with httpx.Client(transport=transport, base_url=BASE, headers=HEADERS) as client:
            yield client


@contextmanager
def raising(name: str, *words: str) -> Iterator[None]:
    """Expects the error of that name, of whichever library, with one of those words."""
    with pytest.raises((httpx.TransportError, httpx2.TransportError)) as caught:
        yield
    assert type(caught.value).__name__ == name, caught.value
    assert any(word in str(caught.value) for word in words or ("",)), caught.value


def indexes(api: Any) -> Any:
    return api.get("/indexes")


def test_status__in_the_provider_s_own_envelope(fake: Fake, api: Any) -> None:
    """Any error status; the request is not carried out, and the next one is answered again."""
    fake.faults.add("status", status=503, operation="create-index", times=1)
    body = {"index_name": "films", "models": MODELS}
    reply = api.post("/indexes", json=body)
    assert (reply.status_code, reply.json()["code"]) == (503, "service_unavailable")
    assert set(reply.json()) == {"code", "message", "docs_url"}
    assert indexes(api).json()["data"] == []
    assert api.post("/indexes", json=body).status_code == 201


def test_status__says_what_it_was_told(fake: Fake, api: Any) -> None:
    """Message and code are the test's, where it gives them."""
    fake.faults.add("status", status=400, message="Not today.", code="closed")
    reply = indexes(api)
    assert (reply.status_code, reply.json()["code"]) == (400, "closed")
    assert reply.json()["message"] == "Not today."


def test_status__strikes_the_nth_call_for_so_many_times(fake: Fake, api: Any) -> None:
    """The first match that is struck, and how many from there on."""
    fake.faults.add("status", status=500, operation="list-indexes", nth=2, times=2)
    assert [indexes(api).status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    fake.faults.clear()
    fake.faults.add("status", status=500, nth=3)
    assert [indexes(api).status_code for _ in range(5)] == [200, 200, 500, 200, 200]


def test_status__by_chance_that_the_seed_decides() -> None:
    """The same seed strikes the same calls, another one others, and the share is right."""

    def struck(seed: int) -> list[int]:
        with closing(Fake("twelvelabs", seed=seed)) as fake, client_of(fake, KEY) as api:
            fake.faults.add("status", status=500, probability=0.3)
            return [indexes(api).status_code for _ in range(200)]

    first = struck(1)
    assert first == struck(1) != struck(2)
    assert 30 <= first.count(500) <= 90


def test_rate_limit__tells_the_true_time_of_its_end() -> None:
    """Retry-After and the reset shrink as the clock goes on; at that time calls pass again."""
    with closing(Fake("twelvelabs", time="manual")) as fake, client_of(fake, KEY) as api:
        fake.faults.add("status", status=429, retry_after=30)
        first = indexes(api)
        assert (first.status_code, first.headers["retry-after"]) == (429, "30")
        now = fake.clock.now()
        assert first.headers["x-ratelimit-reset"] == str(int(now) + 30)
        assert first.headers["x-ratelimit-remaining"] == "0"
        fake.clock.advance(20)
        second = indexes(api)
        assert (second.status_code, second.headers["retry-after"]) == (429, "10")
        assert second.headers["x-ratelimit-reset"] == str(int(now) + 30)
        fake.clock.advance(10)
        assert indexes(api).status_code == 200


def test_rate_limit__ends_on_the_wire_when_nobody_moves_the_clock(fake: Fake) -> None:
    """In `auto` time over HTTP, having been told counts as having waited."""
    fake.faults.add("status", status=429, retry_after=30)
    base = f"{fake.serve()}/twelvelabs/v1.3"
    with httpx2.Client(base_url=base, headers=HEADERS) as api:
        assert [indexes(api).status_code for _ in range(3)] == [429, 200, 200]


def test_latency__passes_on_the_clock(fake: Fake, api: Any) -> None:
    """In `auto` time the clock moves and nobody waits; two delays add up."""
    fake.faults.add("latency", delay=2, times=2)
    fake.faults.add("latency", delay=1.5)
    began = fake.clock.now()
    assert indexes(api).status_code == 200
    assert fake.tenant(KEY).clock.now() == began + 3.5


def test_latency__beyond_the_caller_s_patience_is_a_time_out(fake: Fake) -> None:
    """In process the time-out comes at once, after the caller's own seconds of the clock."""
    fake.faults.add("latency", delay=60, times=1)
    with client_of(fake, KEY) as api:
        with raising("ReadTimeout"):
            api.get("/indexes", timeout=30)
        assert fake.tenant(KEY).clock.now() == Fake().clock.now() + 30
        assert indexes(api).status_code == 200


def test_latency__on_a_real_clock_is_slept_through() -> None:
    """The adapter waits before the reply, the faster the higher the speed."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    real = Fake("twelvelabs", time="real", speed=10, sleep=slept.append, async_sleep=sleep)
    with closing(real) as fake:
        fake.faults.add("latency", delay=20)
        with client_of(fake, KEY) as api:
            indexes(api)
        with httpx2.Client(base_url=f"{fake.serve()}/twelvelabs/v1.3", headers=HEADERS) as api:
            indexes(api)
    assert slept == [2.0, 2.0]


def test_refused__does_nothing_and_answers_nothing(fake: Fake, api: Any) -> None:
    """No connection: on a port that accepts, a reset is the nearest that can be done."""
    fake.faults.add("refused", operation="create-index", times=1)
    with pytest.raises((httpx.NetworkError, httpx2.NetworkError)):
        api.post("/indexes", json={"index_name": "films", "models": MODELS})
    assert indexes(api).json()["data"] == []


def test_reset__comes_after_the_work_is_done(fake: Fake, api: Any) -> None:
    """What a client that repeats a lost request has to reckon with."""
    fake.faults.add("reset", operation="create-index", times=1)
    with raising("ReadError"):
        api.post("/indexes", json={"index_name": "films", "models": MODELS})
    assert [each["index_name"] for each in indexes(api).json()["data"]] == ["films"]


def test_truncated__ends_before_the_announced_length(fake: Fake, api: Any) -> None:
    """Half of the body by default, else as many bytes as the fault says."""
    new_index(api, "films")
    whole = len(indexes(api).content)
    fake.faults.add("truncated", times=1)
    with raising("RemoteProtocolError", f"received {whole // 2} bytes, expected {whole}"):
        indexes(api)
    fake.faults.add("truncated", after=7, times=1)
    with raising("RemoteProtocolError", f"received 7 bytes, expected {whole}"):
        indexes(api)
    assert indexes(api).status_code == 200


def test_garbled__is_a_whole_reply_of_nonsense(fake: Fake, api: Any) -> None:
    """No JSON by default, or what a proxy would have said."""
    fake.faults.add("garbled", times=1)
    reply = indexes(api)
    assert reply.status_code == 200
    with pytest.raises(ValueError, match=r"decode|Expecting"):
        reply.json()
    fake.faults.add("garbled", body="<html>Bad gateway</html>")
    assert indexes(api).text == "<html>Bad gateway</html>"


def test_broken_chunk__cannot_be_read(fake: Fake, api: Any) -> None:
    """A chunk whose size is no number, after the first bytes."""
    fake.faults.add("broken-chunk", times=1)
    with raising("RemoteProtocolError", "chunk"):
        indexes(api)
    assert indexes(api).status_code == 200


def streamed(fake: Fake, api: Any) -> list[str]:
    """The lines of a streamed analysis as they come; raises what the library raises."""
    index = new_index(api, "films")
    video = new_task(api, index, "https://media.example/a.mp4?duration=20")["video_id"]
    fake.clock.advance(9999)
    body = {"video_id": video, "prompt": "What happens here?", "stream": True}
    lines: list[str] = []
    with api.stream("POST", "/analyze", json=body) as reply:
        try:
            lines.extend(reply.iter_lines())
        except (httpx.RemoteProtocolError, httpx2.RemoteProtocolError) as error:
            lines.append(f"! {error}")
    return lines


@pytest.mark.parametrize("kind", ["cut", "broken-chunk"])
def test_cut__ends_a_stream_after_so_many_events(fake: Fake, api: Any, kind: Kind) -> None:
    """What came before is told, the end is missing."""
    fake.faults.add(kind, operation="generate-text-representation", after=3, times=1)
    *told, end = streamed(fake, api)
    assert len(told) == 3
    assert end.startswith("! ") and "chunk" in end


def test_cut__beyond_the_end_still_breaks_the_stream(fake: Fake, api: Any) -> None:
    """A stream that is shorter than the cut still ends without its last chunk."""
    fake.faults.add("cut", operation="generate-text-representation", after=100_000, times=1)
    *told, end = streamed(fake, api)
    assert "stream_end" in told[-1] and end.startswith("! ")


@pytest.mark.parametrize("breach", ["missing", "type"])
def test_breach__breaks_the_contract_and_nothing_else(fake: Fake, api: Any, breach: Any) -> None:
    """The reply is off contract in one place; ours it is not, so strict mode does not mind."""
    from understudy.contracts import Contract

    new_index(api, "films")
    fake.faults.add("breach", breach=breach, operation="list-indexes", times=1)
    reply = indexes(api)
    contract = Contract.load("twelvelabs/v1.3-2025")
    found = contract.check(reply.request, reply)
    assert len({(each.where, each.pointer) for each in found}) == 1, found
    [entry] = [each for each in fake.journal if each.faults]
    assert entry.violations == ()
    assert entry.faults[0].startswith(f"common-1 breach {breach} at /")
    assert contract.check(reply.request, indexes(api)) == []


def test_breach__of_an_enum_where_there_is_one(fake: Fake, api: Any) -> None:
    """A word that no client has heard of, in a place that the schema lists words for."""
    from understudy.contracts import Contract

    index = new_index(api, "films")
    task = new_task(api, index, "https://media.example/a.mp4")["_id"]
    fake.faults.add("breach", breach="enum", operation="retrieve-video-indexing-task", times=1)
    reply = api.get(f"/tasks/{task}")
    [violation] = Contract.load("twelvelabs/v1.3-2025").check(reply.request, reply)
    assert "understudy-unknown" in str(violation)


def test_breach__at_a_pointer(fake: Fake, api: Any) -> None:
    """The place that the test wants, whether the schema minds or not."""
    index = new_index(api, "films")
    fake.faults.add("breach", breach="missing", pointer="/index_name", times=1)
    assert "index_name" not in api.get(f"/indexes/{index}").json()
    fake.faults.add("breach", breach="type", pointer="/models/0/model_name", times=1)
    assert api.get(f"/indexes/{index}").json()["models"][0]["model_name"] == 42


def test_breach__that_finds_nothing_says_so(fake: Fake, api: Any) -> None:
    """The journal tells why the reply is as it always is."""
    fake.faults.add("breach", breach="missing", pointer="/nothing")
    assert indexes(api).json()["data"] == []
    [entry] = fake.journal
    assert entry.faults[0].endswith("there is nothing of the kind in this reply")


def test_fault__of_one_operation_and_provider(fake: Fake, api: Any) -> None:
    """Other operations are spared."""
    fake.faults.add("status", status=500, provider="twelvelabs", operation="list-indexes")
    assert indexes(api).status_code == 500
    assert api.get("/tasks").status_code == 200


def test_fault__of_the_requests_about_one_task(fake: Fake, api: Any) -> None:
    """Wherever the request names it: path, query or body."""
    index = new_index(api, "films")
    one, two = (new_task(api, index, f"https://media.example/{n}.mp4")["_id"] for n in "ab")
    fake.faults.add("status", status=500, task=one)
    assert api.get(f"/tasks/{one}").status_code == 500
    assert api.get(f"/tasks/{two}").status_code == 200


def test_fault__for_so_many_seconds_since_it_first_struck() -> None:
    """The window begins with the first strike, not with the fault."""
    with closing(Fake("twelvelabs", time="manual")) as fake, client_of(fake, KEY) as api:
        fake.faults.add("status", status=503, seconds=10)
        fake.clock.advance(100)
        seen = []
        for _ in range(4):
            seen.append(indexes(api).status_code)
            fake.clock.advance(4)
        assert seen == [503, 503, 503, 200]
        assert fake.journal.find(status=503)[0].faults == ("common-1 status 503",)


def test_fault__goes_when_it_is_taken_away(fake: Fake, api: Any) -> None:
    """By id or all; a reset forgets them too."""
    one = fake.faults.add("status", status=500, operation="list-indexes")
    fake.faults.add("status", status=500, operation="list-video-indexing-tasks")
    fake.faults.remove(one.id)
    assert indexes(api).status_code == 200
    assert [fault.operation for fault in fake.faults] == ["list-video-indexing-tasks"]
    fake.reset()
    assert len(fake.faults) == 0 and api.get("/tasks").status_code == 200


def test_fault__leaves_refused_keys_and_bad_requests_alone(fake: Fake, api: Any) -> None:
    """A key that is refused has no tenant, so no faults; what a caller did wrong is journalled."""
    fake.faults.add("status", status=503)
    assert api.get("/indexes", headers={"x-api-key": "invalid-key"}).status_code == 401
    assert api.get("/indexes?page_limit=51").status_code == 503
    assert fake.journal.find(status=503)[0].violations[0].pointer == "/page_limit"


def test_fault__a_request_on_the_way_ends_the_connection_for_asgi_clients(fake: Fake) -> None:
    """Where there is no socket below, the application raises: test clients show that."""
    transport = httpx2.ASGITransport(fake.asgi())
    fake.faults.add("reset")

    async def ask() -> None:
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1/twelvelabs/v1.3", headers=HEADERS
        ) as api:
            await api.get("/indexes")

    import asyncio

    with pytest.raises(ConnectionError, match="a fault of this test"):
        asyncio.run(ask())


@pytest.mark.parametrize(
    ("kind", "details", "said"),
    [
        ("refuse", {}, "did you mean 'refused'"),
        ("status", {}, "needs 'status'"),
        ("status", {"status": 100}, "from 200 to 599"),
        ("latency", {}, "needs 'delay'"),
        ("latency", {"delay": -1}, "from 0"),
        ("latency", {"delay": 1, "status": 500}, "takes no 'status'; it takes delay"),
        ("breach", {"breach": "typo"}, "did you mean 'type'"),
        ("status", {"status": 500, "nth": 0}, "from 1 on"),
        ("status", {"status": 500, "probability": 2}, "from 0 to 1"),
        ("status", {"status": 500, "operation": "list-index"}, "did you mean 'list-indexes'"),
        ("status", {"status": 500, "provider": "twelvelab"}, "did you mean 'twelvelabs'"),
        ("stuck", {"at": "indexin"}, "did you mean 'indexing'"),
        ("stuck", {"at": "ready"}, "No task here has a stage 'ready'"),
        ("status", {"status": 500, "colour": "red"}, "unknown key 'colour'"),
    ],
)
def test_fault__that_makes_no_sense(fake: Fake, kind: Any, details: Any, said: str) -> None:
    """What is wrong, and what would have worked."""
    with pytest.raises(FaultError, match=said):
        fake.faults.add(kind, **details)
    assert len(fake.faults) == 0


def test_fault__ids_are_used_once(fake: Fake) -> None:
    """An id of the test's own is taken as it is, a second time it is refused."""
    fake.faults.add("reset", id="mine")
    with pytest.raises(FaultError, match="'mine' already"):
        fake.tenant(KEY).faults.add("reset", id="mine")
    with pytest.raises(FaultError, match="There is no fault 'yours'"):
        fake.faults.remove("yours")


def test_fault__is_read_as_it_is_written() -> None:
    """A mapping of what is not as usual, and back."""
    fault = Fault("fail", id="x", at="indexing", reason="Lost.", probability=0.5, nth=2)
    assert read(Node(written(fault))) == fault
    assert written(Fault("reset")) == {"kind": "reset"}


def test_hot_path__asks_one_attribute(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without faults nothing of them runs."""
    from understudy.mocks.strike import Strike

    def never(call: object) -> Strike:
        raise AssertionError("a tenant without faults was asked for them")

    monkeypatch.setattr(Strike, "of", never)
    with client_of(fake, KEY) as api:
        assert indexes(api).status_code == 200


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refused", "ConnectionError"),
        ("reset", "ConnectionError"),
        ("truncated", "ChunkedEncodingError"),
        ("broken-chunk", "ChunkedEncodingError"),
    ],
)
def test_requests__fails_as_over_a_socket(kind: Kind, error: str) -> None:
    """The vendor's host, answered in this process, breaks for `requests` too."""
    import requests

    with Fake("twelvelabs") as fake:
        fake.faults.add(kind, times=1)
        with pytest.raises(requests.RequestException) as caught:
            requests.get(f"{BASE}/indexes", headers=HEADERS, timeout=5)
        assert type(caught.value).__name__ == error
        assert requests.get(f"{BASE}/indexes", headers=HEADERS, timeout=5).status_code == 200


def test_async__is_struck_as_well() -> None:
    """The transports of asynchronous clients raise and wait in the same way."""
    import asyncio

    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def run(fake: Fake, library: Any) -> list[str]:
        told = []
        transport = fake.async_transport(library.__name__)
        async with library.AsyncClient(transport=transport, base_url=BASE, headers=HEADERS) as api:
            for kind in ("refused", "reset", "truncated", "broken-chunk"):
                fake.faults.add(kind, times=1)
                try:
                    await api.get("/indexes")
                except library.TransportError as error:
                    told.append(type(error).__name__)
                fake.faults.clear()
            fake.faults.add("latency", delay=2)
            await api.get("/indexes")
        return told

    for library in (httpx, httpx2):
        with closing(Fake("twelvelabs", time="real", speed=4, async_sleep=sleep)) as fake:
            expected = ["ConnectError", "ReadError", "RemoteProtocolError", "RemoteProtocolError"]
            assert asyncio.run(run(fake, library)) == expected
    assert slept == [0.5, 0.5]
