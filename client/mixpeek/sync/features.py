# From client/mixpeek/aio/features.py, by `python -m tools.twins`: edit that file, not this.
"""`client.features`: list, search, read, change and delete features; make vectors."""

from collections.abc import Mapping, Sequence

from understudy.client.call import Call, path
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.mixpeek.asset import Filters, Metadata, Sort
from understudy.client.mixpeek.feature import (
    Embedding,
    EmbeddingModel,
    Feature,
    FeatureGroup,
    FeatureGroupPage,
    FeaturePage,
    InputType,
    Query,
    QuerySettings,
)
from understudy.client.mixpeek.sync.assets import asked
from understudy.client.mixpeek.sync.interactions import Interactions
from understudy.client.mixpeek.sync.paging import after, placed
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session


class Features:
    """What was found in assets; what people did with it is under `interactions`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.interactions = Interactions(session)

    def list(
        self,
        collections: Sequence[str],
        *,
        filters: Filters | None = None,
        sort: Sort | None = None,
        select: Sequence[str] | None = None,
        return_urls: bool | None = None,
        page_size: int | None = None,
    ) -> Pager[FeaturePage, Feature]:
        """The features of these collections; a `select` must leave `feature_id` among them."""
        body = asked(collections, filters, sort, select, return_urls=return_urls)
        return after(self._session, body, page_size)

    def search(
        self,
        collections: Sequence[str],
        queries: Sequence[Query],
        *,
        filters: Filters | None = None,
        sort: Sort | None = None,
        select: Sequence[str] | None = None,
        weights: Mapping[str, float] | None = None,
        session_id: str | None = None,
        return_url: bool | None = None,
        page_size: int | None = None,
    ) -> Pager[FeaturePage, Feature]:
        """The features that the queries find, best first; several are fused by rank.

        With `weights` a query counts as its model says.
        """
        body = asked(collections, filters, sort, select, return_url=return_url)
        body |= given(queries=_queries(queries), session_id=session_id)
        if weights is not None:
            body["reranking_options"] = {"enable_reranking": True, "weights": dict(weights)}
        return placed(self._session, body, FeaturePage, lambda found: found.results, page_size)

    def search_groups(
        self,
        collections: Sequence[str],
        queries: Sequence[Query],
        *,
        field: str = "asset_id",
        max_features: int | None = None,
        filters: Filters | None = None,
        page_size: int | None = None,
    ) -> Pager[FeatureGroupPage, FeatureGroup]:
        """What the queries find, grouped by the values in `field`, the best group first."""
        body = asked(collections, filters, None, None)
        body["queries"] = _queries(queries)
        body["group_by"] = given(field=field, max_features=max_features)
        return placed(self._session, body, FeatureGroupPage, lambda found: found.results, page_size)

    def retrieve(self, feature_id: str, *, vectors: bool = False) -> Feature:
        """The feature, with its vectors if they are wanted."""
        asks = {"return_vectors": True, "include_vectors": True} if vectors else {}
        call = Call("GET", path("/features/{}", feature_id), asks)
        return self._session.fetch(call, Feature)

    def replace(self, feature_id: str, metadata: Metadata) -> Feature:
        """Put these metadata in the place of the old."""
        body = given(metadata=metadata)
        return self._session.fetch(
            Call("PUT", path("/features/{}", feature_id), json=body), Feature
        )

    def delete(self, feature_id: str) -> None:
        """Delete the feature; its asset stays."""
        self._session.settle(Call("DELETE", path("/features/{}", feature_id)))

    def embed(
        self, embedding_model: EmbeddingModel, value: str, *, type: InputType = "text"
    ) -> Embedding:
        """The vector of a text, of what is at an address, or of a file in base64."""
        body = given(
            type=type, embedding_model=embedding_model, vector_index=embedding_model, value=value
        )
        call = Call("POST", "/features/extractors/embed", json=body, again=True)
        return self._session.fetch(call, Embedding)


def _queries(queries: Sequence[Query]) -> Sequence[Json]:
    """The queries with their models under both names."""
    written: list[Json] = []
    for query in queries:
        said: QuerySettings = query.get("settings", {})
        settings = given(
            limit=said.get("limit"), min_score=said.get("min_score"), modality=said.get("modality")
        )
        written.append(
            given(
                embedding_model=query["embedding_model"],
                vector_index=query["embedding_model"],
                value=query["value"],
                type=query["type"],
                filters=query.get("filters"),
                settings=settings or None,
            )
        )
    return written
