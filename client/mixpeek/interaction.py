"""Interactions: what somebody did with what a search had found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from understudy.client.json import Json
from understudy.client.mixpeek.page import Bare
from understudy.client.model import Model

InteractionType = Literal["view", "click", "positive_feedback", "negative_feedback"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Model):
    """What was done with a feature."""

    interaction_id: str
    feature_id: str
    interaction_type: str
    position: int | None = None
    session_id: str | None = None
    metadata: Mapping[str, Json] | None = None
    search_request: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionList(Bare):
    """A page of them."""

    items: tuple[Interaction, ...]
