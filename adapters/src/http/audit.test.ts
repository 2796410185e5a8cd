import assert from "node:assert/strict";
import { test } from "node:test";
import { auditServer } from "graphql-http";
import { quick, serve } from "./testing/serving.ts";

const limits = { ...quick, headersTimeout: 10_000, receiveTimeout: 10_000, requestTimeout: 10_000 };

test("the audit of GraphQL over HTTP finds nothing in dev mode, by both paths", { timeout: 60_000 }, async () => {
  for (const plain of [true, false]) {
    await using serving = await serve({ dev: true, limits, plain });
    const results = await auditServer({ url: serving.graphql });
    const failed = results.flatMap((result) => (result.status === "ok" ? [] : [`${result.name}: ${result.reason}`]));
    assert.deepEqual(failed, []);
    assert.equal(results.length, 61);
    assert.equal(serving.plainAnswers() > 0, plain);
  }
});
