"""An OpenAPI document, loaded, checked and normalised; and where each of its lines is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from understudy.contracts.json import Json


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One OpenAPI document whose references all resolve.

    `root` is JSON-pure and reads like OpenAPI 3.1 whatever `version` the input was. `base_path`
    is the path of the first server's URL without trailing slash ("" if none), `host` its host.
    `notes` are the faults that do not stop a document from being used, one sentence each.
    """

    name: str
    root: Mapping[str, Json]
    version: str
    base_path: str
    host: str
    notes: tuple[str, ...] = ()
    _source: Callable[[str], str] = field(default=lambda pointer: pointer, repr=False)

    def at(self, pointer: str) -> Json:
        """The value at a JSON pointer ("" is the root); raises KeyError when there is none."""
        raise NotImplementedError

    def resolve(self, node: Json, pointer: str = "") -> tuple[Json, str]:
        """Follow a chain of local `$ref`; answers the first value that is no reference, and its
        pointer. A node that is no reference comes back with the `pointer` that was given."""
        raise NotImplementedError

    def source(self, pointer: str) -> str:
        """`FILE:LINE` of a pointer, or of its nearest ancestor that the file has."""
        return self._source(pointer)
