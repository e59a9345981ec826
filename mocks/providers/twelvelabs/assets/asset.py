"""An asset as the other calls meet it: found, ready, and of a kind that they can use."""

from collections.abc import Collection

from understudy.mocks.call import Call
from understudy.mocks.ending import known
from understudy.mocks.generate.medium import Medium
from understudy.mocks.kind import text
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.subject import named
from understudy.mocks.store import Resource


def ready_asset(
    call: Call, identity: str, name: str = "asset_id", kinds: Collection[str] = ()
) -> Resource:
    """The stored asset of that id, refused unless it is ready and of one of `kinds`.

    `name` is what the request calls it; without `kinds` every kind will do. Refusals: 400 for
    what is no id, for an asset that is not ready (assumed: no code is documented) and for one of
    another kind; 404 for an unknown one.
    """
    asset = named(call, "assets", name, identity)
    status = text(asset.fields.get("status"))
    if status != "ready":
        advice = "upload the file again" if status == "failed" else "wait until it is ready"
        message = f"the asset {identity!r} of {name} is {status}, not ready: {advice}"
        raise refuse("parameter_invalid", message)
    kind = text(asset.fields.get("asset_type"))
    if kinds and kind not in kinds:
        wanted = " or ".join(sorted(kinds))
        message = f"the asset {identity!r} of {name} is of the kind {kind}, expected {wanted}"
        raise refuse("parameter_invalid", message)
    return asset


def medium_of_asset(asset: Resource) -> Medium:
    """What is known of the asset's file: kind, duration, size, title and identity."""
    return known(asset.hidden)
