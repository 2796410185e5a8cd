import { setImmediate as othersTurn } from "node:timers/promises";
import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  type GraphQLError,
  OperationTypeNode,
} from "graphql";
import type * as graphqlYoga from "graphql-yoga";
import { WrittenResult } from "@catalyst-node/core/execution";
import type { Prepared } from "./documents.ts";
import type { Asking } from "./operation-text.ts";
import type { MediaType } from "./plain.ts";
import type { AnswerPlain, Operation, PlainAnswer } from "./endpoint.ts";

/** In characters: to write a text so long after it was made would keep all others waiting for too long. */
const largeText = 256 * 1024;

type Parts = {
  readonly textOf: (asking: Asking) => string | GraphQLError | undefined;
  readonly prepare: (query: string) => Prepared;
  readonly run: (operation: Operation) => Promise<ExecutionResult>;
  /** Yoga's own, which knows status and form of whatever is not simply data. */
  readonly write: typeof graphqlYoga.processRegularResult;
  readonly mask: (error: unknown) => GraphQLError;
};

/** Executes plain requests for one schema. */
export function plainAnswers({ textOf, prepare, run, write, mask }: Parts): AnswerPlain {
  const fetchAPI = Object.assign(Object.create(null), { Response: Written });

  return ({ operationName, variables, ...asking }, mediaType, context) => {
    const query = textOf(asking);
    if (typeof query !== "string") return undefined;
    const { document, errors } = prepare(query);
    if (document === undefined || errors.length > 0 || !isAnswered(document, operationName)) return undefined;
    return answer({ query, document, operationName, variables, ...context }, mediaType);
  };

  async function answer(operation: Operation, mediaType: MediaType): Promise<PlainAnswer> {
    const result = await run(operation).catch((error: unknown): ExecutionResult => ({ errors: [mask(error)] }));
    const { errors } = result;
    if (errors === undefined || errors.length === 0) {
      const body = result instanceof WrittenResult ? bodyOf(result) : JSON.stringify(result);
      if (body.length >= largeText) await othersTurn();
      return { status: 200, headers: headersOf(mediaType, body), body };
    }
    const objects = result instanceof WrittenResult ? result.read() : result;
    const written: unknown = write({ ...objects, errors: errors.map(mask) }, fetchAPI, mediaType);
    if (!(written instanceof Written)) throw new Error("an answer was written in a way of its own");
    const { status, headers, body } = written;
    return { status, headers: { ...headers, ...lengthOf(body) }, body };
  }
}

/** What Yoga makes an answer of. */
class Written {
  readonly body: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: string, { status, headers }: { readonly status: number; readonly headers: Written["headers"] }) {
    this.body = body;
    this.status = status;
    this.headers = headers;
  }
}

function bodyOf(result: WrittenResult): string | Buffer {
  const { body } = result;
  if (body === undefined) return `{"data":${result.dataText}}`;
  return typeof body === "string" ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function headersOf(mediaType: string, body: string | Buffer): Readonly<Record<string, string>> {
  return { "Content-Type": `${mediaType}; charset=utf-8`, ...lengthOf(body) };
}

function lengthOf(body: string | Buffer): Readonly<Record<string, string>> {
  return { "content-length": String(Buffer.byteLength(body)) };
}

const kinds = new WeakMap<DocumentNode, Map<string | undefined, boolean>>();

/** Whether this names one operation of the document, and one that has a single answer. */
function isAnswered(document: DocumentNode, operationName: string | undefined): boolean {
  const ofDocument = kinds.get(document) ?? new Map<string | undefined, boolean>();
  const known = ofDocument.get(operationName);
  if (known !== undefined) return known;
  const kind = getOperationAST(document, operationName)?.operation;
  const isIt = kind === OperationTypeNode.QUERY || kind === OperationTypeNode.MUTATION;
  // Names that are none come from clients: they are not kept.
  if (isIt) kinds.set(document, ofDocument.set(operationName, isIt));
  return isIt;
}
