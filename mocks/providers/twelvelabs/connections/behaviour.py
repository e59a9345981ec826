"""Connections to drives, imports from them, and redirect URIs: what their operations do."""

from collections.abc import Mapping

from understudy.mocks.provider import Behaviour, Doors, Hook, View
from understudy.mocks.providers.twelvelabs.connections.connection import picker_token
from understudy.mocks.providers.twelvelabs.connections.consent import CONSENTS, authorize, doors
from understudy.mocks.providers.twelvelabs.connections.imports import (
    import_files,
    retrieve_import,
)
from understudy.mocks.providers.twelvelabs.connections.redirect_uri import register

SPECIAL: Mapping[str, Behaviour] = {
    "authorize-connection": authorize,
    "create-picker-token": picker_token,
    "register-redirect-uri": register,
    "import-files": import_files,
    "retrieve-import": retrieve_import,
}
HOOKS: Mapping[str, Hook] = {}
DOORS: Mapping[str, Doors] = {CONSENTS: doors}
VIEWS: Mapping[str, View] = {}
