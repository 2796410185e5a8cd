import assert from "node:assert/strict";
import { desired } from "../../apps/gateway/src/testing/subgraphs.ts";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { Running } from "../../tests/support/process.ts";
import { serviceSdl } from "../large/graph.ts";
import { type LargeQuestion, questions } from "../large/questions.ts";
import { Client } from "../measure/client.ts";
import { MeasuredGateway } from "../measure/gateway.ts";
import { jsonAlone } from "../measure/json-alone.ts";
import { LivePolling } from "../measure/live-polling.ts";
import { memoryOf } from "../measure/memory.ts";
import { type Probe, probeIn } from "../measure/probe.ts";
import { median, timed } from "../measure/statistics.ts";
import { type Figure, figure, figureOf, type Report } from "../report.ts";

const production = { NODE_ENV: "production" };
const mebibyte = 2 ** 20;
/** Longest that a request may keep all others waiting, in ms. */
const longestGapMs = 200;
/** How often each is asked of one gateway. */
const times = 4;

/** What by default would not let these in: what is measured is what answers cost, not what clients may ask. */
const unlimited = { maxCost: 0, maxAliases: 0, maxRootFields: 0 };

/**
 * Requests near the limits, one at a time, each answer compared as text with what it must be: how long they take, and how
 * long others wait for the gateway meanwhile. Each round has a gateway of its own, since the first answer is the dearest.
 */
export async function large(rounds: number): Promise<readonly Report[]> {
  await using stack = new AsyncDisposableStack();
  const control = probeIn(stack.use(await temporaryFolder()).path);
  const services = [];
  for (const [name, sdl] of Object.entries(serviceSdl)) {
    // The idle process of the comparison is a service: it answers what it has answered before by one write.
    const env = { ...production, BENCH_SERVICE: name, ...(name === "labels" ? control.env : {}) };
    const { graphql: url } = stack.use(await Running.file("bench/processes/large.ts", [], { env }));
    services.push({ name, sdl, url });
  }
  const sections = desired(services);
  // The services make their answers now, and keep them.
  await round(sections, control);
  const seen: Asked[] = [];
  for (let count = 0; count < rounds; count++) seen.push(...(await round(sections, control)));
  const reports: Report[] = [];
  for (const question of questions) {
    const own = seen.filter((asked) => asked.question === question);
    reports.push(await reportOf(question, own));
  }
  return reports;
}

type Asked = {
  readonly question: LargeQuestion;
  readonly isFirst: boolean;
  readonly ms: number;
  readonly gap: number;
  readonly controlGap: number;
  readonly live: number;
  readonly cpu: number;
  readonly rss: number;
};

async function round(sections: ReturnType<typeof desired>, control: Probe): Promise<readonly Asked[]> {
  await using stack = new AsyncDisposableStack();
  const { gateway, probe } = stack.use(await MeasuredGateway.start());
  const { outcomes } = await gateway.configure({ ...sections, limits: { requests: unlimited } });
  assert.equal(outcomes["schema"], "applied");
  const client = stack.use(new Client(gateway.graphql));
  const live = stack.use(new LivePolling(gateway.graphql));
  const seen: Asked[] = [];
  for (const question of questions) {
    for (let count = 0; count < times; count++) {
      const before = await probe.read();
      await control.read();
      live.longest();
      const { ms, value } = await timed(() => client.ask(question.query));
      const after = await probe.read();
      if (value.text !== question.answer) throw new Error(`${question.name}: ${value.text.slice(0, 500)}`);
      seen.push({
        question,
        isFirst: count === 0,
        ms,
        gap: after.longestGapMs,
        controlGap: (await control.read()).longestGapMs,
        live: live.longest(),
        cpu: after.cpuMs - before.cpuMs,
        rss: (memoryOf(gateway.running.pid)?.rss ?? 0) / mebibyte,
      });
    }
  }
  return seen;
}

async function reportOf({ name, answer }: LargeQuestion, asked: readonly Asked[]): Promise<Report> {
  const alone = await jsonAlone(answer);
  const first = asked.filter(({ isFirst }) => isFirst);
  const later = asked.filter(({ isFirst }) => !isFirst);
  const both = (title: string, of: (asked: Asked) => number, aim?: number): readonly Figure[] => [
    figureOf(`${title}, first`, first.map(of), { unit: "ms", ...(aim ? { aim: { atMost: aim } } : {}) }),
    figureOf(`${title}, later`, later.map(of), { unit: "ms", ...(aim ? { aim: { atMost: aim } } : {}) }),
  ];
  return {
    name: `large, ${name}`,
    setting: `${Math.round(Buffer.byteLength(answer) / 1_000)} kB of answer, as expected each time`,
    figures: [
      ...both("answer", ({ ms }) => ms),
      ...both("gateway's event loop, longest gap", ({ gap }) => gap, longestGapMs),
      ...both("/livez, longest wait", ({ live }) => live),
      ...both("gateway's CPU", ({ cpu }) => cpu),
      figureOf(
        "a service's event loop, longest gap",
        asked.map(({ controlGap }) => controlGap),
        { unit: "ms" },
      ),
      figure("JSON.parse and stringify of the answer alone, first", alone[0] ?? Number.NaN, { unit: "ms" }),
      figure("JSON.parse and stringify of the answer alone, later", median(alone.slice(1)), { unit: "ms" }),
      figure("answer later / JSON alone later", median(later.map(({ ms }) => ms)) / median(alone.slice(1)), {
        unit: "",
      }),
      figureOf(
        "gateway RSS after it",
        asked.map(({ rss }) => rss),
        { unit: "MiB" },
      ),
    ],
  };
}
