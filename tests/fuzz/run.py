"""Let Schemathesis look for replies off contract, in all its phases and with a fixed seed.

`make fuzz` takes every row of the table, which is made of the `ROWS` of the modules in `stock/`;
`make fuzz ARGS=twelvelabs/v1.3-2025` takes one. Further arguments go to `st run`.

A server runs with one API key, so that wrong keys are refused and the checks on authentication
mean something. It is stocked first, and the document's examples name what is there (except where
they would delete it), so that what comes after the 404s is tried as well.
"""

import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
import tests.fuzz.stock
import yaml
from tests.fuzz.row import KEY, Row
from tests.live import live_server

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def table() -> dict[str, Row]:
    """Every row, by the name of its spec."""
    found = (module.name for module in pkgutil.iter_modules(tests.fuzz.stock.__path__))
    modules = (import_module(f"tests.fuzz.stock.{name}") for name in sorted(found))
    return {row.spec: row for module in modules for row in module.ROWS}


def main(arguments: list[str]) -> int:
    """0 when nothing was found in any of the rows."""
    rows = table()
    chosen = [rows[name] for name in arguments if name in rows] or list(rows.values())
    further = [each for each in arguments if each not in rows]
    if further and not further[0].startswith("-"):
        print(f"{further[0]!r} is no row; rows are {', '.join(rows)}", file=sys.stderr)
        return 2
    failed = [row.spec for row in chosen if not clean(row, further)]
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed {' '.join(failed)}")
    return 1 if failed else 0


def clean(row: Row, further: list[str]) -> bool:
    """Whether Schemathesis found nothing, and the server nothing of its own off contract."""
    began = time.perf_counter()
    # The document alone: another version at its place may take what this one refuses.
    with (
        live_server(row.spec, "--time", "auto", "--api-key", KEY) as server,
        tempfile.TemporaryDirectory(prefix="understudy-") as folder,
    ):
        name, value = row.key
        base = f"{server.url}{row.mount}"
        with httpx2.Client(base_url=f"{base}/", headers={name: value}) as api:
            ids = row.stock(api, server.url)
        document = Path(folder) / "document.json"
        document.write_text(json.dumps(aimed(row, ids)), encoding="utf-8")
        st = [sys.executable, "-m", "schemathesis.cli"]
        command = [*st, "--config-file", str(row.config), "run", str(document)]
        command += ["--url", base, "--header", f"{name}:{value}", *further]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, env=environment)
        off = [
            line
            for line in server.said().splitlines()
            if "off contract" in line or "a fault of ours" in line
        ]
    for line in off[:20]:
        print(line, file=sys.stderr)
    print(f"{row.spec}: {time.perf_counter() - began:.0f} s", flush=True)
    return not (ran.returncode or off)


def aimed(row: Row, ids: Mapping[str, str]) -> object:
    """The document with those ids in its examples; what is destroyed is what nobody made."""
    text = row.document.read_text(encoding="utf-8")
    for shown, real in ids.items():
        text = text.replace(shown, real)
    document = yaml.safe_load(text)
    for item in document["paths"].values():
        for method in METHODS:
            operation = item.get(method)
            if operation is None:
                continue
            spare = row.nobody if method == "delete" else None
            spare = row.spare.get(operation["operationId"], spare)
            if spare is not None:
                shared = [*item.get("parameters", ()), *operation.get("parameters", ())]
                operation["parameters"] = _spared(document, shared, spare)
    return document


def _spared(
    document: Mapping[str, Any], parameters: list[Mapping[str, Any]], nobody: object
) -> list[dict[str, Any]]:
    """The parameters, the last of those in the path with that value as its example."""
    spared = [dict(_resolved(document, each)) for each in parameters]
    in_path = [each for each in spared if each["in"] == "path"]
    if in_path:
        in_path[-1]["example"] = nobody
    return spared


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = node
    for name in str(node["$ref"])[2:].split("/") if "$ref" in node else ():
        found = (document if found is node else found)[name]
    assert isinstance(found, Mapping)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
