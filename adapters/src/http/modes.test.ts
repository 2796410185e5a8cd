import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { codeOf, post, serve } from "./testing/serving.ts";

const deadline = { timeout: 20_000 };

test("production refuses GET and introspection, and suggests nothing", deadline, async () => {
  await using serving = await serve();
  const byGet = await fetch(`${serving.graphql}?query={hello}`);
  assert.equal(byGet.status, 405);
  assert.equal(byGet.headers.get("allow"), "POST");
  assert.equal((await fetch(serving.graphql, { headers: { accept: "text/html" } })).status, 405);
  const introspection = await post(serving.graphql, { query: "{ __schema { types { name } } }" });
  assert.equal(await codeOf(introspection), "GRAPHQL_VALIDATION_FAILED");
  assert.doesNotMatch(await (await post(serving.graphql, { query: "{ helo }" })).text(), /did you mean/i);
});

test("dev answers queries by GET, introspection and suggestions, but never a mutation by GET", deadline, async () => {
  await using serving = await serve({ dev: true });
  assert.deepEqual(await (await fetch(`${serving.graphql}?query={hello}`)).json(), { data: { hello: "world" } });
  const mutation = await fetch(`${serving.graphql}?query=mutation{set}`);
  assert.equal(mutation.status, 405);
  assert.equal((await post(serving.graphql, { query: "{ __typename __schema { queryType { name } } }" })).status, 200);
  assert.match(await (await post(serving.graphql, { query: "{ helo }" })).text(), /did you mean/i);
});

test("in dev mode a page that has pointed its own name at this machine gets nothing", deadline, async () => {
  await using serving = await serve({ dev: true });
  await using production = await serve();
  const { port } = new URL(serving.server.url);
  const statusFor = async (host: string, at = port, path = "/graphql?query={hello}"): Promise<number | undefined> => {
    const call = request({ port: at, path, headers: { host, accept: "text/html" } }).end();
    const [response]: IncomingMessage[] = await once(call, "response");
    return response?.resume().statusCode;
  };
  for (const host of [`evil.example:${port}`, "127.0.0.1.evil.example", "localhost.evil.example", "a b"]) {
    assert.equal(await statusFor(host), 403, host);
  }
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, "[::1]:4000"]) {
    assert.equal(await statusFor(host), 200, host);
  }
  assert.equal(
    await statusFor("api.example", new URL(production.server.url).port),
    405,
    "a proxy's name is none of ours",
  );
});

test("GraphiQL is one page that needs nothing from anywhere else", deadline, async () => {
  await using serving = await serve({ dev: true });
  const answer = await fetch(serving.graphql, { headers: { accept: "text/html,*/*" } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'.*connect-src 'self'/);
  const page = await answer.text();
  const markup = page.replace(/<script>[\s\S]*<\/script>/, "").replace(/<style>[\s\S]*?<\/style>/, "");
  assert.match(page, /YogaGraphiQL\.renderYogaGraphiQL/);
  assert.doesNotMatch(markup, /(?:src|href)\s*=\s*["']?(?:https?:)?\/\//);
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
  assert.doesNotMatch(style, /url\(\s*["']?(?:https?:)?\/\//);
});
