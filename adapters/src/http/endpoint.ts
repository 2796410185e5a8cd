import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLSchema } from "graphql";
import type * as graphqlYoga from "graphql-yoga";
import { documentCache } from "./documents.ts";
import { limits } from "./limits.ts";
import { requestErrors, type RequestErrorCode } from "./problems.ts";

// As CommonJS its 280 files load in 60 ms less.
const { createYoga }: typeof graphqlYoga = createRequire(import.meta.url)("graphql-yoga");

/** One validated operation of a client, to be planned and executed. The same document object for the same text. */
export type Operation = {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
} & OperationContext;

/** What an operation takes from its request: what ends it, and the headers that may go on to services. */
type OperationContext = { readonly signal: AbortSignal; readonly headers: Readonly<Record<string, string>> };

export type EndpointOptions = {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** Introspection, queries by GET, suggestions. */
  readonly dev: boolean;
  readonly execute: (operation: Operation) => Promise<ExecutionResult>;
  /** Hears of what must not be told to the client. */
  readonly onError: (error: unknown) => void;
};

/** GraphQL over HTTP for one schema and mode; stateless but for its cache of documents. */
export interface GraphqlEndpoint {
  readonly dev: boolean;
  /** Answers one admitted request; settles when the answer is written. */
  handle(request: IncomingMessage, response: ServerResponse, context: OperationContext): Promise<void>;
}

export function createEndpoint({ schema, dev, execute, onError }: EndpointOptions): GraphqlEndpoint {
  const prepare = documentCache(schema, dev);

  const pipeline: graphqlYoga.Plugin<OperationContext> = {
    onParse({ params, setParsedDocument }) {
      const { document, errors } = prepare(String(params.source));
      if (document === undefined) throw errors[0];
      setParsedDocument(document);
    },
    onValidate({ params, setResult }) {
      setResult([...prepare(params.documentAST.loc?.source.body ?? "").errors]);
    },
    onExecute({ args, context, setExecuteFn }) {
      setExecuteFn(() => answer(args, context));
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(() => ({ errors: [requestError("SUBSCRIPTIONS_NOT_SUPPORTED")] }));
    },
  };

  async function answer(args: ExecutionArgs, { signal, headers }: OperationContext): Promise<ExecutionResult> {
    const { document } = args;
    const result = execute({
      query: document.loc?.source.body ?? "",
      document,
      operationName: args.operationName ?? undefined,
      variables: args.variableValues ?? {},
      headers,
      signal,
    });
    return await untilAborted(result, signal);
  }

  const yoga = createYoga<OperationContext>({
    schema,
    plugins: [pipeline],
    graphqlEndpoint: "/graphql",
    // What the front decides, or what nobody asked for.
    graphiql: false,
    landingPage: false,
    healthCheckEndpoint: "/graphql/-",
    cors: false,
    multipart: false,
    batching: false,
    parserAndValidationCache: false,
    maxRequestBodySize: limits.bodyBytes,
    maskedErrors: { errorMessage: requestErrors.INTERNAL_SERVER_ERROR, isDev: false },
    logging: { debug: () => undefined, info: () => undefined, warn: onError, error: onError },
  });

  return {
    dev,
    async handle(request, response, context) {
      await yoga.handle(request, response, context);
    },
  };
}

/** An operation whose time is up is answered at once, whatever it still waits for. */
async function untilAborted(result: Promise<ExecutionResult>, signal: AbortSignal): Promise<ExecutionResult> {
  const { promise, resolve } = Promise.withResolvers<ExecutionResult>();
  const give = (): void => resolve({ errors: [requestError("DEADLINE_EXCEEDED", 504)] });
  if (signal.aborted) give();
  signal.addEventListener("abort", give);
  try {
    return await Promise.race([result, promise]);
  } finally {
    signal.removeEventListener("abort", give);
  }
}

function requestError(code: RequestErrorCode, status = 200, message: string = requestErrors[code]): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, spec: status < 500 } } });
}
