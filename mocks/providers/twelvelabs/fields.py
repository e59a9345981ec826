"""The fields of a request that its operation knows: what else a caller sends is not kept."""

from collections.abc import Mapping

from understudy.contracts.json import Json


def picked(body: Mapping[str, Json], *names: str) -> dict[str, Json]:
    """Those of the named fields that a body has, in the order of the names."""
    return {name: body[name] for name in names if name in body}
