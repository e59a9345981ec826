"""What every control operation works on: the engine, and the tenants that a request means."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from understudy.contracts.exchange import Headers
from understudy.contracts.json import Json
from understudy.contracts.redaction import alias
from understudy.mocks.call import Call
from understudy.mocks.engine import Engine
from understudy.mocks.tenant import Tenant

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """The engine that a control API looks into."""

    engine: Engine

    def meant(self, call: Call) -> list[Tenant]:
        """The tenants to act on; one that is named is made, so that its clock can be set first."""
        named = tenant_named(call.request.headers)
        return [self.engine.tenants.get(named)] if named else list(self.engine.tenants)


def tenant_named(headers: Headers) -> str:
    """The tenant a control request means: by name, else by provider key; empty for all."""
    scheme, _, bearer = (headers.get("authorization") or "").partition(" ")
    key = bearer.strip() if scheme.lower() == "bearer" else ""
    key = headers.get("x-api-key") or key
    return headers.get("x-understudy-tenant") or (alias(key) if key else "")


def page(call: Call, found: list[T]) -> list[T]:
    """The part of a list that `offset` and `limit` ask for."""
    offset, limit = (int(number(call.query(*each))) for each in (("offset", 0), ("limit", 100)))
    return found[offset : offset + limit]


def number(value: Json) -> float:
    """A number that the contract has already checked to be one."""
    return float(value) if isinstance(value, int | float) else 0.0


def names(tenants: Iterable[Tenant]) -> list[Json]:
    """The names of the tenants touched, which every reply lists."""
    return [tenant.name for tenant in tenants]
