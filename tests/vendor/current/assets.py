"""Assets of today, over Python SDK 1.3.6: uploads, metadata, speech, and the way into an index."""

import time
from pathlib import Path
from typing import Any

import httpx
from journey import INTERVAL, NOBODY, quick, refused, step
from twelvelabs.errors import BadRequestError, ConflictError, NotFoundError
from twelvelabs.indexes import IndexesCreateRequestModelsItem
from twelvelabs.types import CompletedChunk
from twelvelabs.types import IndexedAssetsListRequestDuration as Duration
from twelvelabs.wrapper.multipart_upload_client_wrapper import UploadError

Client = Any
WALK = "https://media.example/Morning-Walk.mp4?duration=31.2"
LARGE = 50 * 1024 * 1024
INDEXED = ["pending", "queued", "validating", "indexing", "ready"]
KEPT = {"season": "autumn", "take": 3, "grade": 4.5, "kept": True, "tags": ["dog", "park"]}


def steps(client: Client, folder: Path) -> None:
    """Everything about assets, in the order in which a customer takes it."""
    walk = single(client, folder)
    metadata(client, walk)
    speech(client, walk)
    pieces(client, folder)
    indexed(client, walk)
    farewell(client, walk)


def ready(client: Client, asset: str) -> Any:
    """The asset, once it is over; the SDK has no function that waits."""
    with quick():
        while (found := client.assets.retrieve(asset)).status == "processing":
            time.sleep(INTERVAL)
    assert found.status == "ready", found
    return found


def single(client: Client, folder: Path) -> str:
    """Uploads in one go, by file and by address; answers the id of the one by address."""

    with step("upload an asset by address: it is processing, then ready"):
        made = client.assets.create(method="url", url=WALK, user_metadata='{"season": "autumn"}')
        assert (made.status, made.filename, made.method) == (
            "processing",
            "Morning-Walk.mp4",
            "url",
        )
        walk = ready(client, made.id)
        assert (walk.duration, walk.file_type) == (31.2, "video/mp4")
        assert walk.user_metadata == {"season": "autumn"}
        assert walk.hls.manifest_url
        assert walk.thumbnail.representative_url
        assert walk.technical_metadata.video_streams[0].codec

    with step("upload files of other kinds"):
        for name, kind in (("film.mp4", "video"), ("picture.png", "image"), ("sound.wav", "audio")):
            with (folder / name).open("rb") as opened:
                asset = client.assets.create(method="direct", file=opened, enable_hls=False)
            assert ready(client, asset.id).file_type.startswith(kind)
        page = client.assets.create(method="direct", file=("notes.md", b"# Notes", "text/markdown"))
        assert ready(client, page.id).thumbnail is None

    with step("list assets by id, kind and part of a name"):
        assert [each.id for each in client.assets.list(asset_ids=[made.id])] == [made.id]
        assert [each.id for each in client.assets.list(filename="mORNING")] == [made.id]
        kinds = client.assets.list(asset_types=["image", "document"], page_limit=1)
        assert [each.filename for each in kinds] == ["notes.md", "picture.png"]

    with step("be refused for an asset of no kind, and for one that is not there"):
        refused(
            lambda: client.assets.create(method="direct", file=("run.exe", b"MZ")),
            BadRequestError,
            400,
            "parameter_invalid",
        )
        refused(lambda: client.assets.retrieve(NOBODY), NotFoundError, 404, "resource_not_exists")
    return str(made.id)


def metadata(client: Client, asset: str) -> None:
    """The three ways to change metadata."""

    with step("replace, merge and clear the metadata of an asset"):
        client.assets.replace_user_metadata(asset, user_metadata=KEPT)
        assert client.assets.retrieve(asset).user_metadata == KEPT
        change: dict[str, object] = {"season": None, "take": 4, "kept": "", "tags": []}
        client.assets.update_user_metadata(asset, user_metadata=change)
        wanted = {**KEPT, "take": 4}
        del wanted["season"]
        assert client.assets.retrieve(asset).user_metadata == wanted
        client.assets.delete_user_metadata(asset)
        assert client.assets.retrieve(asset).user_metadata is None


def speech(client: Client, asset: str) -> None:
    """What is said in it."""

    with step("read the transcription of an asset"):
        told = client.assets.retrieve_transcription(asset)
        assert told.status == "ready"
        assert told.words
        assert told.sentences is None
        told = client.assets.retrieve_transcription(asset, include=["sentences", "utterances"])
        assert told.words is None
        assert told.utterances[0].speaker
        assert " ".join(each.value for each in told.sentences) == " ".join(
            each.value for each in told.utterances
        )


def pieces(client: Client, folder: Path) -> None:
    """The SDK's own function that uploads a large file, and those that it is made of."""
    uploads = client.multipart_upload
    film = folder / "large.mp4"

    with step("upload 50 MB in pieces"):
        head = (folder / "film.mp4").read_bytes()
        free = LARGE - len(head)
        film.write_bytes(head + free.to_bytes(4) + b"free" + bytes(free - 8))
        seen: list[float] = []
        done = uploads.upload_file(
            film, batch_size=4, progress_callback=lambda now: seen.append(now.percentage)
        )
        assert seen == sorted(seen)
        assert seen[-1] == 100
        assert done.asset_url
        asset = ready(client, done.asset_id)
        assert (asset.method, asset.size, asset.duration) == ("multipart", LARGE, 12)
        assert asset.hls is None
        film.unlink()

    with step("upload by hand, and wait for it with the SDK's own function"):
        content = (folder / "film.mp4").read_bytes()
        for proof, ends in ((None, "completed"), ("0" * 32, "failed")):
            made = uploads.create(filename="film.mp4", type="video", total_size=len(content))
            [first] = made.upload_urls
            answer = httpx.put(first.url, content=content, headers=made.upload_headers)
            chunk = CompletedChunk(
                chunk_index=1,
                proof=proof or answer.headers["etag"].strip('"'),
                proof_type="etag",
                chunk_size=len(content),
            )
            told = uploads.report_chunk_batch(made.upload_id, completed_chunks=[chunk])
            assert bool(told.url) == (ends == "completed")
            if ends == "completed":
                waited = uploads.wait_for_upload_completion(made.upload_id)
                assert (waited.status, waited.total_chunks) == ("completed", 1)
                assert ready(client, made.asset_id).duration == 12
            else:
                try:
                    uploads.wait_for_upload_completion(made.upload_id)
                except UploadError as error:
                    assert "[1] failed" in str(error)
                else:
                    raise AssertionError("a failed chunk was waited for")
                client.assets.delete(made.asset_id)

    with step("begin an upload and look how far it is"):
        made = uploads.create(filename="b.mp4", type="video", total_size=12_000_000)
        assert [each.upload_id for each in uploads.list_incomplete_uploads()] == [made.upload_id]
        chunks = list(uploads.get_status(made.upload_id, page_limit=2))
        assert [each.status for each in chunks] == ["pending"] * made.total_chunks
        more = uploads.get_additional_presigned_urls(made.upload_id, start=2, count=50)
        assert [each.chunk_index for each in more.upload_urls] == [2, 3]
        assert client.assets.retrieve(made.asset_id).status == "processing"
        client.assets.delete(made.asset_id)
        assert list(uploads.list_incomplete_uploads()) == []


def indexed(client: Client, asset: str) -> None:
    """Into an index, where it is a video as well."""
    model = IndexesCreateRequestModelsItem(
        model_name="marengo3.0", model_options=["visual", "audio"]
    )
    home = client.indexes.indexed_assets

    with step("index an asset, each poll a step"), quick():
        index = client.indexes.create(index_name="walks", models=[model]).id
        made = home.create(index, asset_id=asset, user_metadata={"season": "autumn"})
        assert made.asset_id == asset
        seen: list[str] = []
        while (found := home.retrieve(index, made.id)).status not in ("ready", "failed"):
            seen.append(found.status)
            time.sleep(INTERVAL)
        assert [*dict.fromkeys(seen), found.status] == INDEXED
        assert found.system_metadata.duration == 31.2
        assert found.hls.status == "COMPLETE"

    with step("find it among the index's assets and videos"):
        for wanted in (
            {"status": ["ready", "failed"]},
            {"duration": Duration(gte=31, lte=32)},
            {"user_metadata": {"season": "autumn"}},
            {"filename": "Morning-Walk.mp4"},
        ):
            assert [each.id for each in home.list(index, **wanted)] == [made.id], wanted
        assert list(home.list(index, user_metadata={"season": "spring"})) == []
        assert [each.id for each in client.indexes.videos.list(index)] == [made.id]
        assert client.indexes.retrieve(index).video_count == 1
        assert [each.index.name for each in home.list_by_asset(asset)] == ["walks"]

    with step("read vectors and words of it, and change its metadata"):
        full = home.retrieve(
            index, made.id, embedding_option=["visual", "transcription"], transcription=True
        )
        assert full.transcription
        assert {each.embedding_option for each in full.embedding.video_embedding.segments} == {
            "visual",
            "transcription",
        }
        home.update(index, made.id, user_metadata={"season": None, "take": 2})
        assert home.retrieve(index, made.id).user_metadata == {"take": 2}

    with step("be refused to delete an asset that stands in an index"):
        refused(lambda: client.assets.delete(asset), ConflictError, 409, "resource_conflict")
        home.delete(index, made.id)
        assert list(client.indexes.videos.list(index)) == []
        client.indexes.delete(index)


def farewell(client: Client, asset: str) -> None:
    """Everything goes."""

    with step("delete every asset"):
        assert list(client.entity_collections.entities.list_by_asset(asset)) == []
        for each in [each.id for each in client.assets.list()]:
            client.assets.delete(each, force=True)
        assert list(client.assets.list()) == []
