import { type GraphQLSchema, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from "graphql";
import { compileBody } from "../fetch.ts";
import { fragmentsOf, type Selecting } from "../fields.ts";
import {
  type BatchFetchNode,
  type EntityBatchAlias,
  entityAliasOf,
  type FetchNode,
  type FlattenPath,
  type PlanNode,
  type QueryPlan,
} from "../plan.ts";
import type { PreparedOperation } from "../prepare.ts";
import { adoptionFor } from "../sharing.ts";
import { describeWrites, type Writes } from "../writes.ts";
import { encode } from "./bytes.ts";
import type { DirectRun } from "./direct-run.ts";
import { compileVisit, Entities, type EntitiesPlan } from "./gather.ts";
import { Place } from "./layout.ts";
import { hasLeftDirectWay, leaveDirectWay } from "./not-direct.ts";
import { isPlainField, isQuery, isRewritten, selectionOf } from "./nodes.ts";
import { compileRow } from "./read.ts";
import { compileRepresentation } from "./represent.ts";
import { readData } from "./response.ts";
import { compileObject, type WriteObject } from "./write.ts";

/** A query that is answered from bytes to bytes, for given conditions. */
export type DirectOperation = {
  readonly root: Place;
  readonly fetch: (run: DirectRun) => Promise<void>;
  readonly write: WriteObject;
};

/**
 * Compiles the direct way of a query; undefined when it has none: for mutations, introspection, interfaces and unions,
 * rewrites, and wherever two fetches bring the same of an object. Those the executor answers as ever.
 */
export function compileDirect(
  prepared: PreparedOperation,
  plan: QueryPlan,
  conditions: ReadonlyMap<string, boolean>,
): DirectOperation | undefined {
  const { schema, operation, keys, fragments } = prepared;
  const type = schema.getQueryType();
  if (prepared.kind !== "query" || prepared.introspection !== undefined || !plan.node || !type) return undefined;
  const root = new Place(type);
  try {
    const fetch = new Compiler(root, describeWrites(plan.node, schema), schema, conditions).node(plan.node, []);
    const selecting = { schema, fragments, conditions };
    const write = compileObject({ selecting, keys }, root, [operation.selectionSet]);
    return write && { root, fetch, write };
  } catch (error) {
    if (hasLeftDirectWay(error)) return undefined;
    throw error;
  }
}

type Step = DirectOperation["fetch"];

class Compiler {
  readonly #root: Place;
  readonly #writes: Writes;
  readonly #schema: GraphQLSchema;
  readonly #conditions: ReadonlyMap<string, boolean>;
  #fetches = 0;

  constructor(root: Place, writes: Writes, schema: GraphQLSchema, conditions: ReadonlyMap<string, boolean>) {
    this.#root = root;
    this.#writes = writes;
    this.#schema = schema;
    this.#conditions = conditions;
  }

  node(node: PlanNode, path: FlattenPath): Step {
    switch (node.kind) {
      case "Sequence": {
        const steps = node.nodes.map((child) => this.node(child, path));
        return async (run) => {
          for (const step of steps) await step(run);
        };
      }
      case "Parallel": {
        const steps = node.nodes.map((child) => this.node(child, path));
        return (run) => Promise.all(steps.map((step) => begun(step, run))).then(ignored);
      }
      case "Condition": {
        const holds = this.#conditions.get(node.condition);
        if (holds === undefined) return leaveDirectWay();
        const clause = holds ? node.ifClause : node.elseClause;
        return clause ? this.node(clause, path) : nothing;
      }
      case "Flatten":
        return this.node(node.node, [...path, ...node.path]);
      case "Fetch":
        return node.requires ? this.#entities(node, [entityAliasOf(node, path)]) : this.#rootFetch(node, path);
      case "BatchFetch":
        return this.#entities(node, node.entityBatch.aliases);
      case "Subscription":
      case "Defer":
        return leaveDirectWay();
    }
  }

  #rootFetch(node: FetchNode, path: FlattenPath): Step {
    if (path.length > 0 || isRewritten(node) || !isQuery(node)) return leaveDirectWay();
    const { operation, selecting } = this.#selecting(node.operation);
    const row = this.#root.linkedRow();
    const fetch = this.#fetches++;
    // A service may call its root type otherwise.
    if (operation.selectionSet.selections.some((selection) => !isPlainField(selection))) return leaveDirectWay();
    const read = compileRow({ place: this.#root, row, sets: [operation.selectionSet], fetch }, selecting);
    if (read === undefined) return leaveDirectWay();
    const bodyOf = compileBody(node.operation, node.variableUsages ?? []);
    return (run) =>
      run.ask(fetch, node.serviceName, bodyOf(run.run, []), (scanner) =>
        readData(scanner, () => {
          const start = read(scanner, run.tape);
          if (start <= 0) leaveDirectWay();
          run.tape.cells[run.root + row.link] = start;
        }),
      );
  }

  #entities(node: FetchNode | BatchFetchNode, aliases: readonly EntityBatchAlias[]): Step {
    if (!isQuery(node)) return leaveDirectWay();
    const { operation, selecting } = this.#selecting(node.operation);
    const fetch = this.#fetches++;
    const fields = aliases.map((alias) => {
      const set = selectionOf(operation, alias.alias);
      return {
        label: encode(`"${alias.alias}":`),
        variable: `${JSON.stringify(alias.representationsVariableName)}:`,
        plan: this.#entitiesPlan(node.kind === "Fetch" ? node : alias, alias, { set, fetch, selecting }),
      };
    });
    const inOrder = operation.selectionSet.selections.map((selection) =>
      selection.kind === Kind.FIELD ? (selection.alias?.value ?? selection.name.value) : "",
    );
    if (inOrder.join() !== aliases.map(({ alias }) => alias).join()) return leaveDirectWay();
    const bodyOf = compileBody(node.operation, node.variableUsages ?? []);
    return (run) => {
      const asked = fields.map(({ plan }) => new Entities(plan, run));
      if (asked.every(({ isEmpty }) => isEmpty)) return done;
      const representations = fields.map(({ variable }, index) => `${variable}[${asked[index]?.representations}]`);
      return run.ask(fetch, node.serviceName, bodyOf(run.run, representations), (scanner) =>
        readData(scanner, () => {
          for (const [index, { label }] of fields.entries()) {
            scanner.expect(index === 0 ? 0x7b : 0x2c);
            scanner.key(label);
            asked[index]?.settle(run, scanner);
          }
          scanner.expect(0x7d);
        }),
      );
    };
  }

  #entitiesPlan(
    node: FetchNode | EntityBatchAlias,
    alias: EntityBatchAlias,
    {
      set,
      fetch,
      selecting,
    }: { readonly set: SelectionSetNode; readonly fetch: number; readonly selecting: Selecting },
  ): EntitiesPlan {
    const write = this.#writes.get(node);
    if (write === undefined || adoptionFor(write, [...this.#writes.values()]) === "copy") return leaveDirectWay();
    const [path, ...others] = alias.paths;
    // What several places share would need a place of its own.
    if (path === undefined || others.length > 0) return leaveDirectWay();
    const found = compileVisit(this.#root, path);
    if (found === undefined || isRewritten(alias, found.place.type.name)) return leaveDirectWay();
    const { place, visit } = found;
    const represent = compileRepresentation(alias.requires, place);
    const row = place.linkedRow();
    const read = represent && compileRow({ place, row, sets: [set], fetch }, selecting);
    if (represent === undefined || read === undefined) return leaveDirectWay();
    return { visit, row, represent, read };
  }

  #selecting(text: string): { readonly operation: OperationDefinitionNode; readonly selecting: Selecting } {
    const document = parse(text, { noLocation: true });
    const operation = document.definitions.find(
      (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
    );
    if (operation === undefined) return leaveDirectWay();
    const selecting = { schema: this.#schema, fragments: fragmentsOf(document), conditions: this.#conditions };
    return { operation, selecting };
  }
}

function ignored(): void {}

/** One that leaves at once must not leave the others without anybody who hears how they end. */
function begun(step: Step, run: DirectRun): Promise<void> {
  try {
    return step(run);
  } catch (error) {
    return Promise.reject(error);
  }
}

const done = Promise.resolve();
const nothing: Step = () => done;
