import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  createClient,
  gatewayV1,
  Health,
  HealthCheckResponse_ServingStatus,
  rpcTransport,
} from "@catalyst-node/adapters/rpc";
import { eventually } from "../../../tests/support/process.ts";
import { acme, bufCurl, Gateway } from "./testing/gateway.ts";
import { books, depths, desired, stars } from "./testing/subgraphs.ts";

const deadline = { timeout: 60_000 };

test("a gateway started alone is configured by buf curl with nothing but the .proto files", deadline, async () => {
  await using gateway = await Gateway.start();
  await using book = await books("dune");
  await using star = await stars();
  const socket = ["--unix-socket", `${gateway.folder}/gateway.sock`];
  const service = "catalyst.gateway.v1.GatewayService";

  const before = await bufCurl(socket, `${service}/GetStatus`, {});
  assert.partialDeepStrictEqual(before, { status: { state: "STATE_UNCONFIGURED", pid: gateway.running.pid } });
  assert.equal((await gateway.probe("/livez")).status, 200);
  const unready = await gateway.probe("/readyz");
  assert.equal(unready.status, 503);
  assert.match(unready.body, /CAT-GATEWAY-001.*CAT-GATEWAY-002.*CAT-GATEWAY-003/);
  const unavailable = await gateway.ask("{ dune }");
  assert.equal(unavailable.status, 503);
  assert.equal(unavailable.errors?.[0]?.extensions?.["code"], "NOT_READY");

  const identity = { ...acme, mode: "MODE_PRODUCTION", digest: "i1" };
  const { schema, endpoints } = desired([book, star]);
  const push = { revision: { epoch: "1", number: "1" }, identity, schema, endpoints };
  const grpc = [...socket, "--protocol", "grpc", "--http2-prior-knowledge"];
  const answer = await bufCurl(grpc, `${service}/Configure`, push);
  assert.partialDeepStrictEqual(answer, {
    results: [
      { section: "SECTION_IDENTITY", outcome: "OUTCOME_APPLIED" },
      { section: "SECTION_SCHEMA", outcome: "OUTCOME_APPLIED" },
      { section: "SECTION_ENDPOINTS", outcome: "OUTCOME_APPLIED" },
    ],
    status: { state: "STATE_READY", organization: "acme", node: "west" },
  });
  assert.equal((await gateway.probe("/readyz")).status, 200);
  assert.deepEqual(await gateway.ask("{ dune book { duneTitle stars } }"), {
    status: 200,
    data: { dune: "dune", book: { duneTitle: "dune", stars: 5 } },
  });

  const empty = { revision: { epoch: "1", number: "2" }, schema: {}, endpoints: {} };
  await bufCurl([...socket, "--protocol", "connect"], `${service}/Configure`, empty);
  assert.deepEqual(await gateway.ask("{ _catalyst __typename }"), {
    status: 200,
    data: { _catalyst: null, __typename: "Query" },
  });
  assert.equal((await gateway.ask("{ dune }")).status, 400);
});

test(
  "a large schema is served as it is, also where a description holds what looks like a directive",
  deadline,
  async () => {
    await using gateway = await Gateway.start();
    await using book = await books("dune");
    const filler = Array.from({ length: 1_500 }, (_, index) => `enum Filler${index} { A B }`).join(" ");
    for (const description of ["A word", "Not @join__type(graph: BOOKS) but a word"]) {
      const sdl = `${book.sdl} "${description}" enum Word { A } ${filler}`;
      const { outcomes } = await gateway.configure({
        identity: { ...acme, mode: gatewayV1.Mode.DEV },
        ...desired([{ ...book, sdl }]),
      });
      assert.equal(outcomes["schema"], "applied");
      const { data } = await gateway.ask('{ dune __type(name: "Word") { description } }');
      assert.deepEqual(data, { dune: "dune", __type: { description } });
    }
  },
);

test("of pushes at the same time the greatest revision wins, whatever the order of arrival", deadline, async () => {
  await using gateway = await Gateway.start();
  const words = ["ant", "bee", "cat", "dog", "elk"];
  const services = await Promise.all(words.map((word) => books(word)));
  await using stack = new AsyncDisposableStack();
  for (const service of services) stack.use(service);
  await gateway.configure({ revision: { epoch: 1n, number: 1n }, identity: acme, ...desired([]) });

  const order = [3, 5, 2, 6, 4];
  const outcomes = await Promise.all(
    order.map(async (number) => {
      const service = services[number - 2];
      if (service === undefined) throw new Error("no service");
      const revision = { epoch: 1n, number: BigInt(number) };
      const answer = await gateway.configure({ revision, ...desired([service]) });
      return [number, answer.outcomes["schema"]] as const;
    }),
  );
  assert.equal(new Map(outcomes).get(6), "applied");
  assert.deepEqual(
    outcomes.filter(([number, outcome]) => number < 6 && outcome !== "superseded" && outcome !== "applied"),
    [],
  );
  assert.ok(outcomes.some(([, outcome]) => outcome === "superseded"));
  assert.deepEqual(await gateway.ask("{ elk }"), { status: 200, data: { elk: "elk" } });
  const late = await gateway.configure({ revision: { epoch: 1n, number: 5n }, ...desired([]) });
  assert.deepEqual(late.outcomes, { schema: "superseded", endpoints: "superseded" });
  const takeover = await gateway.configure({ revision: { epoch: 2n, number: 1n }, ...desired([]) });
  assert.deepEqual(takeover.outcomes, { schema: "applied", endpoints: "applied" });
});

test("watchers and health probes hear of a change as it happens", deadline, async () => {
  await using gateway = await Gateway.start();
  const transport = await rpcTransport({ address: gateway.running.url("rpc") });
  assert.ok(transport.ok);
  using probe = transport.value;
  const answers = createClient(Health, probe).watch({ service: gatewayV1.GatewayService.typeName });
  const health = answers[Symbol.asyncIterator]();
  const states = gateway.client.watchStatus({})[Symbol.asyncIterator]();
  const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
  assert.equal((await health.next()).value?.status, NOT_SERVING);
  assert.equal((await states.next()).value?.status?.state, gatewayV1.GatewayStatus_State.UNCONFIGURED);
  await gateway.configure({ identity: acme, ...desired([]) });
  assert.equal((await health.next()).value?.status, SERVING);
  let state: gatewayV1.GatewayStatus_State | undefined;
  while (state !== gatewayV1.GatewayStatus_State.READY) state = (await states.next()).value?.status?.state;
  await health.return?.();
  await states.return?.();
});

describe("a gateway that is configured again and again", () => {
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
  });
  after(() => gateway[Symbol.asyncDispose]());

  test("what cannot be served is refused section by section, and the last good one goes on", deadline, async () => {
    await using book = await books("dune");
    const good = desired([book]);
    await gateway.configure({ identity: acme, ...good });

    const head = 'schema @link(url: "https://specs.apollo.dev/join/v0.3") { query: Query } enum join__Graph { A }';
    const bad = {
      garbage: `{{{{ ${head}`,
      "no supergraph": "type Query { a: Int }",
      "a supergraph in name only": "enum join__Graph { A } type Query { a: Int }",
      "a type that is nowhere": good.schema.supergraphSdl.replace("dune: String", "dune: Nowhere"),
      "nesting that overflows a stack": `${head} type Query { a: ${"[".repeat(100_000)}Int${"]".repeat(100_000)} }`,
    };
    for (const [name, supergraphSdl] of Object.entries(bad)) {
      const { outcomes, results } = await gateway.configure({
        schema: { digest: name, supergraphSdl },
        endpoints: good.endpoints,
      });
      assert.deepEqual(outcomes, { schema: "refused", endpoints: "applied" }, name);
      assert.match(results[0]?.problems[0]?.code ?? "", /^CAT-(?:GATEWAY|EXEC)-\d{3}$/, name);
      assert.deepEqual(await gateway.ask("{ dune }"), { status: 200, data: { dune: "dune" } }, name);
    }
    const { refusals, state } = await gateway.status();
    assert.equal(state, gatewayV1.GatewayStatus_State.READY);
    assert.equal(refusals.length, 1);
    assert.equal(refusals[0]?.digest, "nesting that overflows a stack");

    const urls = await gateway.configure({
      endpoints: { services: [{ service: "books", endpoints: [{ url: "ftp://h/" }] }] },
    });
    assert.deepEqual(urls.outcomes, { endpoints: "refused" });
    const after = await gateway.configure({ ...good, schema: { ...good.schema, digest: "good" } });
    assert.deepEqual(after.outcomes, { schema: "applied", endpoints: "applied" });
    assert.deepEqual(after.status?.refusals, []);
  });

  test("a refused schema does not take the endpoints from the one that goes on serving", deadline, async () => {
    await using book = await books("dune");
    await using star = await stars();
    const good = desired([book, star]);
    await gateway.configure({ identity: acme, ...good });
    const { outcomes } = await gateway.configure({
      schema: { supergraphSdl: "type Query { a: Int }" },
      endpoints: { services: good.endpoints.services.slice(0, 1) },
    });
    assert.deepEqual(outcomes, { schema: "refused", endpoints: "applied" });
    const whole = { status: 200, data: { book: { duneTitle: "dune", stars: 5 } } };
    assert.deepEqual(await gateway.ask("{ book { duneTitle stars } }"), whole);
    await gateway.configure(good);
    assert.deepEqual(await gateway.ask("{ book { duneTitle stars } }"), whole);
  });

  test("an equal digest changes nothing: no schema is built, the revision is noted", deadline, async () => {
    await using book = await books("dune");
    const { schema, endpoints } = desired([book]);
    const push = {
      identity: { ...acme, digest: "i" },
      schema: { ...schema, digest: "s" },
      endpoints: { ...endpoints, digest: "e" },
    };
    const first = await gateway.configure(push);
    const again = await gateway.configure(push);
    assert.deepEqual(again.outcomes, { identity: "unchanged", schema: "unchanged", endpoints: "unchanged" });
    assert.equal(again.status?.counters?.sectionsApplied, first.status?.counters?.sectionsApplied);
    const sections = again.status?.sections ?? [];
    assert.deepEqual(
      sections.map(({ digest }) => digest),
      ["i", "s", "e"],
    );
    const [revision] = sections.map((section) => section.revision);
    assert.ok(revision !== undefined);
    assert.equal(revision.number, (first.status?.sections[0]?.revision?.number ?? 0n) + 1n);
    const contradiction = await gateway.configure({
      revision,
      schema: { digest: "t", supergraphSdl: "" },
    });
    assert.deepEqual(contradiction.outcomes, { schema: "refused" });
    assert.equal(contradiction.results[0]?.problems[0]?.code, "CAT-GATEWAY-011");
  });

  test("the mode decides introspection, and is changed without a new schema", deadline, async () => {
    await using book = await books("dune");
    const { schema, endpoints } = desired([book]);
    await gateway.configure({ identity: acme, schema, endpoints });
    const question = "{ __schema { queryType { name } } }";
    assert.equal((await gateway.ask(question)).errors?.[0]?.extensions?.["code"], "GRAPHQL_VALIDATION_FAILED");
    await gateway.configure({ identity: { ...acme, mode: gatewayV1.Mode.DEV } });
    assert.deepEqual((await gateway.ask(question)).data, { __schema: { queryType: { name: "Query" } } });
    const [identity, before] = (await gateway.status()).sections;
    assert.equal(identity?.revision?.number, (before?.revision?.number ?? 0n) + 1n, "only the identity is new");
  });

  test(
    "why a valid operation has no plan stands in the log, and the client has the code to ask for",
    deadline,
    async () => {
      await using deep = await depths();
      await gateway.configure({ identity: acme, limits: { requests: { maxDepth: 0 } }, ...desired([deep]) });
      const { errors } = await gateway.ask(`{ ${"deep {".repeat(60)} n ${"}".repeat(60)} }`);
      assert.partialDeepStrictEqual(errors?.[0]?.extensions, { code: "PLANNING_FAILED", problem: "CAT-EXEC-012" });
      assert.doesNotMatch(JSON.stringify(errors), /limit/i);
      const lines = await eventually(
        async () => gateway.running.stderr,
        (text) => text.includes("cannot be planned"),
      );
      assert.match(lines, /"level":"warn".*CAT-EXEC-012.*limit/i);
    },
  );

  test("a push without a revision is refused with its code", deadline, async () => {
    await assert.rejects(gateway.client.configure({ schema: {} }), /without a revision/);
  });

  test("another node's configuration changes nothing, and cannot lock the own orchestrator out", deadline, async () => {
    await using book = await books("dune");
    await gateway.configure({ identity: acme, ...desired([book]) });
    const { outcomes, results } = await gateway.configure({
      revision: { epoch: 99n, number: 1n },
      identity: { ...acme, node: "east" },
      schema: { supergraphSdl: "" },
      endpoints: {},
      trust: {},
    });
    const refused = "refused";
    const { IDENTITY, SCHEMA, ENDPOINTS, TRUST } = gatewayV1.Section;
    assert.deepEqual(outcomes, { identity: refused, schema: refused, endpoints: refused, trust: refused });
    assert.deepEqual(
      results.map(({ section }) => section),
      [IDENTITY, SCHEMA, ENDPOINTS, TRUST],
      "in the order of the enum",
    );
    assert.equal(results[0]?.problems[0]?.code, "CAT-GATEWAY-021");
    assert.deepEqual(await gateway.ask("{ dune }"), { status: 200, data: { dune: "dune" } });
    assert.deepEqual((await gateway.configure({ schema: { supergraphSdl: "" } })).outcomes, { schema: "applied" });
  });

  test(
    "a service without an endpoint is null with a code, and an endpoint table alone brings it back",
    deadline,
    async () => {
      await using book = await books("dune");
      await using star = await stars();
      const { schema, endpoints } = desired([book, star]);
      await gateway.configure({ identity: acme, schema, endpoints: { services: endpoints.services.slice(0, 1) } });
      const partial = await gateway.ask("{ book { duneTitle stars } }");
      assert.deepEqual(partial.data, { book: { duneTitle: "dune", stars: null } });
      assert.equal(partial.errors?.[0]?.extensions?.["code"], "SERVICE_UNAVAILABLE");
      assert.deepEqual((await gateway.configure({ endpoints })).outcomes, { endpoints: "applied" });
      assert.deepEqual((await gateway.ask("{ book { duneTitle stars } }")).data, {
        book: { duneTitle: "dune", stars: 5 },
      });
    },
  );
});
