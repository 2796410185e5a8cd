import { type DocumentNode, GraphQLError, Kind, parse } from "graphql";
import type { Problem } from "../model/index.ts";
import { type Subgraph, supergraphProblem } from "../supergraph/index.ts";
import { nestingDepth } from "./nesting.ts";
import { asFederation2 } from "./plain.ts";

export type SubgraphDocument = { readonly name: string; readonly document: DocumentNode };

/** Documents ready for a composer, and what is wrong with the SDL of those that are missing among them. */
export type Prepared = { readonly documents: readonly SubgraphDocument[]; readonly problems: readonly Problem[] };

/** Most tokens and deepest nesting that one service's SDL may have: ten times what a big one has. */
export const sdlLimits = { tokens: 400_000, nesting: 64 } as const;

/** Parses every SDL under the limits and makes the plain ones Federation 2. */
export function prepare(subgraphs: readonly Subgraph[]): Prepared {
  const parsed = subgraphs.map((subgraph) => ({ subgraph, result: parseSdl(subgraph) }));
  return {
    documents: asFederation2(
      parsed.flatMap(({ subgraph: { name }, result }) =>
        "document" in result ? [{ name, document: result.document }] : [],
      ),
    ),
    problems: parsed.flatMap(({ result }) => ("problem" in result ? [result.problem] : [])),
  };
}

function parseSdl({ name, sdl }: Subgraph): { readonly document: DocumentNode } | { readonly problem: Problem } {
  const depth = nestingDepth(sdl);
  if (depth > sdlLimits.nesting) {
    const what = `its SDL nests ${depth} brackets deep; ${sdlLimits.nesting} are allowed`;
    return { problem: supergraphProblem("CAT-SUPERGRAPH-002", name, what) };
  }
  try {
    const document = parse(sdl, { maxTokens: sdlLimits.tokens });
    const stray = document.definitions.find(
      ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION,
    );
    return stray === undefined ? { document } : { problem: syntax(name, `its SDL holds a query, not only types`) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.includes("token limit") || error.message.includes("tokens")) {
      const what = `its SDL has more than ${sdlLimits.tokens} tokens`;
      return { problem: supergraphProblem("CAT-SUPERGRAPH-002", name, what) };
    }
    const at = error.locations?.[0];
    return {
      problem: syntax(name, `its SDL does not parse: ${error.message}${at ? ` (${at.line}:${at.column})` : ""}`),
    };
  }
}

function syntax(name: string, what: string): Problem {
  return supergraphProblem("CAT-SUPERGRAPH-001", name, what);
}
