"""Somebody's page, on a port of its own, in Chromium: what CORS lets it do, and what it shows.

No `test_` in the name, so that `make test` does not collect it: `make browser` names it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live import Live, live_server
from media import mp4
from playwright.sync_api import Browser, Page

from browser.chromium import browser, site

SERVED = ("twelvelabs", "memories", "--time", "auto")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    with site() as made:
        yield made


@pytest.fixture(scope="session")
def fake() -> Iterator[Live]:
    """A server as a developer starts it, with rate limits so that their headers show."""
    with live_server(*SERVED, "--rate-limit", "50/60") as live:
        yield live


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film large enough to be seen going up, on a slow line: see `slowly`."""
    path = tmp_path_factory.mktemp("films") / "harbour.mp4"
    path.write_bytes(mp4(60, padding=6_000_000))
    return path


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab in which every error of the page's own fails the test."""
    context = chromium.new_context()
    made = context.new_page()
    crashes: list[str] = []
    made.on("pageerror", lambda error: crashes.append(str(error)))
    yield made
    context.close()
    assert crashes == []


def opened(tab: Page, port: int, base: str, host: str = "127.0.0.1", key: str = "any-key") -> Page:
    tab.goto(f"http://{host}:{port}/?base={base}&key={key}")
    return tab


def run(tab: Page, code: str) -> Any:
    """What a promise of the page comes to; the message of its error where it fails."""
    return tab.evaluate(f"{code}.catch((error) => ({{ thrown: error.message }}))")


def slowly(tab: Page, upload: int) -> None:
    """Let the tab send `upload` bytes a second at most.

    Chromium tells a page of progress ten times a second and once at the end, so on a quick
    machine an upload of any bearable size can be over before there was anything to tell.
    """
    line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload}
    tab.context.new_cdp_session(tab).send("Network.emulateNetworkConditions", line)


def test_journey__from_upload_to_streams(tab: Page, port: int, fake: Live, film: Path) -> None:
    """Upload with progress, polls to the end, lines and events as they come: all cross-origin."""
    opened(tab, port, fake.url, key="journey")
    slowly(tab, upload=6_000_000)
    tab.set_input_files("#film", film)
    done = run(tab, "journey()")
    assert "thrown" not in done, done
    progress = tab.evaluate("window.progress")
    assert len(progress) > 2
    assert progress == sorted(progress)
    assert progress[-1] == 1
    assert done["made"]["status"] == 200
    statuses = tab.locator("#statuses li").all_text_contents()
    assert statuses[-1] == tab.text_content("#status") == "ready"
    assert {"validating", "indexing"} <= set(statuses)
    kinds = [event["event_type"] for event in done["lines"]]
    assert (kinds[0], kinds[-1]) == ("stream_start", "stream_end")
    assert tab.text_content("#lines")
    assert done["events"][-1] == "Done"
    assert tab.text_content("#error") == ""
    assert done["task"]["system_metadata"]["duration"] == 60


def test_headers__are_exposed_to_the_page(tab: Page, port: int, fake: Live, film: Path) -> None:
    """A script reads the rate window and the API version; CORS hides what is not exposed."""
    opened(tab, port, fake.url, key="headers")
    tab.set_input_files("#film", film)
    seen = run(tab, "journey()")["seen"]
    assert seen["X-Ratelimit-Limit"] == "50"
    assert int(seen["X-Ratelimit-Remaining"]) + int(seen["X-Ratelimit-Used"]) == 50
    assert int(seen["X-Ratelimit-Reset"]) > 1_700_000_000
    assert seen["X-Api-Version"] == "1.3"


def test_preflight__admits_the_headers_of_the_sdks(tab: Page, port: int, fake: Live) -> None:
    """The page sends x-api-key and x-fern-*: the browser asks first, and the server gets them."""
    opened(tab, port, fake.url, key="preflight")
    assert len(run(tab, "makeIndex()")) == 24
    sent = tab.request.get(
        f"{fake.url}/_understudy/journal?operation=create-index",
        headers={"x-api-key": "preflight"},
    ).json()["entries"]
    assert sent[-1]["request"]["headers"]["x-fern-sdk-name"] == "twelvelabs-js"
    assert sent[-1]["request"]["headers"]["origin"] == f"http://127.0.0.1:{port}"


def test_errors__are_shown(tab: Page, port: int, fake: Live) -> None:
    """The vendor's own message reaches the page, for a wrong key and an unknown id."""
    opened(tab, port, fake.url, key="invalid-key")
    assert run(tab, "makeIndex()") == {"thrown": "401"}
    assert "401: " in (tab.text_content("#error") or "")
    opened(tab, port, fake.url)
    assert run(tab, "poll('68632508f3585cb9ef3bd6fa')") == {"thrown": "404"}
    assert "68632508f3585cb9ef3bd6fa" in (tab.text_content("#error") or "")


def test_errors__say_when_to_come_back(tab: Page, port: int) -> None:
    """A 429 crosses origins with its Retry-After."""
    with live_server(*SERVED, "--rate-limit", "1/60") as live:
        opened(tab, port, live.url)
        assert run(tab, "analyze('68632508f3585cb9ef3bd6fa')") == {"thrown": "404"}
        assert run(tab, "analyze('68632508f3585cb9ef3bd6fa')") == {"thrown": "429"}
        seen = tab.evaluate("window.seen")
    assert 0 < int(seen["Retry-After"]) <= 60
    assert seen["X-Ratelimit-Remaining"] == "0"
    assert "429: " in (tab.text_content("#error") or "")


def test_origin__elsewhere_must_be_named(tab: Page, port: int, fake: Live) -> None:
    """A page of another host is kept from the replies, unless --cors-origin names its origin."""
    opened(tab, port, fake.url, host="studio.example")
    assert run(tab, "makeIndex()") == {"thrown": "Failed to fetch"}
    assert "No answer" in (tab.text_content("#error") or "")
    with live_server(*SERVED, "--cors-origin", f"http://studio.example:{port}") as live:
        opened(tab, port, live.url, host="studio.example")
        assert len(run(tab, "makeIndex()")) == 24


def test_host__elsewhere_must_be_named(tab: Page, port: int, fake: Live) -> None:
    """A name that leads here is not answered, as a rebound one would be; --allow-host admits it."""
    strange = fake.url.replace("127.0.0.1", "fake.example")
    opened(tab, port, strange)
    assert "thrown" in run(tab, "makeIndex()")
    with live_server(*SERVED, "--allow-host", "fake.example") as live:
        opened(tab, port, live.url.replace("127.0.0.1", "fake.example"))
        assert len(run(tab, "makeIndex()")) == 24


def test_control__is_closed_to_pages_of_other_origins(tab: Page, port: int, fake: Live) -> None:
    """Neither a reset nor a look into the journal, not even from another loopback port."""
    opened(tab, port, fake.url, key="closed")
    run(tab, "makeIndex()")
    control = f"{fake.url}/_understudy"
    for code in (f"fetch('{control}/journal')", f"fetch('{control}/reset', {{method: 'POST'}})"):
        assert run(tab, f"{code}.then((reply) => reply.status)") == {"thrown": "Failed to fetch"}
    journal = tab.request.get(f"{control}/journal", headers={"x-api-key": "closed"})
    assert journal.json()["total"] == 1


def test_events__in_a_browser(tab: Page, fake: Live) -> None:
    """An EventSource on the server's own origin follows what happens, and nobody is held up."""
    tab.goto(f"{fake.url}/_understudy/health")
    tab.evaluate(
        """() => { window.happened = []; const source = new EventSource("/_understudy/events");
        for (const kind of ["exchange", "violation", "status", "delivery"])
          source.addEventListener(kind, (told) => window.happened.push(JSON.parse(told.data))); }"""
    )
    tab.request.get(f"{fake.url}/twelvelabs/v1.3/indexes", headers={"x-api-key": "events"})
    tab.request.get(
        f"{fake.url}/twelvelabs/v1.3/indexes?page_limit=many", headers={"x-api-key": "events"}
    )
    tab.wait_for_function(
        "happened.some((each) => each.kind === 'violation' && each.pointer === '/page_limit')"
    )
    kinds = {each["kind"] for each in tab.evaluate("window.happened")}
    assert {"exchange", "violation"} <= kinds
