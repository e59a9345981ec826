"""The account, its users, their keys, and what was used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from understudy.client.json import Json
from understudy.client.model import Model

Permission = Literal["read", "write", "admin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey(Model):
    """A key of a user; the key itself is left out when this is shown."""

    key: str | None = field(default=None, repr=False)
    name: str | None = None
    created_at: datetime | None = None
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class User(Model):
    """A user of the account."""

    email: str
    user_id: str | None = None
    api_keys: tuple[ApiKey, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict)
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Model):
    """The account with its users and the credits that are left."""

    organization_name: str
    organization_id: str | None = None
    internal_id: str | None = None
    account_type: str | None = None
    credit_count: int | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    created_at: datetime | None = None
    users: tuple[User, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionUsage(Model):
    """What one kind of call has cost on a day."""

    action: str
    credits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DateUsage(Model):
    """What was used on a day, written as 2024-12-20."""

    date: str
    credits: int
    actions: tuple[ActionUsage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage(Model):
    """What was used."""

    total_credits: int
    dates: tuple[DateUsage, ...] = ()
