"""What tests of Twelve Labs' connections share: consents that are asked for and opened."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from understudy.mocks import Fake

Body = dict[str, Any]

DONE = "https://app.example/oauth/done"
FILE = "1AbCdEfGhIjKlMnOp"
SOON = 600.0
"""Seconds after which an imported file is ready."""


def ask(api: httpx2.Client, uri: str = DONE, **more: str) -> httpx2.Response:
    """Begin connecting a drive."""
    body = {"provider": "google_drive", "redirect_uri": uri, **more}
    return api.post("/connections:authorize", json=body)


def open_address(fake: Fake, url: str, method: str = "GET") -> httpx2.Response:
    """Open an address as a user's browser does: without a key, following nothing."""
    with httpx2.Client(transport=fake.transport(), follow_redirects=False) as browser:
        return browser.request(method, url)


def told(response: httpx2.Response) -> dict[str, str]:
    """What a user brings back: the query of the address that the reply leads to."""
    assert response.status_code == 302, response.text
    query = parse_qs(urlsplit(response.headers["location"]).query, strict_parsing=True)
    return {name: value for name, [value] in query.items()}


def connect(fake: Fake, api: httpx2.Client, **more: str) -> str:
    """Connect a drive and answer the connection's id."""
    asked = ask(api, **more)
    assert asked.status_code == 200, asked.text
    return told(open_address(fake, asked.json()["authorize_url"]))["connection_id"]


def fetch(api: httpx2.Client, connection: str, *source_ids: str) -> httpx2.Response:
    """Import files."""
    items = [{"source_id": each} for each in source_ids]
    return api.post(f"/connections/{connection}/imports", json={"items": items})
