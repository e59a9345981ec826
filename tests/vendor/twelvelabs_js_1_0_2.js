"use strict";
// twelvelabs-js 1.0.2, the SDK of mid 2025, over its whole surface. Run by `make vendor`, with the
// SDK on NODE_PATH, as `node twelvelabs_js_1_0_2.js SERVER_URL FOLDER`.

const assert = require("node:assert/strict");
const journey = require("./journey.js");

const { BadRequestError, all, quickStep, refused, spans, step } = journey;

const ASSESSMENT = `Judge the speaker. Answer with JSON only:
{"confidence": <1-10>, "clarity": <1-10>, "remarks": ["..."]}`;
const SHAPE = {
  type: "object",
  properties: { mood: { type: "string" }, people: { type: "integer" } },
  required: ["mood", "people"],
};
const LEVELS = ["high", "medium", "low", "extremely low", "none"];
const MODEL = "Marengo-retrieval-2.7";

async function confidence(client, indexId) {
  const options = { indexId, searchOptions: ["visual"], queryText: "red fox", pageLimit: 50 };
  const search = (fields) => all(client.search.query({ ...options, ...fields }));

  await step("search with confidence, thresholds and orders", async () => {
    const found = await search({ threshold: "none", adjustConfidenceLevel: 0.5 });
    const levels = found.map((item) => LEVELS.indexOf(item.confidence));
    assert.deepEqual(levels, levels.toSorted());
    assert.ok(found.every((item, at) => !at || item.score <= found[at - 1].score));
    const high = await search({ threshold: "high" });
    assert.ok(high.every((item) => item.confidence === "high") && high.length < found.length);
    const sorting = { groupBy: "video", sortOption: "clip_count", threshold: "none" };
    const counts = (await search(sorting)).map((group) => group.clips.length);
    assert.deepEqual(counts, counts.toSorted((a, b) => b - a));
  });
}

async function texts(client, videoId) {
  await step("gist", async () => {
    const gist = await client.gist({ videoId, types: ["title", "topic", "hashtag"] });
    assert.ok(gist.id && gist.title && gist.topics.length && gist.hashtags.length);
    assert.ok(Number.isInteger(gist.usage.outputTokens));
    assert.equal((await client.gist({ videoId, types: ["topic"] })).title, undefined);
  });

  await step("summarize: summary", async () => {
    const made = await client.summarize({ videoId, type: "summary", temperature: 0.2 });
    assert.equal(made.summarizeType, "summary");
    assert.ok(made.summary);
  });

  await step("summarize: chapters", async () => {
    const made = await client.summarize({ videoId, type: "chapter", prompt: "For children." });
    assert.equal(made.summarizeType, "chapter");
    spans(made.chapters.map((each) => [each.start, each.end]), 60);
    assert.ok(made.chapters.every((each, at) => each.chapterNumber === at && each.chapterTitle));
  });

  await step("summarize: highlights", async () => {
    const made = await client.summarize({ videoId, type: "highlight" });
    assert.equal(made.summarizeType, "highlight");
    spans(made.highlights.map((each) => [each.start, each.end]), 60);
    assert.ok(made.highlights.every((each) => each.highlight && each.highlightSummary));
  });
}

async function analysis(client, videoId) {
  const prompt = "What happens?";

  const answer = await step("analyze", async () => {
    const made = await client.analyze({ videoId, prompt, temperature: 0.5 });
    assert.ok(made.id && made.data && made.usage.outputTokens > 0);
    assert.equal(made.finishReason, "stop");
    const short = await client.analyze({ videoId, prompt, maxTokens: 3 });
    assert.equal(short.finishReason, "length");
    return made;
  });

  await step("analyze into JSON, by prompt and by schema", async () => {
    const { data } = await client.analyze({ videoId, prompt: ASSESSMENT });
    const said = JSON.parse(data.slice(data.indexOf("{"), data.lastIndexOf("}") + 1));
    assert.deepEqual(Object.keys(said), ["confidence", "clarity", "remarks"]);
    assert.ok(said.clarity >= 1 && said.clarity <= 10);
    const responseFormat = { type: "json_schema", jsonSchema: SHAPE };
    const made = await client.analyze({ videoId, prompt, responseFormat });
    assert.ok(Number.isInteger(JSON.parse(made.data).people));
  });

  await step("analyze as a stream", async () => {
    const events = await all(client.analyzeStream({ videoId, prompt }));
    const [start, ...rest] = events;
    const end = rest.pop();
    assert.equal(start.eventType, "stream_start");
    assert.ok(rest.every((event) => event.eventType === "text_generation"));
    assert.equal(rest.map((event) => event.text).join(""), answer.data);
    assert.equal(end.eventType, "stream_end");
    assert.equal(end.metadata.generationId, start.metadata.generationId);
    assert.equal(end.metadata.usage.outputTokens, answer.usage.outputTokens);
  });

  await step("be refused for a prompt that is too long", () =>
    refused(
      () => client.analyze({ videoId, prompt: "word ".repeat(3000) }),
      BadRequestError, 400, "token_limit_exceeded",
    ));
}

async function transfers(client) {
  await quickStep("import from the cloud", async () => {
    const models = [{ modelName: "marengo2.7", modelOptions: ["visual"] }];
    const { id } = await client.indexes.create({ indexName: "bucket", models });
    const begun = await client.tasks.transfers.create("bucket-one", {
      indexId: id,
      incrementalImport: true,
      retryFailed: false,
      userMetadata: { source: "bucket" },
    });
    const names = begun.videos.map((video) => video.filename).toSorted();
    let ready = [];
    while (ready.length < names.length) {
      const status = await client.tasks.transfers.getStatus("bucket-one", { indexId: id });
      ready = status.ready.map((video) => video.filename);
    }
    assert.deepEqual(ready.toSorted(), names);
    const { data } = await client.tasks.transfers.getLogs("bucket-one");
    assert.equal(data.length, 1);
    assert.equal(data[0].videoStatus.ready, names.length);
    await client.indexes.delete(id);
  });
}

journey.run("1.0.2", async (client, folder) => {
  const indexId = await journey.indexes(client, "marengo2.7", "pegasus1.2");
  const named = await journey.uploads(client, indexId, folder);
  await journey.videos(client, indexId, named, folder);
  await journey.searching(client, indexId, named, folder, { threshold: "none" });
  await confidence(client, indexId);
  await texts(client, named.fox);
  await analysis(client, named.fox);
  await journey.embeddings(client, MODEL, 1024, folder);
  await step("embed text that is too long", () =>
    refused(
      () => client.embed.create({ modelName: MODEL, text: "word ".repeat(200), textTruncate: "none" }),
      BadRequestError, 400, "parameter_invalid",
    ));
  await journey.embeddingTasks(client, MODEL, 1024, folder);
  await transfers(client);
  await journey.farewell(client, indexId, named.film);
});
