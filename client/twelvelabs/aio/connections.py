"""`client.connections`: drives in the cloud, and imports from them."""

from collections.abc import Sequence

from understudy.client.aio.pager import AsyncPager
from understudy.client.aio.session import AsyncSession
from understudy.client.aio.work import AsyncWork
from understudy.client.call import Call, Value, path
from understudy.client.fields import given
from understudy.client.twelvelabs.aio.paging import numbered
from understudy.client.twelvelabs.connection import (
    IMPORTING,
    Authorization,
    Connection,
    ConnectionPage,
    DriveImport,
    DriveImportPage,
    ImportStarted,
    PickerToken,
    Provider,
    RedirectUri,
    RedirectUriPage,
)


class AsyncNewImport(AsyncWork[DriveImport]):
    """An import that was begun, and the way to all its files being assets.

    Its status is worked out from those of its files; it has failed when one of them has.
    """

    def __init__(self, session: AsyncSession, connection_id: str, made: ImportStarted) -> None:
        super().__init__(
            session,
            made.id,
            IMPORTING,
            lambda once: AsyncDriveImports(once).retrieve(connection_id, made.id),
            noun="Import",
        )
        self.made = made


class AsyncDriveImports:
    """Files brought in from a drive, each as an asset."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def list(
        self, connection_id: str, *, page: int = 1, page_limit: int | None = None
    ) -> AsyncPager[DriveImportPage, DriveImport]:
        """The imports of a connection, without their files."""
        where = path("/connections/{}/imports", connection_id)
        query: dict[str, Value] = {"page_limit": page_limit}
        return numbered(
            self._session, where, query, DriveImportPage, lambda found: found.data, page
        )

    async def create(self, connection_id: str, source_ids: Sequence[str]) -> AsyncNewImport:
        """Bring in up to a hundred files, by their ids in the drive; some may be rejected."""
        body = {"items": [{"source_id": each} for each in source_ids]}
        call = Call("POST", path("/connections/{}/imports", connection_id), json=body)
        made = await self._session.fetch(call, ImportStarted)
        return AsyncNewImport(self._session, connection_id, made)

    async def retrieve(self, connection_id: str, import_id: str) -> DriveImport:
        """The import with its files, and how their assets are now."""
        call = Call("GET", path("/connections/{}/imports/{}", connection_id, import_id))
        return await self._session.fetch(call, DriveImport)


class AsyncRedirectUris:
    """Where users may be sent back to after they have allowed a connection."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def list(
        self, *, page: int = 1, page_limit: int | None = None
    ) -> AsyncPager[RedirectUriPage, RedirectUri]:
        """The addresses of the account."""
        where, query = "/connections/redirect-uris", {"page_limit": page_limit}
        return numbered(
            self._session, where, query, RedirectUriPage, lambda found: found.data, page
        )

    async def create(self, redirect_uri: str) -> RedirectUri:
        """Allow one more address; `Conflict` when it is allowed already."""
        body = {"redirect_uri": redirect_uri}
        call = Call("POST", "/connections/redirect-uris", json=body)
        return await self._session.fetch(call, RedirectUri)

    async def delete(self, redirect_uri_id: str) -> None:
        """Allow an address no more."""
        call = Call("DELETE", path("/connections/redirect-uris/{}", redirect_uri_id))
        await self._session.settle(call)


class AsyncConnections:
    """Drives that may be read; the files come in through `imports`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.imports = AsyncDriveImports(session)
        self.redirect_uris = AsyncRedirectUris(session)

    async def authorize(
        self,
        redirect_uri: str,
        *,
        provider: Provider = "google_drive",
        custom_id: str | None = None,
    ) -> Authorization:
        """Where to send a user, who comes back to `redirect_uri` with a `connection_id`."""
        body = given(provider=provider, redirect_uri=redirect_uri, custom_id=custom_id)
        call = Call("POST", "/connections:authorize", json=body, again=True)
        return await self._session.fetch(call, Authorization)

    def list(
        self, *, page: int = 1, page_limit: int | None = None
    ) -> AsyncPager[ConnectionPage, Connection]:
        """The connections of the account."""
        query: dict[str, Value] = {"page_limit": page_limit}
        where, model = "/connections", ConnectionPage
        return numbered(self._session, where, query, model, lambda found: found.data, page)

    async def retrieve(self, connection_id: str) -> Connection:
        """The connection as it is now."""
        call = Call("GET", path("/connections/{}", connection_id))
        return await self._session.fetch(call, Connection)

    async def delete(self, connection_id: str) -> None:
        """Read the drive no more; the assets that came from it stay."""
        await self._session.settle(Call("DELETE", path("/connections/{}", connection_id)))

    async def picker_token(self, connection_id: str) -> PickerToken:
        """What a browser needs to let a user pick files; `Conflict` unless it is active."""
        where = path("/connections/{}/picker-token", connection_id)
        return await self._session.fetch(Call("POST", where, again=True), PickerToken)
