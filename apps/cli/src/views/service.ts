import { orchestratorV1 } from "@catalyst-node/adapters/rpc";
import { enumWord } from "../enum-word.ts";
import { type Column, renderFields } from "../table.ts";
import { formatAge, isoTime, secondsSince } from "../times.ts";
import { type ProblemItem, firstReason, problemItem, problemLine } from "./problem.ts";
import { paintState } from "./state.ts";

/** A service as `-o json` shows it. */
export type ServiceItem = {
  readonly key: string;
  readonly name: string;
  readonly url: string;
  readonly export: boolean;
  readonly state: string;
  readonly problems: readonly ProblemItem[];
  readonly schemaSource: string;
  readonly sdlSha256: string;
  readonly sdlBytes: number;
  readonly fetchedAt: string;
  readonly secondsSinceFetched: number | null;
  readonly attemptedAt: string;
  readonly failures: number;
};

export function serviceItem(service: orchestratorV1.Service, now: Date): ServiceItem {
  return {
    key: service.key,
    name: service.name,
    url: service.url,
    export: service.export,
    state: enumWord(orchestratorV1.Service_StateSchema, service.state),
    problems: service.problems.map(problemItem),
    schemaSource: enumWord(orchestratorV1.Service_SchemaSourceSchema, service.schemaSource),
    sdlSha256: service.sdlSha256,
    sdlBytes: Number(service.sdlBytes),
    fetchedAt: isoTime(service.fetchedAt),
    secondsSinceFetched: secondsSince(service.fetchedAt, now) ?? null,
    attemptedAt: isoTime(service.attemptedAt),
    failures: service.failures,
  };
}

export const serviceColumns: readonly Column<ServiceItem>[] = [
  { title: "NAME", text: ({ name }) => name },
  { title: "STATE", text: ({ state }) => state, paint: (cell, { state }) => paintState(cell, state) },
  { title: "SCHEMA", text: ({ schemaSource }) => schemaSource },
  { title: "FETCHED", text: ({ secondsSinceFetched }) => formatAge(secondsSinceFetched ?? undefined) },
  { title: "EXPORT", text: ({ export: exported }) => yesNo(exported), wide: true },
  { title: "SHA256", text: ({ sdlSha256 }) => sdlSha256.slice(0, 12) || "-", wide: true },
  { title: "BYTES", text: ({ sdlBytes }) => String(sdlBytes), wide: true, number: true },
  { title: "FAILURES", text: ({ failures }) => String(failures), wide: true, number: true },
  { title: "KEY", text: ({ key }) => key, wide: true },
  { title: "URL", text: ({ url }) => url },
  { title: "REASON", text: ({ problems }) => firstReason(problems) },
];

/** One service in detail, every problem on its own line. */
export function serviceDetail(item: ServiceItem): string {
  return renderFields([
    ["Name", item.name],
    ["Key", item.key],
    ["URL", item.url],
    ["Export", yesNo(item.export)],
    ["State", item.state],
    ["Schema", item.sdlBytes > 0 ? `${item.schemaSource}, ${item.sdlBytes} bytes, sha256 ${item.sdlSha256}` : "none"],
    ["Fetched", ago(item.fetchedAt, item.secondsSinceFetched)],
    ["Attempted", item.attemptedAt],
    ["Failures", `${item.failures} in a row`],
    ...item.problems.map((problem) => ["Problem", problemLine(problem)] as const),
  ]);
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

function ago(time: string, seconds: number | null): string {
  return seconds === null ? time : `${time} (${formatAge(seconds)} ago)`;
}
