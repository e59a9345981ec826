"""A report as JUnit XML, which CI services show as tests: an operation is a test case."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from understudy.contracts.report.report import Coverage, Finding, Report

# XML 1.0 cannot hold these, whatever they are escaped as.
_FORBIDDEN = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (*range(32), 0xFFFE, 0xFFFF)
    if chr(code) not in "\t\n\r"
}


def render(report: Report) -> str:
    """A suite for each contract; a case fails when one of its exchanges is off."""
    root = Element("testsuites", name=report.title)
    suites: dict[str, list[Coverage]] = {}
    for covered in report.operations.values():
        suites.setdefault(covered.contract, []).append(covered)
    for contract, operations in suites.items():
        suite = SubElement(root, "testsuite", name=contract)
        suite.set("tests", str(len(operations)))
        suite.set("failures", str(sum(bool(covered.findings) for covered in operations)))
        for covered in operations:
            _case(suite, covered)
    if report.skips:
        _skipped(root, report)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"


def _case(suite: Element, covered: Coverage) -> None:
    name = f"{covered.operation} ({covered.line})" if covered.line else covered.operation
    case = SubElement(suite, "testcase", classname=covered.contract, name=_safe(name))
    if covered.findings:
        total = sum(len(finding.violations) for finding in covered.findings)
        failure = SubElement(case, "failure", type="contract")
        failure.set("message", f"{total} violations in {len(covered.findings)} exchanges")
        failure.text = _safe("\n".join(_told(finding) for finding in covered.findings))


def _told(finding: Finding) -> str:
    lines = [f"{finding.place}: {finding.call} -> {finding.status}"]
    return "\n".join([*lines, *(f"  {violation}" for violation in finding.violations)])


def _skipped(root: Element, report: Report) -> None:
    suite = SubElement(root, "testsuite", name="not checked")
    suite.set("tests", str(len(report.skips)))
    suite.set("skipped", str(len(report.skips)))
    for reason, skips in report.skips.items():
        case = SubElement(suite, "testcase", classname="not checked", name=_safe(reason))
        told = f"{skips.count} exchanges, such as {'; '.join(skips.examples)}"
        SubElement(case, "skipped", message=_safe(told))


def _safe(text: str) -> str:
    return text.translate(_FORBIDDEN).encode("utf-8", "replace").decode()
