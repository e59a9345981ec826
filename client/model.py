"""Typed, frozen views of what a service answers.

A model is a dataclass; its annotations say how it is read. What the service sends beyond them
is kept in `raw`, so that a new field of the service needs no new version of the client.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Self, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from understudy.client.errors import BadReply
from understudy.client.json import Json


@dataclass(frozen=True, slots=True)
class Name:
    """What a field is called on the wire, when that is not its name in Python."""

    wire: str


@dataclass(frozen=True, slots=True)
class Via:
    """What a value on the wire is turned into before it is read as its type.

    None stands for an absent value; a ValueError says that it does not fit.
    """

    turn: Callable[[Json], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One object of the service; `raw` is all of it, as it came."""

    raw: Mapping[str, Json] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, content: Json, place: str = "body") -> Self:
        """The model that `content` says; `BadReply` names the first place that does not fit."""
        if not isinstance(content, Mapping):
            raise _unfit(place, content, "an object")
        values: dict[str, object] = {"raw": content}
        for known in _fields(cast("Hashable", cls)):
            value = content.get(known.wire)
            if known.via is not None:
                value = _turned(known.via, value, f"{place}.{known.wire}")
            if value is not None:
                values[known.name] = known.reader(value, f"{place}.{known.wire}")
            elif known.required:
                raise _unfit(f"{place}.{known.wire}", value, "a value")
        return cls(**cast("dict[str, Any]", values))


M = TypeVar("M", bound=Model)

_Reader = Callable[[Json, str], object]


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    wire: str
    required: bool
    reader: _Reader
    via: Via | None


@cache
def _fields(model: Any) -> tuple[_Field, ...]:
    """How each field of `model` is read; worked out once for each model."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        _Field(
            each.name,
            _wire(each.name, hints[each.name]),
            each.default is MISSING and each.default_factory is MISSING,
            _reader(_plain(hints[each.name])),
            _via(hints[each.name]),
        )
        for each in fields(model)
        if each.name != "raw"
    )


def _wire(name: str, hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return next((note.wire for note in get_args(hint)[1:] if isinstance(note, Name)), name)
    return name


def _via(hint: Any) -> Via | None:
    notes = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((note for note in notes if isinstance(note, Via)), None)


def _turned(via: Via, value: Json, place: str) -> Json:
    if value is None:
        return None
    try:
        return via.turn(value)
    except ValueError as error:
        raise _unfit(place, value, str(error)) from None


def _plain(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _reader(hint: Any) -> _Reader:
    """What turns JSON into the type `hint`."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _choice([option for option in inner if option is not NoneType])
    if hint in _SCALARS:
        return _SCALARS[hint]
    if origin is tuple:
        return _numbers if inner[0] is float else _items(_reader(inner[0]))
    if isinstance(hint, type) and issubclass(hint, Model):
        return hint.read
    if origin is Mapping:
        return _object
    raise TypeError(f"{hint!r} is no type that a model can have.")


def _choice(options: list[Any]) -> _Reader:
    """The only option, or the first model whose required fields are all there."""
    if len(options) == 1:
        return _reader(options[0])

    def read(value: Json, place: str) -> object:
        for model in options:
            wanted = {known.wire for known in _fields(model) if known.required}
            if isinstance(value, Mapping) and wanted <= value.keys():
                return model.read(value, place)
        names = " or ".join(model.__name__ for model in options)
        raise _unfit(place, value, names)

    return read


def _items(read: _Reader) -> _Reader:
    def all_of(value: Json, place: str) -> object:
        if not isinstance(value, list):
            raise _unfit(place, value, "a list")
        return tuple(read(item, f"{place}[{at}]") for at, item in enumerate(value))

    return all_of


def _numbers(value: Json, place: str) -> object:
    """A vector: checked as a whole, since there are a thousand numbers in each."""
    if not isinstance(value, list) or not {type(number) for number in value} <= {int, float}:
        raise _unfit(place, value, "a list of numbers")
    return tuple(map(float, cast("list[float]", value)))


def _text(value: Json, place: str) -> object:
    if not isinstance(value, str):
        raise _unfit(place, value, "a text")
    return value


def _flag(value: Json, place: str) -> object:
    if not isinstance(value, bool):
        raise _unfit(place, value, "true or false")
    return value


def _integer(value: Json, place: str) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unfit(place, value, "a whole number")
    return value


def _number(value: Json, place: str) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unfit(place, value, "a number")
    return float(value)


def _moment(value: Json, place: str) -> object:
    try:
        return datetime.fromisoformat(str(_text(value, place)))
    except ValueError:
        raise _unfit(place, value, "a moment such as 2025-07-02T12:00:00Z") from None


def _object(value: Json, place: str) -> object:
    if not isinstance(value, Mapping):
        raise _unfit(place, value, "an object")
    return value


_SCALARS: Mapping[Any, _Reader] = {
    str: _text,
    bool: _flag,
    int: _integer,
    float: _number,
    datetime: _moment,
}


def _unfit(place: str, value: Json, expected: str) -> BadReply:
    shown = repr(value)
    shown = shown if len(shown) <= 120 else f"{shown[:117]}..."
    return BadReply(f"The reply's {place} is {shown}; expected {expected}.")
