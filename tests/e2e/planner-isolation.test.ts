import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test, type TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { Bystander } from "../support/bystander.ts";
import { type Answer, ask } from "../support/graphql.ts";
import {
  bomb,
  cycle,
  deadly,
  endless,
  heavy,
  honest,
  honestAnswer,
  HostileGraph,
  unknown,
} from "../support/hostile-graph.ts";
import { eventually } from "../support/process.ts";

/** The planner has 1 s; the rest is for a busy machine, and stays below the deadline of a request, 10 s. */
const answeredMs = 5_000;
/** What a known query needs no planner for may take, on a busy machine. */
const waitMs = 2_000;
/** One that plans, its spare, one in reserve for the next supergraph, and one of each that is on its way out. */
const mostPlanners = 5;
const deadline = { timeout: 90_000 };

describe("whatever the planner is given", () => {
  const stack = new AsyncDisposableStack();
  let gateway: Gateway;
  let graph: HostileGraph;
  let rssAtFirst = 0;

  before(async () => {
    graph = stack.use(await HostileGraph.start());
    gateway = stack.use(await Gateway.start());
    // What else would keep operations from the planner.
    const limits = { requests: { maxAliases: 0, maxRootFields: 0, maxCost: 0 } };
    const { outcomes } = await gateway.configure({ identity: acme, limits, ...graph.sections("v0") });
    assert.equal(outcomes["schema"], "applied");
    assert.deepEqual(await gateway.ask(honest), honestAnswer);
    await allAtRest();
    rssAtFirst = rssOf(gateway);
  });

  after(async () => {
    try {
      const grown = rssOf(gateway) - rssAtFirst;
      assert.ok(grown < 150, `the gateway holds ${grown} MiB more`);
      assert.ok(plannersOf(gateway).length <= mostPlanners);
    } finally {
      await stack.disposeAsync();
    }
  });

  /** One that plans and the reserve are there, none of them works: whoever works from now on plans. A spare may be left. */
  async function allAtRest(): Promise<void> {
    await eventually(
      async () => {
        usedBefore.clear();
        plannersOf(gateway).some(isBusy);
        await pause(200);
        return plannersOf(gateway);
      },
      (pids) => (pids.length === 2 || pids.length === 3) && !pids.some(isBusy),
    );
  }

  /** Does it while others ask what is known, and asserts that they did not notice. */
  async function beside(t: TestContext, what: () => Promise<void>): Promise<void> {
    const { pid } = gateway.running;
    {
      await using others = new Bystander(gateway.graphql, honest, honestAnswer);
      await what();
      t.diagnostic(`others were answered ${others.answers} times and waited ${others.longest.toFixed(0)} ms at most`);
      assert.ok(others.longest < waitMs, `others waited ${others.longest} ms`);
    }
    const { pid: now, counters } = await gateway.status();
    assert.equal(now, pid, "the same process");
    t.diagnostic(`planner processes lost so far: ${counters?.plannerRestarts}; now ${plannersOf(gateway).length}`);
    await eventually(
      async () => plannersOf(gateway).length,
      (count) => count <= mostPlanners,
    );
    const mark = `After${performance.now().toFixed(0)}`;
    await eventually(
      () => gateway.ask(unknown(mark)),
      ({ data }) => data !== undefined,
    );
  }

  /** How many planners were lost, once that has come to rest: an end is told a moment after what it ended. */
  async function lost(): Promise<number> {
    let last = Number.NaN;
    return await eventually(
      async () => Number((await gateway.status()).counters?.plannerRestarts),
      (count) => {
        const rests = count === last;
        last = count;
        return rests;
      },
      { every: 300 },
    );
  }

  test("fragments that spread themselves, or double 13 times, never reach it, however many ask", deadline, (t) =>
    beside(t, async () => {
      const before = await lost();
      assert.ok(bomb(13).length < 1_500, "small as text");
      const asked = [bomb(13), cycle, bomb(13), cycle, bomb(13), bomb(40)];
      const answers = await Promise.all(asked.map((query) => timed(gateway, query)));
      for (const [index, { status, code, message, ms }] of answers.entries()) {
        const isCycle = asked[index] === cycle;
        assert.deepEqual([status, code], [400, isCycle ? "GRAPHQL_VALIDATION_FAILED" : "FIELD_LIMIT_EXCEEDED"]);
        assert.match(message, isCycle ? /spreads itself/ : /number of fields.* the limit is 2000/);
        assert.ok(ms < 1_000, `refused after ${ms} ms`);
      }
      assert.equal(await lost(), before);
    }),
  );

  test("an operation that ends it is answered by a code, and from then on refused at once", deadline, (t) =>
    beside(t, async () => {
      const first = await timed(gateway, deadly("Once"));
      assert.deepEqual([first.status, first.code, first.problem], [200, "PLANNING_FAILED", "CAT-EXEC-013"]);
      assert.ok(first.ms < answeredMs, `answered after ${first.ms} ms`);
      const after = await lost();
      const again = await timed(gateway, deadly("Once"));
      assert.deepEqual([again.code, again.problem], ["PLANNING_FAILED", "CAT-EXEC-013"]);
      assert.equal(await lost(), after, "no planner was asked");
      t.diagnostic(`the first time ${first.ms.toFixed(0)} ms, the second ${again.ms.toFixed(0)} ms`);
    }),
  );

  test("after a reload such an operation is tried again", deadline, (t) =>
    beside(t, async () => {
      await timed(gateway, deadly("Again"));
      const { outcomes } = await gateway.configure({ schema: graph.sections("v1").schema });
      assert.equal(outcomes["schema"], "applied");
      const before = await lost();
      assert.equal((await timed(gateway, deadly("Again"))).problem, "CAT-EXEC-013");
      assert.ok((await lost()) > before, "a planner was lost to it");
    }),
  );

  test("operations that it does not come back from, of several clients at once, are each answered", deadline, (t) =>
    beside(t, async () => {
      const marks = ["P", "Q", "R", "S"];
      const answers = await Promise.all(marks.map((mark) => timed(gateway, endless(mark))));
      const codes = answers.map(({ code }) => code);
      // Two plan at a time; what waits for longer than a plan may take is told to come again.
      assert.ok(codes.filter((code) => code === "PLANNING_FAILED").length >= 2, codes.join());
      assert.ok(
        codes.every((code) => code === "PLANNING_FAILED" || code === "OVERLOADED"),
        codes.join(),
      );
      for (const { ms } of answers) assert.ok(ms < answeredMs, `answered after ${ms} ms`);
      t.diagnostic(`${codes.join()} after ${answers.map(({ ms }) => ms.toFixed(0)).join()} ms`);
      const again = await timed(gateway, endless("P"));
      assert.ok(again.ms < answeredMs);
    }),
  );

  test("operations as heavy as the limits allow are planned, or told to be too heavy", deadline, (t) =>
    beside(t, async () => {
      const answers = await Promise.all(["H", "I", "J"].map((mark) => timed(gateway, heavy(mark))));
      // Planned: the service of it is away.
      for (const { code } of answers) assert.match(code, /^(SERVICE_UNAVAILABLE|PLANNING_FAILED|OVERLOADED)$/);
      for (const { ms } of answers) assert.ok(ms < answeredMs, `answered after ${ms} ms`);
      t.diagnostic(answers.map(({ code, ms }) => `${code} after ${ms.toFixed(0)} ms`).join(", "));
    }),
  );

  for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
    test(`operations are answered although its processes get ${signal} in the middle of a plan`, deadline, (t) =>
      beside(t, async () => {
        await allAtRest();
        const asked = timed(gateway, endless(signal));
        const planning = await eventually(
          async () => plannersOf(gateway).find((pid) => isBusy(pid)),
          (pid) => pid !== undefined,
          { every: 5 },
        );
        if (planning !== undefined) process.kill(planning, signal);
        const answer = await asked;
        assert.equal(answer.code, "PLANNING_FAILED");
        assert.ok(answer.ms < answeredMs, `answered after ${answer.ms} ms`);
        t.diagnostic(`answered after ${answer.ms.toFixed(0)} ms`);
      }),
    );
  }

  const broken: Readonly<Record<string, (sdl: string) => string>> = {
    "no supergraph": () => "type Query { a: Int }",
    "not GraphQL": (sdl) => `${sdl} type {`,
    truncated: (sdl) => sdl.slice(0, sdl.length / 2),
    "without its types": (sdl) => sdl.slice(0, sdl.indexOf("type Book")),
    "of graphs that are not there": (sdl) => sdl.replaceAll("graph: ITEMS", "graph: NOBODY"),
    "of types that are not there": (sdl) => sdl.replaceAll("type Item", "type Other"),
    "of directives without their arguments": (sdl) => sdl.replaceAll(/@join__type\([^)]*\)/g, "@join__type"),
    "nested ten thousand deep": (sdl) => `${sdl} type Deep { a: ${"[".repeat(10_000)}Int${"]".repeat(10_000)} }`,
    "of a union of itself": (sdl) => `${sdl} union Loop = Loop interface Self implements Self { a: Int }`,
    "of bytes that are no text": (sdl) => sdl.replaceAll("Item", "\u0000\ufffe"),
  };
  test("supergraphs that are broken are refused, and the last good one goes on", deadline, (t) =>
    beside(t, async () => {
      const { supergraphSdl } = graph.sections("v1").schema;
      for (const [what, breaking] of Object.entries(broken)) {
        const text = breaking(supergraphSdl);
        assert.notEqual(text, supergraphSdl);
        const began = performance.now();
        const { outcomes, results } = await gateway.configure({ schema: { supergraphSdl: text } });
        const problems = results.flatMap((result) => result.problems.map(({ code }) => code));
        assert.equal(outcomes["schema"], "refused", what);
        assert.match(problems[0] ?? "", /^CAT-(EXEC-001|EXEC-010|GATEWAY-031)$/);
        t.diagnostic(
          `${what}: ${outcomes["schema"]} ${problems.join()} (${(performance.now() - began).toFixed(0)} ms)`,
        );
      }
    }),
  );

  test("a reload in the middle of a plan is applied, and what was asked before is answered", deadline, (t) =>
    beside(t, async () => {
      const asked = [timed(gateway, endless("X")), timed(gateway, deadly("Y")), timed(gateway, unknown("Z"))];
      await eventually(
        async () => plannersOf(gateway).some(isBusy),
        (busy) => busy,
        { every: 5 },
      );
      const began = performance.now();
      const { outcomes } = await gateway.configure({ schema: graph.sections("v2").schema });
      assert.equal(outcomes["schema"], "applied");
      t.diagnostic(`applied after ${(performance.now() - began).toFixed(0)} ms`);
      const [stalled, killed, well] = await Promise.all(asked);
      assert.equal(stalled?.code, "PLANNING_FAILED");
      assert.match(killed?.code ?? "", /PLANNING_FAILED|OVERLOADED/);
      assert.match(well?.code ?? "none", /^(OVERLOADED)?$/);
      for (const answer of [stalled, killed, well]) assert.ok((answer?.ms ?? Infinity) < answeredMs);
      assert.deepEqual((await gateway.ask("{ v2 }")).errors?.[0]?.extensions?.["code"], "SERVICE_UNAVAILABLE");
    }),
  );
});

async function timed(gateway: Gateway, query: string) {
  const began = performance.now();
  const { status, errors }: Answer = await ask(gateway.graphql, query);
  const { message = "", extensions: { code, problem } = {} } = errors?.[0] ?? {};
  return { status, code: typeof code === "string" ? code : "", problem, message, ms: performance.now() - began };
}

/** The processes that the gateway has started: all of them are planners. */
function plannersOf({ running: { pid } }: Gateway): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

const usedBefore = new Map<number, number>();

/** Whether it has worked for 50 ms since it was first asked about. */
function isBusy(pid: number): boolean {
  try {
    const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const ticks = Number(rest.split(" ")[11]);
    const before = usedBefore.get(pid) ?? ticks;
    usedBefore.set(pid, before);
    return ticks - before >= 5;
  } catch {
    return false;
  }
}

function rssOf({ running: { pid } }: Gateway): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes) / 1024;
}
