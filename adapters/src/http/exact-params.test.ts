import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { serve } from "./testing/serving.ts";

const query = "query ($name: String) { hello(name: $name) }";
const variables = `{"name":[12345678901234567890,"a",{"n":0.12345678901234567890}]}`;
const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
const post = { method: "POST", headers: { "content-type": "application/json" } };

test("numbers in variables arrive with all their digits, with and without Yoga", { timeout: 20_000 }, async () => {
  const arrived: string[] = [];
  const run = (operation: { readonly variables: unknown }) => {
    arrived.push(JSON.stringify(operation.variables));
    return Promise.resolve({ data: {} });
  };
  await using server = await serve({ dev: true, run });
  assert.equal((await fetch(server.graphql, { ...post, body })).status, 200);
  assert.equal(server.plainAnswers(), 1);
  assert.equal(await statusInChunks(server.graphql), 200);
  const parameters = new URLSearchParams({ query, variables }).toString();
  assert.equal((await fetch(`${server.graphql}?${parameters}`)).status, 200);
  assert.equal(server.plainAnswers(), 1);
  assert.deepEqual(arrived, [variables, variables, variables]);
});

async function statusInChunks(url: string): Promise<number | undefined> {
  const call = request(url, post);
  call.write(body.slice(0, 50));
  call.end(body.slice(50));
  const [response]: IncomingMessage[] = await once(call, "response");
  return response?.resume().statusCode;
}
