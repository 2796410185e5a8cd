import type { Problem } from "../model/index.ts";
import { supergraphProblem } from "./problems.ts";

/**
 * One service's schema on its way into the supergraph; `name` is the subgraph's name there. It has no URL:
 * where a service is reached is told to the gateway apart, so that a moved service changes no schema.
 */
export type Subgraph = { readonly name: string; readonly sdl: string };

/** What one attempt to compose a set of services came to. */
export type Attempt =
  | { readonly kind: "composed"; readonly supergraph: Supergraph }
  /** `wrong`: services wrong by themselves, whatever the others are. `conflicts`: what remains, between them. */
  | { readonly kind: "rejected"; readonly wrong: readonly Problem[]; readonly conflicts: readonly Problem[] }
  /** The composer died, or was killed at its deadline or its memory limit. */
  | { readonly kind: "died"; readonly reason: string };

/** A composed graph: what the gateway is given, and what clients see of it. */
export type Supergraph = {
  readonly sdl: string;
  readonly apiSdl: string;
  /** SHA-256 of `sdl`, in hex. */
  readonly digest: string;
};

/** A composer's error as far as it tells. */
export type ComposerError = {
  readonly message: string;
  readonly code?: string | undefined;
  readonly subgraph?: string | undefined;
};

/** Most problems told about one attempt: a schema that is wholly wrong is wrong in every line. */
const most = 20;

/** Sorts a composer's errors into faults of one service and conflicts between several. */
export function rejection(errors: readonly ComposerError[], unparsed: readonly Problem[] = []): Attempt {
  const told = errors.slice(0, most);
  const wrong = told.flatMap(({ message, code, subgraph }) =>
    subgraph === undefined
      ? []
      : [supergraphProblem("CAT-SUPERGRAPH-003", subgraph, withCode(message.replace(`[${subgraph}] `, ""), code))],
  );
  const conflicts = told.flatMap(({ message, code, subgraph }) =>
    subgraph === undefined
      ? [
          supergraphProblem(
            code === "NO_QUERIES" ? "CAT-SUPERGRAPH-006" : "CAT-SUPERGRAPH-004",
            "",
            withCode(message, code),
          ),
        ]
      : [],
  );
  return { kind: "rejected", wrong: [...unparsed, ...wrong], conflicts };
}

/** The conflicts of an attempt as problems of the service that was added to `others`; both sides are named. */
export function blame(service: string, others: readonly string[], conflicts: readonly Problem[]): readonly Problem[] {
  return conflicts.map((problem) => {
    const named = others.some((other) => problem.message.includes(`"${other}"`));
    const sides = named || others.length === 0 ? "" : ` (composed with ${list(others)})`;
    return { ...problem, path: service, message: `${problem.message}${sides}` };
  });
}

function list(names: readonly string[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => `"${name}"`)
    .join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function withCode(message: string, code: string | undefined): string {
  return code === undefined ? message : `${message} [${code}]`;
}
