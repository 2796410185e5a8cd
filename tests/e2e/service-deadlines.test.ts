import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { test } from "node:test";
import { badService, hasSdl } from "../support/bad-service.ts";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { runNode, untilService } from "../support/node.ts";

test("a service is asked for no longer than its client waits: until it leaves, or its request has had its time", async () => {
  await using folder = await temporaryFolder();
  await using slow = await badService(hasSdl("type Query { greeting: String }"));
  await using node = await runNode({
    stateDir: folder.path,
    services: { slow: `${slow.url},schema.interval=1h` },
    flags: ["--gateway-limits-request-timeout=3s", "--gateway-upstream-try-timeout=60s"],
  });
  await untilService(node, "slow", "serving");

  /** The next request to the service, which never answers; and when the service sees it closed. */
  const arrival = () => {
    const { promise, resolve } = Promise.withResolvers<{ readonly closed: Promise<unknown> }>();
    const manner: RequestListener = (request) =>
      resolve({ closed: once(request.socket, "close", { signal: AbortSignal.timeout(20_000) }) });
    slow.behave(manner);
    return promise;
  };

  const leaving = new AbortController();
  const left = arrival();
  const asking = fetch(node.graphql, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ greeting }" }),
    signal: leaving.signal,
  });
  const { closed } = await left;
  leaving.abort();
  const leftAt = performance.now();
  await assert.rejects(asking);
  await closed;
  assert.ok(performance.now() - leftAt < 2_500, "not only when its time was over");

  const late = arrival();
  const began = performance.now();
  const answer = ask(node.graphql, "{ greeting }");
  await (
    await late
  ).closed;
  const took = performance.now() - began;
  assert.ok(took > 2_800 && took < 10_000, `closed after ${took} ms`);
  assert.equal((await answer).errors?.[0]?.extensions?.["code"], "DEADLINE_EXCEEDED");
});
