"""Every operation, in any order and by either family, against a small model of one account."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx2
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from media import mp4, png
from memories_stage import FAMILIES, NOBODY, Api, events, good, refused

from understudy.mocks import Fake

PICK = st.integers(0, 99)
SCOPE = st.sampled_from(["default", "default", "guest"])
WORDS = st.sampled_from(["red fox", "harbour ferry", "snow"])
READS = ("get_video_transcription", "get_audio_transcription", "generate_summary")


@dataclass
class Film:
    """What the model knows of a video: whose it is, its name, and how it will end."""

    scope: str
    name: str
    seconds: int
    fails: bool
    status: str = "UNPARSE"


@dataclass
class Talk:
    """What the model knows of a session."""

    scope: str
    title: str
    asked: list[str]


@dataclass
class Account:
    """The model."""

    films: dict[str, Film] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)
    tasks: dict[str, tuple[str, int]] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    callbacks: int = 0


class MemoriesMachine(RuleBasedStateMachine):
    """Every reply is held against the contract as well: the fake is strict."""

    def __init__(self) -> None:
        super().__init__()
        self.fake = Fake("memories", time="manual")
        self.apis = {name: Api(self.fake, "sk-machine", name) for name in FAMILIES}
        self.calls = 0
        self.account = Account()

    def teardown(self) -> None:
        for api in self.apis.values():
            api.close()
        self.fake.close()

    @property
    def api(self) -> Api:
        """The families take turns, so that each operation comes in both."""
        self.calls += 1
        return self.apis[FAMILIES[self.calls % 2]]

    @initialize(films=st.integers(0, 3))
    def begin(self, films: int) -> None:
        """Some videos that are parsed, so that few steps go to waste."""
        for each in range(films):
            self.upload_url("red fox", 20 * each + 10, False, "default", False)
        self.fake.clock.advance(3600)
        self.lists_agree()

    @rule(name=WORDS, seconds=st.integers(1, 90), fails=st.booleans(), scope=SCOPE,
          listens=st.booleans())  # fmt: skip
    def upload_url(self, name: str, seconds: int, fails: bool, scope: str, listens: bool) -> None:
        """An upload waits to be parsed; who listens hears of it."""
        stem = name.replace(" ", "-") + ("-understudy-fail" if fails else "")
        url = f"https://x.example/{stem}.mp4?duration={seconds}"
        more = {"callback": "https://app.example/hook"} if listens else {}
        made = good(self.api.form("upload_url", url=url, unique_id=scope, **more))
        self.account.callbacks += listens
        self._taken(made, Film(scope, stem, seconds, fails))

    @rule(seconds=st.integers(1, 90), scope=SCOPE)
    def upload(self, seconds: int, scope: str) -> None:
        """The same of a file."""
        files = {"file": ("snow.mp4", mp4(float(seconds)))}
        made = good(self.api.post("upload", files=files, data={"unique_id": scope}))
        self._taken(made, Film(scope, "snow", seconds, False))

    @rule(seconds=st.one_of(st.floats(0, 200), st.just(3600.0)))
    def advance(self, seconds: float) -> None:
        """Time only goes forward."""
        self.fake.clock.advance(seconds)

    @rule(pick=PICK, scope=SCOPE, name=st.sampled_from(READS))
    def read(self, pick: int, scope: str, name: str) -> None:
        """Texts are there for parsed videos of the scope, and lie within their length."""
        number, film = self._film(pick)
        asked = {"type": "TOPIC" if pick % 2 else "CHAPTER"} if name == "generate_summary" else {}
        response = self.api.get(name, video_no=number, unique_id=scope, **asked)
        if not self._usable(response, film, scope):
            return
        told = good(response)
        pieces = told.get("transcriptions", told.get("items"))
        assert pieces
        for each in pieces:
            assert 0 <= int(each.get("startTime", each.get("start"))) < film.seconds
            assert int(each.get("endTime", 1)) <= film.seconds

    @rule(pick=PICK, more=PICK, scope=SCOPE, streamed=st.sampled_from(["", "path", "accept"]))
    def chat(self, pick: int, more: int, scope: str, streamed: str) -> None:
        """A question grows its session, or begins one; a refused one does neither."""
        number, film = self._film(pick)
        session = self._talk(more)
        prompt = f"Question {self.calls}"
        body: dict[str, Any] = {"video_nos": [number], "prompt": prompt, "unique_id": scope}
        if session:
            body["session_id"] = session
        headers = {"accept": "text/event-stream"} if streamed == "accept" else {}
        name = "chat_stream" if streamed == "path" else "chat"
        fit = self._good_film(film, scope)
        response = self.api.post(name, body, headers=headers)
        if fit:
            self._asked(response, session, scope, prompt)
        elif streamed:
            [told] = events(response)
            assert json.loads(told).startswith(("Video is not parsed:", "No videos found"))
        else:
            refused(response, "0001" if film.scope != scope else "0003")

    @rule(more=PICK, scope=SCOPE, streamed=st.booleans())
    def marketer(self, more: int, scope: str, streamed: bool) -> None:
        """So does one about public videos."""
        session = self._talk(more)
        prompt = f"Question {self.calls}"
        body = {"prompt": prompt, "unique_id": scope, "session_id": session}
        name = "marketer_chat_stream" if streamed else "marketer_chat"
        self._asked(self.api.post(name, body), session, scope, prompt)

    @rule(more=PICK, scope=SCOPE)
    def detail(self, more: int, scope: str) -> None:
        """A session has each question with an answer, in order."""
        session = self._talk(more) or "612000000000000777"
        response = self.api.get("get_session_detail", sessionId=session, unique_id=scope)
        talk = self.account.talks.get(session)
        if talk is None or talk.scope != scope:
            refused(response, "0001")
            return
        told = good(response)
        assert told["title"] == talk.title
        said = told["messages"]
        assert [each["content"] for each in said[::2]] == talk.asked
        assert {each["role"] for each in said[1::2]} == {"assistant"}
        assert len(said) == 2 * len(talk.asked)

    @rule(words=WORDS, scope=SCOPE, kind=st.sampled_from(["BY_VIDEO", "BY_AUDIO", "BY_CLIP"]))
    def search(self, words: str, scope: str, kind: str) -> None:
        """Exactly the parsed videos of the scope are found, a named one before the others."""
        body = {"search_param": words, "search_type": kind, "unique_id": scope, "top_k": 1000}
        hits = good(self.api.post("search", body))
        self.lists_agree()
        known = self._parsed(scope)
        assert {each["videoNo"] for each in hits} == set(known)
        named = [number for number, film in known.items() if film.name == words.replace(" ", "-")]
        if named:
            assert hits[0]["videoNo"] in named
        for each in hits:
            if each["endTime"] != "null":
                end = known[each["videoNo"]].seconds
                assert 0 <= int(each["startTime"]) < int(each["endTime"]) <= end

    @rule(scope=SCOPE, count=st.integers(1, 3))
    def images(self, scope: str, count: int) -> None:
        """Images are found in their scope."""
        files = [("files", (f"fox{each}.png", png())) for each in range(count)]
        made = good(self.api.post("upload_img", files=files, data={"unique_id": scope}))
        assert len({each["id"] for each in made}) == count
        self.account.images |= {each["id"]: scope for each in made}
        body = {"search_param": "a fox", "search_type": "BY_IMAGE", "unique_id": scope}
        page = good(self.api.post("search", body))
        mine = {number for number, home in self.account.images.items() if home == scope}
        assert {each["id"] for each in page["item"]} == mine or len(mine) > 100
        assert page["total_count"] == str(len(mine))

    @rule(scope=SCOPE, count=st.integers(1, 3))
    def scrape(self, scope: str, count: int) -> None:
        """A task begins."""
        urls = [f"https://www.youtube.com/v{each}?duration=30" for each in range(count)]
        made = good(self.api.post("scraper_url", {"video_urls": urls, "unique_id": scope}))
        self.account.tasks[made["taskId"]] = (scope, count)

    @rule(pick=PICK, scope=SCOPE)
    def scraped(self, pick: int, scope: str) -> None:
        """Its videos come together, and are then videos like any."""
        tasks = sorted(self.account.tasks)
        task = tasks[pick % len(tasks)] if tasks else "none"
        home, count = self.account.tasks.get(task, ("", 0))
        response = self.api.get("get_video_ids_by_task_id", task_id=task, unique_id=scope)
        if home != scope:
            refused(response, "0001")
            return
        for each in good(response)["videos"]:
            known = self.account.films.setdefault(
                each["video_no"], Film(scope, each["video_name"], 30, False)
            )
            self._notice(known, each["status"])
            count -= 1
        assert count >= 0

    @rule(pick=PICK, other=PICK, scope=SCOPE)
    def delete(self, pick: int, other: int, scope: str) -> None:
        """All or none, once, and only in their scope."""
        if pick % 3:
            return
        self.lists_agree()
        numbers = {self._film(pick)[0], self._film(other)[0]}
        films = [self.account.films.get(number) for number in numbers]
        response = self.api.post("delete_videos", sorted(numbers), params={"unique_id": scope})
        if numbers & set(self.account.gone):
            refused(response, "0409")
        elif any(film is None or film.scope != scope for film in films):
            refused(response, "0001")
        else:
            assert good(response) is None
            for number in numbers:
                self.account.gone[number] = self.account.films.pop(number).scope

    @rule(pick=PICK, scope=SCOPE)
    def download(self, pick: int, scope: str) -> None:
        """A file for whatever is there."""
        number, film = self._film(pick)
        body = {"video_no": number, "unique_id": scope}
        response = self.api.post("download", body)
        if film.scope == scope:
            assert response.headers["content-type"] == "application/octet-stream"
        else:
            refused(response, "0001")

    @rule()
    def folders(self) -> None:
        """Always two."""
        assert len(good(self.api.get("get_folder"))) == 2

    @invariant()
    def lists_agree(self) -> None:
        """Lists hold just what the model holds; a status never goes back, and ends as it must."""
        for scope in ("default", "guest"):
            listed = good(self.api.post("list_videos", {"unique_id": scope, "size": 1000}))
            seen = {each["video_no"]: each for each in listed["videos"]}
            for number, each in seen.items():
                film = self.account.films.setdefault(
                    number, Film(scope, each["video_name"], 30, False)
                )
                self._notice(film, each["status"])
                whole = str(film.seconds) if film.status == "PARSE" else "0"
                assert each["duration"] == whole
                assert each["cause"] == ("Indexing failed. " if film.status == "FAIL" else "null")
            mine = {number for number, film in self.account.films.items() if film.scope == scope}
            assert set(seen) == mine and listed["total_count"] == str(len(mine))
            for status in ("PARSE", "FAIL", "UNPARSE"):
                asked = {"unique_id": scope, "size": 1000, "status": status}
                part = good(self.api.post("list_videos", asked))["videos"]
                assert {each["video_no"] for each in part} == {
                    number for number in mine if self.account.films[number].status == status
                }
            page = good(self.api.get("list_sessions", unique_id=scope))
            talks = [each for each in self.account.talks.values() if each.scope == scope]
            assert page["total_count"] == str(len(talks))
            assert {each["title"] for each in page["sessions"]} <= {each.title for each in talks}
        assert len(self.fake.deliveries) >= min(self.account.callbacks, 100)

    def _taken(self, made: dict[str, str], film: Film) -> None:
        assert made["videoNo"] not in self.account.films
        assert made["videoName"] == film.name
        self.account.films[made["videoNo"]] = film

    def _notice(self, film: Film, status: str) -> None:
        assert film.status in ("UNPARSE", status)
        assert status in ("UNPARSE", "FAIL" if film.fails else "PARSE")
        film.status = status

    def _film(self, pick: int) -> tuple[str, Film]:
        """One of those there are, or now and then one that is gone or never was."""
        known = sorted(self.account.films)
        if pick % 8 == 7 or not known:
            gone = sorted(self.account.gone) or [NOBODY]
            return gone[pick % len(gone)], Film("", "", 0, False, "GONE")
        number = known[pick % len(known)]
        return number, self.account.films[number]

    def _talk(self, pick: int) -> str:
        known = sorted(self.account.talks)
        return known[pick % len(known)] if known and pick % 3 else ""

    def _parsed(self, scope: str) -> dict[str, Film]:
        return {
            number: film
            for number, film in self.account.films.items()
            if film.scope == scope and film.status == "PARSE"
        }

    def _good_film(self, film: Film, scope: str) -> bool:
        self.lists_agree()
        return film.scope == scope and film.status == "PARSE"

    def _usable(self, response: httpx2.Response, film: Film, scope: str) -> bool:
        """Whether a video can be used; the refusal is checked where it cannot."""
        if self._good_film(film, scope):
            return True
        refused(response, "0001" if film.scope != scope else "0003")
        return False

    def _asked(self, response: httpx2.Response, session: str, scope: str, prompt: str) -> None:
        """Write a question down, where its session was one of the scope."""
        if session and self.account.talks[session].scope != scope:
            refused(response, "0001")
            return
        if response.headers["content-type"] == "application/json":
            answered = str(good(response)["session_id"])
        else:
            *told, end = events(response)
            assert end == '"Done"'
            answered = str(json.loads(told[0])["sessionId"])
        assert not session or answered == session
        talk = self.account.talks.setdefault(answered, Talk(scope, prompt, []))
        talk.asked.append(prompt)


TestMemories = MemoriesMachine.TestCase
TestMemories.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
