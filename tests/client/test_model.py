"""Models: what is read, what is kept, and how a reply that does not fit is told."""

import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field
from datetime import UTC, datetime
from typing import Annotated

import pytest
from callers import INDEX
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.client import BadReply
from understudy.client.json import Json, parse
from understudy.client.model import Model, Name
from understudy.client.twelvelabs.found import SearchClip, SearchGroup, SearchPage
from understudy.client.twelvelabs.index import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf(Model):
    """A model within another."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree(Model):
    """A model with a field of each kind."""

    id: Annotated[str, Name("_id")]
    count: int
    size: float = 0.0
    ripe: bool = False
    at: datetime | None = None
    leaves: tuple[Leaf, ...] = ()
    vector: tuple[float, ...] = ()
    notes: Mapping[str, Json] = field(default_factory=dict)


FULL: dict[str, Json] = {
    "_id": "t",
    "count": 3.0,
    "size": 2,
    "ripe": True,
    "at": "2025-07-02T12:00:00Z",
    "leaves": [{"name": "a"}, {"name": "b", "green": 1}],
    "vector": [1, 0.5],
    "notes": {"x": None},
    "new": [1],
}


def test_model__is_read_from_json() -> None:
    """Wire names, whole numbers with a point, moments, lists and models in models."""
    tree = Tree.read(FULL)
    assert tree == Tree(
        id="t",
        count=3,
        size=2.0,
        ripe=True,
        at=datetime(2025, 7, 2, 12, tzinfo=UTC),
        leaves=(Leaf(name="a"), Leaf(name="b")),
        vector=(1.0, 0.5),
        notes={"x": None},
    )
    assert type(tree.count) is int and type(tree.size) is float


def test_raw__keeps_what_is_new() -> None:
    """At every level; it counts neither for equality nor in the representation."""
    tree = Tree.read(FULL)
    assert tree.raw["new"] == [1] and tree.leaves[1].raw["green"] == 1
    assert "raw" not in repr(tree)


def test_model__is_frozen_and_can_be_pickled() -> None:
    """A value: it cannot be changed, and travels."""
    tree = Tree.read(FULL)
    with pytest.raises(FrozenInstanceError):
        tree.count = 4  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(tree)) == tree
    assert not hasattr(tree, "__dict__")


def test_null__counts_as_left_out() -> None:
    """Where there is a default; what is required must be there."""
    empty = {"size": None, "ripe": None, "at": None, "leaves": None, "vector": None, "notes": None}
    assert Tree.read({"_id": "t", "count": 1, **empty}) == Tree(id="t", count=1)
    with pytest.raises(BadReply, match=r"body\._id is None; expected a value"):
        Tree.read({"_id": None, "count": 1})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"_id": 7}, "body._id is 7; expected a text"),
        ({"count": 1.5}, "body.count is 1.5; expected a whole number"),
        ({"count": True}, "body.count is True; expected a whole number"),
        ({"count": 1e400}, "body.count is inf; expected a whole number"),
        ({"size": "1"}, "body.size is '1'; expected a number"),
        ({"ripe": 1}, "body.ripe is 1; expected true or false"),
        ({"at": "today"}, "body.at is 'today'; expected a moment"),
        ({"leaves": {}}, "body.leaves is {}; expected a list"),
        ({"leaves": [{"name": "a"}, {"name": 1}]}, r"body.leaves\[1\].name is 1; expected a text"),
        ({"leaves": ["a"]}, r"body.leaves\[0\] is 'a'; expected an object"),
        ({"vector": [1, True]}, r"body.vector is \[1, True\]; expected a list of numbers"),
        ({"notes": []}, r"body.notes is \[\]; expected an object"),
    ],
)
def test_misfit__is_told_with_its_place(wrong: dict[str, Json], message: str) -> None:
    """The first value that does not fit, where it is, and what would have."""
    with pytest.raises(BadReply, match=message):
        Tree.read({**FULL, **wrong})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = st.sampled_from(sorted({*FULL, "index_name", "models", "data", "page_info"}))


@settings(max_examples=40, deadline=None)
@given(JSON | st.dictionaries(NAMES, JSON))
def test_garbage__is_a_bad_reply_and_nothing_else(content: Json) -> None:
    """Any JSON is read or refused with one kind of error."""
    told: list[str] = []
    for model in (Tree, Index, SearchPage):
        try:
            assert isinstance(model.read(content), model)
        except BadReply as error:
            told.append(str(error))
    assert all(message.startswith("The reply's body") for message in told)


def test_union__is_told_apart_by_what_is_required() -> None:
    """Clips and groups in one page."""
    page = SearchPage.read(
        {
            "data": [
                {"video_id": "v", "start": 0, "end": 1, "id": "x"},
                {"id": "v", "clips": [{"video_id": "v", "start": 0, "end": 1}]},
            ],
            "page_info": {"limit_per_page": 10, "total_results": 2},
        }
    )
    assert [type(item) for item in page.data] == [SearchClip, SearchGroup]
    with pytest.raises(BadReply, match="SearchClip or SearchGroup"):
        SearchPage.read({"data": [{}], "page_info": {"limit_per_page": 1, "total_results": 0}})


def test_index__of_a_service_that_says_more_or_less() -> None:
    """A new field is kept in raw; one that may be absent is."""
    less = {name: value for name, value in INDEX.items() if name != "updated_at"}
    assert Index.read({**less, "owner": "me"}).updated_at is None


@pytest.mark.parametrize("text", [b"", b"{", b"NaN", b"[Infinity]", b"\xff", b"[" * 200_000])
def test_json__refuses_what_is_none(text: bytes) -> None:
    """With one kind of error, however deep."""
    with pytest.raises(ValueError):  # noqa: PT011 - the kind is the promise
        parse(text)
