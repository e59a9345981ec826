"""Notable behaviours: what a fake does where a vendor's document is silent, and how we know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from understudy.contracts.errors import DocumentError
from understudy.contracts.json import Json, mapping, sequence
from understudy.contracts.parsing import parse


@dataclass(frozen=True, slots=True)
class Notable:
    """One behaviour: in which case, what happens here, and the label that says how we know it."""

    what: str
    here: str
    label: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The notable behaviours of one document or part of it; `text` stands before them."""

    title: str
    text: str
    behaviours: tuple[Notable, ...]


def notable(provider: str) -> tuple[Chapter, ...]:
    """What `specs/PROVIDER/behaviours.yaml` holds; nothing for a provider without that file.

    Raises DocumentError for a file that is not of that form.
    """
    if not provider.isidentifier():
        return ()
    shipped = files("understudy.specs") / provider / "behaviours.yaml"
    if not shipped.is_file():
        return ()
    label = f"specs/{provider}/behaviours.yaml"
    root = mapping(parse(shipped.read_text("utf-8"), label))
    return tuple(_chapter(mapping(each), label) for each in sequence(root.get("chapters")))


def _chapter(node: Mapping[str, Json], label: str) -> Chapter:
    rows = (mapping(each) for each in sequence(node.get("behaviours")))
    told = tuple(
        Notable(*(_said(row, name, label) for name in ("what", "here", "label"))) for row in rows
    )
    return Chapter(_said(node, "title", label), str(node.get("text", "")).strip(), told)


def _said(node: Mapping[str, Json], name: str, label: str) -> str:
    value = node.get(name)
    if not isinstance(value, str) or not value:
        raise DocumentError(f"{name!r} is {value!r}, expected a text in {dict(node)!r}", line=label)
    return value
