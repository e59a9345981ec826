"""Golden exchanges: transcribed from documentation, recordings or clients, each with its source.

They lie in `specs/PROVIDER/examples/`, and every document must accept its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from understudy.contracts.contract import Contract
from understudy.contracts.exchange import Exchange, Form, Headers, Part, Request, Response
from understudy.contracts.json import Json, mapping, sequence
from understudy.contracts.operation import Reading
from understudy.contracts.parsing import parse
from understudy.contracts.violation import Violation

STALE_AFTER = 24
"""Months after which somebody should look whether the vendor still answers so."""


@dataclass(frozen=True, slots=True)
class Golden:
    """One exchange as it was seen: where, and in which month ("2025-07").

    `refused` says that the request is off contract on purpose, and the reply its refusal.
    """

    provider: str
    file: str
    name: str
    operation: str
    label: str
    source: str
    month: str
    refused: bool
    exchange: Exchange

    def check(self, contract: Contract) -> list[Violation]:
        """What of it its document does not accept, [] when all is well."""
        reading = contract.read(self.exchange.request)
        if not isinstance(reading, Reading):
            return contract.check(self.exchange.request, self.exchange.response)
        found = list(() if self.refused else reading.violations)
        if reading.operation.id != self.operation:
            expected = f"operation {self.operation}, as the example says"
            found.append(reading.operation.violation("path", "", reading.operation.id, expected))
        found.extend(contract.check_response(reading.operation, self.exchange.response))
        return found

    def stale(self, today: date, months: int = STALE_AFTER) -> bool:
        """Whether it was seen longer ago than that many months."""
        year, _, month = self.month.partition("-")
        return (today.year - int(year)) * 12 + today.month - int(month) > months


def golden(provider: str) -> Iterator[Golden]:
    """Every golden exchange that is shipped of a provider, by file."""
    folder = files("understudy.specs") / provider / "examples"
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            root = mapping(parse(file.read_text("utf-8"), f"{provider}/examples/{file.name}"))
            seen = mapping(root.get("provenance"))
            for each in sequence(root.get("exchanges")):
                yield _golden(provider, file.name, seen, mapping(each))


def home_of(each: Golden, contracts: Sequence[Contract]) -> Contract | None:
    """The document that an exchange is about: one that has its operation at its path.

    Of several (a version as it is and as it was) the first that has nothing against it.
    """
    version = each.file.removesuffix(".yaml")
    named = [one for one in contracts if one.name == f"{each.provider}/{version}"]
    fits = [one for one in (*named, *contracts) if _has(one, each)]
    return next((one for one in fits if not each.check(one)), fits[0] if fits else None)


def _has(contract: Contract, each: Golden) -> bool:
    reading = contract.read(each.exchange.request)
    return isinstance(reading, Reading) and reading.operation.id == each.operation


def _golden(provider: str, file: str, seen: Mapping[str, Json], said: Mapping[str, Json]) -> Golden:
    asked, told = mapping(said.get("request")), mapping(said.get("response"))
    status = int(str(told.get("status")))
    request = Request(
        str(asked.get("method")),
        str(asked.get("path")),
        str(asked.get("query", "")),
        _headers(asked),
        _body(asked),
    )
    response = Response(status, _headers(told), str(told.get("body", "")).encode())
    return Golden(
        provider,
        file,
        str(said.get("name")),
        str(said.get("operation")),
        str(seen.get("label")),
        str(seen.get("source") or ""),
        str(seen.get("date")),
        status in sequence(said.get("refused")),
        Exchange(request, response),
    )


def _headers(said: Mapping[str, Json]) -> Headers:
    return Headers((name, str(value)) for name, value in mapping(said.get("headers")).items())


def _body(said: Mapping[str, Json]) -> bytes | Form:
    """A form is parts by name; a part of a file is a mapping with its name and its type."""
    if "form" not in said:
        return str(said.get("body", "")).encode()
    parts = [_part(name, value) for name, value in mapping(said["form"]).items()]
    return Form(tuple(parts))


def _part(name: str, value: Json) -> Part:
    if not isinstance(value, Mapping):
        return Part(name, str(value).encode())
    content = str(value.get("content")).encode()
    media_type = value.get("type")
    known = None if media_type is None else str(media_type)
    return Part(name, content, str(value.get("filename")), known, len(content))
