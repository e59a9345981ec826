"""Conversations as they travel: paced by the clock, cut, or as JSON because that is accepted."""

import json

import httpx2
import pytest
from imentiv_stage import Api, client_of

from understudy.mocks import Fake
from understudy.mocks.providers.imentiv.insights import FIRST, PER_PIECE

ASKED = {"message": "Who is the happiest?"}


def where(video: str) -> str:
    """The path of a video's conversation."""
    return f"/v2/video/{video}/ai-insights"


def test_stream__takes_its_time() -> None:
    """On an auto clock the pieces move it: the first after a while, the others close behind."""
    with Fake("imentiv", time="auto") as fake:
        api = Api(fake)
        video = api.made("videos")
        begun = fake.tenant("imk_test").clock.now()
        told = api.call("POST", where(video), json=ASKED).text
        pieces = told.count("event: stream_chunk")
        spent = fake.tenant("imk_test").clock.now() - begun
        assert spent == pytest.approx(FIRST + PER_PIECE * (pieces - 1), abs=0.01)
        asked, answered = api.get(where(video))["messages"]
        assert asked["timestamp"] < answered["timestamp"]


def test_stream__that_is_cut_leaves_no_trace(api: Api, video: str) -> None:
    """Whoever hangs up before the end has said nothing; the next question gets the number."""
    with api.client.stream("POST", where(video), json=ASKED) as response:
        pieces = response.iter_raw()
        seen = b""
        while b"stream_chunk" not in seen:
            seen += next(pieces)
    assert api.get(where(video))["messages"] == []
    told = api.call("POST", where(video), json=ASKED).text
    assert '"message_id":1' in told
    assert len(api.get(where(video))["messages"]) == 2


@pytest.mark.parametrize(
    ("accept", "query", "is_json"),
    [
        ("text/event-stream", "", False),
        ("*/*", "", False),
        ("application/json", "", True),
        ("application/json, text/event-stream;q=0.5", "", True),
        ("application/json", "?stream=true", False),
        ("text/event-stream", "?stream=false", True),
    ],
)
def test_form__follows_the_query_then_what_is_accepted(
    api: Api, video: str, accept: str, query: str, is_json: bool
) -> None:
    """`stream` decides; without it whoever accepts JSON alone, or rather, gets JSON."""
    headers = {"accept": accept}
    response = api.client.post(where(video) + query, json=ASKED, headers=headers)
    kind = "application/json" if is_json else "text/event-stream"
    assert response.headers["content-type"].startswith(kind)
    if is_json:
        assert response.json()["message_id"] == 1


def test_fault__in_the_middle_of_a_stream(fake: Fake, api: Api, video: str) -> None:
    """A stream that a fault cuts is not remembered."""
    fake.faults.add("cut", times=1)
    with pytest.raises(httpx2.HTTPError):
        api.client.post(where(video), json=ASKED)
    assert api.get(where(video))["messages"] == []


def test_conversations__belong_to_an_account(fake: Fake, api: Api) -> None:
    """Two accounts that send the same have conversations with names of their own."""
    names: set[str] = set()
    for key in ("imk_a", "imk_b"):
        one = Api(fake, key)
        video = one.made("videos")
        names.add(one.get(where(video))["conversation_id"])
        with client_of(fake, "imk_c") as other:
            assert other.get(where(video)).status_code == 404
    assert len(names) == 2


def test_answer__is_of_the_question(api: Api, video: str) -> None:
    """Who is asked about by name is spoken of, with the share that the average tells."""
    api.put(f"/v1/videos/{video}/faces/names", json=[{"face_id": 2, "name": "Ada"}])
    body = {"message": "How sad is Ada?"}
    told = api.call("POST", f"{where(video)}?stream=false", json=body).json()["response"]
    share = api.get(f"/v2/videos/{video}/emotions/average", face_id=2)["sad"]
    assert "Ada" in told and f"sad {share:.0%}" in told
    assert json.dumps(told)
