import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAuthApart } from "./identity.ts";
import { listening } from "./listening.ts";
import { reachAsClient, reachFrom } from "./reach.ts";
import { timeout, type Tried } from "./tried-node.ts";

/** Who can connect to whom. */
export function reaching(tried: Tried): void {
  test("a client reaches the gateway's port and nothing else of the node", { timeout }, async () => {
    const hidden = [
      "orchestrator:4100",
      "products:4000",
      `${await tried().container("orchestrator").address(tried().node.network("products"))}:4100`,
      `${await tried().container("products").address(tried().node.network("products"))}:4000`,
      `${await tried().container("reviews").address(tried().node.network("reviews"))}:4000`,
      `${await tried().container("inventory").address(tried().node.network("inventory"))}:4000`,
    ];
    const reached = await reachAsClient(tried().podman, tried().node.network("clients"), ["gateway:4000", ...hidden]);
    assert.equal(reached["gateway:4000"], "open");
    assert.deepEqual(
      hidden.filter(
        (target) => !/^(?:timeout|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(reached[target] ?? ""),
      ),
      [],
    );
  });

  test("the gateway has one port open, and the orchestrator none but to itself", { timeout }, async () => {
    assert.deepEqual(listening(await tried().container("gateway").pid()), ["0.0.0.0:4000"]);
    assert.deepEqual(listening(await tried().container("orchestrator").pid()), ["127.0.0.1:4100"]);
  });

  test("auth has no network, and each of its callers has one socket and no key", { timeout }, async () => {
    await assertAuthApart(tried().node);
  });

  test("a service reaches neither another service, nor the orchestrator, nor the world", { timeout }, async () => {
    const hidden = [
      "reviews:4000",
      "orchestrator:4100",
      `${await tried().container("reviews").address(tried().node.network("reviews"))}:4000`,
      `${await tried().container("gateway").address(tried().node.network("clients"))}:4000`,
      "192.0.2.1:443",
    ];
    const reached = await reachFrom(tried().podman, tried().container("products").name, hidden);
    assert.deepEqual(
      hidden.filter((target) => reached[target] === undefined || reached[target] === "open"),
      [],
    );
    assert.equal(reached["192.0.2.1:443"], "ENETUNREACH");
  });
}
