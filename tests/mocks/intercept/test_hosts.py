"""The vendors' real hosts, answered in this process, for each HTTP library and both kinds."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest
import requests
import respx
import urllib3

from understudy.mocks import Fake
from understudy.mocks.fake import Fake as Inner
from understudy.mocks.intercept.errors import Blocked, NotServed
from understudy.mocks.providers.catalogue import HOSTS, PROVIDERS, provide

BASE = "https://api.twelvelabs.io/v1.3"
KEY = {"x-api-key": "any-key"}
INDEX = {
    "index_name": "films",
    "models": [{"model_name": "marengo2.7", "model_options": ["visual", "audio"]}],
}


def by_urllib3(method: str, url: str, **more: Any) -> Any:
    """urllib3 in the manner of the others."""
    reply = urllib3.request(method, url, headers=more.get("headers"), json=more.get("json"))
    return reply


async def _async(library: Any, method: str, url: str, **more: Any) -> Any:
    async with library.AsyncClient() as client:
        return await client.request(method, url, **more)


CALLERS: dict[str, Callable[..., Any]] = {
    "httpx": httpx.request,
    "httpx2": httpx2.request,
    "requests": requests.request,
    "urllib3": by_urllib3,
    "httpx, async": lambda *how, **more: asyncio.run(_async(httpx, *how, **more)),
    "httpx2, async": lambda *how, **more: asyncio.run(_async(httpx2, *how, **more)),
}


def status_of(reply: Any) -> int:
    return int(getattr(reply, "status_code", None) or reply.status)


def content_of(reply: Any) -> Any:
    return reply.json()


@pytest.fixture(params=CALLERS)
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """One way to call."""
    return CALLERS[request.param]


def test_vendor__is_answered_here(call: Callable[..., Any]) -> None:
    """A body goes in, JSON comes out, and the journal knows of it."""
    with Fake("twelvelabs") as fake:
        made = call("POST", f"{BASE}/indexes", headers=KEY, json=INDEX)
        assert status_of(made) == 201
        found = call("GET", f"{BASE}/indexes/{content_of(made)['_id']}", headers=KEY)
        assert content_of(found)["index_name"] == "films"
        gone = call("DELETE", f"{BASE}/indexes/{content_of(made)['_id']}", headers=KEY)
        assert status_of(gone) == 204
        assert [entry.status for entry in fake.journal] == [201, 200, 204]


def test_operation__that_is_not_served_names_the_nearest(call: Callable[..., Any]) -> None:
    """The call fails, whatever the code would make of a 404."""
    with Fake("twelvelabs") as fake:
        with pytest.raises(NotServed, match=f"GET {BASE}/tasks"):
            call("GET", f"{BASE}/taskz", headers=KEY)
        with pytest.raises(NotServed, match="takes GET, POST"):
            call("DELETE", f"{BASE}/tasks", headers=KEY)
        with pytest.raises(NotServed, match=f"served below {BASE}, "):
            call("GET", "https://api.twelvelabs.io/v9/tasks", headers=KEY)
        assert len(fake.refusals) == 3


def test_operation__that_is_withdrawn_is_answered_as_the_vendor_does(
    call: Callable[..., Any],
) -> None:
    """With `retired="gone"` the code under test meets the 404, with the day and the way out."""
    with Fake("twelvelabs", retired="gone") as fake:
        reply = call("POST", f"{BASE}/gist", headers=KEY, json={})
        assert status_of(reply) == 404
        assert "withdrawn on 2026-03-11; use POST /analyze" in content_of(reply)["message"]
        assert not fake.refusals


def test_vendor__that_is_not_played_is_refused(call: Callable[..., Any]) -> None:
    """A call to another vendor never leaves the machine."""
    with Fake("twelvelabs"), pytest.raises(NotServed, match="plays twelvelabs"):
        call("GET", "https://api.mixpeek.com/v1/namespaces")


def test_others__can_be_blocked(call: Callable[..., Any]) -> None:
    """With `block`, a host that is no vendor's is refused before it is looked up."""
    with Fake("twelvelabs", block=True), pytest.raises(Blocked, match=r"nowhere\.example"):
        call("GET", "https://nowhere.example/file")


def test_others__are_left_alone(call: Callable[..., Any]) -> None:
    """A server on loopback is reached through the real socket, blocked or not."""
    with Inner("twelvelabs", time="manual") as served:
        url = served.serve()
        with Fake("twelvelabs", block=True) as fake:
            reply = call("GET", f"{url}/twelvelabs/v1.3/indexes", headers=KEY)
            assert status_of(reply) == 200
            assert len(fake.journal) == 0
        assert len(served.journal) == 1


def test_exit__gives_everything_back() -> None:
    """Every replaced function is the library's own again."""
    connection = urllib3.connection.HTTPConnection
    secure = urllib3.connection.HTTPSConnection

    def all_of_them() -> list[object]:
        return [
            httpx.HTTPTransport.handle_request,
            httpx.AsyncHTTPTransport.handle_async_request,
            httpx2.HTTPTransport.handle_request,
            httpx2.AsyncHTTPTransport.handle_async_request,
            connection.connect,
            secure.connect,
            connection.request,
            connection.getresponse,
        ]

    before = all_of_them()
    with Fake("twelvelabs") as fake, fake, Fake("twelvelabs"):
        assert all(now is not then for now, then in zip(all_of_them(), before, strict=True))
    assert all(now is then for now, then in zip(all_of_them(), before, strict=True))


def test_fakes__side_by_side_each_answer_for_their_own() -> None:
    """The inner one hears what it plays; what only the outer one plays goes there."""
    pets = {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example"}],
        "paths": {"/pets": {"get": {"responses": {"200": {"description": "All."}}}}},
    }
    with Fake("twelvelabs") as outer, Fake(pets) as inner:
        assert httpx.get(f"{BASE}/indexes", headers=KEY).status_code == 200
        assert httpx.get("https://pets.example/pets").status_code == 200
        assert requests.get(f"{BASE}/indexes", headers=KEY, timeout=5).status_code == 200
        assert (len(outer.journal), len(inner.journal)) == (2, 1)


def test_entered__twice_stays_until_both_have_ended() -> None:
    """A fake that is entered again inside itself goes on when the inner block ends."""
    with Fake("twelvelabs") as fake:
        with fake:
            httpx.get(f"{BASE}/indexes", headers=KEY)
        httpx.get(f"{BASE}/indexes", headers=KEY)
        assert len(fake.journal) == 2


def test_threads__and_loops_of_their_own_are_answered() -> None:
    """Ten threads, half of them with an event loop, on clients made outside."""
    client = httpx.Client(headers=KEY)
    with Fake("twelvelabs") as fake:

        async def looped() -> None:
            async with httpx2.AsyncClient(headers=KEY) as api:
                await asyncio.gather(*(api.get(f"{BASE}/indexes") for _ in range(5)))

        work: list[Callable[[], object]] = [
            lambda: [client.get(f"{BASE}/indexes") for _ in range(5)],
            lambda: asyncio.run(looped()),
        ]
        threads = [threading.Thread(target=work[number % 2]) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(fake.journal) == 50
    client.close()


def test_own_transport__of_a_client_is_not_touched() -> None:
    """Who brings a transport of their own meant it."""
    mocked = httpx.MockTransport(lambda request: httpx.Response(418))
    with Fake("twelvelabs"), httpx.Client(transport=mocked) as client:
        assert client.get(f"{BASE}/indexes").status_code == 418


def test_respx__answers_for_other_hosts_beside_us() -> None:
    """Its routes and ours work together, whichever came first."""
    with respx.mock:
        respx.get("https://weather.example/").respond(json={"sky": "blue"})
        with Fake("twelvelabs"):
            assert httpx.get("https://weather.example/").json() == {"sky": "blue"}
            assert httpx.get(f"{BASE}/indexes", headers=KEY).status_code == 200
    with Fake("twelvelabs"), respx.mock:
        respx.get("https://weather.example/").respond(json={"sky": "grey"})
        assert httpx.get("https://weather.example/").json() == {"sky": "grey"}
        assert httpx.get(f"{BASE}/indexes", headers=KEY).status_code == 200


def test_fetched__files_and_the_control_api_are_on_the_vendors_host() -> None:
    """What replies link to can be fetched where they say; the control API is beside it."""
    with Fake("twelvelabs") as fake:
        index = httpx.post(f"{BASE}/indexes", headers=KEY, json=INDEX).json()["_id"]
        fields = {"index_id": (None, index), "video_url": (None, "https://media.example/a.mp4")}
        task = httpx.post(f"{BASE}/tasks", headers=KEY, files=fields).json()
        fake.clock.run_until_idle()
        hls = httpx.get(f"{BASE}/tasks/{task['_id']}", headers=KEY).json()["hls"]
        assert hls["video_url"].startswith("https://api.twelvelabs.io/_media/")
        assert requests.get(hls["video_url"], timeout=5).text.startswith("#EXTM3U")
        health = httpx.get("https://api.twelvelabs.io/_understudy/health")
        assert health.json()["status"] == "ok"
    assert fake.refusals == []


@pytest.mark.parametrize("name", PROVIDERS)
def test_catalogue__knows_the_hosts_of_every_provider(name: str) -> None:
    """A vendor whose provider is not among a fake's is recognised by its host."""
    assert {HOSTS[host] for host in provide(name).hosts if host in HOSTS} == {name}


def test_control__document_is_compiled_once() -> None:
    """A fresh fake for every test is cheap: what does not differ is shared."""
    one, two = (Fake("twelvelabs").engine.providers["_understudy"] for _ in range(2))
    assert one.editions[0].contract is two.editions[0].contract
