"""Together with the plugins that people use: xdist, randomly, anyio and asyncio."""

from tests.plugin.conftest import Run

pytest_plugins = ["pytester"]

SEVERAL = """
@pytest.mark.parametrize("turn", range(6))
def test_in_process(understudy, api, turn):
    assert api.get(f"{BASE}/indexes").json()["data"] == []
    new_task(api)

@pytest.mark.parametrize("turn", range(6))
def test_live(understudy_url, api, turn):
    base = f"{understudy_url}/twelvelabs/v1.3"
    assert api.get(f"{base}/indexes").json()["data"] == []
    new_task(api, base)
"""
POLLS = """
    async with httpx.AsyncClient(headers=KEY) as api:
        index = (await api.post(f"{BASE}/indexes", json=INDEX)).json()["_id"]
        fields = {"index_id": (None, index), "video_url": (None, "https://media.example/a.mp4")}
        task = (await api.post(f"{BASE}/tasks", files=fields)).json()["_id"]
        seen = []
        while "ready" not in seen:
            seen.append((await api.get(f"{BASE}/tasks/{task}")).json()["status"])
            await SLEEP(5)
    assert len(set(seen)) == 6
"""


def test_xdist__a_server_for_each_worker(run: Run) -> None:
    """Tests in two processes do not meet."""
    run(SEVERAL, "-n", "2", others="xdist").assert_outcomes(passed=12)


def test_randomly__any_order_will_do(run: Run) -> None:
    """No test depends on the one before; the seed of the fake is not that of the order."""
    code = f"""{SEVERAL}
def test_seed(understudy):
    assert understudy.engine.seed == 0
"""
    for seed in ("1", "2"):
        ran = run(code, "-p", "randomly", "-p", "no:cacheprovider", "--randomly-seed", seed,
                  others="randomly")  # fmt: skip
        ran.assert_outcomes(passed=13)


def test_anyio__on_both_backends(run: Run) -> None:
    """Asynchronous tests of anyio's plugin, polling with its own sleep."""
    code = f"""
import anyio

@pytest.mark.anyio
async def test_it(understudy):{POLLS.replace("SLEEP", "anyio.sleep")}
"""
    run(code, others="anyio").assert_outcomes(passed=2)


def test_asyncio__strict_and_auto(run: Run) -> None:
    """Asynchronous tests of pytest-asyncio, in both of its modes."""
    test = f"async def test_it(understudy):{POLLS.replace('SLEEP', 'asyncio.sleep')}"
    scope = "asyncio_default_fixture_loop_scope = function"
    strict = run(f"@pytest.mark.asyncio\n{test}", ini=scope, others="asyncio")
    strict.assert_outcomes(passed=1)
    auto = run(test, ini=f"{scope}\nasyncio_mode = auto", others="asyncio")
    auto.assert_outcomes(passed=1)
