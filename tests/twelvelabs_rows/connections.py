"""Connections to drives, redirect URIs and imports."""

from collections.abc import Mapping

import httpx2
from connections_stage import DONE, FILE, ask, connect, fetch
from stage import NOBODY, client_of
from twelvelabs_stage import KEY, Calls, Ids, Stage

from understudy.mocks import Fake

ALL, URIS = "/connections", "/connections/redirect-uris"


def connection(stage: Stage) -> str:
    return connect(stage.fake, stage.api)


def home(stage: Stage) -> str:
    """The path of a connection."""
    return f"{ALL}/{stage.once('connection', connection)}"


def expired(stage: Stage) -> str:
    """The path of a connection that has expired."""
    path = home(stage)
    stage.fake.decide({"_id": stage.made["connection"]})
    return path


def uri(stage: Stage) -> str:
    """The path of a redirect URI."""
    return f"{URIS}/{stage.post(URIS, redirect_uri=DONE).json()['_id']}"


def imported(stage: Stage) -> str:
    """The path of an import."""
    home(stage)
    made = fetch(stage.api, stage.made["connection"], FILE).json()
    return f"{home(stage)}/imports/{made['_id']}"


def twice(stage: Stage) -> httpx2.Response:
    """Register a redirect URI for the second time."""
    assert uri(stage)
    return stage.post(URIS, redirect_uri=DONE)


ITEMS = [{"source_id": FILE}]
STATUSES: Mapping[str, Calls] = {
    "authorize-connection": {
        200: lambda s: ask(s.api),
        400: lambda s: ask(s.api, "ferry"),
    },
    "list-connections": {
        200: lambda s: s.get(ALL, page=len(home(s))),
        400: lambda s: s.get(ALL, page_limit=51),
    },
    "retrieve-connection": {
        200: lambda s: s.get(home(s)),
        400: lambda s: s.get(f"{ALL}/drive"),
        404: lambda s: s.get(f"{ALL}/{NOBODY}"),
    },
    "delete-connection": {
        204: lambda s: s.api.delete(home(s)),
        400: lambda s: s.api.delete(f"{ALL}/drive"),
        404: lambda s: s.api.delete(f"{ALL}/{NOBODY}"),
    },
    "create-picker-token": {
        200: lambda s: s.api.post(f"{home(s)}/picker-token"),
        400: lambda s: s.api.post(f"{ALL}/drive/picker-token"),
        404: lambda s: s.api.post(f"{ALL}/{NOBODY}/picker-token"),
        409: lambda s: s.api.post(f"{expired(s)}/picker-token"),
    },
    "list-redirect-uris": {
        200: lambda s: s.get(URIS, page=len(uri(s))),
        400: lambda s: s.get(URIS, page=0),
    },
    "register-redirect-uri": {
        201: lambda s: s.post(URIS, redirect_uri=DONE),
        400: lambda s: s.post(URIS),
        409: twice,
        422: lambda s: s.post(URIS, redirect_uri="http://localhost/done"),
    },
    "delete-redirect-uri": {
        204: lambda s: s.api.delete(uri(s)),
        400: lambda s: s.api.delete(f"{URIS}/done"),
        404: lambda s: s.api.delete(f"{URIS}/{NOBODY}"),
    },
    "list-imports": {
        200: lambda s: s.get(imported(s).rpartition("/")[0]),
        400: lambda s: s.get(f"{home(s)}/imports", page=0),
        404: lambda s: s.get(f"{ALL}/{NOBODY}/imports"),
    },
    "import-files": {
        202: lambda s: s.post(f"{home(s)}/imports", items=ITEMS),
        400: lambda s: s.post(f"{home(s)}/imports", items=ITEMS * 2),
        404: lambda s: s.post(f"{ALL}/{NOBODY}/imports", items=ITEMS),
        409: lambda s: s.post(f"{expired(s)}/imports", items=ITEMS),
    },
    "retrieve-import": {
        200: lambda s: s.get(imported(s)),
        400: lambda s: s.get(f"{home(s)}/imports/first"),
        404: lambda s: s.get(f"{home(s)}/imports/{NOBODY}"),
    },
}


def stock(fake: Fake) -> Ids:
    """A connection with an import, and a redirect URI."""
    with client_of(fake, KEY) as api:
        home = connect(fake, api)
        made = fetch(api, home, FILE).json()["_id"]
        uri = api.post(URIS, json={"redirect_uri": DONE}).json()["_id"]
    return {"connection_id": home, "import_id": made, "redirect_uri_id": uri}
