import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** Why a service's schema could not be had: code -> cause and mend. docs/reference/errors.md is made from it. */
export const serviceProblems = {
  "CAT-SERVICE-001": {
    cause: "The service cannot be reached.",
    mend: "Is it running, and is its url right? It is asked again by itself.",
  },
  "CAT-SERVICE-002": {
    cause: "The service did not answer in time when it was asked for its schema.",
    mend: "Look at the service; schema.timeout allows it longer.",
  },
  "CAT-SERVICE-003": {
    cause: "The schema of the service is larger than accepted.",
    mend: "Make it smaller, or raise schema.maxBytes.",
  },
  "CAT-SERVICE-004": {
    cause: "The service answered with an HTTP status that is no success.",
    mend: "Is its url the address of its GraphQL endpoint? Redirects are not followed.",
  },
  "CAT-SERVICE-005": {
    cause: "The service answered something that is not JSON.",
    mend: "Is its url the address of its GraphQL endpoint?",
  },
  "CAT-SERVICE-006": {
    cause: "The service answered GraphQL errors when it was asked for its schema.",
    mend: "Let it answer _service { sdl } or introspection, or give a schema.file.",
  },
  "CAT-SERVICE-007": {
    cause: "The service's answer holds no schema.",
    mend: "Let it answer _service { sdl } or introspection, or give a schema.file.",
  },
  "CAT-SERVICE-008": {
    cause: "The schema file cannot be read.",
    mend: "Is schema.file right, and may the node read it?",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type ServiceCode = keyof typeof serviceProblems;

/** A problem of one service, told with its mend. */
export function serviceProblem(code: ServiceCode, service: string, what: string): Problem {
  return { code, path: service, message: `${what}. ${serviceProblems[code].mend}` };
}

/** The beginning of what a stranger sent, fit for a terminal and a log: 80 printable characters at most. */
export function excerpt(text: string): string {
  const clean = text
    .slice(0, 400)
    .replace(/[^\x20-\x7e\u00a0-\ud7ff]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return clean.length > 80 ? `"${clean.slice(0, 79)}…"` : `"${clean}"`;
}
