import { StandIn } from "./long-number.ts";

/** One thing that went wrong at a service, in words that a client may see. */
export type Fault = {
  readonly message: string;
  /** `extensions.code`. */
  readonly code: string;
  readonly service: string;
  /** From the place where the value is missing on to the field that failed: a service's null travels up. */
  readonly rest: readonly (string | number)[];
  /** Told of a field that fell with the one that failed, which stands there from the root on. */
  readonly echoOf?: readonly (string | number)[];
};

/** The same fault, missing from another place on. */
export function at(fault: Fault, rest: Fault["rest"]): Fault {
  return { ...fault, rest };
}

/**
 * Stands in the fetched data where a value should be. So a fault needs no path of its own: the
 * projection meets it exactly where the client asked, under the client's aliases, in every place
 * that shares the object, and null propagation follows by itself.
 */
export class Failure extends StandIn {
  /** Empty when the value fell with another field whose fault is told there. */
  readonly faults: Fault[];
  /**
   * Where there are none: one of the field that it fell with, which may stand under another alias, from their object on.
   * When that object fell with another, nothing leads there from it.
   */
  readonly reason: Fault | undefined;

  constructor(faults: readonly Fault[], reason?: Fault) {
    super();
    this.faults = [...faults];
    this.reason = reason;
  }

  /** The part of this failure that concerns one field of the object, or one element of the list, that is missing. */
  under(key: string | number): Failure {
    const whole = this.faults.filter(({ rest }) => rest.length === 0);
    const own = this.faults.flatMap((fault) => (fault.rest[0] === key ? [at(fault, fault.rest.slice(1))] : []));
    // An element does not fall because of another one.
    const reason = typeof key === "number" ? undefined : (this.faults[0] ?? (this.reason && at(this.reason, [])));
    return new Failure([...whole, ...own], reason);
  }

  /** Whether the same fault is told here, wherever it is looked at from. */
  tells({ message, service }: Fault): boolean {
    return this.faults.some((fault) => fault.message === message && fault.service === service);
  }
}

function echo(fault: Fault, key: string): Fault {
  return { ...fault, rest: [key], echoOf: fault.rest };
}

/** The same failure, with its first fault told for each of the keys that none is told for. */
export function covering(failure: Failure, keys: readonly string[]): Failure {
  const [first] = failure.faults;
  const uncovered = keys.filter((key) => failure.under(key).faults.length === 0);
  if (first === undefined) return failure;
  const echoes = uncovered.map((key) => echo(first, key));
  return new Failure([...failure.faults, ...echoes]);
}

export type JsonObject = Record<string, unknown>;

/** An object that was fetched: no list, no scalar, nothing that stands in for one. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof StandIn);
}
