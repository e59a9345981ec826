"""A snapshot in the middle: items go on, tokens, sessions and selections hold."""

from pathlib import Path
from typing import Any

import httpx2
from knowledge_stage import (
    SOON,
    ask,
    good,
    last,
    new_collection,
    new_item,
    new_store,
    ready_asset,
    ready_item,
)
from stage import client_of

from understudy.mocks import Fake


def later(fake: Fake, api: httpx2.Client, store: str, token: str, session: str) -> list[Any]:
    """What is told from here on."""
    told: list[Any] = [good(api.get(f"{store}/items"))]
    asked = {"query": {"text": "fox"}, "page_size": 1, "page_token": token}
    told.append(good(api.post(f"{store}/search", json=asked)))
    told.append(ask(api, store, "What else?", session_id=session))
    told.append(ask(api, store, "Anew?"))
    fake.clock.advance(40)
    told.append(good(api.get(f"{store}/items")))
    fake.clock.advance(SOON)
    told.append(api.post(f"{store}/search", json=asked).text)
    told.append([each["status"] for each in good(api.get(f"{store}/items"))["data"]])
    told.append(good(api.get(f"{store}/item-collections")))
    return told


def test_snapshot__in_the_middle_of_everything(tmp_path: Path) -> None:
    """From a file, in another fake: the same from there on, to the last byte."""
    path = tmp_path / "kept.json"
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_kept") as api:
        store = new_store(api, metadata={"n": 1.0, "yes": True})
        fox = ready_item(fake, api, store, "fox.mp4")
        asset = ready_asset(fake, api, "owl.mp4")
        new_item(api, store, asset)
        group = new_collection(api, store, "foxes", fox)
        asked = {"query": {"text": "fox"}, "page_size": 1}
        token = good(api.post(f"{store}/search", json=asked))["next_page_token"]
        chosen = [{"kind": "collection", "id": last(group)}]
        session = ask(api, store, "{{sel:0}}?", selections=chosen)["session_id"]
        fake.clock.advance(7)
        fake.snapshot(path)
        expected = later(fake, api, store, token, session)
    statuses = [{each["status"] for each in expected[place]["data"]} for place in (0, 4)]
    assert statuses == [{"pending", "ready"}, {"processing", "ready"}]
    assert expected[-2] == ["ready", "ready"]
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk_kept") as api:
        fake.restore(path)
        assert later(fake, api, store, token, session) == expected
