import { startPlanner } from "../planner.ts";
import { bomb, supergraph } from "./supergraph.ts";

/** Keeps a planner busy and tells its process id, to be killed by the test. */
const signal = new AbortController().signal;
const started = await startPlanner({ supergraphSdl: supergraph(), signal, deadline: 60_000, spareAfter: 60_000 });
if (!started.ok) throw new Error(JSON.stringify(started.problems));
const planning = started.value.plan(bomb(13), signal);
process.stdout.write(`${started.value.pids[0]}\n`);
await planning;
