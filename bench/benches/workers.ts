import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { cpuOfTree } from "../measure/cpu.ts";
import { load } from "../measure/load.ts";
import { descendantsOf, memoryOf } from "../measure/memory.ts";
import { type Figure, figureOf, type Report } from "../report.ts";
import { bodiesOf, questions } from "../shop/questions.ts";
import { comparedAnswers } from "./query-answers.ts";
import { openShop, type Shop } from "./query-subjects.ts";

const connections = 50;
const mebibyte = 2 ** 20;

/**
 * The shop's queries through a gateway of one process and others of so many workers, in turns: what each worker takes, and what a request
 * costs all processes of a gateway together.
 */
export async function workers(rounds: number, seconds: number, counts: readonly number[]): Promise<readonly Report[]> {
  await using stack = new AsyncDisposableStack();
  const shop = await openShop(stack);
  const gateways = new Map<number, Gateway>();
  for (const count of [1, ...counts]) {
    const flags = ["--log-level", "warn", "--workers", String(count)];
    const gateway = stack.use(await Gateway.start(flags, { env: { NODE_ENV: "production" } }));
    await gateway.configure({ identity: acme, ...shop.sections });
    gateways.set(count, gateway);
  }
  const reports: Report[] = [];
  for (const name of ["small", "large"] as const)
    reports.push(await measure(name, { gateways, shop, rounds, seconds }));
  return reports;
}

type Setting = {
  readonly gateways: ReadonlyMap<number, Gateway>;
  readonly shop: Shop;
  readonly rounds: number;
  readonly seconds: number;
};

/** What one measurement found; CPU in ms for each request, memory in MiB, the shares from 0 to 1. */
type Sample = {
  readonly perSecond: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  /** Of all CPU that was used: what the clients and the services took on the same machine. */
  readonly others: number;
  readonly leastShare: number;
  readonly mostShare: number;
  readonly rss: number;
  readonly pss: number;
  readonly planners: number;
};

async function measure(name: keyof typeof questions, setting: Setting): Promise<Report> {
  const { gateways, shop, rounds, seconds } = setting;
  const bodies = bodiesOf(questions[name]);
  const jobs = await Promise.all(
    [...gateways].map(async ([count, gateway]) => {
      const bytes = await comparedAnswers(`${count} workers`, gateway.graphql, questions[name], shop);
      return {
        count,
        gateway,
        job: { url: gateway.graphql, bodies, bytes, connections, milliseconds: seconds * 1_000 },
      };
    }),
  );
  for (const { job } of jobs) await load(job);
  const samples = new Map<number, Sample[]>(jobs.map(({ count }) => [count, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { count, gateway, job } of jobs) samples.get(count)?.push(await sample(gateway, shop, () => load(job)));
  }
  return {
    name: `workers, ${name}`,
    setting: `${connections} connections, ${seconds} s each, in turns; CPU of all processes of the gateway`,
    figures: jobs.flatMap(({ count }) => figuresOf(count, samples)),
  };
}

async function sample(gateway: Gateway, shop: Shop, run: () => ReturnType<typeof load>): Promise<Sample> {
  const { pid } = gateway.running;
  const services = () => [...shop.services.values()].reduce((sum, service) => sum + cpuOfTree(service.pid), 0);
  const before = { counted: await countsOf(gateway), own: cpuOfTree(pid), services: services() };
  const { answered, seconds, p50, p99, cpuMs } = await run();
  const own = cpuOfTree(pid) - before.own;
  const others = services() - before.services + cpuMs;
  const counted = await countsOf(gateway);
  const shares = counted.map((count, index) => (count - (before.counted[index] ?? 0)) / answered);
  const family = [{ pid, command: "" }, ...descendantsOf(pid)];
  const memory = family.flatMap((process) => memoryOf(process.pid) ?? []);
  return {
    perSecond: answered / seconds,
    cpu: own / answered,
    p50,
    p99,
    others: others / (own + others),
    leastShare: Math.min(...shares),
    mostShare: Math.max(...shares),
    rss: memory.reduce((sum, { rss }) => sum + rss, 0) / mebibyte,
    pss: memory.reduce((sum, { pss }) => sum + pss, 0) / mebibyte,
    planners: family.filter(({ command }) => command.includes("planner")).length,
  };
}

/** What each worker has answered until now; one process counts as one worker. */
async function countsOf(gateway: Gateway): Promise<readonly number[]> {
  const { workers, counters } = await gateway.status();
  return workers.length > 0 ? workers.map(({ operations }) => Number(operations)) : [Number(counters?.operations)];
}

function figuresOf(count: number, samples: ReadonlyMap<number, readonly Sample[]>): readonly Figure[] {
  const subject = count === 1 ? "1 process" : `${count} workers`;
  const own = samples.get(count) ?? [];
  const alone = samples.get(1) ?? [];
  const of = (key: keyof Sample) => own.map((each) => each[key]);
  // Within a round, so that what else the machine did weighs on both.
  const ratios = (key: keyof Sample) => own.map((each, round) => each[key] / (alone[round]?.[key] ?? Number.NaN));
  const fair = count === 2;
  return [
    figureOf("CPU each", of("cpu"), { unit: "ms", subject }),
    figureOf("CPU / one's", ratios("cpu"), { unit: "", subject, ...(fair ? { aim: { atMost: 1.1 } } : {}) }),
    figureOf("requests", of("perSecond"), { unit: "1/s", subject }),
    figureOf("requests / one's", ratios("perSecond"), { unit: "", subject }),
    figureOf("least share", of("leastShare"), { unit: "", subject, ...(fair ? { aim: { atLeast: 0.4 } } : {}) }),
    figureOf("most share", of("mostShare"), { unit: "", subject, ...(fair ? { aim: { atMost: 0.6 } } : {}) }),
    figureOf("others' CPU", of("others"), { unit: "", subject }),
    figureOf("p50", of("p50"), { unit: "ms", subject }),
    figureOf("p99", of("p99"), { unit: "ms", subject }),
    figureOf("RSS", of("rss"), { unit: "MiB", subject }),
    figureOf("PSS", of("pss"), { unit: "MiB", subject }),
    figureOf("planners", of("planners"), { unit: "", subject }),
  ];
}
