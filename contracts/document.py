"""An OpenAPI document, loaded, checked and normalised; and where each of its lines is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from understudy.contracts.errors import DocumentError
from understudy.contracts.json import Json
from understudy.contracts.pointer import follow, split


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One OpenAPI document whose references all resolve.

    `root` is JSON-pure and reads like OpenAPI 3.1 whatever `version` ("3.0" or "3.1") the input
    was. `base_path` is the path of the first server's URL without trailing slash ("" if none),
    `host` its host. `notes` are the faults that do not stop a document from being used, one
    sentence each.
    """

    name: str
    root: Mapping[str, Json] = field(repr=False)
    version: str
    base_path: str
    host: str
    notes: tuple[str, ...] = ()
    locate: Callable[[str], str] = field(default=lambda pointer: pointer, repr=False)

    def at(self, pointer: str) -> Json:
        """The value at a JSON pointer ("" is the root); raises KeyError when there is none."""
        return follow(self.root, pointer)

    def resolve(self, node: Json, pointer: str = "") -> tuple[Json, str]:
        """Follow a chain of local references; answers the first value that is no reference.

        The answer is the value and its pointer. A node that is no reference comes back as it is,
        with the `pointer` that was given for it.
        """
        seen: set[str] = set()
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            target = target_of(str(node["$ref"]))
            if target is None or target in seen:
                raise DocumentError(
                    f"the reference {node['$ref']!r} leads nowhere",
                    place=pointer,
                    line=self.source(pointer),
                )
            seen.add(target)
            node, pointer = self.at(target), target
        return node, pointer

    def source(self, pointer: str) -> str:
        """`FILE:LINE` of a pointer, or of its nearest ancestor that the file has.

        The lines are read when the first one is asked for.
        """
        return self.locate(pointer)


def target_of(reference: str) -> str | None:
    """The JSON pointer that a local reference names; None when it is not a local pointer."""
    if not reference.startswith("#"):
        return None
    pointer = unquote(reference[1:])
    if pointer and not pointer.startswith("/"):
        return None
    # spelled anew, so that one place has one pointer
    split(pointer)
    return pointer
