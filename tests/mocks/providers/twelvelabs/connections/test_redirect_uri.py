"""Redirect URIs: registered one by one, public https alone, and binding from the first on."""

import httpx2
import pytest
from connections_stage import DONE, ask
from hypothesis import given
from hypothesis import strategies as st
from junk import shown
from stage import NOBODY, refused

from understudy.mocks import Fake
from understudy.mocks.providers.twelvelabs.connections.redirect_uri import MOST, is_public, unfit

PATH = "/connections/redirect-uris"


def register(api: httpx2.Client, uri: str = DONE) -> httpx2.Response:
    return api.post(PATH, json={"redirect_uri": uri})


def test_redirect_uri__registered_listed_removed(fake: Fake, api: httpx2.Client) -> None:
    """The newest first, page by page; what is removed is gone."""
    made = []
    for at in range(3):
        response = register(api, f"{DONE}/{at}")
        assert response.status_code == 201
        made.append(response.json())
        fake.clock.advance(1)
    assert set(made[0]) == {"_id", "redirect_uri", "created_at"}
    page = api.get(PATH, params={"page_limit": 2}).json()
    assert page["data"] == [made[2], made[1]]
    assert page["page_info"]["total_results"] == 3
    assert api.get(PATH, params={"page": 9}).json()["data"] == []
    gone = f"{PATH}/{made[1]['_id']}"
    assert api.delete(gone).status_code == 204
    refused(api.delete(gone), 404, "resource_not_exists")
    assert api.get(PATH).json()["data"] == [made[2], made[0]]


def test_redirect_uri__binds_consents(api: httpx2.Client) -> None:
    """From the first registered one on, consents lead there and nowhere else, to the letter."""
    assert ask(api, "http://localhost/x").status_code == 200
    made = register(api).json()
    assert ask(api).status_code == 200
    for other in ("http://localhost/x", f"{DONE}/", f"{DONE}?a=1", DONE.replace("app", "App")):
        assert "registered" in refused(ask(api, other), 400, "parameter_invalid")
    api.delete(f"{PATH}/{made['_id']}")
    assert ask(api, "http://localhost/x").status_code == 200


def test_redirect_uri__twice_is_a_conflict(fake: Fake, api: httpx2.Client) -> None:
    """A known URI is refused, and nothing is changed."""
    register(api)
    before = shown(fake)
    refused(register(api), 409, "resource_conflict")
    assert shown(fake) == before


def test_redirect_uri__too_many(fake: Fake, api: httpx2.Client) -> None:
    """There is a limit, with a code of its own; a removed one makes room."""
    ids = [register(api, f"{DONE}/{at}").json()["_id"] for at in range(MOST)]
    before = shown(fake)
    refused(register(api), 422, "redirect_uri_limit_exceeded")
    assert shown(fake) == before
    api.delete(f"{PATH}/{ids[0]}")
    assert register(api).status_code == 201


UNFIT = [
    "http://app.example/done",
    "app.example/done",
    "ftp://app.example/done",
    "https://localhost/done",
    "https://app/done",
    "https://app.local/done",
    "https://app.internal",
    "https://127.0.0.1/done",
    "https://10.0.0.7/done",
    "https://192.168.1.9/",
    "https://169.254.169.254/",
    "https://0x7f000001/",
    "https://127.1/",
    "https://[::1]/done",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1]/",
    "https://[broken/",
    "https://*.app.example/done",
    "https://app.example/*",
    "https://ann:word@app.example/done",
    "https://app.example/done#here",
    "https://app.example/done#",
    "https://app.example:99999/",
    "https://app..example/",
    "https://app.example/\u00e9",
    "https://app.example/a b",
    "https:///done",
    "https://",
]


@pytest.mark.parametrize("uri", UNFIT)
def test_redirect_uri__unfit(fake: Fake, api: httpx2.Client, uri: str) -> None:
    """Not https, not public, with a wildcard or parts that none may have: 422, and why."""
    register(api)
    before = shown(fake)
    refused(register(api, uri), 422, "redirect_uri_invalid")
    assert shown(fake) == before


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example",
        "https://app.example:8443/a?b=c",
        "HTTPS://APP.EXAMPLE/x",
        "https://8.8.8.8/done",
        "https://xn--bcher-kva.example/",
        "https://[2606:4700::1]/done",
    ],
)
def test_redirect_uri__fit(api: httpx2.Client, uri: str) -> None:
    """A public https address is taken as it is written."""
    made = register(api, uri)
    assert made.status_code == 201, made.text
    assert made.json()["redirect_uri"] == uri


@pytest.mark.parametrize("body", [{}, {"redirect_uri": ""}, {"redirect_uri": 3}, {"uri": DONE}, []])
def test_redirect_uri__bad_request(api: httpx2.Client, body: object) -> None:
    """Without a URI at all it is a bad request, not an unfit URI."""
    assert api.post(PATH, json=body).status_code == 400
    refused(api.delete(f"{PATH}/x"), 400, "parameter_invalid")
    refused(api.delete(f"{PATH}/{NOBODY}"), 404, "resource_not_exists")


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"https://{text}"))
def test_unfit__judges_anything(text: str) -> None:
    """Any text is judged, and nothing that is fit can break a header line."""
    if not unfit(text):
        assert text.isascii()
        assert text.isprintable()
        assert " " not in text


@given(st.ip_addresses())
def test_is_public__addresses(address: object) -> None:
    """No address is public that the registries call private, loopback or local."""
    if is_public(str(address)):
        for word in ("is_private", "is_loopback", "is_link_local", "is_unspecified"):
            assert not getattr(address, word)
