"""The fake as Python sees it."""

import asyncio
from pathlib import Path

import httpx2
import pytest

from understudy.errors import UnderstudyError
from understudy.mocks import Fake, Limits
from understudy.mocks.clock import EPOCH

BASE = "https://api.twelvelabs.io/v1.3"
MODELS = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
PETS = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "responses": {
                    "200": {
                        "description": "All.",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/Pet"},
                                }
                            }
                        },
                    }
                }
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                    },
                },
                "responses": {
                    "201": {
                        "description": "Made.",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                        },
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "id": {"type": "integer", "readOnly": True},
                    "name": {"type": "string"},
                },
            }
        }
    },
}


def client(fake: Fake, key: str = "k") -> httpx2.Client:
    return httpx2.Client(transport=fake.transport(), base_url=BASE, headers={"x-api-key": key})


def test_fake__same_seed_same_answers() -> None:
    """Two fakes of one seed agree to the byte; another seed gives other ids."""

    def first(seed: int) -> bytes:
        fake = Fake("twelvelabs", seed=seed)
        return client(fake).post("/indexes", json={"index_name": "a", "models": MODELS}).content

    assert first(1) == first(1)
    assert first(1) != first(2)


def test_fake__tenants_do_not_see_each_other() -> None:
    """The key chooses the tenant; clock, journal and reset can be had for one alone."""
    fake = Fake("twelvelabs", time="manual")
    for key in ("a", "b"):
        client(fake, key).post("/indexes", json={"index_name": key, "models": MODELS})
    one = fake.tenant("a")
    one.clock.advance(seconds=30)
    assert one.clock.now() == EPOCH + 30
    assert fake.tenant("b").clock.now() == EPOCH
    assert (len(one.journal), len(fake.journal)) == (1, 2)
    one.reset()
    assert client(fake, "a").get("/indexes").json()["data"] == []
    assert len(client(fake, "b").get("/indexes").json()["data"]) == 1


def test_fake__clock_acts_on_every_tenant() -> None:
    """`fake.clock` moves all of them, those to come included, and tells where one would begin."""
    fake = Fake("twelvelabs", time="manual")
    assert fake.clock.now() == EPOCH
    assert fake.clock.advance(seconds=5) == []
    for key in ("a", "b"):
        client(fake, key).get("/indexes")
    fake.clock.advance(seconds=5)
    assert {fake.tenant(key).clock.now() for key in ("a", "b")} == {EPOCH + 10}
    fake.clock.move_to(EPOCH + 60)
    assert fake.clock.now() == EPOCH + 60


def test_fake__reset_is_a_new_beginning() -> None:
    """Resources, ids, journal and clock are as in a fresh fake."""
    fake = Fake("twelvelabs", time="manual")
    body = {"index_name": "a", "models": MODELS}
    first = client(fake).post("/indexes", json=body).content
    fake.clock.advance(7)
    fake.reset()
    assert len(fake.journal) == 0
    assert fake.clock.now() == EPOCH
    assert client(fake).post("/indexes", json=body).content == first


def test_fake__journal_finds_and_forgets() -> None:
    """By operation, status and violation."""
    fake = Fake("twelvelabs")
    caller = client(fake)
    caller.get("/indexes")
    caller.get("/indexes?page_limit=none")
    assert [entry.status for entry in fake.journal] == [200, 400]
    [wrong] = fake.journal.find(violated=True)
    assert wrong.operation == "list-indexes"
    fake.journal.clear()
    assert (len(fake.journal), fake.journal.dropped) == (0, 0)


def test_fake__limits_are_reported() -> None:
    """What a bound pushes out is counted and told, never silent."""
    fake = Fake("twelvelabs", limits=Limits(journal=2, tenants=1))
    for key in ("a", "b", "b", "b"):
        client(fake, key).get("/indexes")
    assert fake.journal.dropped == 1
    assert any("tenants" in sentence for sentence in fake.evictions)


def test_fake__keys_restrict() -> None:
    """With `keys`, any other is refused as the provider refuses a wrong one."""
    fake = Fake("twelvelabs", keys=["right"])
    assert client(fake, "right").get("/indexes").status_code == 200
    assert client(fake, "wrong").get("/indexes").status_code == 401


def test_fake__plays_any_document(tmp_path: Path) -> None:
    """A document nobody wrote code for, as a value or as a file, remembers."""
    file = tmp_path / "pets.json"
    import json

    file.write_text(json.dumps(PETS))
    for source, mount in ((PETS, ""), (file, "/pets")):
        fake = Fake(source)
        [name] = [each for each in fake.engine.providers if each != "_understudy"]
        caller = httpx2.Client(
            transport=fake.transport(), base_url=f"http://127.0.0.1{mount or '/' + name}"
        )
        made = caller.post("/pets", json={"name": "Rex"})
        assert made.status_code == 201
        assert caller.get("/pets").json() == [made.json()]


def test_fake__unknown_name_tells_the_known_ones() -> None:
    """A mistyped provider is an error that helps."""
    with pytest.raises(UnderstudyError, match="twelvelabs"):
        Fake("twelvelabz")
    with pytest.raises(UnderstudyError, match="'auto'"):
        Fake("twelvelabs", time="lunar")  # type: ignore[arg-type]


def test_fake__asgi_and_async_transport() -> None:
    """The same state behind the ASGI application and the asynchronous transport."""
    fake = Fake("twelvelabs", async_sleep=asyncio.sleep)

    async def scene() -> None:
        base, lines = BASE, {"x-api-key": "k"}
        async with httpx2.AsyncClient(
            transport=fake.async_transport(), base_url=base, headers=lines
        ) as caller:
            await caller.post("/indexes", json={"index_name": "a", "models": MODELS})
        asgi = httpx2.ASGITransport(app=fake.asgi())
        local = "http://127.0.0.1/twelvelabs/v1.3"
        async with httpx2.AsyncClient(transport=asgi, base_url=local, headers=lines) as caller:
            assert len((await caller.get("/indexes")).json()["data"]) == 1

    asyncio.run(scene())
