"""What is said in a video: sentences with their times, the same wherever they are shown."""

from understudy.contracts.json import Json
from understudy.mocks.generate.medium import Medium
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.generate.text import spoken
from understudy.mocks.generate.timeline import Span, shots


def transcription(medium: Medium) -> Json:
    """Every sentence with start and end; None for a medium without sound."""
    if not medium.has_audio:
        return None
    draw = Seeded(medium.identity, "speech")
    return [
        {"start": start, "end": end, "value": spoken(medium, draw.child(start))}
        for start, end in shots(medium.duration, draw)
    ]


def said(medium: Medium, span: Span) -> str:
    """The sentences that are heard within a span; empty without sound."""
    if not medium.has_audio:
        return ""
    draw = Seeded(medium.identity, "speech")
    heard = [
        spoken(medium, draw.child(start))
        for start, end in shots(medium.duration, draw)
        if start < span[1] and end > span[0]
    ]
    return " ".join(heard)
