"""One account, two versions: what is made through one is there in the other, in its own shape."""

import httpx2
from older import ENGINES, VIDEO, Older
from stage import LONG, new_index, refused, upload

from understudy.contracts.contract import Contract
from understudy.mocks import Fake


def test_newest__is_still_v1_3() -> None:
    """The name of the provider alone means the newest document."""
    assert Contract.load("twelvelabs").document.name.startswith("twelvelabs/v1.3")
    assert Contract.load("twelvelabs/v1.2").document.base_path == "/v1.2"


def test_version__is_told_by_each(older: Older, newer: httpx2.Client) -> None:
    """Every reply says which version served it, refusals of unknown paths included."""
    for path in ("/indexes", "/nowhere", "/indexes/films"):
        assert older.api.get(path).headers["x-api-version"] == "1.2"
        assert newer.get(path).headers["x-api-version"] == "1.3"


def test_index__is_one(older: Older, newer: httpx2.Client) -> None:
    """Engines are models, their options those that took their place; a name is taken in both."""
    assert older.get(f"/indexes/{older.index}").json()["engines"] == ENGINES
    shown = newer.get(f"/indexes/{older.index}").json()
    assert "engines" not in shown
    assert shown["models"] == [
        {"model_name": "marengo2.6", "model_options": ["visual", "audio"]},
        {"model_name": "pegasus1.1", "model_options": ["visual", "audio"]},
    ]
    refused(newer.put(f"/indexes/{new_index(newer, 'b')}", json={"index_name": "films"}),
            409, "index_name_already_exists")  # fmt: skip
    made = newer.post("/indexes", json={
        "index_name": "c",
        "addons": ["thumbnail"],
        "models": [{"model_name": "marengo2.7", "model_options": ["visual"]}],
    }).json()["_id"]  # fmt: skip
    index = older.get(f"/indexes/{made}").json()
    assert "models" not in index
    assert index["engines"] == [{
        "engine_name": "marengo2.7",
        "engine_options": ["visual", "text_in_video", "logo"],
        "addons": ["thumbnail"],
    }]  # fmt: skip
    listed = [api.get("/indexes").json()["data"] for api in (older.api, newer)]
    names = [[each["index_name"] for each in page] for page in listed]
    assert names == [["c", "b", "films"]] * 2


def test_index__is_found_by_its_engines(older: Older, newer: httpx2.Client) -> None:
    """Family and options filter in the words of each version, whoever made the index."""
    assert older.index
    models = [{"model_name": "marengo3.0", "model_options": ["audio"]}]
    heard = newer.post("/indexes", json={"index_name": "b", "models": models}).json()["_id"]

    def found(**query: str) -> set[str]:
        return {each["_id"] for each in older.get("/indexes", **query).json()["data"]}

    assert found(engine_options="conversation") == {older.index, heard}
    assert found(engine_options="conversation,logo") == {older.index}
    assert found(engine_family="pegasus") == {older.index}
    assert found(engine_family="marengo", engine_options="conversation") == {older.index, heard}
    both = older.api.get("/indexes?engine_options=conversation&engine_options=logo").json()
    assert [each["_id"] for each in both["data"]] == [older.index]


def test_task__is_one(fake: Fake, older: Older, newer: httpx2.Client) -> None:
    """A task is on its way once; only the older version tells how far it is."""
    task = older.task
    before = older.get(f"/tasks/{task}").json()
    assert before["process"] == {"percentage": 0.0, "remain_seconds": 90.0}
    fake.clock.advance(45)
    old, new = older.get(f"/tasks/{task}").json(), newer.get(f"/tasks/{task}").json()
    assert old["status"] == new["status"] == "indexing"
    assert old["metadata"] == new["system_metadata"]
    assert old["process"] == {"percentage": 50.0, "remain_seconds": 45.0}
    assert old["estimated_time"] == before["estimated_time"]
    assert not {"system_metadata"} & set(old) and not {"metadata", "process"} & set(new)
    fake.clock.advance(LONG)
    done = older.get(f"/tasks/{task}").json()
    assert (done["status"], done["updated_at"]) == ("ready", before["estimated_time"])
    assert done["process"] == {"percentage": 100.0, "remain_seconds": 0.0}


def test_task__that_failed_tells_no_progress(older: Older) -> None:
    """Nobody waits for it any more."""
    shown = older.get(f"/tasks/{older.failed}").json()
    assert shown["status"] == "failed" and shown["error_reason"]
    assert "process" not in shown and "estimated_time" not in shown


def test_task__without_a_stream(older: Older) -> None:
    """The stream is kept unless the upload says otherwise."""
    for said, kept in (("true", False), ("false", True)):
        made = older.upload(video_url=VIDEO, disable_video_stream=said).json()["_id"]
        assert ("hls" in older.get(f"/tasks/{made}").json()) == kept


def test_transfer__starts_what_it_lists(older: Older) -> None:
    """One task for each entry, told by nothing but the list of tasks."""
    entry = f'{{"index_id": "{older.index}", "language": "en", "object": "s3://bucket/%d.mp4"}}'
    assert older.transfer(f"[{entry % 1}, {entry % 2}]").content == b""
    listed = older.get("/tasks", index_id=older.index).json()["data"]
    assert [task["metadata"]["filename"] for task in listed] == ["2.mp4", "1.mp4"]


def test_video__has_one_set_of_metadata(older: Older, newer: httpx2.Client) -> None:
    """What v1.3 keeps apart, v1.2 shows together; what belongs to the service wins."""
    newer.put(older.path, json={"user_metadata": {"category": "animals"}})
    video = older.get(older.path).json()
    assert video["metadata"]["category"] == "animals"
    assert video["metadata"]["duration"] == 60
    assert video["source"] == {"type": "url", "name": "red-fox.mp4", "url": VIDEO}
    older.send("PUT", older.path, video_title="The fox")
    older.send("PUT", older.path, metadata={"a": 1, "b": None})
    older.send("PUT", older.path, video_title=None, metadata=None)
    metadata = older.get(older.path).json()["metadata"]
    assert (metadata["video_title"], metadata["a"]) == ("The fox", 1)
    assert not {"category", "b"} & set(metadata)
    shown = newer.get(older.path).json()
    assert shown["user_metadata"] == {"a": 1}
    assert set(shown["system_metadata"]) == {
        "filename", "duration", "fps", "width", "height", "size"
    }  # fmt: skip
    assert older.get(f"/indexes/{older.index}/videos", a=1).json()["page_info"]["total_results"]
    assert not older.get(f"/indexes/{older.index}/videos", a=2).json()["data"]


def test_delete__takes_all_along(older: Older, newer: httpx2.Client) -> None:
    """With an index go its videos, tasks and pages of searches, through either version."""
    for api in (older.api, newer):
        fresh = Older(older.fake, older.api)
        fresh.index = fresh.new_index("gone")
        path, token, page = fresh.path, fresh.token, fresh.class_token
        assert api.delete(f"/indexes/{fresh.index}").status_code == 204
        for each in (path, f"/search/{token}", f"/classify/{page}"):
            refused(older.api.get(each), 404, "resource_not_exists")
        refused(newer.get(f"/search/{token}"), 404, "resource_not_exists")
        assert not older.get("/tasks").json()["data"]


def test_search__of_one_index_in_both(older: Older, newer: httpx2.Client) -> None:
    """The same clips with the same scores, each in its own words."""
    assert older.video
    old = older.search(threshold="none", search_options=["conversation"]).json()
    fields = {"index_id": older.index, "query_text": "a red fox", "search_options": "audio"}
    sent = {name: (None, value) for name, value in {**fields, "threshold": "none"}.items()}
    new = newer.post("/search", files=sent).json()
    told = ("video_id", "start", "end", "score", "confidence")
    assert [[c[n] for n in told] for c in old["data"]] == [
        [c[n] for n in told] for c in new["data"]
    ]
    assert all("rank" not in clip for clip in old["data"])
    [module] = old["data"][0]["modules"]
    assert module["type"] == "conversation"
    assert old["data"][0]["metadata"][0]["text"] == new["data"][0]["transcription"]
    assert set(old["page_info"]) == {"limit_per_page", "total_results", "page_expired_at"}


def test_embedding__is_one(older: Older, newer: httpx2.Client) -> None:
    """An embedding task of v1.2 is read by v1.3 with the vectors of each kind."""
    task = older.embedding
    older.fake.clock.advance(LONG)
    old = older.get(f"/embed/tasks/{task}").json()
    new = newer.get(f"/embed/tasks/{task}", params={"embedding_option": "visual-text"}).json()
    assert old["engine_name"] == new["model_name"] == "Marengo-retrieval-2.6"
    segments = new["video_embedding"]["segments"]
    assert [each["embedding"]["float"] for each in old["video_embeddings"]] == [
        each["float"] for each in segments
    ]
    assert len(old["video_embeddings"]) == 10
    assert "video_embeddings" not in older.get(f"/embed/tasks/{task}/status").json()


def test_upload__through_the_newer_into_the_older(older: Older, newer: httpx2.Client) -> None:
    """An index of either version takes uploads of the other, and its videos are written about."""
    made = upload(newer, older.index, VIDEO, user_metadata='{"place": "snow"}').json()
    older.fake.clock.advance(LONG)
    path = f"/indexes/{older.index}/videos/{made['video_id']}"
    assert older.get(path).json()["metadata"]["place"] == "snow"
    asked = {"video_id": made["video_id"], "prompt": "Who runs?"}
    old, new = (
        older.post("/generate", **asked),
        newer.post("/analyze", json={**asked, "stream": False}),
    )
    assert old.json()["data"] == new.json()["data"]
