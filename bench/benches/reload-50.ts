import { setTimeout as pause } from "node:timers/promises";
import { startComposer } from "@catalyst-node/adapters/composer";
import { Running } from "../../tests/support/process.ts";
import { federatedQueries, fleet, versionField } from "../fleet.ts";
import { Client } from "../measure/client.ts";
import { MeasuredGateway } from "../measure/gateway.ts";
import { descendantsOf, memoryOf, peakOf } from "../measure/memory.ts";
import { timed } from "../measure/statistics.ts";
import { type Figure, figure, figureOf, type Report } from "../report.ts";

const services = 50;
const versions = ["a", "b"] as const;
const mebibyte = 2 ** 20;
/** Between two polls, in ms. */
const pollEvery = 5;
/** How long each round goes on after the new schema is visible: the old one is put away then, a spare planner starts. */
const restMs = 2_000;

/** Reloads of a large graph: how soon they are seen, and how long the gateway answers nobody because of them. */
export async function reload50(rounds: number): Promise<Report> {
  const { supergraphs, figures } = await composition();
  await using measured = await MeasuredGateway.start();
  const { gateway } = measured;
  const fleetEnv = { FLEET_SERVICES: String(services), FLEET_VERSIONS: versions.join(",") };
  await using service = await Running.file("bench/processes/fleet.ts", [], { env: fleetEnv });
  const endpoints = Array.from({ length: services }, (_, index) => ({
    service: `s${index}`,
    endpoints: [{ url: service.url("graphql") }],
  }));

  const first = await timed(() => gateway.configure({ schema: supergraphs[0], endpoints: { services: endpoints } }));
  await pause(restMs);
  await measured.probe.read();
  await using live = new LivePolling(gateway.graphql);
  await pause(restMs);
  const idle = { ...(await measured.probe.read()), live: live.longest() };

  const seen: Round[] = [];
  for (let round = 1; round <= rounds; round++) seen.push(await reload(measured, live, supergraphs, round));
  const gatewayMemory = memoryOf(gateway.running.pid);
  const planners = descendantsOf(gateway.running.pid).map(({ pid }) => memoryOf(pid)?.pss ?? 0);
  return {
    name: "reload-50",
    setting: `${services} services of 20 types, ${kilobytes(supergraphs[0])} kB of supergraph; ${rounds} reloads`,
    figures: [
      ...figures,
      figure("first push to acknowledged", first.ms, { unit: "ms" }),
      figureOf(
        "push to acknowledged",
        seen.map(({ acknowledged }) => acknowledged),
        { unit: "ms" },
      ),
      figureOf(
        "push to visible",
        seen.map(({ visible }) => visible),
        { unit: "ms", aim: { atMost: 300 } },
      ),
      figureOf(
        "event loop, longest gap",
        seen.map(({ gap }) => gap),
        { unit: "ms", aim: { atMost: 50 } },
      ),
      figure("event loop, longest gap without a reload", idle.longestGapMs, { unit: "ms" }),
      figureOf(
        "/livez, longest wait",
        seen.map(({ live }) => live),
        { unit: "ms" },
      ),
      figure("/livez, longest wait without a reload", idle.live, { unit: "ms" }),
      figureOf(
        "first answers of new operations, each",
        seen.flatMap(({ answers }) => answers),
        { unit: "ms" },
      ),
      figure("gateway RSS", (gatewayMemory?.rss ?? 0) / mebibyte, { unit: "MiB" }),
      figure("planner processes PSS", planners.reduce((sum, pss) => sum + pss, 0) / mebibyte, { unit: "MiB" }),
    ],
  };
}

type Supergraph = { readonly supergraphSdl: string };
type Supergraphs = readonly [Supergraph, Supergraph];

async function composition(): Promise<{ readonly supergraphs: Supergraphs; readonly figures: readonly Figure[] }> {
  await using composer = startComposer({ maxMemory: 512 * mebibyte });
  const compose = async (version: string): Promise<Supergraph> => {
    const options = { timeoutMs: 60_000, signal: AbortSignal.timeout(60_000) };
    const attempt = await composer.compose(fleet(services, version), options);
    if (attempt.kind !== "composed") throw new Error(JSON.stringify(attempt).slice(0, 1_000));
    return { supergraphSdl: attempt.supergraph.sdl };
  };
  // Its start is not a part of it.
  await composer.compose(fleet(1, "warm"), { timeoutMs: 60_000, signal: AbortSignal.timeout(60_000) });
  const first = await timed(() => compose("c0"));
  const later: number[] = [];
  for (const version of ["c1", "c2", "c3"]) later.push((await timed(() => compose(version))).ms);
  const child = descendantsOf(process.pid).find(({ command }) => command.includes("composer"));
  return {
    supergraphs: [await compose(versions[0]), await compose(versions[1])],
    figures: [
      figure("composition, first", first.ms, { unit: "ms" }),
      figureOf("composition, later", later, { unit: "ms" }),
      figure("composer process, most RSS", peakOf(child?.pid ?? 0) / mebibyte, { unit: "MiB" }),
    ],
  };
}

type Round = {
  readonly acknowledged: number;
  readonly visible: number;
  readonly gap: number;
  readonly live: number;
  readonly answers: readonly number[];
};

async function reload(
  { gateway, probe }: MeasuredGateway,
  live: LivePolling,
  supergraphs: Supergraphs,
  round: number,
): Promise<Round> {
  const [schema, version] = round % 2 === 0 ? [supergraphs[0], versions[0]] : [supergraphs[1], versions[1]];
  await using client = new Client(gateway.graphql);
  await probe.read();
  live.longest();
  const [acknowledged, visible] = await Promise.all([
    timed(() => gateway.configure({ schema })),
    timed(() => untilVisible(client, version)),
  ]);
  const outcome = acknowledged.value.outcomes["schema"];
  if (outcome !== "applied") throw new Error(`the reload was ${outcome}`);
  const answers: number[] = [];
  for (const query of federatedQueries(services).slice(0, 5)) {
    const { ms, value } = await timed(() => client.ask(query));
    if (!/^\{"data":\{(?!.*"errors")/.test(value.text)) throw new Error(value.text.slice(0, 1_000));
    answers.push(ms);
  }
  await pause(restMs);
  const { longestGapMs } = await probe.read();
  return { acknowledged: acknowledged.ms, visible: visible.ms, gap: longestGapMs, live: live.longest(), answers };
}

async function untilVisible(client: Client, version: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const { text } = await client.ask(`{ ${versionField(version)} }`);
    if (text === `{"data":{"${versionField(version)}":1}}`) return;
    await pause(pollEvery);
  }
  throw new Error(`version ${version} is not to be seen`);
}

/** Asks /livez all the time, on a connection of its own: how long somebody outside waits for the event loop. */
class LivePolling implements AsyncDisposable {
  readonly #client: Client;
  readonly #end = new AbortController();
  readonly #done: Promise<void>;
  #longest = 0;

  constructor(graphql: string) {
    this.#client = new Client(graphql);
    this.#done = this.#poll();
  }

  /** Of the waits since the last call, in ms. */
  longest(): number {
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  async #poll(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const { ms } = await timed(() => this.#client.get("/livez"));
      this.#longest = Math.max(this.#longest, ms);
      await pause(pollEvery);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#done;
    await this.#client[Symbol.asyncDispose]();
  }
}

function kilobytes({ supergraphSdl }: Supergraph): number {
  return Math.round(supergraphSdl.length / 1000);
}
