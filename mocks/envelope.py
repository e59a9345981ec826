"""The shape of a refusal: each provider has one; this is the one for documents nobody wrote for."""

from collections.abc import Mapping
from typing import Protocol

from understudy.contracts.contract import Contract
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.inference import escaped
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.refusal import Reason, Refusal

STATUS: Mapping[Reason, int] = {
    Reason.NO_ROUTE: 404,
    Reason.NO_METHOD: 405,
    Reason.NO_KEY: 401,
    Reason.WRONG_KEY: 401,
    Reason.INVALID: 400,
    Reason.MEDIA_TYPE: 415,
    Reason.TOO_LARGE: 413,
    Reason.UNKNOWN: 404,
    Reason.MALFORMED: 404,
    Reason.CONFLICT: 409,
    Reason.RULE: 400,
    Reason.FULL: 429,
}


class Envelope(Protocol):
    """Gives a refusal the status, the code and the body that this provider would give it."""

    def answer(self, refusal: Refusal, operation: Operation | None) -> Answer:
        """The refusal as it goes out; `operation` is None where none was reached."""
        ...


class DeclaredEnvelope:
    """Fills the error schema that the operation declares; a plain `{code, message}` without one.

    A status that the operation does not declare gives way to a declared one that means a
    refusal as well, so that even a document that forgot its 404 is answered on contract.
    """

    __slots__ = ("_contract",)

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def answer(self, refusal: Refusal, operation: Operation | None) -> Answer:
        """The refusal in the operation's own error schema."""
        wanted = refusal.status or STATUS[refusal.reason]
        if operation is None:
            return Answer(wanted, self._plain(wanted, refusal), headers=refusal.headers)
        declared = self._declared(wanted, operation)
        if declared is None:
            return Answer(wanted, self._plain(wanted, refusal), headers=refusal.headers)
        status, media_type, pointer = declared
        if media_type.startswith("text/"):
            message = refusal.message.encode()
            return Answer(status, None, media_type, refusal.headers, raw=message)
        if media_type and not pointer:
            return nothing(status, refusal.headers)
        content = (
            self._filled(pointer, status, refusal) if pointer else self._plain(status, refusal)
        )
        return Answer(status, content, headers=refusal.headers)

    def _plain(self, status: int, refusal: Refusal) -> Json:
        return {"code": refusal.code or str(status), "message": refusal.message}

    def _declared(self, wanted: int, operation: Operation) -> tuple[int, str, str] | None:
        """The nearest declared error status, its media type (JSON before others), and where its
        schema stands if that is JSON; both empty where no body is declared, and any may be sent."""
        document = operation.document
        for code in _candidates(wanted, operation.statuses):
            place = f"{operation.pointer}/responses/{code}"
            node, pointer = document.resolve(document.at(place), place)
            status = int(code) if code.isdigit() else wanted
            media = mapping(mapping(node).get("content"))
            for media_type in media:
                if "json" in media_type:
                    schema = f"{pointer}/content/{escaped(media_type)}/schema"
                    return status, media_type, schema
            return status, next(iter(media), ""), ""
        return None

    def _filled(self, pointer: str, status: int, refusal: Refusal) -> Json:
        """An object of the error schema's properties: messages are ours, numbers the status."""
        document = self._contract.document
        schema = mapping(document.resolve(document.at(pointer))[0])
        filled: dict[str, Json] = {}
        for name, node in mapping(schema.get("properties")).items():
            kind = mapping(document.resolve(node)[0]).get("type")
            if kind == "integer":
                filled[name] = status
            elif kind == "string":
                filled[name] = refusal.message if _speaks(name) else refusal.code or str(status)
            elif kind == "array" and name in elements(schema.get("required")):
                filled[name] = []
        return filled or self._plain(status, refusal)


def _speaks(name: str) -> bool:
    return text(name).lower() in ("message", "detail", "description", "error", "title", "reason")


def _candidates(wanted: int, declared: tuple[str, ...]) -> list[str]:
    ranged = f"{str(wanted)[0]}XX"
    exact = [code for code in (str(wanted), ranged, ranged.lower(), "default") if code in declared]
    others = [code for code in declared if code.startswith("4") and code.isdigit()]
    return exact + others
