"""`understudy check` finds the contract, judges the traffic and answers by exit code."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from understudy.cli import cli
from understudy.cli_check import check

VENDOR = "https://api.twelvelabs.io/v1.3"
KEY = {"x-api-key": "tlk_s3cret", "content-type": "application/json"}
MISSING = {"code": "resource_not_exists", "message": "No such index."}


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(check, [str(argument) for argument in arguments])


def _traffic(tmp_path: Path, *calls: tuple[str, str, int, Any], name: str = "a.jsonl") -> Path:
    lines = [
        {
            "request": {"method": method, "url": url, "headers": KEY},
            "response": {"status": status, "body": body},
        }
        for method, url, status, body in calls
    ]
    file = tmp_path / name
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def _missing(url: str) -> tuple[str, str, int, Any]:
    return "GET", f"{url}/indexes/68652c10f1b5a3d2c4e6f701", 404, MISSING


@pytest.mark.parametrize(
    "url", [VENDOR, "http://127.0.0.1:8642/twelvelabs/v1.3"], ids=["host", "mount"]
)
def test_check__finds_the_provider(tmp_path: Path, url: str) -> None:
    """By the vendor's host, or by the mount of a fake; all well is 0."""
    result = _run(_traffic(tmp_path, _missing(url)))
    assert result.exit_code == 0, result.output
    assert "GET /indexes/{index-id}" in result.output
    assert "1 exchange checked, 0 off contract" in result.output


def test_check__tells_violations_with_their_line(tmp_path: Path) -> None:
    """Off contract is 1; the text names the place, the value and the line, and no key."""
    url = f"{VENDOR}/indexes?page_limit=many&api_key=s3cret"
    result = _run(_traffic(tmp_path, ("GET", url, 404, MISSING)))
    assert result.exit_code == 1, result.output
    assert "query /page_limit: 'many', expected" in result.output
    assert "specs/twelvelabs/v1.3.yaml:" in result.output
    assert "s3cret" not in result.output


@pytest.mark.parametrize("engine", ["compiled", "openapi-core"])
def test_check__writes_json_under_both_engines(tmp_path: Path, engine: str) -> None:
    """The JSON form is for programs; the engines agree."""
    bad = ("GET", f"{VENDOR}/indexes?page_limit=many", 404, MISSING)
    file = _traffic(tmp_path, bad, _missing(VENDOR))
    result = _run(file, "--format", "json", "--engine", engine)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["totals"]["off_contract"] == 1


def test_check__knows_recorders_that_leave_credentials_out(tmp_path: Path) -> None:
    """A success without a key is told of with the option that leaves keys alone; a refusal not."""
    page = {"data": [], "page_info": {"page": 1, "limit_per_page": 10, "total_page": 1,
                                      "total_results": 0}}  # fmt: skip
    file = _traffic(tmp_path, ("GET", f"{VENDOR}/indexes", 200, page))
    file.write_text(file.read_text().replace("x-api-key", "x-other"))
    result = _run(file)
    assert (result.exit_code, "say --without-credentials" in result.stderr) == (1, True)
    result = _run(file, "--without-credentials")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    file = _traffic(tmp_path, ("GET", f"{VENDOR}/indexes", 401, MISSING))
    file.write_text(file.read_text().replace("x-api-key", "x-other"))
    result = _run(file)
    assert (result.exit_code, result.stderr) == (1, "")


def test_check__says_what_it_skipped_and_why(tmp_path: Path) -> None:
    """Traffic of others is counted and explained, not judged."""
    others = [
        ("GET", "https://cdn.example.com/a.js", 200, ""),
        ("GET", "https://api.twelvelabs.io/v9/x", 200, ""),
    ]
    result = _run(_traffic(tmp_path, _missing(VENDOR), *others))
    assert result.exit_code == 0
    assert "no provider is known at cdn.example.com" in result.output
    assert "theirs begin" in result.output
    assert "2 skipped" in result.output


def test_check__counts_unknown_paths_as_violations(tmp_path: Path) -> None:
    """A call that the provider does not have is off contract."""
    result = _run(_traffic(tmp_path, ("GET", f"{VENDOR}/no/such/path", 200, {})))
    assert result.exit_code == 1
    assert "(no operation)" in result.output


def test_check__takes_a_named_provider_or_document(tmp_path: Path) -> None:
    """With --provider or --spec the host does not matter."""
    file = _traffic(tmp_path, _missing("http://localhost:9"))
    assert _run(file, "--provider", "twelvelabs").exit_code == 0
    spec = tmp_path / "shop.yaml"
    spec.write_text(
        "openapi: 3.1.0\ninfo: {title: shop, version: '1'}\n"
        "paths:\n  /things:\n    get:\n      responses:\n        '200': {description: Things.}\n"
    )
    file = _traffic(tmp_path, ("GET", "http://localhost/things", 500, ""))
    result = _run(file, "--spec", spec)
    assert result.exit_code == 1
    assert "shop.yaml:" in result.output


def test_check__tells_what_of_a_document_has_no_effect(tmp_path: Path) -> None:
    """The notes of a document that somebody brings are told, beside the report."""
    spec = tmp_path / "shop.yaml"
    spec.write_text(
        "openapi: 3.1.0\ninfo: {title: shop, version: '1'}\n"
        "components: {schemas: {A: {minLenght: 3}}}\n"
        "paths:\n  /things:\n    get:\n      responses:\n        '200': {description: Things.}\n"
    )
    file = _traffic(tmp_path, ("GET", "http://localhost/things", 200, ""))
    result = _run(file, "--spec", spec, "--format", "json")
    assert "note: 'minLenght' is no keyword, it has no effect (at /comp" in result.stderr
    assert json.loads(result.stdout)["totals"]["checked"] == 1


def test_check__a_fakes_own_calls_are_nobodys(tmp_path: Path) -> None:
    """A recording made at a fake holds calls to its control API; a named contract leaves them."""
    health = ("GET", "http://127.0.0.1:8642/_understudy/health", 200, "{}")
    file = _traffic(tmp_path, health, _missing(VENDOR))
    result = _run(file, "--provider", "twelvelabs/v1.3-2025")
    assert result.exit_code == 0, result.output
    assert "a call to a fake's own control API" in result.output
    assert "1 skipped" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--provider", "nobody"], "no provider 'nobody'"),
        (["--provider", "twelvelabs", "--spec", "x.yaml"], "not both"),
        (["--spec", "none.yaml"], "none.yaml"),
        (["--format", "xml"], "xml"),
    ],
)
def test_check__refuses_bad_usage(tmp_path: Path, arguments: list[str], message: str) -> None:
    """Usage errors are 2, and say what was wrong."""
    result = _run(_traffic(tmp_path, _missing(VENDOR)), *arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_check__refuses_unreadable_and_unmatched_input(tmp_path: Path) -> None:
    """A broken recording, or one in which nothing could be checked, is 2 and never a pass."""
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{\n")
    result = _run(broken)
    assert (result.exit_code, "broken.jsonl:1: is not JSON" in result.output) == (2, True)
    foreign = _traffic(tmp_path, ("GET", "https://example.com/", 200, ""))
    result = _run(foreign)
    assert (result.exit_code, "no exchange could be checked" in result.output) == (2, True)
    assert _run().exit_code == 2


def test_check__reads_standard_input(tmp_path: Path) -> None:
    """A recorder's output can be piped; an empty one, and one without exchanges, is 2."""
    traffic = _traffic(tmp_path, _missing(VENDOR)).read_bytes()
    result = CliRunner().invoke(check, ["-"], input=traffic)
    assert (result.exit_code, "1 exchange checked" in result.output) == (0, True), result.output
    for content, told in ((b"", "is empty"), (b'{"log": {"entries": []}}', "hold no exchange")):
        result = CliRunner().invoke(check, ["-"], input=content)
        assert (result.exit_code, told in result.output) == (2, True), result.output


def test_check__follows_tasks_through_the_recording(tmp_path: Path) -> None:
    """A move that the lifecycle forbids is off contract, with the line of the lifecycle."""
    task = {
        "_id": "68652c10f1b5a3d2c4e6f701",
        "index_id": "68652c10f1b5a3d2c4e6f702",
        "created_at": "2025-07-01T00:00:00Z",
        "updated_at": "2025-07-01T00:00:00Z",
    }
    url = f"{VENDOR}/tasks/{task['_id']}"
    looks = [("GET", url, 200, {**task, "status": status}) for status in ("ready", "indexing")]
    result = _run(_traffic(tmp_path, *looks))
    assert result.exit_code == 1, result.output
    assert "lifecycle /status: 'indexing', expected 'ready', which is an end, to stay" in (
        result.output
    )
    assert "specs/twelvelabs/lifecycles.yaml:" in result.output


def test_check__writes_coverage_and_gates_on_it(tmp_path: Path) -> None:
    """A table, a page or a file to merge; below the wanted percentage the exit code is 1."""
    file = _traffic(tmp_path, _missing(VENDOR))
    kept = tmp_path / "one.json"
    assert _run(file, "--coverage", kept).exit_code == 0
    gated = _run(file, "--fail-under", 50)
    assert gated.exit_code == 1 and "below 50 %" in gated.output
    page = tmp_path / "page.html"
    _run(file, "--coverage", page)
    assert "<h1>Contract coverage" in page.read_text()
    lists = _traffic(tmp_path, ("GET", f"{VENDOR}/indexes", 401, MISSING), name="b.jsonl")
    other = tmp_path / "two.json"
    _run(lists, "--coverage", other)
    merged = CliRunner().invoke(cli, ["coverage", str(kept), str(other)])
    assert merged.exit_code == 0 and re.search(r"operations +2 of \d+", merged.output)
    broken = CliRunner().invoke(cli, ["coverage", str(file)])
    assert broken.exit_code == 2 and "a.jsonl" in broken.output
