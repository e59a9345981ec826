"""A report for people: by operation, every violation with the line of the spec that asks."""

from collections.abc import Iterator

from understudy.contracts.report.report import Coverage, Report
from understudy.contracts.violation import Violation

_LONGEST = 120
_EXAMPLES = 3


def render(report: Report) -> str:
    """The report as text, ending in a newline; operations that are fine get one line each."""
    return (
        "\n".join([*_operations(report), *_warnings(report), *_skips(report), _totals(report)])
        + "\n"
    )


def _operations(report: Report) -> Iterator[str]:
    for covered in report.operations.values():
        yield _heading(covered)
        for finding in covered.findings:
            yield f"  {finding.place}  {finding.call} -> {finding.status}"
            for violation in finding.violations:
                yield from _violation(violation)
        if covered.findings:
            yield ""


def _heading(covered: Coverage) -> str:
    off = len(covered.findings)
    verdict = f"{off} off contract" if off else "ok"
    named = f"{covered.contract} {covered.operation}"
    line = f" ({covered.line})" if covered.line and covered.line != covered.operation else ""
    line += f" [{covered.label}]" if covered.label else ""
    return f"{named}{line}: {_count(covered.checked, 'exchange')}, {verdict}"


def _violation(violation: Violation) -> Iterator[str]:
    place = f"{violation.where} {violation.pointer}".rstrip()
    value = repr(violation.value)
    if len(value) > _LONGEST:
        value = f"{value[: _LONGEST - 3]}..."
    yield f"    {place}: {value}, expected {violation.expected}"
    yield f"      {violation.source}"


def _warnings(report: Report) -> Iterator[str]:
    """Each kind once, with its first few places."""
    for (provider, kind), warned in report.warnings.items():
        yield f"Warning ({provider}): {kind}, {_count(len(warned), 'time')}"
        for each in warned[:_EXAMPLES]:
            yield f"  {each.place}  {each.operation}: {each.message}"
        if len(warned) > _EXAMPLES:
            yield f"  and {len(warned) - _EXAMPLES} more"
    for provider, sentence in report.usage.items():
        yield f"Used at {provider}: {sentence}"


def _skips(report: Report) -> Iterator[str]:
    if report.skips:
        yield f"Not checked: {_count(report.skipped, 'exchange')}"
    for reason, skips in report.skips.items():
        yield f"  {skips.count} x {reason}"
        yield from (f"      {example}" for example in skips.examples)
        if skips.count > len(skips.examples):
            yield f"      and {skips.count - len(skips.examples)} more"


def _totals(report: Report) -> str:
    return (
        f"{_count(report.checked, 'exchange')} checked, {report.off} off contract "
        f"({_count(report.violations, 'violation')}), {report.skipped} skipped"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
