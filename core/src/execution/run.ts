import type { Allowance } from "./answer-size.ts";
import type { Fault, JsonObject } from "./failure.ts";
import type { ServicePort } from "./service-port.ts";

/** One run of one operation: what its fetches read and write. */
export type Run = {
  /** The data so far, under internal keys, failures in place. */
  readonly data: JsonObject;
  /** Coerced by the consumer schema. */
  readonly variables: JsonObject;
  /** The JSON text of a variable; undefined when the client gave none and there is no default. */
  readonly variableText: (name: string) => string | undefined;
  /** Faults that no value in the data stands for. */
  readonly unplaced: Fault[];
  /** For objects that are copied. */
  readonly copies: Allowance;
  /** Of the answer's text, in characters, roughly. */
  readonly maxAnswer: number;
  readonly services: ServicePort;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
};

/** One part of a plan, compiled. Never rejects: what fails is in the data. */
export type Step = (run: Run) => Promise<void>;
