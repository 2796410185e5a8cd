import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { createContextKey } from "@connectrpc/connect";

/** The names in a caller's certificate (DNS and URI of its subjectAltName), for handlers; none where it showed none. */
export const callerNames = createContextKey<readonly string[]>([], {
  description: "names in the caller's certificate",
});

/** Told of a connection once: its certificate was verified when it was made, and stays the same. */
const known = new WeakMap<object, readonly string[]>();

/** Reads them off the connection that a request came by. */
export function namesOf(request: IncomingMessage | Http2ServerRequest): readonly string[] {
  const connection = "stream" in request ? request.stream.session : request.socket;
  if (connection === null || connection === undefined) return [];
  const found = known.get(connection);
  if (found !== undefined) return found;
  const socket = "socket" in connection ? connection.socket : connection;
  const certificate = isTls(socket) ? socket.getPeerX509Certificate() : undefined;
  const names = readNames(certificate?.subjectAltName ?? "");
  known.set(connection, names);
  return names;
}

/** HTTP/2 shows its socket through a proxy, which has the methods of the real one and no names of them. */
function isTls(socket: Socket | TLSSocket): socket is TLSSocket {
  return typeof Reflect.get(socket, "getPeerX509Certificate") === "function";
}

/**
 * Node's text of a subjectAltName: `DNS:a, URI:"b, c"`. A name with a comma or a quotation mark in it stands as JSON,
 * and is nobody's that we let in: were it split, it could pass for other names.
 */
export function readNames(text: string): readonly string[] {
  const entry = /([A-Za-z][A-Za-z ]*):(?:"(?:[^"\\]|\\.)*"|([^",]*))(?:, |$)/y;
  const names: string[] = [];
  while (entry.lastIndex < text.length) {
    const found = entry.exec(text);
    if (found === null) return [];
    const [, kind, name] = found;
    if ((kind === "DNS" || kind === "URI") && name !== undefined && name !== "") names.push(name);
  }
  return names;
}
