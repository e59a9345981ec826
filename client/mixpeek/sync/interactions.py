# From client/mixpeek/aio/interactions.py, by `python -m tools.twins`: edit that file, not this.
"""`client.features.interactions`: what people did with what a search had found."""

from collections.abc import Mapping

from understudy.client.call import Call, Value, path
from understudy.client.fields import given
from understudy.client.json import Json
from understudy.client.mixpeek.interaction import Interaction, InteractionList, InteractionType
from understudy.client.sync.session import Session


class Interactions:
    """Views, clicks and opinions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(
        self,
        feature_id: str,
        interaction_type: InteractionType,
        *,
        position: int | None = None,
        session_id: str | None = None,
        metadata: Mapping[str, Json] | None = None,
        search_request: Mapping[str, Json] | None = None,
    ) -> Interaction:
        """Note what was done with a feature."""
        body = given(
            feature_id=feature_id,
            interaction_type=interaction_type,
            position=position,
            session_id=session_id,
            metadata=metadata,
            search_request=search_request,
        )
        call = Call("POST", "/features/search/interactions", json=body)
        return self._session.fetch(call, Interaction)

    def list(
        self,
        *,
        feature_id: str | None = None,
        interaction_type: InteractionType | None = None,
        session_id: str | None = None,
        page: int | None = None,
        page_size: int | None = None,
    ) -> tuple[Interaction, ...]:
        """One page of them; the service does not say whether there is another."""
        query: dict[str, Value] = {
            "feature_id": feature_id,
            "interaction_type": interaction_type,
            "session_id": session_id,
            "page": page,
            "page_size": page_size,
        }
        call = Call("GET", "/features/search/interactions", query)
        return (self._session.fetch(call, InteractionList)).items

    def retrieve(self, interaction_id: str) -> Interaction:
        """One of them."""
        where = path("/features/search/interactions/{}", interaction_id)
        return self._session.fetch(Call("GET", where), Interaction)

    def delete(self, interaction_id: str) -> None:
        """Delete one."""
        where = path("/features/search/interactions/{}", interaction_id)
        self._session.settle(Call("DELETE", where))
