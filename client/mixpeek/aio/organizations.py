"""`client.organization`: the account, its users and their keys."""

from collections.abc import Sequence

from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, path
from understudy.client.fields import given
from understudy.client.mixpeek.asset import Metadata
from understudy.client.mixpeek.organization import ApiKey, Organization, Permission, Usage, User


class AsyncAccount:
    """The account that the key belongs to."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def retrieve(self) -> Organization:
        """The account with its users."""
        return await self._session.fetch(Call("GET", "/organizations"), Organization)

    async def usage(self) -> Usage:
        """Credits by day and action."""
        return await self._session.fetch(Call("GET", "/organizations/usage"), Usage)

    async def add_user(self, email: str, *, metadata: Metadata | None = None) -> User:
        """A new user."""
        body = given(email=email, metadata=metadata)
        return await self._session.fetch(Call("POST", "/organizations/users", json=body), User)

    async def user(self, email: str) -> User:
        """A user with the keys."""
        where = path("/organizations/users/{}", email)
        return await self._session.fetch(Call("GET", where), User)

    async def remove_user(self, email: str) -> None:
        """Remove a user and the keys."""
        await self._session.settle(Call("DELETE", path("/organizations/users/{}", email)))

    async def create_key(self, email: str, *, name: str | None = None) -> ApiKey:
        """A new key of a user."""
        where = path("/organizations/users/{}/api-keys", email)
        return await self._session.fetch(Call("POST", where, {"key_name": name}), ApiKey)

    async def update_key(
        self,
        email: str,
        key_name: str,
        *,
        name: str | None = None,
        permissions: Sequence[Permission] | None = None,
    ) -> ApiKey:
        """Change the name or the permissions of a key."""
        body = given(name=name, permissions=None if permissions is None else [*permissions])
        where = path("/organizations/users/{}/api-keys/{}", email, key_name)
        return await self._session.fetch(Call("PATCH", where, json=body), ApiKey)

    async def delete_key(self, email: str, key_name: str) -> None:
        """Delete a key."""
        where = path("/organizations/users/{}/api-keys/{}", email, key_name)
        await self._session.settle(Call("DELETE", where))
