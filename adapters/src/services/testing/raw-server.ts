import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import type { ServiceAnswer, ServiceRequest } from "@catalyst-node/core/execution";
import { ownHost } from "../../../../tests/support/own-host.ts";
import type { EndpointTable } from "../endpoints.ts";
import { createServicePort, type HttpServicePort, type ServicePortOptions } from "../send.ts";

export const query: ServiceRequest = { service: "s", kind: "query", body: `{"query":"{a}"}`, headers: {} };
export const mutation: ServiceRequest = { ...query, kind: "mutation" };
/** Of a client that stays. */
export const never = new AbortController().signal;

/** Bytes of a response. */
export function response(status: number, body = "{}", fields = "content-type: application/json\r\n"): string {
  return `HTTP/1.1 ${status} X\r\n${fields}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** What a server does with a request, written out so that a test can break its rules. */
export type OnRequest = (socket: Socket, request: string) => void;

/** A service that can be killed, and started again at its address. */
export type RawServer = {
  readonly url: string;
  /** Requests so far; each comes in one piece: it is small, and is written at once. */
  readonly requests: () => number;
  readonly connections: () => number;
  readonly behave: (manner: OnRequest) => void;
  /** All connections break, and no more are taken. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
};

export async function rawServer(t: TestContext, manner: OnRequest): Promise<RawServer> {
  let behaviour = manner;
  let requests = 0;
  let connections = 0;
  let at = 0;
  let server: Server;
  const sockets = new Set<Socket>();
  const start = async (): Promise<void> => {
    server = createServer((socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
      socket.on("data", (bytes: Buffer) => {
        requests += 1;
        behaviour(socket, bytes.toString());
      });
    }).listen(at, ownHost);
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    at = address.port;
  };
  const kill = async (): Promise<void> => {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    if (server.listening) await once(server, "close");
  };
  await start();
  t.after(kill);
  return {
    url: `http://${ownHost}:${at}/`,
    requests: () => requests,
    connections: () => connections,
    behave: (next) => (behaviour = next),
    kill,
    start,
  };
}

/** A port to these endpoints of the one service. */
export function portTo(t: TestContext, urls: readonly string[], options: ServicePortOptions = {}): HttpServicePort {
  const port = createServicePort(options);
  port.setEndpoints(tableOf(urls));
  t.after(() => port[Symbol.asyncDispose]());
  return port;
}

export function tableOf(urls: readonly string[]): EndpointTable {
  return new Map([["s", urls.map((url) => ({ url }))]]);
}

/** An answer in a word. What is no JSON has no payload: the executor tells SERVICE_BAD_RESPONSE of it. */
export function outcome(answer: ServiceAnswer): string {
  return answer.kind === "failed" ? answer.code : (JSON.stringify(answer.payload) ?? "SERVICE_BAD_RESPONSE");
}
