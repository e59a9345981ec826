"""The account behind a key: numbers of it that the service shows."""

from understudy.mocks.call import Call
from understudy.mocks.generate.seeded import Seeded


def account_number(call: Call) -> str:
    """18 digits, the same for each call of a tenant."""
    return str(_drawn(call, "account").integer(10**17, 10**18 - 1))


def client_id(call: Call) -> str:
    """The 32 hexadecimal digits by which callbacks name the account."""
    return _drawn(call, "client").bytes(16).hex()


def _drawn(call: Call, name: str) -> Seeded:
    return Seeded(call.seed, call.tenant.name, name)
