import { setTimeout as pause } from "node:timers/promises";
import { desired } from "../../apps/gateway/src/testing/subgraphs.ts";
import { Running } from "../../tests/support/process.ts";
import { Client } from "../measure/client.ts";
import { MeasuredGateway } from "../measure/gateway.ts";
import { timed } from "../measure/statistics.ts";
import { figure, figureOf, type Report } from "../report.ts";
import { roles, sdlOf, words } from "../words.ts";

const clients = 8;
/** Least time between two reloads, in ms, so that there is load between them too. */
const between = 50;

/**
 * Reloads under load. The graph goes back and forth between two versions, each of two services of its own; every answer
 * is joined of both, so an operation that met two schemas, or one that was cut off, would be seen.
 */
export async function reload(rounds: number, workers: number): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const versions = await Promise.all(words.map((word) => servicesOf(word, stack)));
  const { gateway } = stack.use(await MeasuredGateway.start(["--workers", String(workers)]));
  const states = versions.map(desired);
  const [first, second] = states;
  if (first === undefined || second === undefined) throw new Error("two versions are needed");
  await gateway.configure(first);

  const seen: Seen = { answers: [], mixed: 0, failed: 0 };
  const end = new AbortController();
  const load = Array.from({ length: clients }, (_, client) => ask(gateway.graphql, client, seen, end.signal));
  const acknowledged: number[] = [];
  const visible: number[] = [];
  await using watcher = new Client(gateway.graphql);
  for (let round = 1; round <= rounds; round++) {
    const word = words[round % 2] ?? "";
    const pushed = timed(() => gateway.configure(round % 2 === 0 ? first : second));
    const shown = timed(() => untilShown(watcher, word));
    const { ms, value } = await pushed;
    if (value.outcomes["schema"] !== "applied") throw new Error(JSON.stringify(value.outcomes));
    acknowledged.push(ms);
    visible.push((await shown).ms);
    await pause(between);
  }
  end.abort();
  await Promise.all(load);
  const { counters } = await gateway.status();
  return {
    name: "reload",
    setting: `${rounds} reloads of two services under the load of ${clients} clients, one of which sends mutations; workers: ${workers}`,
    figures: [
      figure("failed requests", seen.failed, { unit: "", aim: { atMost: 0 } }),
      figure("answers of mixed schema", seen.mixed, { unit: "", aim: { atMost: 0 } }),
      figure("requests answered", seen.answers.length, { unit: "" }),
      figureOf("push to acknowledged", acknowledged, { unit: "ms" }),
      figureOf("push to visible", visible, { unit: "ms" }),
      figureOf("answer to a request", seen.answers, { unit: "ms" }),
      figure("planner processes lost", Number(counters?.plannerRestarts ?? 0n), { unit: "", aim: { atMost: 0 } }),
    ],
  };
}

async function servicesOf(word: string, stack: AsyncDisposableStack) {
  const start = async (role: (typeof roles)[number]) => {
    const env = { BENCH_WORD: word, BENCH_ROLE: role };
    const running = stack.use(await Running.file("bench/processes/words.ts", [], { env }));
    return { name: `${role}-${word}`, sdl: sdlOf(role), url: running.graphql };
  };
  return await Promise.all(roles.map(start));
}

/** What came of the load; written by all clients. */
type Seen = { readonly answers: number[]; mixed: number; failed: number };

async function ask(graphql: string, client: number, seen: Seen, signal: AbortSignal): Promise<void> {
  await using connection = new Client(graphql);
  for (let round = 0; !signal.aborted; round++) {
    // A new text now and then, so that plans are made during the reloads too.
    const alias = round % 20 === 0 ? `c${client}r${round}` : "same";
    const operation = client === 0 ? "mutation { write { first second } }" : `{ ${alias}: book { first second } }`;
    const { ms, value } = await timed(() => connection.ask(operation).catch(() => ({ status: 0, text: "" })));
    const found = value.text.match(/old|new/g) ?? [];
    if (value.status !== 200 || value.text.includes('"errors"') || found.length !== 2) seen.failed += 1;
    else if (found[0] !== found[1]) seen.mixed += 1;
    seen.answers.push(ms);
  }
}

async function untilShown(client: Client, word: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const { text } = await client.ask("{ book { first } }");
    if (text.includes(word)) return;
    await pause(2);
  }
  throw new Error(`${word} is not to be seen`);
}
