"""The fixture `understudy_url`: one server for the session, a tenant for each test."""

from tests.plugin.conftest import Run

pytest_plugins = ["pytester"]


def test_server__is_shared_and_tenants_are_not(run: Run) -> None:
    """Two tests with one key, on one port, see nothing of each other."""
    code = """
@pytest.fixture(scope="session")
def ports():
    return set()

@pytest.mark.parametrize("turn", [1, 2, 3])
def test_it(understudy_url, api, ports, turn):
    base = f"{understudy_url}/twelvelabs/v1.3"
    assert api.get(f"{base}/indexes").json()["data"] == []
    task = new_task(api, base)
    seen = [api.get(f"{base}/tasks/{task}").json()["status"] for _ in range(6)]
    assert seen == ["uploading", "validating", "pending", "queued", "indexing", "ready"]
    assert [entry.status for entry in understudy_url.tenant.journal] == [200, 201] + [200] * 7
    ports.add(httpx.URL(understudy_url).port)
    assert len(ports) == 1
"""
    run(code).assert_outcomes(passed=3)


def test_links__in_replies_lead_back_to_the_tenant(run: Run) -> None:
    """What a reply links to can be fetched below the same address."""
    code = """
def test_it(understudy_url, api):
    base = f"{understudy_url}/twelvelabs/v1.3"
    task = new_task(api, base)
    understudy_url.tenant.clock.run_until_idle()
    url = api.get(f"{base}/tasks/{task}").json()["hls"]["video_url"]
    assert url.startswith(f"{understudy_url}/_media/")
    assert requests.get(url).text.startswith("#EXTM3U")
    clock = requests.get(f"{understudy_url}/_understudy/clock").json()
    assert clock["tenants"] == [understudy_url.tenant.name]
"""
    run(code).assert_outcomes(passed=1)


def test_time__of_the_marker_gets_a_server_of_its_own(run: Run) -> None:
    """A manual clock stands for the tests that ask for one, and for no others."""
    code = """
@pytest.mark.understudy(time="manual")
def test_manual(understudy_url, api):
    base = f"{understudy_url}/twelvelabs/v1.3"
    task = new_task(api, base)
    assert {api.get(f"{base}/tasks/{task}").json()["status"] for _ in range(9)} == {"uploading"}
    understudy_url.tenant.clock.advance_to(task, "ready")
    assert api.get(f"{base}/tasks/{task}").json()["status"] == "ready"

def test_auto(understudy_url, api):
    base = f"{understudy_url}/twelvelabs/v1.3"
    task = new_task(api, base)
    assert len({api.get(f"{base}/tasks/{task}").json()["status"] for _ in range(9)}) == 6
"""
    run(code).assert_outcomes(passed=2)


def test_violation__of_the_tests_own_tenant_fails_it(run: Run) -> None:
    """Expected ones do not; the report shows the exchanges of that test alone."""
    ran = run("""
def test_breaks(understudy_url, api):
    api.get(f"{understudy_url}/twelvelabs/v1.3/indexes?page_limit=500")

def test_means_it(understudy_url, api):
    with understudy_url.tenant.expect_violation(pointer="/page_limit"):
        api.get(f"{understudy_url}/twelvelabs/v1.3/indexes?page_limit=500")
""")
    ran.assert_outcomes(passed=1, failed=1)
    ran.stdout.fnmatch_lines(["*off contract*", "*page_limit: 500*", "*- understudy -*"])
