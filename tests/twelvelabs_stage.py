"""What tests over every operation of Twelve Labs v1.3 share: the operations, and a stage for them.

Today's document comes first; of that of 2025 only the operations that have gone since.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import httpx2
from aim import METHODS, contract_of
from stage import LONG, new_index, new_task

from understudy.contracts.operation import NoMethod, NoRoute, Operation
from understudy.mocks import Fake

NAME = "twelvelabs"
KEY = "tlk_test"
VIDEO = "https://media.example/ferry.mp4?duration=200"
DOCUMENTS = ("twelvelabs/v1.3-2025", "twelvelabs")
DOCUMENT = {name: document for document in DOCUMENTS for name in contract_of(document).operations}
OPERATIONS: Mapping[str, Operation] = {
    name: contract_of(document).operations[name] for name, document in DOCUMENT.items()
}
EVERY = list(OPERATIONS)
SHARED = frozenset({401, 405, 413, 415, 429})
"""Statuses that every operation is refused with in the same way."""


def _declared() -> Iterator[tuple[str, int]]:
    calls = {(each.method, each.template) for each in contract_of(NAME).operations.values()}
    for name, operation in OPERATIONS.items():
        # What both documents refuse is refused as today's has it.
        left = DOCUMENT[name] != NAME and (operation.method, operation.template) in calls
        for status in map(int, operation.statuses):
            if status < 500 and not (left and status in SHARED):
                yield name, status


DECLARED = list(_declared())
"""Every status that each operation declares and that no fault is needed for."""

Ids = dict[str, str]
"""Ids by the name of a path's parameter, or by that and the path before it: `id@/assets`."""


def wrong_method(path: str) -> str:
    """A method that the path takes in no document."""
    contracts = [contract_of(name) for name in DOCUMENTS]
    return next(
        each
        for each in METHODS
        if all(isinstance(contract.route(each, path), NoMethod | NoRoute) for contract in contracts)
    )


def aimed(name: str, ids: Ids) -> str:
    """The operation's path with those ids in it."""
    path, filled = "", ""
    for piece in OPERATIONS[name].template.split("/")[1:]:
        parameter = piece.strip("{}")
        known = ids.get(f"{parameter}@{path}", ids.get(parameter, ""))
        filled += f"/{piece if parameter == piece else known}"
        path += f"/{piece}"
    return filled


@dataclass
class Stage:
    """A tenant with what a call may be about, each made when first asked for."""

    fake: Fake
    api: httpx2.Client
    made: dict[str, str] = field(default_factory=dict)

    def once(self, name: str, make: Callable[["Stage"], str]) -> str:
        """The thing of that name, made at the first time."""
        if name not in self.made:
            self.made[name] = make(self)
        return self.made[name]

    @cached_property
    def index(self) -> str:
        return new_index(self.api, "films")

    @cached_property
    def task(self) -> str:
        """An indexing task that is still running."""
        return new_task(self.api, self.index, VIDEO)["_id"]

    @cached_property
    def video(self) -> str:
        made = new_task(self.api, self.index, VIDEO)
        self.fake.clock.advance(LONG)
        return made["video_id"]

    @cached_property
    def failed(self) -> str:
        """An indexing task that is over and has no video."""
        url = "https://media.example/understudy-fail.mp4"
        made = new_task(self.api, self.index, url)["_id"]
        self.fake.clock.advance(LONG)
        return made

    @cached_property
    def embedding(self) -> str:
        made = self.form("/embed/tasks", model_name="marengo3.0", video_url=VIDEO)
        return str(made.json()["_id"])

    @cached_property
    def token(self) -> str:
        """The token of a search's second page."""
        assert self.video
        found = self.search(page_limit="1")
        return str(found.json()["page_info"]["next_page_token"])

    def get(self, path: str, **query: object) -> httpx2.Response:
        return self.api.get(path, params={name: str(value) for name, value in query.items()})

    def send(self, method: str, path: str, **body: object) -> httpx2.Response:
        return self.api.request(method, path, json=body)

    def post(self, path: str, **body: object) -> httpx2.Response:
        return self.send("POST", path, **body)

    def form(self, path: str, **fields: str) -> httpx2.Response:
        files = {name: (None, value) for name, value in fields.items()}
        return self.api.post(path, files=files)

    def search(self, index: str = "", **fields: str) -> httpx2.Response:
        asked = {"query_text": "a ferry", "search_options": "visual"}
        return self.form("/search", index_id=index or self.index, **asked, **fields)

    def upload(self, index: str = "", **fields: str) -> httpx2.Response:
        return self.form("/tasks", index_id=index or self.index, **fields)


Call = Callable[[Stage], httpx2.Response]
Calls = Mapping[int, Call]
