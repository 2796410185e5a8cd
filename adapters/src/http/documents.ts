import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from "graphql";
import { checkBudget } from "@catalyst-node/core/execution";
import { limits } from "./limits.ts";

/** A client's text, judged once: a document that may be planned, or the errors to answer. */
export type Prepared =
  | { readonly document: DocumentNode; readonly errors: readonly GraphQLError[] }
  | { readonly document?: never; readonly errors: readonly [GraphQLError] };

/**
 * Parses and validates against one schema, and remembers, least recently used first to go. Bounded by count and by text,
 * since clients choose the texts.
 */
export function documentCache(schema: GraphQLSchema, dev: boolean): (query: string) => Prepared {
  const kept = new Map<string, Prepared>();
  let chars = 0;

  return (query) => {
    const known = kept.get(query);
    if (known !== undefined) {
      kept.delete(query);
      kept.set(query, known);
      return known;
    }
    const prepared = prepare(query, schema, dev);
    kept.set(query, prepared);
    chars += query.length;
    for (const oldest of kept.keys()) {
      if (kept.size <= limits.documents && chars <= limits.documentChars) break;
      kept.delete(oldest);
      chars -= oldest.length;
    }
    return prepared;
  };
}

function prepare(query: string, schema: GraphQLSchema, dev: boolean): Prepared {
  try {
    const document = parse(query, { maxTokens: limits.tokens });
    // Before validation: it writes fragments out, and so does the planner.
    const budget = checkBudget(document);
    if (!budget.ok) return { errors: [invalid(budget.problems.map(({ message }) => message).join("; "))] };
    const rules = dev ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    const options = { maxErrors: limits.validationErrors, hideSuggestions: !dev };
    return { document, errors: validate(schema, document, rules, options) };
  } catch (error) {
    return { errors: [parseFailure(error)] };
  }
}

function invalid(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: "GRAPHQL_VALIDATION_FAILED", http: { spec: true, status: 400 } },
  });
}

/** Whatever the parser throws is the text's fault: a syntax error, or nesting that its stack does not hold. */
function parseFailure(error: unknown): GraphQLError {
  const extensions = { code: "GRAPHQL_PARSE_FAILED", http: { spec: true, status: 400 } };
  if (!(error instanceof GraphQLError)) return new GraphQLError("The document cannot be parsed.", { extensions });
  const { message, source, positions } = error;
  return new GraphQLError(message, { source, positions, extensions });
}
