"""One row of the table of what is fuzzed: a document, where it is served, how it is stocked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

HERE = Path(__file__).resolve().parent
KEY = "fuzz-key"
"""The one API key that the server accepts."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document to fuzz.

    `spec` is its name below `specs/` without the suffix; `mount` the path that the document's
    own paths are appended to; `key` the header line that carries the API key. `stock` is given
    a client with that header whose base URL is the mount, and the server's root; it answers the
    real ids by those that stand for them in the document's examples. `spare` are path
    parameters that keep an id nobody made where the operation would destroy what was stocked:
    operationId to the parameter's value; every DELETE with a path parameter is spared by
    `nobody` without being named. `config` is the file of Schemathesis, its name from the spec's.
    """

    spec: str
    mount: str
    key: tuple[str, str]
    stock: Callable[[httpx2.Client, str], Mapping[str, str]]
    nobody: object = "0" * 24
    spare: Mapping[str, object] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        """`tests/fuzz/PROVIDER-VERSION.toml`."""
        return HERE / f"{self.spec.replace('/', '-')}.toml"

    @property
    def document(self) -> Path:
        """The spec's own file."""
        return HERE.parent.parent / "specs" / f"{self.spec}.yaml"
