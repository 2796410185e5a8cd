import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** What a gateway answered to a request with a token, or with what looks like one. */
export type BearerAnswer = {
  readonly status: number;
  /** WWW-Authenticate. */
  readonly challenge: string | undefined;
  readonly retryAfter: string | undefined;
  readonly body: Body;
};

type Body = {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
};

const query = JSON.stringify({ query: "{ __typename }" });
const deadlineMs = 15_000;

/** Asks `{ __typename }` with a token. */
export function sendAs(url: string, token: string): Promise<BearerAnswer> {
  return sendWith(url, ["Authorization", `Bearer ${token}`]);
}

/** The same with any headers, name and value in turns, as they stand: a name may stand twice. */
export async function sendWith(url: string, headers: readonly string[]): Promise<BearerAnswer> {
  const { host } = new URL(url);
  const always = ["Host", host, "Content-Type", "application/json", "Accept", "application/json"];
  const sent = request(url, {
    method: "POST",
    headers: [...always, "Content-Length", String(query.length), ...headers],
    signal: AbortSignal.timeout(deadlineMs),
    agent: false,
  });
  const answered = once(sent, "response");
  sent.end(query);
  const [response]: IncomingMessage[] = await answered;
  if (response === undefined) throw new Error("no answer");
  const { "www-authenticate": challenge, "retry-after": retryAfter } = response.headers;
  return { status: response.statusCode ?? 0, challenge, retryAfter, body: parsed(await text(response)) };
}

function parsed(answer: string): Body {
  try {
    return JSON.parse(answer);
  } catch {
    return {};
  }
}
