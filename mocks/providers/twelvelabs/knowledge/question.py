"""A question about a knowledge store: what it asks, of which items, and in which form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate.medium import Outcome, outcome_of
from understudy.mocks.generate.prompt import SchemaError, checked
from understudy.mocks.kind import elements, mapping, text, texts
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.knowledge.item_collections import members
from understudy.mocks.providers.twelvelabs.knowledge.items import ready_items
from understudy.mocks.providers.twelvelabs.knowledge.sessions import (
    Selection,
    remembered,
    selected,
)
from understudy.mocks.refusal import Refusal
from understudy.mocks.store import Resource

_TOKEN = re.compile(r"\{\{\s*sel:([0-9]{1,9})\s*\}\}")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, checked: the words without the names of selections, and what they name.

    `schema` is what the answer has to fit, None for prose; `steps` is whether the way to the
    answer is wanted as well. `sent` are the selections of this request.
    """

    words: str
    instructions: str
    schema: Mapping[str, Json] | None
    steps: bool
    sent: Sequence[Selection]
    about: Sequence[Selection]

    @property
    def outcome(self) -> Outcome:
        """How the answer is to end, by the magic words in the question."""
        return outcome_of(self.words)

    def items(self, call: Call, store: Resource) -> list[Resource]:
        """The ready items that it is about: those it selects, else all of the store."""
        ready = ready_items(call, store)
        if not self.about:
            return ready
        wanted: set[str] = set()
        for each in self.about:
            many = each.kind == "collection"
            wanted.update(members(call, each.chosen) if many else (each.chosen.id,))
        return [item for item in ready if item.id in wanted]


def question_of(call: Call, store: Resource, session: Resource | None) -> Question:
    """The question of a request; refused where it names what is not there, or has a bad schema."""
    said = "\n".join(text(mapping(each).get("content")) for each in elements(call.body["input"]))
    sent = selected(call, store)
    places = [int(place) for place in _TOKEN.findall(said)]
    for place in places:
        if place >= len(sent):
            message = f"input names {{{{sel:{place}}}}}, but selections has {len(sent)} in it"
            raise refuse("parameter_invalid", message)
    named = [sent[place] for place in dict.fromkeys(places)]
    return Question(
        words=_TOKEN.sub(" ", said).strip(),
        instructions=call.field("instructions"),
        schema=_schema(call),
        steps="intermediate_outputs" in texts(call.body.get("include")),
        sent=sent,
        about=named or sent or remembered(call, session),
    )


def _schema(call: Call) -> Mapping[str, Json] | None:
    asked = mapping(mapping(call.body.get("text")).get("format"))
    if asked.get("type") != "json_schema":
        return None
    try:
        return checked(asked.get("schema"))
    except SchemaError as error:
        raise unfit(error) from None


def unfit(error: SchemaError) -> Refusal:
    """The refusal of a schema for which no answer can be made."""
    return refuse("parameter_invalid", f"text.format.schema cannot be used: {error}")
