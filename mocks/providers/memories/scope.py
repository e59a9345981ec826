"""Scopes: an account's own tenants, named by `unique_id`; nothing is seen from another one."""

from understudy.mocks.call import Call

DEFAULT = "default"


def scope(call: Call) -> str:
    """The scope that the call acts in: of its query, else of its body, else the default one.

    `unique` is the name that a recorded notebook gives the parameter.
    """
    asked = call.query("unique_id") or call.field("unique_id") or call.field("unique")
    return str(asked) if asked else DEFAULT
