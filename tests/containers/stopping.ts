import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../support/process.ts";
import type { Container } from "./compose.ts";
import { kidOf, mint } from "./identity.ts";
import { answer, every, timeout, type Tried } from "./tried-node.ts";

/** What goes on, and what comes back, when a process is killed or stopped. */
export function stopping(tried: Tried): void {
  test(
    "with auth killed a token is still good, and afterwards there are new ones by the same key",
    { timeout },
    async () => {
      const first = await tried().container("auth").pid();
      process.kill(first, "SIGKILL");
      const again = await eventually(async () => {
        assert.deepEqual(await tried().graphql(), answer);
        return startedAgain(tried().container("auth"), first);
      }, Boolean);
      assert.ok(again);
      const fresh = await eventually(() => mint(tried().node), Boolean, { every });
      assert.deepEqual(await tried().askAs(fresh), answer);
      assert.equal(kidOf(fresh), kidOf(tried().token));
    },
  );

  test("a killed orchestrator is started again, and no client notices", { timeout }, async () => {
    const first = await tried().container("orchestrator").pid();
    process.kill(first, "SIGKILL");
    const again = await eventually(async () => {
      assert.deepEqual(await tried().graphql(), answer);
      return startedAgain(tried().container("orchestrator"), first);
    }, Boolean);
    assert.ok(again);
    await eventually(
      () => tried().container("orchestrator").isHealthy(),
      (healthy) => healthy,
      { every },
    );
    assert.deepEqual(await tried().graphql(), answer);
  });

  test("a killed gateway is started again, and configured again", { timeout }, async () => {
    const first = await tried().container("gateway").pid();
    await tried().timed("kill -9 of the gateway to the next federated answer", async () => {
      process.kill(first, "SIGKILL");
      await eventually(() => startedAgain(tried().container("gateway"), first), Boolean, { every });
      await tried().untilAnswered();
    });
    assert.deepEqual(await tried().graphql(), answer);
  });

  test("on SIGTERM the gateway answers what it has begun, and ends with 0", { timeout }, async () => {
    await tried().podman.run("pause", tried().container("reviews").name);
    const inFlight = tried().graphql();
    await pause(300);
    const stopping = tried().node.compose("stop", "gateway");
    const readiness = () =>
      fetch(`${tried().node.url}/readyz`).then(
        ({ status }) => status,
        () => "refused",
      );
    await eventually(readiness, (told) => told !== 200);
    await tried().podman.run("unpause", tried().container("reviews").name);
    assert.deepEqual(await inFlight, answer);
    await stopping;
    assert.equal(await tried().container("gateway").inspect("{{.State.Status}} {{.State.ExitCode}}"), "exited 0");
  });

  test("a gateway without an orchestrator is not healthy, and becomes so when there is one", { timeout }, async () => {
    await tried().node.compose("stop", "orchestrator");
    assert.equal(await tried().container("orchestrator").inspect("{{.State.ExitCode}}"), "0");
    await tried().node.compose("start", "gateway");
    await eventually(
      async () => (await fetch(`${tried().node.url}/livez`)).status,
      (status) => status === 200,
    );
    assert.equal(await tried().container("gateway").isHealthy(), false);
    await tried().node.compose("start", "orchestrator");
    await eventually(
      () => tried().container("gateway").isHealthy(),
      (healthy) => healthy,
      { every },
    );
    assert.deepEqual(await tried().graphql(), answer);
  });
}

/** The new first process of a container whose former one was killed; undefined until there is one. */
async function startedAgain(container: Container, former: number): Promise<number | undefined> {
  const pid = await container.pid();
  return pid > 0 && pid !== former ? pid : undefined;
}
