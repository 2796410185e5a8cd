import type { Logger } from "@catalyst-node/adapters/log";
import { maskErrors, type ServiceAnswer, type ServicePort, type SubscriptionPort } from "@catalyst-node/core/execution";

/** At most so many lines a second are written of services' errors: a service that fails must not fill the disk. */
const linesPerSecond = 10;
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
  #second = 0;
  #lines = 0;
  #untold = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  services(port: ServicePort): ServicePort {
    return {
      send: (request, signal) => port.send(request, signal).then((answer) => this.#mask(answer, request)),
    };
  }

  sources(port: SubscriptionPort): SubscriptionPort {
    const mask = (answer: ServiceAnswer, request: Request) => this.#mask(answer, request);
    return {
      async *subscribe(request, signal) {
        for await (const answer of port.subscribe(request, signal)) yield mask(answer, request);
      },
    };
  }

  #mask(answer: ServiceAnswer, request: Request): ServiceAnswer {
    return this.#ports.isMasked() ? maskErrors(answer, (errors) => this.#tell(errors, request)) : answer;
  }

  #tell(errors: readonly unknown[], { service, headers }: Request): void {
    const second = Math.floor(this.#ports.now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#lines = 0;
    }
    if (this.#lines >= linesPerSecond) {
      this.#untold += 1;
      return;
    }
    this.#lines += 1;
    this.#ports.log.warn("a service answered with errors", {
      service,
      requestId: headers["x-request-id"],
      errors: errors.slice(0, bounds.errors).map((error) => (JSON.stringify(error) ?? "").slice(0, bounds.chars)),
      more: Math.max(0, errors.length - bounds.errors),
      untold: this.#untold,
    });
    this.#untold = 0;
  }
}
