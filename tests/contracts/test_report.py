"""Reports group by operation, show the line of the spec, and leak nothing."""

import json
from xml.etree.ElementTree import fromstring

import pytest

from understudy.contracts.lints.look import Warned
from understudy.contracts.report import json as json_form
from understudy.contracts.report import text as text_form
from understudy.contracts.report.forms import FORMATS, render
from understudy.contracts.report.report import Report
from understudy.contracts.violation import Violation


def _report() -> Report:
    report = Report()
    wrong = Violation("shop", "list", "query", "/page", "x" * 200, "an integer", "shop.yaml:7")
    leaky = Violation("shop", "list", "query", "/api_key", "s3cret", "a word", "shop.yaml:8")
    call = "GET //shop.example.com/things?api_key=s3cret&page=x"
    report.add("shop/v1", "list", "GET /things", "a.har entry 1", call, 200, [wrong, leaky])
    report.add("shop/v1", "list", "GET /things", "a.har entry 2", call, 200, [])
    report.add("shop/v1", "get", "GET /things/{id}", "a.har entry 3", call, 404, [])
    for number in range(5):
        report.skip(f"a.har entry {number}", "GET //cdn.example.com/?token=s3cret", "no provider")
    report.warn("shop", Warned("no deadline", "a.har entry 9", "get", "give up at a deadline"))
    report.usage["shop"] = "3 requests"
    return report


def test_report__counts() -> None:
    """The four numbers agree with what was added."""
    assert _report().totals() == {
        "checked": 3, "off_contract": 1, "violations": 2, "skipped": 5,
    }  # fmt: skip


def test_text__groups_by_operation_and_shows_the_line() -> None:
    """One heading per operation; below it exchanges, violations and their lines."""
    text = text_form.render(_report())
    lines = text.splitlines()
    assert lines[0] == "shop/v1 list (GET /things): 2 exchanges, 1 off contract"
    assert lines[1].startswith("  a.har entry 1  GET //shop.example.com/things?")
    assert lines[2].startswith("    query /page: 'xxx") and lines[2].endswith("an integer")
    assert len(lines[2]) < 200
    assert lines[3] == "      shop.yaml:7"
    assert "shop/v1 get (GET /things/{id}): 1 exchange, ok" in lines
    assert "  5 x no provider" in lines and "      and 2 more" in lines
    assert lines[-1] == "3 exchanges checked, 1 off contract (2 violations), 5 skipped"
    assert "s3cret" not in text


def test_json__holds_the_same() -> None:
    """The JSON form carries every violation whole, and no credential."""
    text = json_form.render(_report())
    value = json.loads(text)
    assert value["totals"]["violations"] == 2
    listed, fetched = value["operations"]
    assert (listed["operation"], listed["checked"], fetched["findings"]) == ("list", 2, [])
    assert listed["findings"][0]["violations"][0] == {
        "provider": "shop", "operation": "list", "where": "query", "pointer": "/page",
        "value": "x" * 200, "expected": "an integer", "source": "shop.yaml:7",
    }  # fmt: skip
    assert value["skipped"][0]["count"] == 5
    assert "s3cret" not in text


def test_report__is_empty_without_traffic() -> None:
    """Nothing checked is said as such."""
    assert text_form.render(Report()).startswith("0 exchanges checked")
    assert json.loads(json_form.render(Report()))["operations"] == []


def test_junit__is_a_suite_for_each_contract() -> None:
    """Operations are cases; the one that is off fails with all its violations."""
    root = fromstring(render(_report(), "junit").encode())
    shop, skipped = root.findall("testsuite")
    assert (shop.get("name"), shop.get("tests"), shop.get("failures")) == ("shop/v1", "2", "1")
    [failure] = shop.iter("failure")
    assert "shop.yaml:7" in str(failure.text) and failure.get("message", "").startswith("2 viol")
    assert skipped.get("skipped") == "1"


def test_junit__holds_what_xml_cannot() -> None:
    """A control character in a value does not break the file."""
    report = Report()
    odd = Violation("shop", "list", "query", "/q", "\x00\ud800<", "\x01", "shop.yaml:7")
    report.add("shop/v1", "list", "GET /", "a.har entry 1", "GET /", 200, [odd])
    assert len(list(fromstring(render(report, "junit").encode()).iter("failure"))) == 1


def test_sarif__points_at_the_line_of_the_spec() -> None:
    """A result for each violation: the spec's line first, the recording as related."""
    [run] = json.loads(render(_report(), "sarif"))["runs"]
    first = run["results"][0]
    [at] = first["locations"]
    assert at["physicalLocation"] == {
        "artifactLocation": {"uri": "shop.yaml"},
        "region": {"startLine": 7},
    }
    [recorded] = first["relatedLocations"]
    assert recorded["physicalLocation"]["artifactLocation"]["uri"] == "a.har"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["query", "no deadline"]


def test_github__is_an_annotation_for_each_violation() -> None:
    """One workflow command a line, with nothing in it that would end it early."""
    *errors, _, notice = render(_report(), "github").splitlines()
    assert len(errors) == 2
    assert errors[0].startswith("::error file=shop.yaml,line=7,title=list%3A query /page::")
    assert (
        notice
        == "::notice title=understudy check::3 checked, 1 off contract, 2 violations, 5 skipped"
    )


@pytest.mark.parametrize("form", FORMATS)
def test_no_format__leaks_a_credential(form: str) -> None:
    """Whatever the format, a key in a URL or a value is not in it."""
    assert "s3cret" not in render(_report(), form)


def test_format__unknown() -> None:
    """The message lists those there are."""
    with pytest.raises(ValueError, match="'xml' is unknown; there are text, json, junit"):
        render(_report(), "xml")


def test_warnings__stand_in_every_form_but_junit() -> None:
    """A habit is told with its place; it is never a failure."""
    assert "Warning (shop): no deadline, 1 time\n  a.har entry 9  get: give up" in (
        render(_report(), "text")
    )
    assert "Used at shop: 3 requests" in render(_report(), "text")
    value = json.loads(render(_report(), "json"))
    assert value["warnings"][0]["kind"] == "no deadline" and value["usage"]["shop"]
    assert "::warning title=no deadline::a.har entry 9: get: give up" in render(_report(), "github")
    [run] = json.loads(render(_report(), "sarif"))["runs"]
    assert run["results"][-1]["level"] == "warning"


def test_sarif__names_files_by_uri() -> None:
    """A blank in a name is escaped, an absolute path is a file URI."""
    report = Report()
    for file in ("my files/a.har", "/tmp/a.har"):
        warned = Warned("no deadline", f"{file} entry 1", "get", "give up at a deadline")
        report.warn("shop", warned)
    results = json.loads(render(report, "sarif"))["runs"][0]["results"]
    assert [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results
    ] == ["my%20files/a.har", "file:///tmp/a.har"]


def test_report__hides_a_key_that_is_said_again() -> None:
    """In no format, neither in the value nor in the address."""
    report, known = Report(), ("tlk_s3cret",)
    wrong = Violation("shop", "list", "response body", "", "no tlk_s3cret here", "x", "s.yaml:1")
    call = "GET //shop.example.com/of/tlk_s3cret"
    report.add("shop/v1", "list", "GET /of/{x}", "a.har entry 1", call, 200, [wrong], known=known)
    for form in FORMATS:
        assert "s3cret" not in render(report, form)
