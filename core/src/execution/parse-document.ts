import { type DocumentNode, GraphQLError, Source } from "graphql";
// Behind its front, because only the parser itself tells how many tokens it has read.
import { Parser } from "graphql/language/parser.js";
import { limitCodes, type Objection } from "./operation-limits.ts";

/** A client's text that is no document: too long, or not GraphQL. */
export type ParseFailure = { readonly objection: Objection } | { readonly error: GraphQLError };

/** Parses at most `maxTokens` tokens; 0 is no limit. Never throws. */
export function parseDocument(text: string, maxTokens: number): { readonly document: DocumentNode } | ParseFailure {
  const limit = maxTokens === 0 ? Number.POSITIVE_INFINITY : maxTokens;
  const parser = new Parser(new Source(text), { maxTokens: limit });
  try {
    return { document: parser.parseDocument() };
  } catch (error) {
    if (parser.tokenCount > limit) {
      const message = `The document has more than ${maxTokens} tokens.`;
      const problem = { code: "CAT-EXEC-018", path: "", message } as const;
      return { objection: { problem, clientCode: limitCodes["CAT-EXEC-018"], node: undefined } };
    }
    // Anything else that is thrown is nesting which the parser's stack does not hold.
    return { error: error instanceof GraphQLError ? error : new GraphQLError("The document cannot be parsed.") };
  }
}
