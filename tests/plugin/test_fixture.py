"""The fixture `understudy`, as somebody's tests see it."""

import pytest
from tests.plugin.conftest import Run

pytest_plugins = ["pytester"]


def test_fixture__answers_the_vendors_host_and_is_fresh_for_each_test(run: Run) -> None:
    """What one test made, the next one does not find."""
    code = """
@pytest.mark.parametrize("turn", [1, 2])
def test_it(understudy, api, turn):
    assert api.get(f"{BASE}/indexes").json()["data"] == []
    new_task(api)
    assert requests.get(f"{BASE}/tasks", headers=KEY).json()["page_info"]["total_results"] == 1
    assert len(understudy.journal) == 4


def test_ids__are_the_same_each_time(understudy, api, request):
    first = request.config.cache.get("id", None)
    made = new_task(api)
    request.config.cache.set("id", made)
    assert first in (None, made)
"""
    run(code).assert_outcomes(passed=3)
    run(code).assert_outcomes(passed=3)


def test_time__is_auto(run: Run) -> None:
    """A loop that sleeps five seconds sees every status, in no time."""
    code = """
def test_wait(understudy, api):
    task, seen = new_task(api), []
    while "ready" not in seen:
        seen.append(api.get(f"{BASE}/tasks/{task}").json()["status"])
        time.sleep(5)
    assert list(dict.fromkeys(seen)) == [
        "uploading", "validating", "pending", "queued", "indexing", "ready"
    ]
"""
    run(code).assert_outcomes(passed=1)


def test_violation__fails_the_test_with_its_line(run: Run) -> None:
    """The test passed, its code broke the contract: it fails, and the report says where."""
    ran = run("""
def test_page_limit(understudy, api):
    new_task(api)
    api.get(f"{BASE}/indexes?page_limit=500")
""")
    ran.assert_outcomes(failed=1)
    ran.stdout.re_match_lines(
        [
            r"The code under test is off contract:",
            r"  list-indexes: query /page_limit: 500, expected .*\(specs/twelvelabs/.*yaml:\d+\)",
        ]
    )
    ran.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_violation__that_is_expected_is_fine(run: Run) -> None:
    """In the block it is meant; outside it is not, and a block without one fails."""
    ran = run("""
def test_expected(understudy, api):
    with understudy.expect_violation(where="query", pointer="/page_limit") as found:
        api.get(f"{BASE}/indexes?page_limit=500")
    assert [violation.value for violation in found] == [500]

def test_another(understudy, api):
    with understudy.expect_violation(where="query", pointer="/page_limit"):
        api.get(f"{BASE}/indexes?page_limit=500")
        api.get(f"{BASE}/indexes?page=-1")

def test_none(understudy, api):
    with understudy.expect_violation(operation="list-indexes"):
        api.get(f"{BASE}/indexes?page_limit=50")
""")
    ran.assert_outcomes(passed=1, failed=2)
    ran.stdout.fnmatch_lines(["*list-indexes: query /page: -1*"])
    ran.stdout.fnmatch_lines(["*A violation with operation 'list-indexes' was expected here*"])


@pytest.mark.parametrize(
    ("marker", "options", "ini"),
    [
        ("@pytest.mark.understudy(strict=False)", (), ""),
        ("", ("--understudy-strict", "warn"), ""),
        ("", (), "understudy_strict = warn"),
    ],
    ids=["marker", "option", "ini"],
)
def test_violation__may_only_warn(run: Run, marker: str, options: tuple[str], ini: str) -> None:
    """By marker, option or ini, a violation is a warning that the user may filter."""
    code = f"""
{marker}
def test_page_limit(understudy, api):
    api.get(f"{{BASE}}/indexes?page_limit=500")
"""
    ran = run(code, "-W", "default", *options, ini=ini)
    ran.assert_outcomes(passed=1, warnings=1)
    ran.stdout.fnmatch_lines(["*ViolationWarning: list-indexes: query /page_limit: 500*"])


def test_report__shows_what_happened(run: Run) -> None:
    """Exchanges, violations with their lines, unfinished tasks and the clock; told once."""
    ran = run("""
def test_fails(understudy, api):
    task = new_task(api)
    api.get(f"{BASE}/indexes?page_limit=500")
    for _ in range(2):
        api.get(f"{BASE}/tasks/{task}")
        time.sleep(5)
    assert not "what happened?"
""")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        [
            "*assert not*",
            "*- understudy -*",
            "seed 0, time auto",
            "*+0.000 s  POST /v1.3/indexes -> 201  twelvelabs create-index",
            "*POST /v1.3/tasks -> 200  twelvelabs create-video-indexing-task",
            "*GET /v1.3/indexes[?]page_limit=500 -> 400  twelvelabs list-indexes",
            "*violation: list-indexes: query /page_limit: 500*",
            "*GET /v1.3/tasks/* 2 times, until +5.000 s",
            "The clock of * is auto and says 2025-07-01T00:00:10.000Z.",
            "*twelvelabs tasks * is 'pending', 'queued' in 5 s.",
        ]
    )


def test_unserved__call_fails_the_test_and_names_the_nearest(run: Run) -> None:
    """A call to a vendor's host that the fake does not serve."""
    ran = run("""
def test_typo(understudy, api):
    api.get(f"{BASE}/taskz")
""")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        ["*NotServed: No operation is served at GET *taskz*nearest*GET */v1.3/tasks*"]
    )


def test_marker__chooses_providers_time_seed_and_code(run: Run) -> None:
    """The marker of a class holds for its tests, that of a test comes on top."""
    ran = run("""
@pytest.mark.understudy("twelvelabs", seed=7)
class TestThem:
    def test_class(self, understudy, api):
        assert understudy.engine.seed == 7
        assert [*understudy.engine.providers][0] == "twelvelabs"
        assert len(understudy.engine.providers) == 2

    @pytest.mark.understudy(time="manual")
    def test_both(self, understudy, api):
        assert understudy.engine.seed == 7
        task = new_task(api)
        time.sleep(500)
        assert api.get(f"{BASE}/tasks/{task}").json()["status"] == "uploading"
        understudy.clock.advance_to(task, "indexing")
        assert api.get(f"{BASE}/tasks/{task}").json()["status"] == "indexing"
        understudy.clock.run_until_idle()
        assert api.get(f"{BASE}/tasks/{task}").json()["status"] == "ready"

    @pytest.mark.understudy(modules=["test_theirs"])
    def test_modules(self, understudy):
        assert time.time() == understudy.clock.now()

    @pytest.mark.understudy(retired="gone")
    def test_gone(self, understudy, api):
        reply = api.post(f"{BASE}/gist", json={})
        assert reply.status_code == 404
        assert "withdrawn on 2026-03-11; use POST /analyze" in reply.json()["message"]

    @pytest.mark.understudy(block=True)
    def test_block(self, understudy, api):
        with pytest.raises(AssertionError, match="blocked"):
            api.get("https://elsewhere.example")
""")
    ran.assert_outcomes(passed=5)


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("retired='yes'", "*retired is 'yes'*"),
        ("colour='red'", "*it was given colour*"),
        ("time='slow'", "*time is 'slow'*"),
        ("'nobody'", "*'nobody' is neither a provider nor a file*"),
    ],
)
def test_marker__that_makes_no_sense_is_told(run: Run, marker: str, said: str) -> None:
    """An unknown word is an error of that test, in a sentence."""
    ran = run(f"""
@pytest.mark.understudy({marker})
def test_it(understudy): pass
""")
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines([said])
    ran.stdout.no_fnmatch_line("*During handling*")
    ran.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_standstill__is_explained(run: Run) -> None:
    """A loop that polls on a manual clock ends at once and says what would have helped."""
    ran = run("""
@pytest.mark.understudy("twelvelabs", time="manual")
def test_waits(understudy, api):
    task = new_task(api)
    while api.get(f"{BASE}/tasks/{task}").json()["status"] != "ready":
        time.sleep(5)
""")
    ran.assert_outcomes(failed=1)
    ran.stdout.fnmatch_lines(
        [
            "*Standstill: GET /tasks/* has polled 100 times in a row what cannot change.",
            "*The clock is manual and stands at 2025-07-01T00:00:00.000Z*",
            "*is 'uploading', 'validating' in 5 s.",
            "*fake.clock.advance(5), fake.clock.advance_to(*'validating')*",
        ]
    )


def test_scenario__furnishes_the_test(run: Run, pytester: pytest.Pytester) -> None:
    """A path beside the test file; what the marker says counts more than the file."""
    pytester.makefile(".yaml", begin="scenario: 1\nseed: 5\ntime: manual\n")
    ran = run("""
@pytest.mark.understudy("twelvelabs", scenario="begin.yaml")
def test_file(understudy, api):
    assert understudy.engine.seed == 5
    task = new_task(api)
    time.sleep(500)
    assert api.get(f"{BASE}/tasks/{task}").json()["status"] == "uploading"

@pytest.mark.understudy("twelvelabs", scenario="begin.yaml", time="auto", seed=6)
def test_marker(understudy, api):
    assert understudy.engine.seed == 6
    task = new_task(api)
    time.sleep(500)
    assert api.get(f"{BASE}/tasks/{task}").json()["status"] == "ready"

@pytest.mark.understudy("twelvelabs", scenario="begin.yaml")
def test_live(understudy_url, api):
    base = f"{understudy_url}/twelvelabs/v1.3"
    task = new_task(api, base)
    assert {api.get(f"{base}/tasks/{task}").json()["status"] for _ in range(9)} == {"uploading"}
""")
    ran.assert_outcomes(passed=3)


def test_fault__strikes_the_code_under_test(run: Run) -> None:
    """A connection that is refused is the HTTP library's own error, and no violation."""
    ran = run("""
def test_refused(understudy, api):
    understudy.faults.add("refused", operation="list-indexes")
    with pytest.raises(httpx.ConnectError):
        api.get(f"{BASE}/indexes")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{BASE}/indexes", headers=KEY)
""")
    ran.assert_outcomes(passed=1)
