import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { TestCertificates } from "../../../../tests/support/certificates.ts";
import type { Pair } from "../listeners.ts";
import { serve } from "./serving.ts";

/** A server by HTTPS, and clients that trust it. */
type Secure = AsyncDisposable & {
  readonly certificates: TestCertificates;
  readonly serving: Awaited<ReturnType<typeof serve>>;
  readonly port: number;
  readonly connect: (options?: ConnectionOptions) => Promise<TLSSocket>;
  readonly http2: () => Promise<ClientHttp2Session>;
  /** Has a new certificate shown, and answers it. */
  readonly renew: () => Pair;
};

export async function serveSecurely(options: Parameters<typeof serve>[0] = {}): Promise<Secure> {
  await using stack = new AsyncDisposableStack();
  const certificates = new TestCertificates("");
  const serving = stack.use(await serve({ ...options, tls: { certificate: certificates.issue() } }));
  const port = Number(new URL(serving.server.url).port);
  const owned = stack.move();
  return {
    certificates,
    serving,
    port,
    async connect(more) {
      const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ca: certificates.ca, ...more });
      owned.defer(() => void socket.destroy());
      await once(socket, "secureConnect", { signal: AbortSignal.timeout(5000) });
      return socket;
    },
    async http2() {
      const session = connectHttp2(`https://localhost:${port}`, { ca: certificates.ca });
      session.on("error", () => undefined);
      owned.defer(() => session.destroy());
      await once(session, "connect", { signal: AbortSignal.timeout(5000) });
      return session;
    },
    renew() {
      const next = certificates.issue();
      serving.server.setCertificate(next);
      return next;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
};

export const json = {
  ":method": "POST",
  ":path": "/graphql",
  "content-type": "application/json",
  accept: "application/json",
};

/** Asks over one stream; what was answered, or the code that the stream was closed with. */
export async function ask(
  session: ClientHttp2Session,
  query: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = JSON.stringify({ query });
  const stream = session.request(
    { ...json, "content-length": String(Buffer.byteLength(body)), ...headers },
    { endStream: false },
  );
  stream.end(body);
  return await answerOf(stream);
}

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  const signal = AbortSignal.timeout(10_000);
  const ended = once(stream, "close").then((): never[] => []);
  const [head]: Record<string, unknown>[] = await Promise.race([once(stream, "response", { signal }), ended]);
  if (head === undefined) throw new Error(`closed with ${stream.rstCode} and no answer`);
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += String(chunk);
  return { status: Number(head?.[":status"]), headers: head ?? {}, text };
}
