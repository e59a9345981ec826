"""Laws of the engine itself, whatever provider it plays."""

from dataclasses import replace
from typing import cast

import orjson
import pytest
import yaml
from documents import PETSTORE

from understudy.contracts import Contract
from understudy.contracts.errors import ContractViolated
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.redaction import alias
from understudy.mocks.answer import Answer, Reply
from understudy.mocks.call import Call
from understudy.mocks.clock import ManualClock
from understudy.mocks.engine import Engine
from understudy.mocks.provider import Behaviour, Provider
from understudy.mocks.providers.catalogue import from_contract, provide

KEY = ("x-house", "key")


def engine_of(*providers: Provider, **more: object) -> Engine:
    """An engine on manual time."""
    return Engine(providers, clock=ManualClock, **more)  # type: ignore[arg-type]


def get(engine: Engine, path: str, *lines: tuple[str, str], wire: bool = True) -> Reply:
    """The reply to a GET."""
    return engine.handle(Request("GET", path, headers=Headers(lines)), wire=wire)


def said(reply: Reply) -> str:
    """The body of a whole reply as text."""
    assert isinstance(reply.body, bytes)
    return reply.body.decode()


def broken(behaviour: object) -> Provider:
    """A pet store whose weather behaves as given."""
    made = from_contract(Contract.load(yaml.safe_load(PETSTORE)))
    edition = made.editions[0]
    behaviours = {**edition.behaviours, "weather": cast("Behaviour", behaviour)}
    return replace(made, editions=(replace(edition, behaviours=behaviours),))


def off_contract(call: Call) -> Answer:
    """A sky that the document does not know."""
    return Answer(200, {"sky": "green", "degrees": 1})


def fault(call: Call) -> Answer:
    """A programming error."""
    raise ZeroDivisionError


def test_mount__by_path_and_by_host() -> None:
    """A provider is found below its mount, and by the vendor's own host name."""
    engine = engine_of(provide("twelvelabs"))
    key = ("x-api-key", "k")
    assert get(engine, "/twelvelabs/v1.3/indexes", key).status == 200
    host = ("host", "api.twelvelabs.io")
    assert get(engine, "/v1.3/indexes", key, host).status == 200
    lost = get(engine, "/v1.3/indexes", key, ("host", "elsewhere.example"))
    assert lost.status == 404
    assert "/twelvelabs/v1.3" in said(lost)


def test_mount__advice_can_be_copied() -> None:
    """A mistyped path is told the whole paths nearest to it, a wrong version those there are."""
    engine = engine_of(provide("twelvelabs"))
    key = ("x-api-key", "k")
    near = said(get(engine, "/twelvelabs/v1.2/engine", key))
    assert "nearest: GET /twelvelabs/v1.2/engines" in near
    older = said(get(engine, "/twelvelabs/v1.1/indexes", key))
    assert "twelvelabs is served at /twelvelabs/v1.3, /twelvelabs/v1.2" in older
    abroad = said(get(engine, "/v9/indexes", key, ("host", "api.twelvelabs.io")))
    assert "twelvelabs is served at /v1.3, /v1.2" in abroad


def test_key__a_missing_one_is_told_how_to_send_it() -> None:
    """The refusal of a request without credentials is an instruction."""
    engine = engine_of(provide("twelvelabs"), provide("mixpeek"))
    bare = said(get(engine, "/twelvelabs/v1.3/indexes"))
    assert "no API key came; send a key in the header x-api-key" in bare
    assert "send Authorization: Bearer" in said(get(engine, "/mixpeek/collections"))


def test_request__a_missing_parameter_is_called_missing() -> None:
    """No None stands for what was not sent."""
    engine = engine_of(provide("memories"))
    path = "/memories/serve/api/v1/get_video_transcription"
    told = said(get(engine, path, ("authorization", "k")))
    assert "the required query parameter 'video_no' is missing" in told


def test_key__list_restricts_and_refused_keys_make_no_tenant() -> None:
    """With a list of keys any other is refused, and leaves nothing behind."""
    engine = engine_of(provide("twelvelabs"), keys=frozenset({"good"}))
    assert get(engine, "/twelvelabs/v1.3/indexes", ("x-api-key", "good")).status == 200
    assert get(engine, "/twelvelabs/v1.3/indexes", ("x-api-key", "bad")).status == 401
    assert [tenant.name for tenant in engine.tenants] == [alias("good")]


def test_tenant__header_names_it() -> None:
    """X-Understudy-Tenant parts callers that share a key."""
    engine = engine_of(provide("twelvelabs"))
    lines = ("x-api-key", "k"), ("x-understudy-tenant", "worker-1")
    assert get(engine, "/twelvelabs/v1.3/indexes", *lines).tenant == "worker-1"


def test_breach__is_marked_raised_or_refused() -> None:
    """A reply of ours off contract: a header by default, an error in process, a 500 on the wire."""
    provider = broken(off_contract)
    path = f"{provider.mount}/weather"
    marked = get(engine_of(provider), path, KEY)
    assert marked.status == 200
    assert "green" in dict(marked.headers)["x-understudy-violation"]
    strict = engine_of(provider, strict=True)
    assert get(strict, path, KEY).status == 500
    with pytest.raises(ContractViolated, match="green"):
        get(strict, path, KEY, wire=False)


def test_fault__of_ours_raises_in_process_and_is_told_on_the_wire() -> None:
    """A bug in a behaviour is never swallowed, and never a bare line of text."""
    provider = broken(fault)
    engine = engine_of(provider)
    reply = get(engine, f"{provider.mount}/weather", KEY)
    assert reply.status == 500
    assert "message" in orjson.loads(said(reply))["error"]
    with pytest.raises(ZeroDivisionError):
        get(engine, f"{provider.mount}/weather", KEY, wire=False)


def test_journal__remembers_violations_of_the_caller() -> None:
    """A bad request is journalled with what was wrong about it."""
    engine = engine_of(provide("twelvelabs"))
    request = Request("GET", "/twelvelabs/v1.3/indexes", "page=0", Headers([("x-api-key", "k")]))
    assert engine.handle(request).status == 400
    [entry] = engine.tenants.get(alias("k")).journal
    assert (entry.operation, entry.status) == ("list-indexes", 400)
    assert [violation.pointer for violation in entry.violations] == ["/page"]
