"""A lifecycle that is read is sound; one that is not is refused with file, line and place."""

from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from understudy.contracts.cache import Cache
from understudy.contracts.lifecycle import Lifecycle, LifecycleError, Stage, load_lifecycles

GOOD: dict[str, Any] = {
    "lifecycles": {
        "job": {
            "description": "A job.",
            "provenance": {"label": "assumed", "source": "this test"},
            "status": "state",
            "initial": "waiting",
            "stages": [
                {"status": "waiting", "seconds": 5},
                {"status": "running", "seconds": 10, "per_media_second": 0.5},
            ],
            "terminal": ["done", "failed", "cancelled"],
            "success": "done",
            "failure": {"status": "failed", "from": ["running"], "reason": "No.", "code": "no"},
            "transitions": {
                "waiting": ["running", "cancelled"],
                "running": ["done", "failed", "cancelled"],
                "done": [],
                "failed": [],
            },
            "polls": ["get-job"],
            "progress": {"field": "percentage"},
        }
    }
}


def job() -> Lifecycle:
    return load_lifecycles(GOOD)["job"]


def test_load__reads_every_part() -> None:
    """What the file says is what the lifecycle has."""
    lifecycle = job()
    assert lifecycle.name == "job"
    assert lifecycle.initial == "waiting"
    assert lifecycle.stages == (Stage("waiting", 5), Stage("running", 10, 0.5))
    assert lifecycle.stages[1].duration(60) == 40
    assert lifecycle.statuses == ("waiting", "running", "done", "failed", "cancelled")
    assert (lifecycle.status_field, lifecycle.progress_field) == ("state", "percentage")
    assert lifecycle.polls == {"get-job"}
    assert lifecycle.failure().reason == "No."
    assert lifecycle.failure("failed").code == "no"
    assert lifecycle.provenance["label"] == "assumed"


def test_legal__is_one_declared_move() -> None:
    """Reachable takes any number of moves, legal exactly one."""
    lifecycle = job()
    assert lifecycle.legal("waiting", "running")
    assert not lifecycle.legal("waiting", "done")
    assert lifecycle.reachable("waiting", "done")
    assert not lifecycle.reachable("done", "waiting")
    assert lifecycle.finished("cancelled")
    assert not lifecycle.finished("running")


def test_lifecycle__says_what_it_has() -> None:
    """A question about what is not declared is answered with what is."""
    with pytest.raises(LifecycleError, match="it has waiting, running"):
        job().position("done")
    with pytest.raises(LifecycleError, match="it has failed"):
        job().failure("cancelled")


def test_load__every_shipped_file_is_sound() -> None:
    """The providers' own files load; a provider without one has no lifecycles."""
    indexing = load_lifecycles("twelvelabs")["indexing-task"]
    assert indexing.statuses == (
        "uploading",
        "validating",
        "pending",
        "queued",
        "indexing",
        "ready",
        "failed",
    )
    assert load_lifecycles("nobody") == {}


def test_load__shipped_files_are_parsed_once_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kept file gives the same, lines included; a broken keep, or another's, is ignored."""
    monkeypatch.setenv("UNDERSTUDY_CACHE", str(tmp_path))
    first = load_lifecycles("imentiv")
    [kept] = tmp_path.iterdir()
    monkeypatch.setattr("understudy.contracts.parsing.parse", _unread)
    again = load_lifecycles("imentiv")
    assert again == first
    name = next(iter(first))
    assert again[name].locate("/stages") == first[name].locate("/stages")
    assert Cache((files("understudy.specs") / "imentiv" / "lifecycles.yaml").read_bytes(),
                 smallest=0).read() is None  # fmt: skip
    monkeypatch.undo()
    monkeypatch.setenv("UNDERSTUDY_CACHE", str(tmp_path))
    kept.write_text("{broken")
    assert load_lifecycles("imentiv") == first


def _unread(text: str, label: str) -> None:
    raise AssertionError(f"{label} was parsed again")


NO_ANALYSES = {"asset", "entity", "connection"}
"""What makes a file or a few pictures ready to be used, or lasts until somebody ends it."""


def test_shipped__take_at_least_a_minute() -> None:
    """No default analysis is over sooner at speed 1."""
    lifecycles = load_lifecycles("twelvelabs")
    for name in lifecycles.keys() - NO_ANALYSES:
        lifecycle = lifecycles[name]
        assert sum(stage.duration(0) for stage in lifecycle.stages) >= 60, lifecycle.name


def test_load__names_file_line_and_place(tmp_path: Path) -> None:
    """The line is that of the value that is wrong."""
    wrong = deepcopy(GOOD)
    wrong["lifecycles"]["job"]["transitions"]["waiting"].append("runing")
    file = tmp_path / "lifecycles.yaml"
    file.write_text(yaml.safe_dump(wrong, sort_keys=False), "utf-8")
    line = 1 + next(
        n for n, text in enumerate(file.read_text("utf-8").splitlines()) if "runing" in text
    )
    with pytest.raises(LifecycleError) as caught:
        load_lifecycles(file)
    assert f"lifecycles.yaml:{line}: at /lifecycles/job/transitions/waiting/2" in str(caught.value)
    assert "'runing'" in str(caught.value)


def test_load__unreadable_files(tmp_path: Path) -> None:
    """A missing file and broken YAML are lifecycle errors too."""
    with pytest.raises(LifecycleError, match="cannot be read"):
        load_lifecycles(tmp_path / "none.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("lifecycles: [", "utf-8")
    with pytest.raises(LifecycleError, match="broken"):
        load_lifecycles(broken)


def _changed(path: str, to: object) -> dict[str, Any]:
    """GOOD with the value at a slashed path below its one lifecycle replaced."""
    declared = deepcopy(GOOD)
    *way, last = path.split("/")
    inner: Any = declared["lifecycles"]["job"]
    for step in way:
        inner = inner[int(step) if step.isdigit() else step]
    inner[last] = to
    return declared


@pytest.mark.parametrize(
    ("path", "to", "message"),
    [
        ("stages", [], "at least one stage"),
        ("stages", "x", "expected a list"),
        ("stages/0/status", "running", "listed before"),
        ("stages/0/seconds", -1, "seconds from 0"),
        ("stages/0/seconds", "5", "expected seconds"),
        ("stages/0/secs", 5, "unknown key 'secs'"),
        ("stages/0/status", "done", "terminal status is no stage"),
        ("initial", "running", "first stage"),
        ("success", "running", "expected a terminal status"),
        ("success", None, "expected a text"),
        ("transitions/done", ["waiting"], "never left"),
        ("transitions/paused", ["running"], "unknown status 'paused'"),
        ("transitions/waiting", ["cancelled"], "cannot be reached"),
        ("transitions/running", ["failed", "cancelled"], "'done' cannot be reached"),
        ("transitions/running", [], "nothing follows it"),
        ("failure/status", "done", "other than the success"),
        ("failure/from", [], "at least one stage"),
        ("failure/from", ["done"], "expected a stage"),
        ("failure/from", ["waiting"], "lack 'failed'"),
        ("provenance/label", "rumour", "documented"),
        ("progress", {}, "expected a text"),
        ("polls", [1], "expected a text"),
        ("stage", [], "unknown key 'stage'"),
        ("detours", ["running"], "no stage and no end"),
        ("detours", ["done"], "no stage and no end"),
        ("detours", ["paused"], "'paused' cannot be reached"),
        ("detours", "paused", "expected a list"),
        ("follows", 1, "expected a text"),
    ],
)
def test_load__refuses_what_is_not_sound(path: str, to: object, message: str) -> None:
    """Each mistake is named with its place."""
    with pytest.raises(LifecycleError, match=message) as caught:
        load_lifecycles(_changed(path, to), name="here")
    assert str(caught.value).startswith("here: at /lifecycles/job")


def test_load__a_status_may_have_fewer_ways_out() -> None:
    """A harmless change is none to refuse."""
    declared = _changed("transitions/running", ["done", "failed"])
    assert not load_lifecycles(declared)["job"].legal("running", "cancelled")


def test_load__takes_detours() -> None:
    """A status that no stage is, from which something else follows; it is no end."""
    declared = deepcopy(GOOD)
    told = declared["lifecycles"]["job"]
    told["detours"] = ["cancelling"]
    told["transitions"]["running"].append("cancelling")
    with pytest.raises(LifecycleError, match="nothing follows it"):
        load_lifecycles(declared)
    told["transitions"]["cancelling"] = ["cancelled"]
    lifecycle = load_lifecycles(declared)["job"]
    assert lifecycle.statuses == (
        "waiting",
        "running",
        "cancelling",
        "done",
        "failed",
        "cancelled",
    )
    assert lifecycle.reachable("waiting", "cancelling")
    assert not lifecycle.finished("cancelling")
    assert lifecycle.follows == ""


def test_load__takes_several_failures_or_none() -> None:
    """A list of failures is kept in order."""
    several = deepcopy(GOOD)
    several["lifecycles"]["job"]["failure"] = [
        {"status": "failed", "from": ["running"]},
        {"status": "cancelled", "from": ["waiting", "running"]},
    ]
    lifecycle = load_lifecycles(several)["job"]
    assert [each.status for each in lifecycle.failures] == ["failed", "cancelled"]
    del several["lifecycles"]["job"]["failure"]
    assert load_lifecycles(several)["job"].failures == ()


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["lifecycles", *GOOD["lifecycles"]["job"]]), inner)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(GOOD["lifecycles"]["job"])), json)
def test_load__never_fails_otherwise(key: str, value: object) -> None:
    """Whatever stands in a place, the answer is a lifecycle or a lifecycle error."""
    declared = deepcopy(GOOD)
    declared["lifecycles"]["job"][key] = value
    try:
        lifecycle = load_lifecycles(declared)["job"]
    except LifecycleError:
        return
    assert lifecycle.reachable(lifecycle.initial, lifecycle.success)
