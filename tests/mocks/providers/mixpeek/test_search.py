"""Lists and searches: filters, order, selection, groups, both kinds of pages, and fusion."""

from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mixpeek_stage import FILMS, LONG, features_of, good, ingest, new_asset, refused

from understudy.mocks import Fake
from understudy.mocks.providers.mixpeek.filters import passes

NAMES = ("red-fox", "ferry", "owl")


@pytest.fixture
def stocked(fake: Fake, api: httpx2.Client) -> dict[str, str]:
    """Three assets of 25 seconds, by name."""
    made: dict[str, str] = {}
    for place, name in enumerate(NAMES):
        fake.clock.advance(1)
        metadata = {"place": place, "author": {"name": name.upper()}}
        url = f"https://media.example/{name}.mp4?duration=25"
        made[name] = str(ingest(api, url, metadata=metadata)["asset_id"])
    fake.clock.advance(LONG)
    return made


def listed(api: httpx2.Client, path: str = "/assets", query: str = "", **body: Any) -> Any:
    return good(api.post(f"{path}{query}", json={"collections": [FILMS], **body}))


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"AND": [{"key": "metadata.place", "value": 1}]}, ["ferry"]),
        ({"AND": [{"key": "metadata.place", "value": 1, "operator": "gte"}]}, ["ferry", "owl"]),
        ({"OR": [{"key": "metadata.place", "value": n} for n in (0, 2)]}, ["red-fox", "owl"]),
        ({"NOR": [{"key": "metadata.author.name", "value": "OWL"}]}, ["red-fox", "ferry"]),
        ({"AND": [{"key": "metadata.author.name", "value": "owl"}]}, []),
        (
            {"case_sensitive": False, "AND": [{"key": "metadata.author.name", "value": "owl"}]},
            ["owl"],
        ),
        (
            {"AND": [{"key": "metadata.place", "operator": "in", "value": [0, 1]},
                     {"NOR": [{"key": "metadata.place", "value": 0}]}]},
            ["ferry"],
        ),
        ({"AND": [{"key": "metadata.nothing", "operator": "exists", "value": True}]}, []),
        ({"AND": [{"key": "error", "operator": "is_null", "value": True}]}, list(NAMES)),
        ({"AND": [{"key": "metadata.author.name", "operator": "regex", "value": "^F"}]}, ["ferry"]),
        ({"AND": [{"key": "metadata.author.name", "operator": "text", "value": "fox"}]},
         ["red-fox"]),
    ],
)  # fmt: skip
def test_filters__let_through(
    api: httpx2.Client, stocked: dict[str, str], filters: Any, names: list[str]
) -> None:
    """Conditions, groups within groups, dot paths, and both names of operators."""
    found = [each["asset_id"] for each in listed(api, filters=filters)["results"]]
    assert found == [stocked[name] for name in names]


VALUES = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["a", "B", "b"])
CONDITIONS = st.builds(
    lambda key, operator, value: {"key": key, "operator": operator, "value": value},
    st.sampled_from(["x", "y.z", "none"]),
    st.sampled_from(["eq", "gt", "lt", "gte", "lte", "in", "exists", "is_null", "text"]),
    VALUES,
)


@given(fields=st.fixed_dictionaries({"x": VALUES, "y": st.fixed_dictionaries({"z": VALUES})}),
       some=st.lists(CONDITIONS, min_size=1, max_size=4))  # fmt: skip
def test_filters__obey_logic(fields: Any, some: list[Any]) -> None:
    """AND is all, OR any, NOR none; `ne` and `nin` are what `eq` and `in` are not."""
    alone = [passes(fields, {"AND": [each]}) for each in some]
    assert passes(fields, {"AND": some}) == all(alone)
    assert passes(fields, {"OR": some}) == any(alone)
    assert passes(fields, {"NOR": some}) == (not any(alone))
    assert passes(fields, {"AND": [{"NOR": some}]}) == (not any(alone))
    for each in some:
        for one, other in (("eq", "ne"), ("eq", "neq"), ("in", "nin")):
            both = [passes(fields, {"AND": [{**each, "operator": name}]}) for name in (one, other)]
            assert sum(both) == 1


def test_list__sorts_selects_and_groups(api: httpx2.Client, stocked: dict[str, str]) -> None:
    """One field, forward and backward; selected paths only; groups with their members."""
    for direction, order in (("asc", NAMES), ("desc", NAMES[::-1])):
        sort = {"field": "metadata.place", "direction": direction}
        page = listed(api, sort=sort, select=["asset_id", "metadata.author.name"])
        assert page["results"] == [
            {"asset_id": stocked[name], "metadata": {"author": {"name": name.upper()}}}
            for name in order
        ]
    groups = listed(api, group_by={"field": "status", "max_assets": 2})["results"]
    assert [(each["group"], each["count"], len(each["assets"])) for each in groups] == [
        ("DONE", 3, 2)
    ]


def test_pages__by_number(api: httpx2.Client, stocked: dict[str, str]) -> None:
    """total, pages and the addresses of the neighbours; a page past the end is empty."""
    first = listed(api, query="?page_size=2")
    assert len(first["results"]) == 2
    tally = first["pagination"]
    assert (tally["total"], tally["page"], tally["page_size"], tally["total_pages"]) == (3, 1, 2, 2)
    assert tally["previous_page"] is None
    second = good(api.post(tally["next_page"], json={"collections": [FILMS]}))
    assert [each["asset_id"] for each in second["results"]] == [stocked["owl"]]
    assert second["pagination"]["next_page"] is None
    assert second["pagination"]["previous_page"] is not None
    assert listed(api, query="?page=9")["results"] == []


@pytest.mark.parametrize("size", [1, 2, 4, 9, 10])
def test_pages__after_a_feature(api: httpx2.Client, stocked: dict[str, str], size: int) -> None:
    """Each page begins after the last feature of the one before, until there is no next."""
    seen: list[str] = []
    query = f"?page_size={size}"
    while True:
        page = listed(api, "/features", query)
        seen += [each["feature_id"] for each in page["results"]]
        assert page["pagination"]["total"] == 9
        if page["pagination"]["next_page"] is None:
            break
        query = f"?page_size={size}&offset_feature_id={seen[-1]}"
    assert len(seen) == len(set(seen)) == 9
    other = api.post("/features?offset_feature_id=x", json={"collections": [FILMS]})
    assert "offset_feature_id" in refused(other, 404)


def test_search__finds_what_is_named(api: httpx2.Client, stocked: dict[str, str]) -> None:
    """Texts and media share a space: each title finds its own asset, by words and by picture."""
    for name, asset in stocked.items():
        for value, kind in ((name, "text"), (f"https://media.example/{name}.jpg", "url")):
            query = {"vector_index": "multimodal", "value": value, "type": kind}
            found = listed(api, "/features/search", queries=[query])["results"]
            assert [each["asset_id"] for each in found[:3]] == [asset] * 3, (name, kind)
            scores = [each["score"] for each in found]
            assert scores == sorted(scores, reverse=True)


def test_search__fuses_by_reciprocal_rank(api: httpx2.Client, stocked: dict[str, str]) -> None:
    """The score is the sum of 1 / (60 + rank); weights count when reranking is on."""
    ask = [{"embedding_model": "multimodal", "value": name, "type": "text"} for name in NAMES[:2]]
    ranks = []
    for query in ask:
        found = listed(api, "/features/search", queries=[query])["results"]
        ranks.append({each["feature_id"]: rank for rank, each in enumerate(found, 1)})
    for weight in (1.0, 2.5):
        options = {"enable_reranking": weight != 1, "weights": {"multimodal": 2.5}}
        fused = listed(api, "/features/search", queries=ask, reranking_options=options)["results"]
        assert len(fused) == 9
        for hit in fused:
            expected = sum(weight / (60 + rank[hit["feature_id"]]) for rank in ranks)
            assert abs(hit["score"] - expected) < 1e-8


def test_search__narrows_groups_and_pages(api: httpx2.Client, stocked: dict[str, str]) -> None:
    """limit, min_score, modality and filters of a query; groups by asset; pages by place."""
    query = {"vector_index": "multimodal", "value": "a red fox", "type": "text"}

    def found(**more: Any) -> list[dict[str, Any]]:
        asked = {**query, **more}
        return list(listed(api, "/features/search", queries=[asked])["results"])

    assert len(found(settings={"limit": 2})) == 2
    assert {each["asset_id"] for each in found(settings={"min_score": 0.3})} == {stocked["red-fox"]}
    assert found(settings={"modality": "image"}) == []
    only = {"AND": [{"key": "asset_id", "value": stocked["owl"]}]}
    assert {each["asset_id"] for each in found(filters=only)} == {stocked["owl"]}
    assert found(vector_index="text") == []  # no feature has that vector
    groups = listed(api, "/features/search", queries=[query], group_by={"max_features": 1})
    assert next(each["group"] for each in groups["results"]) == stocked["red-fox"]
    assert [len(each["features"]) for each in groups["results"]] == [1, 1, 1]
    pages = [
        listed(api, "/features/search", f"?page_size=4&offset_position={at}", queries=[query])
        for at in (0, 4, 8)
    ]
    assert [len(page["results"]) for page in pages] == [4, 4, 1]
    assert [page["pagination"]["current_page"] for page in pages] == [1, 2, 3]


@pytest.mark.parametrize(
    ("key", "value", "names"),
    [
        ("metadata.author.name", "red fox", ["red-fox"]),
        ("metadata.author.name", "fox", ["red-fox"]),
        ("metadata.author.name", "red owl", []),
        ("status", "fox", []),
    ],
)
def test_asset_search__looks_for_words(
    api: httpx2.Client, stocked: dict[str, str], key: str, value: str, names: list[str]
) -> None:
    """All the words, in the fields that are named and in no other."""
    body = {"collections": [FILMS], "query": {"key": [key], "value": value}}
    found = good(api.post("/assets/search", json=body))["results"]
    assert [each["asset_id"] for each in found] == [stocked[name] for name in names]


def test_metadata__merge_replace_and_propagate(fake: Fake, api: httpx2.Client) -> None:
    """PATCH merges, PUT replaces; features follow when they shall."""
    asset = new_asset(fake, api, metadata={"a": 1})
    kept = good(api.patch(f"/assets/{asset}", json={"metadata": {"b": 2}}))["metadata"]
    assert kept == {"asset": {}, "preview_url": None, "a": 1, "b": 2}
    assert features_of(api, asset)[0]["metadata"] == {"a": 1}
    body = {"metadata": {"c": 3}, "propagate_features": True}
    changed = good(api.put(f"/assets/{asset}", json=body))["metadata"]
    assert changed == {"asset": {}, "preview_url": None, "c": 3}
    assert features_of(api, asset)[0]["metadata"] == {"c": 3}
