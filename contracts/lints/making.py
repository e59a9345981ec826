"""Habits of creating: twice, in vain, and read too early."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from understudy.contracts.exchange import Form, Request
from understudy.contracts.lints.look import IDEMPOTENT, Look, Warned

_MOST = 10_000
_AGAIN = 300.0
_UNCERTAIN = frozenset({408, 500, 502, 503, 504})
_TOO_EARLY = frozenset({400, 404, 409, 422, 425})


class Doubles:
    """The same creation sent again after a reply that leaves open whether it was done."""

    def __init__(self) -> None:
        self._doubtful: OrderedDict[tuple[str, str, bytes], float | None] = OrderedDict()

    def see(self, look: Look) -> Iterator[Warned]:
        """A body that was sent before, when nobody knows what became of it."""
        if look.request.method in IDEMPOTENT:
            return
        key = (look.account, look.operation.id, _digest(look.request))
        if key in self._doubtful:
            before = self._doubtful.pop(key)
            if before is None or look.at is None or look.at - before <= _AGAIN:
                yield look.warn(
                    "created twice",
                    "the same request was sent before, and its reply left open whether it was"
                    " done; look for what it made before making it again",
                )
        if look.response.status in _UNCERTAIN:
            self._doubtful[key] = look.at
            if len(self._doubtful) > _MOST:
                self._doubtful.popitem(last=False)

    def end(self) -> Iterator[Warned]:
        """Nothing more."""
        return iter(())


@dataclass(slots=True)
class _Made:
    place: str
    operation: str
    lifecycle: str


class Orphans:
    """Tasks that were made and never looked at again."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str, str], _Made] = OrderedDict()
        self._names: dict[tuple[str, str], tuple[str, str]] = {}

    def see(self, look: Look) -> Iterator[Warned]:
        """A creation is remembered; whatever names or shows the task clears it."""
        for seen in look.seen:
            key = (look.account, seen.id)
            if seen.act == "create" and not seen.missing:
                self._made[key] = _Made(look.place, look.operation.id, seen.lifecycle.name)
                self._names.update({(look.account, str(link)): key for link in seen.links.values()})
                if len(self._made) > _MOST:
                    self._made.popitem(last=False)
            else:
                self._made.pop(key, None)
        if not any(seen.act == "create" for seen in look.seen):
            for name in look.named:
                self._made.pop((look.account, name), None)
                linked = self._names.get((look.account, name))
                if linked is not None:
                    self._made.pop(linked, None)
        return iter(())

    def end(self) -> Iterator[Warned]:
        """What is left was made for nothing, as far as this recording goes."""
        for (_, name), made in self._made.items():
            yield Warned(
                "never fetched",
                made.place,
                made.operation,
                f"task {name!r} ({made.lifecycle}) was made, and never read, used or deleted",
            )


class Early:
    """Results asked for before their task has ended, and refused."""

    def __init__(self) -> None:
        self._running: OrderedDict[tuple[str, str], tuple[str, str]] = OrderedDict()

    def see(self, look: Look) -> Iterator[Warned]:
        """A refusal of a request that names something unfinished."""
        if look.response.status in _TOO_EARLY and not look.seen:
            for name in sorted(look.named):
                running = self._running.get((look.account, name))
                if running is not None:
                    task, status = running
                    yield look.warn(
                        "read before ready",
                        f"{name!r} was asked for while its task {task!r} was {status!r}; wait for"
                        " the end first",
                    )
                    break
        for seen in look.seen:
            if seen.missing or not isinstance(seen.status, str):
                continue
            for name in (seen.id, *map(str, self._results(seen.links))):
                self._running.pop((look.account, name), None)
                if not seen.lifecycle.finished(seen.status):
                    self._running[look.account, name] = (seen.id, seen.status)
            while len(self._running) > _MOST:
                self._running.popitem(last=False)

    def end(self) -> Iterator[Warned]:
        """Nothing more."""
        return iter(())

    def _results(self, links: object) -> list[object]:
        """What a task makes, by its name: not what it belongs to."""
        made = ("video_id", "asset_id", "videoNo", "audio_id", "text_id")
        return [links[name] for name in made if isinstance(links, dict) and name in links]


def _digest(request: Request) -> bytes:
    """What tells two requests of an operation apart, of a form the names, sizes and contents."""
    digest = blake2b(f"{request.path}?{request.query}".encode(), digest_size=16)
    if isinstance(request.body, Form):
        for part in request.body.parts:
            digest.update(repr((part.name, part.filename, part.size, part.digest)).encode())
            digest.update(part.content)
    else:
        digest.update(request.body)
    return digest.digest()
