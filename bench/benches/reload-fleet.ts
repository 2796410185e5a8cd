import { setTimeout as pause } from "node:timers/promises";
import { startComposer } from "@catalyst-node/adapters/composer";
import { Running } from "../../tests/support/process.ts";
import { federatedQueries, type Fleet, fleetOf, versionField } from "../fleet.ts";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { Client } from "../measure/client.ts";
import { LivePolling } from "../measure/live-polling.ts";
import { MeasuredGateway } from "../measure/gateway.ts";
import { descendantsOf, memoryOf, peakOf, type ProcessOfTree } from "../measure/memory.ts";
import { plannerAlone } from "../measure/planner-alone.ts";
import { type Probe, probeIn } from "../measure/probe.ts";
import { median, timed } from "../measure/statistics.ts";
import { type Figure, figure, figureOf, type Report } from "../report.ts";

const versions = ["a", "b"] as const;
const mebibyte = 2 ** 20;
/** Between two polls, in ms. */
const pollEvery = 5;
/** How long each round goes on after the new schema is visible: the old one is put away then, a spare planner starts. */
const restMs = 2_000;

/**
 * Reloads of a large graph: how soon they are seen, and how long the gateway answers nobody because of them. The service
 * process has nothing to do meanwhile, so its longest gap is what the machine alone costs.
 */
export async function reloadFleet(rounds: number, fleet: Fleet, workers = 1): Promise<Report> {
  const { supergraphs, figures } = await composition(fleet);
  await using stack = new AsyncDisposableStack();
  const control = probeIn(stack.use(await temporaryFolder()).path);
  const env = { BENCH_FLEET: JSON.stringify({ fleet, versions }), ...control.env };
  const service = stack.use(await Running.file("bench/processes/fleet.ts", [], { env }));
  const measured = stack.use(await MeasuredGateway.start(workers === 1 ? [] : ["--workers", String(workers)]));
  const { gateway } = measured;
  const endpoints = fleetOf(fleet, "").map(({ name }) => ({
    service: name,
    endpoints: [{ url: service.url("graphql") }],
  }));

  const configure = async (request: Parameters<typeof gateway.configure>[0]): Promise<void> => {
    const { outcomes, results } = await gateway.configure(request);
    if (outcomes["schema"] !== "applied")
      throw new Error(`not applied: ${JSON.stringify(results.map(({ problems }) => problems))}`);
  };
  const first = await timed(() => configure({ schema: supergraphs[0], endpoints: { services: endpoints } }));
  await pause(restMs);
  const live = stack.use(new LivePolling(gateway.graphql, workers));
  const below = () => Object.groupBy(descendantsOf(gateway.running.pid), kindOf);
  const rss = () =>
    [gateway.running, ...(below().worker ?? [])].reduce((sum, { pid }) => sum + (memoryOf(pid)?.rss ?? 0), 0) /
    mebibyte;
  const rssAtFirst = rss();
  const seen: Round[] = [];
  const alone: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    seen.push(
      await reload({ measured, configure, control, live, queries: federatedQueries(fleet) }, supergraphs, round),
    );
    alone.push(await plannerAlone(supergraphs[0]));
  }
  const planners = (below().planner ?? []).map(({ pid }) => memoryOf(pid)?.pss ?? 0);
  const of = (key: "acknowledged" | "visible" | "gap" | "controlGap" | "live" | "silence" | "cpu") =>
    seen.map((round) => round[key]);
  return {
    name: `reload-${fleet.services}`,
    setting: `${fleet.services} services of 20 types, ${fleet.entities} of them entities of two services, ${kilobytes(supergraphs[0])} kB of supergraph${workers === 1 ? "" : `, ${workers} workers`}`,
    figures: [
      ...figures,
      figure("first push to acknowledged", first.ms, { unit: "ms" }),
      figureOf("push to acknowledged", of("acknowledged"), { unit: "ms" }),
      figureOf("push to visible", of("visible"), { unit: "ms", aim: { atMost: 300 } }),
      figureOf("planner alone, to read the supergraph", alone, { unit: "ms" }),
      figure("push to visible / planner alone", median(of("visible")) / median(alone), { unit: "" }),
      figureOf("gateway's event loop, longest gap", of("gap"), { unit: "ms", aim: { atMost: 50 } }),
      figureOf("idle process's event loop, longest gap", of("controlGap"), { unit: "ms" }),
      figureOf("/livez, longest wait", of("live"), { unit: "ms" }),
      ...(workers === 1
        ? []
        : [figureOf("/livez, longest time without an answer of any worker", of("silence"), { unit: "ms" })]),
      figureOf(
        "first answers of new operations, each",
        seen.flatMap(({ answers }) => answers),
        { unit: "ms" },
      ),
      figureOf("gateway CPU of a round, polls included", of("cpu"), { unit: "ms" }),
      figure("gateway RSS (with workers) after the first push", rssAtFirst, { unit: "MiB" }),
      figure("gateway RSS (with workers) after all reloads", rss(), { unit: "MiB" }),
      figure("planner processes PSS", planners.reduce((sum, pss) => sum + pss, 0) / mebibyte, { unit: "MiB" }),
    ],
  };
}

type Supergraph = { readonly supergraphSdl: string };
type Supergraphs = readonly [Supergraph, Supergraph];

async function composition(
  fleet: Fleet,
): Promise<{ readonly supergraphs: Supergraphs; readonly figures: readonly Figure[] }> {
  await using composer = startComposer({ maxMemory: 512 * mebibyte });
  const compose = async (version: string): Promise<Supergraph> => {
    const options = { timeoutMs: 60_000, signal: AbortSignal.timeout(60_000) };
    const attempt = await composer.compose(fleetOf(fleet, version), options);
    if (attempt.kind !== "composed") throw new Error(JSON.stringify(attempt).slice(0, 1_000));
    return { supergraphSdl: attempt.supergraph.sdl };
  };
  // Its start is not a part of it.
  await composer.compose(fleetOf({ ...fleet, services: 2 }, "warm"), {
    timeoutMs: 60_000,
    signal: AbortSignal.timeout(60_000),
  });
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
  readonly controlGap: number;
  readonly live: number;
  readonly silence: number;
  readonly cpu: number;
  readonly answers: readonly number[];
};

type Setup = {
  readonly measured: MeasuredGateway;
  readonly configure: (request: { readonly schema: Supergraph }) => Promise<void>;
  readonly control: Probe;
  readonly live: LivePolling;
  readonly queries: readonly string[];
};

async function reload(
  { measured: { gateway, probe }, configure, control, live, queries }: Setup,
  supergraphs: Supergraphs,
  round: number,
): Promise<Round> {
  const [schema, version] = round % 2 === 0 ? [supergraphs[0], versions[0]] : [supergraphs[1], versions[1]];
  await using client = new Client(gateway.graphql);
  const before = await probe.read();
  await control.read();
  live.longest();
  live.silence();
  const [acknowledged, visible] = await Promise.all([
    timed(() => configure({ schema })),
    timed(() => untilVisible(client, version)),
  ]);
  const answers: number[] = [];
  for (const query of queries.slice(0, 5)) {
    const { ms, value } = await timed(() => client.ask(query));
    if (!value.text.startsWith(`{"data":{"q`) || value.text.includes(`"errors"`))
      throw new Error(value.text.slice(0, 1_000));
    answers.push(ms);
  }
  await pause(restMs);
  const after = await probe.read();
  return {
    acknowledged: acknowledged.ms,
    visible: visible.ms,
    gap: after.longestGapMs,
    controlGap: (await control.read()).longestGapMs,
    live: live.longest(),
    silence: live.silence(),
    cpu: after.cpuMs - before.cpuMs,
    answers,
  };
}

async function untilVisible(client: Client, version: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  let last = "";
  while (performance.now() < deadline) {
    const { text } = await client.ask(`{ ${versionField(version)} }`);
    if (text === `{"data":{"${versionField(version)}":1}}`) return;
    last = text;
    await pause(pollEvery);
  }
  throw new Error(`version ${version} is not to be seen: ${last.slice(0, 500)}`);
}

function kindOf({ command }: ProcessOfTree): "worker" | "planner" {
  return command.includes("workers/worker.js") ? "worker" : "planner";
}

function kilobytes({ supergraphSdl }: Supergraph): number {
  return Math.round(supergraphSdl.length / 1000);
}
