"""What Memories.ai does that its document cannot say: the provider, assembled."""

from collections.abc import Mapping

from understudy.contracts.contract import Contract
from understudy.mocks.provider import Behaviour, Provider, edition
from understudy.mocks.providers.memories.chat import (
    chat,
    chat_stream,
    marketer_chat,
    marketer_chat_stream,
)
from understudy.mocks.providers.memories.downloads import download
from understudy.mocks.providers.memories.errors import Errors
from understudy.mocks.providers.memories.folders import get_folder
from understudy.mocks.providers.memories.images import upload_img
from understudy.mocks.providers.memories.scrapes import (
    fetched,
    get_video_ids_by_task_id,
    scraper_url,
)
from understudy.mocks.providers.memories.search import search
from understudy.mocks.providers.memories.sessions import get_session_detail, list_sessions
from understudy.mocks.providers.memories.summaries import generate_summary
from understudy.mocks.providers.memories.transcripts import (
    get_audio_transcription,
    get_video_transcription,
)
from understudy.mocks.providers.memories.uploads import entered, lifecycles, upload, upload_url
from understudy.mocks.providers.memories.videos import delete_videos, list_videos
from understudy.mocks.resource import generic

FAMILIES = ("v1", "video")
"""Each name is there twice, over one account."""

NAMES: Mapping[str, Behaviour] = {
    "upload-url": upload_url,
    "upload": upload,
    "list-videos": list_videos,
    "search": search,
    "chat": chat,
    "chat-stream": chat_stream,
    "marketer-chat": marketer_chat,
    "marketer-chat-stream": marketer_chat_stream,
    "get-video-transcription": get_video_transcription,
    "get-audio-transcription": get_audio_transcription,
    "generate-summary": generate_summary,
    "list-sessions": list_sessions,
    "get-session-detail": get_session_detail,
    "delete-videos": delete_videos,
    "get-folder": get_folder,
    "scraper-url": scraper_url,
    "get-video-ids-by-task-id": get_video_ids_by_task_id,
    "upload-img": upload_img,
    "download": download,
}

SPECIAL: Mapping[str, Behaviour] = {
    f"{family}-{name}": behaviour for family in FAMILIES for name, behaviour in NAMES.items()
}


def provider() -> Provider:
    """Memories.ai of mid 2025, both path families."""
    return Provider(
        name="memories",
        editions=(edition(Contract.load("memories/v1"), SPECIAL, generic),),
        envelope=Errors(),
        lifecycles=lifecycles(),
        hooks={"parsing": entered, "scraping": fetched},
    )
