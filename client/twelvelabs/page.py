"""What Twelve Labs says about a page of a list."""

from dataclasses import dataclass

from understudy.client.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInfo(Model):
    """Where a page stands among the others."""

    page: int
    limit_per_page: int
    total_page: int
    total_results: int

    @property
    def following(self) -> int | None:
        """The number of the page after this one, if there is one."""
        return self.page + 1 if self.page < self.total_page else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPage(Model):
    """A page of any list whose pages have numbers; each kind adds its `data`."""

    page_info: PageInfo
