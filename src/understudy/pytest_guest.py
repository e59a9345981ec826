"""A fake in the service of one test: judged when the test ends, shown when it fails."""

import warnings
from dataclasses import dataclass
from itertools import groupby

import pytest

from understudy.mocks.fake import Exchanges, Fake
from understudy.mocks.hands import Time
from understudy.mocks.journal import Entry
from understudy.pytest_settings import Settings

SHOWN = 50
"""Exchanges that a failed test's report shows, the latest ones."""


class ViolationWarning(UserWarning):
    """The code under test broke a contract, in a test that only warns of it."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One test's view of a fake: all of it, or what belongs to the tenant of that name."""

    fake: Fake
    settings: Settings
    tenant: str | None = None

    def judge(self) -> None:
        """Fail, or warn, because of the violations that nobody expected; each is told once."""
        found = self.fake.watch.take(self.tenant)
        if found and self.settings.strict:
            told = "\n".join(f"  {violation}" for violation in found)
            pytest.fail(f"The code under test is off contract:\n{told}", pytrace=False)
        for violation in found:
            warnings.warn(ViolationWarning(str(violation)), stacklevel=2)

    def excuse(self) -> None:
        """What has been shown is not told again."""
        self.fake.watch.take(self.tenant)

    def __str__(self) -> str:
        """Exchanges with their violations, refused calls, unfinished tasks and the clock."""
        settings = self.settings
        lines = [f"seed {self.fake.engine.seed}, time {settings.time}"]
        lines += _exchanges(self._journal())
        if self.tenant is None and self.fake.refusals:
            lines += ["", "refused:", *(f"  {each}" for each in self.fake.refusals)]
        return "\n".join([*lines, "", str(self._clock())])

    def _journal(self) -> Exchanges:
        if self.tenant is None:
            return self.fake.journal
        return self.fake.tenant(name=self.tenant).journal

    def _clock(self) -> Time:
        if self.tenant is None:
            return self.fake.clock
        return self.fake.tenant(name=self.tenant).clock


def _exchanges(journal: Exchanges) -> list[str]:
    """A line for each exchange; the same one over and over, as when polling, is told once."""
    entries = list(journal)
    if not entries:
        return ["no exchange reached an operation"]
    began, several = entries[0].at, len({entry.tenant for entry in entries}) > 1
    runs = [list(same) for _, same in groupby(entries, lambda entry: _what(entry, several))]
    left_out = sum(map(len, runs[:-SHOWN])) + journal.dropped
    lines = [f"({left_out} earlier exchanges are not shown)"] if left_out else []
    for run in runs[-SHOWN:]:
        times = f"  {len(run)} times, until {run[-1].at - began:+.3f} s" if len(run) > 1 else ""
        lines.append(f"  {run[0].at - began:+9.3f} s  {_what(run[0], several)}{times}")
        lines += [f"        violation: {violation}" for violation in run[0].violations]
    return lines


def _what(entry: Entry, several: bool) -> str:
    query = f"?{entry.query}" if entry.query else ""
    who = f" [{entry.tenant}]" if several else ""
    called = f"{entry.method} {entry.path}{query}"
    return f"{called} -> {entry.status}  {entry.provider} {entry.operation}{who}"
