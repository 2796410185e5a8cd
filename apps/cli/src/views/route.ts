import { orchestratorV1 } from "@catalyst-node/adapters/rpc";
import { enumWord } from "../enum-word.ts";
import { type Column, renderFields } from "../table.ts";
import { type ProblemItem, firstReason, problemItem, problemLine } from "./problem.ts";
import { paintState } from "./state.ts";

/** A route as `-o json` shows it. */
export type RouteItem = {
  readonly key: string;
  readonly protocol: string;
  readonly origin: string;
  readonly export: boolean;
  readonly stale: boolean;
  readonly url: string;
  readonly used: boolean;
  readonly reasons: readonly ProblemItem[];
};

export function routeItem(route: orchestratorV1.Route): RouteItem {
  return {
    key: route.key,
    protocol: route.protocol,
    origin: enumWord(orchestratorV1.Route_OriginSchema, route.origin),
    export: route.export,
    stale: route.stale,
    url: route.url,
    used: route.used,
    reasons: route.reasons.map(problemItem),
  };
}

export const routeColumns: readonly Column<RouteItem>[] = [
  { title: "KEY", text: ({ key }) => key },
  { title: "ORIGIN", text: ({ origin }) => origin },
  { title: "USED", text: usedWord, paint: (cell, item) => paintState(cell, item.used ? "ok" : "error") },
  { title: "PROTOCOL", text: ({ protocol }) => protocol, wide: true },
  { title: "EXPORT", text: (item) => (item.export ? "yes" : "no"), wide: true },
  { title: "STALE", text: ({ stale }) => (stale ? "yes" : "no") },
  { title: "URL", text: ({ url }) => url },
  { title: "REASON", text: ({ reasons }) => firstReason(reasons) },
];

/** One route in detail, every reason on its own line. */
export function routeDetail(item: RouteItem): string {
  return renderFields([
    ["Key", item.key],
    ["Protocol", item.protocol],
    ["Origin", item.origin],
    ["Export", item.export ? "yes" : "no"],
    ["Stale", item.stale ? "yes" : "no"],
    ["URL", item.url],
    ["Used", usedWord(item)],
    ...item.reasons.map((reason) => ["Reason", problemLine(reason)] as const),
  ]);
}

function usedWord({ used }: RouteItem): string {
  return used ? "yes" : "no";
}
