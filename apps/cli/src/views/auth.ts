import type { orchestratorV1 } from "@catalyst-node/adapters/rpc";
import { type KeyItem, keyItem } from "./key.ts";
import { type ProblemItem, problemItem, problemLine } from "./problem.ts";

/** The process that holds the node's keys, as `-o json` shows it. */
export type AuthItem = {
  readonly address: string;
  readonly embedded: boolean;
  readonly connected: boolean;
  readonly issuer: string;
  /** Published keys that are known, also from before it stopped answering. */
  readonly kids: readonly string[];
  readonly revocations: number;
  readonly problems: readonly ProblemItem[];
  /** As it last told; null when it never did. */
  readonly status: AuthStatusItem | null;
};

type AuthStatusItem = {
  readonly pid: number;
  readonly version: string;
  readonly ready: boolean;
  readonly problems: readonly ProblemItem[];
  readonly keys: readonly KeyItem[];
  readonly listeners: readonly { readonly name: string; readonly url: string }[];
  readonly signed: number;
  readonly denied: number;
};

export function authItem(auth: orchestratorV1.AuthView, now: Date): AuthItem {
  const { address, embedded, connected, issuer, kids, revocations, problems, status } = auth;
  const told = { address, embedded, connected, issuer, kids, revocations, problems: problems.map(problemItem) };
  return { ...told, status: status ? statusItem(status, now) : null };
}

function statusItem(status: NonNullable<orchestratorV1.AuthView["status"]>, now: Date): AuthStatusItem {
  const { pid, version, ready, problems, keys, listeners, counters } = status;
  return {
    pid,
    version,
    ready,
    problems: problems.map(problemItem),
    keys: keys.map((key) => keyItem(key, now)),
    listeners: listeners.map(({ name, url }) => ({ name, url })),
    signed: Number(counters?.signed ?? 0n),
    denied: Number(counters?.denied ?? 0n),
  };
}

/** For the node's status: one line for auth, one for each key, one for each problem. */
export function authFields(auth: AuthItem | null): readonly (readonly [name: string, text: string])[] {
  if (auth === null) return [["Auth", "none: the node signs nothing"]];
  const { connected, issuer, kids, revocations, status, problems } = auth;
  const state = !connected ? "not connected" : status?.ready ? "connected" : "connected, not ready";
  const states = new Map(status?.keys.map((key) => [key.kid, key.state]));
  return [
    ["Auth", `${state}, issuer ${issuer}, ${revocations} revocations`],
    ...kids.map((kid) => ["Key", [kid, states.get(kid)].filter(Boolean).join(" ")] as const),
    ...[...problems, ...(status?.problems ?? [])].map((problem) => ["Auth problem", problemLine(problem)] as const),
  ];
}
