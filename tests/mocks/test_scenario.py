"""Scenario files: how tenants begin, and what a file is told that cannot be played."""

from pathlib import Path
from typing import Any

import pytest
from stage import client_of

from understudy.contracts.redaction import alias
from understudy.mocks import Fake
from understudy.mocks.clock import instant_of
from understudy.mocks.scenario import ScenarioError

FILMS = """\
scenario: 1
seed: 7
time: manual
speed: 2
now: 2025-09-01T08:00:00Z
play:
  - operation: create-index
    json: {index_name: films, models: [{model_name: marengo2.7, model_options: [visual]}]}
    as: films
  - operation: create-video-indexing-task
    form: {index_id: "${films._id}", video_url: "https://media.example/pear.mp4?duration=60"}
    as: pear
  - {advance: 9}
faults:
  - {kind: status, status: 503, operation: list-indexes, times: 1}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "films.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def fake() -> Fake:
    return Fake("twelvelabs")


def listed(fake: Fake, key: str) -> Any:
    return client_of(fake, key).get("/tasks").json()["data"]


def test_scenario__is_how_every_tenant_begins(fake: Fake, tmp_path: Path) -> None:
    """Resources, clock and faults of its own for each; no trace of how they came about."""
    fake.load_scenario(written(tmp_path, FILMS))
    for key in ("a", "b"):
        api = client_of(fake, key)
        assert [api.get("/indexes").status_code for _ in range(2)] == [503, 200]
        [task] = listed(fake, key)
        assert task["status"] == "queued"  # nine seconds at double speed
        assert fake.tenant(key).clock.now() == instant_of("2025-09-01T08:00:09Z")
        assert [entry.sequence for entry in fake.tenant(key).journal] == [1, 2, 3]
    assert listed(fake, "a")[0]["_id"] != listed(fake, "b")[0]["_id"]


def test_scenario__with_the_same_seed_gives_the_same_ids(tmp_path: Path) -> None:
    """Whatever the fake's own seed was; another seed gives others."""
    path = written(tmp_path, FILMS)
    ids: list[str] = []
    for own, said in ((0, None), (3, None), (0, 8)):
        fake = Fake("twelvelabs", seed=own)
        fake.load_scenario(path, seed=said)
        ids.append(listed(fake, "a")[0]["_id"])
    assert ids[0] == ids[1] != ids[2]


def test_scenario__is_where_a_reset_leads_back_to(fake: Fake, tmp_path: Path) -> None:
    """Of all tenants or of one."""
    fake.load_scenario(written(tmp_path, FILMS))
    first = listed(fake, "a")
    fake.tenant("a").clock.advance(500)
    assert listed(fake, "a") != first
    fake.tenant("a").reset()
    assert listed(fake, "a") == first
    fake.clock.advance(500)
    fake.reset()
    assert listed(fake, "a") == first
    assert client_of(fake, "a").get("/indexes").status_code == 503


def test_scenario__begins_later_where_time_has_passed(fake: Fake, tmp_path: Path) -> None:
    """A tenant that comes later begins as far ahead as the others were moved."""
    fake.load_scenario(written(tmp_path, FILMS))
    client_of(fake, "a").get("/tasks")
    fake.clock.advance(100)
    assert fake.tenant("b").clock.now() == fake.tenant("a").clock.now()


def test_scenario__gives_way_to_what_is_said_beside_it(fake: Fake, tmp_path: Path) -> None:
    """Time and speed of the caller count more."""
    fake.load_scenario(written(tmp_path, FILMS), time="auto", speed=1)
    clock = fake.engine.tenants.get(alias("a")).clock
    assert (clock.mode, clock.speed) == ("auto", 1)


def test_scenario__can_be_snapshot(fake: Fake, tmp_path: Path) -> None:
    """What it made is like what anybody makes."""
    fake.load_scenario(written(tmp_path, FILMS))
    first = listed(fake, "a")
    kept = fake.snapshot()
    fake.clock.advance(500)
    fake.restore(kept)
    assert listed(fake, "a") == first


def test_scenario__of_plain_resources(fake: Fake, tmp_path: Path) -> None:
    """They are there as they stand, with hidden facts where a kind needs some."""
    text = """\
scenario: 1
resources:
  - kind: indexes
    fields: {_id: 64f0c0ffee64f0c0ffee0001, index_name: archive, models: []}
"""
    fake.load_scenario(written(tmp_path, text))
    reply = client_of(fake, "a").get("/indexes/64f0c0ffee64f0c0ffee0001")
    assert (reply.status_code, reply.json()["index_name"]) == (200, "archive")


WRONG = [
    ("scenario: 2", ":1: at /scenario: expected 1"),
    ("scenario: 1\nseeds: 3", ":2: at /seeds: unknown key 'seeds'; did you mean 'seed'"),
    ("scenario: 1\ntime: fast", ":2: at /time: 'fast' is not known here"),
    ("scenario: 1\nspeed: 0", ":2: at /speed: expected a number from 1e-06"),
    ("scenario: 1\nnow: noon", ":2: at /now: expected an instant such as"),
    ("scenario: 1\nplay: {}", ":2: at /play: expected a list"),
    ("scenario: 1\nplay:\n  - {operation: create-indx}", ":3: .*did you mean 'create-index'"),
    ("scenario: 1\nplay:\n  - {operatoin: x}", ":3: .*unknown key 'operatoin'"),
    ("scenario: 1\nplay:\n  - {advance: -1}", ":3: at /play/0/advance: expected a number from 0"),
    (
        "scenario: 1\nplay:\n  - {operation: retrieve-index}",
        ":3: at /play/0/path: /indexes/{index-id} needs the parameter 'index-id'",
    ),
    (
        "scenario: 1\nplay:\n  - {operation: list-indexes, path: {id: 1}}",
        ":3: at /play/0/path/id: /indexes has no parameter 'id'",
    ),
    (
        "scenario: 1\nplay:\n  - {operation: create-index, json: {index_name: a}}",
        ":3: at /play/0: create-index was refused with 400: .*models",
    ),
    (
        "scenario: 1\nplay:\n  - {operation: list-indexes, expect: 404}",
        ":3: at /play/0/expect: list-indexes answered 200",
    ),
    (
        "scenario: 1\nplay:\n  - {operation: list-indexes, as: all}\n"
        "  - operation: retrieve-index\n    path:\n      index-id: ${al.data}",
        ":6: at /play/1/path/index-id: no step before is kept as 'al'; did you mean 'all'",
    ),
    (
        "scenario: 1\nplay:\n  - {operation: list-indexes, as: all}\n"
        "  - {operation: retrieve-index, path: {index-id: '${all.data.0}'}}",
        ":4: at /play/1/path/index-id: the answer kept as 'all' has no '0' there; there are none",
    ),
    (
        "scenario: 1\nresources:\n  - {kind: index, fields: {_id: a}}",
        ":3: at /resources/0/kind: 'index' is not known here; did you mean 'indexes'",
    ),
    (
        "scenario: 1\nresources:\n  - {kind: indexes, fields: {index_name: a}}",
        ":3: at /resources/0/fields: a resource of the kind 'indexes' needs its '_id'",
    ),
    (
        "scenario: 1\nresources:\n  - {kind: videos, fields: {_id: 64f0c0ffee64f0c0ffee0001}}",
        ":3: at /resources/0: a resource of the kind 'videos' needs a 'parent'",
    ),
    (
        "scenario: 1\nresources:\n"
        "  - {kind: tasks, fields: {_id: 64f0c0ffee64f0c0ffee0001, hls: {}}}",
        ":3: at /resources/0: twelvelabs cannot read it .*by a request under 'play'",
    ),
    (
        "scenario: 1\nfaults:\n  - {kind: statu}",
        ":3: at /faults/0/kind: 'statu' is not known here; did you mean 'status'",
    ),
    (
        "scenario: 1\nfaults:\n  - {kind: stuck, at: x}",
        ":3: at /faults/0/at: No task here has a stage 'x'",
    ),
    (
        "scenario: 1\nfaults:\n  - kind: reset\n    nth: first",
        ":4: at /faults/0/nth: expected a whole number from 1 on, found 'first'",
    ),
    ("scenario: 1\nfaults: [", r"films\.yaml:3: cannot be read as YAML"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_scenario__that_is_wrong(fake: Fake, tmp_path: Path, text: str, said: str) -> None:
    """File, line, place, value, and what would have been right; and nothing has changed."""
    client_of(fake, "a").get("/indexes")
    with pytest.raises(ScenarioError, match=f"films.yaml.*{said}" if said[0] == ":" else said):
        fake.load_scenario(written(tmp_path, text))
    assert len(fake.journal) == 1
    assert client_of(fake, "b").get("/indexes").json()["data"] == []


def test_scenario__that_cannot_be_read(fake: Fake, tmp_path: Path) -> None:
    """A file that is not there."""
    with pytest.raises(ScenarioError, match=r"nowhere\.yaml cannot be read"):
        fake.load_scenario(tmp_path / "nowhere.yaml")
