"""Collections and namespaces."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from understudy.client.json import Json
from understudy.client.mixpeek.page import Bare, NumberedPage
from understudy.client.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Model):
    """A collection."""

    collection_name: str
    collection_id: str | None = None
    namespace_id: str | None = None
    metadata: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionSize(Model):
    """A collection as a list shows it: how many assets it has and how large they are."""

    collection_id: str
    collection_name: str | None = None
    count: int
    size_bytes: int
    last_updated: datetime
    preview_url: str | None = None
    metadata: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPage(NumberedPage):
    """A page of collections."""

    results: tuple[CollectionSize, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace(Model):
    """A namespace and the models that it was made for, under either name."""

    namespace_id: str
    namespace_name: str
    vector_indexes: tuple[str, ...] = ()
    embedding_models: tuple[str, ...] = ()

    @property
    def payload_indexes(self) -> Json:
        """The indexed fields, as they came."""
        return self.raw.get("payload_indexes")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceList(Bare):
    """All namespaces."""

    items: tuple[Namespace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexes(Model):
    """The models and types of fields there are, as the service tells them."""

    vector_indexes: Mapping[str, Json] | None = None
    embedding_models: Mapping[str, Json] | None = None
