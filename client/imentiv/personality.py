"""What a face tells of a personality, on the five scales of the OCEAN model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from understudy.client.json import Json
from understudy.client.model import Model
from understudy.client.patience import Signs, Statuses

AnalysisType = Literal["overall", "by_segment", "combined"]
Part = Literal["overall", "by_segment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ocean(Model):
    """Five shares from 0 to 1."""

    agreeableness: float
    conscientiousness: float
    extraversion: float
    neuroticism: float
    openness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OverallPersonality(Model):
    """Over the whole video."""

    ocean_metrics: Ocean


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalitySegment(Model):
    """Over a stretch of the video, in milliseconds; segments count from 1."""

    segment_id: int
    start_millis: int
    end_millis: int
    ocean_metrics: Ocean


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedPersonality(Model):
    """Over one stretch after the other."""

    segment_interval_millis: int
    segments: tuple[PersonalitySegment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalityReading(Model):
    """What there is of a personality: each part that is completed."""

    video_id: str
    face_id: int
    analysis_status: Mapping[str, Json] | None = None
    overall: OverallPersonality | None = None
    by_segment: SegmentedPersonality | None = None

    def status_of(self, part: Part) -> str:
        """How far a part is; "absent" when it was never asked for."""
        said = (self.analysis_status or {}).get(part)
        status = said.get("status") if isinstance(said, Mapping) else None
        return status if isinstance(status, str) else "absent"

    def percentage_of(self, part: Part) -> int | None:
        """How many hundredths of a part are done, where the service says so."""
        said = (self.analysis_status or {}).get(part)
        share = said.get("percentage") if isinstance(said, Mapping) else None
        return share if isinstance(share, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalityStarted(Model):
    """What was asked for; the speaker is the one that the face is linked to."""

    video_id: str
    face_id: int
    speaker_id: int | None = None
    analysis_type: str
    status: str
    message: str


def parts_of(analysis_type: str) -> tuple[Part, ...]:
    """The parts that a kind of analysis has."""
    if analysis_type == "by_segment":
        return ("by_segment",)
    return ("overall", "by_segment") if analysis_type == "combined" else ("overall",)


def signs_of(parts: tuple[Part, ...]) -> Signs[PersonalityReading]:
    """How a personality is read when these parts are waited for: it fails with one of them, and
    is completed with the last."""
    order = ("failed", "absent", "pending", "processing", "completed")

    def status(seen: PersonalityReading) -> str:
        found = [seen.status_of(part) for part in parts]
        unknown = [each for each in found if each not in order]
        return unknown[0] if unknown else min(found, key=order.index)

    statuses = Statuses(
        running=frozenset({"pending", "processing"}),
        succeeded=frozenset({"completed"}),
        failed=frozenset({"failed"}),
    )
    return Signs(statuses, status=status, reason=lambda seen: None)
