import { defaultGatewayLimits, type GatewayLimits } from "@catalyst-node/core/model";
import { buildSchema, execute, type ExecutionResult } from "graphql";
import {
  type AnswerPlain,
  createEndpoint,
  type EndpointOptions,
  type GraphqlEndpoint,
  type Operation,
} from "../endpoint.ts";
import type { Listen } from "../listeners.ts";
import { type HttpServer, serveHttp } from "../server.ts";
import { noVetting, settingsOf } from "./settings.ts";

const schema = buildSchema(
  "type Query { hello(name: String): String many(first: Int): [Query] } type Mutation { set: Int } type Subscription { tick: Int }",
);

/** The real limits, with shorter deadlines. */
export const quick: GatewayLimits = {
  ...defaultGatewayLimits,
  headersTimeout: 300,
  receiveTimeout: 300,
  requestTimeout: 5000,
};

/** Executes an operation in the place of a plan. */
type Run = (operation: Operation) => Promise<ExecutionResult>;

/** Answers from the schema itself. */
export const echo: Run = async ({ document, operationName, variables }) =>
  execute({ schema, document, operationName, variableValues: variables, rootValue: { hello: "world", set: 1 } });

/** Tells in the place of a source. */
type Subscribe = EndpointOptions["subscribe"];

/** Three answers, then the end. */
const ticks: Subscribe = async () =>
  (async function* () {
    for (const tick of [1, 2, 3]) yield { data: { tick } };
  })();

/** A real listener, what it is asked at, and the errors it told. */
type Serving = AsyncDisposable & {
  readonly server: HttpServer;
  readonly graphql: string;
  readonly errors: unknown[];
  /** The codes of those that were turned away. */
  readonly refusals: string[];
  /** How many requests were answered without Yoga. */
  readonly plainAnswers: () => number;
};

export async function serve({
  dev = false,
  run = echo,
  subscribe = ticks,
  ready = true,
  limits = quick,
  settings = settingsOf(dev, limits),
  release = (): void => undefined,
  plain = true,
  tls = undefined as Listen["tls"],
  vetting = noVetting,
} = {}): Promise<Serving> {
  const errors: unknown[] = [];
  const refusals: string[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const onRefused = (code: string): void => void refusals.push(code);
  const whole = createEndpoint({ schema, settings, execute: run, subscribe, onError, onRefused });
  let plainly = 0;
  const { answerPlain } = whole;
  const counted: AnswerPlain = (...asked) => {
    const answer = answerPlain?.(...asked);
    if (answer !== undefined) plainly += 1;
    return answer;
  };
  const endpoint: GraphqlEndpoint = { ...whole, answerPlain: plain ? counted : undefined };
  const started = await serveHttp(
    { host: "127.0.0.1", port: 0, ...(tls && { tls }) },
    {
      acquire: () => (ready ? { endpoint, release } : undefined),
      notReady: () => (ready ? [] : [{ code: "CAT-GATEWAY-002", path: "schema", message: "No schema." }]),
      onError,
      onRefused,
      vetting,
    },
    settings.limits,
  );
  if (!started.ok) throw new Error(started.problems[0]?.message);
  const server = started.value;
  return {
    server,
    errors,
    refusals,
    plainAnswers: () => plainly,
    graphql: `${server.url}/graphql`,
    [Symbol.asyncDispose]: async () => void (await server.stop(0)),
  };
}

/** POSTs JSON, text as it is. */
export function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
}

/** The code of an answer's first error. */
export async function codeOf(response: Response): Promise<string | undefined> {
  const body: { errors?: { extensions?: { code?: string } }[] } = JSON.parse(await response.text());
  return body.errors?.[0]?.extensions?.code;
}
