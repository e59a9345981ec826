"""Analysis of today: at once, as tasks, and in batches: what their operations do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Hook, View
from understudy.mocks.providers.twelvelabs.analyses.answer import analyze

SPECIAL: Mapping[str, Behaviour] = {"analyze-media": analyze}
HOOKS: Mapping[str, Hook] = {}
VIEWS: Mapping[str, View] = {}
