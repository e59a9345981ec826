"""OpenAPI links: what a document says can be called with what a reply holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from understudy.contracts.expression import Expression, ExpressionError, Spoken
from understudy.contracts.json import Json
from understudy.contracts.operation import Operation
from understudy.mocks.kind import mapping, text


@dataclass(frozen=True, slots=True)
class Link:
    """A way onward: the operation it leads to, and what it says of parameters and body."""

    name: str
    target: Operation
    parameters: Mapping[str, Json]
    body: Json = None

    @property
    def removes(self) -> bool:
        """Whether what it leads to takes something away."""
        return self.target.method == "DELETE" or self.name.startswith("delete")

    @property
    def picks(self) -> bool:
        """Whether it takes the first of a list, which may be anybody's."""
        told = [*self.parameters.values(), *mapping(self.body).values()]
        return any(isinstance(each, str) and "/0" in each for each in told)

    def values(self, spoken: Spoken) -> tuple[Mapping[str, Json], Json] | None:
        """Parameters and body for an exchange; None when it lacks something that they need."""
        try:
            values = {
                name.rpartition(".")[2]: _evaluated(held, spoken)
                for name, held in self.parameters.items()
            }
            return values, _evaluated(self.body, spoken)
        except (ExpressionError, LookupError):
            return None


def links_of(
    operation: Operation, status: int, operations: Mapping[str, Operation]
) -> Iterator[Link]:
    """The links that a reply of the operation with that status has."""
    document, key = operation.document, operation.declared_status(status)
    responses = mapping(mapping(document.at(operation.pointer)).get("responses"))
    response = mapping(document.resolve(responses.get(key or ""))[0])
    for name, held in mapping(response.get("links")).items():
        said = mapping(document.resolve(held)[0])
        target = operations.get(text(said.get("operationId")))
        if target is not None:
            yield Link(name, target, mapping(said.get("parameters")), said.get("requestBody"))


def _evaluated(value: Json, spoken: Spoken) -> Json:
    """The value with every expression in it replaced; LookupError where nothing stands there."""
    if isinstance(value, str) and value.startswith("$"):
        found = Expression.of(value).value(spoken)
        if found is None:
            raise LookupError(value)
        return found
    if isinstance(value, Mapping):
        return {name: _evaluated(held, spoken) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_evaluated(held, spoken) for held in value]
    return value
