import { hash } from "node:crypto";
import {
  type Claims,
  type Expected,
  findKey,
  inspectToken,
  maxTokenLength,
  recheck,
  type Refused,
  type TokenRefusal,
  type TrustIndex,
  type Unproven,
  type VerificationKey,
} from "@catalyst-node/core/trust";
import { RecentMap } from "./recent-map.ts";
import { VerificationQueue } from "./verification-queue.ts";
import { verifyEs384 } from "./verify-es384.ts";

/** Claims of a token that is good now, or why it is not. */
export type Verdict = Claims | RefusedToken;

/** With the first 8 hex digits of the SHA-256 of its text, by which a log can speak of it. */
export type RefusedToken = Refused & { readonly fingerprint: string };

/** Since the verifier was made. */
export type TokenCounters = {
  readonly accepted: number;
  /** Of those accepted, the ones whose signature was remembered. */
  readonly cached: number;
  /** Signatures that were verified. */
  readonly verified: number;
  readonly refused: Readonly<Partial<Record<TokenRefusal, number>>>;
};

/** Tells whose token it is. One for each process: what it remembers and how much it works at once is bounded. */
export type TokenVerifier = {
  /** At once where the signature is remembered or is not what is wrong; else when it has been verified. Never throws or rejects. */
  verify(text: string, index: TrustIndex, expected: Expected): Verdict | Promise<Verdict>;
  readonly counters: TokenCounters;
  /** Signatures that wait to be verified. */
  readonly waiting: number;
};

type Settings = {
  /** How many tokens are remembered, and how many characters they may have together: their claims are kept. */
  readonly tokens: number;
  readonly characters: number;
  /** How many tokens are remembered whose signature does not hold. */
  readonly failed: number;
  /** How long a signature is remembered, in ms. */
  readonly freshFor: number;
  /** Ms of the epoch. */
  readonly now: () => number;
};

const defaults: Settings = {
  tokens: 10_000,
  characters: 2 ** 24,
  failed: 4_096,
  freshFor: 60_000,
  now: () => Date.now(),
};

/** What was verified with which key. */
type Proven = { readonly claims: Claims; readonly key: VerificationKey; readonly freshUntil: number };

export function createTokenVerifier(settings: Partial<Settings> = {}): TokenVerifier {
  return new CachingVerifier({ ...defaults, ...settings });
}

export function isRefused(verdict: Verdict): verdict is RefusedToken {
  return "kind" in verdict;
}

class CachingVerifier implements TokenVerifier {
  readonly #settings: Settings;
  readonly #proven: RecentMap<Proven>;
  readonly #failed: RecentMap<VerificationKey>;
  readonly #flights = new Map<string, { readonly key: VerificationKey; readonly holds: Promise<boolean> }>();
  readonly #queue = new VerificationQueue();
  readonly #refused: Partial<Record<TokenRefusal, number>> = {};
  #accepted = 0;
  #cached = 0;
  #verified = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#proven = new RecentMap({ entries: settings.tokens, weight: settings.characters });
    this.#failed = new RecentMap({ entries: settings.failed, weight: settings.failed });
  }

  get counters(): TokenCounters {
    const refused = { ...this.#refused };
    return { accepted: this.#accepted, cached: this.#cached, verified: this.#verified, refused };
  }

  get waiting(): number {
    return this.#queue.waiting;
  }

  verify(text: string, index: TrustIndex, expected: Expected): Verdict | Promise<Verdict> {
    // Nothing so long is even hashed.
    if (text.length > maxTokenLength) return this.#refuse({ kind: "refused", reason: "too-long" }, "");
    const id = hash("sha256", text);
    const now = this.#settings.now();
    const proven = this.#proven.get(id);
    const isKnown =
      proven !== undefined && isSameKey(proven.key, findKey(index, proven.claims.issuer, proven.claims.kid));
    if (isKnown && now < proven.freshUntil) return this.#judge(proven.claims, id, index, expected, now);

    const seen = inspectToken(text, index, { ...expected, now });
    if (seen.kind === "refused") return this.#refuse(seen, id);
    return this.#prove(seen, id, isKnown, text.length);
  }

  /** Of a remembered token, what can differ from one time to the next and from one place to another. */
  #judge(claims: Claims, id: string, index: TrustIndex, { audience, classes }: Expected, now: number): Verdict {
    const reason = !classes.includes(claims.class)
      ? "class"
      : audience !== undefined && audience !== claims.audience
        ? "audience"
        : recheck(claims, index, now);
    if (reason !== undefined) return this.#refuse(refusedAs(reason, claims), id);
    this.#cached += 1;
    this.#accepted += 1;
    return claims;
  }

  #prove(seen: Unproven, id: string, isRenewal: boolean, weight: number): Verdict | Promise<Verdict> {
    const { claims, key } = seen;
    if (isSameKey(key, this.#failed.get(id))) return this.#refuse(refusedAs("signature", claims), id);
    const holds = this.#flightOf(seen, id, isRenewal, weight);
    if (holds === undefined) return this.#refuse(refusedAs("busy", claims), id);
    return holds.then((held) => {
      if (!held) return this.#refuse(refusedAs("signature", claims), id);
      this.#accepted += 1;
      return claims;
    });
  }

  /** Whether the signature holds: whoever shows the same token meanwhile waits for the same answer. */
  #flightOf(seen: Unproven, id: string, isRenewal: boolean, weight: number): Promise<boolean> | undefined {
    const { claims, key, signingInput, signature } = seen;
    const flight = this.#flights.get(id);
    if (flight !== undefined && isSameKey(flight.key, key)) return flight.holds;
    const found = this.#queue.run(key.x, isRenewal, () => verifyEs384(key, signingInput, signature));
    if (found === undefined) return undefined;
    const holds = found.then((held) => {
      this.#verified += 1;
      if (this.#flights.get(id)?.holds === holds) this.#flights.delete(id);
      if (held)
        this.#proven.set(id, { claims, key, freshUntil: this.#settings.now() + this.#settings.freshFor }, weight);
      else this.#failed.set(id, key, 1);
      return held;
    });
    this.#flights.set(id, { key, holds });
    return holds;
  }

  #refuse(refused: Refused, id: string): RefusedToken {
    this.#refused[refused.reason] = (this.#refused[refused.reason] ?? 0) + 1;
    return { ...refused, fingerprint: id.slice(0, 8) };
  }
}

/** An issuer may give a kid to another key: what the old one signed is then to be verified again. */
function isSameKey(one: VerificationKey, other: VerificationKey | undefined): boolean {
  return one === other || (one.x === other?.x && one.y === other.y);
}

function refusedAs(reason: TokenRefusal, { issuer, kid, jti }: Claims): Refused {
  return { kind: "refused", reason, issuer, kid, jti };
}
