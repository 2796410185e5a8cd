import { keepDigits, mayHoldLong } from "@catalyst-node/core/execution";
import type { GraphQLParams, Plugin } from "graphql-yoga";

/** Has Yoga take parameters with all digits of their numbers, which its own parsing loses. */
export const exactParams: NonNullable<Plugin["onRequestParse"]> = ({ url, requestParser, setRequestParser }) => {
  let body = "";
  if (requestParser !== undefined) {
    setRequestParser((request) => {
      const read = request.text.bind(request);
      // A body can be read once; `json` reads it by this.
      request.text = async () => (body = await read());
      return requestParser(request);
    });
  }
  return {
    onRequestParseDone({ requestParserResult: params, setRequestParserResult }) {
      if (Array.isArray(params)) return;
      const inUrl = body === "" ? (url.searchParams.get("variables") ?? "") : "";
      if (mayHoldLong(inUrl)) {
        const variables: NonNullable<GraphQLParams["variables"]> = JSON.parse(inUrl, keepDigits);
        setRequestParserResult({ ...params, variables });
      } else if (mayHoldLong(body)) {
        const exact: GraphQLParams = JSON.parse(body, keepDigits);
        setRequestParserResult(exact);
      }
    },
  };
};
