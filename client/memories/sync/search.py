# From client/memories/aio/search.py, by `python -m tools.twins`: edit that file, not this.
"""`client.search`: find videos, moments and images by words."""

from collections.abc import Sequence

from understudy.client.call import Call
from understudy.client.fields import given
from understudy.client.memories.found import (
    FilteringLevel,
    FoundReply,
    Hit,
    ImagePage,
    ImagesFoundReply,
    SearchType,
)
from understudy.client.sync.session import Session


class Search:
    """Searches of an account, or of a scope of it. Nothing is stored."""

    def __init__(self, session: Session, scope: str | None = None) -> None:
        self._session = session
        self._scope = scope

    def find(
        self,
        search_param: str,
        search_type: SearchType = "BY_CLIP",
        *,
        top_k: int | None = None,
        filtering_level: FilteringLevel | None = None,
        folder_id: int | None = None,
        video_nos: Sequence[str] | None = None,
        tag: str | None = None,
    ) -> tuple[Hit, ...]:
        """What fits the words, the best first."""
        body = given(
            search_param=search_param,
            search_type=search_type,
            top_k=top_k,
            filtering_level=filtering_level,
            folder_id=folder_id,
            video_nos=None if video_nos is None else [*video_nos],
            tag=tag,
            unique_id=self._scope,
        )
        call = Call("POST", "/search", json=body, again=True)
        return (self._session.fetch(call, FoundReply)).data

    def images(
        self,
        search_param: str,
        *,
        top_k: int | None = None,
        filtering_level: FilteringLevel | None = None,
        tag: str | None = None,
    ) -> ImagePage:
        """The images that fit the words, the best first."""
        body = given(
            search_param=search_param,
            search_type="BY_IMAGE",
            top_k=top_k,
            filtering_level=filtering_level,
            tag=tag,
            unique_id=self._scope,
        )
        call = Call("POST", "/search", json=body, again=True)
        return (self._session.fetch(call, ImagesFoundReply)).data
