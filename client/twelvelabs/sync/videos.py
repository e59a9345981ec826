# From client/twelvelabs/aio/videos.py, by `python -m tools.twins`: edit that file, not this.
"""`client.indexes.videos`: read, list, annotate and delete the videos of an index."""

from collections.abc import Sequence
from datetime import date

from understudy.client.call import Call, Range, Value, path
from understudy.client.sync.pager import Pager
from understudy.client.sync.session import Session
from understudy.client.twelvelabs.index import SortBy, SortOption
from understudy.client.twelvelabs.sync.paging import numbered
from understudy.client.twelvelabs.video import EmbeddingOption, Metadata, Video, VideoPage


class Videos:
    """What an index holds."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        index_id: str,
        *,
        page: int = 1,
        page_limit: int | None = None,
        sort_by: SortBy | None = None,
        sort_option: SortOption | None = None,
        filename: str | None = None,
        duration: float | Range | None = None,
        fps: float | Range | None = None,
        width: float | Range | None = None,
        height: int | Range | None = None,
        size: float | Range | None = None,
        created_at: str | date | Range | None = None,
        updated_at: str | date | Range | None = None,
        user_metadata: Metadata | None = None,
    ) -> Pager[VideoPage, Video]:
        """The videos that fit, from `page` on; `user_metadata` holds keys that must agree."""
        query: dict[str, Value] = {
            **(user_metadata or {}),
            "page_limit": page_limit,
            "sort_by": sort_by,
            "sort_option": sort_option,
            "filename": filename,
            "duration": duration,
            "fps": fps,
            "width": width,
            "height": height,
            "size": size,
            "created_at": created_at,
            "updated_at": updated_at,
        }
        where = path("/indexes/{}/videos", index_id)
        return numbered(self._session, where, query, VideoPage, lambda found: found.data, page)

    def retrieve(
        self,
        index_id: str,
        video_id: str,
        *,
        embedding_option: Sequence[EmbeddingOption] | None = None,
        transcription: bool | None = None,
    ) -> Video:
        """The video; its vectors and what is said in it only when asked for."""
        query: dict[str, Value] = {
            "embedding_option": embedding_option,
            "transcription": transcription,
        }
        where = path("/indexes/{}/videos/{}", index_id, video_id)
        return self._session.fetch(Call("GET", where, query), Video)

    def update(self, index_id: str, video_id: str, *, user_metadata: Metadata) -> None:
        """Lay `user_metadata` over what is noted about the video."""
        self._session.settle(_change("PATCH", index_id, video_id, user_metadata))

    def replace(self, index_id: str, video_id: str, *, user_metadata: Metadata) -> None:
        """Put `user_metadata` in the place of everything noted about the video.

        Withdrawn on 2025-08-28; `update` is what is left.
        """
        self._session.settle(_change("PUT", index_id, video_id, user_metadata))

    def delete(self, index_id: str, video_id: str) -> None:
        """Delete the video."""
        where = path("/indexes/{}/videos/{}", index_id, video_id)
        self._session.settle(Call("DELETE", where))


def _change(method: str, index_id: str, video_id: str, user_metadata: Metadata) -> Call:
    where = path("/indexes/{}/videos/{}", index_id, video_id)
    return Call(method, where, json={"user_metadata": dict(user_metadata)}, again=True)
