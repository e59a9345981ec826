"""Where the vendor's own SDK over knowledge stores is easily led astray."""

import pytest
from knowledge_stage import frames, good, new_store, question, ready_item
from stage import client_of
from twelvelabs import TwelveLabs
from twelvelabs.core.api_error import ApiError
from twelvelabs.core.pydantic_utilities import parse_obj_as
from twelvelabs.errors import GoneError, TooManyRequestsError
from twelvelabs.types import KnowledgeStoreSearchQuery, ResponseInputItem, ResponseStreamEvent

from understudy.mocks import Fake

FOX = KnowledgeStoreSearchQuery(text="fox")
ASKED = [ResponseInputItem(type="message", role="user", content="fox")]


@pytest.mark.parametrize("content", ["the fox", "understudy-slow", "understudy-fail", "\u2028\x85"])
@pytest.mark.parametrize("include", [[], ["intermediate_outputs"]])
def test_trap__no_event_is_dropped(content: str, include: list[str]) -> None:
    """Trap: the SDK drops what it cannot parse without a word: so each event is parsed here by
    its own types, and those that it hands out have every number up to that of the last."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_sdk") as api:
        store = new_store(api)
        ready_item(fake, api, store, "fox.mp4")
        asked = question(store, content, include=include, stream=True)
        sent = frames(api.post("/responses", json=asked))
        for event in sent:
            parsed = parse_obj_as(ResponseStreamEvent, event)
            assert parsed.type == event["type"]
            assert set(event) <= set(type(parsed).model_fields)
        del asked["stream"]
        heard = list(TwelveLabs(api_key="tlk_sdk").responses.create_stream(**asked))
        assert [each.sequence_number for each in heard] == list(range(len(heard)))
        assert heard[-1].type == sent[-1]["type"]


def test_trap__a_stream_is_lazy() -> None:
    """Trap: nothing is sent before the first event is asked for."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_sdk") as api:
        store = new_store(api).rpartition("/")[2]
        lazy = TwelveLabs(api_key="tlk_sdk").responses.create_stream(
            knowledge_store_id=store, input=ASKED
        )
        assert not list(fake.journal.find(operation="create-response"))
        assert next(iter(lazy)).type == "response.created"
        assert len(list(fake.journal.find(operation="create-response"))) == 1


def test_trap__typed_errors_of_search() -> None:
    """Trap: an expired token is a GoneError with a parsed body; an empty 429 has none to parse,
    which the SDK tells as an ApiError unless a body comes."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_sdk") as api:
        store = new_store(api)
        ready_item(fake, api, store, "fox.mp4")
        identity = store.rpartition("/")[2]
        search = TwelveLabs(api_key="tlk_sdk").knowledge_stores.search
        token = search(identity, query=FOX, page_size=1).next_page_token
        fake.clock.advance(3600)
        with pytest.raises(GoneError) as gone:
            search(identity, query=FOX, page_size=1, page_token=token)
        assert gone.value.body.code == "search_page_token_expired"
        fake.faults.add("status", operation="search-knowledge-store", status=429, times=1)
        with pytest.raises(ApiError) as many:
            search(identity, query=FOX)
        assert many.value.status_code == 429
        assert not isinstance(many.value, TooManyRequestsError)
        assert "retry-after" in {name.lower() for name in many.value.headers}
        good(api.get(store))
