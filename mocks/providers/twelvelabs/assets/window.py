"""The page of a list that a call asks for, and what its reply tells of it."""

from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.call import Call

FIRST, USUAL = 1, 10


@dataclass(frozen=True, slots=True)
class Window:
    """A page by its number, from 1, and by how many items it holds."""

    page: int
    limit: int

    @classmethod
    def of(cls, call: Call) -> "Window":
        """The page that the query asks for; the contract has bounded both numbers."""
        page, limit = call.query("page", FIRST), call.query("page_limit", USUAL)
        return cls(
            page if isinstance(page, int) else FIRST, limit if isinstance(limit, int) else USUAL
        )

    @property
    def offset(self) -> int:
        """How many items stand on the pages before."""
        return (self.page - 1) * self.limit

    def info(self, total: int) -> dict[str, Json]:
        """The `page_info` of a list of `total` items."""
        return {
            "page": self.page,
            "limit_per_page": self.limit,
            "total_page": max(1, -(-total // self.limit)),
            "total_results": total,
        }
