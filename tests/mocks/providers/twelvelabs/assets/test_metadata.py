"""Laws of an asset's user metadata: typed, and changed in three ways that differ."""

from typing import Any

import httpx2
import pytest
from assets_stage import new_asset, read
from hypothesis import given
from hypothesis import strategies as st
from stage import NOBODY, client_of, refused

from understudy.mocks import Fake

EXACT = 2**53 - 1
BEFORE = {"a": "old", "b": 2, "c": True, "d": ["x"]}
NOTHING: tuple[object, ...] = (None, "", [])
SOMETHING = st.one_of(
    st.text(min_size=1, max_size=20),
    st.booleans(),
    st.integers(-EXACT, EXACT),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.text(max_size=10), min_size=1, max_size=3),
)
ENTRIES = st.dictionaries(st.text(min_size=1, max_size=10), SOMETHING, max_size=5)
CHANGES = st.dictionaries(
    st.sampled_from("abcdef"), st.one_of(SOMETHING, st.sampled_from(NOTHING)), max_size=6
)


@pytest.fixture
def asset(fake: Fake, api: httpx2.Client) -> str:
    """An asset with metadata of every type."""
    made = new_asset(fake, api)
    assert write(api, made, BEFORE, "PUT").status_code == 204
    return made


def write(api: httpx2.Client, asset: str, values: object, method: str) -> httpx2.Response:
    """Send metadata to it."""
    body = {"user_metadata": values}
    return api.request(method, f"/assets/{asset}/user-metadata", json=body)


def shown(api: httpx2.Client, asset: str) -> dict[str, Any] | None:
    """Its metadata, None where the field is absent."""
    return read(api, asset).get("user_metadata")


def test_merge__null_takes_away_and_empty_values_change_nothing(
    api: httpx2.Client, asset: str
) -> None:
    """PATCH, the trap: "" and [] are passed over, where null deletes."""
    change: dict[str, object] = {"a": None, "b": "", "c": [], "d": ["y"], "e": 1}
    assert write(api, asset, change, "PATCH").status_code == 204
    assert shown(api, asset) == {"b": 2, "c": True, "d": ["y"], "e": 1}


def test_replace__leaves_nothing_else_and_passes_over_empty_values(
    api: httpx2.Client, asset: str
) -> None:
    """PUT, the trap: null does not delete a key, leaving it out does."""
    change = {"a": None, "b": "", "c": [], "e": 1.5}
    assert write(api, asset, change, "PUT").status_code == 204
    assert shown(api, asset) == {"e": 1.5}


@pytest.mark.parametrize("how", ["PUT {}", "PUT of nothing", "DELETE", "PATCH"])
def test_metadata__field_is_absent_when_there_are_none(
    api: httpx2.Client, asset: str, how: str
) -> None:
    """An empty object, only empty values, DELETE, or a null for every key."""
    if how == "DELETE":
        assert api.delete(f"/assets/{asset}/user-metadata").status_code == 204
    else:
        values = {"PUT {}": {}, "PUT of nothing": {"a": None}, "PATCH": dict.fromkeys(BEFORE)}
        assert write(api, asset, values[how], how.partition(" ")[0]).status_code == 204
    assert shown(api, asset) is None


@given(values=ENTRIES)
def test_metadata__values_come_back_typed(values: dict[str, Any]) -> None:
    """Booleans, whole numbers, fractions and lists stay what they were."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        asset = new_asset(fake, api)
        assert write(api, asset, values, "PUT").status_code == 204
        told = shown(api, asset) or {}
        assert told == values
        for name, value in values.items():
            if not (isinstance(value, float) and value.is_integer()):
                assert type(told[name]) is type(value)


@given(before=ENTRIES, changes=st.lists(st.tuples(st.sampled_from(["PUT", "PATCH"]), CHANGES)))
def test_metadata__any_sequence_follows_the_rules(
    before: dict[str, Any], changes: list[tuple[str, dict[str, Any]]]
) -> None:
    """After every change the metadata are what a plain dictionary would hold."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        asset = new_asset(fake, api)
        assert write(api, asset, before, "PUT").status_code == 204
        model = dict(before)
        for method, change in changes:
            assert write(api, asset, change, method).status_code == 204
            if method == "PUT":
                model = {}
            for name, value in change.items():
                if value is None:
                    model.pop(name, None)
                elif value not in ("", []):
                    model[name] = value
            assert (shown(api, asset) or {}) == model


@pytest.mark.parametrize("number", [EXACT + 1, -EXACT - 1, 10**30])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_metadata__whole_numbers_beyond_53_bits_are_refused(
    api: httpx2.Client, asset: str, method: str, number: int
) -> None:
    """The trap of long ids: as numbers they would lose digits, so they are to be strings."""
    assert "strings" in refused(write(api, asset, {"id": number}, method), 400, "parameter_invalid")
    assert shown(api, asset) == BEFORE
    assert write(api, asset, {"id": str(number)}, method).status_code == 204


@pytest.mark.parametrize("values", [{"a": {"b": 1}}, {"a": [1]}, {"a": ["x", None]}, [], "a", None])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_metadata__of_other_types_are_refused(
    api: httpx2.Client, asset: str, method: str, values: object
) -> None:
    """Nothing nested, no lists of anything but strings, and nothing changes."""
    refused(write(api, asset, values, method), 400, "parameter_invalid")
    assert shown(api, asset) == BEFORE


def test_metadata__of_an_unknown_asset(api: httpx2.Client) -> None:
    """404, and 400 for what is no id."""
    for method in ("PUT", "PATCH"):
        refused(write(api, NOBODY, {"a": 1}, method), 404, "resource_not_exists")
        refused(write(api, "walk", {"a": 1}, method), 400, "parameter_invalid")
    refused(api.delete(f"/assets/{NOBODY}/user-metadata"), 404, "resource_not_exists")
