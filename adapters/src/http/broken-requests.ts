import type { Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestErrorCode } from "./problems.ts";
import { type Refusal, refuseUpgrade } from "./refusal.ts";

/**
 * Answers what is no HTTP request, or did not arrive in time, and ends its connection, as Node would by itself; and has it
 * counted.
 */
export function refuseBroken(server: Server, onRefused: (code: RequestErrorCode) => void): void {
  // One entry for each connection: what is set anew for each request, V8 keeps for long (docs/adr/0019).
  const answers = new WeakMap<Duplex, { latest: ServerResponse }>();
  server.prependListener("request", ({ socket }, response) => {
    const known = answers.get(socket);
    if (known === undefined) answers.set(socket, { latest: response });
    else known.latest = response;
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    const refusal = refusalOf(error.code);
    const answer = answers.get(socket)?.latest;
    const isAnswering = answer !== undefined && !answer.closed && answer.headersSent;
    if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
    onRefused(refusal.code);
    if (isAnswering) socket.destroy();
    else refuseUpgrade(socket, refusal);
  });
}

function refusalOf(code = ""): Refusal {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, code: "REQUEST_TIMEOUT" };
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, code: "REQUEST_HEADER_FIELDS_TOO_LARGE" };
    default:
      return { status: 400, code: "BAD_REQUEST" };
  }
}
