import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { load } from "../measure/load.ts";
import { figuresBeside, inTurns, type Turn, turn } from "../measure/turn.ts";
import type { LoadJob } from "../processes/load.ts";
import type { Report } from "../report.ts";
import { bodiesOf, questions } from "../shop/questions.ts";
import { comparedAnswers } from "./query-answers.ts";
import { openShop } from "./query-subjects.ts";

const connections = 50;
const warmUpMs = 12_000;

/** Whatever can be off is off; the rest is so high that nothing meets it. */
const off = {
  requests: {
    maxBody: 2 ** 30,
    maxNesting: 1_000,
    maxTokens: 0,
    maxDepth: 0,
    maxAliases: 0,
    maxDirectives: 0,
    maxRootFields: 0,
    maxCost: 0,
    maxFields: 100_000,
    maxResponse: 2 ** 30,
    maxInFlight: 1_000_000,
    maxLoopDelay: 0,
  },
  upstream: { retryBudget: 0, maxResponse: 2 ** 30, maxConcurrent: 1_000_000, breakerFailures: 0 },
};

/** The small query through a gateway with the default limits, and through one whose limits are off, in turns. */
export async function limits(rounds: number, seconds: number): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const shop = await openShop(stack);
  const turns = new Map<string, Turn[]>();
  const subjects: { readonly name: string; readonly pid: number; readonly job: LoadJob }[] = [];
  for (const [name, told] of [["on", {}] as const, ["off", { limits: off }] as const]) {
    const gateway = stack.use(await Gateway.start(["--log-level", "warn"], { env: { NODE_ENV: "production" } }));
    await gateway.configure({ identity: acme, ...shop.sections, ...told });
    const bytes = await comparedAnswers(`limits ${name}`, gateway.graphql, questions.small, shop);
    const bodies = bodiesOf(questions.small);
    const job = { url: gateway.graphql, bodies, bytes, connections, milliseconds: seconds * 1_000 };
    await load({ ...job, milliseconds: warmUpMs });
    subjects.push({ name, pid: gateway.running.pid, job });
    turns.set(name, []);
  }
  await inTurns(subjects, rounds, async ({ name, pid, job }) => {
    turns.get(name)?.push(await turn(job, [pid]));
  });
  return {
    name: "limits",
    setting: `the small query, ${connections} connections, ${seconds} s each, in turns`,
    figures: figuresBeside(turns, { base: "off", word: "off", aims: { on: { aim: { atLeast: 0.9 } } } }),
  };
}
