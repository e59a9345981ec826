"""What each call of today sends, byte for byte as far as it matters, and how its reply is read."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

import httpx2
import pytest
from callers import Blocking, Script, reply

from understudy.client import File, Range, UsageError
from understudy.client.twelvelabs.source import inline

ID = "69d2a0b4c1e85f30718a9b01"
OTHER = "69d2a0b4c1e85f30718a9b02"
STORE = "ks_019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"
ITEM = "ksi_019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5c"
MOMENT = "2026-10-02T08:00:00.100Z"
PAGE = {"page": 1, "limit_per_page": 10, "total_page": 1, "total_results": 0}
EMPTY = {"data": [], "page_info": PAGE}
ASSET = {"_id": ID, "status": "processing", "method": "url", "created_at": MOMENT}
INDEXED = {"_id": ID, "asset_id": OTHER, "status": "pending"}
ENTITY = {"_id": ID, "status": "processing", "asset_ids": [OTHER]}
KNOWN = {"_id": ITEM, "asset_type": "video", "status": "queued"}
TASK = {"task_id": ID, "status": "queued", "created_at": MOMENT}
BATCH = {"batch_id": ID, "status": "pending", "total_items": 1}
VECTORS = {"data": [{"embedding": [0.5, 1]}]}
RESPONSE = {"id": "resp_1", "status": "completed"}
VIDEO: Any = {"type": "asset_id", "asset_id": ID}
WORDS = {"model_name": "marengo3.0"}

Act = Callable[[Any], Any]

# The call; method and path with query; the JSON body (None: none); the reply.
CALLS: list[tuple[Act, str, Any, Any]] = [
    (lambda c: c.assets.retrieve(ID), f"GET /assets/{ID}", None, ASSET),
    (lambda c: c.assets.delete(ID, force=True), f"DELETE /assets/{ID}?force=true", None, None),
    (lambda c: c.assets.annotate(ID, {"a": None, "b": ["c"]}),
     f"PATCH /assets/{ID}/user-metadata", {"user_metadata": {"a": None, "b": ["c"]}}, None),
    (lambda c: c.assets.replace_notes(ID, {}),
     f"PUT /assets/{ID}/user-metadata", {"user_metadata": {}}, None),
    (lambda c: c.assets.clear_notes(ID), f"DELETE /assets/{ID}/user-metadata", None, None),
    (lambda c: c.assets.transcription(ID, include=["words", "utterances"]),
     f"GET /assets/{ID}/transcription?include=words&include=utterances", None,
     {"status": "ready", "words": [{"start": 0, "end": 0.5, "value": "a"}]}),
    (lambda c: c.assets.uploads.create("a.mp4", "video", 9, enable_hls=True),
     "POST /assets/multipart-uploads",
     {"filename": "a.mp4", "type": "video", "total_size": 9, "enable_hls": True},
     {"upload_id": ID, "chunk_size": 9, "total_chunks": 1}),
    (lambda c: c.indexes.indexed_assets.create(ID, OTHER, user_metadata={"n": 1}),
     f"POST /indexes/{ID}/indexed-assets", {"asset_id": OTHER, "user_metadata": {"n": 1}}, INDEXED),
    (lambda c: c.indexes.indexed_assets.retrieve(
        ID, OTHER, embedding_option=["visual", "audio"], transcription=True),
     f"GET /indexes/{ID}/indexed-assets/{OTHER}?embedding_option=visual&embedding_option=audio"
     "&transcription=true", None, INDEXED),
    (lambda c: c.indexes.indexed_assets.update(ID, OTHER, user_metadata={"n": None}),
     f"PATCH /indexes/{ID}/indexed-assets/{OTHER}", {"user_metadata": {"n": None}}, None),
    (lambda c: c.indexes.indexed_assets.delete(ID, OTHER),
     f"DELETE /indexes/{ID}/indexed-assets/{OTHER}", None, None),
    (lambda c: c.embed_v2.text("marengo3.0", "a boat"), "POST /embed-v2",
     {"input_type": "text", **WORDS, "text": {"input_text": "a boat"}}, VECTORS),
    (lambda c: c.embed_v2.image("marengo3.0", inline(b"png")), "POST /embed-v2",
     {"input_type": "image", **WORDS, "image": {"media_source": {"base64_string": "cG5n"}}},
     VECTORS),
    (lambda c: c.embed_v2.text_image("marengo3.0", {"asset_id": ID}, "a boat"), "POST /embed-v2",
     {"input_type": "text_image", **WORDS,
      "text_image": {"media_source": {"asset_id": ID}, "input_text": "a boat"}}, VECTORS),
    (lambda c: c.embed_v2.audio("marengo3.0", {"asset_id": ID}, embedding_scope=["clip"]),
     "POST /embed-v2", {"input_type": "audio", **WORDS, "audio": {
         "media_source": {"asset_id": ID}, "embedding_scope": ["clip"]}}, VECTORS),
    (lambda c: c.embed_v2.video(
        "marengo3.0", {"url": "https://x/a.mp4"}, start_sec=1.5,
        segmentation={"strategy": "fixed", "fixed": {"duration_sec": 6}}),
     "POST /embed-v2", {"input_type": "video", **WORDS, "video": {
         "media_source": {"url": "https://x/a.mp4"}, "start_sec": 1.5,
         "segmentation": {"strategy": "fixed", "fixed": {"duration_sec": 6}}}}, VECTORS),
    (lambda c: c.embed_v2.multi_input(
        "marengo3.5", input_text="<@a> runs", embedding_dimension=256,
        media_sources=[{"name": "a", "media_type": "image", "asset_id": ID}]),
     "POST /embed-v2", {"input_type": "multi_input", "model_name": "marengo3.5",
                        "embedding_dimension": 256, "multi_input": {
                            "input_text": "<@a> runs", "media_sources": [
                                {"name": "a", "media_type": "image", "asset_id": ID}]}}, VECTORS),
    (lambda c: c.embed_v2.tasks.audio(
        "marengo3.5", {"asset_id": ID}, embedding_uncertainty=True,
        time_based_metadata=[{"start": 0, "end": 1, "text": "a"}]),
     "POST /embed-v2/tasks", {"input_type": "audio", "model_name": "marengo3.5",
                              "embedding_uncertainty": True, "audio": {
                                  "media_source": {"asset_id": ID},
                                  "time_based_metadata": [{"start": 0, "end": 1, "text": "a"}]}},
     {"_id": ID, "status": "processing"}),
    (lambda c: c.embed_v2.tasks.video("marengo3.0", {"asset_id": ID}), "POST /embed-v2/tasks",
     {"input_type": "video", **WORDS, "video": {"media_source": {"asset_id": ID}}},
     {"_id": ID, "status": "processing"}),
    (lambda c: c.embed_v2.tasks.image("marengo3.5", {"asset_id": ID}, embedding_dimension=512),
     "POST /embed-v2/tasks", {"input_type": "image", "model_name": "marengo3.5",
                              "embedding_dimension": 512,
                              "image": {"media_source": {"asset_id": ID}}},
     {"_id": ID, "status": "processing", "metadata": {"embedding_dimension": 512}}),
    (lambda c: c.embed_v2.tasks.document(
        "marengo3.5", {"asset_id": ID}, segmentation={"spatial": {"strategy": "quadrants"}}),
     "POST /embed-v2/tasks", {"input_type": "document", "model_name": "marengo3.5", "document": {
         "media_source": {"asset_id": ID},
         "segmentation": {"spatial": {"strategy": "quadrants"}}}},
     {"_id": ID, "status": "processing"}),
    (lambda c: c.embed_v2.tasks.retrieve(ID), f"GET /embed-v2/tasks/{ID}", None,
     {"_id": ID, "status": "ready", "data": None}),
    (lambda c: c.analyze(prompt="Who?", video=VIDEO, start_time=1, end_time=9), "POST /analyze",
     {"prompt": "Who?", "video": VIDEO, "start_time": 1, "end_time": 9, "stream": False},
     {"id": "g", "data": "Ada."}),
    (lambda c: c.analyze(prompt="Who?", model_name="pegasus1.6", image=[{"name": "a", "url": "u"}]),
     "POST /analyze", {"prompt": "Who?", "model_name": "pegasus1.6",
                       "image": [{"name": "a", "url": "u"}], "stream": False},
     {"id": "g", "data": "Ada.", "usage": {"output_tokens": 2, "input_tokens": 9}}),
    (lambda c: c.analyze_tasks.create(
        video=VIDEO, analysis_mode="time_based_metadata", model_name="pegasus1.6",
        max_tokens="unlimited", min_segment_duration=2, response_format={
            "type": "segment_definitions",
            "segment_definitions": [{"id": "run", "description": "Somebody runs."}]}),
     "POST /analyze/tasks", {
         "video": VIDEO, "analysis_mode": "time_based_metadata", "model_name": "pegasus1.6",
         "max_tokens": "unlimited", "min_segment_duration": 2, "response_format": {
             "type": "segment_definitions",
             "segment_definitions": [{"id": "run", "description": "Somebody runs."}]}}, TASK),
    (lambda c: c.analyze_tasks.cancel(ID), f"POST /analyze/tasks/{ID}/cancel", None,
     {"task_id": ID, "status": "canceled"}),
    (lambda c: c.analyze_tasks.delete(ID), f"DELETE /analyze/tasks/{ID}", None, None),
    (lambda c: c.analyze_batches.create(
        [{"video": VIDEO, "custom_id": "a"}], defaults={"prompt": {"input_text": "Who?"}}),
     "POST /analyze/batches", {
         "model_name": "pegasus1.5", "analysis_mode": "general",
         "defaults": {"prompt": {"input_text": "Who?"}},
         "requests": [{"video": VIDEO, "custom_id": "a"}]},
     {**BATCH, "items": [{"task_id": OTHER, "custom_id": "a"}]}),
    (lambda c: c.analyze_batches.cancel(ID), f"POST /analyze/batches/{ID}/cancel", None, BATCH),
    (lambda c: c.analyze_batches.delete(ID), f"DELETE /analyze/batches/{ID}", None, None),
    (lambda c: c.entity_collections.create("people"), "POST /entity-collections",
     {"name": "people"}, {"_id": ID}),
    (lambda c: c.entity_collections.update(ID, description="Who"),
     f"PATCH /entity-collections/{ID}", {"description": "Who"}, {"_id": ID}),
    (lambda c: c.entity_collections.entities.create(ID, "Ada", [OTHER], metadata={"age": 36}),
     f"POST /entity-collections/{ID}/entities",
     {"name": "Ada", "asset_ids": [OTHER], "metadata": {"age": 36}}, ENTITY),
    (lambda c: c.entity_collections.entities.create_many(ID, [{"name": "A", "asset_ids": [ID]}]),
     f"POST /entity-collections/{ID}/entities/bulk",
     {"entities": [{"name": "A", "asset_ids": [ID]}]}, {"success_count": 1, "failed_count": 0}),
    (lambda c: c.entity_collections.entities.remove_assets(ID, OTHER, [ID]),
     f"DELETE /entity-collections/{ID}/entities/{OTHER}/assets", {"asset_ids": [ID]}, ENTITY),
    (lambda c: c.knowledge_stores.create("films", enrichment="Who is in it."),
     "POST /knowledge-stores", {"name": "films", "ingestion_config": {"enrichment_config": {
         "type": "description", "description": "Who is in it."}}}, {"_id": STORE}),
    (lambda c: c.knowledge_stores.create("films", enrichment={"type": "object", "properties": {}}),
     "POST /knowledge-stores", {"name": "films", "ingestion_config": {"enrichment_config": {
         "type": "json_schema", "json_schema": {"type": "object", "properties": {}}}}},
     {"_id": STORE}),
    (lambda c: c.knowledge_stores.items.create(STORE, ID, asset_type="video"),
     f"POST /knowledge-stores/{STORE}/items", {"asset_id": ID, "asset_type": "video"}, KNOWN),
    (lambda c: c.knowledge_stores.collections.add(STORE, "ksic_1", [ITEM]),
     f"POST /knowledge-stores/{STORE}/item-collections/ksic_1/items/add", {"item_ids": [ITEM]},
     {"_id": "ksic_1"}),
    (lambda c: c.knowledge_stores.collections.remove(STORE, "ksic_1", [ITEM]),
     f"POST /knowledge-stores/{STORE}/item-collections/ksic_1/items/remove", {"item_ids": [ITEM]},
     None),
    (lambda c: c.responses.create(
        STORE, ["Hello.", "Who runs in {{sel:0}}?"], session_id="sess_1", include=[
            "intermediate_outputs"], selections=[{"kind": "item", "id": ITEM}],
        format={"type": "text"}),
     "POST /responses", {
         "knowledge_store_id": STORE, "session_id": "sess_1", "stream": False,
         "include": ["intermediate_outputs"], "selections": [{"kind": "item", "id": ITEM}],
         "text": {"format": {"type": "text"}}, "input": [
             {"type": "message", "role": "user", "content": "Hello."},
             {"type": "message", "role": "user", "content": "Who runs in {{sel:0}}?"}]}, RESPONSE),
    (lambda c: c.responses.create(STORE, "Who?", text={"format": {"type": "text"}}, effort="low"),
     "POST /responses", {
         "knowledge_store_id": STORE, "stream": False, "text": {"format": {"type": "text"}},
         "effort": "low",
         "input": [{"type": "message", "role": "user", "content": "Who?"}]}, RESPONSE),
    (lambda c: c.connections.authorize("https://app.example/back", custom_id="me"),
     "POST /connections:authorize", {"provider": "google_drive", "custom_id": "me",
                                     "redirect_uri": "https://app.example/back"},
     {"authorize_url": "https://accounts.example", "state": "s"}),
    (lambda c: c.connections.picker_token(ID), f"POST /connections/{ID}/picker-token", None,
     {"access_token": "t", "expires_in": 3600}),
    (lambda c: c.connections.imports.create(ID, ["f1", "f2"]), f"POST /connections/{ID}/imports",
     {"items": [{"source_id": "f1"}, {"source_id": "f2"}]}, {"_id": OTHER}),
    (lambda c: c.connections.redirect_uris.create("https://app.example/back"),
     "POST /connections/redirect-uris", {"redirect_uri": "https://app.example/back"}, {"_id": ID}),
]  # fmt: skip

# A list, and the query with which its first page is asked for.
LISTS: list[tuple[Act, str]] = [
    (lambda c: c.assets.list(asset_ids=[ID, OTHER], asset_types=["video"], filename="fer"),
     f"/assets?asset_ids={ID}&asset_ids={OTHER}&asset_types=video&filename=fer&page=1"),
    (lambda c: c.assets.indexed_assets(ID, page_limit=5),
     f"/assets/{ID}/indexed-assets?page_limit=5&page=1"),
    (lambda c: c.assets.entities(ID), f"/assets/{ID}/entities?page=1"),
    (lambda c: c.assets.uploads.list(), "/assets/multipart-uploads?page=1"),
    (lambda c: c.indexes.indexed_assets.list(
        ID, status=["ready", "failed"], duration=Range(gte=1), user_metadata={"kind": "boat"}),
     f"/indexes/{ID}/indexed-assets?user_metadata%5Bkind%5D=boat&status=ready&status=failed"
     "&duration%5Bgte%5D=1&page=1"),
    (lambda c: c.embed_v2.tasks.list(status="ready", started_at=datetime(2026, 10, 2, tzinfo=UTC)),
     "/embed-v2/tasks?started_at=2026-10-02T00%3A00%3A00.000Z&status=ready&page=1"),
    (lambda c: c.analyze_tasks.list(status="ready", asset_id=ID, analysis_mode="general"),
     f"/analyze/tasks?status=ready&asset_id={ID}&analysis_mode=general&page=1"),
    (lambda c: c.analyze_batches.list(status=["completed", "expired"]),
     "/analyze/batches?status=completed&status=expired&page=1"),
    (lambda c: c.entity_collections.list(name="people", sort_by="name"),
     "/entity-collections?name=people&sort_by=name&page=1"),
    (lambda c: c.entity_collections.entities.list(ID, status="ready"),
     f"/entity-collections/{ID}/entities?status=ready&page=1"),
    (lambda c: c.knowledge_stores.list(sort_option="asc"),
     "/knowledge-stores?sort_option=asc&page=1"),
    (lambda c: c.knowledge_stores.items.list(STORE, status=["ready"]),
     f"/knowledge-stores/{STORE}/items?status=ready&page=1"),
    (lambda c: c.knowledge_stores.collections.list(STORE, sort_by="name"),
     f"/knowledge-stores/{STORE}/item-collections?sort_by=name&page=1"),
    (lambda c: c.knowledge_stores.collections.items(STORE, "ksic_1", page=2),
     f"/knowledge-stores/{STORE}/item-collections/ksic_1/items?page=2"),
    (lambda c: c.connections.list(page_limit=5), "/connections?page_limit=5&page=1"),
    (lambda c: c.connections.redirect_uris.list(), "/connections/redirect-uris?page=1"),
    (lambda c: c.connections.imports.list(ID), f"/connections/{ID}/imports?page=1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "line", "body", "answer"),
    CALLS,
    ids=[f"{at} {each[1]}" for at, each in enumerate(CALLS)],
)
def test_call__sends(caller: Blocking, act: Act, line: str, body: Any, answer: Any) -> None:
    """Method, path, query and body as the vendor reads them; the key in its header."""
    script = Script(reply(204) if answer is None else reply(200, answer))
    caller.run(act(caller.client(script.transport)))
    [request] = script.requests
    assert f"{request.method} {target(request)}" == line
    assert (json.loads(request.content) if request.content else None) == body
    assert "x-api-key" in request.headers


@pytest.mark.parametrize(("act", "target_line"), LISTS, ids=[each[1] for each in LISTS])
def test_list__asks_for(caller: Blocking, act: Act, target_line: str) -> None:
    """Lists repeat their keys; the first page is asked for by number."""
    script = Script(reply(200, EMPTY))
    assert caller.all(act(caller.client(script.transport))) == []
    [request] = script.requests
    assert (request.method, target(request)) == ("GET", target_line)


def test_asset__is_created_from_a_file_or_an_address(caller: Blocking) -> None:
    """Both are forms; notes are JSON text; exactly one of them is given."""
    script = Script(reply(201, ASSET))
    assets = caller.client(script.transport).assets
    file = File(b"film", name="a.mp4")
    new = caller.run(assets.create(file=file, user_metadata={"kind": ["boat"]}, enable_hls=False))
    assert (new.id, new.made.method) == (ID, "url")
    caller.run(assets.create(url="https://x/a.mp4", filename="b.mp4"))
    sent = [form(request) for request in script.requests]
    assert sent[0] == [("method", b"direct"), ("enable_hls", b"false"),
                       ("user_metadata", b'{"kind":["boat"]}'), ("file", b"film")]  # fmt: skip
    assert sent[1] == [("method", b"url"), ("url", b"https://x/a.mp4"), ("filename", b"b.mp4")]
    with pytest.raises(UsageError, match="exactly one of file, url"):
        caller.run(assets.create(file=b"x", url="https://x/a.mp4"))


def test_search__takes_several_images_and_words(caller: Blocking) -> None:
    """Each image is a field of the same name; what was withdrawn is not sent unless asked for."""
    page = {"data": [{"video_id": ID, "start": 0, "end": 5, "rank": 1}], "page_info": {
        "limit_per_page": 10, "total_results": 1}}  # fmt: skip
    script = Script(reply(200, page))
    found = caller.client(script.transport).search.clips(
        ID,
        ["visual", "audio"],
        query_text="<@69d2> runs",
        query_media_type="image",
        query_media_url=["https://x/a.png", "https://x/b.png"],
        query_media_files=[b"one", File(b"two", name="c.png")],
        transcription_options=["lexical", "semantic"],
    )
    [clip] = caller.all(found)
    assert (clip.rank, clip.score, clip.confidence) == (1, None, None)
    assert form(script.requests[0]) == [
        ("index_id", ID.encode()), ("search_options", b"visual"), ("search_options", b"audio"),
        ("group_by", b"clip"), ("query_text", b"<@69d2> runs"), ("query_media_type", b"image"),
        ("query_media_url", b"https://x/a.png"), ("query_media_url", b"https://x/b.png"),
        ("transcription_options", b"lexical"), ("transcription_options", b"semantic"),
        ("query_media_file", b"one"), ("query_media_file", b"two"),
    ]  # fmt: skip


def test_knowledge__is_read_over_all_pages(caller: Blocking) -> None:
    """The token goes into the body of a further POST; no token, or an empty one, is the end."""
    hit = {"asset_type": "video", "rank": 1, "item_id": ITEM, "matches": [
        {"start_sec": 0, "end_sec": 2.5, "modalities": ["visual"]}]}  # fmt: skip
    script = Script(
        reply(200, {"data": [hit], "next_page_token": "t1", "effective_search_options": {}}),
        reply(200, {"data": [hit, hit], "next_page_token": "", "effective_search_options": {}}),
    )
    found = caller.all(
        caller.client(script.transport).knowledge_stores.search(
            STORE, "a dog", asset_types=["video"], modalities=["audio"], page_size=2
        )
    )
    assert [hit.matches[0].end_sec for hit in found] == [2.5] * 3
    bodies = [json.loads(request.content) for request in script.requests]
    assert bodies[0] == {
        "query": {"text": "a dog"},
        "filter": {"asset_type": {"in": ["video"]}},
        "search_options": {"video": {"modalities": ["audio"]}},
        "page_size": 2,
    }
    assert bodies[1] == {**bodies[0], "page_token": "t1"}


def test_analysis__with_an_idempotency_key_is_asked_for_again(caller: Blocking) -> None:
    """A lost answer is no reason for a second analysis, unless the service can tell."""
    lost = httpx2.ReadTimeout("slow")
    script = Script(lost, reply(202, TASK))
    tasks = caller.client(script.transport).analyze_tasks
    caller.run(tasks.create(video=VIDEO, prompt="Who?", idempotency_key="k1"))
    assert [request.headers["idempotency-key"] for request in script.requests] == ["k1", "k1"]
    script = Script(lost, reply(202, TASK))
    with pytest.raises(Exception, match="no answer"):
        caller.run(caller.client(script.transport).analyze_tasks.create(video=VIDEO, prompt="?"))
    assert len(script.requests) == 1


def test_analysis__of_nothing_or_of_too_much_is_refused_first(caller: Blocking) -> None:
    """Exactly one subject, and one prompt; nothing is sent."""
    script = Script(reply(200, {}))
    client = caller.client(script.transport)
    with pytest.raises(UsageError, match="Nothing was given; exactly one of video_id, video,"):
        caller.run(client.analyze(prompt="Who?"))
    with pytest.raises(UsageError, match="prompt and prompt_v2 were given"):
        caller.run(client.analyze("v", "Who?", prompt_v2={"input_text": "Who?"}))
    with pytest.raises(UsageError, match="at most one"):
        caller.run(
            client.analyze_tasks.create(video=VIDEO, prompt="?", prompt_v2={"input_text": "?"})
        )
    with pytest.raises(UsageError, match="words, media, or both"):
        caller.run(client.embed_v2.multi_input("marengo3.5"))
    with pytest.raises(UsageError, match="pass a list"):
        client.knowledge_stores.search(STORE, "a dog", item_ids=ITEM)
    assert script.requests == []


def target(request: httpx2.Request) -> str:
    return request.url.raw_path.decode().removeprefix("/v1.3")


def form(request: httpx2.Request) -> list[tuple[str, bytes]]:
    """The fields of a form, in order."""
    head = f"Content-Type: {request.headers['content-type']}\n\n".encode()
    parts: Any = message_from_bytes(head + request.content).get_payload()
    return [
        (part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
        for part in parts
    ]
