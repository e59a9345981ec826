"""`client.search`: find moments by words, by images, or by both."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, Unpack

from understudy.client.aio.pager import AsyncPager, Cursor
from understudy.client.aio.session import AsyncSession
from understudy.client.call import Call, Value, path
from understudy.client.fields import form
from understudy.client.file import as_file
from understudy.client.twelvelabs.found import (
    ClipPage,
    GroupPage,
    Query,
    SearchClip,
    SearchGroup,
    SearchOption,
    SearchPage,
    SearchPageInfo,
)


class AsyncSearch:
    """Searches an index; pages beyond the first are read by their tokens."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def clips(
        self, index_id: str, search_options: Sequence[SearchOption], **query: Unpack[Query]
    ) -> AsyncPager[ClipPage, SearchClip]:
        """The clips that fit, best first."""

        async def read(cursor: Cursor | None) -> ClipPage:
            call = _call(index_id, search_options, "clip", query, cursor)
            return await self._session.fetch(call, ClipPage)

        return AsyncPager(
            read, items=lambda page: page.data, following=lambda page: _next(page.page_info)
        )

    def videos(
        self, index_id: str, search_options: Sequence[SearchOption], **query: Unpack[Query]
    ) -> AsyncPager[GroupPage, SearchGroup]:
        """The videos that fit, each with its clips."""

        async def read(cursor: Cursor | None) -> GroupPage:
            call = _call(index_id, search_options, "video", query, cursor)
            return await self._session.fetch(call, GroupPage)

        return AsyncPager(
            read, items=lambda page: page.data, following=lambda page: _next(page.page_info)
        )

    async def retrieve(
        self, page_token: str, *, include_user_metadata: bool | None = None
    ) -> SearchPage:
        """The page that a token names, until the token expires."""
        return await self._session.fetch(_page(page_token, include_user_metadata), SearchPage)


def _next(info: SearchPageInfo) -> str | None:
    return info.next_page_token or None


def _page(token: str, include_user_metadata: bool | None) -> Call:
    query: dict[str, Value] = {"include_user_metadata": include_user_metadata}
    return Call("GET", path("/search/{}", token), query)


def _call(
    index_id: str,
    search_options: Sequence[SearchOption],
    group_by: Literal["clip", "video"],
    query: Query,
    cursor: Cursor | None,
) -> Call:
    """The search itself, or a further page of it."""
    if cursor is not None:
        return _page(str(cursor), query.get("include_user_metadata"))
    fields: dict[str, Value] = {
        "index_id": index_id,
        "search_options": search_options,
        "group_by": group_by,
        "query_text": query.get("query_text"),
        "query_media_type": query.get("query_media_type"),
        "query_media_url": query.get("query_media_url"),
        "adjust_confidence_level": query.get("adjust_confidence_level"),
        "threshold": query.get("threshold"),
        "sort_option": query.get("sort_option"),
        "operator": query.get("operator"),
        "page_limit": query.get("page_limit"),
        "include_user_metadata": query.get("include_user_metadata"),
        "transcription_options": query.get("transcription_options"),
    }
    body = form(
        fields,
        texts={"filter": query.get("filter")},
        files={"query_media_file": query.get("query_media_file")},
    )
    images = [("query_media_file", as_file(file)) for file in query.get("query_media_files", ())]
    return Call("POST", "/search", form=replace(body, files=[*body.files, *images]), again=True)
