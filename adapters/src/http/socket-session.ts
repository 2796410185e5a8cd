import {
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
} from "graphql";
import { isNestedDeeper, keepDigits } from "@catalyst-node/core/execution";
import type { makeServer } from "graphql-ws";
import type { WebSocket } from "ws";
import type { GraphqlEndpoint, OpenStream, Operation } from "./endpoint.ts";
import { limits } from "./limits.ts";
import { type Asker, isRefusal } from "./authenticate.ts";
import { requestErrors, type RequestErrorCode } from "./problems.ts";
import type { Refusal } from "./refusal.ts";

/** One client's connection that speaks graphql-transport-ws. */
export interface SocketSession {
  /** Calls back once no query or mutation waits for its answer. */
  whenAnswered(then: () => void): void;
}

/** One operation's hold on what it needs of the process, for as long as it runs. */
export type Admitted = {
  readonly endpoint: GraphqlEndpoint;
  readonly who: Asker;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  readonly openStream: OpenStream;
  /** Gives back what was held. */
  readonly release: () => void;
};

export type SessionPorts = {
  /** Who asks over the connection, by what the client says first; or why nobody may. */
  readonly authenticate: (
    params: Readonly<Record<string, unknown>> | undefined,
  ) => Asker | Refusal | Promise<Asker | Refusal>;
  /** Calls `end` when whoever asks may do so no more, unless what it returns is called before. */
  readonly watch: (who: Asker, end: () => void) => () => void;
  /** Admits one operation of the connection, or says why not. `left` aborts when the connection is gone. */
  readonly admit: (who: Asker, left: AbortSignal) => Admitted | RequestErrorCode;
  readonly onRefused: (code: string) => void;
  readonly onError: (error: unknown) => void;
};

/** graphql-ws's, which is loaded when first needed. */
export type MakeServer = typeof makeServer;

/** Close codes of graphql-transport-ws; by the last of these, clients know to come again with another token. */
const badRequest = 4400;
const forbidden = 4403;
const internalError = 4500;
/** IANA's. */
const tryAgainLater = 1013;
/** How long a client may take to read what it is still told, in milliseconds. */
const lastWordsMs = 1_000;

/** By graphql-ws, which keeps the protocol's rules; the checks are those of a request over HTTP. */
export function openSession(
  makeServer: MakeServer,
  socket: WebSocket,
  { authenticate, watch, admit, onRefused, onError }: SessionPorts,
): SocketSession {
  const left = new AbortController();
  let who: Asker;
  let unwatch: (() => void) | undefined;
  /** Messages that are being answered: of an operation, until it has ended. */
  let open = 0;
  let isOver = false;
  const waiting = new Set<() => void>();
  /** By the arguments that the protocol hands on. */
  const operations = new WeakMap<ExecutionArgs, Operation & Admitted>();
  let answering = 0;

  async function run<Value>(args: ExecutionArgs, act: (operation: Operation & Admitted) => Promise<Value>) {
    const operation = operations.get(args);
    if (operation === undefined) throw new Error("an operation that was not admitted is to be run");
    try {
      return await act(operation);
    } catch (error) {
      onError(error);
      return { errors: [errorOf("INTERNAL_SERVER_ERROR")] };
    } finally {
      operation.release();
    }
  }

  /** Nobody may ask over it any more: what runs has been told so, and is the last. */
  function expire(): void {
    isOver = true;
    if (open === 0) return socket.close(forbidden, "Forbidden");
    setTimeout(() => socket.close(forbidden, "Forbidden"), lastWordsMs).unref();
  }

  const protocol = makeServer({
    connectionInitWaitTimeout: limits.connectionInitMs,
    jsonMessageReviver: keepDigits,
    async onConnect({ connectionParams }) {
      const vetted = await authenticate(connectionParams);
      if (isRefusal(vetted)) {
        onRefused(vetted.code);
        // Else it is closed as forbidden.
        if (vetted.code === "OVERLOADED") socket.close(tryAgainLater, "Try again later");
        return false;
      }
      who = vetted;
      if (!left.signal.aborted) unwatch = watch(who, expire);
      return true;
    },
    onSubscribe({ subscriptions }, _id, payload) {
      const { operationName, variables } = payload;
      if (Object.keys(subscriptions).length > limits.socketOperations) return [errorOf("OVERLOADED")];
      const admitted = isOver ? "UNAUTHENTICATED" : admit(who, left.signal);
      if (typeof admitted === "string") return [errorOf(admitted)];
      const { document, errors } = admitted.endpoint.read(payload);
      const operation = document && errors.length === 0 ? getOperationAST(document, operationName) : undefined;
      if (document && operation) {
        const { schema } = admitted.endpoint;
        const args: ExecutionArgs = { schema, document, operationName: operationName ?? null };
        operations.set(args, {
          ...admitted,
          query: document.loc?.source.body ?? "",
          document,
          operationName: operationName ?? undefined,
          variables: variables ?? {},
        });
        return args;
      }
      admitted.release();
      return errors.length > 0 ? errors : [errorOf("OPERATION_RESOLUTION_FAILURE")];
    },
    async execute(args: ExecutionArgs): Promise<ExecutionResult> {
      answering += 1;
      try {
        return await run(args, (operation) => operation.endpoint.run(operation));
      } finally {
        answering -= 1;
        if (answering === 0) setImmediate(() => waiting.forEach((then) => then()));
      }
    },
    subscribe: (args: ExecutionArgs) =>
      run(args, (operation) => operation.endpoint.open(operation, operation.openStream)),
    onNext: (_context, _id, _payload, _args, { data = null, errors }) =>
      errors === undefined ? { data } : { errors: errors.map(formatted), data },
    onError: (_context, _id, _payload, errors) => errors.map(formatted),
  });

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => new Promise((settle) => socket.send(text, () => settle())),
      close: (code, reason) => socket.close(code, reason),
      onMessage(take) {
        const hear = (data: Buffer, isBinary: boolean): void => {
          // Who only asks and never reads the answers would have them all kept here.
          if (socket.bufferedAmount > limits.socketBufferBytes) return socket.terminate();
          const text = data.toString();
          if (isBinary || isNestedDeeper(text, limits.messageNesting))
            return socket.close(badRequest, "Invalid message received");
          open += 1;
          const told = take(text).catch((error: unknown) => {
            onError(error);
            socket.close(internalError, "Internal server error");
          });
          void told.finally(() => {
            open -= 1;
            if (isOver && open === 0) socket.close(forbidden, "Forbidden");
          });
        };
        socket.on("message", hear);
      },
    },
    undefined,
  );
  const leave = (code: number, reason: Buffer): void => {
    left.abort();
    unwatch?.();
    closed(code, reason.toString()).catch(onError);
  };
  socket.once("close", leave);

  return {
    whenAnswered(then) {
      if (answering === 0) return then();
      waiting.add(then);
    },
  };
}

/** As it goes out: how HTTP would have put it is nobody's business here. */
function formatted(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  const { extensions, ...rest } = error instanceof GraphQLError ? error.toJSON() : error;
  const { http: _, ...told } = extensions ?? {};
  return { ...rest, ...(Object.keys(told).length > 0 && { extensions: told }) };
}

function errorOf(code: RequestErrorCode): GraphQLError {
  return new GraphQLError(requestErrors[code], { extensions: { code } });
}
