"""The engines that v1.2 lists and reads."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.providers.twelvelabs.engines import ALLOWED, family
from understudy.mocks.refusal import Reason, Refusal

NAMES = ("marengo2.6", "marengo2.7", "pegasus1.1", "pegasus1.2")
AUTHOR = "Twelve Labs"


def list_engines(call: Call) -> Answer:
    """Every engine, those for search first."""
    engines: list[Json] = [_shown(name) for name in NAMES]
    return Answer(200, {"data": engines})


def read_engine(call: Call) -> Answer:
    """The engine of that name, refused when there is none."""
    name = call.path("engine-id")
    if name not in NAMES:
        message = f"there is no engine {name[:80]!r}; engines are {', '.join(NAMES)}"
        raise Refusal(Reason.UNKNOWN, message)
    return Answer(200, _shown(name))


def _shown(name: str) -> Json:
    return {
        "_id": name,
        "author": AUTHOR,
        "allowed_engine_options": list(ALLOWED[family(name)]),
        "ready": True,
        "finetune": False,
    }
