"""Answers for operations that store nothing we know of: seeded, and shaped by the schema."""

from understudy.contracts.contract import Contract
from understudy.contracts.operation import Operation
from understudy.mocks.answer import Answer, nothing
from understudy.mocks.call import Call
from understudy.mocks.generate import sample
from understudy.mocks.inference import success
from understudy.mocks.shape import Sampler


def sampler(contract: Contract) -> Sampler:
    """Seeded values for the schemas of one contract."""
    return sample.Sampler(contract.document)


class Sampled:
    """One operation's success, as its schema shows it; equal calls get equal answers."""

    __slots__ = ("_media_type", "_pointer", "_sampler", "_status")

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self._status, self._media_type, self._pointer = success(contract.document, operation)
        self._sampler = sampler(contract)

    def __call__(self, call: Call) -> Answer:
        """A value of the declared schema; raw bytes for what is not JSON."""
        if not self._media_type:
            return nothing(self._status)
        seed = f"{call.seed}/{call.request.path}?{call.request.query}"
        value = self._sampler(self._pointer, seed) if self._pointer else None
        if "json" in self._media_type or self._media_type == "*/*":
            media_type = "application/json" if "*" in self._media_type else self._media_type
            return Answer(self._status, value, media_type)
        raw = value.encode() if isinstance(value, str) else b""
        return Answer(self._status, None, self._media_type, raw=raw)
