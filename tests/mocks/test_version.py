"""Laws of the choice between the documents of one version."""

import orjson

from understudy.contracts.exchange import Headers, Request
from understudy.contracts.operation import Reading
from understudy.mocks.clock import ManualClock
from understudy.mocks.engine import Engine
from understudy.mocks.prepared import Prepared
from understudy.mocks.providers.catalogue import provide

LINES = Headers([("x-api-key", "k"), ("content-type", "application/json")])


def asked(body: object, path: str = "/twelvelabs/v1.3/indexes") -> Prepared:
    """A POST, opened and given a body."""
    engine = Engine([provide("twelvelabs")], clock=ManualClock)
    opened = engine.open(Request("POST", path, headers=LINES), "http://x.test")
    return opened.whole(orjson.dumps(body))


def document(prepared: Prepared) -> str:
    """The document that answers."""
    assert prepared.target is not None
    return prepared.target.edition.contract.document.name


def test_choice__goes_by_the_body() -> None:
    """One opened head: today's document takes what it accepts, the older one what only it does."""
    engine = Engine([provide("twelvelabs")], clock=ManualClock)
    line = Request("POST", "/twelvelabs/v1.3/indexes", headers=LINES)
    opened = engine.open(line, "http://x.test")

    def answers(name: str, model: str) -> str:
        models = [{"model_name": model, "model_options": ["visual"]}]
        return document(opened.whole(orjson.dumps({"index_name": name, "models": models})))

    assert answers("a", "marengo3.0") == "twelvelabs/v1.3"
    assert answers("a", "marengo2.7") == "twelvelabs/v1.3-2025"
    assert answers("a", "marengo3.0") == "twelvelabs/v1.3"
    assert answers("a", "marengo9") == "twelvelabs/v1.3"


def test_choice__refusals_are_todays() -> None:
    """What no document takes keeps the words of today's; the tenant is known all the same."""
    prepared = asked({"index_name": 3})
    assert document(prepared) == "twelvelabs/v1.3"
    assert isinstance(prepared.reading, Reading) and prepared.reading.violations
    assert prepared.key == "k" and prepared.tenant


def test_bodiless__is_read_once() -> None:
    """A request without a body is the same object each time: a poll is read once."""
    engine = Engine([provide("twelvelabs")], clock=ManualClock)
    line = Request("GET", "/twelvelabs/v1.3/indexes", headers=LINES)
    opened = engine.open(line, "http://x.test")
    assert opened.whole(b"") is opened.whole(b"")
    assert opened.whole(b"{}") is not opened.whole(b"{}")


def test_nowhere__keeps_its_body() -> None:
    """What no document reads (an upload's part at one of our links) still has its body."""
    prepared = asked([1], "/_media/abc/part")
    assert prepared.target is None and prepared.request.body == b"[1]"
