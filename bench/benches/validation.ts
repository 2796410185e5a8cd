import { setTimeout as pause } from "node:timers/promises";
import { gatewayV1 } from "@catalyst-node/adapters/rpc";
import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { makeIssuer, trustedIssuer } from "../../tests/support/tokens.ts";
import { flood, load } from "../measure/load.ts";
import { memoryOf } from "../measure/memory.ts";
import { figuresBeside, inTurns, type Turn, turn } from "../measure/turn.ts";
import type { FloodJob, FloodResult } from "../processes/flood.ts";
import type { LoadJob } from "../processes/load.ts";
import { type Figure, figure, figureOf, type Report } from "../report.ts";
import { bodiesOf, questions } from "../shop/questions.ts";
import { comparedAnswers } from "./query-answers.ts";
import { openShop } from "./query-subjects.ts";

const connections = 50;
const warmUpMs = 12_000;
/** How many tokens are new each second of the cold turns: more than one thread can verify. */
const newPerSecond = 1_200;
/** Of each flood; on connections of its own, begun before what is measured and ended after it. */
const floodPerSecond = 1_000;
const floodConnections = 200;
const floodAhead = 300;

const own = makeIssuer();

/** The small query with and without a look at tokens; then with known tokens beside a flood of those that know none. */
export async function validation(rounds: number, seconds: number): Promise<readonly Report[]> {
  await using stack = new AsyncDisposableStack();
  const shop = await openShop(stack);
  const start = async (mode: gatewayV1.TrustSection_Mode) => {
    const gateway = stack.use(await Gateway.start(["--log-level", "warn"], { env: { NODE_ENV: "production" } }));
    // On a busy machine some would be turned away for another reason.
    const limits = { requests: { maxLoopDelay: 0 } };
    await gateway.configure({ identity: acme, ...shop.sections, limits });
    const bytes = await comparedAnswers("validation", gateway.graphql, questions.small, shop);
    await gateway.configure({ trust: { mode, ownIssuer: own.issuer, issuers: [trustedIssuer(own)] } });
    const bodies = bodiesOf(questions.small);
    const job = { url: gateway.graphql, bodies, bytes, connections, milliseconds: seconds * 1_000 };
    return { job, pid: gateway.running.pid };
  };
  const { OFF, REQUIRED } = gatewayV1.TrustSection_Mode;
  const [off, required] = [await start(OFF), await start(REQUIRED)];
  const tokens = newTokens(connections);
  const warm = { ...required, job: { ...required.job, tokens } };
  for (const { job } of [off, warm]) await load({ ...job, milliseconds: warmUpMs });
  return [
    { name: "validation", setting: settingOf(seconds), figures: await beside(off, warm, rounds, seconds) },
    { name: "validation, flooded", setting: floodedSetting(seconds), figures: await flooded(warm, rounds) },
  ];
}

type Subject = { readonly pid: number; readonly job: LoadJob };

function settingOf(seconds: number): string {
  return `the small query, ${connections} connections, ${seconds} s each, in turns; cold: each request shows a new token, at most ${newPerSecond} a second`;
}

function floodedSetting(seconds: number): string {
  return `the same with known tokens, ${seconds} s each, beside ${floodPerSecond} requests a second without a token, or with forged ones`;
}

async function beside(off: Subject, warm: Subject, rounds: number, seconds: number): Promise<readonly Figure[]> {
  const turns = new Map<string, Turn[]>();
  const subjects = { off: () => off, warm: () => warm, cold: () => withNewTokens(warm, seconds) };
  for (const name of Object.keys(subjects)) turns.set(name, []);
  await inTurns(Object.entries(subjects), rounds, async ([name, subject]) => {
    const { job, pid } = subject();
    turns.get(name)?.push(await turn(job, [pid]));
  });
  return figuresBeside(turns, { base: "off", word: "off", aims: { warm: { aim: { atLeast: 0.9 } } } });
}

function withNewTokens({ pid, job }: Subject, seconds: number): Subject {
  return { pid, job: { ...job, tokens: newTokens(newPerSecond * seconds), tokensOnce: true } };
}

async function flooded({ job, pid }: Subject, rounds: number): Promise<readonly Figure[]> {
  const turns = new Map<string, Turn[]>();
  const floods = new Map<string, FloodResult[]>();
  const body = job.bodies[0] ?? "";
  const common: FloodJob = {
    url: job.url,
    body,
    perSecond: floodPerSecond,
    connections: floodConnections,
    milliseconds: job.milliseconds + 2 * floodAhead,
  };
  const subjects = { "no token": common, forged: { ...common, token: own.serviceToken() } };
  for (const name of Object.keys(subjects)) turns.set(name, []);
  const before = residentOf(pid);
  await inTurns(Object.entries(subjects), rounds, async ([name, floodJob]) => {
    const flooding = flood(floodJob);
    await pause(floodAhead);
    turns.get(name)?.push(await turn(job, [pid]));
    floods.set(name, [...(floods.get(name) ?? []), await flooding]);
  });
  return [
    ...figuresBeside(turns, { base: "no token", word: "no token's", aims: { forged: { aim: { atLeast: 0.5 } } } }),
    ...[...floods].flatMap(([subject, results]) => floodFigures(subject, results)),
    figure("RSS before", before, { unit: "MiB" }),
    figure("RSS after", residentOf(pid), { unit: "MiB" }),
  ];
}

/** What the flood itself came to; rejects when anything but 401 and 503 was answered. */
function floodFigures(subject: string, results: readonly FloodResult[]): readonly Figure[] {
  const strange = results.flatMap(({ statuses }) => Object.keys(statuses)).find((status) => !/401|503/.test(status));
  if (strange !== undefined) throw new Error(`the flood was answered ${strange}`);
  const perSecond = (status: string) => results.map(({ statuses, seconds }) => (statuses[status] ?? 0) / seconds);
  return [
    figureOf("flood: 401", perSecond("401"), { unit: "1/s", subject }),
    figureOf("flood: 503", perSecond("503"), { unit: "1/s", subject }),
  ];
}

function newTokens(count: number): readonly string[] {
  return Array.from({ length: count }, () => own.serviceToken({ ttl: 3_600 }));
}

function residentOf(pid: number): number {
  return (memoryOf(pid)?.rss ?? 0) / 2 ** 20;
}
