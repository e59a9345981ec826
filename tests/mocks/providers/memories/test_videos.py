"""Videos: taken in, parsed in their time, listed as text, deleted once."""

import re

import pytest
from media import mp4, png
from memories_stage import LONG, NOBODY, VIDEO, Api, good, refused

from understudy.mocks import Fake

MARK = "1751328000000"


def test_upload__answers_all_that_is_known_at_once(api: Api) -> None:
    """The four fields: number, name without ending, UNPARSE, and the moment in milliseconds."""
    made = good(api.form("upload_url", url=VIDEO))
    assert re.fullmatch(r"VI[0-9]{18}", made["videoNo"])
    assert made["videoName"] == "Red_fox"
    assert made["videoStatus"] == "UNPARSE"
    assert made["uploadTime"] == MARK


def test_numbers__grow_with_time(fake: Fake, api: Api) -> None:
    """A later upload has the greater number, as snowflakes have."""
    numbers = []
    for _ in range(3):
        numbers.append(int(api.upload()[2:]))
        fake.clock.advance(1)
    assert numbers == sorted(numbers)


def test_upload__of_a_file(fake: Fake, api: Api) -> None:
    """The file's own length is the duration, its size the size."""
    content = mp4(41.5)
    response = api.post("upload", files={"file": ("den.mov", content)}, data={"tags": ["fox"]})
    number = good(response)["videoNo"]
    fake.clock.advance(LONG)
    [shown] = api.listed(video_no=number)
    assert (shown["video_name"], shown["duration"]) == ("den", "42")
    assert shown["size"] == str(len(content))


@pytest.mark.parametrize("content", [b"", b"nothing at all", png()])
def test_upload__of_what_is_no_video(api: Api, content: bytes) -> None:
    """Is refused at once, and nothing is stored."""
    assert "no video" in refused(api.post("upload", files={"file": ("a.mp4", content)}), "0001")
    assert api.listed() == []


def test_list__shows_every_value_as_text(fake: Fake, api: Api) -> None:
    """UNPARSE without a duration, then PARSE with it; an absent cause is the text null."""
    number = api.upload()
    [before] = api.listed()
    assert before == {
        "duration": "0",
        "size": "7500000",
        "status": "UNPARSE",
        "cause": "null",
        "video_no": number,
        "video_name": "Red_fox",
        "create_time": MARK,
    }
    fake.clock.advance(74)
    assert api.listed()[0]["status"] == "UNPARSE"
    fake.clock.advance(2)
    assert api.listed() == [{**before, "duration": "30", "status": "PARSE"}]


def test_failure__has_its_cause(fake: Fake, api: Api) -> None:
    """FAIL, the recorded cause with its space, and a duration of 0."""
    api.upload("https://media.example/understudy-fail.mp4")
    api.upload("https://media.example/notes.pdf")
    fake.clock.advance(LONG)
    assert [(each["status"], each["cause"], each["duration"]) for each in api.listed()] == [
        ("FAIL", "Indexing failed. ", "0")
    ] * 2


def test_list__is_paged_from_the_newest(fake: Fake, api: Api) -> None:
    """Page and size are numbers in the reply, the count is text; past the end it is empty."""
    numbers = []
    for _ in range(5):
        numbers.append(api.upload())
        fake.clock.advance(1)
    assert [each["video_no"] for each in api.listed()] == numbers[::-1]
    page = good(api.post("list_videos", {"page": 2, "size": 2}))
    assert [each["video_no"] for each in page["videos"]] == [numbers[2], numbers[1]]
    assert (page["current_page"], page["page_size"], page["total_count"]) == (2, 2, "5")
    assert good(api.post("list_videos", {"page": 9, "size": 2}))["videos"] == []
    assert good(api.post("list_videos"))["page_size"] == 200


def test_list__filters(fake: Fake, api: Api) -> None:
    """By number, part of the name, status under any of its words, tag, camera and folder."""
    fox = api.upload(tags="animals,red", camera_model="Pocket", folder_id="-2")
    bad = api.upload("https://media.example/understudy-fail-boat.mp4")
    fake.clock.advance(LONG)

    def found(**asked: object) -> list[str]:
        return [each["video_no"] for each in api.listed(**asked)]

    assert found(video_no=fox) == found(video_nos=[fox, NOBODY]) == [fox]
    assert found(video_name="RED") == found(tag="red") == [fox]
    assert found(camera_model="Pocket") == found(folder_id=-2) == found(folder_id="-2") == [fox]
    assert found(status="PARSE") == [fox]
    for word in ("FAIL", "FAILED", "PARSE_ERROR"):
        assert found(status=word) == [bad]
    assert found(status="UNPARSE") == found(video_no=NOBODY) == found(tag="none") == []
    assert sorted(found(tag="api")) == sorted([fox, bad])
    refused(api.post("list_videos", {"folder_id": 7}), "0001")


def test_families__share_one_account(fake: Fake) -> None:
    """What one takes in, the other lists, uses and deletes."""
    one, other = Api(fake, family="v1"), Api(fake, family="video")
    number = one.upload()
    fake.clock.advance(LONG)
    assert [each["video_no"] for each in other.listed()] == [number]
    assert good(other.get("generate_summary", video_no=number, type="TOPIC"))
    assert good(other.post("delete_videos", [number])) is None
    assert one.listed() == []


def test_scopes__see_nothing_of_each_other(fake: Fake, api: Api) -> None:
    """`unique_id` is a tenant of the account's own; without one it is `default`."""
    mine, theirs = api.upload(), api.upload(unique_id="guest")
    fake.clock.advance(LONG)
    assert [each["video_no"] for each in api.listed()] == [mine]
    assert [each["video_no"] for each in api.listed(unique_id="default")] == [mine]
    assert [each["video_no"] for each in api.listed(unique="guest")] == [theirs]
    asked = {"video_no": theirs, "type": "TOPIC"}
    assert "not found" in refused(api.get("generate_summary", **asked), "0001")
    assert good(api.get("generate_summary", **asked, unique_id="guest"))
    refused(api.post("delete_videos", [theirs]), "0001")
    assert good(api.post("delete_videos", [theirs], params={"unique_id": "guest"})) is None


def test_delete__is_done_once_and_whole(fake: Fake, api: Api, video: str) -> None:
    """All or none; a second time is 0409, an unknown number 0001, and time brings none back."""
    young = api.upload()
    assert NOBODY in refused(api.post("delete_videos", [video, NOBODY]), "0001")
    assert len(api.listed()) == 2
    assert good(api.post("delete_videos", [video, young, video])) is None
    assert video in refused(api.post("delete_videos", [video]), "0409")
    fake.clock.advance(LONG)
    assert api.listed() == []
    refused(api.get("get_video_transcription", video_no=video), "0001")


def test_callbacks__tell_of_each_status(fake: Fake, api: Api) -> None:
    """`{videoNo, clientId, status}` when it is stored and when it is parsed or has failed."""
    number = api.upload(callback="http://127.0.0.1:1/hook")
    bad = api.upload("https://media.example/understudy-fail.mp4", callback="test.example")
    fake.clock.advance(LONG)
    sent = [(each.url, each.event, each.about, each.content) for each in fake.deliveries]
    clients = {each[3]["clientId"] for each in sent}  # type: ignore[index,call-overload]
    assert len(clients) == 1 and re.fullmatch("[0-9a-f]{32}", str(clients.pop()))
    told = [(url, about, content["status"]) for url, _, about, content in sent]  # type: ignore[index,call-overload]
    assert told == [
        ("http://127.0.0.1:1/hook", number, "UNPARSE"),
        ("http://test.example", bad, "UNPARSE"),
        ("http://127.0.0.1:1/hook", number, "PARSE"),
        ("http://test.example", bad, "FAIL"),
    ]
    assert {event for _, event, _, _ in sent} == {"callback"}


def test_magic_words__stick_and_slow(fake: Fake, api: Api) -> None:
    """A stuck video never ends; a slow one takes ten times as long."""
    stuck = api.upload("https://media.example/understudy-stuck.mp4")
    slow = api.upload("https://media.example/understudy-slow.mp4?duration=20")
    fake.clock.advance(699)
    assert {each["status"] for each in api.listed()} == {"UNPARSE"}
    fake.clock.advance(2)
    assert [each["video_no"] for each in api.listed(status="PARSE")] == [slow]
    fake.clock.advance(30 * LONG)
    assert [each["video_no"] for each in api.listed(status="UNPARSE")] == [stuck]


def test_auto__a_loop_that_asks_for_parsed_videos_ends() -> None:
    """Also one that filters by the status that it waits for, and never sleeps."""
    with Fake("memories", time="auto") as fake:
        api = Api(fake)
        number = api.upload()
        for _ in range(5):
            if found := api.listed(status="PARSE"):
                break
        assert [each["video_no"] for each in found] == [number]


def test_upload__notes_are_checked(api: Api) -> None:
    """Tags, the moment and the folder; refused uploads leave nothing behind."""
    many = ",".join(f"tag{each}" for each in range(21))
    assert "20" in refused(api.form("upload_url", url=VIDEO, tags=many), "0001")
    for moment in ("2025-02-30 10:00:00", "yesterday", "2025-07-01T10:00:00Z"):
        refused(api.form("upload_url", url=VIDEO, datetime_taken=moment), "0001")
    refused(api.form("upload_url", url=VIDEO, folder_id="5"), "0001")
    refused(api.form("upload_url", url="ftp://media.example/a.mp4"), "0001")
    refused(api.form("upload_url", url=VIDEO, latitude="91"), "0001")
    refused(api.form("upload_url"), "0001")
    assert api.listed() == []


def test_folders__are_two(api: Api) -> None:
    """Numbers as text, a real null, a real level."""
    shown = good(api.get("get_folder"))
    assert [(each["id"], each["parentId"], each["level"]) for each in shown] == [
        ("-1", None, 1), ("-2", None, 1),
    ]  # fmt: skip


def test_download__is_a_file_or_an_envelope(api: Api, video: str) -> None:
    """Bytes for a video that is there; 0001 for one that is not."""
    response = api.post("download", {"video_no": video})
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.content
    assert "video not found" in refused(api.post("download", {"video_no": NOBODY}), "0001")
