"""User metadata of a video: flat, of simple values or texts, beside a few reserved names."""

from understudy.contracts.json import Json
from understudy.mocks.kind import mapping
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.fields import object_of

RESERVED = frozenset(
    {"duration", "filename", "fps", "height", "model_names", "size", "video_title", "width"}
)


def parsed(text: str) -> dict[str, Json] | None:
    """The metadata in a form field, None when the field is empty; refused when it is no object."""
    if not text:
        return None
    value = object_of(text)
    if value is None:
        message = f"user_metadata is {text[:80]!r}, expected the text of a JSON object"
        raise refuse("parameter_invalid", message)
    return checked(value)


def checked(metadata: Json, called: str = "user_metadata") -> dict[str, Json]:
    """The metadata, refused when a name is reserved or a value is not simple.

    `called` is the field's name in the request.
    """
    return {name: value for name, value in changes(metadata, called).items() if value is not None}


def changes(metadata: Json, called: str = "user_metadata") -> dict[str, Json]:
    """The same, with null kept: laid over an entry, it takes the entry away."""
    found = dict(mapping(metadata))
    for name, value in found.items():
        if name in RESERVED:
            taken = ", ".join(sorted(RESERVED))
            message = f"{called}.{name} is a reserved name; reserved are {taken}"
            raise refuse("parameter_invalid", message)
        texts_only = isinstance(value, list) and all(isinstance(each, str) for each in value)
        if not texts_only and not isinstance(value, str | int | float | bool | None):
            shown = repr(value)[:80]
            message = f"{called}.{name} is {shown}, expected a string, number, boolean or texts"
            raise refuse("parameter_invalid", message)
    return found
