"""What is read from an asset's file: container, streams, picture, pages."""

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded

_AUDIO_RATE = 48_000
_AUDIO_BITRATE = 128_000


def technical_metadata(medium: Medium, file_type: str) -> dict[str, Json]:
    """The details of a file in the names of Python SDK 1.3.6; only those that fit its kind."""
    container = file_type.rpartition("/")[2].removeprefix("x-")
    shown: dict[str, Json] = {
        "file_size_bytes": medium.size,
        "file_mime_type": file_type,
        "file_container_format": container,
    }
    if medium.kind == "video":
        return {**shown, **_video(medium), **_sound(medium)}
    if medium.kind == "audio":
        return {**shown, **_sound(medium), "total_video_streams": 0}
    if medium.kind == "image":
        return {
            **shown,
            "image_width": medium.width,
            "image_height": medium.height,
            "image_format": container,
            "has_alpha": False,
            "is_animated": False,
        }
    if file_type == "application/pdf":
        return {**shown, **_pages(medium)}
    return shown


def _video(medium: Medium) -> dict[str, Json]:
    bitrate = _bitrate(medium)
    stream: Json = {
        "index": 0,
        "codec": "h264",
        "width": medium.width,
        "height": medium.height,
        "fps": medium.fps,
        "avg_fps": medium.fps,
        "duration_seconds": medium.duration,
        "bitrate_bps": bitrate,
    }
    return {
        "video_streams": [stream],
        "video_codec": "h264",
        "video_width": medium.width,
        "video_height": medium.height,
        "video_fps": medium.fps,
        "video_duration_seconds": medium.duration,
        "video_bitrate_bps": bitrate,
        "storage_aspect_ratio": round(medium.width / max(1, medium.height), 4),
        "is_hdr": False,
        "total_video_streams": 1,
    }


def _sound(medium: Medium) -> dict[str, Json]:
    if not medium.has_audio:
        return {"has_audio": False, "total_audio_streams": 0}
    stream: Json = {
        "index": 1 if medium.kind == "video" else 0,
        "codec": "aac",
        "sample_rate": _AUDIO_RATE,
        "channels": 2,
        "bitrate_bps": _AUDIO_BITRATE,
        "duration_seconds": medium.duration,
    }
    return {
        "audio_streams": [stream],
        "audio_codec": "aac",
        "audio_sample_rate": _AUDIO_RATE,
        "audio_channels": 2,
        "audio_duration_seconds": medium.duration,
        "has_audio": True,
        "total_audio_streams": 1,
    }


def _pages(medium: Medium) -> dict[str, Json]:
    return {
        "document_page_count": Seeded(medium.identity, "pages").integer(1, 24),
        "document_pdf_version": "1.7",
        "document_page_width_pt": 595.0,
        "document_page_height_pt": 842.0,
        "document_is_tagged": False,
        "document_is_encrypted": False,
        "document_title": medium.title,
    }


def _bitrate(medium: Medium) -> int:
    return int(medium.size * 8 / medium.duration) if medium.duration else 0
