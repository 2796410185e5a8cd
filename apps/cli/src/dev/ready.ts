import { renderFields } from "../table.ts";

/** One process that is ready, as its own ready line tells. */
export type ReadyProcess = {
  readonly process: string;
  readonly pid: number;
  readonly listeners: readonly { readonly name: string; readonly url: string }[];
};

/** All that `catalyst dev` has to say. */
export type DevReady = {
  readonly identity: string;
  /** Where a browser finds GraphiQL; undefined when the gateway was configured without. */
  readonly graphiql: string | undefined;
  readonly processes: readonly ReadyProcess[];
  readonly curl: string;
  readonly query: string;
  readonly answer: unknown;
};

/** Reads a process's ready line; undefined when the line is something else. */
export function readReady(line: string): readonly ReadyProcess[] | undefined {
  if (!line.startsWith("{")) return undefined;
  const { kind, items }: { readonly kind?: unknown; readonly items?: readonly ReadyProcess[] } = JSON.parse(line);
  return kind === "Ready" ? items : undefined;
}

/** The URL of a process's listener. */
export function listenerUrl(processes: readonly ReadyProcess[], process: string, name: string): string | undefined {
  return processes.find((one) => one.process === process)?.listeners.find((one) => one.name === name)?.url;
}

/** The words for a person: what listens where, how to ask, and what was answered. */
export function readyText({ identity, graphiql, processes, curl, answer }: DevReady): string {
  const listeners = processes.flatMap(({ process, listeners }) =>
    listeners.map(({ name, url }) => [`${process} ${name}`, url] as const),
  );
  return [
    `${identity} is ready.`,
    "",
    renderFields(listeners),
    graphiql === undefined ? "Ask it:" : `Ask it, or open ${graphiql} in a browser:`,
    "",
    `  ${curl}`,
    "",
    "It answered:",
    "",
    JSON.stringify(answer, undefined, 2),
    "",
    "Ctrl-C stops everything.",
    "",
  ].join("\n");
}

/** The same as one JSON document. */
export function readyDocument({ processes, curl, query, answer }: DevReady): string {
  return `${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", items: processes, curl, query, answer })}\n`;
}
