"""Knowledge stores, their items and collections, and answers about them: what they do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Hook, View

SPECIAL: Mapping[str, Behaviour] = {}
HOOKS: Mapping[str, Hook] = {}
VIEWS: Mapping[str, View] = {}
