"""The formats a report can be written in, by name."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from understudy.contracts.report.report import Report

FORMATS = ("text", "json", "junit", "sarif", "github")
"""For people, for programs, for CI's test view, for code scanning, for annotations."""


def render(report: Report, form: str) -> str:
    """The report in one of `FORMATS`; ValueError for any other name."""
    if form not in FORMATS:
        raise ValueError(f"format {form!r} is unknown; there are {', '.join(FORMATS)}")
    module = import_module(f"understudy.contracts.report.{form}")
    return cast(Callable[[Report], str], module.render)(report)
