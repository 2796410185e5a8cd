import type { Logger } from "@catalyst-node/adapters/log";
import type { Asker } from "@catalyst-node/adapters/http";
import { maskErrors, type ServiceAnswer, type ServicePort, type SubscriptionPort } from "@catalyst-node/core/execution";
import { LinePace } from "./line-pace.ts";

/** Of one line; the rest is counted. */
const bounds = { errors: 3, chars: 2_000 } as const;

type Ports = {
  /** Asked for each answer: takes effect with the configuration, whatever is in flight. */
  readonly isMasked: () => boolean;
  readonly log: Pick<Logger, "warn">;
  /** Milliseconds, from any start. */
  readonly now: () => number;
};

type Request = { readonly service: string; readonly headers: Readonly<Record<string, string>> };

/** Keeps what services say of their errors from clients, and tells it to the log. */
export class ServiceErrors {
  readonly #ports: Ports;
  readonly #pace: LinePace;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.#pace = new LinePace(ports.now);
  }

  /** For what this one asks. */
  services(port: ServicePort, who: Asker): ServicePort {
    return {
      send: (request, signal) => port.send(request, signal).then((answer) => this.#mask(answer, request, who)),
    };
  }

  sources(port: SubscriptionPort, who: Asker): SubscriptionPort {
    const mask = (answer: ServiceAnswer, request: Request) => this.#mask(answer, request, who);
    return {
      async *subscribe(request, signal) {
        for await (const answer of port.subscribe(request, signal)) yield mask(answer, request);
      },
    };
  }

  #mask(answer: ServiceAnswer, request: Request, who: Asker): ServiceAnswer {
    return this.#ports.isMasked() ? maskErrors(answer, (errors) => this.#tell(errors, request, who)) : answer;
  }

  #tell(errors: readonly unknown[], { service, headers }: Request, who: Asker): void {
    this.#pace.write((untold) =>
      this.#ports.log.warn("a service answered with errors", {
        service,
        requestId: headers["x-request-id"],
        ...(who && { subject: who.subject, issuer: who.issuer, jti: who.jti }),
        errors: errors.slice(0, bounds.errors).map((error) => (JSON.stringify(error) ?? "").slice(0, bounds.chars)),
        more: Math.max(0, errors.length - bounds.errors),
        untold,
      }),
    );
  }
}
