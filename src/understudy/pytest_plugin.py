"""The pytest plugin: fixtures, marker and options. It loads nothing heavy until a test uses it.

def test_upload(understudy):                  # a Fake of every provider, fresh for this test
    my_code_that_calls_the_vendor()
    understudy.clock.advance(seconds=30)

def test_over_http(understudy_url):           # a live server, a tenant for this test
    my_code(base_url=f"{understudy_url}/twelvelabs/v1.3")
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from understudy.errors import UnderstudyError

if TYPE_CHECKING:
    from understudy.contracts.coverage import Coverage
    from understudy.contracts.lints.look import Warned
    from understudy.mocks.fake import Fake
    from understudy.pytest_guest import Guest
    from understudy.pytest_live import Address, Servers
    from understudy.pytest_settings import Settings

GUESTS: "pytest.StashKey[list[Guest]]" = pytest.StashKey()
COVERAGE: "pytest.StashKey[Coverage]" = pytest.StashKey()
HABITS: "pytest.StashKey[dict[tuple[str, str, str], int]]" = pytest.StashKey()
WORKER_OUTPUT = "understudy_coverage"
WORKER_HABITS = "understudy_habits"

_MARKER = (
    "understudy(*providers, time='auto', seed=0, scenario=None, strict=True, block=False,"
    " modules=()): how the fixtures understudy and understudy_url play"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, each with its equivalent in the ini file."""
    group = parser.getgroup("understudy", "understudy: stand-ins for video APIs")
    group.addoption(
        "--understudy-seed",
        type=int,
        default=None,
        metavar="N",
        help="seed of ids, texts, vectors and times (default 0)",
    )
    group.addoption(
        "--understudy-coverage",
        action="store_true",
        default=False,
        help="tell at the end how much of each contract was used",
    )
    group.addoption(
        "--understudy-coverage-file",
        default=None,
        metavar="FILE",
        help="write it: .json (for `understudy coverage` to merge), .html, else a table",
    )
    group.addoption(
        "--understudy-lints",
        action="store_true",
        default=False,
        help="warn at the end of habits that would hurt at the vendor, such as polling in haste",
    )
    group.addoption(
        "--understudy-strict",
        choices=("fail", "warn"),
        default=None,
        help="what a contract violation by the code under test does (default fail)",
    )
    group.addoption(
        "--understudy-block",
        action="store_true",
        default=False,
        help="refuse calls to hosts that are neither a vendor's nor loopback",
    )
    parser.addini("understudy_seed", "as --understudy-seed", default="0")
    parser.addini("understudy_coverage", "as --understudy-coverage", type="bool", default=False)
    parser.addini("understudy_coverage_file", "as --understudy-coverage-file", default="")
    parser.addini("understudy_lints", "as --understudy-lints", type="bool", default=False)
    parser.addini("understudy_strict", "as --understudy-strict", default="fail")
    parser.addini("understudy_retired", "withdrawn calls: serve or gone", default="serve")
    parser.addini("understudy_block", "as --understudy-block", type="bool", default=False)
    parser.addini("understudy_time", "auto, manual or real", default="auto")
    parser.addini("understudy_providers", "providers to play (default all)", "args", default=[])
    parser.addini(
        "understudy_modules",
        "modules whose sleeps move the clock",
        "args",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def understudy(request: pytest.FixtureRequest) -> "Iterator[Fake]":
    """A fake of every provider, fresh for this test: the vendors' hosts are answered in process.

    Sleeps of the code under test move its clock (`time="auto"`). A contract violation fails
    the test, unless it happens in a `with understudy.expect_violation():` block.
    """
    from understudy.pytest_guest import Guest

    asked = _asked(request)
    if isinstance(asked, str):
        # How this fixture was asked for is the test's mistake: our frames would only hide it.
        pytest.fail(f"understudy: {asked}", pytrace=False)
    fake, settings = asked
    guest = _welcome(request, Guest(fake, settings))
    _follow(request.config, fake)
    _cover(request.config, fake)
    with fake:
        yield fake
    _note_habits(request.config, fake)
    guest.judge()


@pytest.fixture
def understudy_url(
    request: pytest.FixtureRequest, _understudy_servers: "Servers"
) -> "Iterator[Address]":
    """The base URL of a live server that lasts for the session, with a tenant for this test.

    Append a provider's mount, as in `f"{understudy_url}/twelvelabs/v1.3"`. The tenant's clock,
    journal and faults are at `understudy_url.tenant`.
    """
    from understudy.pytest_guest import Guest

    settings = _settings(request)
    live = _understudy_servers.get(settings)
    address = live.room()
    guest = _welcome(request, Guest(live.fake, settings, address.tenant.name))
    _follow(request.config, live.fake)
    _cover(request.config, live.fake)
    yield address
    _note_habits(request.config, live.fake)
    guest.judge()
    address.tenant.reset()


@pytest.fixture(scope="session")
def _understudy_servers() -> "Iterator[Servers]":
    from understudy.pytest_live import Servers

    servers = Servers()
    yield servers
    servers.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test that passed fails after all when its code broke a contract."""
    result = yield
    for guest in item.stash.get(GUESTS, []):
        guest.judge()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """A failed test shows its exchanges, its violations, what is pending and the clock."""
    report = yield
    if report.failed:
        for guest in item.stash.get(GUESTS, []):
            report.sections.append(("understudy", str(guest)))
            guest.excuse()
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its counts to whoever started it."""
    output = getattr(session.config, "workeroutput", None)
    if output is None:
        _write(session.config)
        return
    if COVERAGE in session.config.stash:
        output[WORKER_OUTPUT] = session.config.stash[COVERAGE].values()
    if HABITS in session.config.stash:
        output[WORKER_HABITS] = [[*each, n] for each, n in session.config.stash[HABITS].items()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take the counts of a worker of pytest-xdist."""
    values = getattr(node, "workeroutput", {}).get(WORKER_OUTPUT)
    if values is not None:
        _coverage(node.config).add(values)
    for provider, kind, message, times in getattr(node, "workeroutput", {}).get(WORKER_HABITS, ()):
        seen = node.config.stash.setdefault(HABITS, {})
        seen[provider, kind, message] = seen.get((provider, kind, message), 0) + times


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """How much of each contract was used, and which habits were seen, if that was asked for."""
    if _lints(config):
        terminalreporter.section("understudy: habits")
        seen = config.stash.get(HABITS, {})
        for (provider, kind, message), times in sorted(seen.items()):
            terminalreporter.write_line(f"{provider}: {kind}, {times} x: {message}")
        if not seen:
            terminalreporter.write_line("none that would hurt")
    if not _covers(config):
        return
    terminalreporter.section("understudy: contract coverage")
    lines = list(config.stash[COVERAGE].lines()) if COVERAGE in config.stash else []
    for line in lines or ["no test has used a fake"]:
        terminalreporter.write_line(line)


def _asked(request: pytest.FixtureRequest) -> "tuple[Fake, Settings] | str":
    """The fake that a test asks for, or why there is none."""
    from understudy.mocks.fake import Fake

    try:
        settings = _settings(request)
        fake = Fake(
            *settings.providers,
            time=settings.time,
            seed=settings.seed,
            block=settings.block,
            modules=settings.modules,
            retired=settings.retired,
        )
        settings.load_into(fake)
    except (pytest.UsageError, UnderstudyError) as error:
        return str(error)
    return fake, settings


def _settings(request: pytest.FixtureRequest) -> "Settings":
    from understudy.pytest_settings import settings_of

    return settings_of(request)


def _welcome(request: pytest.FixtureRequest, guest: "Guest") -> "Guest":
    """Remember a guest with its test."""
    request.node.stash.setdefault(GUESTS, []).append(guest)
    return guest


def _covers(config: pytest.Config) -> bool:
    asked = config.getoption("understudy_coverage") or config.getini("understudy_coverage")
    return bool(asked or _file(config))


def _file(config: pytest.Config) -> str:
    given = config.getoption("understudy_coverage_file")
    return str(given or config.getini("understudy_coverage_file"))


def _lints(config: pytest.Config) -> bool:
    return bool(config.getoption("understudy_lints") or config.getini("understudy_lints"))


def _write(config: pytest.Config) -> None:
    """The coverage into its file; after the workers have handed over theirs."""
    if not _file(config):
        return
    from pathlib import Path

    from understudy.contracts.report.coverage import render

    path = Path(_file(config))
    form = {".json": "json", ".html": "html"}.get(path.suffix.lower(), "text")
    path.write_text(render(_coverage(config), form), "utf-8")


def _coverage(config: pytest.Config) -> "Coverage":
    from understudy.contracts.coverage import Coverage

    return config.stash.setdefault(COVERAGE, Coverage())


def _follow(config: pytest.Config, fake: "Fake") -> None:
    """Hold every task of a fake against its lifecycle; the habits of its callers if asked for."""
    from understudy.mocks.following import Following

    fake.watch.following = Following(lints=_lints(config))


def _note_habits(config: pytest.Config, fake: "Fake") -> None:
    """Count the habits that a test showed."""
    if not _lints(config) or fake.watch.following is None:
        return
    seen = config.stash.setdefault(HABITS, {})
    for provider, warned in fake.watch.following.end():
        key = (provider, warned.kind, _advice(warned))
        seen[key] = seen.get(key, 0) + 1


def _advice(warned: "Warned") -> str:
    return f"{warned.operation}: {warned.message}"


def _cover(config: pytest.Config, fake: "Fake") -> None:
    """Have a fake's exchanges counted, if that was asked for."""
    if not _covers(config):
        return
    coverage = fake.watch.coverage = _coverage(config)
    for provider in fake.engine.providers.values():
        for edition in provider.editions:
            if not provider.private:
                coverage.declare(edition.contract, provider.lifecycles)
