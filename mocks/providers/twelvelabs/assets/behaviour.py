"""Assets, their uploads piece by piece, and assets in an index: what their operations do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Hook, View
from understudy.mocks.providers.twelvelabs.assets import progress
from understudy.mocks.providers.twelvelabs.assets.creation import create_asset

SPECIAL: Mapping[str, Behaviour] = {"create-asset": create_asset}
HOOKS: Mapping[str, Hook] = {"asset": progress.entered}
VIEWS: Mapping[str, View] = {"assets": progress.prepared}
