import type { Asker } from "@catalyst-node/adapters/http";
import type { Logger } from "@catalyst-node/adapters/log";
import {
  type ServiceAnswer,
  serviceFailures,
  type ServicePort,
  type SubscriptionPort,
} from "@catalyst-node/core/execution";
import { LinePace } from "./line-pace.ts";
import type { SigningService, TrustTold } from "./read-trust.ts";
import { AuthSigner } from "./signer.ts";
import { SubjectTokens } from "./subject-tokens.ts";

/**
 * Tells services who asks, where that is configured: by a token of the gateway, and for each operation by itself, so that
 * no request is ever sent on another's behalf. Who is nobody in particular is not spoken of.
 */
export class OnBehalf implements Disposable {
  readonly #tokens = new SubjectTokens(Date.now);
  readonly #log: Pick<Logger, "warn">;
  readonly #pace = new LinePace(() => performance.now());
  #signing: SigningService | undefined;
  #signer: AuthSigner | undefined;

  constructor(log: Pick<Logger, "warn">) {
    this.#log = log;
  }

  setTrust({ mode, trust, signing, subjects }: TrustTold): void {
    if (JSON.stringify(signing) !== JSON.stringify(this.#signing)) this.#turnTo(signing);
    const own = trust.issuers.find(({ issuer }) => issuer === trust.ownIssuer);
    this.#tokens.setSubjects(mode === "off" ? [] : subjects, new Set(own?.keys.map(({ kid }) => kid)));
  }

  services(port: ServicePort, who: Asker): ServicePort {
    if (who === undefined || !this.#tokens.isUsed) return port;
    return {
      send: async (request, signal) => {
        if (!this.#tokens.tells(request.service)) return await port.send(request, signal);
        const token = await this.#tokens.get(request.service, who);
        return token === undefined ? unavailable : await port.send({ ...request, token }, signal);
      },
    };
  }

  sources(port: SubscriptionPort, who: Asker): SubscriptionPort {
    if (who === undefined || !this.#tokens.isUsed) return port;
    const tokens = this.#tokens;
    return {
      async *subscribe(request, signal) {
        if (!tokens.tells(request.service)) return yield* port.subscribe(request, signal);
        const token = await tokens.get(request.service, who);
        if (token === undefined) yield unavailable;
        else yield* port.subscribe({ ...request, token }, signal);
      },
    };
  }

  [Symbol.dispose](): void {
    this.#turnTo(undefined);
  }

  #turnTo(signing: SigningService | undefined): void {
    this.#signer?.[Symbol.dispose]();
    this.#signing = signing;
    this.#signer = signing && new AuthSigner(signing, (why) => this.#tell(signing.address, why));
    this.#tokens.setSigner(this.#signer);
  }

  #tell(address: string, why: string): void {
    this.#pace.write((untold) => this.#log.warn("auth signed nothing for a service", { address, why, untold }));
  }
}

const unavailable: ServiceAnswer = {
  kind: "failed",
  code: "AUTH_UNAVAILABLE",
  message: serviceFailures.AUTH_UNAVAILABLE.message,
};
