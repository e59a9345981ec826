"""A report as SARIF 2.1.0, which code-scanning services show beside the spec's lines."""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from urllib.parse import quote

from understudy.contracts.json import Json
from understudy.contracts.lints.look import Warned
from understudy.contracts.report.place import place_of
from understudy.contracts.report.report import Finding, Report
from understudy.contracts.violation import Violation

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """One run; a rule for each part of an exchange that was off, a result for each violation."""
    results = [
        _result(violation, finding)
        for covered in report.operations.values()
        for finding in covered.findings
        for violation in finding.violations
    ]
    results += [_warning(warned) for kind in report.warnings.values() for warned in kind]
    rules: list[Json] = [
        {"id": name, "shortDescription": {"text": f"The {name} is off the contract"}}
        for name in _used(report)
    ]
    rules += [
        {"id": kind, "shortDescription": {"text": f"A client's habit: {kind}"}}
        for kind in dict.fromkeys(kind for _, kind in report.warnings)
    ]
    driver: Json = {"name": "understudy", "rules": rules}
    log: Json = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _used(report: Report) -> Sequence[str]:
    return tuple(
        dict.fromkeys(
            violation.where
            for covered in report.operations.values()
            for finding in covered.findings
            for violation in finding.violations
        )
    )


def _result(violation: Violation, finding: Finding) -> Mapping[str, Json]:
    """The location is the spec's line; the recording is a related one."""
    return {
        "ruleId": violation.where,
        "level": "error",
        "message": {"text": f"{violation} in {finding.call} -> {finding.status}"},
        "locations": [_location(violation.source)],
        "relatedLocations": [{**_location(finding.place), "message": {"text": finding.place}}],
    }


def _warning(warned: Warned) -> Mapping[str, Json]:
    return {
        "ruleId": warned.kind,
        "level": "warning",
        "message": {"text": f"{warned.operation}: {warned.message}"},
        "locations": [_location(warned.place)],
    }


def _location(text: str) -> Mapping[str, Json]:
    place = place_of(text)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.file)},
            "region": {"startLine": place.line},
        }
    }


def _uri(file: str) -> str:
    """A file as a URI: relative ones stay so, as code scanning wants them."""
    named = PurePath(file)
    return named.as_uri() if named.is_absolute() else quote(named.as_posix())
