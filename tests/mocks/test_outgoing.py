"""Laws of replies on their way out."""

from dataclasses import replace

import pytest
import yaml
from documents import PETSTORE

from understudy.contracts import Contract
from understudy.contracts.errors import ContractViolated
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.clock import ManualClock
from understudy.mocks.engine import Engine
from understudy.mocks.providers.catalogue import from_contract

KEY = Headers([("x-house", "key")])


def test_right__says_nothing_of_other_replies() -> None:
    """A body that was right is right again; another one, or another status, is still checked."""
    said: list[Answer] = []

    def weather(call: Call) -> Answer:
        return said[-1]

    made = from_contract(Contract.load(yaml.safe_load(PETSTORE)))
    edition = made.editions[0]
    behaviours = {**edition.behaviours, "weather": weather}
    engine = Engine(
        [replace(made, editions=(replace(edition, behaviours=behaviours),))],
        clock=ManualClock, strict=True,
    )  # fmt: skip
    [path] = [one.template for one in edition.contract.operations.values() if one.id == "weather"]
    request = Request("GET", f"{made.mount}{edition.prefixes[0]}{path}", headers=KEY)
    right: Json = {"sky": "clear", "degrees": 1}
    wrong: Json = {"sky": "green", "degrees": 1}
    for _ in range(3):
        said.append(Answer(200, right))
        assert engine.handle(request, wire=False).status == 200
        for broken in (Answer(200, wrong), Answer(299, right), Answer(200, right, "text/odd")):
            said.append(broken)
            with pytest.raises(ContractViolated):
                engine.handle(request, wire=False)
