"""Assets, uploads and indexed assets in any order, against a small model of one account."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
from assets_stage import UPLOADS, Sender, entry, fetched
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from media import mp4
from stage import NOBODY, client_of, new_index

from understudy.mocks import Fake
from understudy.mocks.limits import Limits
from understudy.mocks.snapshot import Snapshot

PICK = st.integers(0, 99)
SECONDS = 4.5, 300.0, 3000.0
HOUR, DAY = 3600.0, 86_400.0
LATER = {"processing": 0, "ready": 1, "failed": 1}
ORDER = ["pending", "queued", "validating", "indexing", "ready"]
CHUNK = 1000
METADATA = st.dictionaries(
    st.sampled_from("abc"),
    st.one_of(st.none(), st.just(""), st.just([]), st.integers(-9, 9), st.booleans()),
    max_size=3,
)


@dataclass
class Asset:
    """What the model knows of an asset."""

    ends: str = "ready"
    status: str = "processing"
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class Upload:
    """What the model knows of an upload: proofs of what was sent, chunks that were reported truly
    and falsely, and those whose first URL was used."""

    sender: Sender
    began: float
    urls: dict[int, str]
    sent: dict[int, str] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    wrong: set[int] = field(default_factory=set)
    spent: set[int] = field(default_factory=set)
    status: str = "active"


@dataclass
class Indexed:
    """What the model knows of an indexed asset."""

    index: str
    asset: str
    status: str = "pending"


class AssetsMachine(RuleBasedStateMachine):
    """Every reply is held against the contract as well: the fake is strict."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual", limits=Limits(body=CHUNK))
        self.api: httpx2.Client = client_of(self.fake, "tlk_machine")
        self.assets: dict[str, Asset] = {}
        self.uploads: dict[str, Upload] = {}
        self.indexed: dict[str, Indexed] = {}
        self.indexes: list[str] = []
        self.gone = [NOBODY]

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @initialize()
    def begin(self) -> None:
        self.indexes = [new_index(self.api, name) for name in ("films", "clips")]
        for pick in range(3):
            self.fetch("walk", pick)
        self.wait(100.0)
        self.assets_are_as_they_should_be()
        self.index(0, 0)
        self.wait(100.0)
        self.begin_upload(1500, film=True)

    def one(self, known: dict[str, Any], pick: int) -> str:
        """One of those there are, or now and then one that is gone."""
        names = list(known)
        absent = pick % 8 == 7 or not names
        return self.gone[pick % len(self.gone)] if absent else names[pick % len(names)]

    @rule(word=st.sampled_from(["walk", "understudy-fail", "understudy-stuck"]), pick=PICK)
    def fetch(self, word: str, pick: int) -> None:
        seconds = SECONDS[pick % len(SECONDS)]
        made = fetched(self.api, f"https://m.example/{word}.mp4?duration={seconds}")
        assert made.status_code == 201, made.text
        ends = {"understudy-fail": "failed", "understudy-stuck": "processing"}.get(word, "ready")
        self.assets[made.json()["_id"]] = Asset(ends)

    @rule(pick=PICK, change=METADATA, merge=st.booleans())
    def annotate(self, pick: int, change: dict[str, Any], merge: bool) -> None:
        identity = self.one(self.assets, pick)
        path, body = f"/assets/{identity}/user-metadata", {"user_metadata": change}
        response = self.api.request("PATCH" if merge else "PUT", path, json=body)
        asset = self.assets.get(identity)
        assert response.status_code == (204 if asset else 404)
        if asset is None:
            return
        asset.metadata = dict(asset.metadata) if merge else {}
        for name, value in change.items():
            if value is None:
                asset.metadata.pop(name, None)
            elif value not in ("", []):
                asset.metadata[name] = value

    @rule(pick=PICK, force=st.booleans())
    def delete_asset(self, pick: int, force: bool) -> None:
        identity = self.one(self.assets if pick % 3 == 0 else {}, pick)
        used = any(each.asset == identity for each in self.indexed.values())
        query = {"force": "true"} if force else {}
        response = self.api.delete(f"/assets/{identity}", params=query)
        if identity not in self.assets:
            assert response.status_code == 404
        elif used and not force:
            assert response.status_code == 409
        else:
            assert response.status_code == 204
            del self.assets[identity]
            self.gone.append(identity)
            for upload in [u for u, each in self.uploads.items() if each.sender.asset == identity]:
                del self.uploads[upload]
                self.gone.append(upload)

    @rule(padding=st.integers(0, 2500), film=st.booleans())
    def begin_upload(self, padding: int, film: bool) -> None:
        content = mp4(20.0, padding=padding) if film else bytes(padding + 1)
        sender = Sender.of(self.fake, self.api, content)
        urls = {each["chunk_index"]: each["url"] for each in sender.session["upload_urls"]}
        upload = Upload(sender, self.fake.clock.now(), urls)
        self.uploads[sender.session["upload_id"]] = upload
        self.assets[sender.asset] = Asset("ready" if film else "failed")

    @rule(pick=PICK, index=PICK, fresh=st.booleans(), short=st.booleans())
    def put(self, pick: int, index: int, fresh: bool, short: bool) -> None:
        """PUT a chunk to the URL of the beginning, or to a fresh one."""
        upload = self.uploads.get(self.one(self.uploads, pick))
        if upload is None:
            return
        sender, chunk = upload.sender, index % upload.sender.total + 1
        fresh = fresh and upload.status == "active"
        url = sender.url(chunk) if fresh else upload.urls[chunk]
        young = fresh or self.fake.clock.now() < upload.began + HOUR
        piece = sender.piece(chunk)
        response = sender.put(url, piece[:-1] if short else piece)
        if upload.status != "active" or not young or (not fresh and chunk in upload.spent):
            assert response.status_code == 403, response.text
        elif chunk in upload.done:
            assert response.status_code == 409, response.text
        elif short:
            assert response.status_code == 400, response.text
        else:
            assert response.status_code == 200, response.text
            upload.sent[chunk] = response.headers["etag"].strip('"')
            if not fresh:
                upload.spent.add(chunk)

    @rule(pick=PICK)
    def finish(self, pick: int) -> None:
        """Send and report whatever is missing, while it is taken."""
        upload = self.uploads.get(self.one(self.uploads, pick))
        if upload is None or upload.status != "active":
            return
        missing = [each for each in range(1, upload.sender.total + 1) if each not in upload.done]
        for each in upload.sender.upload(missing):
            upload.sent[each["chunk_index"]] = each["proof"]
        self.report_of(upload, missing)

    @rule(pick=PICK, chunks=st.lists(PICK, min_size=1, max_size=6), lie=st.booleans())
    def report(self, pick: int, chunks: list[int], lie: bool) -> None:
        """Report some chunks, sent or not, once or twice, truly or with a false proof."""
        identity = self.one(self.uploads, pick)
        upload = self.uploads.get(identity)
        if upload is None:
            body = {"completed_chunks": [entry(1, "0", 1)]}
            assert self.api.post(f"{UPLOADS}/{identity}", json=body).status_code == 404
            return
        self.report_of(upload, [each % upload.sender.total + 1 for each in chunks], lie=lie)

    def report_of(self, upload: Upload, indices: list[int], *, lie: bool = False) -> None:
        """What a report is told, and what is so after it."""
        sender = upload.sender
        entries = [
            entry(each, "false" if lie else upload.sent.get(each, "none"), len(sender.piece(each)))
            for each in indices
        ]
        response = sender.report(entries)
        if upload.status == "expired":
            assert response.status_code == 400
            return
        told, duplicates = response.json(), 0
        for each in indices:
            if each in upload.done:
                duplicates += 1
            elif each in upload.sent and not lie:
                upload.done.add(each)
                upload.wrong.discard(each)
            else:
                upload.wrong.add(each)
        assert told["duplicate_chunks"] == duplicates
        assert told["total_completed"] == len(upload.done)
        completes = upload.status == "active" and len(upload.done) == sender.total
        assert ("url" in told) == completes
        if completes:
            upload.status = "completed"

    @rule(pick=PICK, home=st.integers(0, 1))
    def index(self, pick: int, home: int) -> None:
        identity, index = self.one(self.assets, pick), self.indexes[home]
        path = f"/indexes/{index}/indexed-assets"
        response = self.api.post(path, json={"asset_id": identity})
        asset = self.assets.get(identity)
        if asset is None:
            assert response.status_code == 404
        elif asset.status != "ready":
            assert response.status_code == 400
        else:
            assert response.status_code == 202
            self.indexed[response.json()["_id"]] = Indexed(index, identity)

    @rule(pick=PICK, kind=st.sampled_from(["videos", "indexed-assets"]))
    def take_out(self, pick: int, kind: str) -> None:
        identity = self.one(self.indexed if pick % 3 == 0 else {}, pick)
        indexed = self.indexed.get(identity)
        index = indexed.index if indexed else self.indexes[0]
        response = self.api.delete(f"/indexes/{index}/{kind}/{identity}")
        there = indexed is not None and (kind != "videos" or indexed.status == "ready")
        assert response.status_code == (204 if there else 404)
        if there:
            del self.indexed[identity]
            self.gone.append(identity)

    @rule(seconds=st.sampled_from([1.0, 4.0, 10.0, 100.0, 2000.0, 3600.0, DAY]))
    def wait(self, seconds: float) -> None:
        self.fake.clock.advance(seconds)
        for upload in self.uploads.values():
            if upload.status == "active" and self.fake.clock.now() >= upload.began + DAY:
                upload.status = "expired"
                self.assets[upload.sender.asset].ends = "failed"

    @rule()
    def go_back(self) -> None:
        """A snapshot that is brought back after anything changes nothing."""
        snapshot: Snapshot = self.fake.snapshot()
        self.fake.clock.advance(DAY)
        self.api.post("/assets/multipart-uploads", json={})
        for each in list(self.assets)[:1]:
            self.api.delete(f"/assets/{each}", params={"force": "true"})
        self.fake.restore(snapshot)

    @invariant()
    def assets_are_as_they_should_be(self) -> None:
        """Each goes from processing to its end and stays there, with its metadata."""
        every = self.pages("/assets")
        assert {each["_id"] for each in every} == set(self.assets)
        for shown in every:
            asset = self.assets[shown["_id"]]
            assert LATER[shown["status"]] >= LATER[asset.status]
            assert shown["status"] in ("processing", asset.ends), (shown, asset)
            if asset.status != "processing":
                assert shown["status"] == asset.status
            asset.status = shown["status"]
            assert shown.get("user_metadata", {}) == asset.metadata
            assert ("size" in shown) == (shown["status"] == "ready")
            assert ("error" in shown) == (shown["status"] == "failed")

    @invariant()
    def uploads_are_as_they_should_be(self) -> None:
        """Every chunk is listed, in the state that was told; the incomplete ones are listed."""
        listed = {each["upload_id"]: each["status"] for each in self.pages(UPLOADS)}
        expected = {u: each.status for u, each in self.uploads.items()}
        assert listed == {u: s for u, s in expected.items() if s != "completed"}
        for upload in self.uploads.values():
            shown = upload.sender.status(page_limit=50)
            assert shown["status"] == upload.status
            for chunk in shown["uploaded_chunks"]:
                index = chunk["index"]
                state = "failed" if index in upload.wrong else "pending"
                assert chunk["status"] == ("completed" if index in upload.done else state)
            assert len(shown["uploaded_chunks"]) == upload.sender.total
            if upload.status != "completed":
                ends = "failed" if upload.status == "expired" else "processing"
                assert self.assets[upload.sender.asset].status == ends

    @invariant()
    def indexes_are_as_they_should_be(self) -> None:
        """Each goes its way in order; the ready ones are the videos, and are counted."""
        for index in self.indexes:
            every = self.pages(f"/indexes/{index}/indexed-assets")
            mine = {i for i, each in self.indexed.items() if each.index == index}
            assert {each["_id"] for each in every} == mine
            for shown in every:
                indexed = self.indexed[shown["_id"]]
                assert ORDER.index(shown["status"]) >= ORDER.index(indexed.status)
                indexed.status = shown["status"]
            ready = {i for i in mine if self.indexed[i].status == "ready"}
            videos = self.pages(f"/indexes/{index}/videos")
            assert {each["_id"] for each in videos} == ready
            assert {each["asset_id"] for each in videos} == {self.indexed[i].asset for i in ready}
            assert self.api.get(f"/indexes/{index}").json()["video_count"] == len(ready)

    def pages(self, path: str) -> list[dict[str, Any]]:
        """Everything on a list, fetched as the SDKs do: until an empty page."""
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            query = {"page": page, "page_limit": 50}
            data = self.api.get(path, params=query).json()["data"]
            if not data:
                return found
            found += data
            page += 1


TestAssetsMachine = AssetsMachine.TestCase
TestAssetsMachine.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
