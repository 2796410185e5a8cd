import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { gatewayNodeFlags } from "../../apps/orchestrator/src/gateway-command.ts";
import { cpuOfTree } from "../measure/cpu.ts";
import { load } from "../measure/load.ts";
import { descendantsOf, memoryOf } from "../measure/memory.ts";
import { inTurns, type Turn, turn } from "../measure/turn.ts";
import type { LoadJob } from "../processes/load.ts";
import { type Figure, figureOf, type Report } from "../report.ts";
import { bodiesOf, questions } from "../shop/questions.ts";
import { comparedAnswers } from "./query-answers.ts";
import { openShop, type Shop } from "./query-subjects.ts";

const connections = 50;
const mebibyte = 2 ** 20;
/** For each process: half as many requests reach each of two, and V8 compiles what has been run often. */
const warmUpMs = 12_000;
/** What V8 compiles when differs from process to process, and with it what a request costs all their lives. */
const starts = 4;
const alone = "1 process";
const pair = "2 gateways";

/**
 * The shop's queries through a gateway of one process, others of so many workers, and two gateways of one process each,
 * that know nothing of each other, in turns: what each worker takes, and what a request costs all processes together.
 * Two gateways tell what two processes cost on this machine, whoever they are; what workers cost beyond is ours. The
 * rounds are spread evenly over several starts of them all.
 */
export async function workers(rounds: number, seconds: number, counts: readonly number[]): Promise<readonly Report[]> {
  await using stack = new AsyncDisposableStack();
  const setting = { shop: await openShop(stack), rounds: Math.ceil(rounds / starts), seconds };
  const samples = { small: new Map<string, Sample[]>(), large: new Map<string, Sample[]>() };
  for (let start = 0; start < starts; start++) {
    await using started = new AsyncDisposableStack();
    const subjects = await startAll(started, setting.shop, counts);
    for (const name of ["small", "large"] as const) await measure(name, samples[name], { ...setting, subjects });
  }
  return (["small", "large"] as const).map((name) => ({
    name: `workers, ${name}`,
    setting: `${connections} connections, ${seconds} s each, in turns, ${starts} starts; CPU of all processes of the gateway`,
    figures: [...samples[name]].flatMap(([subject, own]) => figuresOf(subject, own, samples[name])),
  }));
}

async function startAll(stack: AsyncDisposableStack, shop: Shop, counts: readonly number[]): Promise<Subject[]> {
  const start = async (workers: number): Promise<Gateway> => {
    const flags = ["--log-level", "warn", "--workers", String(workers)];
    const options = { env: { NODE_ENV: "production" }, nodeFlags: gatewayNodeFlags };
    const gateway = stack.use(await Gateway.start(flags, options));
    await gateway.configure({ identity: acme, ...shop.sections });
    return gateway;
  };
  const subjects: Subject[] = [
    { name: alone, processes: 1, gateways: [await start(1)] },
    { name: pair, processes: 2, gateways: [await start(1), await start(1)] },
  ];
  for (const count of counts) {
    subjects.push({ name: workersWord(count), processes: count, gateways: [await start(count)] });
  }
  return subjects;
}

const workersWord = (count: number): string => `${count} workers`;

type Subject = { readonly name: string; readonly processes: number; readonly gateways: readonly Gateway[] };

type Setting = {
  readonly subjects: readonly Subject[];
  readonly shop: Shop;
  readonly rounds: number;
  readonly seconds: number;
};

/** What one turn found beside; memory in MiB, the shares from 0 to 1. */
type Sample = Turn & {
  /** Of all CPU that was used: what the clients and the services took on the same machine. */
  readonly others: number;
  readonly leastShare: number;
  readonly mostShare: number;
  readonly rss: number;
  readonly pss: number;
  readonly planners: number;
};

/** One start's rounds, added to what the starts before it found. */
async function measure(
  name: keyof typeof questions,
  samples: Map<string, Sample[]>,
  { subjects, shop, rounds, seconds }: Setting,
): Promise<void> {
  const bodies = bodiesOf(questions[name]);
  const jobs = new Map<Subject, LoadJob>();
  for (const subject of subjects) {
    const [url = "", ...also] = subject.gateways.map(({ graphql }) => graphql);
    const bytes = await comparedAnswers(subject.name, url, questions[name], shop);
    for (const other of also) await comparedAnswers(subject.name, other, questions[name], shop);
    const job = { url, also, bodies, bytes, connections, milliseconds: seconds * 1_000 };
    jobs.set(subject, job);
    await load({ ...job, milliseconds: warmUpMs * subject.processes });
  }
  await inTurns([...jobs], rounds, async ([subject, job]) => {
    const found = await sample(subject, shop, job);
    samples.set(subject.name, [...(samples.get(subject.name) ?? []), found]);
  });
}

async function sample({ gateways }: Subject, shop: Shop, job: LoadJob): Promise<Sample> {
  const pids = gateways.map(({ running }) => running.pid);
  const services = () => [...shop.services.values()].reduce((sum, service) => sum + cpuOfTree(service.pid), 0);
  const before = { counted: await countsOf(gateways), services: services() };
  const found = await turn(job, pids);
  const others = (services() - before.services) / found.answered + found.clients;
  const counted = await countsOf(gateways);
  const shares = counted.map((count, index) => (count - (before.counted[index] ?? 0)) / found.answered);
  const family = pids.flatMap((pid) => [{ pid, command: "" }].concat(descendantsOf(pid)));
  const memory = family.flatMap((process) => memoryOf(process.pid) ?? []);
  return {
    ...found,
    others: others / (found.cpu + others),
    leastShare: Math.min(...shares),
    mostShare: Math.max(...shares),
    rss: memory.reduce((sum, { rss }) => sum + rss, 0) / mebibyte,
    pss: memory.reduce((sum, { pss }) => sum + pss, 0) / mebibyte,
    planners: family.filter(({ command }) => command.includes("planner")).length,
  };
}

/** What each process that answers has answered until now. */
async function countsOf(gateways: readonly Gateway[]): Promise<readonly number[]> {
  const all = await Promise.all(gateways.map((gateway) => gateway.status()));
  return all.flatMap(({ workers, counters }) =>
    workers.length > 0 ? workers.map(({ operations }) => Number(operations)) : [Number(counters?.operations)],
  );
}

function figuresOf(subject: string, own: readonly Sample[], samples: ReadonlyMap<string, readonly Sample[]>): Figure[] {
  const of = (key: keyof Sample) => own.map((each) => each[key]);
  // Within a round, so that what else the machine did weighs on both.
  const ratios = (key: keyof Sample, to: string) =>
    own.map((each, round) => each[key] / (samples.get(to)?.[round]?.[key] ?? Number.NaN));
  const fair = subject === workersWord(2);
  return [
    figureOf("CPU each", of("cpu"), { unit: "ms", subject }),
    figureOf("CPU / one's", ratios("cpu", alone), { unit: "", subject, ...(fair ? { aim: { atMost: 1.1 } } : {}) }),
    figureOf("CPU / two gateways'", ratios("cpu", pair), { unit: "", subject }),
    figureOf("requests", of("perSecond"), { unit: "1/s", subject }),
    figureOf("requests / one's", ratios("perSecond", alone), { unit: "", subject }),
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
