import type { Server } from "node:http";
import { Server as NetServer } from "node:net";

/**
 * Accepts nobody more; settles when nobody is connected. Idle connections end after `lingerMs`, and not at once as by
 * `close` of HTTP servers: a request may be on its way over any of them, and would be lost. Whoever asks meanwhile is to
 * be answered with `connection: close`, so that only connections that are not in use are ended by us (RFC 9112, 9.6).
 */
export async function closeGently(
  server: Server,
  bound: readonly NetServer[],
  lingerMs: number,
  onLingered: () => void,
): Promise<void> {
  // Once more around the loop: whoever waits to be accepted when a listener is closed is reset.
  await new Promise((settle) => setImmediate(() => setImmediate(settle)));
  const closed = bound.map(
    (each) => new Promise<void>((settle) => void NetServer.prototype.close.call(each, () => settle())),
  );
  const linger = setTimeout(() => {
    onLingered();
    server.closeIdleConnections();
  }, lingerMs);
  await Promise.all(closed);
  clearTimeout(linger);
}
