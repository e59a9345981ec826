"""The whole harness on our own providers: `make contract`.

Golden exchanges against their documents; every document's suite, with writing, against a served
fake, each task through its lifecycle; coverage; and what changed since the last release, if there
is one. Exits with 1 when something is off; warnings do not count.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import httpx2

from understudy.cli_diff import compared
from understudy.contracts.addressing import shipped
from understudy.contracts.contract import Contract
from understudy.contracts.coverage import Coverage
from understudy.contracts.golden import golden, home_of
from understudy.contracts.report.coverage import render as coverage_form
from understudy.contracts.report.text import render
from understudy.mocks import Fake
from understudy.mocks.following import Following
from understudy.mocks.providers.catalogue import PROVIDERS
from understudy.mocks.verify.ask import Wishes
from understudy.mocks.verify.suite import Rules
from understudy.mocks.verify.verification import Verification

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """0 when everything holds; `--against REF` names the state to compare with."""
    release = arguments[-1] if arguments[:1] == ["--against"] else last_release(ROOT)
    contracts = [Contract.load(name) for name in shipped() if name.partition("/")[0] in PROVIDERS]
    coverage = Coverage()
    off: list[str] = []
    off += _told("golden exchanges", _golden(contracts, datetime.now(UTC).date()))
    for contract in contracts:
        off += _told(f"verify --write {contract.name}", _verified(contract, coverage))
    off += _told(f"diff with {release or 'the last release'}", changed(release, ROOT))
    print(coverage_form(coverage, "text"), end="")
    print(f"contract: {len(off)} off" if off else "contract: all is well")
    return 1 if off else 0


def _told(what: str, found: Iterator[str]) -> list[str]:
    """What was found, printed as it comes."""
    began, told = time.perf_counter(), []
    for each in found:
        print(f"  {each}")
        told.append(each)
    print(f"{'off' if told else 'ok '}  {what} ({time.perf_counter() - began:.1f} s)", flush=True)
    return told


def _golden(contracts: list[Contract], today: date) -> Iterator[str]:
    stale: dict[str, str] = {}
    for name in PROVIDERS:
        own = [one for one in contracts if one.name.partition("/")[0] == name]
        for each in golden(name):
            home = home_of(each, own)
            if home is None:
                yield f"{name}/{each.file}: {each.name}: no document has {each.operation} there"
                continue
            yield from (f"{name}/{each.file}: {each.name}: {one}" for one in each.check(home))
            if each.stale(today):
                stale[f"{name}/examples/{each.file}"] = each.month
    for file, month in stale.items():
        print(f"  warning: specs/{file} was seen in {month}; does the vendor still answer so?")


def _verified(contract: Contract, coverage: Coverage) -> Iterator[str]:
    provider = contract.name.partition("/")[0]
    fake = Fake(contract.name)
    fake.watch.following = following = Following()
    verification = Verification(contract, provider, Rules(True, wishes=Wishes(token="contract")))
    try:
        base = f"{fake.serve()}/{provider}{contract.document.base_path}"
        with httpx2.Client(base_url=base, trust_env=False) as client:
            verification.run(client, "any-key", now=fake.clock.now, sleep=partial(_pass, fake))
    finally:
        fake.close()
    coverage.add(verification.coverage.values())
    report = verification.report
    if report.violations:
        yield render(report)
    for (_, kind), warned in report.warnings.items():
        yield from (f"{kind}: {each.place} {each.operation}: {each.message}" for each in warned)
    yield from (f"the fake's own lifecycle: {each}" for each in following.found)


def _pass(fake: Fake, seconds: float) -> None:
    fake.clock.advance(seconds)


def last_release(root: Path) -> str:
    """The newest tag of a version; empty where there is none, as in an archive without history."""
    listed = _git(root, "tag", "--list", "v*", "--sort=-v:refname")
    return listed.split("\n", 1)[0].strip()


def changed(release: str, root: Path) -> Iterator[str]:
    """Every breaking change of a document or its lifecycles below `root` since `release`."""
    if not release:
        print("  there is no release to compare with")
        return
    with tempfile.TemporaryDirectory(prefix="understudy-") as folder:
        listed = _git(root, "ls-tree", "-r", "--name-only", release, "specs").splitlines()
        if not listed:
            yield f"{release!r} is no state of this repository, or has no specs"
        for path in listed:
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_git(root, "show", f"{release}:{path}"), encoding="utf-8")
        for name in shipped():
            old, new = (side / "specs" / f"{name}.yaml" for side in (Path(folder), root))
            if old.is_file():
                changes = compared(str(old), str(new))
                yield from (f"{name}: {each}" for each in changes if each.breaking)


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return ran.stdout if ran.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
