import { isNestedDeeper, keepDigits, mayHoldLong } from "@catalyst-node/core/execution";
import { GraphQLError } from "graphql";
import type { GraphQLParams, Plugin } from "graphql-yoga";
import { tooDeep } from "./objected.ts";
import type { Asking } from "./operation-text.ts";

/** How parameters are read. */
export type Reading = {
  /** Levels of objects and lists in JSON. */
  readonly maxNesting: number;
  /** The text that is meant, or why there is none; undefined when nothing is told that could mean one. */
  readonly textOf: (asking: Asking) => string | GraphQLError | undefined;
  /** Hears of each error that is answered. */
  readonly refuse: (error: GraphQLError) => GraphQLError;
};

/**
 * Has Yoga take parameters with all digits of their numbers, which its own parsing loses, not nested too deep, and with
 * the text of an operation that is asked for by its id.
 */
export function exactParams({ maxNesting, textOf, refuse }: Reading): NonNullable<Plugin["onRequestParse"]> {
  return ({ url, requestParser, setRequestParser }) => {
    let body = "";
    if (requestParser !== undefined) {
      setRequestParser((request) => {
        for (const name of ["variables", "extensions"])
          if (isNestedDeeper(url.searchParams.get(name) ?? "", maxNesting)) throw refuse(tooDeep());
        const read = request.text.bind(request);
        // A body can be read once; `json` reads it by this.
        request.text = async () => {
          body = await read();
          if (isNestedDeeper(body, maxNesting)) throw refuse(tooDeep());
          return body;
        };
        return requestParser(request);
      });
    }
    return {
      onRequestParseDone({ requestParserResult: params, setRequestParserResult }) {
        if (typeof params !== "object" || params === null || Array.isArray(params)) return;
        const exact = exactly(params, body, url);
        const inUrl = body === "" ? url.searchParams.get("documentId") : undefined;
        const { documentId = inUrl, ...rest }: GraphQLParams & Asking = exact;
        const text = textOf({ ...rest, documentId });
        if (text instanceof GraphQLError) throw refuse(text);
        if (text !== undefined) setRequestParserResult({ ...rest, query: text });
        else if (exact !== params) setRequestParserResult(exact);
      },
    };
  };
}

function exactly(params: GraphQLParams, body: string, url: URL): GraphQLParams {
  const inUrl = body === "" ? (url.searchParams.get("variables") ?? "") : "";
  if (mayHoldLong(inUrl)) {
    const variables: NonNullable<GraphQLParams["variables"]> = JSON.parse(inUrl, keepDigits);
    return { ...params, variables };
  }
  if (!mayHoldLong(body)) return params;
  const exact: GraphQLParams = JSON.parse(body, keepDigits);
  return exact;
}
