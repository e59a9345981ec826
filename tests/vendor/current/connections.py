"""Connections of today, over Python SDK 1.3.6: redirect URIs, a drive, files out of it.

The SDK cannot ask for a consent: it takes `connections:` for the scheme of a URL. So that one
call is made with its HTTP library.
"""

import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from journey import INTERVAL, NOBODY, quick, refused, step
from twelvelabs.errors import BadRequestError, ConflictError, NotFoundError
from twelvelabs.errors import UnprocessableEntityError as Unprocessable
from twelvelabs.imports import ImportFilesRequestItemsItem as Item

Client = Any
DONE = "https://app.example/oauth/done"
FILE, SICK, SHEET = "1AbCdEfGhIjKlMnOp", "understudy-fail-1", "price-list.xlsx"


def steps(client: Client, folder: Path) -> None:
    """Everything about connections, in the order in which a customer takes it."""
    redirect_uris(client)
    drive = connected(client)
    imports(client, drive)
    farewell(client, drive)


def redirect_uris(client: Client) -> None:
    """Where users may be sent back to."""
    there = client.data_connectors

    with step("register, list and remove redirect URIs"):
        done, other = (there.create_redirect_uri(redirect_uri=DONE + end) for end in ("", "/2"))
        assert done.created_at is not None
        listed = there.list_redirect_uris(page_limit=1)
        assert [each.id for each in listed.data] == [other.id]
        assert listed.page_info.total_results == 2
        there.delete_redirect_uri(other.id)
        assert [each.redirect_uri for each in there.list_redirect_uris().data] == [DONE]

    with step("be refused for redirect URIs that are known, unfit or not there"):
        refused(
            lambda: there.create_redirect_uri(redirect_uri=DONE),
            ConflictError,
            409,
            "resource_conflict",
        )
        for unfit in ("http://app.example/done", "https://localhost/done", "https://*.example/x"):
            refused(
                lambda uri=unfit: there.create_redirect_uri(redirect_uri=uri),  # type: ignore[misc]
                Unprocessable,
                422,
                "redirect_uri_invalid",
            )
        refused(
            lambda: there.delete_redirect_uri(NOBODY), NotFoundError, 404, "resource_not_exists"
        )


def connected(client: Client) -> str:
    """A drive is connected; answers the connection's id."""
    there = client.data_connectors

    with step("ask for a consent, which this SDK cannot, and open it as the user does"):
        try:
            there.authorize_connection(provider="google_drive", redirect_uri=DONE)
        except httpx.UnsupportedProtocol:
            pass
        else:
            raise AssertionError("this SDK can ask for a consent now: let it")
        wrapper = client._client_wrapper
        body = {"provider": "google_drive", "redirect_uri": DONE, "custom_id": "workspace-7"}
        asked = httpx.post(
            f"{wrapper.get_base_url()}/connections:authorize",
            json=body,
            headers=wrapper.get_headers(),
        )
        assert asked.status_code == 200, asked.text
        back = httpx.get(asked.json()["authorize_url"], follow_redirects=False)
        assert back.status_code == 302, back.text
        location = back.headers["location"]
        assert location.startswith(DONE)
        brought = parse_qs(urlsplit(location).query)
        assert (brought["status"], brought["custom_id"]) == (["ok"], ["workspace-7"])
        [connection] = brought["connection_id"]

    with step("read connections, and get a token for the picker"):
        found = there.retrieve_connection(connection)
        assert (found.provider, found.status) == ("google_drive", "active")
        assert (found.custom_id, found.last_used_at) == ("workspace-7", None)
        assert found.account.display_name
        assert [each.id for each in there.list_connections().data] == [connection]
        token = there.create_connection_picker_token(connection)
        assert token.access_token
        assert token.expires_in > 0
        assert token.scope.split() == found.scopes
        assert there.retrieve_connection(connection).last_used_at is not None
        refused(
            lambda: there.create_connection_picker_token(NOBODY),
            NotFoundError,
            404,
            "resource_not_exists",
        )
    return connection


def imports(client: Client, connection: str) -> None:
    """Files become assets, each for itself and only once."""

    def bring(*ids: str) -> Any:
        return client.imports.import_files(connection, items=[Item(source_id=each) for each in ids])

    def seen(identity: str) -> list[str]:
        found = client.imports.retrieve_import(connection, identity)
        return [each.status for each in found.items]

    with step("import files, and see their assets get ready or fail"):
        first = bring(FILE, SICK)
        assert not first.has_failures
        assert [each.action for each in first.items] == ["created", "created"]
        with quick():
            while "processing" in seen(first.id):
                time.sleep(INTERVAL)
        assert seen(first.id) == ["ready", "failed"]
        asset = client.assets.retrieve(first.items[0].asset_id)
        assert (asset.method, asset.status) == ("connector", "ready")
        assert asset.source.details.source_id == FILE

    with step("import again: skipped, retried and rejected"):
        again = bring(SHEET, FILE, SICK)
        assert again.has_failures
        assert [each.action for each in again.items] == ["rejected", "skipped", "retried"]
        assert [each.status for each in again.items] == [None, "ready", "processing"]
        assert again.items[0].error.code
        assert again.items[1].asset_id == first.items[0].asset_id

    with step("list imports, without their files"):
        listed = client.imports.list_imports(connection)
        assert [each.id for each in listed.data] == [again.id, first.id]
        assert [each.item_count for each in listed.data] == [3, 2]
        assert listed.data[0].custom_id == "workspace-7"
        assert listed.page_info.total_results == 2

    with step("be refused for imports that cannot be meant"):
        refused(lambda: bring(), BadRequestError, 400, "parameter_invalid")
        refused(lambda: bring(FILE, FILE), BadRequestError, 400, "parameter_invalid")
        refused(
            lambda: client.imports.retrieve_import(connection, NOBODY),
            NotFoundError,
            404,
            "resource_not_exists",
        )


def farewell(client: Client, connection: str) -> None:
    """The drive is cut off; what came out of it stays."""
    there = client.data_connectors

    with step("cut a connection, and keep its assets"):
        assets = [each for each in client.assets.list() if each.method == "connector"]
        there.delete_connection(connection)
        refused(
            lambda: there.retrieve_connection(connection),
            NotFoundError,
            404,
            "resource_not_exists",
        )
        refused(
            lambda: client.imports.list_imports(connection),
            NotFoundError,
            404,
            "resource_not_exists",
        )
        for each in assets:
            assert client.assets.retrieve(each.id).id == each.id
