"use strict";
// What twelvelabs-js 1.3.4 calls beyond the document of 2025: assets, their uploads in pieces and
// their way into an index, embed v2, analyses, entities, knowledge stores, answers, connections.

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { TwelvelabsApi, TwelvelabsApiError } = require("twelvelabs-js");
const { BadRequestError, all, quickStep, refused, step } = require("../journey.js");

const { ConflictError, NotFoundError, UnprocessableEntityError } = TwelvelabsApi;

const WALK = "https://media.example/Morning-Walk.mp4?duration=31.2";
const FOX = "https://media.example/red-fox-in-snow.mp4?duration=60";
const PICTURE = "https://media.example/red-fox.jpeg";
const DONE = "https://app.example/oauth/done";
const SIZE = 50 * 1024 * 1024;
const INDEXED = ["pending", "queued", "validating", "indexing", "ready"];
const NOBODY = "0".repeat(24);

const ids = (found) => found.map((each) => each.id);

/** The thing that `read` answers, once its status is one of `ends`; the SDK does not wait. */
async function over(read, ...ends) {
  const seen = [];
  for (;;) {
    const found = await read();
    if (seen.at(-1) !== found.status) seen.push(found.status);
    if (ends.includes(found.status)) return { found, seen };
    assert.ok(seen.length < 10, String(seen));
  }
}

/** The id of an asset of an address, ready. */
async function asset(client, url) {
  const { id } = await client.assets.create({ method: "url", url });
  const { found } = await over(() => client.assets.retrieve(id), "ready", "failed");
  assert.equal(found.status, "ready");
  return id;
}

/** The call must fail with a nested body that has the code. */
async function refusedBelow(call, kind, status, code) {
  await assert.rejects(call, (error) => {
    assert.equal(error.constructor, kind, String(error));
    assert.equal(error.statusCode, status);
    assert.equal(error.body.error.code, code);
    return true;
  });
}

async function assets(client, folder) {
  const walk = await quickStep("upload assets by address and by file", async () => {
    const file = fs.createReadStream(path.join(folder, "picture.png"));
    const made = await client.assets.create({ method: "direct", file, enableThumbnail: true });
    assert.equal(made.status, "processing");
    const picture = await over(() => client.assets.retrieve(made.id), "ready");
    assert.equal(picture.found.fileType, "image/png");
    assert.ok(picture.found.thumbnail.representativeUrl);
    return asset(client, WALK);
  });

  await step("change metadata in each of three ways, and read what is said", async () => {
    await client.assets.replaceUserMetadata(walk, { userMetadata: { take: 3, kept: true } });
    await client.assets.updateUserMetadata(walk, { userMetadata: { take: 4, grade: 4.5 } });
    const { userMetadata } = await client.assets.retrieve(walk);
    assert.deepEqual(userMetadata, { take: 4, kept: true, grade: 4.5 });
    await client.assets.deleteUserMetadata(walk);
    assert.equal((await client.assets.retrieve(walk)).userMetadata, undefined);
    const told = await client.assets.retrieveTranscription(walk, { include: ["utterances"] });
    assert.ok(told.utterances.length);
  });

  await step("list assets by id, kind and part of a name", async () => {
    assert.deepEqual(ids(await all(client.assets.list({ assetIds: [walk] }))), [walk]);
    assert.deepEqual(ids(await all(client.assets.list({ filename: "mORNING" }))), [walk]);
    const kinds = await all(client.assets.list({ assetTypes: ["image"], pageLimit: 1 }));
    assert.deepEqual(kinds.map((each) => each.filename), ["picture.png"]);
  });

  await step("upload a file in pieces, and see that it is whole", async () => {
    const large = path.join(folder, "large.mp4");
    const head = fs.readFileSync(path.join(folder, "film.mp4"));
    const box = Buffer.alloc(8);
    box.writeUInt32BE(SIZE - head.length);
    box.write("free", 4);
    fs.writeFileSync(large, Buffer.concat([head, box, Buffer.alloc(SIZE - head.length - 8)]));
    const seen = [];
    const progressCallback = ({ percentage }) => seen.push(percentage);
    const say = console.log;
    console.log = () => {};
    let done;
    try {
      done = await client.multipartUpload.uploadFile(large, { batchSize: 4, progressCallback });
    } finally {
      console.log = say;
      fs.unlinkSync(large);
    }
    assert.ok(done.assetUrl);
    assert.equal(seen.at(-1), 100);
    const { found } = await over(() => client.assets.retrieve(done.assetId), "ready", "failed");
    assert.deepEqual([found.method, found.size, found.duration], ["multipart", SIZE, 12]);
  });

  await quickStep("bring a piece by hand, and wait for the upload with the SDK", async () => {
    const uploads = client.multipartUpload;
    const content = fs.readFileSync(path.join(folder, "film.mp4"));
    const session = { filename: "film.mp4", type: "video", totalSize: content.length };
    const { uploadId, assetId, uploadUrls } = await uploads.create(session);
    const headers = { "content-type": "application/octet-stream" };
    const [{ url }] = uploadUrls;
    const put = await fetch(url, { method: "PUT", body: content, headers });
    assert.equal(put.status, 200);
    const proof = put.headers.get("etag").replaceAll('"', "");
    const piece = { chunkIndex: 1, proof, proofType: "etag", chunkSize: content.length };
    const report = { completedChunks: [piece] };
    assert.equal((await uploads.reportChunkBatch(uploadId, report)).processedChunks, 1);
    assert.equal((await uploads.reportChunkBatch(uploadId, report)).duplicateChunks, 1);
    const done = await uploads.waitForUploadCompletion(uploadId, { sleepInterval: 0.01 });
    assert.deepEqual({ ...done }, { status: "completed", completedChunks: 1, totalChunks: 1 });
    await over(() => client.assets.retrieve(assetId), "ready");
  });

  await step("begin an upload, look how far it is, and leave it", async () => {
    const uploads = client.multipartUpload;
    const made = await uploads.create({ filename: "b.mp4", type: "video", totalSize: 12000000 });
    const chunks = await all(uploads.getStatus(made.uploadId, { pageLimit: 2 }));
    assert.deepEqual(chunks.map((each) => each.status), Array(made.totalChunks).fill("pending"));
    const listed = await all(uploads.listIncompleteUploads());
    assert.deepEqual(listed.map((each) => each.uploadId), [made.uploadId]);
    await client.assets.delete(made.assetId);
  });
  return walk;
}

async function indexed(client, walk) {
  const home = client.indexes.indexedAssets;
  const models = [{ modelName: "marengo3.0", modelOptions: ["visual", "audio"] }];

  await quickStep("index an asset, find it, and take it out", async () => {
    const { id: index } = await client.indexes.create({ indexName: "walks", models });
    const userMetadata = { season: "autumn" };
    const made = await home.create(index, { assetId: walk, userMetadata });
    const { found, seen } = await over(() => home.retrieve(index, made.id), "ready", "failed");
    assert.deepEqual(seen, INDEXED);
    assert.equal(found.systemMetadata.duration, 31.2);
    for (const wanted of [{ status: ["ready"] }, { duration: { gte: 31, lte: 32 } }]) {
      assert.deepEqual(ids(await all(home.list(index, wanted))), [made.id]);
    }
    assert.deepEqual(ids(await all(client.indexes.videos.list(index))), [made.id]);
    const [place] = await all(home.listByAsset(walk));
    assert.equal(place.index.name, "walks");
    await home.update(index, made.id, { userMetadata: { take: 2 } });
    const changed = await home.retrieve(index, made.id, { embeddingOption: ["visual"] });
    assert.deepEqual(changed.userMetadata, { season: "autumn", take: 2 });
    assert.ok(changed.embedding.videoEmbedding.segments.length);
    const lost = () => client.assets.delete(walk);
    await refused(lost, ConflictError, 409, "resource_conflict");
    await home.delete(index, made.id);
    await client.indexes.delete(index);
  });
}

async function vectors(client, walk) {
  const { v2 } = client.embed;
  const old = (fields) => v2.create({ modelName: "marengo3.0", ...fields });

  await step("embed by the second version, at once", async () => {
    const mediaSource = { url: PICTURE };
    for (const fields of [
      { inputType: "text", text: { inputText: "a red fox" } },
      { inputType: "image", image: { mediaSource } },
      { inputType: "text_image", textImage: { mediaSource, inputText: "in the snow" } },
    ]) {
      assert.equal((await old(fields)).data[0].embedding.length, 512);
    }
    const video = { mediaSource: { assetId: walk }, embeddingOption: ["visual"] };
    const made = await old({ inputType: "video", video });
    assert.equal(made.metadata.duration, 31.2);
    assert.deepEqual(made.metadata.embeddingOptions, ["visual"]);
    const multiInput = { inputText: "man walking a dog" };
    const asked = { inputType: "multi_input", modelName: "marengo3.5", multiInput };
    assert.ok((await v2.create(asked)).usage.inputTokens);
  });

  await quickStep("embed by the second version, in a task", async () => {
    const video = { mediaSource: { assetId: walk }, embeddingScope: ["asset"] };
    const asked = { inputType: "video", modelName: "marengo3.5", video };
    const { id } = await v2.tasks.create(asked);
    const { found, seen } = await over(() => v2.tasks.retrieve(id), "ready", "failed");
    assert.deepEqual(seen, ["processing", "ready"]);
    assert.ok(found.data.every((each) => each.embedding.length === 512));
    assert.deepEqual(ids(await all(v2.tasks.list({ status: "ready" }))), [id]);
  });

  await step("be refused by the second version, one level down", () =>
    refusedBelow(
      () => old({ inputType: "text", text: { inputText: "a" }, modelName: "marengo3.5" }),
      BadRequestError, 400, "parameter_invalid",
    ));
}

async function analyses(client, walk) {
  const { batches, tasks } = client.analyzeAsync;
  const video = { type: "asset_id", assetId: walk };
  const asked = { video, prompt: "What happens?" };

  await step("analyze an asset, at once and as a stream", async () => {
    const answer = await client.analyze(asked);
    assert.equal(answer.finishReason, "stop");
    let text = "";
    for await (const event of await client.analyzeStream(asked)) text += event.text ?? "";
    assert.equal(text, answer.data);
    const lost = { ...asked, video: { type: "asset_id", assetId: NOBODY } };
    await refused(() => client.analyze(lost), NotFoundError, 404, "resource_not_exists");
  });

  await quickStep("analyze in a task", async () => {
    const { taskId } = await tasks.create({ ...asked, customId: "clip-7" });
    const { found, seen } = await over(() => tasks.retrieve(taskId), "ready", "failed");
    assert.deepEqual(seen, ["queued", "pending", "processing", "ready"]);
    assert.ok(found.result.data);
    assert.equal(found.customId, "clip-7");
    const { data } = await tasks.list({ assetId: walk });
    assert.deepEqual(data.map((each) => each.taskId), [taskId]);
    await tasks.delete(taskId);
    const gone = () => tasks.retrieve(taskId);
    await refusedBelow(gone, NotFoundError, 404, "resource_not_exists");
  });

  await quickStep("analyze in a batch, and read its results line by line", async () => {
    const defaults = { prompt: { inputText: "What happens?" } };
    const requests = [{ video, customId: "a" }, { video, prompt: { inputText: "Who?" } }];
    const wanted = { modelName: "pegasus1.5", analysisMode: "general", defaults, requests };
    const made = await batches.create(wanted);
    assert.deepEqual(made.items.map((each) => each.customId ?? null), ["a", null]);
    const { found } = await over(() => batches.retrieve(made.batchId), "completed");
    assert.equal(found.readyItems, 2);
    const lines = await all(batches.results(made.batchId));
    assert.deepEqual(lines.map((each) => each.status), ["ready", "ready"]);
    assert.ok(lines.every((each) => each.data.data));
    const listed = await all(batches.list({ status: ["completed"] }));
    assert.deepEqual(listed.map((each) => each.batchId), [made.batchId]);
    await batches.delete(made.batchId);
    const other = await batches.create(wanted);
    assert.ok(["canceling", "canceled"].includes((await batches.cancel(other.batchId)).status));
    await over(() => batches.retrieve(other.batchId), "canceled");
  });
}

async function entities(client) {
  const there = client.entityCollections;
  const people = there.entities;

  await quickStep("name somebody by pictures, and change what is known of them", async () => {
    const pictures = [await asset(client, PICTURE), await asset(client, `${PICTURE}?again`)];
    const staff = await there.create({ name: "staff" });
    assert.ok(staff.createdAt instanceof Date);
    await there.update(staff.id, { description: "at the quay" });
    assert.deepEqual(ids(await all(there.list({ name: "staff" }))), [staff.id]);
    const metadata = { role: "pilot", years: 12, rating: 4.5, onDuty: true };
    const ada = { name: "Ada", assetIds: pictures.slice(0, 1), metadata };
    const made = await people.create(staff.id, ada);
    const ready = () => over(() => people.retrieve(staff.id, made.id), "ready");
    assert.deepEqual((await ready()).found.metadata, metadata);
    const replaced = await people.update(staff.id, made.id, { metadata: { role: "captain" } });
    assert.deepEqual(replaced.metadata, { role: "captain" });
    const more = await people.createAssets(staff.id, made.id, { assetIds: pictures });
    assert.deepEqual([more.assetIds, more.status], [pictures, "processing"]);
    await ready();
    const less = { assetIds: pictures.slice(1) };
    assert.deepEqual(
      (await people.deleteAssets(staff.id, made.id, less)).assetIds,
      pictures.slice(0, 1),
    );
    const last = () => people.deleteAssets(staff.id, made.id, { assetIds: pictures.slice(0, 1) });
    await refused(last, BadRequestError, 400, "parameter_invalid");
    const entities = [ada, { name: "lost", assetIds: [NOBODY] }];
    const told = await people.createBulk(staff.id, { entities });
    assert.deepEqual([told.successCount, told.failedCount], [1, 1]);
    assert.equal(told.errors[0].entityIndex, 1);
    assert.equal((await all(people.listByAsset(pictures[0]))).length, 2);
    await people.delete(staff.id, made.id);
    await there.delete(staff.id);
    const gone = () => there.retrieve(staff.id);
    await refused(gone, TwelvelabsApiError, 404, "resource_not_exists");
  });
}

async function knowledge(client, walk) {
  const stores = client.knowledgeStores;
  const items = client.knowledgeStoreItems;
  const sets = client.knowledgeStoreItemCollections;

  const store = await quickStep("keep assets in a knowledge store", async () => {
    const { id } = await stores.create({ name: "walks", metadata: { season: "autumn" } });
    const fox = await asset(client, FOX);
    for (const assetId of [walk, fox]) {
      const made = await items.create(id, { assetId, metadata: { kept: "yes" } });
      await over(() => items.retrieve(id, made.id), "ready", "failed");
    }
    assert.equal((await stores.retrieve(id)).itemCount, 2);
    assert.equal((await all(items.list(id, { status: ["ready", "failed"] }))).length, 2);
    await stores.update(id, { description: "of foxes" });
    assert.deepEqual(ids(await all(stores.list())), [id]);
    return id;
  });

  const best = await step("search a knowledge store, and collect what is found", async () => {
    const query = { text: "a red fox" };
    const found = await stores.search(store, { query, groupBy: "item", includeMetadata: true });
    const { itemId } = found.data[0];
    const { id } = await sets.create(store, { name: "foxes" });
    assert.equal((await sets.addItems(store, id, { itemIds: [itemId] })).memberCount, 1);
    assert.deepEqual(ids(await all(sets.listItems(store, id))), [itemId]);
    await sets.update(store, id, { name: "Foxes" });
    assert.deepEqual((await all(sets.list(store))).map((each) => each.name), ["Foxes"]);
    await sets.removeItems(store, id, { itemIds: [itemId] });
    await sets.delete(store, id);
    return itemId;
  });

  await step("ask about it, at once and as a stream of events", async () => {
    const input = [{ type: "message", role: "user", content: "What does the red fox do?" }];
    const asked = { knowledgeStoreId: store, input };
    const answer = await client.responses.create(asked);
    assert.equal(answer.status, "completed");
    assert.equal(answer.output[0].content[0].annotations[0].itemId, best);
    const events = [];
    for await (const event of await client.responses.createStream(asked)) events.push(event);
    assert.equal(events[0].type, "response.created");
    assert.ok(events.some((event) => event.type === "response.completed"));
    const said = events.filter((event) => event.type === "response.output_text.delta");
    const [done] = events.filter((event) => event.type === "response.output_text.done");
    assert.equal(said.map((event) => event.delta).join(""), done.text);
  });

  await step("delete the knowledge store, for good", async () => {
    await items.delete(store, best);
    await stores.delete(store);
    const gone = () => stores.retrieve(store);
    await assert.rejects(gone, (error) => error.statusCode === 404 || error.statusCode === 400);
  });
}

async function connections(client) {
  const there = client.dataConnectors;

  const drive = await step("connect a drive: ask for a consent, and open it", async () => {
    const { id } = await there.createRedirectUri({ redirectUri: DONE });
    const unfit = () => there.createRedirectUri({ redirectUri: "http://app.example/" });
    await refused(unfit, UnprocessableEntityError, 422, "redirect_uri_invalid");
    const asked = { provider: "google_drive", redirectUri: DONE, customId: "workspace-7" };
    const { authorizeUrl, state } = await there.authorizeConnection(asked);
    assert.equal(new URL(authorizeUrl).searchParams.get("state"), state);
    const back = await fetch(authorizeUrl, { redirect: "manual" });
    assert.equal(back.status, 302);
    const brought = new URL(back.headers.get("location")).searchParams;
    assert.deepEqual([brought.get("status"), brought.get("custom_id")], ["ok", "workspace-7"]);
    assert.equal((await fetch(authorizeUrl, { redirect: "manual" })).status, 403);
    assert.equal((await there.listRedirectUris()).data.length, 1);
    await there.deleteRedirectUri(id);
    return brought.get("connection_id");
  });

  await quickStep("import files from it", async () => {
    const bring = (...sourceIds) =>
      client.imports.importFiles(drive, { items: sourceIds.map((sourceId) => ({ sourceId })) });
    const made = await bring("1AbCdEf", "list.xlsx");
    assert.deepEqual(made.items.map((each) => each.action), ["created", "rejected"]);
    assert.equal(made.hasFailures, true);
    const first = async () => (await client.imports.retrieveImport(drive, made.id)).items[0];
    const { found } = await over(first, "ready", "failed");
    assert.equal(found.status, "ready");
    assert.equal((await client.assets.retrieve(found.assetId)).method, "connector");
    assert.equal((await bring("1AbCdEf")).items[0].action, "skipped");
    assert.deepEqual((await client.imports.listImports(drive)).data.map((one) => one.itemCount), [1, 2]);
  });

  await step("use a connection, and cut it", async () => {
    assert.ok((await there.createConnectionPickerToken(drive)).accessToken);
    const found = await there.retrieveConnection(drive);
    assert.equal(found.status, "active");
    assert.ok(found.lastUsedAt instanceof Date);
    assert.deepEqual(ids((await there.listConnections()).data), [drive]);
    await there.deleteConnection(drive);
    const gone = () => there.retrieveConnection(drive);
    await refused(gone, NotFoundError, 404, "resource_not_exists");
  });
}

/** Everything of today, in the order in which a customer takes it. */
async function steps(client, folder) {
  const walk = await assets(client, folder);
  await indexed(client, walk);
  await vectors(client, walk);
  await analyses(client, walk);
  await entities(client);
  await knowledge(client, walk);
  await connections(client);
}

module.exports = { steps };
