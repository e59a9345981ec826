"""What Twelve Labs accepts as a video."""

from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.providers.twelvelabs.errors import refuse

SHORTEST, LONGEST, LONGEST_PEGASUS = 4.0, 7200.0, 3600.0
LARGEST = 2 * 1024**3
RATIOS = (1 / 1, 4 / 3, 4 / 5, 5 / 4, 16 / 9, 9 / 16)
TOLERANCE = 0.02  # encoders round to even pixels


def sent_video(call: Call) -> Medium:
    """The video of an upload: `video_url` before `video_file`, refused when neither came."""
    url = call.field("video_url")
    if url:
        return medium_of_url(url)
    part = call.file("video_file")
    if part is None:
        message = "one of 'video_file' and 'video_url' is required; neither was provided"
        raise refuse("parameter_not_provided", message)
    return medium_of_part(part)


def check_limits(medium: Medium, *, pegasus: bool) -> None:
    """Refuses what the platform refuses at once: no video, too short, too long, too large."""
    if medium.kind not in ("video", "audio") or (not medium.url and medium.size == 0):
        raise refuse("video_file_broken", f"{medium.name!r} is no video that can be read")
    longest = LONGEST_PEGASUS if pegasus else LONGEST
    if medium.duration < SHORTEST:
        message = f"the video lasts {medium.duration:g} s; the shortest accepted is {SHORTEST:g} s"
        raise refuse("video_duration_too_short", message)
    if medium.duration > longest:
        message = f"the video lasts {medium.duration:g} s; the longest accepted is {longest:g} s"
        raise refuse("video_duration_too_long", message)
    if medium.size > LARGEST:
        message = f"the file has {medium.size} bytes; the largest accepted has {LARGEST}"
        raise refuse("video_filesize_too_large", message)
    _check_picture(medium.width, medium.height)


def _check_picture(width: int, height: int) -> None:
    shown = f"the resolution is {width}x{height}"
    if min(width, height) < 360:
        message = f"{shown}; the lowest accepted is 360x360"
        raise refuse("video_resolution_too_low", message)
    if max(width, height) > 3840 or min(width, height) > 2160:
        message = f"{shown}; the highest accepted is 3840x2160"
        raise refuse("video_resolution_too_high", message)
    if all(abs(width / height - ratio) > TOLERANCE * ratio for ratio in RATIOS):
        accepted = "1:1, 4:3, 4:5, 5:4, 16:9, 9:16"
        message = f"{shown}; its aspect ratio is none of {accepted}"
        raise refuse("video_resolution_invalid_aspect_ratio", message)
