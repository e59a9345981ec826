"""Classification in v1.2: scores that agree with each other, and pages of videos."""

from itertools import pairwise
from typing import Any

import pytest
from older import CLASSES, SHIP, VIDEO, Older
from stage import refused


@pytest.fixture
def films(older: Older) -> Older:
    """An index with a fox and a ferry."""
    older.video = older.new_video(VIDEO)
    older.ship = older.new_video(SHIP)  # type: ignore[attr-defined]
    return older


def classes(found: Any) -> dict[str, list[dict[str, Any]]]:
    """The classes by video."""
    return {each["video_id"]: each["classes"] for each in found.json()["data"]}


def test_classes__fit_what_the_videos_show(films: Older) -> None:
    """Each video has the class that its title speaks of, and not the other."""
    found = classes(films.classify())
    ship = films.ship  # type: ignore[attr-defined]
    assert [each["name"] for each in found[films.video]] == ["animals"]
    assert [each["name"] for each in found[ship]] == ["ships"]
    ids = [ship, films.video, ship]
    asked = films.post("/classify", video_ids=ids, options=["visual"], classes=CLASSES)
    assert list(classes(asked)) == [ship, films.video]
    assert classes(asked) == found


def test_scores__agree_with_the_clips(films: Older) -> None:
    """The score is the best clip's, the share that of the clips; thresholds rule out."""
    asked = {"include_clips": True, "show_detailed_score": True}
    low = {"threshold": {"min_clip_score": 0}}
    for made in classes(films.classify(**asked, **low))[films.video]:
        clips = made["clips"]
        scores = [clip["score"] for clip in clips]
        detailed = made["detailed_scores"]
        assert made["score"] == detailed["max_score"] == max(scores)
        assert detailed["avg_score"] == pytest.approx(sum(scores) / len(scores), abs=0.01)
        assert made["duration_ratio"] == 1.0
        assert all(one["end"] <= other["start"] for one, other in pairwise(clips))
    shown = classes(films.classify())[films.video][0]
    assert set(shown) == {"name", "score", "duration_ratio"}
    for threshold in (
        {"min_clip_score": shown["score"] + 0.005},
        {"min_video_score": shown["score"] + 0.005},
        {"min_clip_score": shown["score"], "min_duration_ratio": 0.9},
    ):
        assert classes(films.classify(threshold=threshold))[films.video] == [], threshold


def test_prompts__the_best_counts(films: Older) -> None:
    """Of several prompts each clip names the one that it fits best; the best class comes first."""
    sorts = [
        {"name": "dull", "prompts": ["mountains"]},
        {"name": "both", "prompts": ["mountains", "a red fox"], "options": ["conversation"]},
    ]
    asked = {"classes": sorts, "include_clips": True, "threshold": {"min_clip_score": 1}}
    both, dull = classes(films.classify(**asked, options=["visual", "conversation"]))[films.video]
    assert (both["name"], dull["name"]) == ("both", "dull")
    assert {clip["prompt"] for clip in both["clips"]} == {"a red fox"}
    assert {clip["option"] for clip in both["clips"]} == {"conversation"}
    exact = [{**sorts[1], "conversation_option": "exact_match", "prompts": ["zebra"]}]
    assert classes(films.classify(**{**asked, "classes": exact}))[films.video] == []


def test_pages__hold_each_video_once(films: Older) -> None:
    """Pages of an index or of named videos lead forward and back, without what has gone."""
    more = [films.new_video(f"https://media.example/{each}.mp4") for each in ("a", "b", "c")]
    every = [films.video, films.ship, *more]  # type: ignore[attr-defined]
    ways = (
        films.classify(page_limit=2),
        films.post("/classify", video_ids=every, options=["visual"], classes=CLASSES, page_limit=2),
    )
    for way in ways:
        page = way.json()
        seen = [each["video_id"] for each in page["data"]]
        while token := page["page_info"].get("next_page_token"):
            page = films.get(f"/classify/{token}").json()
            seen += [each["video_id"] for each in page["data"]]
            assert page["page_info"]["prev_page_token"]
        assert seen == every
        assert page["page_info"]["total_results"] == 5
    films.upload(video_url="https://media.example/late.mp4")
    films.fake.clock.advance(600)
    films.api.delete(f"/indexes/{films.index}/videos/{more[0]}")
    for way in ways:
        token = way.json()["page_info"]["next_page_token"]
        again = films.get(f"/classify/{token}").json()
        assert [each["video_id"] for each in again["data"]] == more[1:]
        assert again["page_info"]["total_results"] == 4
    films.fake.clock.advance(3600)
    refused(films.api.get(f"/classify/{token}"), 400, "search_page_token_expired")
