"""What Twelve Labs accepts as a video."""

from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Medium, medium_of_part, medium_of_url
from understudy.mocks.providers.twelvelabs.errors import refuse

SHORTEST, LONGEST, LONGEST_PEGASUS = 4.0, 7200.0, 3600.0
LARGEST = 2 * 1024**3
RATIOS = (1 / 1, 4 / 3, 4 / 5, 5 / 4, 16 / 9, 9 / 16)
WIDEST = 2.4
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
    _check_playable(medium, LONGEST_PEGASUS if pegasus else LONGEST)
    if medium.size > LARGEST:
        message = f"the file has {medium.size} bytes; the largest accepted has {LARGEST}"
        raise refuse("video_filesize_too_large", message)
    shown = _check_picture(medium, 3840)
    if all(abs(medium.width / medium.height - ratio) > TOLERANCE * ratio for ratio in RATIOS):
        accepted = "1:1, 4:3, 4:5, 5:4, 16:9, 9:16"
        message = f"{shown}; its aspect ratio is none of {accepted}"
        raise refuse("video_resolution_invalid_aspect_ratio", message)


def check_indexable(medium: Medium) -> None:
    """Refuses an asset that today's Marengo cannot index: the limits of the newest error texts.

    Any size will do that could be uploaded; the vendor's text bounds that of tasks alone.
    """
    _check_playable(medium, LONGEST)
    shown = _check_picture(medium, 5184)
    longer, shorter = max(medium.width, medium.height), min(medium.width, medium.height)
    if longer / shorter > WIDEST * (1 + TOLERANCE):
        message = f"{shown}; its aspect ratio is beyond {WIDEST:g}:1"
        raise refuse("video_resolution_invalid_aspect_ratio", message)


def _check_playable(medium: Medium, longest: float) -> None:
    if medium.kind not in ("video", "audio") or (not medium.url and medium.size == 0):
        raise refuse("video_file_broken", f"{medium.name!r} is no video that can be read")
    if medium.duration < SHORTEST:
        message = f"the video lasts {medium.duration:g} s; the shortest accepted is {SHORTEST:g} s"
        raise refuse("video_duration_too_short", message)
    if medium.duration > longest:
        message = f"the video lasts {medium.duration:g} s; the longest accepted is {longest:g} s"
        raise refuse("video_duration_too_long", message)


def _check_picture(medium: Medium, widest: int) -> str:
    """Refuses too few or too many pixels; answers how the resolution is told."""
    width, height = medium.width, medium.height
    shown = f"the resolution is {width}x{height}"
    if min(width, height) < 360:
        message = f"{shown}; the lowest accepted is 360x360"
        raise refuse("video_resolution_too_low", message)
    if max(width, height) > widest or min(width, height) > 2160:
        message = f"{shown}; the highest accepted is {widest}x2160"
        raise refuse("video_resolution_too_high", message)
    return shown
