import { type FieldNode, GraphQLError } from "graphql";
import { Allowance, maxAnswerChars } from "./answer-size.ts";
import type { Failure, Fault } from "./failure.ts";
import type { InternalKeys } from "./keys.ts";

/** One answer tells at most so many errors; the fields of the others are null all the same. */
const maxErrors = 1_000;

/** Where a projection is, and what it has found wrong. */
export class Cursor {
  /** Response keys and list indices; only the part above the depth in hand counts. */
  readonly path: (string | number)[] = [];
  readonly size = new Allowance(maxAnswerChars);
  readonly #errors: GraphQLError[] = [];
  readonly #echoes = new Set<GraphQLError>();
  readonly introspected: Readonly<Record<string, unknown>>;
  readonly #keys: InternalKeys;

  constructor(keys: InternalKeys, introspected: Readonly<Record<string, unknown>>) {
    this.#keys = keys;
    this.introspected = introspected;
  }

  /** All that was told. Where nothing stands, echoes explain nothing that the fault itself does not. */
  errors(isNull: boolean): readonly GraphQLError[] {
    return isNull ? this.#errors.filter((error) => !this.#echoes.has(error)) : this.#errors;
  }

  tell(nodes: readonly FieldNode[], depth: number, message: string, code: string): void {
    this.#add(nodes, this.path.slice(0, depth), message, { code });
  }

  tellFailure(nodes: readonly FieldNode[], depth: number, failure: Failure): void {
    for (const fault of failure.faults) {
      const rest = fault.rest.map((part) => (typeof part === "string" ? this.#keys.clientKey(part) : part));
      this.#add(
        nodes,
        [...this.path.slice(0, depth), ...rest],
        fault.message,
        {
          code: fault.code,
          service: fault.service,
        },
        fault.isEcho,
      );
    }
  }

  /** A fault that no field of the answer stands for. */
  tellUnplaced({ message, code, service }: Fault): void {
    this.#add([], undefined, message, { code, service });
  }

  #add(
    nodes: readonly FieldNode[],
    path: readonly (string | number)[] | undefined,
    message: string,
    extensions: Readonly<Record<string, unknown>>,
    isEcho = false,
  ): void {
    if (this.#errors.length >= maxErrors) return;
    const error = new GraphQLError(message, { nodes, path: path ?? null, extensions });
    this.#errors.push(error);
    if (isEcho) this.#echoes.add(error);
  }
}
