import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  validate,
} from "graphql";
import {
  checkOperationLimits,
  type CostJudge,
  type CostRules,
  judgeCost,
  parseDocument,
} from "@catalyst-node/core/execution";
import { limits } from "./limits.ts";
import { objected, parseFailed } from "./objected.ts";
import type { EndpointSettings } from "./settings.ts";

/** A client's text, judged once: a document that may be planned, or the errors to answer. */
export type Prepared =
  | { readonly document: DocumentNode; readonly errors: readonly GraphQLError[] }
  | { readonly document?: never; readonly errors: readonly [GraphQLError] };

/** By what texts are judged. */
export type Judging = {
  readonly schema: GraphQLSchema;
  readonly settings: EndpointSettings;
  readonly costRules: CostRules;
};

/** Clients' texts as they were judged, and what can be judged only with variables. */
export interface Documents {
  readonly prepare: (query: string) => Prepared;
  /** Why an operation of a prepared document costs too much with these variables. */
  readonly costly: (asked: Asked) => GraphQLError | undefined;
}

type Asked = {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
};

/**
 * Parses and validates against one schema, and remembers, least recently used first to go. Bounded by count and by text,
 * since clients choose the texts.
 */
export function documentCache(judging: Judging): Documents {
  const kept = new Map<string, Prepared>();
  const costs: Costs = new WeakMap();
  let chars = 0;
  let latest: string | undefined;

  return {
    prepare(query) {
      const known = kept.get(query);
      if (known !== undefined) {
        if (query === latest) return known;
        latest = query;
        kept.delete(query);
        kept.set(query, known);
        return known;
      }
      const prepared = prepare(query, judging, costs);
      latest = query;
      kept.set(query, prepared);
      chars += query.length;
      for (const oldest of kept.keys()) {
        if (kept.size <= limits.documents && chars <= limits.documentChars) break;
        kept.delete(oldest);
        chars -= oldest.length;
      }
      return prepared;
    },
    costly({ document, operationName, variables }) {
      const objection = costs.get(document)?.(operationName, variables);
      return objection && objected(objection);
    },
  };
}

/** Of the documents whose cost variables decide. */
type Costs = WeakMap<DocumentNode, NonNullable<CostJudge["withVariables"]>>;

function prepare(query: string, { schema, settings, costRules }: Judging, costs: Costs): Prepared {
  const parsed = parseDocument(query, settings.limits.maxTokens);
  if ("objection" in parsed) return { errors: [objected(parsed.objection)] };
  if ("error" in parsed) return { errors: [parseFailed(parsed.error)] };
  const { document } = parsed;
  // Before validation: it writes fragments out, and so does the planner.
  const objections = checkOperationLimits(document, settings.limits);
  if (objections.length > 0) return { document, errors: objections.slice(0, limits.validationErrors).map(objected) };
  const rules = settings.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const options = { maxErrors: limits.validationErrors, hideSuggestions: !settings.suggestions };
  const errors = validate(schema, document, rules, options);
  if (errors.length > 0) return { document, errors };
  const cost = judgeCost(document, { schema, rules: costRules }, settings.limits.maxCost);
  if (cost.withVariables) costs.set(document, cost.withVariables);
  return { document, errors: cost.objections.map(objected) };
}
