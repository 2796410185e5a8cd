import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { eventually } from "../support/process.ts";
import { serviceNames } from "./compose.ts";
import { hardening } from "./hardening.ts";
import { assertNoTokenLogged, mint } from "./identity.ts";
import { whyNoPodman } from "./podman.ts";
import { reaching } from "./reaching.ts";
import { stopping } from "./stopping.ts";
import { answer, every, timeout, type Tried, TriedNode } from "./tried-node.ts";
import { tryWholeNode } from "./whole-node.ts";

const why = whyNoPodman();
// A skipped suite would count as nothing; a skipped test fails the gate.
if (why !== undefined) test("one node in containers", { skip: why });
suite("one node in containers", { skip: why !== undefined }, () => {
  let opened: TriedNode | undefined;
  const tried: Tried = () => {
    assert.ok(opened);
    return opened;
  };

  before(
    async () => {
      opened = await TriedNode.prepare();
      await opened.start();
    },
    { timeout: 600_000 },
  );

  after(
    async () => {
      for (const line of [...(opened?.figures ?? []), ...scope]) process.stdout.write(`containers: ${line}\n`);
      await opened?.end();
    },
    { timeout: 120_000 },
  );

  test(
    "a client of the published port gets a federated answer by its token, and none without",
    { timeout },
    async () => {
      assert.deepEqual(await tried().graphql(), answer);
      assert.equal((await tried().askAs()).status, 401);
      const [head = "", claims = ""] = tried().token.split(".");
      assert.equal((await tried().askAs(`${head}.${claims}.${"A".repeat(128)}`)).status, 401);
      const elsewhere = await mint(tried().node, "--audience", "acme/east");
      assert.match(elsewhere, /^eyJ/);
      assert.equal((await tried().askAs(elsewhere)).status, 401);
    },
  );

  hardening(tried);

  test("the health check of every image passes", { timeout }, async () => {
    for (const name of serviceNames) {
      await eventually(
        () => tried().container(name).isHealthy(),
        (healthy) => healthy,
        { every },
      );
    }
  });

  reaching(tried);

  test("an operator reads the node's state from inside the orchestrator's container", { timeout }, async () => {
    const { code, stdout } = await tried().container("orchestrator").exec("catalyst", "status");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /3 of 3 serving/);
    const identity = await tried().container("orchestrator").exec("catalyst", "check", "--only", "identity");
    assert.equal(identity.code, 0, identity.stdout);
    assert.match(identity.stdout, /tokens of clients: required$/m);
  });

  stopping(tried);

  test(
    "the orchestrator's image is a whole node by itself, by flags alone and for a user without a name",
    { timeout },
    async () => {
      await tryWholeNode(tried().podman, tried().node.network("products"));
    },
  );

  test("no container has logged a token", { timeout }, async () => {
    await assertNoTokenLogged(tried().podman, tried().node, serviceNames);
  });

  test("every container ends with 0 when it is asked to", { timeout }, async () => {
    await tried().node.compose("stop");
    for (const name of serviceNames) {
      assert.equal(await tried().container(name).inspect("{{.State.Status}} {{.State.ExitCode}}"), "exited 0", name);
    }
  });
});

const scope = [
  "tested: compose.yaml and containers/Dockerfile as they stand, by podman, runc and podman-compose, seen from outside",
  "not tested: Docker Engine and Docker Compose; the official base images (stand-ins of this machine's Node, npm, busybox",
  "  and libraries have their names); health checks by a timer (each is run once by hand); other architectures",
];
