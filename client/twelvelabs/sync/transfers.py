# From client/twelvelabs/aio/transfers.py, by `python -m tools.twins`: edit that file, not this.
"""`client.tasks.transfers`: import whole buckets."""

from understudy.client.call import Call, path
from understudy.client.fields import given
from understudy.client.sync.session import Session
from understudy.client.twelvelabs.transfer import Import, ImportLogs, ImportStatus
from understudy.client.twelvelabs.video import Metadata


class Transfers:
    """Imports through an integration, which is made in the vendor's console.

    Withdrawn on 2026-06-04; `client.connections.imports` came instead.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(
        self,
        integration_id: str,
        *,
        index_id: str,
        incremental_import: bool | None = None,
        retry_failed: bool | None = None,
        user_metadata: Metadata | None = None,
    ) -> Import:
        """Bring every video of the bucket into an index; one import runs at a time."""
        body = given(
            index_id=index_id,
            incremental_import=incremental_import,
            retry_failed=retry_failed,
            user_metadata=None if user_metadata is None else dict(user_metadata),
        )
        where = path("/tasks/transfers/import/{}", integration_id)
        return self._session.fetch(Call("POST", where, json=body), Import)

    def status(self, integration_id: str, *, index_id: str) -> ImportStatus:
        """The files of the integration in that index, by status."""
        where = path("/tasks/transfers/import/{}/status", integration_id)
        return self._session.fetch(Call("GET", where, {"index_id": index_id}), ImportStatus)

    def logs(self, integration_id: str) -> ImportLogs:
        """The integration's imports, oldest first."""
        where = path("/tasks/transfers/import/{}/logs", integration_id)
        return self._session.fetch(Call("GET", where), ImportLogs)
