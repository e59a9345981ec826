"""The interactions of a VCR cassette, one at a time, in the plain form of recordings.

A cassette has `interactions`, each a `request` (`method`, `uri`, `headers`, `body`) and a
`response` (`status`, `headers`, `body.string`), as vcrpy and pytest-recording write it; Betamax
and Ruby's VCR call the list `http_interactions`. YAML is read here, JSON in `archive`.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import BinaryIO

import yaml
from yaml.composer import Composer

from understudy.contracts.errors import ContractError
from understudy.contracts.json import Json

_LISTS = ("interactions", "http_interactions")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CassetteError(ContractError):
    """A file is no cassette; `line` is where that shows."""

    def __init__(self, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(f"line {line}: {problem}")


class _Reader(_Loader, Composer):  # type: ignore[valid-type, misc]
    """Composes single nodes, which the C parser alone does only for whole documents."""

    def __init__(self, stream: BinaryIO) -> None:
        _Loader.__init__(self, stream)
        Composer.__init__(self)


def interactions(stream: BinaryIO) -> Iterator[tuple[int, Mapping[str, Json]]]:
    """The line of each interaction with its plain form; raises CassetteError."""
    reader, line = _Reader(stream), 1
    try:
        _until_interactions(reader)
        while not reader.check_event(yaml.SequenceEndEvent):
            line = reader.peek_event().start_mark.line + 1
            value = reader.construct_document(Composer.compose_node(reader, None, 0))
            if not isinstance(value, Mapping):
                raise CassetteError(line, f"an interaction is {value!r}, expected a mapping")
            yield line, interaction(value)
    except yaml.YAMLError as failure:
        mark = getattr(failure, "problem_mark", None)
        problem = getattr(failure, "problem", None) or str(failure)
        raise CassetteError(mark.line + 1 if mark else 1, f"is not YAML ({problem})") from failure
    except RecursionError as failure:
        raise CassetteError(line, "is nested too deeply") from failure
    finally:
        reader.dispose()


def _until_interactions(reader: _Reader) -> None:
    """Read on until the list of interactions begins; other keys before it are passed over."""
    for kind in (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.MappingStartEvent):
        if not reader.check_event(kind):
            raise CassetteError(1, "is no mapping with a list of interactions")
        reader.get_event()
    while not reader.check_event(yaml.MappingEndEvent):
        key = reader.get_event()
        if getattr(key, "value", None) in _LISTS:
            if not reader.check_event(yaml.SequenceStartEvent):
                raise CassetteError(key.start_mark.line + 1, f"{key.value} is no list")
            reader.get_event()
            return
        Composer.compose_node(reader, None, 0)
    raise CassetteError(1, "has no interactions, as a VCR cassette would")


def interaction(value: Mapping[str, object]) -> Mapping[str, Json]:
    """The plain form of one interaction; what it does not say is None."""
    sent, answered = (
        held if isinstance(held := value.get(name), Mapping) else {}
        for name in ("request", "response")
    )
    status = answered.get("status")
    code = status.get("code") if isinstance(status, Mapping) else status
    request: dict[str, Json] = {
        "method": sent.get("method"),
        "url": sent.get("uri", sent.get("url")),
        "headers": sent.get("headers") or {},
        **_body(sent.get("body")),
    }
    response: dict[str, Json] = {
        "status": answered.get("status_code", code),
        "headers": answered.get("headers") or {},
        **_body(answered.get("body", answered.get("content"))),
    }
    began = _began(value.get("recorded_at"))
    return {"request": request, "response": response, "startedDateTime": began}


def _began(recorded: object) -> str | None:
    """The time in ISO 8601: YAML reads that itself, and Ruby's VCR writes an HTTP date."""
    if isinstance(recorded, datetime):
        return recorded.isoformat()
    if not isinstance(recorded, str) or recorded[:1].isdigit():
        return recorded if isinstance(recorded, str) else None
    try:
        return parsedate_to_datetime(recorded).isoformat()
    except ValueError:
        return None


def _body(held: object) -> dict[str, Json]:
    """A body as text, or as base64 of bytes; vcrpy wraps it as `string` or `base64_string`."""
    if isinstance(held, Mapping):
        if "base64_string" in held:
            return {"body_base64": str(held["base64_string"])}
        held = held.get("string")
    if isinstance(held, bytes):
        return {"body_base64": base64.b64encode(held).decode()}
    return {} if held is None else {"body": str(held)}
