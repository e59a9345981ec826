"""Twelve Labs as it is today: the whole current document over the store of all versions."""

from collections.abc import Mapping

from understudy.contracts.contract import Contract
from understudy.mocks.provider import Behaviour, Doors, Edition, Hook, View, edition
from understudy.mocks.providers.twelvelabs.analyses import behaviour as analyses
from understudy.mocks.providers.twelvelabs.assets import behaviour as assets
from understudy.mocks.providers.twelvelabs.connections import behaviour as connections
from understudy.mocks.providers.twelvelabs.entities import behaviour as entities
from understudy.mocks.providers.twelvelabs.knowledge import behaviour as knowledge
from understudy.mocks.providers.twelvelabs.vectors import behaviour as vectors
from understudy.mocks.resource import generic

SECTIONS = (assets, vectors, analyses, entities, connections, knowledge)
HOOKS: Mapping[str, Hook] = {name: hook for part in SECTIONS for name, hook in part.HOOKS.items()}
DOORS: Mapping[str, Doors] = {**assets.DOORS, **connections.DOORS}
VIEWS: Mapping[str, View] = {name: view for part in SECTIONS for name, view in part.VIEWS.items()}


def today(shared: Mapping[str, Behaviour]) -> Edition:
    """The current version; `shared` are behaviours of operations that older documents have too."""
    special = dict(shared)
    for part in SECTIONS:
        special.update(part.SPECIAL)
    return edition(
        Contract.load("twelvelabs/v1.3"), special, generic, headers=[("x-api-version", "1.3")]
    )
