"""What tests of Twelve Labs' assets share: uploads in one go and in pieces."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx2
from stage import LONG

from understudy.mocks import Fake

WALK = "https://media.example/Morning-Walk.mp4?duration=31.2"
UPLOADS = "/assets/multipart-uploads"
SOON = 60.0


def sent(api: httpx2.Client, content: bytes, name: str, **fields: str) -> httpx2.Response:
    """Upload a file in one go."""
    plain = {key: (None, value) for key, value in fields.items()}
    return api.post("/assets", files={"method": (None, "direct"), "file": (name, content), **plain})


def fetched(api: httpx2.Client, url: str = WALK, **fields: str) -> httpx2.Response:
    """Upload by address."""
    plain = {key: (None, value) for key, value in fields.items()}
    return api.post("/assets", files={"method": (None, "url"), "url": (None, url), **plain})


def new_asset(fake: Fake, api: httpx2.Client, url: str = WALK, **fields: str) -> str:
    """Upload by address, let the asset become what it will, and answer its id."""
    response = fetched(api, url, **fields)
    assert response.status_code == 201, response.text
    fake.clock.advance(LONG)
    return str(response.json()["_id"])


def read(api: httpx2.Client, asset: str) -> dict[str, Any]:
    """The asset as it is."""
    response = api.get(f"/assets/{asset}")
    assert response.status_code == 200, response.text
    return dict(response.json())


@dataclass
class Sender:
    """Somebody who uploads `content` in pieces, in whatever order."""

    fake: Fake
    api: httpx2.Client
    content: bytes
    session: dict[str, Any]

    @classmethod
    def of(cls, fake: Fake, api: httpx2.Client, content: bytes, **fields: Any) -> "Sender":
        """One who has just begun."""
        body = {"filename": "walk.mp4", "type": "video", "total_size": len(content), **fields}
        response = api.post(UPLOADS, json=body)
        assert response.status_code == 201, response.text
        return cls(fake, api, content, response.json())

    @property
    def path(self) -> str:
        return f"{UPLOADS}/{self.session['upload_id']}"

    @property
    def asset(self) -> str:
        return str(self.session["asset_id"])

    @property
    def total(self) -> int:
        return int(self.session["total_chunks"])

    def piece(self, index: int) -> bytes:
        size = self.session["chunk_size"]
        return self.content[(index - 1) * size : index * size]

    def url(self, index: int) -> str:
        """A fresh URL for one chunk."""
        body = {"start": index, "count": 1}
        [made] = self.api.post(f"{self.path}/presigned-urls", json=body).json()["upload_urls"]
        return str(made["url"])

    def put(self, url: str, content: bytes, method: str = "PUT") -> httpx2.Response:
        """What anybody gets who sends bytes there, without a key."""
        with httpx2.Client(transport=self.fake.transport()) as anybody:
            kind = {"content-type": "application/octet-stream"}
            return anybody.request(method, url, content=content, headers=kind)

    def upload(self, indices: Iterable[int]) -> list[dict[str, Any]]:
        """PUT these chunks; answers what is to be reported of them."""
        made = []
        for index in indices:
            piece = self.piece(index)
            response = self.put(self.url(index), piece)
            assert response.status_code == 200, response.text
            made.append(entry(index, response.headers["etag"].strip('"'), len(piece)))
        return made

    def report(self, entries: list[dict[str, Any]]) -> httpx2.Response:
        return self.api.post(self.path, json={"completed_chunks": entries})

    def status(self, **query: Any) -> dict[str, Any]:
        response = self.api.get(self.path, params=query)
        assert response.status_code == 200, response.text
        return dict(response.json())


def entry(index: int, proof: str, size: int) -> dict[str, Any]:
    """One chunk of a report."""
    return {"chunk_index": index, "proof": proof, "proof_type": "etag", "chunk_size": size}


def etag(content: bytes) -> str:
    """The proof that belongs to these bytes."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
