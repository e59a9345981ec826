"""Arguments as the fields of a request; whatever is None is left out."""

from collections.abc import Mapping

from understudy.client.call import Value, pairs
from understudy.client.errors import UsageError
from understudy.client.file import Source, as_file
from understudy.client.json import Json, write
from understudy.client.multipart import Multipart, Progress


def given(**fields: Json) -> dict[str, Json]:
    """A JSON body of the fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def form(
    fields: Mapping[str, Value],
    *,
    texts: Mapping[str, Json] | None = None,
    files: Mapping[str, Source | None] | None = None,
    progress: Progress | None = None,
) -> Multipart:
    """A form: `fields` as in a query, `texts` as JSON text, `files` as files."""
    written = [pair for name, value in fields.items() for pair in pairs(name, value)]
    written += [(name, write(value)) for name, value in (texts or {}).items() if value is not None]
    attached = [(name, as_file(file)) for name, file in (files or {}).items() if file is not None]
    return Multipart(written, attached, progress)


def one_of(**choices: object) -> None:
    """Exactly one of these must be given, neither none nor two."""
    names = [name for name, value in choices.items() if value is not None]
    if len(names) != 1:
        given = f"{' and '.join(names)} were" if names else "Nothing was"
        raise UsageError(f"{given} given; exactly one of {', '.join(choices)} is needed.")
