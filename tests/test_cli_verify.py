"""`understudy verify`: exit codes, formats, and a key that comes from the environment alone."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from understudy.cli import cli
from understudy.mocks import Fake

KEY = "tlk-very-secret"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A fake of every provider on a loopback port."""
    fake = Fake()
    yield fake.serve()
    fake.close()


def _run(*arguments: object, **environ: str) -> Result:
    words = ["verify", *(str(argument) for argument in arguments)]
    return CliRunner().invoke(cli, words, env={"TWELVE_LABS_API_KEY": KEY, **environ})


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "github"])
def test_verify__a_good_service_is_fine(url: str, form: str) -> None:
    """0 in every format, with operation and provenance, and without the key."""
    result = _run(f"{url}/twelvelabs/v1.3", "--provider", "twelvelabs", "--format", form)
    assert result.exit_code == 0, result.output
    assert "list-indexes" in result.output or form in ("sarif", "github")
    assert KEY not in result.output
    if form == "text":
        assert "retrieve-index (GET /indexes/{index-id}) [documented]: " in result.output
        assert "it writes; --write calls it where a link leads to it" in result.output


def test_verify__writes_where_it_is_told_to(url: str) -> None:
    """The creation is among what was called, and its task was followed; nobody waited long."""
    arguments = (f"{url}/twelvelabs/v1.3", "--provider", "twelvelabs", "--write", "--interval", 0)
    result = _run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    content = json.loads(result.output)
    called = {each["operation"]: each for each in content["operations"]}
    assert called["create-index"]["provenance"] == "documented"
    assert {"delete-index", "retrieve-video-information"} <= set(called)
    assert content["warnings"] == []


def test_verify__the_version_follows_the_url(url: str) -> None:
    """Of two documents of a provider the one at that base path counts."""
    result = _run(f"{url}/twelvelabs/v1.2", "--provider", "twelvelabs")
    assert (result.exit_code, "twelvelabs/v1.2 list-engines" in result.output) == (0, True)


def test_verify__another_document(url: str, tmp_path: Path) -> None:
    """--spec: the service is held against it, and what it does not keep is a violation."""
    text = (files("understudy.specs") / "twelvelabs" / "v1.3-2025.yaml").read_text("utf-8")
    root = yaml.safe_load(text)
    [reply] = root["paths"]["/indexes"]["get"]["responses"]["200"]["content"].values()
    reply["schema"] = {"type": "object", "required": ["cursor"]}
    reply.pop("examples", None)
    reply["example"] = {"cursor": "c1"}
    spec = tmp_path / "other.yaml"
    spec.write_text(yaml.safe_dump(root, sort_keys=False), "utf-8")
    result = _run(f"{url}/twelvelabs/v1.3", "--spec", spec, "--key-env", "TWELVE_LABS_API_KEY")
    assert result.exit_code == 1, result.output
    assert "cursor" in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("http://127.0.0.1:9/v1.3", "--provider", "twelvelabs"), "ConnectError"),
        (("127.0.0.1:9", "--provider", "twelvelabs"), "is no base URL"),
        (("http://127.0.0.1:9",), "give --provider or --spec"),
        (("http://127.0.0.1:9", "--provider", "nobody"), "no provider 'nobody'"),
        (("http://127.0.0.1:9", "--provider", "mixpeek"), "MIXPEEK_API_KEY"),
        (("http://127.0.0.1:9", "--provider", "mixpeek", "--key-env", "MINE"), "variable MINE"),
    ],
)
def test_verify__what_cannot_be_asked(arguments: tuple[str, ...], told: str) -> None:
    """2, with a sentence."""
    environ = {"NOBODY_API_KEY": "k"}
    result = _run(*arguments, **environ)
    assert (result.exit_code, told in result.output) == (2, True), result.output
