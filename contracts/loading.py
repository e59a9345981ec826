"""Load an OpenAPI document from a name, a file or a mapping."""

from collections.abc import Mapping
from os import PathLike

from understudy.contracts.document import Document
from understudy.contracts.json import Json


def load_document(
    source: str | PathLike[str] | Mapping[str, Json], *, name: str | None = None
) -> Document:
    """Load and check a document: a shipped name ("twelvelabs"), a path, or a parsed mapping.

    Raises DocumentError naming the place and line of what is wrong.
    """
    raise NotImplementedError
