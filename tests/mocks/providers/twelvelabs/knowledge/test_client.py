"""The bundled client over the fake: items that are waited for, search, answers and streams."""

import pytest

from understudy.client import StreamBroken, TwelveLabs
from understudy.mocks import Fake


def test_client__talks_about_a_store() -> None:
    """Its own sleeps move the time; the text of a stream is that of the whole answer."""
    with Fake("twelvelabs"), TwelveLabs(api_key="tlk_client") as client:
        store = client.knowledge_stores.create("animals", metadata={"n": 1.5}).id
        asset = client.assets.create(url="https://media.example/red-fox.mp4?duration=20")
        asset.wait()
        item = client.knowledge_stores.items.create(store, asset.id)
        assert item.wait().status == "ready"
        [hit, *_] = client.knowledge_stores.search(store, "a fox")
        assert hit.item_id == item.id
        answer = client.responses.create(store, ["A fox?", "Where?"])
        assert answer.text
        with client.responses.stream(store, "A fox?", session_id=answer.session_id) as stream:
            told = "".join(stream.pieces())
        with client.responses.stream(store, "A fox?") as stream:
            assert stream.text() == told
        with (
            client.responses.stream(store, "understudy-fail") as stream,
            pytest.raises(StreamBroken),
        ):
            stream.response()
