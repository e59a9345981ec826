"""The command line: what it prints, and how it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result

from understudy import __version__
from understudy.cli import cli, main

PETS = """
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list-pets
      responses: {'200': {description: All., content: {application/json: {schema: {type: array}}}}}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A server in a process of its own, and what it printed until it was ready."""
    command = [sys.executable, "-m", "understudy", "serve", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        try:
            printed: list[str] = []
            assert process.stdout is not None
            for line in process.stdout:
                printed.append(line.rstrip())
                if line.startswith("Ctrl+C"):
                    break
            yield process, printed
        finally:
            process.kill()


def test_cli__help_names_every_command() -> None:
    """The commands that are imported late are listed too."""
    shown = run("--help")
    assert shown.exit_code == 0
    for name in ("serve", "check", "coverage", "diff", "providers", "verify"):
        [line] = re.findall(rf"^  {name} .*", shown.output, re.MULTILINE)
        assert line.endswith(".")
        assert not line.endswith("...")
    assert run("--version").output.strip().endswith(__version__)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("serve", "twelvelab"), "did you mean 'twelvelabs'?"),
        (("serve", "zzz"), "there are: twelvelabs"),
        (("servee",), "did you mean 'serve'?"),
        (("serve", "--port", "70000"), "0<=x<=65535"),
        (("serve", "--time", "lunar"), "'real', 'manual', 'auto'"),
        (("serve", "--speed", "0"), "x>0"),
        (("serve", "--allow-host", "http://app/"), "'http://app/' is no host name"),
        (("serve", "--cors-origin", "app.test"), "'app.test' is no web origin"),
        (("serve", "--cors-origin", "http://app.test/page"), "or * for any"),
        (("serve", "--api-key", ""), "the key is empty"),
        (("serve", "--webhook-url", "http://app.test/"), "is no PROVIDER=URL"),
        (("serve", "--webhook-url", "twelvelabs=app.test"), "is no PROVIDER=URL"),
        (("serve", "--webhook-url", "twelvelab=http://a.test/"), "did you mean 'twelvelabs'?"),
    ],
)
def test_cli__usage_errors_say_what_would_have_worked(
    arguments: tuple[str, ...], told: str
) -> None:
    """Exit code 2 and the nearest names."""
    shown = run(*arguments)
    assert shown.exit_code == 2
    assert told in shown.output


def test_cli__taken_port_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback, but a sentence with a way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(["serve", "twelvelabs", "--port", str(port)])
    assert ended.value.code == 2
    assert f"The port {port} on 127.0.0.1 is taken" in capsys.readouterr().err


def test_cli__broken_document_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unreadable document is named with its place."""
    file = tmp_path / "broken.yaml"
    file.write_text("openapi: 3.1.0\ninfo: {title: x\n")
    with pytest.raises(SystemExit) as ended:
        main(["serve", str(file)])
    assert ended.value.code == 2
    assert "broken.yaml" in capsys.readouterr().err


def test_serve__prints_urls_and_the_next_step_and_ends_cleanly() -> None:
    """The printed curl is right, health answers once ready, and SIGTERM ends with code 0."""
    with serving("twelvelabs", "--api-key", "orchard", "--time", "manual") as (process, printed):
        text = "\n".join(printed)
        found = re.search(r"curl -H 'x-api-key: orchard' '(http://127\.0\.0\.1:\d+/[^']+)'", text)
        assert found, text
        with urlopen(Request(found[1], headers={"x-api-key": "orchard"})) as reply:
            assert json.load(reply)["data"] == []
        root = found[1].split("/twelvelabs")[0]
        assert f"{root}/_understudy" in text
        with urlopen(f"{root}/_understudy/clock") as reply:
            assert json.load(reply)["mode"] == "manual"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) == 0


def test_serve__next_step_shows_the_key_as_the_document_wants_it() -> None:
    """Another provider's curl is right too: a key in another header, nothing else needed."""
    with serving("mixpeek", "--api-key", "orchard", "--time", "manual") as (_, printed):
        told = r"curl -H 'Authorization: Bearer orchard' '(http://127\.0\.0\.1:\d+/mixpeek/[^']+)'"
        found = re.search(told, "\n".join(printed))
        assert found, printed
        with urlopen(Request(found[1], headers={"Authorization": "Bearer orchard"})) as reply:
            assert reply.status == 200


def test_serve__unknown_document_becomes_a_provider(tmp_path: Path) -> None:
    """A document is served at its file's stem."""
    file = tmp_path / "pets.yaml"
    file.write_text(PETS)
    with serving(str(file)) as (process, printed):
        url = next(line.split()[-1] for line in printed if line.startswith("  pets"))
        assert url.endswith("/pets")
        with urlopen(f"{url}/pets") as reply:
            assert isinstance(json.load(reply), list)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=120) == 0


def test_serve__beyond_loopback_warns_and_asks_for_its_token() -> None:
    """Another host prints a warning and a token, without which control is shut."""
    with serving("twelvelabs", "--host", "0.0.0.0") as (_, printed):
        text = "\n".join(printed)
        assert "Warning: 0.0.0.0 can be reached from other machines" in text
        found = re.search(r"X-Understudy-Token: (\S+)", text)
        url = re.search(r"http://127\.0\.0\.1:\d+/_understudy", text)
        assert found
        assert url
        with pytest.raises(OSError, match="401") as refused:
            urlopen(f"{url[0]}/clock")
        refused.value.close()  # type: ignore[attr-defined]  # HTTPError is a response too
        given = Request(f"{url[0]}/clock", headers={"X-Understudy-Token": found[1]})
        with urlopen(given) as reply:
            assert reply.status == 200


def test_providers__says_what_and_how_we_know() -> None:
    """Documents and mounts; with -v operations and lifecycles with provenance."""
    short = run("providers")
    assert short.exit_code == 0
    assert re.search(r"twelvelabs/v1\.3: \d+ operations at /twelvelabs/v1\.3", short.output)
    long = run("providers", "-v").output
    assert "lifecycle indexing-task: " in long
    assert "documented" in long
    assert re.search(r"GET +/indexes +documented", long)
    for provider in ("Twelve Labs v1.2", "Mixpeek", "Imentiv AI", "Memories.ai"):
        assert re.search(rf"notable behaviours of {re.escape(provider)}.*:\n    .+\[.+\]\n", long)


def test_cli__importing_it_is_light() -> None:
    """`--help` needs none of the libraries that serving needs."""
    heavy = ("uvicorn", "httpx2", "jsonschema_rs", "yaml", "openapi_core", "starlette")
    code = f"import sys, understudy.cli; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
