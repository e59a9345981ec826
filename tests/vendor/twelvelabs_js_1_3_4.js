"use strict";
// twelvelabs-js 1.3.4, an SDK of 2026, over all that it calls: what it shares with older ones, then
// what came since. Run by `make vendor`, with the SDK on NODE_PATH, as
// `node twelvelabs_js_1_3_4.js SERVER_URL FOLDER`. It has no gist and summarize any more.

const assert = require("node:assert/strict");
const journey = require("./journey.js");
const today = require("./current/today.js");

const { all, step } = journey;

/** Bounds are all that this SDK sends; it drops plain numbers. */
async function ranges(client, indexId, named) {
  await step("filter the videos by ranges", async () => {
    for (const [duration, names] of [
      [{ gte: 50 }, ["fox"]],
      [{ gte: 40, lte: 60 }, ["fox", "ferry"]],
      [{ lte: 12 }, ["film", "copy"]],
    ]) {
      const found = await all(client.indexes.videos.list(indexId, { duration }));
      const ids = found.map((each) => each.id).toSorted();
      assert.deepEqual(ids, names.map((name) => named[name]).toSorted());
    }
  });
}

async function ranked(client, indexId, named) {
  await step("search and read ranks", async () => {
    const found = await all(
      client.search.query({
        indexId,
        searchOptions: ["visual", "audio"],
        queryText: "a red fox",
        pageLimit: 3,
      }),
    );
    assert.equal(found[0].videoId, named.fox);
    assert.deepEqual(found.map((item) => item.rank), found.map((_, at) => at + 1));
  });

  await step("search in what is said", async () => {
    const pages = await client.search.query({
      indexId,
      searchOptions: ["transcription"],
      transcriptionOptions: ["lexical", "semantic"],
      queryText: "fox",
    });
    assert.ok(Array.isArray(pages.data));
  });
}

journey.run("1.3.4", async (client, folder) => {
  const indexId = await journey.indexes(client, "marengo3.0");
  const named = await journey.uploads(client, indexId, folder);
  await journey.videos(client, indexId, named, folder);
  await ranges(client, indexId, named);
  await journey.searching(client, indexId, named, folder);
  await ranked(client, indexId, named);
  await journey.embeddings(client, "marengo3.0", 512, folder);
  await journey.embeddingTasks(client, "marengo3.0", 512, folder);
  await journey.farewell(client, indexId, named.film);
  await today.steps(client, folder);
});
