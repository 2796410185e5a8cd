import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { type DocumentNode, type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLSchema } from "graphql";
import type * as graphqlYoga from "graphql-yoga";
import { type CostRules, isDeeper, noCostRules, WrittenResult } from "@catalyst-node/core/execution";
import type { Asker } from "./authenticate.ts";
import { documentCache, type Prepared } from "./documents.ts";
import { exactParams } from "./exact-params.ts";
import { isRefusalCode, tooDeep } from "./objected.ts";
import { type Asking, operationText } from "./operation-text.ts";
import { plainAnswers } from "./plain-answer.ts";
import type { MediaType, PlainParams } from "./plain.ts";
import { requestErrors } from "./problems.ts";
import { requestError } from "./request-error.ts";
import type { EndpointSettings } from "./settings.ts";
import type { Stream } from "./streams.ts";
import { untilAborted } from "./until-aborted.ts";

// As CommonJS its 280 files load in 60 ms less.
const { createYoga, maskError, processRegularResult }: typeof graphqlYoga = createRequire(import.meta.url)(
  "graphql-yoga",
);

/** One validated operation of a client, to be planned and executed. The same document object for the same text. */
export type Operation = {
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
} & OperationContext;

/** What an operation takes from its request: who asks, what ends it, and the headers that may go on to services. */
type OperationContext = {
  readonly who: Asker;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
};

/** Makes what asks for it long-lived: no deadline, a place among the listener's streams. Undefined: there is none left. */
export type OpenStream = () => Stream | undefined;
type RequestContext = OperationContext & { readonly openStream: OpenStream };

export type EndpointOptions = {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly settings: EndpointSettings;
  /** What the services declare of their costs. Default: nothing. */
  readonly costRules?: CostRules;
  readonly execute: (operation: Operation) => Promise<ExecutionResult>;
  /** The answers of a subscription until \`signal\` aborts, or why there are none. They never reject. */
  readonly subscribe: (operation: Operation) => Promise<ExecutionResult | AsyncIterable<ExecutionResult>>;
  /** Hears of what must not be told to the client. */
  readonly onError: (error: unknown) => void;
  /** Hears the code of each request that a limit turns away. */
  readonly onRefused: (code: string) => void;
};

/** GraphQL over HTTP for one schema and mode; stateless but for its cache of documents. */
export interface GraphqlEndpoint {
  readonly settings: EndpointSettings;
  readonly schema: GraphQLSchema;
  /** Answers one admitted request; settles when the answer is written. */
  handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void>;
  /** Finds, parses and validates what is asked; for what is no HTTP request. */
  read(asking: Asking): Prepared;
  /** Answers a query or mutation, at the latest when its signal aborts. */
  run(operation: Operation): Promise<ExecutionResult>;
  /** Answers a subscription, which has to be taken or returned. */
  open(
    operation: Operation,
    openStream: OpenStream,
  ): Promise<ExecutionResult | AsyncGenerator<ExecutionResult, void, void>>;
  /**
   * Answers what a plain request asks, as `handle` would. Undefined, and nothing is executed, when that is no valid
   * query or mutation: then `handle` has to say so. An endpoint without it has `handle` answer everything.
   */
  readonly answerPlain: AnswerPlain | undefined;
}

export type AnswerPlain = (
  params: PlainParams,
  mediaType: MediaType,
  context: OperationContext,
) => Promise<PlainAnswer> | undefined;

/** An answer ready to be written. */
export type PlainAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
};

export function createEndpoint(options: EndpointOptions): GraphqlEndpoint {
  const { schema, settings, costRules = noCostRules, execute, subscribe, onError, onRefused } = options;
  const { prepare, costly } = documentCache({ schema, settings, costRules });

  const textOf = (asking: Asking) => operationText(asking, settings.operations);

  /** Counts what a limit turns away, once for each request. */
  function refuse(error: GraphQLError): GraphQLError {
    const { code } = error.extensions;
    if (isRefusalCode(code)) onRefused(code);
    return error;
  }

  function prepareOrRefuse(query: string): Prepared {
    const prepared = prepare(query);
    if (prepared.errors[0] !== undefined) refuse(prepared.errors[0]);
    return prepared;
  }

  const pipeline: graphqlYoga.Plugin<RequestContext> = {
    onRequestParse: exactParams({ maxNesting: settings.limits.maxNesting, textOf, refuse }),
    onParse({ params, setParsedDocument }) {
      const { document, errors } = prepareOrRefuse(String(params.source));
      if (document === undefined) throw errors[0];
      setParsedDocument(document);
    },
    onValidate({ params, setResult }) {
      setResult([...prepare(params.documentAST.loc?.source.body ?? "").errors]);
    },
    onExecute({ args, context, setExecuteFn }) {
      setExecuteFn(() => run(operationOf(args, context)));
    },
    onSubscribe({ args, setSubscribeFn }) {
      const context: RequestContext = args.contextValue;
      setSubscribeFn(() => open(operationOf(args, context), context.openStream));
    },
  };

  async function run(operation: Operation): Promise<ExecutionResult> {
    const result = await runToText(operation);
    return result instanceof WrittenResult ? result.read() : result;
  }

  function runToText(operation: Operation): Promise<ExecutionResult> {
    const tooMuch = costly(operation);
    if (tooMuch !== undefined) return Promise.resolve({ errors: [refuse(tooMuch)] });
    return untilAborted(execute(operation), operation.signal, onRefused);
  }

  async function open(operation: Operation, openStream: OpenStream) {
    const tooMuch = costly(operation);
    if (tooMuch !== undefined) return { errors: [refuse(tooMuch)] };
    const stream = openStream();
    if (stream === undefined) return { errors: [requestError("OVERLOADED", 503)] };
    try {
      const answers = await subscribe({ ...operation, signal: stream.signal });
      if (Symbol.asyncIterator in answers) return stream.carry(answers);
      stream.close();
      return answers;
    } catch (error) {
      stream.close();
      throw error;
    }
  }

  const yoga = createYoga<RequestContext>({
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
    maxRequestBodySize: settings.limits.maxBody,
    maskedErrors: { errorMessage: requestErrors.INTERNAL_SERVER_ERROR, isDev: false },
    logging: { debug: () => undefined, info: () => undefined, warn: onError, error: onError },
  });

  /** As Yoga does with what an operation's errors are, and with what it throws. */
  function mask(error: unknown): GraphQLError {
    const masked = maskError(error, requestErrors.INTERNAL_SERVER_ERROR, false);
    if (masked !== error) onError(error);
    return masked instanceof GraphQLError ? masked : new GraphQLError(masked.message);
  }

  return {
    settings,
    schema,
    read(asking) {
      const text = isDeeper(asking, settings.limits.maxNesting) ? tooDeep() : textOf(asking);
      if (typeof text === "string") return prepareOrRefuse(text);
      return { errors: [text === undefined ? requestError("BAD_REQUEST", 400) : refuse(text)] };
    },
    run,
    open,
    async handle(request, response, context) {
      await yoga.handle(request, response, context);
    },
    answerPlain: plainAnswers({ textOf, prepare, run: runToText, write: processRegularResult, mask }),
  };
}

function operationOf(args: ExecutionArgs, { who, signal, headers }: OperationContext): Operation {
  const { document, operationName, variableValues } = args;
  return {
    query: document.loc?.source.body ?? "",
    document,
    operationName: operationName ?? undefined,
    variables: variableValues ?? {},
    who,
    signal,
    headers,
  };
}
