import type { ExecutionResult, GraphQLError } from "graphql";
import { isJsonObject } from "./failure.ts";
import { parseJson } from "./long-number.ts";

const decoder = new TextDecoder();

/**
 * An execution's result whose `data` is the JSON text that a client is sent, for whoever sends it on and has no use for
 * objects. Whoever has reads them.
 */
export class WrittenResult implements ExecutionResult {
  readonly errors?: readonly GraphQLError[];
  /** The whole response, `{"data":...}`, where it was written as such; as bytes it is UTF-8. */
  readonly body: string | Uint8Array | undefined;
  readonly #dataText: string | undefined;

  constructor(data: string | { readonly body: string | Uint8Array } | undefined, errors: readonly GraphQLError[] = []) {
    if (typeof data === "object") this.body = data.body;
    else this.#dataText = data;
    if (errors.length > 0) this.errors = errors;
  }

  /** Undefined when nothing was executed. */
  get dataText(): string | undefined {
    if (this.body === undefined) return this.#dataText;
    const text = typeof this.body === "string" ? this.body : decoder.decode(this.body);
    return text.slice('{"data":'.length, -1);
  }

  get data(): Record<string, unknown> | null {
    const { dataText } = this;
    const data = dataText === undefined ? null : parseJson(dataText);
    return isJsonObject(data) ? data : null;
  }

  /** As graphql-js would have answered it. */
  read(): ExecutionResult {
    const data = this.body === undefined && this.#dataText === undefined ? {} : { data: this.data };
    return this.errors === undefined ? data : { errors: this.errors, ...data };
  }
}
