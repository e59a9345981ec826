"""House rules that no single file shows: who may import whom, and what stays pure."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("specs", "contracts", "mocks", "client")

# Each room with the rooms that it may import. The root package (CLI, plugin) may import all.
ALLOWED = {
    "specs": {"specs"},
    "contracts": {"specs", "contracts"},
    "mocks": {"specs", "contracts", "mocks"},
    "client": {"client"},
}
# What every room may take from the root package: the error tree and the version, no behaviour.
COMMON = {"errors", "__version__"}

# Sources of time and chance. The engine gets them as arguments, so that it can be replayed.
IMPURE = {
    "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.sleep",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
    "datetime.date.today", "uuid.uuid1", "uuid.uuid4", "os.urandom", "os.getrandom",
    "random.random", "random.randint", "random.randrange", "random.choice", "random.choices",
    "random.shuffle", "random.sample", "random.uniform", "random.gauss", "random.getrandbits",
    "random.seed", "random.SystemRandom",
    "secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes", "secrets.choice",
}  # fmt: skip
# The adapters that connect the engine to a real process: they may name the wall clock in order
# to pass it in, but not read it.
EDGES = {"mocks/serve.py", "mocks/fake.py", "mocks/transport.py", "mocks/asgi.py"}

# Slow to import, and useless to somebody who only checks or fakes: never loaded at import.
HEAVY = {"openapi_core", "openapi_spec_validator", "jsonschema", "pydantic", "requests",
         "httpx", "httpx2", "pytest", "hypothesis", "schemathesis", "rich"}  # fmt: skip
# Modules whose very purpose is one of them.
HEAVY_HOMES = {
    "contracts/reference": {"openapi_core", "jsonschema"},
    "contracts/strategies/": {"hypothesis"},
    "contracts/machine/": {"hypothesis", "httpx2"},
    "client/": {"httpx2"},
}

MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
PROGRAM = [*MODULES, *sorted((ROOT / "src" / "understudy").glob("*.py"))]
CONTAINERS = {"dict", "list", "set", "defaultdict", "OrderedDict", "deque", "Counter"}
MUTATORS = {"append", "add", "update", "setdefault", "pop", "clear", "extend", "insert", "remove"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every dotted name that `tree` imports, with its line; relative imports begin with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def loaded_on_import(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The imports that run when the module does: not those in functions or for type checkers."""
    pending: list[ast.stmt] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            pending.extend(node.orelse)
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imports(node)
        pending.extend(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def aliases(tree: ast.AST) -> dict[str, str]:
    """What each imported local name stands for: `from time import time as t` gives t: time.time."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                head = alias.name.partition(".")[0]
                known[alias.asname or head] = alias.name if alias.asname else head
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return known


def impure_names(tree: ast.AST) -> Iterator[tuple[str, int, bool]]:
    """Each source of time or chance that is named: its name, the line, and whether it is called."""
    known = aliases(tree)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            head, dot, rest = dotted(node).partition(".")
            full = known.get(head, head) + dot + rest
            if full in IMPURE:
                yield full, node.lineno, id(node) in called


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports__run_one_way(path: Path) -> None:
    """specs <- contracts <- mocks <- the root package; client stands alone."""
    room = name_of(path).partition("/")[0]
    for name, line in imports(tree_of(path)):
        assert not name.startswith("."), f"{name_of(path)}:{line}: relative import of {name}"
        head, _, rest = name.partition(".")
        assert head not in ROOMS, f"{name_of(path)}:{line}: {name} exists only in the checkout"
        if head == "understudy":
            target = rest.partition(".")[0]
            assert target in ALLOWED[room] | COMMON, (
                f"{name_of(path)}:{line}: {room} must not import understudy.{target}"
            )


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports__heavy_libraries_wait_until_needed(path: Path) -> None:
    """No module of contracts or mocks loads a slow library by being imported."""
    name = name_of(path)
    welcome = {lib for home, libs in HEAVY_HOMES.items() if name.startswith(home) for lib in libs}
    for imported, line in loaded_on_import(tree_of(path)):
        head = imported.partition(".")[0]
        assert head not in HEAVY - welcome, f"{name}:{line}: import {head} where it is used"


def test_imports__a_fake_loads_nothing_heavy() -> None:
    """Importing the contract and the fake leaves the reference engine and HTTP clients out."""
    code = (
        "import sys, understudy.contracts, understudy.mocks;"
        f"print(*sorted({HEAVY!r} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


@pytest.mark.parametrize(
    "path", [path for path in MODULES if name_of(path).startswith("mocks/")], ids=name_of
)
def test_mocks__take_time_and_chance_as_arguments(path: Path) -> None:
    """Nothing in mocks reads a clock, sleeps, or draws a random number by itself."""
    for name, line, called in impure_names(tree_of(path)):
        if called or name_of(path) not in EDGES:
            pytest.fail(f"{name_of(path)}:{line}: {name} must be passed in")


def module_names(tree: ast.Module) -> Iterator[tuple[str, ast.expr, int]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value, node.lineno
        elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            yield node.target.id, node.value, node.lineno


def is_mutable(value: ast.expr) -> bool:
    literal = ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp
    if isinstance(value, ast.Call):
        return dotted(value.func).rpartition(".")[2] in CONTAINERS
    return isinstance(value, literal)


def is_change(node: ast.AST) -> TypeGuard[ast.Subscript | ast.Attribute]:
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Store | ast.Del)
    return isinstance(node, ast.Attribute) and node.attr in MUTATORS


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_modules__hold_no_state(path: Path) -> None:
    """A module's containers are constants: named as such, and changed by no code of the module."""
    tree = tree_of(path)
    shared = {name: line for name, value, line in module_names(tree) if is_mutable(value)}
    for name, line in shared.items():
        constant = name.lstrip("_").isupper() or name == "__all__"
        assert constant, f"{name_of(path)}:{line}: {name} is mutable state of a module"
    for node in ast.walk(tree):
        assert not isinstance(node, ast.Global), f"{name_of(path)}:{node.lineno}: global"
        if is_change(node) and isinstance(node.value, ast.Name) and node.value.id in shared:
            pytest.fail(f"{name_of(path)}:{node.lineno}: {node.value.id} is changed after import")


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_modules__fit_in_one_sitting(path: Path) -> None:
    """One noun per file: no module grows past 500 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_rules__are_not_vacuous() -> None:
    """The rules above see what they forbid, whatever it was called at import."""
    tree = ast.parse("from time import time as t\nimport uuid\nt()\nf(uuid.uuid4)\n")
    assert list(impure_names(tree)) == [("time.time", 3, True), ("uuid.uuid4", 4, False)]
    assert dict(imports(ast.parse("from . import x\nimport mocks.y"))) == {"..x": 1, "mocks.y": 2}
    lazy = ast.parse("def f():\n    import httpx\ntry:\n    import rich\nexcept ImportError: ...")
    assert [name for name, _ in loaded_on_import(lazy)] == ["rich"]
    assert MODULES
