import { closeSync, openSync } from "node:fs";
import { startPlanner } from "../planner.ts";
import { bomb, supergraph } from "./supergraph.ts";

/** Runs out of file descriptors, as a process does that many clients are connected to, and tells how planning fares. */
const signal = new AbortController().signal;
const options = { supergraphSdl: supergraph(), signal, deadline: 300, spareAfter: 60_000 };
const tell = (
  what: string,
  result: { readonly ok: boolean; readonly problems?: readonly { readonly code: string }[] },
) => process.stdout.write(`${what} ${result.ok ? "ok" : result.problems?.map(({ code }) => code).join()}\n`);

const started = await startPlanner(options);
if (!started.ok) throw new Error(JSON.stringify(started.problems));
const taken: number[] = [];
try {
  for (;;) taken.push(openSync("/dev/null", "r"));
} catch {
  tell("start", await startPlanner(options));
  tell("bomb", await started.value.plan(bomb(13), signal));
}
for (const descriptor of taken) closeSync(descriptor);
let plan = await started.value.plan("{ items { name } }", signal);
while (!plan.ok) plan = await started.value.plan("{ items { name } }", signal);
tell("plan", plan);
await started.value[Symbol.asyncDispose]();
