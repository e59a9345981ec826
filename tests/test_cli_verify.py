"""`understudy verify`: exit codes, formats, and a key that comes from the environment alone."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import httpx2
import pytest
import yaml
from click.testing import CliRunner, Result
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from understudy.cli import cli
from understudy.contracts import Contract
from understudy.mocks import Fake
from understudy.mocks.verify.caller import Unreachable
from understudy.mocks.verify.suite import Rules
from understudy.mocks.verify.verification import Verification

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


@pytest.mark.parametrize(
    "mount", ["twelvelabs/v1.3", "twelvelabs/v1.2", "mixpeek", "imentiv", "memories"]
)
def test_verify__a_key_that_is_refused(url: str, mount: str) -> None:
    """Nothing is learnt from the same refusal again and again: that is 2, and no good report."""
    name = mount.partition("/")[0]
    result = _run(f"{url}/{mount}", "--provider", name, "--key-env", "MINE", MINE="invalid-key")
    assert (result.exit_code, "is it a key of this service?" in result.output) == (2, True), (
        result.output
    )


def test_verify__a_service_that_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was seen is told, and 2 says that it is not all."""
    calls = iter(range(99))
    fake = Fake("twelvelabs")

    class Silent(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            if next(calls) > 4:
                raise httpx2.ReadTimeout("read timed out", request=request)
            return inner.handle_request(request)

    inner = fake.transport()
    client = httpx2.Client
    monkeypatch.setattr(
        "understudy.cli_verify.httpx2.Client",
        lambda **more: client(**{**more, "transport": Silent()}),
    )
    monkeypatch.setattr(Verification, "_compare", lambda *_: None)
    result = _run("https://api.twelvelabs.io/v1.3", "--provider", "twelvelabs")
    assert (result.exit_code, "exchanges checked" in result.stdout) == (2, True), result.output
    assert "not finished: GET https://api.twelvelabs.io/v1.3/" in result.stderr
    assert "(ReadTimeout: read timed out)" in result.stderr


def test_verify__a_service_that_leads_elsewhere() -> None:
    """A redirect of everything, as from http to https, names where it leads, without its key."""

    async def leads(request: Request) -> Response:
        return RedirectResponse(f"https://me:s3cret@other.example{request.url.path}")

    app = Starlette(routes=[Route("/{rest:path}", leads)])
    with TestClient(app, base_url="http://test/v1.3", follow_redirects=False) as client:
        contract = Contract.load("twelvelabs")
        verification = Verification(contract, "twelvelabs", Rules())
        with pytest.raises(
            Unreachable, match=r"leads to https://\[redacted\]@other\.example/v1\.3"
        ):
            verification.run(client, KEY, now=lambda: 0.0, sleep=lambda _: None)


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
        (("http://127.0.0.1:port", "--provider", "twelvelabs"), "is no base URL"),
        (("http://127.0.0.1:99999", "--provider", "twelvelabs"), "is no base URL"),
        (("http://127.0.0.1:9/?key=a", "--provider", "twelvelabs"), "is no base URL"),
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
