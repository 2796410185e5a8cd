import { desired } from "../../apps/gateway/src/testing/subgraphs.ts";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { Running } from "../../tests/support/process.ts";
import { Client } from "../measure/client.ts";
import { MeasuredGateway } from "../measure/gateway.ts";
import { type Probe, probeIn } from "../measure/probe.ts";
import { median } from "../measure/statistics.ts";
import { figure, figureOf, type Report } from "../report.ts";

const connections = 50;
/** Of one measurement, in ms, after as long a time to warm up in the first round. */
const duration = 3_000;
const federated = "{ products(first: 5) { id name price averageRating reviews { rating } } }";
const local = "{ products(first: 5) { id name price } }";

/** A small query over two services through the gateway, in turns with one to a single service through a bare proxy. */
export async function query(rounds: number): Promise<Report> {
  await using stack = new AsyncDisposableStack();
  const services = await Promise.all(["products", "reviews"].map((name) => service(name, stack)));
  const gateway = stack.use(await MeasuredGateway.start());
  await gateway.gateway.configure(desired(services));
  const probe = probeIn(stack.use(await temporaryFolder()).path);
  const env = { ...probe.env, BENCH_TARGET: services[0]?.url ?? "" };
  const proxy = stack.use(await Running.file("bench/processes/proxy.ts", [], { env }));

  const subjects = [
    { url: gateway.gateway.graphql, text: federated, probe: gateway.probe },
    { url: gateway.gateway.graphql, text: local, probe: gateway.probe },
    { url: proxy.graphql, text: local, probe },
  ] as const;
  for (const subject of subjects) await underLoad(subject);
  const seen: (readonly Load[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const loads: Load[] = [];
    for (const subject of subjects) loads.push(await underLoad(subject));
    seen.push(loads);
  }
  const of = (subject: number, key: keyof Load) => seen.map((loads) => loads[subject]?.[key] ?? Number.NaN);
  const ratio = (subject: number) => median(of(2, "cpu")) / median(of(subject, "cpu"));
  return {
    name: "query",
    setting: `${connections} connections, ${duration / 1_000} s each; federated: five products with their reviews of another service`,
    figures: [
      figureOf("federated query, requests", of(0, "perSecond"), { unit: "1/s" }),
      figureOf("federated query, gateway CPU each", of(0, "cpu"), { unit: "ms" }),
      figureOf("query of one service, requests", of(1, "perSecond"), { unit: "1/s" }),
      figureOf("query of one service, gateway CPU each", of(1, "cpu"), { unit: "ms" }),
      figureOf("proxy, requests", of(2, "perSecond"), { unit: "1/s" }),
      figureOf("proxy, CPU each", of(2, "cpu"), { unit: "ms" }),
      figure("proxy / federated query, by CPU", ratio(0), { unit: "" }),
      figure("proxy / query of one service, by CPU", ratio(1), { unit: "" }),
    ],
  };
}

async function service(name: string, stack: AsyncDisposableStack) {
  const { graphql: url } = stack.use(await Running.file(`examples/${name}/src/main.ts`, ["--listen", "127.0.0.1:0"]));
  await using client = new Client(url);
  const { text } = await client.ask("{ _service { sdl } }");
  return { name, url, sdl: String(JSON.parse(text).data._service.sdl) };
}

type Subject = { readonly url: string; readonly text: string; readonly probe: Probe };
type Load = { readonly perSecond: number; readonly cpu: number };

async function underLoad({ url, text, probe }: Subject): Promise<Load> {
  await using client = new Client(url, connections);
  const before = await probe.read();
  const began = performance.now();
  const end = began + duration;
  let answered = 0;
  const clients = Array.from({ length: connections }, async () => {
    while (performance.now() < end) {
      const answer = await client.ask(text);
      if (answer.status !== 200 || answer.text.includes('"errors"')) throw new Error(answer.text.slice(0, 1_000));
      answered += 1;
    }
  });
  await Promise.all(clients);
  const seconds = (performance.now() - began) / 1_000;
  const { cpuMs } = await probe.read();
  return { perSecond: answered / seconds, cpu: (cpuMs - before.cpuMs) / answered };
}
