import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { ask } from "../support/graphql.ts";
import { eventually } from "../support/process.ts";
import { Composed, type Container, type ServiceName, serviceNames } from "./compose.ts";
import { assertAuthApart, assertNoTokenLogged, kidOf, mint } from "./identity.ts";
import { listening } from "./listening.ts";
import { Podman, whyNoPodman } from "./podman.ts";
import { reachAsClient, reachFrom } from "./reach.ts";
import { tryWholeNode } from "./whole-node.ts";
import { makeStandIns } from "./stand-ins.ts";

const query = `{ product(id: 1) { name price averageRating } stock(productId: 1) { quantity inStock } }`;
const answer = {
  status: 200,
  data: { product: { name: "Enamel Mug", price: 1450, averageRating: 4.5 }, stock: { quantity: 42, inStock: true } },
};
/** For one test, in ms, on a busy machine. */
const timeout = 120_000;
const uid = "65532";
/** Between two looks by podman, in ms: each starts a process or two. */
const every = 300;

const why = whyNoPodman();
// A skipped suite would count as nothing; a skipped test fails the gate.
if (why !== undefined) test("one node in containers", { skip: why });
suite("one node in containers", { skip: why !== undefined }, () => {
  const figures: string[] = [];
  let podman: Podman;
  let node: Composed;
  let token: string;
  const graphql = () => ask(`${node.url}/graphql`, query, {}, token);
  const isAnswered = async () => (await graphql()).status === 200;
  const untilAnswered = () => eventually(isAnswered, (answered) => answered);

  before(
    async () => {
      podman = await Podman.open();
      node = await Composed.prepare(podman);
      await timed("stand-in bases", () => makeStandIns(podman));
      await timed("the four images", () => node.build());
      await timed("up to the first federated answer", async () => {
        await node.compose("up", "--detach", "--no-build");
        try {
          token = await eventually(() => mint(node, "--ttl", "30m"), Boolean, { every });
          await untilAnswered();
        } catch (error) {
          throw new Error(await node.logs(), { cause: error });
        }
      });
    },
    { timeout: 600_000 },
  );

  after(
    async () => {
      for (const line of [...figures, ...scope]) process.stdout.write(`containers: ${line}\n`);
      await timed("down", () => node.compose("down", "--volumes"));
      await podman[Symbol.asyncDispose]();
    },
    { timeout: 120_000 },
  );

  async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    await work();
    figures.push(`${what} took ${((performance.now() - began) / 1000).toFixed(1)} s`);
  }

  test(
    "a client of the published port gets a federated answer by its token, and none without",
    { timeout },
    async () => {
      assert.deepEqual(await graphql(), answer);
      const url = `${node.url}/graphql`;
      assert.equal((await ask(url, query)).status, 401);
      const [head = "", claims = ""] = token.split(".");
      assert.equal((await ask(url, query, {}, `${head}.${claims}.${"A".repeat(128)}`)).status, 401);
      const elsewhere = await mint(node, "--audience", "acme/east");
      assert.match(elsewhere, /^eyJ/);
      assert.equal((await ask(url, query, {}, elsewhere)).status, 401);
    },
  );

  test("an image holds what runs in production: no shell, no test, no tool of development", { timeout }, async () => {
    const list = `for (const { parentPath, name } of fs.readdirSync("/app", { recursive: true, withFileTypes: true }))
      console.log(parentPath + "/" + name)`;
    for (const name of ["gateway", "auth", "orchestrator", "products"] as const) {
      const container = node.container(name);
      assert.notEqual((await container.exec("/bin/sh", "-c", "true")).code, 0, `${name} has a shell`);
      const { stdout } = await container.exec("node", "-e", list);
      const unwanted =
        /^\/app\/(?!node_modules).*(?:\.test\.ts$|\/testing\/)|node_modules\/(?:typescript|oxlint|knip|fast-check|node)\//;
      assert.deepEqual(
        stdout.split("\n").filter((file) => unwanted.test(file)),
        [],
      );
      const image = await container.inspect("{{.ImageName}}");
      const size = Number(await podman.run("image", "inspect", "--format", "{{.Size}}", image));
      assert.ok(size < 300e6, `${image} has ${size} bytes`);
      figures.push(`${image} has ${Math.round(size / 1e6)} MB`);
    }
  });

  test("every process is user 65532 without a capability or a way to one", { timeout }, async () => {
    for (const name of serviceNames) {
      const status = readFileSync(`/proc/${await node.container(name).pid()}/status`, "utf8");
      const value = (key: string) => new RegExp(`^${key}:\\s*(.*)$`, "m").exec(status)?.[1]?.split(/\s+/);
      assert.deepEqual(new Set([...(value("Uid") ?? []), ...(value("Gid") ?? [])]), new Set([uid]), name);
      for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
        assert.match(value(set)?.[0] ?? "", /^0+$/, `${name} ${set}`);
      }
      assert.deepEqual(value("NoNewPrivs"), ["1"], name);
    }
  });

  test("nothing can be written but the folders that are volumes", { timeout }, async () => {
    const places = [
      "/",
      "/app",
      "/etc",
      "/tmp",
      "/usr/local/bin",
      "/run",
      "/var/lib",
      "/run/catalyst",
      "/run/catalyst-auth",
      "/run/catalyst-signing",
      "/var/lib/catalyst",
    ];
    const script = `console.log(process.argv.slice(1).filter((place) => {
      try { fs.writeFileSync(place + "/written", ""); fs.unlinkSync(place + "/written"); return true; } catch { return false; }
    }).join())`;
    const written = async (name: ServiceName) =>
      (await node.container(name).exec("node", "-e", script, ...places)).stdout.trim();
    assert.equal(await written("gateway"), "/run/catalyst");
    assert.equal(await written("orchestrator"), "/run/catalyst,/var/lib/catalyst");
    assert.equal(await written("auth"), "/run/catalyst-auth,/run/catalyst-signing,/var/lib/catalyst");
    assert.equal(await written("products"), "");
  });

  test("memory and the number of processes are bounded", { timeout }, async () => {
    for (const name of serviceNames) {
      const bounds = await node.container(name).inspect("{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}");
      assert.match(bounds, /^[1-9]\d{7,} [1-9]\d{1,2}$/, name);
    }
  });

  test("the health check of every image passes", { timeout }, async () => {
    for (const name of serviceNames) {
      await eventually(
        () => node.container(name).isHealthy(),
        (healthy) => healthy,
        { every },
      );
    }
  });

  test("a client reaches the gateway's port and nothing else of the node", { timeout }, async () => {
    const hidden = [
      "orchestrator:4100",
      "products:4000",
      `${await node.container("orchestrator").address(node.network("products"))}:4100`,
      `${await node.container("products").address(node.network("products"))}:4000`,
      `${await node.container("reviews").address(node.network("reviews"))}:4000`,
      `${await node.container("inventory").address(node.network("inventory"))}:4000`,
    ];
    const reached = await reachAsClient(podman, node.network("clients"), ["gateway:4000", ...hidden]);
    assert.equal(reached["gateway:4000"], "open");
    assert.deepEqual(
      hidden.filter(
        (target) => !/^(?:timeout|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(reached[target] ?? ""),
      ),
      [],
    );
  });

  test("the gateway has one port open, and the orchestrator none but to itself", { timeout }, async () => {
    assert.deepEqual(listening(await node.container("gateway").pid()), ["0.0.0.0:4000"]);
    assert.deepEqual(listening(await node.container("orchestrator").pid()), ["127.0.0.1:4100"]);
  });

  test("auth has no network, and each of its callers has one socket and no key", { timeout }, async () => {
    await assertAuthApart(node);
  });

  test(
    "with auth killed a token is still good, and afterwards there are new ones by the same key",
    { timeout },
    async () => {
      const first = await node.container("auth").pid();
      process.kill(first, "SIGKILL");
      const again = await eventually(async () => {
        assert.deepEqual(await graphql(), answer);
        return startedAgain(node.container("auth"), first);
      }, Boolean);
      assert.ok(again);
      const fresh = await eventually(() => mint(node), Boolean, { every });
      assert.deepEqual(await ask(`${node.url}/graphql`, query, {}, fresh), answer);
      assert.equal(kidOf(fresh), kidOf(token));
    },
  );

  test("a service reaches neither another service, nor the orchestrator, nor the world", { timeout }, async () => {
    const hidden = [
      "reviews:4000",
      "orchestrator:4100",
      `${await node.container("reviews").address(node.network("reviews"))}:4000`,
      `${await node.container("gateway").address(node.network("clients"))}:4000`,
      "192.0.2.1:443",
    ];
    const reached = await reachFrom(podman, node.container("products").name, hidden);
    assert.deepEqual(
      hidden.filter((target) => reached[target] === undefined || reached[target] === "open"),
      [],
    );
    assert.equal(reached["192.0.2.1:443"], "ENETUNREACH");
  });

  test("an operator reads the node's state from inside the orchestrator's container", { timeout }, async () => {
    const { code, stdout } = await node.container("orchestrator").exec("catalyst", "status");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /3 of 3 serving/);
    const identity = await node.container("orchestrator").exec("catalyst", "check", "--only", "identity");
    assert.equal(identity.code, 0, identity.stdout);
    assert.match(identity.stdout, /tokens of clients: required$/m);
  });

  test("a killed orchestrator is started again, and no client notices", { timeout }, async () => {
    const first = await node.container("orchestrator").pid();
    process.kill(first, "SIGKILL");
    const again = await eventually(async () => {
      assert.deepEqual(await graphql(), answer);
      return startedAgain(node.container("orchestrator"), first);
    }, Boolean);
    assert.ok(again);
    await eventually(
      () => node.container("orchestrator").isHealthy(),
      (healthy) => healthy,
      { every },
    );
    assert.deepEqual(await graphql(), answer);
  });

  test("a killed gateway is started again, and configured again", { timeout }, async () => {
    const first = await node.container("gateway").pid();
    await timed("kill -9 of the gateway to the next federated answer", async () => {
      process.kill(first, "SIGKILL");
      await eventually(() => startedAgain(node.container("gateway"), first), Boolean, { every });
      await untilAnswered();
    });
    assert.deepEqual(await graphql(), answer);
  });

  test("on SIGTERM the gateway answers what it has begun, and ends with 0", { timeout }, async () => {
    await podman.run("pause", node.container("reviews").name);
    const inFlight = graphql();
    await pause(300);
    const stopping = node.compose("stop", "gateway");
    const readiness = () =>
      fetch(`${node.url}/readyz`).then(
        ({ status }) => status,
        () => "refused",
      );
    await eventually(readiness, (told) => told !== 200);
    await podman.run("unpause", node.container("reviews").name);
    assert.deepEqual(await inFlight, answer);
    await stopping;
    assert.equal(await node.container("gateway").inspect("{{.State.Status}} {{.State.ExitCode}}"), "exited 0");
  });

  test("a gateway without an orchestrator is not healthy, and becomes so when there is one", { timeout }, async () => {
    await node.compose("stop", "orchestrator");
    assert.equal(await node.container("orchestrator").inspect("{{.State.ExitCode}}"), "0");
    await node.compose("start", "gateway");
    await eventually(
      async () => (await fetch(`${node.url}/livez`)).status,
      (status) => status === 200,
    );
    assert.equal(await node.container("gateway").isHealthy(), false);
    await node.compose("start", "orchestrator");
    await eventually(
      () => node.container("gateway").isHealthy(),
      (healthy) => healthy,
      { every },
    );
    assert.deepEqual(await graphql(), answer);
  });

  test(
    "the orchestrator's image is a whole node by itself, by flags alone and for a user without a name",
    { timeout },
    async () => {
      await tryWholeNode(podman, node.network("products"));
    },
  );

  test("no container has logged a token", { timeout }, async () => {
    await assertNoTokenLogged(podman, node, serviceNames);
  });

  test("every container ends with 0 when it is asked to", { timeout }, async () => {
    await node.compose("stop");
    for (const name of serviceNames) {
      assert.equal(await node.container(name).inspect("{{.State.Status}} {{.State.ExitCode}}"), "exited 0", name);
    }
  });
});

const scope = [
  "tested: compose.yaml and containers/Dockerfile as they stand, by podman, runc and podman-compose, seen from outside",
  "not tested: Docker Engine and Docker Compose; the official base images (stand-ins of this machine's Node, npm, busybox",
  "  and libraries have their names); health checks by a timer (each is run once by hand); other architectures",
];

/** The new first process of a container whose former one was killed; undefined until there is one. */
async function startedAgain(container: Container, former: number): Promise<number | undefined> {
  const pid = await container.pid();
  return pid > 0 && pid !== former ? pid : undefined;
}
