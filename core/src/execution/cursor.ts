import { type FieldNode, type FragmentDefinitionNode, GraphQLError } from "graphql";
import { Allowance, maxAnswerChars } from "./answer-size.ts";
import type { Failure, Fault } from "./failure.ts";
import type { InternalKeys } from "./keys.ts";
import type { PreparedOperation } from "./prepare.ts";
import { selectedDepth } from "./selected-depth.ts";

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
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** How many paths were followed; a service chooses how many there are. */
  #looked = 0;

  constructor(
    { keys, fragments }: Pick<PreparedOperation, "keys" | "fragments">,
    introspected: Readonly<Record<string, unknown>>,
  ) {
    this.#keys = keys;
    this.#fragments = fragments;
    this.introspected = introspected;
  }

  /** All that was told. Where nothing stands, echoes explain nothing that the fault itself does not. */
  errors(isNull: boolean): readonly GraphQLError[] {
    const genuine = isNull ? this.#errors.filter((error) => !this.#echoes.has(error)) : [];
    return genuine.length > 0 ? genuine : this.#errors;
  }

  tell(nodes: readonly FieldNode[], depth: number, message: string, code: string): void {
    this.#add(nodes, this.path.slice(0, depth), message, { code });
  }

  tellFailure(nodes: readonly FieldNode[], depth: number, failure: Failure): void {
    const told = new Set<string>();
    for (const { rest, message, code, service, isEcho = false } of failure.faults) {
      // A plan asks for more than the client: what brought that down is told where the client's selection ends.
      const selected = this.#selected(rest, nodes);
      const isCut = selected.length < rest.length;
      const line = `${selected.join(".")} ${message}`;
      if (isCut && told.has(line)) continue;
      told.add(line);
      const keys = selected.map((part) => (typeof part === "string" ? this.#keys.clientKey(part) : part));
      this.#add(nodes, [...this.path.slice(0, depth), ...keys], message, { code, service }, isEcho || isCut);
    }
  }

  #selected(rest: Fault["rest"], nodes: readonly FieldNode[]): Fault["rest"] {
    if (rest.length === 0 || nodes.length === 0 || this.#looked >= maxErrors) return rest;
    this.#looked += 1;
    return rest.slice(0, selectedDepth(rest, nodes, this.#keys, this.#fragments));
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
