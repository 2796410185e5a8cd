import type { Problem } from "../model/index.ts";
import type { Revocation, TrustedIssuer } from "../trust/index.ts";
import type { Listener } from "./gateway-status.ts";

/** What an auth sidecar tells of itself, as the model has it; the wire form is the contract's (proto/catalyst/auth/v1). */
export type AuthStatus = {
  /** New for each start of the process. */
  readonly instanceId: string;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number | undefined;
  readonly organization: string;
  readonly node: string;
  readonly issuer: string;
  /** It has an active key and can write. */
  readonly ready: boolean;
  readonly problems: readonly Problem[];
  readonly listeners: readonly Listener[];
  readonly keys: readonly AuthKey[];
  /** Of what it was started with; empty where it does not tell. */
  readonly settingsDigest: string;
  readonly counters: AuthCounters | undefined;
};

/** The life of a key; times in ms of the epoch, undefined where that has not happened or does not. */
export type AuthKey = {
  readonly kid: string;
  readonly state: "prepared" | "active" | "retiring";
  readonly createdAt: number | undefined;
  readonly activatedAt: number | undefined;
  readonly retiredAt: number | undefined;
  readonly nextAt: number | undefined;
};

type AuthCounters = {
  readonly signed: number;
  readonly verified: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly denied: number;
};

/** What auth tells verifiers: the node's own issuer with its keys, and what is taken back. */
export type OwnTrust = {
  readonly issuer: TrustedIssuer;
  readonly revocations: readonly Revocation[];
  /** Greater with each change, over restarts too. */
  readonly version: number;
};
