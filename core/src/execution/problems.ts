import type { ProblemCode } from "../model/index.ts";

/** Every problem that preparing, planning or compiling an operation can end in. */
export const executionProblems = {
  "CAT-EXEC-001": {
    cause: "The consumer schema that the planner derived from the supergraph does not build.",
    mend: "Compose the supergraph with a Federation 2 composer and check it with `catalyst schema print`.",
  },
  "CAT-EXEC-002": {
    cause: "The document holds no operation of that name, or several and none was named.",
    mend: "Send `operationName`, equal to one operation of the document.",
  },
  "CAT-EXEC-003": {
    cause: "A fragment spreads itself, directly or through others.",
    mend: "Break the cycle.",
  },
  "CAT-EXEC-004": {
    cause: "With its fragments written out the operation selects more fields than `gateway.limits.maxFields`.",
    mend: "Select less, or split the operation.",
  },
  "CAT-EXEC-006": {
    cause: "The operation uses `@defer` or `@stream`, which this gateway does not answer.",
    mend: "Remove the directive.",
  },
  "CAT-EXEC-007": {
    cause: "The planner's plan holds something that the executor does not know.",
    mend: "Report it with the operation and the supergraph; use the planner version that the package pins.",
  },
  "CAT-EXEC-008": {
    cause: "The root field of a subscription has `@skip` or `@include`, which GraphQL forbids.",
    mend: "Decide in the client whether to subscribe; below the root field the directives are fine.",
  },
  "CAT-EXEC-009": {
    cause:
      "A field of the mutation is selected several times, under conditions that cannot be planned so that it runs once.",
    mend: "Select the field once, or give all but one of its occurrences at most one `@skip` or `@include`.",
  },
  "CAT-EXEC-010": {
    cause: "The planner refuses the supergraph, dies of it, or cannot be started.",
    mend: "Compose it with a Federation 2 composer; the message tells what the planner objects to. Is there memory left?",
  },
  "CAT-EXEC-011": {
    cause: "The planner did not become ready in time.",
    mend: "Give the machine more CPU, or make the supergraph smaller.",
  },
  "CAT-EXEC-012": {
    cause: "The planner cannot plan the operation.",
    mend: "The message tells why; the operation may be valid and the planner at fault.",
  },
  "CAT-EXEC-013": {
    cause: "Planning the operation took longer than its deadline, or killed the planner. It is refused for a while.",
    mend: "Make the operation smaller, above all its number of aliases on fields of several services.",
  },
  "CAT-EXEC-014": {
    cause: "More operations wait for a plan than the queue holds, or one waited too long.",
    mend: "Try again later; clients that send ever new operation texts keep the planner busy.",
  },
  "CAT-EXEC-015": {
    cause: "The planner was stopped, or the request ended, while the operation waited for its plan.",
    mend: "Send the operation again.",
  },
  "CAT-EXEC-016": {
    cause:
      "The operation asks for what a service protects by `@authenticated`, `@requiresScopes` or `@policy`, and the gateway cannot authenticate clients yet.",
    mend: "Leave the field out; or take the directive off in the service, if everybody may see it.",
  },
  "CAT-EXEC-017": {
    cause: "The supergraph links a feature for SECURITY that this gateway does not know, so it must not be served.",
    mend: "Take the feature out of the services, or use a gateway that enforces it.",
  },
  "CAT-EXEC-018": {
    cause: "The document has more lexical tokens than `gateway.limits.maxTokens`.",
    mend: "Send less text: drop unused fields, fragments and operations, or split the operation.",
  },
  "CAT-EXEC-019": {
    cause: "Fields are nested deeper than `gateway.limits.maxDepth`; introspection deeper than 20 levels.",
    mend: "Ask for what is far away by a second operation, or raise the limit.",
  },
  "CAT-EXEC-020": {
    cause: "With its fragments written out the operation has more aliases than `gateway.limits.maxAliases`.",
    mend: "Ask for many alike things by one field that takes a list, or raise the limit.",
  },
  "CAT-EXEC-021": {
    cause: "With its fragments written out the operation has more directives than `gateway.limits.maxDirectives`.",
    mend: "Put one directive on a fragment instead of one on each field, or raise the limit.",
  },
  "CAT-EXEC-022": {
    cause: "The operation selects more fields of the root type than `gateway.limits.maxRootFields`.",
    mend: "Split the operation, or raise the limit.",
  },
  "CAT-EXEC-023": {
    cause: "The operation may cost more than `gateway.limits.maxCost`; docs/limits.md says how that is counted.",
    mend: "Ask for shorter lists by `first` or `limit`, nest fewer lists; or declare `@listSize` and `@cost` in the service.",
  },
  "CAT-EXEC-024": {
    cause:
      "Lists and objects of a value are nested deeper than `gateway.limits.maxNesting`, or selections deeper than 128 levels.",
    mend: "Send flatter values, or a JSON scalar as text; raise the limit if values really are that deep.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type ExecutionProblemCode = keyof typeof executionProblems;
