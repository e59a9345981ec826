"""Analysis of today: at once, as tasks, and in batches: what their operations do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Hook, View

SPECIAL: Mapping[str, Behaviour] = {}
HOOKS: Mapping[str, Hook] = {}
VIEWS: Mapping[str, View] = {}
