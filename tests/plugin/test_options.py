"""Options and ini values; the summary of contract coverage; what it costs to have the plugin."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.plugin.conftest import Run

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
        [r".*understudy: contract coverage.*", r"twelvelabs/v1\.3-2025: 2 of \d+ operations, 2 of"]
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
        ran.stdout.re_match_lines(
            [r"twelvelabs/v1\.3-2025: 3 of \d+ operations, 3 of \d+ statuses"]
        )


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
