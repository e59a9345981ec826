# From client/mixpeek/aio/ingest.py, by `python -m tools.twins`: edit that file, not this.
"""`client.ingest`: videos, images and texts on their way into a collection."""

from collections.abc import Mapping, Sequence
from typing import Literal

from understudy.client.call import Call
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.mixpeek.asset import Metadata
from understudy.client.mixpeek.sync.tasks import look
from understudy.client.mixpeek.task import INGESTION, Ingestion, IngestionTask
from understudy.client.sync.session import Session
from understudy.client.sync.work import Work

Settings = Mapping[str, Json]
"""What to extract: interval_sec, read, transcribe, describe, detect, embed, json_output."""


class NewIngestion(Work[IngestionTask]):
    """An ingestion that was taken: its ids, and the way to its end."""

    def __init__(self, session: Session, taken: Ingestion) -> None:
        super().__init__(session, taken.task_id, INGESTION, look(taken.task_id), noun="Ingestion")
        self.taken = taken

    @property
    def asset_id(self) -> str | None:
        """The id of the asset to be, where the service tells it so early."""
        return self.taken.asset_id


class Ingest:
    """Ways into a collection, which is made when there is none of that name.

    None is repeated after a failure that leaves open whether the service has acted.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def video(
        self,
        url: str,
        collection: str,
        *,
        metadata: Metadata | None = None,
        feature_extractors: Sequence[Settings] | None = None,
        skip_duplicate: bool | None = None,
        update: str | None = None,
        mode: Literal["replace", "append"] = "append",
    ) -> NewIngestion:
        """Ingest a video by its address; each entry of the extractors cuts it anew.

        `update` names an asset that the features go to instead of a new one.
        """
        extractors = None if feature_extractors is None else [dict(e) for e in feature_extractors]
        body = given(
            url=url,
            collection=collection,
            metadata=metadata,
            feature_extractors=extractors,
            skip_duplicate=skip_duplicate,
            asset_update=_update(update, mode),
        )
        return self._taken("/ingest/videos/url", body)

    def image(
        self,
        url: str,
        collection: str,
        *,
        metadata: Metadata | None = None,
        feature_extractors: Settings | None = None,
        skip_duplicate: bool | None = None,
        update: str | None = None,
        mode: Literal["replace", "append"] = "append",
    ) -> NewIngestion:
        """Ingest an image by its address."""
        body = given(
            url=url,
            collection=collection,
            metadata=metadata,
            feature_extractors=feature_extractors,
            skip_duplicate=skip_duplicate,
            asset_update=_update(update, mode),
        )
        return self._taken("/ingest/images/url", body)

    def text(
        self,
        text: str,
        collection: str,
        *,
        embedding_models: Sequence[str] = ("multimodal",),
        metadata: Metadata | None = None,
        json_output: Mapping[str, Json] | None = None,
        skip_duplicate: bool | None = None,
        update: str | None = None,
        mode: Literal["replace", "append"] = "append",
    ) -> NewIngestion:
        """Ingest a text, with a vector of each of the models."""
        wishes: list[Json] = [
            {"type": "text", "embedding_model": model, "vector_index": model, "value": text}
            for model in embedding_models
        ]
        body = given(
            collection=collection,
            metadata=metadata,
            feature_extractors=given(embed=wishes, json_output=json_output),
            skip_duplicate=skip_duplicate,
            asset_update=_update(update, mode),
        )
        return self._taken("/ingest/text", body)

    def _taken(self, where: str, body: Mapping[str, Json]) -> NewIngestion:
        taken = self._session.fetch(Call("POST", where, json=body), Ingestion)
        return NewIngestion(self._session, taken)


def _update(asset_id: str | None, mode: str) -> Json:
    return None if asset_id is None else {"asset_id": asset_id, "mode": mode}
