"""One difference between two versions, its kind, and whether it breaks a client that was right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from understudy.contracts.json import Json

Direction = Literal["request", "response"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of change does to a client that was written for the old version, and why."""

    breaking: bool
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one kind at one place; `before` and `after` are None where nothing stood.

    `subject` is the operation, or the lifecycle, that it touches; `pointer` the place in the
    document that still has it (the new one, unless it was removed), `source` its `FILE:LINE`.
    """

    kind: str
    subject: str
    pointer: str
    before: Json
    after: Json
    source: str

    @property
    def breaking(self) -> bool:
        """Whether a client that was right before may fail now."""
        return RULES[self.kind].breaking

    @property
    def why(self) -> str:
        """The reason for that judgement."""
        return RULES[self.kind].why


def _breaks(why: str) -> Rule:
    return Rule(True, why)


def _safe(why: str) -> Rule:
    return Rule(False, why)


RULES: Mapping[str, Rule] = {
    "operation removed": _breaks("calls to it are answered with 404 or 405"),
    "operation added": _safe("nobody calls it yet"),
    "operation deprecated": _safe("it still answers; plan for its end"),
    "operation no longer deprecated": _safe("it stays"),
    "base path changed": _breaks("calls to the old one are answered with 404"),
    "security added": _breaks("calls without the credential are refused"),
    "security removed": _safe("a credential that is not needed does no harm"),
    "security alternative added": _safe("the old credentials still do"),
    "security alternative removed": _breaks("calls with that credential are refused"),
    "required parameter added": _breaks("calls without it are refused"),
    "optional parameter added": _safe("calls without it mean what they meant"),
    "parameter removed": _breaks("calls with it are refused, or lose what it did"),
    "parameter became required": _breaks("calls without it are refused"),
    "parameter became optional": _safe("calls with it mean what they meant"),
    "parameter style changed": _breaks("values are read differently"),
    "request body added": _breaks("calls without a body are refused"),
    "optional request body added": _safe("calls without a body mean what they meant"),
    "request body removed": _breaks("what was sent is ignored or refused"),
    "request body became required": _breaks("calls without a body are refused"),
    "request body became optional": _safe("calls with a body mean what they meant"),
    "request media type added": _safe("the old ones are still read"),
    "request media type removed": _breaks("bodies of that type are refused"),
    "response media type added": _safe("clients ask for those they know"),
    "response media type removed": _breaks("clients that ask for it get none"),
    "success status added": _breaks("clients take a status they do not know for a failure"),
    "success status removed": _breaks("clients wait for it in vain"),
    "error status added": _safe("a status of the range 4xx or 5xx is an error to every client"),
    "error status removed": _safe("an error that no longer happens hurts nobody"),
    "response header added": _safe("nobody reads it yet"),
    "response header removed": _breaks("clients that read it miss it"),
    "response header became optional": _breaks("clients that rely on it may miss it"),
    "response header became required": _safe("it is there more often"),
    "response body added": _safe("clients that expect none read none"),
    "response body removed": _breaks("clients read what is not there"),
    "request type narrowed": _breaks("values of the other types are refused"),
    "request type widened": _safe("the old types are still taken"),
    "response type narrowed": _safe("clients can read what is left"),
    "response type widened": _breaks("clients meet a type they cannot read"),
    "request value removed": _breaks("calls with that value are refused"),
    "request value added": _safe("the old values are still taken"),
    "response value removed": _safe("clients can read what is left"),
    "response value added": _breaks("clients meet a value they do not know"),
    "request property added": _safe("calls without it mean what they meant"),
    "request property removed": _breaks("calls with it are refused, or lose what it did"),
    "request property became required": _breaks("calls without it are refused"),
    "request property became optional": _safe("calls with it mean what they meant"),
    "required request property added": _breaks("calls without it are refused"),
    "response property added": _safe("clients overlook what they do not know"),
    "response property removed": _breaks("clients that read it miss it"),
    "response property became optional": _breaks("clients that rely on it may miss it"),
    "response property became required": _safe("it is there more often"),
    "request limit tightened": _breaks("values beyond the new limit are refused"),
    "request limit loosened": _safe("all old values are still taken"),
    "response limit tightened": _safe("all new values were possible before"),
    "response limit loosened": _breaks("clients meet values beyond the old limit"),
    "request closed to more properties": _breaks("calls with further properties are refused"),
    "request opened to more properties": _safe("all old values are still taken"),
    "response closed to more properties": _safe("clients overlook what is not there"),
    "response opened to more properties": _safe("clients overlook what they do not know"),
    "request alternative removed": _breaks("values of that shape are refused"),
    "request alternative added": _safe("the old shapes are still taken"),
    "response alternative removed": _safe("clients can read what is left"),
    "response alternative added": _breaks("clients meet a shape they do not know"),
    "request condition changed": _breaks("values that were right may be refused"),
    "response condition changed": _breaks("clients may meet values they do not know"),
    "default changed": _breaks("leaving it out means something else"),
    "lifecycle added": _safe("nobody waits for it yet"),
    "lifecycle removed": _breaks("clients wait for its end in vain"),
    "status added": _breaks("clients that wait meet a status they do not know"),
    "status removed": _safe("clients that know it meet it no more"),
    "success changed": _breaks("clients wait for the old success in vain"),
    "end added": _breaks("clients that wait do not know that this is the end"),
    "end removed": _breaks("clients stop waiting where it goes on, or wait in vain"),
    "move added": _breaks("clients see statuses in an order that they took for impossible"),
    "move removed": _safe("clients see fewer orders than they are ready for"),
    "first status changed": _safe("it was possible before, or its addition is told"),
    "status field renamed": _breaks("clients read the status where it no longer stands"),
    "progress field added": _safe("nobody reads it yet"),
    "progress field removed": _breaks("clients read the progress where it no longer stands"),
    "duration changed": _safe("no client may rely on how long a stage takes"),
    "failure reason changed": _safe("it is said for people"),
    "poll added": _safe("the old ways to look are still there"),
    "poll removed": _safe("its removal is told with the operation, if that is gone"),
}
"""Every kind of change with its judgement. Documentation is no kind: it never counts."""
