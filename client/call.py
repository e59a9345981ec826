"""One request, as a value: what to send, and whether it may be sent twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode

from understudy.client.errors import UsageError
from understudy.client.json import Json
from understudy.client.multipart import Multipart
from understudy.client.piece import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Bounds on a filter: `Range(gte=30, lte=90)` is sent as `name[gte]=30&name[lte]=90`.

    Today's Twelve Labs knows no others than these two.
    """

    gte: float | str | date | None = None
    lte: float | str | date | None = None
    gt: float | str | date | None = None
    lt: float | str | date | None = None


Scalar = str | int | float | bool | date
Value = Scalar | Sequence[Scalar] | Range | None
"""What a query parameter may be; None leaves it out, a list repeats it."""

_SAFE = frozenset({"GET", "HEAD", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class Call:
    """A request below the base URL, with at most one of `json`, `form`, `fields` and `piece` as
    its body.

    `fields` go out as a URL-encoded form, a `piece` as it lies in its file. `accept` is the
    media type that is asked for; `headers` are sent beside those that every call has.

    `again` says whether doing it twice does no harm; None leaves that to the method. A `path`
    that is a whole URL is asked for without the key: a link in a reply may lead anywhere.
    """

    method: str
    path: str
    query: Mapping[str, Value] = field(default_factory=dict)
    json: Json = None
    form: Multipart | None = None
    fields: Mapping[str, Value] | None = None
    piece: Piece | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    again: bool | None = None
    accept: str = "*/*"

    @property
    def repeatable(self) -> bool:
        """Whether the request may be done twice."""
        return self.method in _SAFE if self.again is None else self.again

    @property
    def target(self) -> str:
        """Path and query as they are sent."""
        written = [pair for name, value in self.query.items() for pair in pairs(name, value)]
        return f"{self.path}?{urlencode(written)}" if written else self.path

    @property
    def foreign(self) -> bool:
        """Whether the path is a whole URL, which is not below the base."""
        return self.path.startswith(("http://", "https://"))

    @property
    def encoded(self) -> bytes | None:
        """The fields as they are sent; None without any."""
        if self.fields is None:
            return None
        written = [pair for name, value in self.fields.items() for pair in pairs(name, value)]
        return urlencode(written).encode()

    def __str__(self) -> str:
        return f"{self.method} {self.path.partition('?')[0]}"


def path(template: str, *segments: str) -> str:
    """Fill the `{}` of `template`; each segment stays one segment, whatever it holds."""
    for segment in segments:
        if not isinstance(segment, str) or segment in {"", ".", ".."}:
            raise UsageError(f"{segment!r} is no id; {template} needs a text that is not empty.")
    return template.format(*(quote(segment, safe="") for segment in segments))


def text(value: Scalar) -> str:
    """A single value as queries and forms carry it; moments are RFC 3339 in UTC."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def pairs(name: str, value: Value) -> Iterator[tuple[str, str]]:
    """How a parameter is written: not at all, once, repeated, or as bounds."""
    if value is None:
        return
    if isinstance(value, Range):
        for bound in ("gte", "lte", "gt", "lt"):
            limit = getattr(value, bound)
            if limit is not None:
                yield f"{name}[{bound}]", text(limit)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield name, text(item)
    else:
        yield name, text(value)
