"""Whether a reply says no: by its status, or by a code at 200 where the document tells of such."""

from collections.abc import Mapping

from understudy.contracts.json import Json
from understudy.contracts.operation import Operation


def refused(operation: Operation, status: int, answer: Json) -> bool:
    """Whether a reply is a refusal; `x-refusals` names the field and the code of a success."""
    if status >= 400:
        return True
    told = operation.document.root.get("x-refusals")
    if not isinstance(told, Mapping) or not isinstance(answer, Mapping):
        return False
    name = str(told.get("field", ""))
    return name in answer and answer[name] != told.get("success")
