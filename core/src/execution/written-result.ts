import type { ExecutionResult, GraphQLError } from "graphql";
import { isJsonObject } from "./failure.ts";
import { parseJson } from "./long-number.ts";

/**
 * An execution's result whose `data` is the JSON text that a client is sent, for whoever sends it on and has no use for
 * objects. Whoever has reads them.
 */
export class WrittenResult implements ExecutionResult {
  readonly errors?: readonly GraphQLError[];
  /** Undefined when nothing was executed. */
  readonly dataText: string | undefined;

  constructor(dataText: string | undefined, errors: readonly GraphQLError[] = []) {
    this.dataText = dataText;
    if (errors.length > 0) this.errors = errors;
  }

  get data(): Record<string, unknown> | null {
    const data = this.dataText === undefined ? null : parseJson(this.dataText);
    return isJsonObject(data) ? data : null;
  }

  /** As graphql-js would have answered it. */
  read(): ExecutionResult {
    const data = this.dataText === undefined ? {} : { data: this.data };
    return this.errors === undefined ? data : { errors: this.errors, ...data };
  }
}
