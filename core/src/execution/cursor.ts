import { type FieldNode, type FragmentDefinitionNode, GraphQLError } from "graphql";
import { Allowance } from "./answer-size.ts";
import type { Failure, Fault } from "./failure.ts";
import type { InternalKeys } from "./keys.ts";
import type { PreparedOperation } from "./prepare.ts";
import { selectedDepth, type Selector } from "./selected-depth.ts";

/** One answer tells at most so many errors; the fields of the others are null all the same. */
const maxErrors = 1_000;

/** Where a projection is, and what it has found wrong. */
export class Cursor {
  /** Response keys and list indices; only the part above the depth in hand counts. */
  readonly path: (string | number)[] = [];
  readonly size: Allowance;
  readonly #errors: GraphQLError[] = [];
  /** Told where something else fell; with what is told where nothing stands, and nothing else says why. */
  readonly #echoes = new Map<GraphQLError, GraphQLError>();
  readonly introspected: Readonly<Record<string, unknown>>;
  readonly #keys: InternalKeys;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #root: readonly Selector[];
  readonly #known: Pick<PreparedOperation, "schema" | "facts">;
  /** How many paths were followed; a service chooses how many there are. */
  #looked = 0;

  constructor(
    { keys, fragments, operation, schema, facts }: PreparedOperation,
    introspected: Readonly<Record<string, unknown>>,
    maxAnswer: number,
  ) {
    this.size = new Allowance(maxAnswer);
    this.#keys = keys;
    this.#fragments = fragments;
    this.#root = [operation];
    this.#known = { schema, facts };
    this.introspected = introspected;
  }

  /** All that was told. Where nothing stands, echoes explain nothing that the fault itself does not. */
  errors(isNull: boolean): readonly GraphQLError[] {
    if (!isNull) return this.#errors;
    const genuine = this.#errors.filter((error) => !this.#echoes.has(error));
    if (genuine.length > 0) return genuine;
    const originals = this.#errors.map((error) => this.#echoes.get(error) ?? error);
    return [...new Map(originals.map((error) => [`${error.path?.join(".") ?? ""} ${error.message}`, error])).values()];
  }

  tell(nodes: readonly FieldNode[], depth: number, message: string, code: string): void {
    this.#add(nodes, this.path.slice(0, depth), message, { code });
  }

  tellFailure(nodes: readonly FieldNode[], depth: number, failure: Failure): void {
    const told = new Set<string>();
    // Whether a field is selected there, nobody knows where nothing stands and the service cannot tell the types apart.
    const sure = failure.faults.length < 2 ? [] : failure.faults.filter((fault) => this.#isSure(fault, nodes));
    const looked = (sure.length > 0 ? sure : failure.faults).map((fault) => {
      const selected = this.#selected(fault.rest, nodes);
      return { fault, selected, isCut: selected.length < fault.rest.length };
    });
    // A plan asks for more than the client: what brought that down is told where the client's selection ends, when
    // nothing that the client selected says why.
    const selectedOnes = looked.filter(({ isCut }) => !isCut);
    for (const { fault, selected, isCut } of selectedOnes.length > 0 ? selectedOnes : looked) {
      const { message, code, service, echoOf } = fault;
      const line = `${selected.join(".")} ${message}`;
      if (isCut && told.has(line)) continue;
      told.add(line);
      const error = this.#add(nodes, [...this.path.slice(0, depth), ...this.#clientPath(selected)], message, {
        code,
        service,
      });
      if (error === undefined) return;
      if (echoOf) {
        const path = this.#clientPath(this.#selected(echoOf, this.#root));
        this.#echoes.set(error, new GraphQLError(message, { path, extensions: error.extensions }));
      } else if (isCut) this.#echoes.set(error, error);
    }
  }

  #clientPath(path: Fault["rest"]): Fault["rest"] {
    return path.map((part) => (typeof part === "string" ? this.#keys.clientKey(part) : part));
  }

  #selected(rest: Fault["rest"], nodes: readonly Selector[]): Fault["rest"] {
    if (rest.length === 0 || nodes.length === 0 || this.#looked >= maxErrors) return rest;
    this.#looked += 1;
    return rest.slice(0, selectedDepth(rest, nodes, this.#keys, this.#fragments));
  }

  #isSure({ rest, service }: Fault, nodes: readonly Selector[]): boolean {
    if (rest.length === 0 || nodes.length === 0 || this.#looked >= maxErrors) return true;
    this.#looked += 1;
    const { schema, facts } = this.#known;
    const isTold = (typeName: string) => facts.tellsApart(service, schema.getType(typeName));
    const depthOn = (counts?: typeof isTold) => selectedDepth(rest, nodes, this.#keys, this.#fragments, counts);
    return depthOn(isTold) === depthOn();
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
  ): GraphQLError | undefined {
    if (this.#errors.length >= maxErrors) return undefined;
    const error = new GraphQLError(message, { nodes, path: path ?? null, extensions });
    this.#errors.push(error);
    return error;
  }
}
