import type { Claims } from "@catalyst-node/core/trust";
import type { SubjectAudience } from "./read-trust.ts";
import type { Signed, Signer } from "./signer.ts";

/** Of subjects, by service and scope: clients choose how many there are. */
const maxKept = 10_000;
/** How many may be waited for at once. */
const maxFlights = 256;
/** From this part of its life on a token is replaced; until then, and while that fails, it serves. */
const freshPart = 0.8;
/** Between two attempts to replace the same one, in milliseconds. */
const pauseMs = 1_000;

type Kept = Signed & {
  /** In ms of the epoch; the next attempt to replace it. */
  renewAt: number;
};

/** Tokens that tell services who asks. Each is signed once for who asks the same service by the same scope. */
export class SubjectTokens {
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();
  readonly #flights = new Map<string, Promise<string | undefined>>();
  #signer: Signer | undefined;
  #audiences: ReadonlyMap<string, string> = new Map();

  /** `now`: milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether any service is to be told. */
  get isUsed(): boolean {
    return this.#audiences.size > 0;
  }

  setSigner(signer: Signer | undefined): void {
    this.#signer = signer;
  }

  /** What was signed by a key that is believed no more, no service would take. */
  setSubjects(subjects: readonly SubjectAudience[], keys: ReadonlySet<string>): void {
    this.#audiences = new Map(subjects.map(({ service, audience }) => [service, audience]));
    for (const [key, { kid }] of this.#kept) if (!keys.has(kid)) this.#kept.delete(key);
  }

  /** Whether this service is told who asks. */
  tells(service: string): boolean {
    return this.#audiences.has(service);
  }

  /** At once where one is kept; undefined when there is none to be had. Never rejects. */
  get(service: string, { issuer, subject, scope }: Claims): string | Promise<string | undefined> | undefined {
    const audience = this.#audiences.get(service) ?? "";
    const key = JSON.stringify([audience, issuer, subject, scope]);
    const kept = this.#kept.get(key);
    const now = this.#now();
    if (kept === undefined || now >= kept.expiresAt) return this.#sign(key, { audience, subject, scope });
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (now >= kept.renewAt) {
      kept.renewAt = now + pauseMs;
      void this.#sign(key, { audience, subject, scope });
    }
    return kept.token;
  }

  /** Who wants the same one meanwhile waits for the same answer. */
  #sign(key: string, request: Parameters<Signer["sign"]>[0]): Promise<string | undefined> | undefined {
    const flight = this.#flights.get(key);
    if (flight !== undefined) return flight;
    const signer = this.#signer;
    if (signer === undefined || this.#flights.size >= maxFlights) return undefined;
    const signing = signer.sign(request).then((signed) => {
      this.#flights.delete(key);
      if (signed !== undefined && signer === this.#signer) this.#keep(key, signed);
      return signed?.token;
    });
    this.#flights.set(key, signing);
    return signing;
  }

  #keep(key: string, signed: Signed): void {
    const now = this.#now();
    this.#kept.delete(key);
    this.#kept.set(key, { ...signed, renewAt: now + freshPart * (signed.expiresAt - now) });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}
