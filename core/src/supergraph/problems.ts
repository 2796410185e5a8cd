import type { Problem, ProblemCode } from "../model/index.ts";

/** What can be wrong with a service's schema: code -> cause and mend. docs/reference/errors.md is made from it. */
export const supergraphProblems = {
  "CAT-SUPERGRAPH-001": {
    cause: "The schema of the service is not GraphQL SDL.",
    mend: "Mend the service's SDL at the place told; the service is tried again when it has changed.",
  },
  "CAT-SUPERGRAPH-002": {
    cause: "The schema of the service is nested too deeply or has too many parts.",
    mend: "Split the service, or make its schema smaller.",
  },
  "CAT-SUPERGRAPH-003": {
    cause: "The schema of the service is no valid Federation 2 subgraph by itself.",
    mend: "Mend what the message names; the service is tried again when its schema has changed.",
  },
  "CAT-SUPERGRAPH-004": {
    cause: "The schema of the service contradicts that of another service.",
    mend: "Change one of the two: rename, remove, or mark as @shareable what both define.",
  },
  "CAT-SUPERGRAPH-005": {
    cause: "Composing with the service took too long or too much memory.",
    mend: "Make the schemas smaller, or raise `composition.timeout` and `composition.maxMemory`; it is tried again when its schema has changed.",
  },
  "CAT-SUPERGRAPH-006": {
    cause: "The services composed so far have no query field.",
    mend: "At least one service must define a field of Query.",
  },
  "CAT-SUPERGRAPH-007": {
    cause: "The composer answered something that is no supergraph.",
    mend: "This is a fault of the composer; simplify the schema that the message names, and report it.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A code of this room. */
export type SupergraphCode = keyof typeof supergraphProblems;

/** Longest message told; a composer's can repeat whole types. In characters. */
const longest = 600;

/** A problem of this room about one service. */
export function supergraphProblem(code: SupergraphCode, service: string, what: string): Problem {
  const message = what.length > longest ? `${what.slice(0, longest - 1)}…` : what;
  return { code, path: service, message };
}
