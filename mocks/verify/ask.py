"""A call that the suite wants to make, and how one is made from a document's examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from understudy.contracts.json import Json
from understudy.contracts.media import kind_of
from understudy.contracts.operation import Operation
from understudy.mocks.inference import parameters
from understudy.mocks.kind import elements, mapping, text

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Ask:
    """An operation with the values of its parameters by place, and its body."""

    operation: Operation
    path: Mapping[str, Json] = field(default_factory=dict)
    query: Mapping[str, Json] = field(default_factory=dict)
    header: Mapping[str, Json] = field(default_factory=dict)
    body: Json = None
    media_type: str = ""

    @property
    def identity(self) -> str:
        """The same text for the same call."""
        return repr((self.operation.id, self.path, self.query, self.header, self.body))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller wants of bodies made from examples.

    `media_url` stands in for every address of a medium, `token` makes names unlike any other's,
    `known` holds the ids that earlier replies gave, by the name of the parameter they are for.
    """

    media_url: str = ""
    token: str = ""
    known: Mapping[str, Json] = field(default_factory=dict)


def asked(
    operation: Operation, values: Mapping[str, Json], body: Json, wishes: Wishes
) -> Ask | None:
    """The call with these parameters; None when something that it needs is not known.

    Without a body of its own an operation that wants one takes the document's example.
    """
    places: dict[str, dict[str, Json]] = {"path": {}, "query": {}, "header": {}}
    for each in parameters(operation.document, operation):
        name, where = text(each.get("name")), text(each.get("in"))
        if name in values and where in places:
            places[where][name] = values[name]
        elif each.get("required"):
            choices = _choices(operation, each)
            if not choices or where not in places:
                return None
            places[where][name] = choices[0]
    media_type, example = body_of(operation)
    if body is None and media_type:
        if example is None:
            return None
        body = _adapted(operation, media_type, example, wishes)
    return Ask(operation, places["path"], places["query"], places["header"], body, media_type)


def body_of(operation: Operation) -> tuple[str, Json]:
    """The media type of the body that an operation wants, and an example that needs no file.

    "" where it takes no body, None where no example will do.
    """
    document = operation.document
    content = mapping(_request_body(operation).get("content"))
    first = ""
    for media_type, held in content.items():
        media = mapping(document.resolve(held)[0])
        first = first or media_type
        files = set(_files(operation, media.get("schema")))
        for example in _examples(media):
            if not files & mapping(example).keys():
                return media_type, example
    return first, None


def identities(operation: Operation) -> tuple[str, ...]:
    """The path parameters that hold an id: those of which the document lists no values."""
    return tuple(
        text(each.get("name"))
        for each in parameters(operation.document, operation)
        if each.get("in") == "path" and not _choices(operation, each)
    )


def _examples(media: Mapping[str, Json]) -> Iterator[Json]:
    for each in mapping(media.get("examples")).values():
        yield mapping(each).get("value")
    if "example" in media:
        yield media["example"]


def _request_body(operation: Operation) -> Mapping[str, Json]:
    node = mapping(operation.document.at(operation.pointer))
    return mapping(operation.document.resolve(node.get("requestBody"))[0])


def _properties(operation: Operation, schema: Json) -> Mapping[str, Json]:
    said = mapping(operation.document.resolve(schema)[0])
    found = dict(mapping(said.get("properties")))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in elements(said.get(keyword)):
            found.update(_properties(operation, branch))
    return found


def _files(operation: Operation, schema: Json) -> Iterator[str]:
    for name, held in _properties(operation, schema).items():
        node = mapping(operation.document.resolve(held)[0])
        items = mapping(operation.document.resolve(node.get("items"))[0])
        said = text(node.get("contentMediaType"), _JSON)
        if "binary" in (node.get("format"), items.get("format")) or kind_of(said) != "json":
            yield name


def _choices(operation: Operation, parameter: Mapping[str, Json]) -> tuple[Json, ...]:
    schema = mapping(operation.document.resolve(parameter.get("schema"))[0])
    return tuple(elements(schema.get("enum")))


def _adapted(operation: Operation, media_type: str, example: Json, wishes: Wishes) -> Json:
    """The example with ids that exist, addresses as wished, new names, and nobody called back."""
    if not isinstance(example, Mapping):
        return example
    media = mapping(mapping(_request_body(operation).get("content")).get(media_type))
    properties = _properties(operation, media.get("schema"))
    known = {_plain(name): value for name, value in wishes.known.items()}
    made: dict[str, Json] = {}
    for name, value in example.items():
        plain = _plain(name)
        if "callback" in plain or "webhook" in plain:
            continue
        schema = mapping(operation.document.resolve(properties.get(name))[0])
        if plain in known:
            value = known[plain]
        elif plain.removesuffix("s") in known and isinstance(value, list | tuple):
            value = [known[plain.removesuffix("s")]]
        elif wishes.media_url and plain.endswith("url") and "image" not in plain:
            value = wishes.media_url
        elif wishes.media_url and plain.endswith("urls") and "image" not in plain:
            value = [wishes.media_url]
        elif _is_name(plain, value, schema):
            value = f"{value}-{wishes.token}" if wishes.token else value
        made[name] = value
    return made


def _is_name(plain: str, value: Json, schema: Mapping[str, Json]) -> bool:
    """Whether it names the thing that is made, so that two of a name might clash."""
    named = plain.endswith("name") and not plain.startswith(("model", "file", "engine"))
    return named and isinstance(value, str) and "enum" not in schema


def _plain(name: str) -> str:
    return name.replace("-", "_").lower()
