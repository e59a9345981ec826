"""What Mixpeek says about a page of a list."""

from dataclasses import dataclass
from typing import Self

from understudy.client.json import Json
from understudy.client.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination(Model):
    """Where a page of assets or collections stands among the others."""

    total: int
    page: int
    page_size: int
    total_pages: int
    next_page: str | None = None
    previous_page: str | None = None

    @property
    def following(self) -> int | None:
        """The number of the page after this one, if there is one."""
        return self.page + 1 if self.page < self.total_pages else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePagination(Model):
    """Where a page of features stands in its list."""

    total: int
    page_size: int
    total_pages: int
    current_page: int
    next_page: str | None = None
    previous_page: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPage(Model):
    """A page of any list whose pages have numbers; each kind adds its `results`."""

    pagination: Pagination


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Model):
    """What was done, in a sentence."""

    message: str | None = None
    status: str | None = None


class Bare(Model):
    """A list that the service answers without anything around it; each kind adds its `items`."""

    @classmethod
    def read(cls, content: Json, place: str = "body") -> Self:
        """The items that `content` holds."""
        return super().read({"items": content}, place)
