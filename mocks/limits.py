"""The bounds of everything a fake stores or reads, with defaults a laptop does not notice."""

from dataclasses import dataclass, fields

from understudy.mocks.errors import FakeError


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept, and how much one request may bring. Sizes are in bytes.

    What goes beyond a bound on stored things pushes out the oldest, which is counted and
    reported; what goes beyond a bound on a request is refused.
    """

    tasks: int = 100_000
    """Resources of each kind (tasks, videos, indexes, ...) in one tenant."""
    journal: int = 1_000
    """Exchanges remembered per tenant."""
    deliveries: int = 1_000
    """Webhook deliveries remembered per tenant, those still to be sent among them."""
    events: int = 2_000
    """What has happened, for the events stream, of all tenants together."""
    uploads: int = 1_000
    """Uploaded media whose facts are remembered per tenant."""
    links: int = 10_000
    """Links to files that replies gave out; the one given out longest ago is forgotten."""
    tenants: int = 1_000
    """Tenants; the one not used for the longest time goes first."""
    body: int = 64 * 1024 * 1024
    """A request body that is held in memory: JSON, forms, text."""
    upload: int = 4 * 1024 * 1024 * 1024
    """One uploaded file; it is hashed while it passes and not kept."""
    text: int = 1024 * 1024
    """One text field of a multipart body."""
    parts: int = 1_000
    """Parts of a multipart body."""
    depth: int = 100
    """Nesting of a JSON body."""
    polls: int = 100
    """Polls in a row, in process, of a task that cannot change: the next one raises Standstill."""

    def __post_init__(self) -> None:
        for each in fields(self):
            bound = getattr(self, each.name)
            if type(bound) is not int or bound < 1:
                raise FakeError(
                    f"The limit {each.name!r} is {bound!r}; it must be a whole number above 0."
                )
