import { join } from "node:path";
import type { LoadedConfig, NodeConfig } from "@catalyst-node/core/config";
import { formatProblem, nodeId, ok, type Result } from "@catalyst-node/core/model";
import type { Command } from "commander";
import { resolveConfig } from "../config-options.ts";
import { exitCode } from "../exit-code.ts";
import { printProblems } from "../print-problems.ts";
import { cliProblem } from "../problems.ts";
import { stopAsked } from "../stop-signal.ts";
import type { Terminal } from "../terminal.ts";
import { devToken } from "./dev-token.ts";
import { type ExampleSet, startExamples } from "./example-set.ts";
import { type ExampleName, exampleNames } from "./examples.ts";
import { startNode } from "./node.ts";
import { curlLine, exampleQuery, firstAnswer } from "./query.ts";
import { type DevReady, type ReadyProcess, listenerUrl, readyDocument, readyText } from "./ready.ts";
import { examplesOf, suppliedConfig, wantsCertificate, withBoundUrls, withCertificate } from "./supplied.ts";

/** How long the node may take to be ready, in ms; its gateway, once it answers, has a deadline of its own. */
const readyMs = 120_000;
/** How long the whole node may take to answer its first query, in ms; on a slow machine, cold. */
const answerMs = 60_000;

export type DevOptions = Readonly<Record<`${ExampleName}Listen`, string>> & { readonly output: "text" | "json" };

/**
 * Starts the examples, then the node, asks it the first query, and tells all of it. Runs until it is stopped: the
 * node first, its services after it. Whatever cannot start ends everything else, with exit 1.
 */
export async function runDev(command: Command, terminal: Terminal, options: DevOptions): Promise<number> {
  const listen = {
    products: options.productsListen,
    reviews: options.reviewsListen,
    inventory: options.inventoryListen,
  };
  const loaded = await resolveConfig(command, terminal, suppliedConfig(listen));
  if (!loaded.ok) {
    printProblems(terminal, loaded.problems);
    return exitCode.configuration;
  }
  using stop = stopAsked();
  const certified = await certify(loaded.value);
  if (!certified.ok) {
    printProblems(terminal, certified.problems);
    return exitCode.failed;
  }
  const { config, caFile } = certified.value;
  const starting = startExamples(examplesOf(loaded.value, listen), terminal.stderr);
  // The node starts beside its services; it asks them when they are there.
  const settled = starting.then((examples) =>
    examples.ok && !stop.signal.aborted ? withBoundUrls(config, boundUrls(examples.value)) : undefined,
  );
  const node = startNode(config, settled, terminal);
  const started = await starting;
  if (!started.ok) {
    printProblems(terminal, started.problems);
    await node.ended;
    return exitCode.failed;
  }
  await using examples = started.value;
  if ((await settled) === undefined) {
    await node.ended;
    return exitCode.ok;
  }
  const processes = await Promise.race([node.ready, late(readyMs)]);
  if (processes === "late") return await giveUp(`The node was not ready in ${readyMs / 1_000} s.`);
  if (!processes) return await node.ended;
  const ready = await introduce([...processes, ...examples.ready], config, caFile, stop.signal);
  if (ready) {
    terminal.stdout(options.output === "json" ? readyDocument(ready) : readyText(ready));
    return await node.ended;
  }
  if (!stop.signal.aborted) return await giveUp(`No answer in ${answerMs / 1_000} s.`);
  return await node.ended;

  async function giveUp(what: string): Promise<number> {
    terminal.stderr(`${formatProblem(cliProblem("CAT-CLI-005", "", what))}\n`);
    node.stop();
    await node.ended;
    return exitCode.failed;
  }
}

/** Keeps no process alive. */
function late(ms: number): Promise<"late"> {
  return new Promise((settle) => setTimeout(settle, ms, "late").unref());
}

/** The configuration with a certificate of our own, unless one was named or HTTPS is not wanted. */
async function certify(
  loaded: LoadedConfig,
): Promise<Result<{ readonly config: NodeConfig; readonly caFile: string | undefined }>> {
  const { config } = loaded;
  if (!wantsCertificate(loaded)) return ok({ config, caFile: undefined });
  const { keepLocalCertificate } = await import("@catalyst-node/adapters/certificates");
  const kept = await keepLocalCertificate(join(config.stateDir, "tls"), Date.now());
  return kept.ok ? ok({ config: withCertificate(config, kept.value), caFile: kept.value.caFile }) : kept;
}

function introduceHttps(gateway: string, query: string, caFile: string): NonNullable<DevReady["https"]> {
  const url = new URL("/graphql", gateway).href;
  return { url, caFile, curl: curlLine(url, query, { caFile }) };
}

function boundUrls({ ready }: ExampleSet): ReadonlyMap<string, string | undefined> {
  return new Map(ready.map(({ process, listeners: [graphql] }) => [process, graphql?.url]));
}

/** Asks the first query and puts together what is to be told; undefined when there was no answer. */
async function introduce(
  processes: readonly ReadyProcess[],
  config: NodeConfig,
  caFile: string | undefined,
  stop: AbortSignal,
): Promise<DevReady | undefined> {
  const gateway = listenerUrl(processes, "gateway", "graphql");
  if (gateway === undefined) return undefined;
  const url = new URL("/graphql", gateway).href;
  const query = exampleQuery(new Set(exampleNames.filter((name) => processes.some(({ process }) => process === name))));
  const signal = AbortSignal.any([stop, AbortSignal.timeout(answerMs)]);
  const token = config.auth.mode === "off" ? undefined : await devToken(config, signal);
  const answer = await firstAnswer(url, query, token, signal);
  if (answer === undefined) return undefined;
  const graphiql = config.gateway.mode === "dev" ? url : undefined;
  const secure = listenerUrl(processes, "gateway", "graphql-tls") ?? (url.startsWith("https:") ? url : undefined);
  const https = caFile !== undefined && secure !== undefined ? introduceHttps(secure, query, caFile) : undefined;
  const curl = curlLine(url, query, { caFile: secure === url ? caFile : undefined, token });
  return { identity: nodeId(config), graphiql, processes, curl, https, query, answer };
}
