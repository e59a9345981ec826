"use strict";
// The journey that the JavaScript SDKs of Twelve Labs have in common: steps that count, what
// replies must be like, and the parts of the journey in the order in which a customer takes them.

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { TwelveLabs, TwelvelabsApi, TwelvelabsApiError } = require("twelvelabs-js");

const { BadRequestError, NotFoundError } = TwelvelabsApi;

const POLLS = { sleepInterval: 0.01 }; // seconds; in auto time each poll is a step
const LONGEST = 60_000; // milliseconds that a wait may take
const STATUSES = ["uploading", "validating", "pending", "queued", "indexing", "ready"];
const FOX = "https://media.example/red-fox-in-snow.mp4?duration=60";
const FERRY = "https://media.example/harbour/ferry.mp4?duration=45";
const PICTURE = "https://media.example/red-fox.jpeg";
const SOUND = "https://media.example/foghorn.mp3?duration=30";
const NOBODY = "0".repeat(24);

let passed = 0;

/** One thing that must work; the first that does not ends the program with its stack. */
async function step(what, work) {
  const began = performance.now();
  const result = await work();
  passed += 1;
  console.log(`ok ${what} (${Math.round(performance.now() - began)} ms)`);
  return result;
}

/** A step that auto time makes short. */
async function quickStep(what, work) {
  const began = performance.now();
  const result = await step(what, work);
  assert.ok(performance.now() - began < LONGEST, "auto time did not make each poll a step");
  return result;
}

/** The journey `main(client, folder)`, with its sum at the end. */
async function run(version, main) {
  const [url, folder] = process.argv.slice(2);
  process.env.TWELVELABS_BASE_URL = `${url}/twelvelabs/v1.3`;
  await main(new TwelveLabs({ apiKey: "tlk_vendor" }), folder);
  console.log(`twelvelabs-js ${version} against ${url}`);
  console.log(`${passed} passed, 0 failed`);
}

/** The call must fail with just that error, with the status and the vendor's code. */
async function refused(call, kind, status, code) {
  let got;
  try {
    got = await call();
  } catch (error) {
    assert.equal(error.constructor, kind, String(error));
    assert.equal(error.statusCode, status);
    assert.equal(error.body.code, code);
    assert.ok(error.body.message);
    return;
  }
  assert.fail(`nothing was refused, but there came ${JSON.stringify(got)}`);
}

/** Everything that a pager yields. */
async function all(pages) {
  const found = [];
  for await (const each of await pages) found.push(each);
  return found;
}

const ids = (found) => found.map((each) => each.id);

/** A vector of that many finite numbers, not all zero. */
function vector(numbers, length) {
  assert.equal(numbers.length, length);
  assert.ok(numbers.every(Number.isFinite) && numbers.some(Boolean));
}

/** Pieces of a video in order, none empty, all within its length. */
function spans(found, duration) {
  assert.ok(found.length > 0);
  for (const [at, [start, end]] of found.entries()) {
    assert.ok(0 <= start && start < end && end <= duration, String(found));
    if (at) assert.ok(found[at - 1][0] <= start, String(found));
  }
}

/** A file as a stream, which the SDKs send in chunks without a length. */
const stream = (folder, name) => fs.createReadStream(path.join(folder, name));

/** A file in memory with a name. */
const inMemory = (folder, name) => new File([fs.readFileSync(path.join(folder, name))], name);

async function indexes(client, ...names) {
  const models = names.map((modelName) => ({ modelName, modelOptions: ["visual", "audio"] }));

  const made = await step("create an index", async () => {
    const { id } = await client.indexes.create({
      indexName: "films",
      models,
      addons: ["thumbnail"],
    });
    const index = await client.indexes.retrieve(id);
    assert.equal(index.indexName, "films");
    assert.equal(index.videoCount, 0);
    assert.deepEqual(index.models.map((model) => model.modelName), names);
    return index;
  });

  await step("rename it and find it by name, family and options", async () => {
    await client.indexes.update(made.id, { indexName: "renamed films" });
    for (const wanted of [
      { indexName: "renamed films" },
      { modelFamily: "marengo", modelOptions: "visual,audio" },
      { createdAt: made.createdAt, updatedAt: made.createdAt },
    ]) {
      assert.deepEqual(ids(await all(client.indexes.list(wanted))), [made.id]);
    }
    assert.deepEqual(await all(client.indexes.list({ indexName: "films" })), []);
  });

  await step("page through indexes in both orders", async () => {
    const more = [];
    for (const indexName of ["a", "b", "c"]) {
      more.push((await client.indexes.create({ indexName, models })).id);
    }
    const wanted = { pageLimit: 2, sortBy: "created_at" };
    const rising = ids(await all(client.indexes.list({ ...wanted, sortOption: "asc" })));
    assert.deepEqual(rising, [made.id, ...more]);
    const falling = ids(await all(client.indexes.list({ ...wanted, sortOption: "desc" })));
    assert.deepEqual(falling, rising.toReversed());
    for (const each of more) await client.indexes.delete(each);
  });

  await step("be refused for a bad index, in the declared error", () =>
    refused(
      () => client.indexes.create({ indexName: "bad", models: [] }),
      BadRequestError, 400, "parameter_invalid",
    ));
  return made.id;
}

async function uploads(client, indexId, folder) {
  const film = await step("upload a file in chunks, without a length", () =>
    client.tasks.create({
      indexId,
      videoFile: stream(folder, "film.mp4"),
      enableVideoStream: true,
      userMetadata: JSON.stringify({ season: 2, title: "A film" }),
    }));

  await quickStep("wait for it, each poll a step", async () => {
    const seen = [];
    const callback = (task) => seen.push(STATUSES.indexOf(task.status));
    const done = await client.tasks.waitForDone(film.id, { ...POLLS, callback });
    assert.equal(done.status, "ready");
    assert.ok(done.hls.videoUrl);
    assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
    assert.ok(!seen.includes(-1));
  });

  const [fox, copy, ferry] = await quickStep("upload by address and in bulk", async () => {
    const one = await client.tasks.create({ indexId, videoUrl: FOX });
    const two = await client.tasks.createBulk({
      indexId,
      videoFiles: [inMemory(folder, "film.mp4")],
      videoUrls: [FERRY],
    });
    const tasks = [one, ...two];
    for (const each of tasks) {
      assert.equal((await client.tasks.waitForDone(each.id, POLLS)).status, "ready");
    }
    return tasks;
  });

  await step("list tasks with filters, order and pages", async () => {
    const order = [ferry.id, copy.id, fox.id, film.id];
    const wanted = { indexId, status: ["ready", "failed"], pageLimit: 3 };
    assert.deepEqual(ids(await all(client.tasks.list(wanted))), order);
    assert.deepEqual(await all(client.tasks.list({ indexId, status: "indexing" })), []);
    const same = { filename: "film.mp4", duration: 12, width: 1280, height: 720 };
    const rising = { ...same, sortBy: "created_at", sortOption: "asc" };
    assert.deepEqual(ids(await all(client.tasks.list(rising))), [film.id, copy.id]);
  });

  await quickStep("see an upload fail, and clear it away", async () => {
    await refused(
      () => client.tasks.create({ indexId, videoFile: stream(folder, "photo.jpeg") }),
      BadRequestError, 400, "video_file_broken",
    );
    const videoUrl = "https://media.example/understudy-fail.mp4";
    const { id } = await client.tasks.create({ indexId, videoUrl });
    assert.equal((await client.tasks.waitForDone(id, POLLS)).status, "failed");
    await client.tasks.delete(id);
    const gone = () => client.tasks.retrieve(id);
    await refused(gone, TwelvelabsApiError, 404, "resource_not_exists");
  });

  return {
    film: film.videoId,
    fox: fox.videoId,
    copy: copy.videoId,
    ferry: ferry.videoId,
  };
}

async function videos(client, indexId, named, folder) {
  const { film } = named;
  const { size } = fs.statSync(path.join(folder, "film.mp4"));

  await step("list and read the videos", async () => {
    const listed = await all(client.indexes.videos.list(indexId, { pageLimit: 3 }));
    assert.deepEqual(ids(listed).toSorted(), Object.values(named).toSorted());
    const video = await client.indexes.videos.retrieve(indexId, film);
    assert.deepEqual({ ...video.systemMetadata }, {
      ...video.systemMetadata,
      filename: "film.mp4",
      duration: 12,
      fps: 30,
      width: 1280,
      height: 720,
      size,
    });
    assert.deepEqual(video.userMetadata, { season: 2, title: "A film" });
  });

  await step("update the metadata and filter by it", async () => {
    const userMetadata = { genre: "noir", season: 3, rating: 7.5, seen: true };
    await client.indexes.videos.update(indexId, film, { userMetadata });
    const video = await client.indexes.videos.retrieve(indexId, film);
    assert.deepEqual(video.userMetadata, { ...userMetadata, title: "A film" });
    for (const [wanted, count] of [[{ genre: "noir" }, 1], [{ season: 3 }, 1], [{ genre: "x" }, 0]]) {
      const list = client.indexes.videos.list(indexId, { userMetadata: wanted });
      assert.equal((await all(list)).length, count);
    }
  });

  await step("filter the videos by what the system knows", async () => {
    for (const wanted of [
      { filename: "film.mp4", size, width: 1280, height: 720, fps: 30, duration: 12 },
      { filename: "film.mp4", createdAt: "2020-01-01", updatedAt: "2020-01-01T00:00:00Z" },
    ]) {
      const [first] = await all(
        client.indexes.videos.list(indexId, {
          ...wanted,
          sortBy: "created_at",
          sortOption: "asc",
        }),
      );
      assert.equal(first.id, film);
    }
  });

  await step("read the vectors and the words of a video", async () => {
    const video = await client.indexes.videos.retrieve(indexId, named.fox, {
      embeddingOption: ["visual-text", "audio"],
      transcription: true,
    });
    const { segments } = video.embedding.videoEmbedding;
    for (const option of ["visual-text", "audio"]) {
      const found = segments.filter((each) => each.embeddingOption === option);
      spans(found.map((each) => [each.startOffsetSec, each.endOffsetSec]), 60);
    }
    spans(video.transcription.map((each) => [each.start, each.end]), 60);
  });
}

async function searching(client, indexId, named, folder, more = {}) {
  const options = { indexId, searchOptions: ["visual", "audio"], ...more };
  const search = (fields) => client.search.query({ ...options, ...fields });
  const place = (item) => [item.videoId, item.start, item.end];

  await step("search in words and follow the pages", async () => {
    const found = await all(search({ queryText: "a red fox", operator: "or", pageLimit: 50 }));
    assert.equal(found[0].videoId, named.fox);
    assert.ok(found[0].thumbnailUrl);
    const again = await all(search({ queryText: "a red fox", pageLimit: 2 }));
    assert.deepEqual(again.map(place), found.map(place));
    const first = await client.search.create({ ...options, queryText: "a red fox", pageLimit: 2 });
    assert.equal(first.searchPool.indexId, indexId);
    assert.equal(first.pageInfo.totalResults, found.length);
    const token = first.pageInfo.nextPageToken;
    const second = await client.search.retrieve(token, { includeUserMetadata: true });
    assert.deepEqual(place(second.data[0]), place(found[2]));
    assert.ok(second.pageInfo.prevPageToken);
  });

  await step("search by image, from a file and from an address", async () => {
    const image = { queryMediaType: "image", searchOptions: ["visual"] };
    const queryMediaFile = stream(folder, "picture.png");
    assert.ok((await search({ ...image, queryMediaFile })).data.length);
    const [best] = (await search({ ...image, queryMediaUrl: PICTURE })).data;
    assert.equal(best.videoId, named.fox);
  });

  await step("group and filter a search", async () => {
    const groups = await all(search({ queryText: "ferry", groupBy: "video", pageLimit: 50 }));
    assert.equal(groups[0].id, named.ferry);
    assert.ok(groups.every((group) => group.clips.length));
    const filter = JSON.stringify({ genre: "noir", duration: { gte: 5, lte: 20 } });
    const pages = await search({ queryText: "film", filter, includeUserMetadata: true });
    assert.equal(pages.data[0].videoId, named.film);
    assert.equal(pages.data[0].userMetadata.genre, "noir");
  });

  await step("be refused for a bad search", () =>
    refused(
      () => search({ queryText: "fox", filter: "{" }),
      BadRequestError, 400, "search_filter_invalid",
    ));
}

async function embeddings(client, modelName, length, folder) {
  const embed = (fields) => client.embed.create({ modelName, ...fields });

  await step("embed text, images and sounds", async () => {
    for (const [part, fields] of [
      ["textEmbedding", { text: "a red fox" }],
      ["imageEmbedding", { imageFile: inMemory(folder, "photo.jpeg") }],
      ["imageEmbedding", { imageUrl: PICTURE }],
      ["audioEmbedding", { audioFile: stream(folder, "sound.wav"), audioStartOffsetSec: 2 }],
      ["audioEmbedding", { audioUrl: SOUND }],
    ]) {
      const made = await embed(fields);
      assert.equal(made.modelName, modelName);
      vector(made[part].segments[0].float, length);
    }
  });

  await step("embed three kinds at once", async () => {
    const made = await embed({ text: "fox", imageUrl: PICTURE, audioUrl: SOUND });
    for (const part of [made.textEmbedding, made.imageEmbedding, made.audioEmbedding]) {
      vector(part.segments[0].float, length);
    }
  });

  await step("be refused for a bad embedding", () =>
    refused(() => embed({}), BadRequestError, 400, "parameter_not_provided"));
}

async function embeddingTasks(client, modelName, length, folder) {
  const { tasks } = client.embed;

  const [file, part, bulk] = await step("start embedding files and addresses", async () => {
    const one = await tasks.create({ modelName, videoFile: stream(folder, "film.mp4") });
    const two = await tasks.create({
      modelName,
      videoUrl: FOX,
      videoStartOffsetSec: 10,
      videoEndOffsetSec: 31,
      videoClipLength: 5,
      videoEmbeddingScope: ["clip", "video"],
    });
    const [three] = await tasks.createBulk({ modelName, videos: [{ videoUrl: FERRY }] });
    assert.equal((await tasks.status(one.id)).status, "processing");
    return [one.id, two.id, three.id];
  });

  await quickStep("wait for the vectors", async () => {
    for (const each of [file, part, bulk]) {
      assert.equal((await tasks.waitForDone(each, POLLS)).status, "ready");
    }
  });

  await step("read the vectors, all and of one kind", async () => {
    const got = await tasks.retrieve(file);
    assert.ok(got.createdAt);
    assert.equal(got.videoEmbedding.metadata.inputFilename, "film.mp4");
    const { segments } = got.videoEmbedding;
    for (const each of segments) vector(each.float, length);
    const seen = segments.filter((each) => each.embeddingOption.startsWith("visual"));
    assert.deepEqual(seen.map((each) => [each.startOffsetSec, each.endOffsetSec]), [[0, 6], [6, 12]]);
    const { videoEmbedding } = await tasks.retrieve(part, { embeddingOption: ["audio"] });
    const scopes = videoEmbedding.segments.map((each) => each.embeddingScope);
    assert.deepEqual(scopes, ["clip", "clip", "clip", "clip", "video"]);
  });

  await step("list embedding tasks", async () => {
    const listed = await all(tasks.list({ pageLimit: 2, status: "ready" }));
    assert.deepEqual(ids(listed), [bulk, part, file]);
    const wanted = { startedAt: "2020-01-01T00:00:00Z", endedAt: "2020-01-02T00:00:00Z" };
    assert.deepEqual(await all(tasks.list(wanted)), []);
  });

  await step("be refused for a bad embedding task", async () => {
    await refused(
      () => tasks.create({ modelName, videoUrl: FOX, videoClipLength: 11 }),
      BadRequestError, 400, "parameter_invalid",
    );
    const gone = () => tasks.retrieve(NOBODY);
    await refused(gone, TwelvelabsApiError, 404, "resource_not_exists");
  });
}

async function farewell(client, indexId, videoId) {
  await step("delete the video and the index, for good", async () => {
    await client.indexes.videos.delete(indexId, videoId);
    const video = () => client.indexes.videos.retrieve(indexId, videoId);
    await refused(video, NotFoundError, 404, "resource_not_exists");
    await client.indexes.delete(indexId);
    const index = () => client.indexes.retrieve(indexId);
    await refused(index, TwelvelabsApiError, 404, "resource_not_exists");
  });
}

module.exports = {
  BadRequestError,
  all,
  embeddingTasks,
  embeddings,
  farewell,
  indexes,
  quickStep,
  refused,
  run,
  searching,
  spans,
  step,
  uploads,
  videos,
};
