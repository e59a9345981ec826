"""What a provider stores under one name, and the part an operation plays on it: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from understudy.contracts.json import Json, sequence
from understudy.contracts.json import mapping as mapping
from understudy.contracts.operation import Action

elements = sequence  # what this room calls it
"""`value` if it is an array, else an empty one."""

Match = Literal["equals", "at-or-after", "at-or-before", "any-of", "contains", "part", "properties"]
"""How a filter's value fits: `part` is a piece of the text in any case, `contains` an exact one."""
PagingStyle = Literal["all", "page-number", "offset", "token", "item-id"]


@dataclass(frozen=True, slots=True)
class Parent:
    """The kind that owns another, and the field of the owned one that holds the owner's id."""

    kind: str
    field: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of stored resource: how it is named, stamped, ordered, filtered and owned.

    `schema` is a JSON pointer into the document; empty where the document shows none.
    """

    name: str
    schema: str = ""
    id_field: str = "id"
    id_form: str = "object-id"
    id_prefix: str = ""
    created: str = ""
    updated: str = ""
    unique: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    parent: Parent | None = None
    lifecycle: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """How one query parameter narrows a list."""

    parameter: str
    field: str
    match: Match = "equals"


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is cut into pages: the parameters that ask, and the fields that tell."""

    style: PagingStyle = "all"
    page: str = "page"
    limit: str = "limit"
    sort_by: str = ""
    sort_option: str = ""
    direction: str = "direction"
    """Asks for the page before an item, as `backward`, where pages are found by an item's id."""
    items: str = ""
    info: str = ""
    newest: bool = False
    """Whether a list that nobody sorts begins with the newest."""


@dataclass(frozen=True, slots=True)
class Role:
    """What an operation does to which kind, and which path parameters name it and its parent."""

    kind: str
    action: Action
    id: str = ""
    parent: str = ""
    paging: Paging = field(default_factory=Paging)
    filters: tuple[Filter, ...] = ()


def kind_of(name: str, declared: Mapping[str, Json]) -> Kind:
    """The kind that an `x-resources` entry declares."""
    identity = mapping(declared.get("id"))
    parent = mapping(declared.get("parent"))
    return Kind(
        name=name,
        schema=text(declared.get("schema")).removeprefix("#"),
        id_field=text(identity.get("field"), "id"),
        id_form=text(identity.get("form"), "object-id"),
        id_prefix=text(identity.get("prefix")),
        created=text(declared.get("created")),
        updated=text(declared.get("updated")),
        unique=texts(declared.get("unique")),
        orders=texts(declared.get("orders")),
        filters=texts(declared.get("filters")),
        parent=Parent(text(parent.get("resource")), text(parent.get("field"))) if parent else None,
        lifecycle=text(declared.get("lifecycle")),
    )


def role_of(declared: Mapping[str, Json], paging: Paging, filters: tuple[Filter, ...]) -> Role:
    """The role that an operation's `x-resource` declares."""
    return Role(
        kind=text(declared.get("name")),
        action=cast(Action, text(declared.get("action"))),
        id=text(declared.get("id")),
        parent=text(declared.get("parent")),
        paging=paging,
        filters=filters,
    )


def paging_of(declared: Mapping[str, Json]) -> Paging:
    """The paging that an operation's `x-paging` declares."""
    return Paging(
        style=cast(PagingStyle, text(declared.get("style"), "all")),
        page=text(declared.get("page"), "page"),
        limit=text(declared.get("limit"), "limit"),
        sort_by=text(declared.get("sort_by")),
        sort_option=text(declared.get("sort_option")),
        direction=text(declared.get("direction"), "direction"),
        items=text(declared.get("items")),
        info=text(declared.get("info")),
        newest=declared.get("order") == "newest",
    )


def text(value: Json, default: str = "") -> str:
    """`value` if it is a string, else `default`."""
    return value if isinstance(value, str) else default


def texts(value: Json) -> tuple[str, ...]:
    """The strings of a list, else none."""
    return tuple(item for item in elements(value) if isinstance(item, str))
