"""Every code and every status that Memories.ai's document declares is one that the fake gives."""

import pytest
from aim import breaches, contract_of, declared
from media import mp4, png
from memories_stage import LONG, NOBODY, VIDEO, Api, refused

from understudy.mocks import Fake
from understudy.mocks.limits import Limits
from understudy.mocks.providers.memories.errors import CODES, Errors
from understudy.mocks.refusal import Reason, Refusal

NAME = "memories/v1"
OPERATIONS = contract_of(NAME).operations
DECLARED = contract_of(NAME).document.root["x-refusals"]["codes"]  # type: ignore[index,call-overload]


def name_of(operation: str) -> tuple[str, str]:
    """Family and name of an operation."""
    family, _, name = operation.partition("-")
    return family, name.replace("-", "_")


def sent(api: Api, name: str, *, video: str = NOBODY, task: str = "", session: str = ""):  # type: ignore[no-untyped-def]
    """A request of that name that is on contract."""
    body: dict[str, object] = {
        "list_videos": {},
        "search": {"search_param": "a fox"},
        "chat": {"video_nos": [video], "prompt": "Who?"},
        "chat_stream": {"video_nos": [video], "prompt": "Who?"},
        "marketer_chat": {"prompt": "Who?"},
        "marketer_chat_stream": {"prompt": "Who?"},
        "delete_videos": [video],
        "scraper_url": {"video_urls": ["https://youtu.be/fox"]},
        "download": {"video_no": video},
    }
    query: dict[str, dict[str, str]] = {
        "get_video_transcription": {"video_no": video},
        "get_audio_transcription": {"video_no": video},
        "generate_summary": {"video_no": video, "type": "TOPIC"},
        "get_session_detail": {"sessionId": session},
        "get_video_ids_by_task_id": {"task_id": task},
    }
    if name == "upload_url":
        return api.form(name, url=VIDEO)
    if name == "upload":
        return api.post(name, files={"file": ("fox.mp4", mp4(9.0))})
    if name == "upload_img":
        return api.post(name, files={"files": ("fox.png", png())})
    if name in body:
        return api.post(name, body[name])
    return api.get(name, **query.get(name, {}))


@pytest.mark.parametrize(("operation", "status"), declared(NAME))
def test_status__is_given_as_declared(operation: str, status: int) -> None:
    """Each declared status is met by some request, and its reply is on contract."""
    family, name = name_of(operation)
    limits = Limits(body=2_000, upload=2_000, text=1_000) if status == 413 else None
    with Fake("memories", time="manual", limits=limits) as fake:
        api = Api(fake, family=family)
        if status == 200:
            video = api.upload()
            fake.clock.advance(LONG)
            task = sent(api, "scraper_url").json()["data"]["taskId"]
            session = sent(api, "marketer_chat").json()["data"]["session_id"]
            response = sent(api, name, video=video, task=task, session=session)
            assert b'"code":"0000"' in response.content or "json" not in str(
                response.headers["content-type"]
            )
        elif status == 405:
            response = api.http.put(name)
            assert response.headers["allow"] == OPERATIONS[operation].method
        elif status == 413:
            media = {"file": ("a.mp4", b"x" * 5_000), "files": ("a.png", b"x" * 5_000)}
            response = (
                api.post(name, files=media)
                if name in ("upload", "upload_img")
                else api.form(name, url="x" * 5_000)
                if name == "upload_url"
                else api.post(name, ["x" * 5_000])
            )
        else:
            response = api.post(name, content=b"x", headers={"content-type": "text/plain"})
        assert response.status_code == status, response.text
        if status != 200:
            refused(response, "0001", status)
        lines = list(response.headers.items())
        assert breaches(NAME, operation, status, lines, response.content) == ()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_rate__is_0429_in_the_envelope(operation: str) -> None:
    """With a limit, each operation that the document limits refuses the call that is too many."""
    family, name = name_of(operation)
    limited = "x-rate-limit" in OPERATIONS[operation].extensions
    with Fake("memories", time="manual", rate="2/10") as fake:
        api = Api(fake, family=family)
        for _ in range(2):
            sent(api, name)
        response = sent(api, name)
        if not limited:
            assert response.json()["code"] != "0429"
            return
        assert refused(response, "0429") == "Request has exceeded the limit."
        assert response.headers["retry-after"] == "10"
        fake.clock.advance(10)
        assert b"0429" not in sent(api, name).content


@pytest.mark.parametrize("operation", OPERATIONS)
def test_key__missing_or_wrong_is_0401(operation: str) -> None:
    """Bare or after Bearer, at every operation, before anything else is looked at."""
    family, name = name_of(operation)
    with Fake("memories", time="manual") as fake:
        for key in ("invalid-key", "not-a-real-key", "Bearer invalid-key", ""):
            message = refused(sent(Api(fake, key, family), name), "0401")
            assert message.startswith("Authorization is invalid")


def test_key__is_the_same_bare_or_as_a_bearer(fake: Fake) -> None:
    """Both spellings are one account; another key is another."""
    number = Api(fake, "sk-one").upload()
    assert [each["video_no"] for each in Api(fake, "Bearer sk-one").listed()] == [number]
    assert Api(fake, "sk-two").listed() == []


def test_keys__that_are_listed_are_the_only_ones() -> None:
    """`--api-key` in the provider's own words."""
    with Fake("memories", time="manual", keys=["sk-one"]) as fake:
        assert Api(fake, "Bearer sk-one").listed() == []
        refused(Api(fake, "sk-two").post("list_videos", {}), "0401")


@pytest.mark.parametrize("reason", Reason)
def test_envelope__has_a_declared_code_for_each_reason(reason: Reason) -> None:
    """Whatever a behaviour refuses, the code is one of the documented ones."""
    answer = Errors().answer(Refusal(reason, "Why."), None)
    assert isinstance(answer.content, dict)
    assert answer.content["code"] in DECLARED
    assert set(CODES.values()) <= set(DECLARED)


@pytest.mark.parametrize("code", sorted(DECLARED))
def test_envelope__carries_any_code(code: str) -> None:
    """Also those that only a fault makes the fake give: no credits, no account, no permission."""
    answer = Errors().answer(Refusal(Reason.RULE, "Why.", code=code), None)
    assert answer.status == 200
    assert answer.content == {
        "code": code, "msg": "Why.", "data": None, "success": False, "failed": True,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["nothing", "list_videos/", "upload_urls", "list_videos/VI1"])
def test_name__that_is_unknown(fake: Fake, path: str) -> None:
    """404 and the code 0001; the message names what is near."""
    message = refused(Api(fake).get(path), "0001", 404)
    assert "nearest" in message
