import { parseArgs } from "node:util";
import type { GraphQLSchema } from "graphql";
import { type Subgraph, serveSubgraph } from "./serve.ts";

/** One example service as a process. */
export type SubgraphOptions = {
  readonly name: string;
  /** `host:port`, used without `--listen`. */
  readonly listen: string;
  readonly schema: () => GraphQLSchema;
};

const usage = `[--listen HOST:PORT] [-o text|json] [--end-with-stdin]`;
const usageExit = 2;

/**
 * Runs until SIGINT or SIGTERM. Prints one line to stdout when it is ready. With `--end-with-stdin` it also ends
 * when its stdin does, so that it never outlives a parent that was killed.
 */
export async function runSubgraph(options: SubgraphOptions, args = process.argv.slice(2)): Promise<void> {
  const flags = readFlags(args, options.listen);
  if (!flags) {
    process.stderr.write(`usage: ${options.name} ${usage}\n`);
    process.exitCode = usageExit;
    return;
  }
  const service = await serve(options, flags.listen);
  if (!service) return;
  process.stdout.write(readyLine(options.name, service.url, flags.json));
  await stopAsked(flags.endWithStdin);
  await service.drain();
}

type Listen = { readonly host: string; readonly port: number };
type Flags = { readonly listen: Listen; readonly json: boolean; readonly endWithStdin: boolean };

function readFlags(args: readonly string[], fallback: string): Flags | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        listen: { type: "string", default: fallback },
        output: { type: "string", short: "o", default: "text" },
        "end-with-stdin": { type: "boolean", default: false },
      },
    });
    const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(values.listen) ?? [];
    const host = bracketed ?? plain;
    if (!host || Number(port) > 65_535 || !["text", "json"].includes(values.output)) return undefined;
    return {
      listen: { host, port: Number(port) },
      json: values.output === "json",
      endWithStdin: values["end-with-stdin"],
    };
  } catch {
    return undefined;
  }
}

async function serve({ name, schema }: SubgraphOptions, listen: Listen): Promise<Subgraph | undefined> {
  try {
    return await serveSubgraph(schema(), listen);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${name}: cannot listen on ${listen.host}:${listen.port}: ${reason}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

function readyLine(name: string, url: string, json: boolean): string {
  if (!json) return `${name} is ready at ${url}\n`;
  const items = [{ process: name, pid: process.pid, listeners: [{ name: "graphql", url }] }];
  return `${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", items })}\n`;
}

async function stopAsked(endWithStdin: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once("SIGINT", () => resolve()).once("SIGTERM", () => resolve());
  // A parent that closes its end of stdout is not a reason to die.
  process.stdout.on("error", () => {});
  if (endWithStdin)
    process.stdin
      .once("end", resolve)
      .once("error", () => resolve())
      .resume();
  await promise;
  // An open stdin would keep the process alive.
  process.stdin.destroy();
}
