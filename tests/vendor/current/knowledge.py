"""Knowledge stores of today, over Python SDK 1.3.6: items, collections, search and answers."""

import json
import time
from pathlib import Path
from typing import Any

from journey import INTERVAL, NOBODY, quick, refused, step
from twelvelabs import types
from twelvelabs.core.api_error import ApiError
from twelvelabs.errors import BadRequestError, NotFoundError
from twelvelabs.types import EnrichmentConfig_Description as Described
from twelvelabs.types import EnrichmentConfig_JsonSchema as Shaped
from twelvelabs.types import EnrichmentConfigJsonSchemaJsonSchema as Shape
from twelvelabs.types import ResponseInputItem as Message

Client = Any
FILES = {
    "fox": "https://media.example/red-fox.mp4?duration=40",
    "ferry": "https://media.example/harbour/ferry.mp4?duration=18",
    "owl": "https://media.example/snowy-owl.png",
}
KEPT = {"season": "autumn", "take": 3, "grade": 4.5, "kept": True, "tags": ["dog", "park"]}
ORDER = ["queued", "pending", "processing", "ready"]
UNKNOWN = "ksi_069e9870-3c4d-7abc-9012-3456789abcde"


def steps(client: Client, folder: Path) -> None:
    """Everything about knowledge stores, in the order in which a customer takes it."""
    store = stores(client)
    ids = items(client, store)
    foxes = collections(client, store, ids)
    searching(client, store, ids)
    session = answers(client, store, ids, foxes)
    streams(client, store, session)
    farewell(client, store, ids, foxes)


def stores(client: Client) -> str:
    """Stores without items; answers the id of the one that goes on."""
    there = client.knowledge_stores

    with step("create knowledge stores; what is drawn from items is chosen for good"):
        drawn = types.IngestionConfig(
            enrichment_config=Described(description="Each animal, and what it does.")
        )
        made = there.create(name="animals", metadata=KEPT, ingestion_config=drawn)
        assert made.id.startswith("ks_")
        assert made.ingestion_config.enrichment_config == drawn.enrichment_config
        assert (made.item_count, made.description) == (0, None)
        assert made.created_at == made.updated_at
        kind = {"type": "string", "description": "What it is.", "enum": ["fox", "owl"]}
        shaped = Shaped(json_schema=Shape(type="object", properties={"kind": kind}))
        other = there.create(
            name="b", ingestion_config=types.IngestionConfig(enrichment_config=shaped)
        )
        assert other.ingestion_config.enrichment_config.json_schema.properties["kind"] == kind

    with step("find metadata of every type as it was"):
        read = there.retrieve(made.id).metadata
        assert read == KEPT
        assert {name: type(value) for name, value in read.items()} == {
            name: type(value) for name, value in KEPT.items()
        }

    with step("be told with a 422 what a schema must not have"):
        for odd in ({"type": "string"}, {**kind, "pattern": "^a"}):
            config = types.IngestionConfig(
                enrichment_config=Shaped(json_schema=Shape(type="object", properties={"a": odd}))
            )
            refused(
                lambda config=config: there.create(name="c", ingestion_config=config),  # type: ignore[misc]
                ApiError,
                422,
                "parameter_invalid",
            )

    with step("change, list, and delete knowledge stores"):
        changed = there.update(other.id, description="d", metadata={"only": 1})
        assert (changed.name, changed.description, changed.metadata) == ("b", "d", {"only": 1})
        assert [each.id for each in there.list(page_limit=1)] == [other.id, made.id]
        there.delete(other.id)
        refused(lambda: there.update(made.id, metadata={"a": "b" * 3000}), BadRequestError, 400,
                "parameter_invalid")  # fmt: skip
    return str(made.id)


def items(client: Client, store: str) -> dict[str, str]:
    """Items of assets that are ready; answers their ids by name."""
    there = client.knowledge_store_items
    ids: dict[str, str] = {}

    with step("add assets to a knowledge store, once they are ready"):
        for name, url in FILES.items():
            asset = client.assets.create(method="url", url=url)
            refused(
                lambda asset=asset: there.create(store, asset_id=asset.id),  # type: ignore[misc]
                BadRequestError,
                400,
                "parameter_invalid",
            )
            with quick():
                while client.assets.retrieve(asset.id).status == "processing":
                    time.sleep(INTERVAL)
            made = there.create(store, asset_id=asset.id, metadata={"called": name})
            assert (made.status, made.asset_id) == ("queued", asset.id)
            ids[name] = made.id

    with step("wait for items, whose statuses come in order"):
        seen = []
        with quick():
            while (item := there.retrieve(store, ids["fox"])).status not in ("ready", "failed"):
                seen.append(item.status)
                time.sleep(INTERVAL)
            while len(list(there.list(store, status="ready"))) < len(ids):
                time.sleep(INTERVAL)
        assert sorted(seen, key=ORDER.index) == seen
        assert item.status == "ready"

    with step("read what was measured, by the kind of the item"):
        assert item.system_metadata.asset_type == item.asset_type == "video"
        assert (item.system_metadata.duration, item.system_metadata.codec_name) == (40.0, "h264")
        owl = there.retrieve(store, ids["owl"])
        assert isinstance(owl.system_metadata, types.KnowledgeStoreItemSystemMetadata_Image)
        assert owl.metadata == {"called": "owl"}

    with step("list items by several statuses, page by page"):
        found = there.list(store, status=["ready", "failed"], page_limit=2, sort_option="asc")
        assert [each.id for each in found] == list(ids.values())
        assert list(there.list(store, status=["queued", "pending", "processing"])) == []
        assert client.knowledge_stores.retrieve(store).item_count == len(ids)
    return ids


def collections(client: Client, store: str, ids: dict[str, str]) -> str:
    """Item collections; answers the id of one with the fox in it."""
    there = client.knowledge_store_item_collections

    with step("collect items under a name that no other collection has"):
        made = there.create(store, name="foxes", metadata=KEPT)
        assert (made.member_count, made.knowledge_store_id, made.metadata) == (0, store, KEPT)
        refused(
            lambda: there.create(store, name="foxes"), BadRequestError, 400, "parameter_invalid"
        )
        for _ in range(2):
            added = there.add_items(store, made.id, item_ids=[ids["fox"], ids["owl"]])
            assert added.member_count == 2

    with step("add nothing where one item is unknown"):
        refused(
            lambda: there.add_items(store, made.id, item_ids=[ids["ferry"], UNKNOWN]),
            BadRequestError,
            400,
            "parameter_invalid",
        )
        assert there.retrieve(store, made.id).member_count == 2

    with step("take items out, also such as are not in"):
        for _ in range(2):
            there.remove_items(store, made.id, item_ids=[ids["owl"], UNKNOWN])
        assert [each.id for each in there.list_items(store, made.id)] == [ids["fox"]]

    with step("rename, list by name, and delete item collections"):
        other = there.create(store, name="birds")
        there.update(store, made.id, name="Foxes", description="red")
        named = there.list(store, sort_by="name", sort_option="asc", page_limit=1)
        assert [each.name for each in named] == ["Foxes", "birds"]
        there.delete(store, other.id)
        assert [each.id for each in there.list(store)] == [made.id]
    return str(made.id)


def searching(client: Client, store: str, ids: dict[str, str]) -> None:
    """Search in a store, by words."""
    there = client.knowledge_stores

    def search(text: str, **more: Any) -> Any:
        return there.search(store, query=types.KnowledgeStoreSearchQuery(text=text), **more)

    with step("search a knowledge store: what is named comes first"):
        for name in ids:
            assert search(f"the {name}").data[0].item_id == ids[name]
        hit = search("a red fox", include_metadata=True).data[0]
        assert isinstance(hit, types.SearchKnowledgeStoreHit_Video)
        assert (hit.rank, hit.metadata.system.duration) == (1, 40.0)
        assert hit.metadata.user == {"called": "fox"}
        assert 0 <= hit.matches[0].start_sec < hit.matches[0].end_sec <= 40

    with step("search by item, and among some of the items"):
        both = types.SearchKnowledgeStoreOptions(
            video=types.VideoSearchOptions(modalities=["visual", "audio"])
        )
        found = search("an owl", group_by="item", search_options=both)
        assert len(found.data) == len(ids)
        assert found.effective_search_options == both
        only = types.SearchKnowledgeStoreFilter(
            asset_type=types.AssetTypeFilter(in_=["image"]),
            item_id=types.ItemIdFilter(eq=ids["owl"]),
        )
        assert [each.item_id for each in search("x", filter=only).data] == [ids["owl"]]
        refused(lambda: search("x", filter=only, search_options=both), BadRequestError, 400,
                "parameter_invalid")  # fmt: skip

    with step("page through what is found; ranks go on"):
        page = search("a red fox", page_size=5)
        ranks = [each.rank for each in page.data]
        while page.next_page_token:
            page = search("a red fox", page_size=5, page_token=page.next_page_token)
            ranks += [each.rank for each in page.data]
        assert ranks == list(range(1, len(ranks) + 1))
        assert len(ranks) > 5
        refused(lambda: search("x", page_token="second"), BadRequestError, 400, "parameter_invalid")


def said(text: str) -> list[Message]:
    """What a user says."""
    return [Message(type="message", role="user", content=text)]


def answers(client: Client, store: str, ids: dict[str, str], foxes: str) -> str:
    """Answers as a whole; answers the session that goes on."""
    there = client.responses

    with step("ask about a knowledge store; the answer cites what is there"):
        first = there.create(knowledge_store_id=store, input=said("What does the red fox do?"))
        assert (first.status, first.object, first.incomplete_details) == (
            "completed",
            "response",
            None,
        )
        [message] = first.output
        assert message.id == f"msg_{first.session_id}_0"
        [part] = message.content
        assert part.annotations[0].item_id == ids["fox"]
        for number, each in enumerate(part.annotations, 1):
            assert part.text[each.start_index : each.end_index + 1] == f"[{number}]"
            assert each.item_id in ids.values()
        assert first.usage.input_tokens > 0 < first.usage.output_tokens

    with step("go on with a session, about a collection, with the steps in between"):
        again = there.create(
            knowledge_store_id=store,
            session_id=first.session_id,
            input=said("And in {{sel:0}}?"),
            selections=[types.ResponseSelection(kind="collection", id=foxes)],
            instructions="Be brief.",
            include=["intermediate_outputs"],
        )
        assert again.session_id == first.session_id
        assert [each.type for each in again.output] == [
            "message", "function_call", "function_call_output", "message"]  # fmt: skip
        *_, place = again.output[-1].content[0].annotations
        assert (place.type, place.collection_id, place.title) == (
            "collection_citation",
            foxes,
            "Foxes",
        )
        json.loads(again.output[1].arguments)

    with step("have the answer in JSON that fits a schema"):
        schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
        shape = types.TextParam(format=types.TextParamFormat_JsonSchema(name="n", schema_=schema))
        made = there.create(knowledge_store_id=store, input=said("How many?"), text=shape)
        assert isinstance(json.loads(made.output[0].content[0].text)["n"], int)

    with step("be refused for a session of another store, and for what is not there"):
        other = client.knowledge_stores.create(name="other").id
        for unfit in (
            {"knowledge_store_id": other, "session_id": first.session_id},
            {"knowledge_store_id": store, "selections": [
                types.ResponseSelection(kind="item", id=UNKNOWN)]},
        ):  # fmt: skip
            try:
                there.create(input=said("x"), **unfit)
            except BadRequestError as error:
                assert error.body["code"], error
            else:
                raise AssertionError(f"{unfit} was taken")
        client.knowledge_stores.delete(other)
    return str(first.session_id)


def streams(client: Client, store: str, session: str) -> None:
    """Answers as they come into being."""
    there = client.responses

    with step("stream an answer: every event is one that the SDK can read, in order"):
        lazy = there.create_stream(
            knowledge_store_id=store,
            session_id=session,
            input=said("Tell me about the ferry."),
            include=["intermediate_outputs"],
        )
        events = list(lazy)
        assert [each.sequence_number for each in events] == list(range(len(events)))
        assert (events[0].type, events[-1].type) == ("response.created", "response.completed")
        final = events[-1].response
        shown = [each.delta for each in events if each.type == "response.output_text.delta"]
        assert "".join(shown).endswith(final.output[-1].content[0].text)
        [*_, done] = [each for each in events if each.type == "response.content_part.done"]
        assert done.part == final.output[-1].content[0]
        assert done.part.annotations

    with step("hear signs of life while a stream is silent"):
        slow = there.create_stream(knowledge_store_id=store, input=said("understudy-slow fox"))
        kinds = [each.type for each in slow]
        assert kinds.count("keepalive") == 2
        assert kinds[-1] == "response.completed"

    with step("begin a stream only when it is read"):
        unread = there.create_stream(
            knowledge_store_id=store, session_id=session, input=said("unread")
        )
        before = there.create(knowledge_store_id=store, session_id=session, input=said("first"))
        after = list(unread)[-1].response
        first, second = (int(each.output[0].id.rpartition("_")[2]) for each in (before, after))
        assert second == first + 1

    with step("see answers fail, and be cut"):
        made = there.create(knowledge_store_id=store, input=said("understudy-fail"))
        assert (made.status, made.output) == ("failed", [])
        made = there.create(knowledge_store_id=store, input=said("understudy-stuck fox"))
        assert (made.status, made.incomplete_details.reason) == ("incomplete", "max_output_tokens")
        failed = list(there.create_stream(knowledge_store_id=store, input=said("understudy-fail")))
        assert failed[-1].type == "response.failed"


def farewell(client: Client, store: str, ids: dict[str, str], foxes: str) -> None:
    """Everything goes, items first."""

    with step("delete an item: it leaves its collection"):
        client.knowledge_store_items.delete(store, ids["fox"])
        kept = client.knowledge_store_item_collections.retrieve(store, foxes)
        assert kept.member_count == 0
        assert client.knowledge_stores.retrieve(store).item_count == len(ids) - 1

    with step("delete a knowledge store with all that is in it"):
        client.knowledge_stores.delete(store)
        refused(
            lambda: client.knowledge_stores.search(
                store, query=types.KnowledgeStoreSearchQuery(text="x")
            ),
            NotFoundError,
            404,
            "resource_not_exists",
        )
        refused(lambda: client.knowledge_stores.retrieve(NOBODY), BadRequestError, 400,
                "parameter_invalid")  # fmt: skip
