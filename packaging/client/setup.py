"""What pyproject.toml cannot say: of the root package, the client needs two modules only."""

from setuptools import setup
from setuptools.command.build_py import build_py

SHARED = {"__init__", "errors"}


class BuildClient(build_py):
    """Leaves the command line, the plugin and the rest of the root package out."""

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        """Each module of a package, as setuptools wants it: package, name, file."""
        found: list[tuple[str, str, str]] = super().find_package_modules(package, package_dir)
        return [each for each in found if package != "understudy" or each[1] in SHARED]


setup(cmdclass={"build_py": BuildClient})
