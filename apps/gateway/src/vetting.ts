import type { Asker, Vetting } from "@catalyst-node/adapters/http";
import { createTokenVerifier, isRefused, type RefusedToken, type Verdict } from "@catalyst-node/adapters/tokens";
import type { Logger } from "@catalyst-node/adapters/log";
import { type Identity, nodeId } from "@catalyst-node/core/model";
import { type Claims, type Expected, indexTrust, noTrust, recheck, type TokenRefusal } from "@catalyst-node/core/trust";
import { LinePace } from "./line-pace.ts";
import type { TrustTold } from "./read-trust.ts";
import type { Refusals } from "./refusals.ts";

/** Clients show service tokens; what nodes say to each other is no client's. */
const classes = ["service"] as const;

type Ports = {
  readonly identity: () => Identity | undefined;
  /** Hears of each request that is turned away for its token, or for want of one; what it is told proves nothing. */
  readonly onRefused: (refused: RefusedRequest, requestId: string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

type RefusedRequest = { readonly reason: TokenRefusal } & Partial<RefusedToken>;

/** Whom this process answers, by what it was told last. Until it is told anything, everybody. */
export class GatewayVetting implements Vetting {
  readonly #ports: Ports;
  readonly #verifier = createTokenVerifier();
  #mode: TrustTold["mode"] = "off";
  #audience = "";
  #index = indexTrust(noTrust);

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get isOff(): boolean {
    return this.#mode === "off";
  }

  /** For whoever asks from now on; and for who is answered already, as soon as it is looked at. */
  setTrust({ mode, audience, trust }: TrustTold): void {
    this.#mode = mode;
    this.#audience = audience;
    this.#index = indexTrust(trust);
  }

  vet(token: string | undefined, requestId: string): ReturnType<Vetting["vet"]> {
    if (token === undefined)
      return this.#mode === "required" ? this.#refuse({ reason: "missing" }, requestId) : undefined;
    const verdict = this.#verifier.verify(token, this.#index, this.#expected());
    return verdict instanceof Promise
      ? verdict.then((late) => this.#judge(late, requestId))
      : this.#judge(verdict, requestId);
  }

  isStanding(who: Asker): boolean {
    // Clocks may differ when a token is shown; who is answered for longer is so until then and no longer.
    const isOver = !this.isOff && who !== undefined && this.#ports.now() >= who.expiresAt * 1_000;
    return !isOver && this.mayAsk(who);
  }

  /** As `isStanding`, for an operation: it is late by no more than its request was on its way. */
  mayAsk(who: Asker): boolean {
    if (this.isOff) return true;
    if (who === undefined) return this.#mode === "optional";
    return recheck(who, this.#index, this.#ports.now()) === undefined;
  }

  #expected(): Expected {
    const identity = this.#audience === "" ? this.#ports.identity() : undefined;
    return { audience: identity === undefined ? this.#audience : nodeId(identity), classes };
  }

  #judge(verdict: Verdict, requestId: string): Claims | "UNAUTHENTICATED" | "OVERLOADED" {
    return isRefused(verdict) ? this.#refuse(verdict, requestId) : verdict;
  }

  #refuse(refused: RefusedRequest, requestId: string): "UNAUTHENTICATED" | "OVERLOADED" {
    this.#ports.onRefused(refused, requestId);
    return refused.reason === "busy" ? "OVERLOADED" : "UNAUTHENTICATED";
  }
}

/** Counts each, and tells the log of those that show a token: by what proves nothing, and never by the token itself. */
export function tellRefused(log: Pick<Logger, "info">, counts: Pick<Refusals, "count">): Ports["onRefused"] {
  const pace = new LinePace(() => performance.now());
  return ({ reason, issuer, kid, jti, fingerprint }, requestId) => {
    counts.count(reason);
    if (reason === "missing") return;
    pace.write((untold) =>
      log.info("a token was not taken", { reason, issuer, kid, jti, fingerprint, requestId, untold }),
    );
  };
}
