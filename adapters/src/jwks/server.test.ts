import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import type { Problem } from "@catalyst-node/core/model";
import { serveJwks } from "./server.ts";

const path = "/.well-known/jwks.json";

async function serving() {
  const state: { keys: string | undefined; problems: readonly Problem[] } = { keys: `{"keys":[]}`, problems: [] };
  const server = await serveJwks({
    listen: { host: "127.0.0.1", port: 0 },
    keys: () => state.keys,
    notReady: () => state.problems,
  });
  assert.ok(server.ok);
  const { url } = server.value;
  const ask = (method: string, at = path, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${url}${at}`, { method, headers, signal: AbortSignal.timeout(5_000) });
  return { state, url, ask, [Symbol.asyncDispose]: () => server.value[Symbol.asyncDispose]() };
}

test("the keys are public for five minutes, and not sent again to whoever has them", async () => {
  await using server = await serving();
  const first = await server.ask("GET");
  assert.equal(first.status, 200);
  assert.equal(first.headers.get("cache-control"), "public, max-age=300");
  assert.equal(first.headers.get("content-type"), "application/jwk-set+json");
  assert.equal(await first.text(), `{"keys":[]}`);
  const etag = first.headers.get("etag") ?? "";
  assert.match(etag, /^"[\w-]{43}"$/);
  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
    const again = await server.ask("GET", `${path}?again`, { "if-none-match": known });
    assert.deepEqual([again.status, await again.text(), again.headers.get("etag")], [304, "", etag], known);
  }
  server.state.keys = `{"keys":[{}]}`;
  const changed = await server.ask("GET", path, { "if-none-match": etag });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.get("etag"), etag);
});

test("HEAD tells the same without a body, other methods and paths are refused", async () => {
  await using server = await serving();
  const head = await server.ask("HEAD");
  assert.deepEqual([head.status, await head.text(), head.headers.get("content-length")], [200, "", "11"]);
  const post = await server.ask("POST");
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
  assert.equal((await server.ask("DELETE", "/readyz")).status, 405);
  for (const other of ["/", "/.well-known/", `${path}/`, "/.well-known/jwks.json.bak"]) {
    assert.equal((await server.ask("GET", other)).status, 404, other);
  }
});

test("while there are no keys whoever asks is told to come again, and what hinders readiness is told", async () => {
  await using server = await serving();
  assert.equal((await server.ask("GET", "/readyz")).status, 200);
  server.state.keys = undefined;
  server.state.problems = [{ code: "CAT-AUTH-014", path: "", message: "none" }];
  const none = await server.ask("GET");
  assert.deepEqual([none.status, none.headers.get("cache-control")], [503, "no-store"]);
  assert.equal((await server.ask("GET", "/livez")).status, 200);
  const ready = await server.ask("GET", "/readyz");
  assert.equal(ready.status, 503);
  assert.partialDeepStrictEqual(await ready.json(), { ready: false, reasons: [{ code: "CAT-AUTH-014" }] });
});

test("a head that drips or a body that nobody asked for holds no connection", { timeout: 20_000 }, async () => {
  await using server = await serving();
  const { hostname, port } = new URL(server.url);
  const drip = connect(Number(port), hostname).resume();
  drip.write("GET /livez HTTP/1.1\r\nHost:");
  const body = connect(Number(port), hostname).resume();
  body.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n`);
  await Promise.all([once(drip, "close"), once(body, "close")]);
});

test("an address that is taken is a problem with its code", async () => {
  await using server = await serving();
  const { hostname: host, port } = new URL(server.url);
  const second = await serveJwks({
    listen: { host, port: Number(port) },
    keys: () => undefined,
    notReady: () => [],
  });
  assert.ok(!second.ok && second.problems[0]?.code === "CAT-JWKS-001");
});
