"""requests and urllib3: uploads, streams, retries and failures, as on a socket."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import urllib3
from media import mp4
from requests.adapters import HTTPAdapter

from understudy.mocks import Fake

BASE = "https://api.twelvelabs.io/v1.3"
KEY = {"x-api-key": "any-key"}
MODELS = [
    {"model_name": "marengo2.7", "model_options": ["visual", "audio"]},
    {"model_name": "pegasus1.2", "model_options": ["visual", "audio"]},
]


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake("twelvelabs") as entered:
        yield entered


@pytest.fixture
def api(fake: Fake) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers.update(KEY)
        yield session


def new_index(api: requests.Session) -> str:
    return str(
        api.post(f"{BASE}/indexes", json={"index_name": "f", "models": MODELS}).json()["_id"]
    )


def test_upload__of_a_file_is_read(api: requests.Session, fake: Fake) -> None:
    """A multipart body with a file arrives as a film with its duration."""
    index = new_index(api)
    files = {"video_file": ("film.mp4", io.BytesIO(mp4(30.0)), "video/mp4")}
    made = api.post(f"{BASE}/tasks", data={"index_id": index}, files=files)
    assert made.status_code == 200, made.text
    fake.clock.run_until_idle()
    video = api.get(f"{BASE}/indexes/{index}/videos/{made.json()['video_id']}").json()
    assert video["system_metadata"]["duration"] == 30.0


def test_upload__in_chunks_of_unknown_length(api: requests.Session) -> None:
    """A generator as body is sent on, piece by piece."""
    body = json.dumps({"index_name": "chunked", "models": MODELS}).encode()
    pieces = (body[at : at + 10] for at in range(0, len(body), 10))
    made = api.post(f"{BASE}/indexes", data=pieces, headers={"content-type": "application/json"})
    assert made.status_code == 201, made.text


def test_stream__comes_line_by_line(api: requests.Session, fake: Fake) -> None:
    """A streamed answer is read as it is written."""
    index = new_index(api)
    fields = {"index_id": (None, index), "video_url": (None, "https://media.example/a.mp4")}
    video = api.post(f"{BASE}/tasks", files=fields).json()["video_id"]
    fake.clock.run_until_idle()
    asked = {"video_id": video, "prompt": "What happens?", "stream": True}
    with api.post(f"{BASE}/analyze", json=asked, stream=True) as reply:
        lines = [line for line in reply.iter_lines() if line]
    assert len(lines) > 3
    assert all(line.startswith(b"{") for line in lines)


def test_retries__of_the_pool_are_the_pools(fake: Fake) -> None:
    """A 429 with Retry-After is retried by urllib3 itself, and its sleep moves our clock."""
    patient = urllib3.Retry(total=3, status_forcelist=[429], allowed_methods=None)
    with Fake("twelvelabs", rate="2/60") as limited, requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=patient))
        began = limited.clock.now()
        seen = [session.get(f"{BASE}/indexes", headers=KEY).status_code for _ in range(3)]
        assert seen == [200, 200, 200]
        assert [entry.status for entry in limited.journal] == [200, 200, 429, 200]
        assert 0 < limited.clock.now() - began <= 61


def test_urllib3__preloads_and_streams(fake: Fake) -> None:
    """Both ways of urllib3 to read a reply."""
    with urllib3.PoolManager(headers=KEY) as pool:
        whole = pool.request("GET", f"{BASE}/indexes")
        assert (whole.status, whole.reason, whole.json()["data"]) == (200, "OK", [])
        later = pool.request("GET", f"{BASE}/indexes", preload_content=False)
        assert later.read() == whole.data
        later.release_conn()


def test_session__goes_on_after_the_fake(fake: Fake) -> None:
    """A connection that a fake answered for is opened for real by the next call to that server."""
    with Fake("twelvelabs", time="manual") as served:
        url = served.serve()
        with requests.Session() as session:
            assert session.get(f"{url}/twelvelabs/v1.3/indexes", headers=KEY).status_code == 200
        assert len(served.journal) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refused", requests.exceptions.ConnectionError),
        ("reset", requests.exceptions.ConnectionError),
        ("truncated", requests.exceptions.ChunkedEncodingError),
    ],
)
def test_faults__are_the_librarys_own_errors(
    api: requests.Session, fake: Fake, kind: Any, error: type[Exception]
) -> None:
    """What breaks a connection arrives as requests tells it."""
    fake.faults.add(kind, operation="list-indexes", times=1)
    with pytest.raises(error):
        api.get(f"{BASE}/indexes")
    assert api.get(f"{BASE}/indexes").status_code == 200


def test_latency__beyond_the_patience_of_requests_is_a_time_out() -> None:
    """A reply later than `timeout` allows is the library's own time-out; the clock has moved."""
    with Fake("twelvelabs") as fake:
        fake.faults.add("latency", delay=60, times=1)
        before = fake.clock.now()
        with pytest.raises(requests.Timeout):
            requests.get(f"{BASE}/indexes", headers=KEY, timeout=5)
        assert fake.clock.now() == before + 5
        assert requests.get(f"{BASE}/indexes", headers=KEY, timeout=5).ok
