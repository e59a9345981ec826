"""Installing only the client brings only what it needs."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import understudy.client

ROOT = Path(__file__).resolve().parent.parent.parent
WHOLE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ALONE = tomllib.loads((ROOT / "packaging" / "client" / "pyproject.toml").read_text("utf-8"))
FOREIGN = [
    "click", "httptools", "httpx", "jsonschema_rs", "openapi_core", "orjson", "python_multipart",
    "sortedcontainers", "starlette", "tinytag", "uvicorn", "yaml",
    "understudy.contracts", "understudy.mocks", "understudy.specs",
]  # fmt: skip


def loaded(code: str) -> set[str]:
    """The modules that are there after running `code` in a fresh interpreter."""
    code += "\nimport sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_import__loads_nothing_foreign() -> None:
    """Neither the fake nor what it stands on comes along with a client."""
    modules = loaded("from understudy.client import AsyncTwelveLabs, TwelveLabs")
    assert modules.isdisjoint(FOREIGN)
    assert "httpx2" in modules


def test_import__of_the_package_is_cheap() -> None:
    """Errors and options can be had without httpx2."""
    modules = loaded("from understudy.client import ApiError, Options, Patience, Retry")
    assert "httpx2" not in modules and "asyncio" not in modules


def test_exports__are_those_promised() -> None:
    """Every name of __all__ is there, sorted, and an unknown one is an AttributeError."""
    names = understudy.client.__all__
    assert names == sorted(names)
    assert all(getattr(understudy.client, name) is not None for name in names)
    with pytest.raises(AttributeError, match="Nothing"):
        _ = understudy.client.Nothing  # type: ignore[attr-defined]


def test_distribution__is_the_client_and_httpx2() -> None:
    """The smaller distribution has the same version, the client's packages and one dependency."""
    project, whole = ALONE["project"], WHOLE["project"]
    assert project["name"] == "understudy-client"
    for same in ("version", "requires-python", "license"):
        assert project[same] == whole[same]
    [dependency] = project["dependencies"]
    assert dependency in whole["dependencies"] and dependency.startswith("httpx2")
    packages = {
        name: place
        for name, place in WHOLE["tool"]["setuptools"]["package-dir"].items()
        if name == "understudy.client" or name.startswith("understudy.client.")
    }
    packages["understudy"] = "src/understudy"
    shipped = ALONE["tool"]["setuptools"]
    assert shipped["package-dir"] == {name: f"../../{place}" for name, place in packages.items()}
    assert sorted(shipped["packages"]) == sorted(packages)


def test_imports__need_only_httpx2() -> None:
    """Every import of the client is the standard library's, its own, or httpx2."""
    for place in (ROOT / "client").rglob("*.py"):
        for node in ast.walk(ast.parse(place.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                own = re.fullmatch(r"understudy(\.client\..*|\.errors)?", name)
                head = name.partition(".")[0]
                assert own or head == "httpx2" or head in sys.stdlib_module_names, (
                    f"{place}: {name}"
                )
