import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { WebSocketServer } from "ws";
import type { EndpointTable } from "../endpoints.ts";

/** What a service does with the one subscription it is asked for. */
export type Teller = {
  /** One event, as JSON text or whatever the test wants the client to read. */
  readonly next: (payload: string) => void;
  readonly complete: () => void;
  /** Breaks the connection off without a word. */
  readonly breakOff: () => void;
  /** Closes it in peace, as if nothing more were to be said. */
  readonly close: () => void;
  /** Whatever bytes, in the place of an event. */
  readonly raw: (text: string) => void;
  /** Of the operation; a WebSocket's only. */
  readonly id: string;
  /** Who asks, as the head of the request says it. */
  readonly authorization: string | undefined;
  /** Settles when the client has left. */
  readonly left: Promise<unknown>;
};

type Protocol = "sse" | "ws";

/** A service that speaks one of the protocols, written out so that a test can break its rules; its table. */
export async function sourceServer(
  t: TestContext,
  protocol: Protocol,
  tell: (teller: Teller, body: unknown) => void,
): Promise<{ readonly table: EndpointTable; readonly url: string }> {
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    const raw = (bytes: string): void => void response.write(bytes);
    const left = once(response, "close");
    const teller: Teller = {
      raw,
      next: (payload) => raw(`event: next\ndata: ${payload}\n\n`),
      complete: () => response.end("event: complete\ndata:\n\n"),
      breakOff: () => response.destroy(),
      close: () => response.end(),
      id: "",
      authorization: request.headers.authorization,
      left,
    };
    text(request).then(
      (body) => tell(teller, JSON.parse(body)),
      () => response.destroy(),
    );
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "graphql-transport-ws" });
  server.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (client) => {
      const { authorization } = request.headers;
      const left = once(client, "close");
      client.on("message", (data: Buffer) => {
        const { type, id, payload } = JSON.parse(data.toString());
        if (type === "connection_init") client.send('{"type":"connection_ack"}');
        if (type !== "subscribe") return;
        const raw = (message: string): void => client.send(message);
        const next = (json: string): void => raw(`{"id":"${id}","type":"next","payload":${json}}`);
        const complete = (): void => raw(`{"id":"${id}","type":"complete"}`);
        const endings = { breakOff: () => client.terminate(), close: () => client.close(1000) };
        tell({ raw, next, complete, ...endings, id, authorization, left }, payload);
      });
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const url = `http://127.0.0.1:${address.port}/graphql`;
  return { url, table: new Map([["s", [{ url, subscriptions: { protocol } }]]]) };
}
