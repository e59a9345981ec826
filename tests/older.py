"""What tests of Twelve Labs v1.2 share: a client in process, and the first steps of any of them."""

from dataclasses import dataclass
from functools import cached_property

import httpx2
from stage import LONG

from understudy.mocks import Fake

BASE = "https://api.twelvelabs.io/v1.2"
ENGINES = [
    {
        "engine_name": "marengo2.6",
        "engine_options": ["visual", "conversation", "text_in_video", "logo"],
    },
    {"engine_name": "pegasus1.1", "engine_options": ["visual", "conversation"]},
]
VIDEO = "https://media.example/red-fox.mp4?duration=60"
SHIP = "https://media.example/ferry.mp4?duration=40"
CLASSES = [
    {"name": "animals", "prompts": ["a red fox"]},
    {"name": "ships", "prompts": ["a ferry"]},
]


def client_of(fake: Fake, key: str) -> httpx2.Client:
    """A client of v1.2 in process with that API key."""
    headers = {"x-api-key": key}
    return httpx2.Client(transport=fake.transport(), base_url=BASE, headers=headers)


@dataclass
class Older:
    """A tenant as v1.2 shows it, with what a call may be about, each made when first asked for."""

    fake: Fake
    api: httpx2.Client

    @cached_property
    def index(self) -> str:
        return self.new_index("films")

    @cached_property
    def video(self) -> str:
        return self.new_video(VIDEO)

    @cached_property
    def task(self) -> str:
        """An indexing task that is still running."""
        return str(self.upload(video_url=VIDEO).json()["_id"])

    @cached_property
    def failed(self) -> str:
        """An indexing task that is over and has no video."""
        made = self.upload(video_url="https://media.example/understudy-fail.mp4").json()
        self.fake.clock.advance(LONG)
        return str(made["_id"])

    @cached_property
    def embedding(self) -> str:
        made = self.form("/embed/tasks", engine_name="Marengo-retrieval-2.6", video_url=VIDEO)
        return str(made.json()["_id"])

    @cached_property
    def token(self) -> str:
        """The token of a search's second page."""
        assert self.video
        found = self.search(page_limit=1, threshold="none")
        return str(found.json()["page_info"]["next_page_token"])

    @cached_property
    def class_token(self) -> str:
        """The token of a classification's second page."""
        assert self.video and self.new_video(SHIP)
        found = self.classify(page_limit=1)
        return str(found.json()["page_info"]["next_page_token"])

    @property
    def path(self) -> str:
        """The path of the video."""
        return f"/indexes/{self.index}/videos/{self.video}"

    def new_index(self, name: str, engines: object = ENGINES, **more: object) -> str:
        made = self.post("/indexes", index_name=name, engines=engines, **more)
        assert made.status_code == 201, made.text
        return str(made.json()["_id"])

    def new_video(self, url: str, index: str = "") -> str:
        made = self.upload(index, video_url=url)
        assert made.status_code == 200, made.text
        self.fake.clock.advance(LONG)
        return str(made.json()["video_id"])

    def get(self, path: str, **query: object) -> httpx2.Response:
        return self.api.get(path, params={name: str(value) for name, value in query.items()})

    def send(self, method: str, path: str, **body: object) -> httpx2.Response:
        return self.api.request(method, path, json=body)

    def post(self, path: str, **body: object) -> httpx2.Response:
        return self.send("POST", path, **body)

    def form(self, path: str, **fields: str) -> httpx2.Response:
        files = {name: (None, value) for name, value in fields.items()}
        return self.api.post(path, files=files)

    def upload(self, index: str = "", **fields: str) -> httpx2.Response:
        return self.form("/tasks", index_id=index or self.index, **fields)

    def search(self, index: str = "", path: str = "/search", **fields: object) -> httpx2.Response:
        asked = {"query": "a red fox", "search_options": ["visual"], **fields}
        return self.post(path, index_id=index or self.index, **asked)

    def combined(self, query: object, **fields: object) -> httpx2.Response:
        return self.search(path="/search/combined", query=query, **fields)

    def classify(self, index: str = "", **fields: object) -> httpx2.Response:
        asked = {"options": ["visual"], "classes": CLASSES, **fields}
        return self.post("/classify/bulk", index_id=index or self.index, **asked)

    def transfer(self, content: str) -> httpx2.Response:
        return self.api.post("/tasks/transfers", files={"file": ("videos.json", content.encode())})
