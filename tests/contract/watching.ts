import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type authV1, Code, HealthCheckResponse_ServingStatus as Status, trustV1 } from "@catalyst-node/adapters/rpc";
import { temporaryFolder } from "../support/folder.ts";
import { type Auth, assertRefused, issuer, openAuth, serviceToken, sharedAuth, type StartAuth } from "./opened.ts";
import { publishedKeys } from "./published.ts";

export function watching(start: StartAuth): void {
  describe("watching", { concurrency: true }, () => {
    const auth = sharedAuth(start);

    test("what verifiers have to know is told at once, and again within 10 s though nothing changes", async () => {
      await using folder = await temporaryFolder();
      await using own = await openAuth(start, folder.path);
      await using watch = watchTrust(own);
      const told = await watch.next(3_000);
      assert.equal(told.issuer?.issuer, issuer);
      const { keys } = await publishedKeys(own.running);
      assert.deepEqual(
        told.issuer.keys.map(({ kid, x, y }) => ({ kid, x, y })),
        keys.map(({ kid, x, y }) => ({ kid, x, y })),
      );
      for (const { classes } of told.issuer.keys) assert.ok(classes.includes(trustV1.TokenClass.SERVICE));
      assert.ok(told.version > 0n);
      assert.equal((await watch.next(10_500)).version, told.version);
    });

    test("a token that is taken back, and a new key, are told within a second", async () => {
      await using folder = await temporaryFolder();
      await using own = await openAuth(start, folder.path);
      await using watch = watchTrust(own);
      const first = await watch.next(3_000);
      const { jti } = await own.orchestrator.auth.sign(serviceToken());
      await own.orchestrator.auth.revoke({ revocation: { what: { case: "jti", value: jti } } });
      const second = await watch.until(({ revocations }) => revocations.some(({ what }) => what.value === jti));
      assert.ok(second.version > first.version);
      const { keys } = await own.orchestrator.auth.rotate({});
      const third = await watch.until(({ issuer: told }) => told?.keys.length === keys.length);
      assert.ok(third.version > second.version);
    });

    test("health is told by the standard protocol, to both roles", async () => {
      for (const { health } of [auth().orchestrator, auth().gateway]) {
        assert.equal((await health.check({})).status, Status.SERVING);
        await assertRefused(health.check({ service: "no.such.Service" }), Code.NotFound, "an unknown service");
      }
    });

    test("its status tells whose it is and that it is ready", async () => {
      const status = await auth().orchestrator.auth.getStatus({});
      const { organization, node, issuer: own, ready, instanceId, problems } = status;
      assert.deepEqual(
        { organization, node, own, ready, problems },
        { organization: "acme", node: "west", own: issuer, ready: true, problems: [] },
      );
      assert.ok(instanceId && status.version && status.pid > 0 && status.startedAt);
      assert.ok(status.listeners.length >= 3);
    });
  });
}

/** Follows WatchTrust; each wait has a deadline. */
function watchTrust(auth: Auth) {
  const stop = new AbortController();
  const told = auth.orchestrator.auth.watchTrust({}, { signal: stop.signal })[Symbol.asyncIterator]();
  const next = async (within: number): Promise<authV1.WatchTrustResponse> => {
    const late = AbortSignal.timeout(within);
    const deadline = Promise.withResolvers<never>();
    late.addEventListener("abort", () => deadline.reject(new Error(`nothing was told within ${within} ms`)));
    const { value, done } = await Promise.race([told.next(), deadline.promise]);
    if (done) assert.fail("the stream has ended");
    return value;
  };
  return {
    next,
    /** The first message that pleases; it comes within a second. */
    async until(pleases: (told: authV1.WatchTrustResponse) => boolean) {
      const end = Date.now() + 1_000;
      for (;;) {
        const message = await next(Math.max(1, end - Date.now()));
        if (pleases(message)) return message;
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
    },
  };
}
