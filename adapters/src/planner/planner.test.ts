import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bomb, deadly, supergraph } from "./testing/supergraph.ts";
import { type Planner, type PlannerOptions, startPlanner } from "./planner.ts";
import { PlannerReserve } from "./reserve.ts";

const never = new AbortController().signal;

async function planner(options: Partial<PlannerOptions> = {}): Promise<Planner> {
  const started = await startPlanner({ supergraphSdl: supergraph(), signal: never, ...options });
  assert.ok(started.ok, JSON.stringify(started));
  return started.value;
}

const codes = (result: Awaited<ReturnType<Planner["plan"]>>) =>
  result.ok ? "planned" : result.problems.map(({ code }) => code).join();

test("plans an operation and tells the schema that clients see", async () => {
  await using own = await planner();
  assert.match(own.consumerSdl, /type Item/);
  assert.doesNotMatch(own.consumerSdl, /join__/);
  const plan = await own.plan("{ items { name rating } }", never);
  assert.ok(plan.ok);
  assert.deepEqual(plan.value.node?.kind, "Sequence");
  assert.equal(own.restarts, 0);
});

test("an operation that cannot be planned is a problem with the planner's words", async () => {
  await using own = await planner();
  const plan = await own.plan("{ nothing }", never);
  assert.ok(!plan.ok);
  assert.match(plan.problems[0]?.message ?? "", /nothing/);
  assert.equal(codes(plan), "CAT-EXEC-012");
  assert.equal(own.restarts, 0);
});

for (const [what, supergraphSdl] of [
  ["does not parse", "type Query {"],
  ["is no supergraph", "type Query { a: Int }"],
  ["is empty", ""],
] as const) {
  test(`a supergraph that ${what} is a problem, and no process stays`, async () => {
    const started = await startPlanner({ supergraphSdl, signal: never });
    assert.ok(!started.ok, "no planner for no supergraph");
    assert.equal(started.problems[0]?.code, "CAT-EXEC-010");
    assert.deepEqual(await children(), []);
  });
}

test("a start that is aborted leaves no process", async () => {
  const abort = new AbortController();
  const starting = startPlanner({ supergraphSdl: supergraph(), signal: abort.signal });
  abort.abort();
  const started = await starting;
  assert.ok(!started.ok && started.problems[0]?.code === "CAT-EXEC-015");
  const deadline = performance.now() + 5_000;
  while ((await children()).length > 0 && performance.now() < deadline) await pause(10);
  assert.deepEqual(await children(), []);
});

test("an operation that stalls the planner is stopped at the deadline and refused at once after that", async () => {
  await using own = await planner({ deadline: 300, spareAfter: 0 });
  const started = performance.now();
  assert.equal(codes(await own.plan(bomb(13), never)), "CAT-EXEC-013");
  assert.ok(performance.now() - started < 3_000, "near its deadline");
  assert.equal(await atOnce(own.plan(bomb(13), never)), "CAT-EXEC-013");
  assert.equal(codes(await eventually(own, "{ items { name } }")), "planned");
  while (own.restarts === 0 && performance.now() - started < 5_000) await pause(5);
  assert.equal(own.restarts, 1);
});

test("a planner killed in the middle of a plan is replaced, and the operation planned all the same", async () => {
  await using own = await planner({ deadline: 5_000, spareAfter: 60_000 });
  const [pid] = own.pids;
  assert.ok(pid !== undefined);
  process.kill(pid, "SIGSTOP");
  const planning = own.plan("{ items { rating } }", never);
  process.kill(pid, "SIGKILL");
  assert.equal(codes(await planning), "planned");
  assert.equal(own.restarts, 1);
  assert.ok(!own.pids.includes(pid));
});

test("an operation that the planner dies of is tried twice, then refused at once, and the others are served", async () => {
  await using own = await planner({ deadline: 5_000, spareAfter: 0 });
  assert.equal(codes(await own.plan(deadly, never)), "CAT-EXEC-013");
  assert.equal(own.restarts, 2);
  assert.equal(await atOnce(own.plan(deadly, never)), "CAT-EXEC-013");
  assert.equal(codes(await eventually(own, "{ items { name } }")), "planned");
  assert.equal(own.restarts, 2);
});

test("what made an operation refused is forgotten after a while", async () => {
  await using own = await planner({ deadline: 300, spareAfter: 0, refusePeriod: 1 });
  assert.equal(codes(await own.plan(bomb(13), never)), "CAT-EXEC-013");
  assert.equal(codes(await eventually(own, "{ items { name } }")), "planned");
  const again = performance.now();
  assert.equal(codes(await own.plan(bomb(13), never)), "CAT-EXEC-013");
  assert.ok(performance.now() - again > 100, "it was tried again");
});

test("equal operations asked together are planned once; one that leaves does not take the others along", async () => {
  await using own = await planner();
  const leaving = new AbortController();
  const plans = ["a", "b", "c"].map(() => own.plan("{ items { name rating } }", never));
  const left = own.plan("{ items { name rating } }", leaving.signal);
  leaving.abort();
  assert.equal(codes(await left), "CAT-EXEC-015");
  const [first, ...others] = await Promise.all(plans);
  assert.ok(first?.ok);
  for (const other of others) assert.equal(other, first);
});

test("while the planner is busy a bounded number of operations wait, and none for longer than a plan may take", async () => {
  await using own = await planner({ deadline: 300, queueLimit: 1, spareAfter: 60_000 });
  const stalled = own.plan(bomb(13), never);
  const waiting = own.plan("{ items { name } }", never);
  assert.equal(codes(await own.plan("{ items { rating } }", never)), "CAT-EXEC-014");
  assert.equal(codes(await stalled), "CAT-EXEC-013");
  assert.match(codes(await waiting), /planned|CAT-EXEC-014/);
});

test("a planner that is disposed answers what waits, and its processes are gone", async () => {
  const own = await planner({ spareAfter: 0 });
  const { pids } = own;
  const waiting = own.plan(bomb(13), never);
  await own[Symbol.asyncDispose]();
  assert.equal(codes(await waiting), "CAT-EXEC-015");
  assert.equal(codes(await own.plan("{ items { name } }", never)), "CAT-EXEC-015");
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), "the process is gone");
});

test("a process without file descriptors left lives on, and plans again when there are some", async () => {
  const script = fileURLToPath(new URL("testing/without-descriptors.ts", import.meta.url));
  const command = `ulimit -n 100; exec "$0" "$1"`;
  const { stdout } = await promisify(execFile)("sh", ["-c", command, process.execPath, script], { timeout: 20_000 });
  assert.deepEqual(stdout.trim().split("\n"), ["start CAT-EXEC-010", "bomb CAT-EXEC-013", "plan ok"]);
});

test("a planner process ends itself when its parent is killed, even in the middle of a plan", async () => {
  const parent = spawn(process.execPath, [fileURLToPath(new URL("testing/busy-parent.ts", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: parent.stdout }), "line", { signal: AbortSignal.timeout(10_000) });
  const pid = Number(line);
  assert.ok(await isAlive(pid), "the planner runs");
  parent.kill("SIGKILL");
  await once(parent, "exit");
  const deadline = performance.now() + 2_000;
  while ((await isAlive(pid)) && performance.now() < deadline) await pause(10);
  assert.ok(!(await isAlive(pid)), "the planner is gone");
});

test("of a large supergraph an outline tells early what clients will see; what stands in a description may mislead it", async () => {
  const outlines: string[] = [];
  const onOutline = (outline: string): void => void outlines.push(outline);
  await using small = await planner({ onOutline });
  assert.deepEqual(outlines, []);
  const filler = Array.from({ length: 2_000 }, (_, index) => `enum Filler${index} @join__type(graph: A) { A B }`);
  await using large = await planner({ onOutline, supergraphSdl: [supergraph(), ...filler].join("\n") });
  assert.deepEqual(outlines, [large.consumerSdl]);
  assert.notEqual(large.consumerSdl, small.consumerSdl);
  assert.equal(codes(await large.plan("{ items { name rating } }", never)), "planned");
  const described = `"Not @join__type(graph: A) but text" enum Described @join__type(graph: A) { A }`;
  await using misled = await planner({ onOutline, supergraphSdl: [supergraph(), described, ...filler].join("\n") });
  assert.match(misled.consumerSdl, /Not @join__type\(graph: A\) but text/);
  assert.doesNotMatch(outlines[1] ?? "", /graph: A/);
});

test("with a reserve a process waits for the next supergraph, one that died is not given away, and none stays", async () => {
  const reserve = new PlannerReserve();
  const [waiting] = await untilChildren((pids) => pids.length === 1);
  const own = await planner({ reserve, spareAfter: 60_000 });
  assert.deepEqual(own.pids, [waiting]);
  const others = await untilChildren((pids) => pids.length === 2);
  const next = others.find((pid) => pid !== waiting);
  assert.ok(next !== undefined);
  process.kill(next, "SIGKILL");
  await untilChildren((pids) => pids.length === 1);
  await using other = await planner({ reserve, spareAfter: 60_000 });
  assert.equal(codes(await other.plan("{ items { name } }", never)), "planned");
  await untilChildren((pids) => pids.length === 3);
  await reserve[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
  assert.deepEqual(await children(), [...other.pids]);
});

/** What is answered before the event loop turns: no process was asked. */
async function atOnce(plan: ReturnType<Planner["plan"]>): Promise<string> {
  return await Promise.race([plan.then(codes), new Promise<string>((settle) => setImmediate(settle, "later"))]);
}

/** Plans as soon as a new process is there. */
async function eventually(own: Planner, query: string): ReturnType<Planner["plan"]> {
  const deadline = performance.now() + 5_000;
  let plan = await own.plan(query, never);
  while (!plan.ok && performance.now() < deadline) plan = await own.plan(query, never);
  return plan;
}

async function children(): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)]);
  const lines = stdout.split("\n").filter((line) => line.includes("planner/child.js") && !line.includes("defunct"));
  return lines.map((line) => Number.parseInt(line, 10));
}

async function untilChildren(pleases: (pids: readonly number[]) => boolean): Promise<readonly number[]> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const pids = await children();
    if (pleases(pids)) return pids;
    assert.ok(performance.now() < deadline, `in the end: ${pids.join()}`);
    await pause(20);
  }
}

/** One that has ended may wait a second for whoever inherited it to take note. */
async function isAlive(pid: number): Promise<boolean> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "stat=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout !== "" && !stdout.startsWith("Z");
}
