"""One look at one task, as an exchange showed it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from understudy.contracts.expression import Spoken, at
from understudy.contracts.json import Json
from understudy.contracts.lifecycle import Lifecycle
from understudy.contracts.trace.sight import Act, Sight


@dataclass(frozen=True, slots=True)
class Sighting:
    """A task as one exchange showed it; what the exchange did not say is None.

    `pointer` is where the task stands in the reply, `asked` the id that the request named,
    `links` every other id that the reply gave with it. `missing` says that the task was asked
    for and not found; `links` are the ids of the path then. A webhook is a sighting too, with the
    act "read".
    """

    lifecycle: Lifecycle
    act: Act
    id: str
    pointer: str = ""
    status: Json = None
    progress: Json = None
    created: Json = None
    updated: Json = None
    asked: Json = None
    missing: bool = False
    links: Mapping[str, Json] = field(default_factory=dict)


def sightings(sight: Sight, status: int, spoken: Spoken) -> Iterator[Sighting]:
    """Every task that a reply with `status` shows; none where it was refused for other reasons."""
    asked = sight.asked.value(spoken) if sight.asked else None
    if status in (404, 410):
        if isinstance(asked, str | int) and sight.act not in ("create", "part", "restart"):
            named = {_plain(name): value for name, value in spoken.path.items()}
            missing = Sighting(sight.lifecycle, sight.act, str(asked), missing=True, asked=asked)
            yield replace(missing, links=named)
        return
    if not 200 <= status < 300:
        return
    if sight.act == "delete" and isinstance(asked, Sequence) and not isinstance(asked, str):
        named = dict.fromkeys(map(str, asked))  # one that stands there twice is deleted once
        yield from (Sighting(sight.lifecycle, "delete", each) for each in named)
        return
    if sight.items is None:
        found = _sighting(sight, spoken.answer, "", asked)
        if found is not None:
            more = {
                **_owner(sight, spoken),
                **(links_of(spoken.body, "") if sight.act == "create" else {}),
            }
            yield replace(found, links={**more, **found.links}) if more else found
        return
    listed = at(spoken.answer, sight.items)
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        for index, item in enumerate(listed):
            found = _sighting(sight, item, f"{sight.items}/{index}", None)
            if found is not None:
                yield replace(found, links={**_owner(sight, spoken), **found.links})


def _owner(sight: Sight, spoken: Spoken) -> dict[str, Json]:
    """What the path says that the task belongs to, as a link of it."""
    value = spoken.path.get(sight.owner)
    return {} if value is None else {_plain(sight.owner): value}


def _plain(name: str) -> str:
    """The name of a path parameter as fields of that meaning are called."""
    return name.replace("-", "_")


def _sighting(sight: Sight, task: Json, pointer: str, asked: Json) -> Sighting | None:
    shown = at(task, sight.id) if sight.id else None
    name = shown if isinstance(shown, str | int) else asked
    if not isinstance(name, str | int):
        return None
    return Sighting(
        sight.lifecycle,
        sight.act,
        str(name),
        pointer,
        status=_at(task, sight.status),
        progress=_at(task, sight.progress),
        created=_at(task, sight.created),
        updated=_at(task, sight.updated),
        asked=asked,
        links=links_of(task, sight.id),
    )


def _at(task: Json, pointer: str) -> Json:
    return at(task, pointer) if pointer else None


def links_of(task: Json, own: str) -> Mapping[str, Json]:
    """The ids of other things that a task, or the request for one, names."""
    if not isinstance(task, Mapping):
        return {}
    return {
        name: value
        for name, value in task.items()
        if isinstance(value, str) and value and name.endswith(("_id", "Id")) and f"/{name}" != own
    }


def instant(value: Json) -> float | None:
    """A stamp as seconds since 1970: an RFC 3339 text, with or without zone, or epoch numbers."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
