"""What both mixpeek SDKs of December 2024 can do; they differ in one name and few calls.

`model` is what a release calls a model: `vector_index` in 0.14, `embedding_model` in 0.15.
Imports the SDK and the standard library only.
"""

import asyncio
from datetime import datetime
from typing import Any

from journey import FERRY, PICTURE, in_course, quick, step, vector
from mixpeek import models

COLLECTION = "films"
STATUSES = ["INITIALIZING", "QUEUED", "DOWNLOADING", "PROCESSING", "UPLOADING", "DONE"]
SOUGHT = "a ferry in the harbour"


def waited(client: Any, task_id: str, end: str = "DONE") -> Any:
    """The task once it has ended, every status on the way in its order."""
    seen: list[str] = []
    with quick():
        while not seen or seen[-1] not in (end, "FAILED", "CANCELLED"):
            task = client.tasks.get(task_id=task_id)
            seen.append(str(task.status.value))
    if end == "DONE":
        in_course(seen, STATUSES)
    assert seen[-1] == end, seen
    return task


def ingested(client: Any, model: str) -> dict[str, str]:
    """A video with every extractor, an image and a text; their asset ids by modality."""
    ids: dict[str, str] = {}

    with step("ingest a video by URL and poll its task"):
        extractors = {
            "interval_sec": 15,
            "read": {"enabled": True},
            "transcribe": {"enabled": True, model: "text"},
            "describe": {"enabled": True, "prompt": "Tell what happens.", "max_length": 20},
            "detect": {"faces": {"enabled": True, "confidence_threshold": 0.5}},
            "embed": [
                {"type": "url", model: "multimodal"},
                {"type": "text", model: "keyword", "value": "ferry"},
            ],
            "json_output": {"response_shape": {"mood": "str"}, "prompt": "Tell the mood."},
        }
        task = client.ingest.video_from_url(
            url=FERRY,
            collection=COLLECTION,
            metadata={"author": "Ada"},
            skip_duplicate=False,
            feature_extractors=[extractors],
        )
        ids["video"] = waited(client, task.task_id).outputs[0]

    with step("ingest an image by URL"):
        task = client.ingest.image_url(
            url=PICTURE,
            collection=COLLECTION,
            feature_extractors={"embed": [{"type": "url", model: "image"}], "read": {}},
        )
        ids["image"] = waited(client, task.task_id).outputs[0]

    with step("ingest a text"):
        wish = {"type": "text", model: "text", "value": "two people inside a car"}
        task = client.ingest.text(collection=COLLECTION, feature_extractors={"embed": [wish]})
        ids["text"] = waited(client, task.task_id).outputs[0]

    with step("leave out a duplicate"):
        task = client.ingest.video_from_url(url=FERRY, collection=COLLECTION, skip_duplicate=True)
        assert waited(client, task.task_id, "SKIPPED").outputs == [ids["video"]]

    with step("cancel a task"):
        task = client.ingest.video_from_url(url="https://media.example/a.mp4", collection="lost")
        assert client.tasks.delete(task_id=task.task_id)["status"] == "CANCELLED"
        assert client.tasks.get(task_id=task.task_id).status.value == "CANCELLED"
        client.collections.delete(collection="lost")
    return ids


def assets(client: Any, ids: dict[str, str]) -> dict[str, str]:
    """Assets and the features in them; a feature id by modality."""
    with step("read an asset"):
        asset = client.assets.get(asset_id=ids["video"])
        assert (asset.status, asset.modality, asset.url) == ("DONE", "video", FERRY)
        assert asset.collection_id == COLLECTION
        assert isinstance(asset.created_at, datetime)
        assert asset.file_hash
        assert client.assets.get(asset_id=ids["video"], return_url=False).url is None

    found: dict[str, str] = {}
    with step("read an asset with its features"):
        for modality, asset_id in ids.items():
            grouped = client.assets.get_features(asset_id=asset_id)
            assert grouped.asset.asset_id == asset_id
            own = getattr(grouped.features, modality)
            assert len(own) == (3 if modality == "video" else 1), own
            found[modality] = own[0].additional_properties["feature_id"]
        first = client.assets.get_features(asset_id=ids["video"]).features.video[0]
        more = first.additional_properties
        assert (more["start_time"], more["end_time"], more["interval_sec"]) == (0, 15, 15)
        assert more["description"]
        assert more["transcription"]
        assert more["json_output"]  # the SDK drops what is within response_shape
        assert "faces" in more["detect"]

    with step("list assets with filter, sort, groups and pages"):
        page = client.assets.list(collections=[COLLECTION], page_size=2)
        assert (page.pagination.total, page.pagination.total_pages) == (3, 2)
        assert len(page.results) == 2
        narrowed = client.assets.list(
            collections=[COLLECTION],
            filters={"AND": [{"key": "modality", "operator": "in", "value": ["video", "text"]}]},
            sort={"field": "created_at", "direction": "desc"},
            select=["asset_id", "modality"],
            return_url=True,
        )
        assert [each.asset_id for each in narrowed.results] == [ids["text"], ids["video"]]
        groups = client.assets.list(collections=[COLLECTION], group_by={"field": "modality"})
        assert len(groups.results) == 3

    with step("search assets"):
        query = {"key": ["url"], "value": "ferry"}
        hits = client.assets.search(collections=[COLLECTION], query=query, return_url=True)
        assert [each.asset_id for each in hits.results] == [ids["video"]]

    with step("change the metadata of an asset"):
        for change in (client.assets.partial_update, client.assets.update):
            changed = change(asset_id=ids["image"], metadata={}, propagate_features=True)
            assert changed.asset_id == ids["image"]
    return found


def features(client: Any, model: str, ids: dict[str, str], found: dict[str, str]) -> None:
    """Features, their vectors, and the search for them."""
    with step("read features with their vectors"):
        lengths = {"video": ("multimodal", 1408), "image": ("image", 512), "text": ("text", 1024)}
        for modality, (name, length) in lengths.items():
            feature = client.features.get(feature_id=found[modality], return_vectors=True)
            vector(feature.additional_properties["vectors"][name], length)
        plain = client.features.get(feature_id=found["video"]).additional_properties
        assert "vectors" not in plain

    with step("list features page by page"):
        seen: list[str] = []
        more: dict[str, str] = {}
        while True:
            page = client.features.list(collections=[COLLECTION], page_size=2, **more)
            seen += [each.additional_properties["feature_id"] for each in page.results]
            if page.pagination.next_page is None:
                break
            more = {"offset_feature_id": seen[-1]}
        assert len(seen) == len(set(seen)) == page.pagination.total == 5
        texts = client.features.list(
            collections=[COLLECTION], filters={"AND": [{"key": "modality", "value": "text"}]}
        )
        assert len(texts.results) == 1

    with step("search features"):
        queries = [
            {model: "multimodal", "value": SOUGHT, "type": "text"},
            {model: "multimodal", "value": PICTURE, "type": "url", "settings": {"limit": 1}},
        ]
        answer = client.features.search(queries=queries[:1], collections=[COLLECTION], page_size=2)
        assert answer is not None
        fused = client.features.search(
            queries=queries,
            collections=[COLLECTION],
            group_by={"field": "asset_id", "max_features": 2},
            reranking_options={"enable_reranking": True, "weights": {"multimodal": 2.0}},
            session_id="s-1",
            return_url=True,
        )
        assert fused is not None

    with step("change and delete a feature"):
        changed = client.features.update(feature_id=found["text"], metadata={})
        assert changed.additional_properties["feature_id"] == found["text"]
        client.features.delete(feature_id=found["text"])
        assert not client.assets.get_features(asset_id=ids["text"]).features.text

    with step("make vectors"):
        embed = client.feature_extractors.extract_embeddings
        dense = embed(**{"type_": "text", model: "multimodal", "value": SOUGHT})
        vector(dense.embedding.vector, 1408)
        sparse = embed(**{"type_": "text", model: "keyword", "value": SOUGHT}).embedding
        assert len(sparse.indices) == len(sparse.values) > 0


def collections(client: Any) -> None:
    """Collections."""
    with step("create, read, change, list and delete collections"):
        made = client.collections.create(collection_name="drafts", metadata={})
        assert made.collection_id
        assert client.collections.get(collection="drafts").collection_id == made.collection_id
        named = client.collections.update(collection="drafts", collection_name="sketches")
        assert named.collection_name == "sketches"
        listed = client.collections.list(page=1, page_size=10)
        assert {each.collection_name for each in listed.results} == {COLLECTION, "sketches"}
        counts = {each.collection_name: each.count for each in listed.results}
        assert counts == {COLLECTION: 3, "sketches": 0}
        client.collections.delete(collection=made.collection_id)
        assert client.collections.list().pagination.total == 1


def namespaces(client: Any, model: str) -> None:
    """Namespaces, and that they keep collections apart."""
    names = {"vector_index": "vector_indexes", "embedding_model": "embedding_models"}[model]
    with step("create, read, change and list namespaces"):
        index = {"field_name": "metadata.author", "type": "keyword"}
        wished = {"namespace_name": "other", names: ["multimodal"], "payload_indexes": [index]}
        made = client.namespaces.create(**wished)
        assert getattr(made, names) == ["multimodal"]
        assert [each.namespace_id for each in client.namespaces.list()] == [made.namespace_id]
        assert client.namespaces.get(namespace="other").namespace_id == made.namespace_id
        assert "multimodal" in client.namespaces.list_indexes().__dict__[names] or names != (
            "vector_indexes"
        )
        client.namespaces.update(namespace="other", namespace_name="apart", payload_indexes=[])

    with step("keep namespaces apart"):
        assert client.collections.list(x_namespace="apart").pagination.total == 0
        client.collections.create(collection_name=COLLECTION, x_namespace="apart")
        listed = client.assets.list(collections=[COLLECTION], x_namespace=made.namespace_id)
        assert listed.results == []
        client.namespaces.delete(namespace="apart")
        assert client.namespaces.list() == []


def organization(client: Any) -> None:
    """The account, its users and keys."""
    with step("read the account and what was used"):
        account = client.organizations.get()
        usage = client.organizations.get_usage()
        assert account.account_type == "free"
        assert account.credit_count == 1000 - usage.total_credits
        assert sum(day.credits for day in usage.dates) == usage.total_credits

    with step("add a user with a key, and remove both"):
        email = "ada@films.example"
        assert client.organizations.add_user(email=email).email == email
        key = client.organizations.create_api_key(user_email=email, key_name="ci")
        assert key.name == "ci"
        changed = client.organizations.update_api_key(
            user_email=email, key_name="ci", permissions=["read"]
        )
        assert [each.value for each in changed.permissions] == ["read"]
        assert len(client.organizations.get_user(user_email=email).api_keys) == 1
        client.organizations.delete_api_key(user_email=email, key_name="ci")
        client.organizations.delete_user(user_email=email)
        assert client.organizations.get().users == []


def refusals(client: Any, stranger: Any, model: str) -> None:
    """Both forms of refusals, as the SDK's own errors."""
    with step("be refused in both envelopes"):
        _refused(lambda: client.tasks.get(task_id="nobody"), 404, "NotFoundError")
        _refused(lambda: stranger.organizations.get(), 401, "UnauthorizedError")
        wish = {"type_": "base64", model: "multimodal", "value": "***"}
        _refused(
            lambda: client.feature_extractors.extract_embeddings(**wish), 400, "BadRequestError"
        )
        _refused(lambda: client.collections.list(x_namespace="none"), 404, "NotFoundError")
        try:
            client.ingest.video_from_url(url="", collection=COLLECTION)
        except models.HTTPValidationError as error:
            assert error.data.detail[0].loc == ["body", "url"]
        else:
            raise AssertionError("an empty URL was taken")


def farewell(client: Any, ids: dict[str, str]) -> None:
    """What goes at the end, and that the service answers."""
    with step("delete an asset, then its collection"):
        client.assets.delete(asset_id=ids["image"])
        _refused(lambda: client.assets.get(asset_id=ids["image"]), 404, "NotFoundError")
        client.collections.delete(collection=COLLECTION)
        assert client.collections.list().results == []

    with step("ask for health, with await too"):
        assert client.health.check().status
        assert asyncio.run(client.health.check_async()).status


def _refused(call: Any, status: int, kind: str) -> None:
    try:
        got = call()
    except models.ErrorResponse as error:
        assert (error.data.status, error.data.error.type) == (status, kind), error.data
        assert error.data.error.message
    else:
        raise AssertionError(f"nothing was raised, but there came {got!r}")
