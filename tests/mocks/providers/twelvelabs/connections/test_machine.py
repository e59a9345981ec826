"""Consents, connections, imports, assets and time against a small model of an account."""

from dataclasses import dataclass, field
from typing import Literal

import httpx2
from connections_stage import DONE, ask, open_address, told
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)
from stage import client_of

from understudy.mocks import Fake

LABELS = st.sampled_from(["", "a", "understudy-fail"])
FILES = ["1AbC", "b.mp3", "understudy-fail", "sheet.xlsx", "understudy-unknown"]
UNFIT = {"sheet.xlsx", "understudy-unknown"}
FILMS = 600.0
"""Seconds after which every file is ready or has failed."""


@dataclass
class Drive:
    """What the model knows of a connection: whose it is, its status, and what it brought."""

    label: str
    status: str = "active"
    imports: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)


@dataclass
class Account:
    """The model: registered URIs, open consents, connections, and files by account and id."""

    uris: dict[str, str] = field(default_factory=dict)
    consents: dict[str, tuple[str, float]] = field(default_factory=dict)
    drives: dict[str, Drive] = field(default_factory=dict)
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    fetched: dict[str, float] = field(default_factory=dict)
    now: float = 0.0


class ConnectionMachine(RuleBasedStateMachine):
    """Every reply is held against the contract and the lifecycles as well."""

    consents = Bundle("consents")
    drives = Bundle("drives")

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("twelvelabs", time="manual")
        self.api: httpx2.Client = client_of(self.fake, "tlk_machine")
        self.account = Account()

    def teardown(self) -> None:
        self.api.close()
        self.fake.close()

    @initialize(target=drives, label=st.sampled_from(["", "a"]))
    def begin(self, label: str) -> str:
        """A drive is connected, and a file comes out of it."""
        drive = self.open(self.ask("", label), refuse=False)
        self.fetch(drive, ["1AbC"])
        return drive

    @rule(end=st.sampled_from(["/1", "/2"]))
    def register(self, end: str) -> None:
        """A URI is registered once."""
        made = self.api.post("/connections/redirect-uris", json={"redirect_uri": DONE + end})
        assert made.status_code == (409 if DONE + end in self.account.uris else 201)
        if made.status_code == 201:
            self.account.uris[DONE + end] = made.json()["_id"]

    @rule(end=st.sampled_from(["/1", "/2"]))
    def unregister(self, end: str) -> None:
        """A registered URI is removed."""
        identity = self.account.uris.pop(DONE + end, "0" * 24)
        gone = self.api.delete(f"/connections/redirect-uris/{identity}")
        assert gone.status_code == (404 if identity == "0" * 24 else 204)

    @rule(target=consents, end=st.sampled_from(["", "/1", "/2"]), label=LABELS)
    def ask(self, end: str, label: str) -> str:
        """A consent is asked for, with a URI that is registered where any is."""
        asked = ask(self.api, DONE + end, **({"custom_id": label} if label else {}))
        if self.account.uris and DONE + end not in self.account.uris:
            assert asked.status_code == 400
            return ""
        address = str(asked.json()["authorize_url"])
        self.account.consents[address] = (label, self.account.now)
        return address

    @rule(target=drives, address=consents, refuse=st.booleans())
    def open(self, address: str, refuse: bool) -> str:
        """An address is opened: it works once, in time, and leads back."""
        if not address:
            return ""
        label, since = self.account.consents.get(address, ("", -1.0))
        back = open_address(self.fake, address + ("&error=no" if refuse else ""))
        if since < 0 or self.account.now - since >= 600:
            assert back.status_code == 403
            return ""
        del self.account.consents[address]
        brought = told(back)
        if refuse or label == "understudy-fail":
            assert set(brought) == {"error"}
            return ""
        assert brought.get("custom_id", "") == label
        self.account.drives[brought["connection_id"]] = Drive(label)
        return brought["connection_id"]

    def active(self, drive: str) -> bool:
        return self.account.drives[drive].status == "active"

    @rule(drive=drives, outcome=st.sampled_from(["ok", "fail"]))
    def end(self, drive: str, outcome: Literal["ok", "fail"]) -> None:
        """An access ends by itself, or is taken back."""
        if drive in self.account.drives and self.active(drive):
            self.fake.decide({"_id": drive}, outcome)
            self.account.drives[drive].status = "expired" if outcome == "ok" else "revoked"

    @rule(drive=drives, wanted=st.lists(st.sampled_from(FILES), min_size=1, unique=True))
    def fetch(self, drive: str, wanted: list[str]) -> None:
        """Files are imported: new, known, failed before, or unfit."""
        items = [{"source_id": each} for each in wanted]
        told = self.api.post(f"/connections/{drive or '0' * 24}/imports", json={"items": items})
        if drive not in self.account.drives:
            assert told.status_code == 404
            return
        if not self.active(drive):
            assert told.status_code == 409
            return
        known = self.account.drives[drive]
        kept = []
        for source, item in zip(wanted, told.json()["items"], strict=True):
            file = (known.label, source)
            action = "rejected" if source in UNFIT else "created"
            if file in self.account.files:
                action = "skipped"
                assert item["asset_id"] == self.account.files[file]
                if self.status(self.account.files[file], source) == "failed":
                    action = "retried"
            assert item["action"] == action
            if action in ("created", "retried"):
                self.account.files[file] = item["asset_id"]
                self.account.fetched[item["asset_id"]] = self.account.now
            kept.append((source, action, item.get("asset_id", "")))
        assert told.json()["has_failures"] == bool(UNFIT & set(wanted))
        known.imports[told.json()["_id"]] = kept

    def status(self, asset: str, source: str) -> str:
        if self.account.now - self.account.fetched[asset] < FILMS:
            return "processing"
        return "failed" if source == "understudy-fail" else "ready"

    @rule(drive=drives)
    def pick(self, drive: str) -> None:
        """A token comes for an active connection alone."""
        asked = self.api.post(f"/connections/{drive or '0' * 24}/picker-token")
        there = drive in self.account.drives
        assert asked.status_code == ((200 if self.active(drive) else 409) if there else 404)

    @rule(drive=consumes(drives))
    def cut(self, drive: str) -> None:
        """A connection goes with its imports; what came in stays."""
        gone = self.api.delete(f"/connections/{drive or '0' * 24}")
        assert gone.status_code == (204 if drive in self.account.drives else 404)
        self.account.drives.pop(drive, None)

    @rule(place=st.integers(0, 5))
    def delete_asset(self, place: int) -> None:
        """A file that came in is deleted, and could come in anew."""
        files = list(self.account.files)
        if place < len(files):
            asset = self.account.files.pop(files[place])
            assert self.api.delete(f"/assets/{asset}").status_code == 204

    @rule(seconds=st.sampled_from([60.0, FILMS]))
    def wait(self, seconds: float) -> None:
        """Time passes; a short while stands for none where files are on their way."""
        fresh = any(
            0 < self.account.now + seconds - at < FILMS for at in self.account.fetched.values()
        )
        seconds = FILMS if fresh else seconds
        self.fake.clock.advance(seconds)
        self.account.now += seconds

    @rule()
    def there_and_back(self) -> None:
        """A snapshot is taken, something is done, and all is as before."""
        snapshot = self.fake.snapshot()
        self.api.post("/connections/redirect-uris", json={"redirect_uri": f"{DONE}/lost"})
        for address in self.account.consents:
            open_address(self.fake, address)
        self.fake.clock.advance(FILMS)
        self.fake.restore(snapshot)

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        """Lists and single reads show the model, no more and no less."""
        uris = self.api.get("/connections/redirect-uris").json()["data"]
        assert {each["redirect_uri"]: each["_id"] for each in uris} == self.account.uris
        drives = self.api.get("/connections", params={"page_limit": 50}).json()["data"]
        assert [each["_id"] for each in drives] == list(self.account.drives)[::-1]
        for shown in drives:
            known = self.account.drives[shown["_id"]]
            assert shown.get("custom_id", "") == known.label
            assert shown["status"] == known.status
            self._check(shown["_id"], known)
        page = self.api.get("/assets").json()["page_info"]
        assert page["total_results"] == len(self.account.files)

    def _check(self, drive: str, known: Drive) -> None:
        path = f"/connections/{drive}/imports"
        listed = self.api.get(path, params={"page_limit": 50}).json()["data"]
        assert [each["_id"] for each in listed] == list(known.imports)[::-1]
        there = set(self.account.files.values())
        for each in listed:
            kept = known.imports[each["_id"]]
            assert each["item_count"] == len(kept)
            found = self.api.get(f"{path}/{each['_id']}").json()["items"]
            assert [
                (item["source_id"], item["action"], item.get("asset_id", ""), item.get("status"))
                for item in found
            ] == [
                (source, action, asset, self.status(asset, source) if asset else None)
                for source, action, asset in kept
                if not asset or asset in there
            ]


ConnectionMachine.TestCase.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None
)
TestConnectionMachine = ConnectionMachine.TestCase
