"""Options and ini values; the summary of contract coverage; what it costs to have the plugin."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plugin.conftest import Run

from understudy.contracts.coverage import Coverage

pytest_plugins = ["pytester"]

HEAVY = {"starlette", "httpx", "httpx2", "openapi_core", "jsonschema_rs", "yaml", "hypothesis"}
USED = """
def test_used(understudy, api):
    new_task(api)
"""


def test_seed__of_the_command_line_is_that_of_every_test(run: Run) -> None:
    """It beats the ini file, and the marker beats it."""
    code = """
def test_option(understudy):
    assert understudy.engine.seed == 5

@pytest.mark.understudy(seed=9)
def test_marker(understudy):
    assert understudy.engine.seed == 9
"""
    run(code, "--understudy-seed", "5", ini="understudy_seed = 3").assert_outcomes(passed=2)


def test_ini__sets_what_holds_everywhere(run: Run) -> None:
    """Seed, time, providers and code, in the file that everybody shares."""
    code = """
def test_it(understudy):
    assert understudy.engine.seed == 3
    assert [*understudy.engine.providers] == ["twelvelabs", "_understudy"]
    before = understudy.clock.now()
    time.sleep(30)
    assert understudy.clock.now() == before
"""
    ini = "understudy_seed = 3\nunderstudy_time = manual\nunderstudy_providers = twelvelabs\n"
    run(code, ini=ini).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("ini", "said"),
    [
        ("understudy_seed = many", "*understudy_seed is 'many'*"),
        ("understudy_strict = maybe", "*understudy_strict is 'maybe'*"),
        ("understudy_time = slow", "*time is 'slow'*"),
    ],
)
def test_ini__that_makes_no_sense_is_told(run: Run, ini: str, said: str) -> None:
    """In a sentence, at the tests that would have used it."""
    ran = run(USED, ini=ini)
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines([said])


@pytest.mark.parametrize("way", ["option", "ini"])
def test_coverage__is_told_at_the_end(run: Run, way: str) -> None:
    """Operations and statuses of each document that a fake played."""
    options = ("--understudy-coverage",) if way == "option" else ()
    ini = "understudy_coverage = true" if way == "ini" else ""
    ran = run(f"@pytest.mark.understudy('twelvelabs'){USED}", *options, ini=ini)
    ran.stdout.re_match_lines(
        [r".*understudy: contract coverage.*", r"twelvelabs/v1\.3: 2 of \d+ operations, 2 of"]
    )
    ran = run("def test_nothing(): pass", *options, ini=ini)
    ran.stdout.fnmatch_lines(["*understudy: contract coverage*", "no test has used a fake"])


def test_coverage__is_silent_unless_asked_for(run: Run) -> None:
    """Nobody gets a summary who did not want one."""
    run(USED).stdout.no_fnmatch_line("*contract coverage*")


def test_coverage__counts_live_exchanges_and_those_of_workers(run: Run) -> None:
    """The workers of pytest-xdist hand in what they have counted."""
    code = """
@pytest.mark.understudy("twelvelabs")
def test_one(understudy, api):
    new_task(api)

@pytest.mark.understudy("twelvelabs")
def test_two(understudy_url, api):
    assert api.get(f"{understudy_url}/twelvelabs/v1.3/indexes/{'0' * 24}").status_code == 404
"""
    for options, others in (((), ""), (("-n", "2"), "xdist")):
        ran = run(code, "--understudy-coverage", *options, others=others)
        ran.assert_outcomes(passed=2)
        ran.stdout.re_match_lines([r"twelvelabs/v1\.3: 3 of \d+ operations, 3 of \d+ statuses"])


MOVING = """
@pytest.mark.understudy("twelvelabs")
def test_it(understudy, api):
    task = new_task(api)
    former = [{"model_name": "marengo2.7", "model_options": ["visual"]}]
    api.post(f"{BASE}/indexes", json={"index_name": "older films", "models": former})
    while api.get(f"{BASE}/tasks/{task}").json()["status"] != "ready":
        time.sleep(5)
    for _ in range(3):
        api.get(f"{BASE}/tasks/{task}")
"""


@pytest.mark.parametrize("others", ["", "xdist"])
def test_coverage_file__holds_the_moves_of_lifecycles_too(
    run: Run, pytester: pytest.Pytester, others: str
) -> None:
    """JSON to merge, a page to read; naming a file is asking for coverage."""
    workers = ("-n", "2") if others else ()
    for name in ("covered.json", "covered.html"):
        run(MOVING, f"--understudy-coverage-file={name}", *workers, others=others).assert_outcomes(
            passed=1
        )
    coverage = Coverage()
    coverage.add(json.loads((pytester.path / "covered.json").read_text()))
    share = coverage.shares["twelvelabs/v1.3"]
    assert share.of("move")[0] >= 3
    assert share.of("parameter")[0] and share.of("field")[0]
    older = coverage.shares["twelvelabs/v1.3-2025"]  # an index has a model of that time
    assert older.of("value")[0]
    assert "<h2>twelvelabs/v1.3</h2>" in (pytester.path / "covered.html").read_text()


@pytest.mark.parametrize("others", ["", "xdist"])
def test_lints__are_told_on_request(run: Run, others: str) -> None:
    """A habit that would hurt is a warning in the summary, never a failure."""
    workers = ("-n", "2") if others else ()
    ran = run(MOVING, "--understudy-lints", *workers, others=others)
    ran.assert_outcomes(passed=1)
    ran.stdout.fnmatch_lines(["*understudy: habits*", "twelvelabs: polls after the end, 1 x*"])
    run(MOVING).stdout.no_fnmatch_line("*understudy: habits*")
    run(USED, "--understudy-lints").stdout.fnmatch_lines(["*understudy: habits*"])


def test_lifecycle__a_fake_that_breaks_its_own_fails_the_test(run: Run) -> None:
    """Every exchange goes through the lifecycle trace: such a fault would be ours."""
    code = """
from dataclasses import replace

@pytest.mark.understudy("twelvelabs", time="manual")
def test_it(understudy, api, monkeypatch):
    made = new_task(api)
    understudy.clock.advance(1e5)
    assert api.get(f"{BASE}/tasks/{made}").json()["status"] == "ready"
    [edition, *_] = understudy.engine.providers["twelvelabs"].editions
    play = edition.behaviours["retrieve-video-indexing-task"]

    def backwards(call):
        answer = play(call)
        return replace(answer, content={**answer.content, "status": "indexing"})

    monkeypatch.setitem(edition.behaviours.made, "retrieve-video-indexing-task", backwards)
    api.get(f"{BASE}/tasks/{made}")
"""
    ran = run(code)
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(["*which is an end, to stay*"])


def test_lifecycle__faults_and_resets_are_meant(run: Run) -> None:
    """What a fault does to a task, and what a reset forgets, breaks no lifecycle."""
    code = """
@pytest.mark.understudy("twelvelabs")
def test_it(understudy, api):
    made = new_task(api)
    before = understudy.snapshot()
    while api.get(f"{BASE}/tasks/{made}").json()["status"] != "ready":
        time.sleep(5)
    understudy.restore(before)
    assert api.get(f"{BASE}/tasks/{made}").json()["status"] != "ready"
    understudy.reset()
    assert api.get(f"{BASE}/tasks/{made}").status_code == 404
"""
    run(code).assert_outcomes(passed=1)


def test_unused__it_loads_nothing_heavy(tmp_path: Path) -> None:
    """Having the plugin costs a module or two, as long as no test asks for it."""
    theirs = tmp_path / "test_theirs.py"
    theirs.write_text("def test_nothing(): pass")
    code = (
        "import sys, pytest;"
        f"assert pytest.main(['-p', 'understudy.pytest_plugin', {str(theirs)!r}]) == 0;"
        "assert 'understudy.pytest_plugin' in sys.modules;"
        f"print('heavy:', *sorted({HEAVY!r} & set(sys.modules)))"
    )
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environ, cwd=tmp_path
    )
    assert ran.stdout.splitlines()[-1] == "heavy:"
