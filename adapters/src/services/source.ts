import type { ServiceFailureCode } from "@catalyst-node/core/execution";

/** Bounds of one source stream. */
export type SourceLimits = {
  /** Until the service has taken the subscription, in ms. */
  readonly connectMs: number;
  /** A WebSocket is pinged this often, in ms, and has as long to answer. */
  readonly pingMs: number;
  /** Of one event, in bytes of a WebSocket or characters of an event stream. */
  readonly eventBytes: number;
};

export type SourceRequest = {
  /** JSON text: `{"query":...,"variables":...}`. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The gateway's own, for this service. */
  readonly token: string | undefined;
  /** Aborts when nobody wants events any more. */
  readonly signal: AbortSignal;
};

/** How an attempt to subscribe came out: only where nothing was sent may another endpoint be asked. */
export type Opened = "ended" | "notConnected";

/** Undici's own codes say what a broken stream died of. */
export function failureCode(error: unknown): ServiceFailureCode {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return code === "UND_ERR_BODY_TIMEOUT" || code === "UND_ERR_HEADERS_TIMEOUT"
    ? "SERVICE_TIMEOUT"
    : "SERVICE_UNAVAILABLE";
}
