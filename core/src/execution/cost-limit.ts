import { type DocumentNode, Kind, type OperationDefinitionNode } from "graphql";
import { type Costing, costOf } from "./cost.ts";
import { evaluate, isConstant, type Variables } from "./expression.ts";
import { nameChars, type Objection, objection } from "./operation-limits.ts";

/** What is wrong with the cost of a document's operations, once for the text and then with each variables. */
export type CostJudge = {
  /** What costs too much whatever the variables are. */
  readonly objections: readonly Objection[];
  /** Of an operation whose cost its variables decide. Undefined when none of the document's is so. */
  readonly withVariables:
    | ((operationName: string | undefined, variables: Variables) => Objection | undefined)
    | undefined;
};

/** Counts a valid document. A limit of 0 is none. */
export function judgeCost(document: DocumentNode, costing: Costing, maxCost: number): CostJudge {
  if (maxCost === 0) return { objections: [], withVariables: undefined };
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const costs = operations.map((operation) => ({ operation, cost: costOf(operation, document, costing) }));
  const judge = (operation: OperationDefinitionNode, measured: number): Objection | undefined => {
    const what = operation.name ? `cost of "${operation.name.value.slice(0, nameChars)}"` : "cost";
    // What is no number any more is beyond all numbers.
    return measured <= maxCost ? undefined : objection("CAT-EXEC-023", what, measured, maxCost, operation);
  };
  const varying = costs.filter(({ cost }) => !isConstant(cost));
  return {
    objections: costs.flatMap(({ operation, cost }) => judge(operation, cost.constant) ?? []),
    withVariables:
      varying.length === 0
        ? undefined
        : (operationName, variables) => {
            const asked = varying.find(({ operation }) => isNamed(operation, operationName, operations.length));
            return asked && judge(asked.operation, evaluate(asked.cost, variables));
          },
  };
}

/** As `getOperationAST` chooses. */
function isNamed({ name }: OperationDefinitionNode, operationName: string | undefined, operations: number): boolean {
  return operationName === undefined ? operations === 1 : name?.value === operationName;
}
