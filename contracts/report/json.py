"""A report for programs."""

import json
from dataclasses import asdict

from understudy.contracts.json import Json
from understudy.contracts.report.report import Finding, Report
from understudy.contracts.violation import Violation


def render(report: Report) -> str:
    """The report as one JSON document, ending in a newline; keys are stable."""
    return json.dumps(content(report), indent=2, ensure_ascii=False) + "\n"


def content(report: Report) -> Json:
    """The report as a JSON value.

    `totals` holds four numbers, `operations` what was met (with `findings`), `skipped` the
    reasons for what was not checked, `warnings` the client's habits, `usage` a sentence for each
    provider.
    """
    operations: list[Json] = [
        {
            "contract": covered.contract,
            "operation": covered.operation,
            "line": covered.line,
            "checked": covered.checked,
            "findings": [_finding(finding) for finding in covered.findings],
            **({"provenance": covered.label} if covered.label else {}),
        }
        for covered in report.operations.values()
    ]
    skipped: list[Json] = [
        {"reason": reason, "count": skips.count, "examples": list(skips.examples)}
        for reason, skips in report.skips.items()
    ]
    warnings: list[Json] = [
        {"provider": provider, **asdict(each)}
        for (provider, _), warned in report.warnings.items()
        for each in warned
    ]
    return {
        "totals": dict(report.totals()),
        "operations": operations,
        "skipped": skipped,
        "warnings": warnings,
        "usage": dict(report.usage),
    }


def _finding(finding: Finding) -> Json:
    return {
        "place": finding.place,
        "call": finding.call,
        "status": finding.status,
        "violations": [_violation(violation) for violation in finding.violations],
    }


def _violation(violation: Violation) -> Json:
    return {
        "provider": violation.provider,
        "operation": violation.operation,
        "where": violation.where,
        "pointer": violation.pointer,
        "value": violation.value,
        "expected": violation.expected,
        "source": violation.source,
    }
