import { cpuOfTree } from "../measure/cpu.ts";
import { load } from "../measure/load.ts";
import type { LoadResult } from "../processes/load.ts";
import { descendantsOf, memoryOf } from "../measure/memory.ts";
import { installPeers } from "../peers-install.ts";
import { figureOf, type Figure, type Report } from "../report.ts";
import { bodiesOf, questions } from "../shop/questions.ts";
import { answerOf, comparedAnswers } from "./query-answers.ts";
import { openShop, ours, type Shop, type Started, type Subject, subjects } from "./query-subjects.ts";

const connections = 50;
/** How often each is started anew to see how long it takes. */
const starts = 3;
/** Each gateway is asked so long before its first measurement, as in the other benches: compiled code is compared. */
const warmUpMs = 12_000;

/** The shop's two queries through our gateway and its peers, in turns; each measurement lasts so many seconds. */
export async function query(rounds: number, seconds: number): Promise<readonly Report[]> {
  installPeers();
  await using stack = new AsyncDisposableStack();
  const shop = await openShop(stack);
  const gateways: Gateway[] = [];
  for (const subject of subjects) gateways.push(await startOften(subject, shop, stack));
  const reports: Report[] = [];
  for (const name of ["small", "large"] as const) {
    reports.push(await measure(name, { gateways, shop, rounds, seconds }));
  }
  return reports;
}

type Gateway = { readonly subject: Subject; readonly started: Started; readonly firstAnswers: readonly number[] };
/** What one measurement found; times in ms, memory in MiB. */
type Sample = {
  readonly perSecond: number;
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly rss: number;
  readonly pss: number;
  readonly upstream: number;
  /** CPU of the clients and of the services, which stand on the same machine. */
  readonly clients: number;
  readonly services: number;
};

type Setting = {
  readonly gateways: readonly Gateway[];
  readonly shop: Shop;
  readonly rounds: number;
  readonly seconds: number;
};
type Job = { readonly gateway: Gateway; readonly bodies: readonly string[]; readonly bytes: readonly number[] };

async function startOften(subject: Subject, shop: Shop, stack: AsyncDisposableStack): Promise<Gateway> {
  const firstAnswers: number[] = [];
  const [body = ""] = bodiesFor(subject, "small");
  for (let count = 1; ; count++) {
    const began = performance.now();
    const started = await subject.start(shop);
    await answerOf(started.url, body);
    firstAnswers.push(performance.now() - began);
    if (count === starts) return { subject, started: stack.use(started), firstAnswers };
    await started[Symbol.asyncDispose]();
  }
}

async function measure(name: keyof typeof questions, { gateways, shop, rounds, seconds }: Setting): Promise<Report> {
  const jobs: Job[] = [];
  for (const gateway of gateways) jobs.push(await jobOf(gateway, name, shop));
  const loadOf = ({ gateway, bodies, bytes }: Job, milliseconds = seconds * 1_000) =>
    load({ url: gateway.started.url, bodies, bytes, connections, milliseconds });
  for (const job of jobs) await loadOf(job, warmUpMs);
  const samples = new Map<string, Sample[]>(subjects.map((subject) => [subject.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const job of jobs) samples.get(job.gateway.subject.name)?.push(await sample(job, shop, () => loadOf(job)));
  }
  const size = Math.round((jobs[0]?.bytes[0] ?? 0) / 102.4) / 10;
  return {
    name: `query, ${name}`,
    setting: `answers of ${size} KiB, ${questions[name].variables.length} sets of arguments, ${connections} connections, ${seconds} s each, in turns`,
    figures: gateways.flatMap((gateway) => figuresOf(gateway, name, samples, rounds)),
  };
}

/** The requests and what their answers measure. */
async function jobOf(gateway: Gateway, question: keyof typeof questions, shop: Shop): Promise<Job> {
  const { subject, started } = gateway;
  const bodies = bodiesFor(subject, question);
  if (subject.asks === "shop") {
    return { gateway, bodies, bytes: await comparedAnswers(subject.name, started.url, questions[question], shop) };
  }
  return { gateway, bodies, bytes: [(await answerOf(started.url, bodies[0] ?? "")).bytes] };
}

function bodiesFor({ asks }: Subject, question: keyof typeof questions): readonly string[] {
  if (asks === "shop") return bodiesOf(questions[question]);
  return [JSON.stringify(asks === "typename" ? { query: "{ __typename }" } : { fan: question })];
}

async function sample({ gateway }: Job, shop: Shop, load: () => Promise<LoadResult>): Promise<Sample> {
  const { pid } = gateway.started;
  const servicePids = [...shop.services.values()].map((service) => service.pid);
  const used = () => [cpuOfTree(pid), servicePids.reduce((sum, each) => sum + cpuOfTree(each), 0)] as const;
  const asked = await askedOf(shop);
  const [gatewayBefore, servicesBefore] = used();
  const { answered, seconds, p50, p99, cpuMs } = await load();
  const [gatewayAfter, servicesAfter] = used();
  const pids = [pid, ...descendantsOf(pid).map((child) => child.pid)];
  const memory = pids.flatMap((each) => memoryOf(each) ?? []);
  const [rss, pss] = (["rss", "pss"] as const).map((key) => memory.reduce((sum, each) => sum + each[key], 0) / 2 ** 20);
  return {
    perSecond: answered / seconds,
    cpu: (gatewayAfter - gatewayBefore) / answered,
    p50,
    p99,
    rss: rss ?? 0,
    pss: pss ?? 0,
    upstream: ((await askedOf(shop)) - asked) / answered,
    clients: cpuMs / answered,
    services: (servicesAfter - servicesBefore) / answered,
  };
}

/** How many requests the services were sent until now. */
async function askedOf({ services }: Shop): Promise<number> {
  const counts = await Promise.all(
    [...services.values()].map(async ({ graphql }) =>
      (await fetch(graphql, { signal: AbortSignal.timeout(5_000) })).text(),
    ),
  );
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

function figuresOf(
  { subject: { name: subject, aims }, firstAnswers }: Gateway,
  question: string,
  samples: ReadonlyMap<string, readonly Sample[]>,
  rounds: number,
): readonly Figure[] {
  const aim = aims?.[question];
  const own = samples.get(subject) ?? [];
  const base = samples.get(ours) ?? [];
  const of = (key: keyof Sample) => own.map((each) => each[key]);
  // Within a round, so that what else the machine did weighs on both.
  const ratios = (key: keyof Sample) =>
    Array.from(
      { length: rounds },
      (_, round) => (own[round]?.[key] ?? Number.NaN) / (base[round]?.[key] ?? Number.NaN),
    );
  return [
    figureOf("CPU each", of("cpu"), { unit: "ms", subject }),
    figureOf("CPU / ours", ratios("cpu"), {
      unit: "",
      subject,
      ...(aim === undefined ? {} : { aim: { atLeast: aim } }),
    }),
    figureOf("requests", of("perSecond"), { unit: "1/s", subject }),
    figureOf("requests / ours", ratios("perSecond"), { unit: "", subject }),
    figureOf("p50", of("p50"), { unit: "ms", subject }),
    figureOf("p99", of("p99"), { unit: "ms", subject }),
    figureOf("RSS", of("rss"), { unit: "MiB", subject }),
    figureOf("PSS", of("pss"), { unit: "MiB", subject }),
    figureOf("upstream each", of("upstream"), { unit: "", subject }),
    figureOf("services' CPU", of("services"), { unit: "ms", subject }),
    figureOf("clients' CPU", of("clients"), { unit: "ms", subject }),
    figureOf("first answer", firstAnswers, { unit: "ms", subject }),
  ];
}
