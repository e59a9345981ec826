"""What gets installed: the hand-written package list, the locked versions, the version number."""

import re
import tomllib
from pathlib import Path

import pytest

import understudy

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("client", "contracts", "mocks", "specs")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
LOCKED = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()


def folders() -> dict[str, str]:
    """Each package's import name with its folder, read off the disk."""
    found = {"understudy": "src/understudy"}
    for room in ROOMS:
        for path in [ROOT / room, *sorted((ROOT / room).rglob("*"))]:
            if path.is_dir() and path.name != "__pycache__":
                place = path.relative_to(ROOT).as_posix()
                found[f"understudy.{place.replace('/', '.')}"] = place
    return found


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_packages__are_the_folders_on_disk() -> None:
    """A folder that is missing from the list works in the checkout and is absent when installed."""
    assert sorted(SETUPTOOLS["packages"]) == sorted(folders())
    assert SETUPTOOLS["package-dir"] == folders()


@pytest.mark.parametrize("place", sorted(folders().values()))
def test_packages__are_importable_everywhere(place: str) -> None:
    """Each folder, data folders too, has an __init__.py: an editable install needs it."""
    assert (ROOT / place / "__init__.py").is_file()


@pytest.mark.parametrize("room", ROOMS)
def test_links__show_each_room_inside_the_package(room: str) -> None:
    """The committed links are relative and lead to the rooms."""
    link = ROOT / "src" / "understudy" / room
    assert link.resolve() == ROOT / room
    if link.is_symlink():
        assert link.readlink().as_posix() == f"../../{room}"


def test_data__every_file_is_shipped() -> None:
    """A room holds Python and the kinds of data that package-data names, nothing else."""
    shipped = {Path(pattern).suffix for pattern in SETUPTOOLS["package-data"]["*"]} | {".py"}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.name != "py.typed":
                assert path.suffix in shipped, f"{path} would not be installed"


def test_constraints__are_plain_versions() -> None:
    """One name==version a line, sorted: no address, no host, and not the project itself."""
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in LOCKED)
    names = [canonical(line.partition("==")[0]) for line in LOCKED]
    assert names == sorted(set(names))
    assert "understudy" not in names


def test_constraints__lock_every_dependency() -> None:
    """Whatever pyproject asks for, the lock names a version of it."""
    asked = [*PROJECT["project"]["dependencies"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        asked += extra
    names = {canonical(re.split(r"[\[<>=!~; ]", line)[0]) for line in asked}
    assert names <= {canonical(line.partition("==")[0]) for line in LOCKED}


def test_version__is_said_once() -> None:
    """The package and the project agree on the version, and the changelog knows it."""
    assert understudy.__version__ == PROJECT["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{understudy.__version__}]" in changelog
