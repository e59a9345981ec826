"""The proof that the engine is declarative: a document nobody wrote Python for remembers."""

from collections.abc import Iterator

import httpx2
import pytest
import yaml
from documents import PETSTORE

from understudy.mocks import Fake


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A strict fake of the pet store, so that each reply is proven to be on contract."""
    with Fake(yaml.safe_load(PETSTORE), time="manual") as made:
        yield made


@pytest.fixture
def pets(fake: Fake) -> Iterator[httpx2.Client]:
    """A client at the document's mount."""
    [name] = [name for name in fake.engine.providers if not name.startswith("_")]
    base = f"http://127.0.0.1/{name}"
    with httpx2.Client(transport=fake.transport(), base_url=base) as client:
        yield client


def test_pet__is_remembered(pets: httpx2.Client) -> None:
    """What was created can be read, listed, replaced and deleted."""
    made = pets.post("/pets", json={"name": "Rex", "tag": "dog"})
    assert made.status_code == 201
    pet = made.json()
    assert (pet["name"], pet["tag"], pet["mood"]) == ("Rex", "dog", pet["mood"])
    path = f"/pets/{pet['id']}"
    assert pets.get(path).json() == pet
    assert pets.get("/pets").json() == [pet]
    changed = pets.put(path, json={"name": "Max"}).json()
    assert changed == {"id": pet["id"], "name": "Max", "mood": changed["mood"]}
    assert pets.get(path).json() == changed
    assert pets.delete(path).status_code == 204
    assert pets.get("/pets").json() == []


def test_pet__unknown_gets_the_documents_own_error(pets: httpx2.Client) -> None:
    """A refusal fills the declared error schema, with a sentence that names the id."""
    response = pets.get("/pets/7")
    assert response.status_code == 404
    assert response.json()["code"] == 404
    assert "7" in response.json()["message"]


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": 3}, [], "x"])
def test_pet__bad_body_stores_nothing(pets: httpx2.Client, body: object) -> None:
    """A body off contract is refused and leaves the list empty."""
    assert pets.post("/pets", json=body).status_code == 400
    assert pets.get("/pets").json() == []


def test_pets__pages_and_filters_are_inferred(pets: httpx2.Client) -> None:
    """Limit and offset cut the list; a parameter named like a property filters by it."""
    for number in range(5):
        pets.post(
            "/pets", json={"name": f"pet {number}", "tag": "even" if number % 2 == 0 else "odd"}
        )
    names = [each["name"] for each in pets.get("/pets?limit=2&offset=1").json()]
    assert names == ["pet 1", "pet 2"]
    assert len(pets.get("/pets?tag=even").json()) == 3
    assert pets.get("/pets?limit=101").status_code == 400


def test_pets__a_page_is_found_by_the_id_beside_it() -> None:
    """With paging by item-id, a page stays where it is while others are added, either way."""
    document = yaml.safe_load(PETSTORE)
    listed = document["paths"]["/pets"]["get"]
    names = ("after", "direction")
    listed["parameters"] += [{"name": name, "in": "query", "schema": {}} for name in names]
    listed["x-resource"] = {"name": "/pets", "action": "list"}
    listed["x-paging"] = {"style": "item-id", "page": "after", "limit": "limit"}
    with Fake(document, time="manual") as fake:
        [name] = [name for name in fake.engine.providers if not name.startswith("_")]
        base = f"http://127.0.0.1/{name}"
        with httpx2.Client(transport=fake.transport(), base_url=base) as pets:
            made = [pets.post("/pets", json={"name": f"{at}"}).json()["id"] for at in range(5)]

            def ids(**query: str | int) -> list[int]:
                return [each["id"] for each in pets.get("/pets", params=query).json()]

            assert ids(limit=2) == made[:2]
            assert ids(limit=2, after=made[1]) == made[2:4]
            pets.delete(f"/pets/{made[0]}")
            assert ids(limit=2, after=made[1]) == made[2:4]
            assert ids(limit=2, after=made[4]) == []
            assert ids(limit=2, after=made[4], direction="backward") == made[2:4]
            assert ids(limit=2, direction="backward") == made[3:]
            assert pets.get("/pets?after=7").status_code == 404


def test_toys__belong_to_their_pet(pets: httpx2.Client) -> None:
    """A nested collection lives below its parent and goes with it; its list tells the total."""
    one = pets.post("/pets", json={"name": "Rex"}).json()["id"]
    two = pets.post("/pets", json={"name": "Max"}).json()["id"]
    toy = pets.post(f"/pets/{one}/toys", json={"name": "ball"}).json()
    assert pets.get(f"/pets/{one}/toys").json() == {"items": [toy], "total": 1}
    assert pets.get(f"/pets/{two}/toys").json() == {"items": [], "total": 0}
    pets.delete(f"/pets/{one}")
    assert pets.get(f"/pets/{one}/toys").status_code == 404


def test_weather__is_sampled_and_repeats(pets: httpx2.Client) -> None:
    """An operation that stores nothing answers its schema, the same each time."""
    first = pets.get("/weather", headers={"x-house": "key"})
    assert first.status_code == 200
    assert first.json() == pets.get("/weather", headers={"x-house": "key"}).json()


def test_litter__a_list_creates_several(pets: httpx2.Client) -> None:
    """A POST beside the collection that takes a list of members stores each of them."""
    litter = [{"id": 7, "name": "Rex", "mood": "happy"}, {"id": 8, "name": "Max", "mood": "sleepy"}]
    assert pets.post("/pets/litter", json=litter).status_code == 201
    assert pets.get("/pets").json() == litter
    twice = [litter[0] | {"id": 9}, litter[0] | {"id": 9}]
    assert pets.post("/pets/litter", json=twice).status_code == 409
    assert len(pets.get("/pets").json()) == 2


def test_key__of_several_the_usual_one_names_the_tenant(fake: Fake, pets: httpx2.Client) -> None:
    """Who shows two credentials is the same tenant as with the one that most operations take."""
    pets.get("/pets", headers={"authorization": "Bearer me"})
    pets.get("/weather", headers={"authorization": "Bearer me", "x-house": "key"})
    assert len(fake.tenant("me").journal) == 2
    assert pets.get("/weather").status_code == 401


def test_pets__the_documents_own_base_path_is_served_too(pets: httpx2.Client) -> None:
    """Below the mount both `/pets` and `/v1/pets` lead to the same pets."""
    pets.post("/v1/pets", json={"name": "Rex"})
    assert len(pets.get("/pets").json()) == 1
