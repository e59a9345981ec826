"""Connections to drives in the cloud, and the files brought in through them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from understudy.client.model import Model, Name
from understudy.client.patience import Signs, Statuses
from understudy.client.twelvelabs.page import NumberedPage

Provider = Literal["google_drive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization(Model):
    """Where a user is sent to allow a connection; `state` comes back with them."""

    authorize_url: str
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveAccount(Model):
    """Whose drive it is."""

    external_id: str | None = None
    display_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection(Model):
    """A drive that may be read; `status` is active, expired or revoked."""

    id: Annotated[str, Name("_id")]
    provider: str | None = None
    status: str | None = None
    custom_id: str | None = None
    account: DriveAccount | None = None
    scopes: tuple[str, ...] = ()
    connected_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionPage(NumberedPage):
    """A page of connections."""

    data: tuple[Connection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerToken(Model):
    """What a browser needs to let a user pick files, for `expires_in` seconds."""

    access_token: str
    expires_in: int | None = None
    scope: str | None = None
    app_id: str | None = None
    developer_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectUri(Model):
    """An address that users may be sent back to."""

    id: Annotated[str, Name("_id")]
    redirect_uri: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectUriPage(NumberedPage):
    """A page of such addresses."""

    data: tuple[RedirectUri, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem(Model):
    """Why a file was not brought in."""

    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportItem(Model):
    """A file of an import: what was done (created, skipped, retried, rejected), and how its asset
    is now, where there is one.
    """

    source_id: str | None = None
    action: str | None = None
    asset_id: str | None = None
    status: str | None = None
    error: ImportProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStarted(Model):
    """An import that was begun."""

    id: Annotated[str, Name("_id")]
    has_failures: bool = False
    items: tuple[ImportItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveImport(Model):
    """An import; its `items` are left out in lists."""

    id: Annotated[str, Name("_id")]
    connection_id: str | None = None
    provider: str | None = None
    custom_id: str | None = None
    item_count: int | None = None
    created_at: datetime | None = None
    items: tuple[ImportItem, ...] = ()

    @property
    def status(self) -> str:
        """processing while an asset is, then failed if a file was not brought in, else ready."""
        if any(item.status == "processing" for item in self.items):
            return "processing"
        return "failed" if any(map(_failed, self.items)) else "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveImportPage(NumberedPage):
    """A page of imports."""

    data: tuple[DriveImport, ...] = ()


def _failed(item: ImportItem) -> bool:
    return item.status == "failed" or item.action == "rejected"


def _reasons(made: DriveImport) -> str | None:
    said = [
        f"{item.source_id}: {(item.error and item.error.message) or item.status or item.action}"
        for item in made.items
        if _failed(item)
    ]
    return "; ".join(said) or None


IMPORTING: Signs[DriveImport] = Signs(
    Statuses(
        running=frozenset({"processing"}),
        succeeded=frozenset({"ready"}),
        failed=frozenset({"failed"}),
    ),
    status=lambda made: made.status,
    reason=_reasons,
)
"""How an import is read: by its files."""
