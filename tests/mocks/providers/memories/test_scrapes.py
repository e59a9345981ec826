"""Tasks that fetch videos from pages of a platform."""

import pytest
from memories_stage import LONG, Api, good, refused

from understudy.mocks import Fake

PAGES = ["https://www.youtube.com/watch?v=fox", "https://youtu.be/boat"]


def begin(api: Api, *urls: str, **more: object) -> str:
    return str(good(api.post("scraper_url", {"video_urls": urls or PAGES, **more}))["taskId"])


def videos(api: Api, task: str) -> list[dict[str, str]]:
    return list(good(api.get("get_video_ids_by_task_id", task_id=task))["videos"])


def test_scrape__becomes_uploads(fake: Fake, api: Api) -> None:
    """Nothing while they are fetched; then videos on their way, which end like any other."""
    task = begin(api)
    assert videos(api, task) == [] == api.listed()
    fake.clock.advance(72)
    found = videos(api, task)
    assert [each["video_url"] for each in found] == PAGES
    assert {each["status"] for each in found} == {"UNPARSE"}
    assert {each["video_no"] for each in found} == {each["video_no"] for each in api.listed()}
    fake.clock.advance(LONG)
    for each in videos(api, task):
        assert each["status"] == "PARSE" and each["duration"] == "60"
        assert (each["width"], each["height"], each["resolution_label"]) == ("1280", "720", "720p")
        assert good(api.post("chat", {"video_nos": [each["video_no"]], "prompt": "Who?"}))


def test_scrape__tells_its_callback(fake: Fake, api: Api) -> None:
    """`{taskId, status}` at the end, whichever it is."""
    task = begin(api, callback_url="http://127.0.0.1:1/done", quality="720")
    bad = begin(api, "https://www.tiktok.com/@a/understudy-fail", callback_url="http://127.0.0.1:1")
    fake.clock.advance(LONG)
    assert videos(api, bad) == []
    told = {each.about: each.content for each in fake.deliveries}
    assert told == {
        task: {"taskId": task, "status": "SUCCEEDED"},
        bad: {"taskId": bad, "status": "FAILED"},
    }


def test_scrape__forgets_deleted_videos(fake: Fake, api: Api) -> None:
    """What was deleted is not listed."""
    task = begin(api)
    fake.clock.advance(LONG)
    first, second = (each["video_no"] for each in videos(api, task))
    good(api.post("delete_videos", [first]))
    assert [each["video_no"] for each in videos(api, task)] == [second]


def test_scrape__belongs_to_its_scope(fake: Fake, api: Api) -> None:
    """The task and its videos."""
    task = begin(api, unique_id="guest")
    fake.clock.advance(LONG)
    refused(api.get("get_video_ids_by_task_id", task_id=task), "0001")
    assert api.listed() == []
    assert len(api.listed(unique_id="guest")) == 2


@pytest.mark.parametrize(
    "urls",
    [
        [],
        ["https://media.example/fox.mp4"],
        ["https://notyoutube.com/watch"],
        ["https://www.youtube.com/a", "https://www.tiktok.com/b"],
        ["nothing"],
        PAGES * 26,
    ],
)
def test_scrape__takes_pages_of_one_platform(api: Api, urls: list[str]) -> None:
    """Anything else is refused, and no task begins."""
    refused(api.post("scraper_url", {"video_urls": urls}), "0001")


def test_scrape__in_auto_time_ends_by_being_asked() -> None:
    """A loop without a sleep sees the videos come and be parsed."""
    with Fake("memories", time="auto") as fake:
        api = Api(fake)
        task = begin(api)
        seen = [[each["status"] for each in videos(api, task)] for _ in range(8)]
        assert seen[-1] == ["PARSE", "PARSE"]
