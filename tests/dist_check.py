"""Build the sdist, the wheel from it, and try the wheel in an environment of its own.

Run from the checkout's root by `make dist-check`. This is what notices a package or a data file
that works in the checkout and is missing when installed.
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path
from urllib.request import Request, urlopen

from tests.live import live_server

ROOT = Path(__file__).resolve().parent.parent

SMOKE = """
from importlib.resources import files
from understudy.client import AsyncTwelveLabs, TwelveLabs
from understudy.contracts import Contract
from understudy.mocks import Fake
assert "site-packages" in files("understudy.specs").joinpath("__init__.py").__fspath__()
assert Contract.load("twelvelabs").operations
with Fake("twelvelabs") as fake:
    assert fake.clock.now() > 0
for room in ("client", "contracts", "mocks", "specs"):
    try:
        __import__(room)
    except ModuleNotFoundError:
        continue
    raise SystemExit(f"the bare name {room} is installed")
"""

ALONE = """
from importlib.util import find_spec
from understudy.client import AsyncTwelveLabs, TwelveLabs
TwelveLabs("k").close()
for absent in ("starlette", "yaml", "jsonschema_rs", "understudy.mocks", "understudy.cli"):
    assert find_spec(absent) is None, f"{absent} came along with the client"
"""


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """The command's output; ends the check with everything it said if it fails."""
    ran = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    if ran.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{ran.stdout}\n{ran.stderr}")
    return ran.stdout


def contents(sdist: Path, wheel: Path) -> None:
    """The sdist holds what a packager needs; the wheel holds every file of every room."""
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    for needed in ("LICENSE", "README.md", "pyproject.toml", "mocks/engine.py"):
        assert needed in inside, f"the sdist lacks {needed}"
    shipped = set(zipfile.ZipFile(wheel).namelist())
    for room in ("client", "contracts", "mocks", "specs"):
        for path in sorted((ROOT / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                name = f"understudy/{path.relative_to(ROOT).as_posix()}"
                assert name in shipped, f"the wheel lacks {name}"


def smoke(binaries: Path, elsewhere: Path) -> int:
    """Use the installed program and library as a newcomer would; answers how many steps passed."""
    python, program = binaries / "python", binaries / "understudy"
    assert "0." in run(program, "--version", cwd=elsewhere)
    assert "twelvelabs" in run(program, "providers", cwd=elsewhere)
    run(python, "-m", "understudy", "--help", cwd=elsewhere)
    run(python, "-c", SMOKE, cwd=elsewhere)
    with live_server(program=[str(program)]) as server:
        request = Request(f"{server.url}/twelvelabs/v1.3/indexes", headers={"x-api-key": "k"})
        with urlopen(request, timeout=10) as reply:
            assert reply.status == 200
    return 5


def alone(folder: Path, elsewhere: Path) -> None:
    """The distribution of the client alone installs, and brings httpx2 and nothing of the fake."""
    source = ROOT / "packaging" / "client"
    shutil.rmtree(source / "build", ignore_errors=True)  # setuptools would ship what is in there
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, source)
    [wheel] = folder.glob("understudy_client-*.whl")
    venv.create(folder / "client-env", with_pip=True)
    binaries = folder / "client-env" / ("Scripts" if sys.platform == "win32" else "bin")
    pip = (binaries / "python", "-m", "pip", "install", "--quiet")
    run(*pip, "--constraint", ROOT / "constraints.txt", wheel, cwd=elsewhere)
    run(binaries / "python", "-c", ALONE, cwd=elsewhere)


def main() -> None:
    """Everything in a temporary folder; nothing of the checkout is on the path of what is tried."""
    with tempfile.TemporaryDirectory(prefix="understudy-dist-") as name:
        folder = Path(name)
        run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
        [sdist], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
        contents(sdist, wheel)
        venv.create(folder / "env", with_pip=True)
        binaries = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
        pip = (binaries / "python", "-m", "pip", "install", "--quiet")
        run(*pip, "--constraint", ROOT / "constraints.txt", wheel, cwd=folder)
        print(f"dist-check: {sdist.name} and {wheel.name} are whole")
        alone(folder, folder)
        print(f"{smoke(binaries, folder) + 2} passed, 0 failed")


if __name__ == "__main__":
    main()
