"""A report as workflow commands of GitHub Actions: each violation is an annotation."""

from collections.abc import Iterator

from understudy.contracts.report.place import place_of
from understudy.contracts.report.report import Report
from understudy.contracts.violation import Violation


def render(report: Report) -> str:
    """One line for each violation, then the totals as a notice."""
    return "".join(f"{line}\n" for line in (*_errors(report), *_warnings(report), _notice(report)))


def _errors(report: Report) -> Iterator[str]:
    for covered in report.operations.values():
        for finding in covered.findings:
            for violation in finding.violations:
                yield _error(violation, f"{finding.place}: {finding.call} -> {finding.status}")


def _error(violation: Violation, call: str) -> str:
    place = place_of(violation.source)
    title = f"{violation.operation}: {violation.where} {violation.pointer}".rstrip()
    told = _text(f"{violation}\n{call}")
    return (
        f"::error file={_property(place.file)},line={place.line},title={_property(title)}::{told}"
    )


def _warnings(report: Report) -> Iterator[str]:
    for (_, kind), warned in report.warnings.items():
        first, more = warned[0], len(warned) - 1
        told = f"{first.place}: {first.operation}: {first.message}"
        told += f" (and {more} more)" if more else ""
        yield f"::warning title={_property(kind)}::{_text(told)}"


def _notice(report: Report) -> str:
    totals = ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in report.totals().items()
    )
    return f"::notice title={_property(report.title)}::{_text(totals)}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
