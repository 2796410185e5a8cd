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
  /** The same by HTTPS, where that has an address of its own and a certificate that we have made. */
  readonly https: { readonly url: string; readonly caFile: string; readonly curl: string } | undefined;
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
export function readyText({ identity, graphiql, processes, curl, https, answer }: DevReady): string {
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
    ...(https === undefined ? [] : httpsText(https)),
    "It answered:",
    "",
    JSON.stringify(answer, undefined, 2),
    "",
    "Ctrl-C stops everything.",
    "",
  ].join("\n");
}

function httpsText({ caFile, curl }: NonNullable<DevReady["https"]>): readonly string[] {
  return [
    "By HTTPS (HTTP/2 and HTTP/1.1), trusting the authority that was made for this machine:",
    "",
    `  ${curl}`,
    "",
    `For browsers and the whole system import ${caFile} once; it can speak for localhost alone (docs/tls.md).`,
    "",
  ];
}

/** The same as one JSON document. */
export function readyDocument({ processes, curl, https, query, answer }: DevReady): string {
  const told = { items: processes, curl, ...(https && { https }), query, answer };
  return `${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", ...told })}\n`;
}
