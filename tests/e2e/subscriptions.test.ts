import assert from "node:assert/strict";
import { test } from "node:test";
import { type Subscriber, subscribeSse, subscribeWs } from "../../apps/gateway/src/testing/subscriber.ts";
import { adminOf } from "../support/admin.ts";
import { askedService } from "../support/asked-service.ts";
import { changingService } from "../support/changing-service.ts";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, runNode } from "../support/node.ts";
import { eventually } from "../support/process.ts";

const deadline = { timeout: 240_000 };
const subscription = "subscription { reviewAdded { body product { name } } }";
const flags = ["--log-level=warn", "--gateway-limits-max-loop-delay=off", "--gateway-upstream-try-timeout=9s"];
/** So many former schemas are kept for those who subscribed by them. */
const former = 8;

/** Has the node serve another schema, and waits until it does. */
async function reload(url: string, changing: { readonly change: () => number }, refresh: () => Promise<void>) {
  const version = changing.change();
  await refresh();
  await eventually(
    () => ask(url, `{ version_${version} }`),
    ({ errors }) => errors === undefined,
    { every: 10 },
  );
}

async function add(url: string, body: string): Promise<void> {
  const { errors } = await ask(url, `mutation { addReview(productId: "1", rating: 5, body: "${body}") { id } }`);
  assert.equal(errors, undefined);
}

const words = ["by SSE", "by WebSocket"] as const;
const heard = (body: string) => ({ data: { reviewAdded: { body, product: { name: "Enamel Mug" } } } });

/** Subscribes, and returns once events arrive. */
async function listening(url: string, subscribe: typeof subscribeSse, word: string): Promise<Subscriber> {
  const subscriber = await subscribe(url, subscription);
  const first = subscriber.next();
  // Whoever does not listen yet misses what is told.
  const nothing = Symbol("nothing");
  for (let waited: unknown = nothing; waited === nothing;) {
    await add(url, word);
    waited = await Promise.race([first, new Promise((settle) => setTimeout(settle, 200, nothing))]);
  }
  assert.deepEqual(await first, heard(word));
  return subscriber;
}

/** The next answer, but for those that told whether somebody listens. */
async function nextAfterAll(subscriber: Subscriber): Promise<unknown> {
  const before = new Set(words.map((word) => JSON.stringify(heard(word))));
  for (;;) {
    const answer = await subscriber.next();
    if (!before.has(JSON.stringify(answer))) return answer;
  }
}

test(
  "subscriptions go on through eight reloads, then end by a code on which clients subscribe again",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    await using products = await example("products");
    await using reviews = await example("reviews");
    await using changing = await changingService();
    const services = { products: products.graphql, reviews: reviews.graphql, changing: changing.url };
    await using node = await runNode({ stateDir: folder.path, services, flags });
    using admin = await adminOf(folder.path);
    const url = node.graphql;
    const both = [await listening(url, subscribeSse, words[0]), await listening(url, subscribeWs, words[1])] as const;

    for (let time = 1; time <= former; time += 1) {
      await reload(url, changing, admin.refresh);
      if (time !== 1 && time !== former) continue;
      await add(url, `after ${time}`);
      for (const subscriber of both) {
        const answer = await nextAfterAll(subscriber);
        assert.deepEqual(
          answer,
          heard(`after ${time}`),
          "the service is still listened to, the product is still joined",
        );
      }
    }

    await reload(url, changing, admin.refresh);
    for (const [index, { next }] of both.entries()) {
      const { data, errors } = Object(await next());
      assert.equal(data, null);
      assert.equal(errors[0].extensions.code, "SUBSCRIPTION_EXPIRED");
      assert.equal(await next(), undefined, "and then it is complete");
      const again = await listening(url, index === 0 ? subscribeSse : subscribeWs, `again ${index}`);
      again.leave();
    }
  },
);

test("mutations that take longer than reloads all end well, and are done once", deadline, async (t) => {
  await using folder = await temporaryFolder();
  await using asked = await askedService();
  await using changing = await changingService();
  const services = { asked: asked.url, changing: changing.url };
  await using node = await runNode({ stateDir: folder.path, services, flags });
  using admin = await adminOf(folder.path);
  const stop = new AbortController();
  let done = 0;
  const clients = Array.from({ length: 10 }, async () => {
    while (!stop.signal.aborted) {
      const { data, errors } = await ask(node.graphql, "mutation { slowly(milliseconds: 300) }");
      assert.equal(errors, undefined);
      assert.equal(typeof Object(data).slowly, "number");
      done += 1;
    }
  });
  const all = Promise.all(clients);
  for (let time = 1; time <= 10; time += 1) await reload(node.graphql, changing, admin.refresh);
  stop.abort();
  await all;
  t.diagnostic(`${done} mutations of 300 ms through 10 reloads`);
  assert.ok(done >= clients.length);
  assert.equal(asked.writes, done);
});
