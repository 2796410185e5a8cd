import { orchestratorV1 } from "@catalyst-node/adapters/rpc";
import { enumWord } from "../enum-word.ts";
import { renderFields } from "../table.ts";
import { formatAge, isoTime, secondsSince } from "../times.ts";
import {
  type GatewayStatusItem,
  type RevisionItem,
  gatewayStatusFields,
  gatewayStatusItem,
  revisionItem,
  revisionText,
} from "./gateway-status.ts";
import { type ProblemItem, problemItem, problemLine } from "./problem.ts";

/** The gateway as the orchestrator sees it, as `-o json` shows it. */
export type GatewayItem = {
  readonly address: string;
  readonly embedded: boolean;
  readonly connection: string;
  readonly problems: readonly ProblemItem[];
  readonly acknowledgedAt: string;
  readonly secondsSinceAcknowledged: number | null;
  readonly desiredRevision: RevisionItem | null;
  readonly inSync: boolean;
  readonly status: GatewayStatusItem | null;
};

export function gatewayItem(gateway: orchestratorV1.GatewayView, now: Date): GatewayItem {
  return {
    address: gateway.address,
    embedded: gateway.embedded,
    connection: enumWord(orchestratorV1.GatewayView_ConnectionSchema, gateway.connection),
    problems: gateway.problems.map(problemItem),
    acknowledgedAt: isoTime(gateway.acknowledgedAt),
    secondsSinceAcknowledged: secondsSince(gateway.acknowledgedAt, now) ?? null,
    desiredRevision: revisionItem(gateway.desiredRevision),
    inSync: gateway.inSync,
    status: gateway.status ? gatewayStatusItem(gateway.status) : null,
  };
}

/** The gateway in detail. The time since its last acknowledgement always stands there: it is what tells health. */
export function gatewayDetail(item: GatewayItem): string {
  const { status } = item;
  return renderFields([
    ["Address", `${item.address} (${item.embedded ? "embedded" : "remote"})`],
    ["Connection", item.connection],
    ...item.problems.map((problem) => ["Problem", problemLine(problem)] as const),
    [
      "Acknowledged",
      item.secondsSinceAcknowledged === null ? "never" : `${formatAge(item.secondsSinceAcknowledged)} ago`,
    ],
    ["In sync", item.inSync ? "yes" : "no"],
    ["Desired", revisionText(item.desiredRevision)],
    ...(status ? gatewayStatusFields(status) : []),
  ]);
}
