import type { Server } from "node:http";
import { Server as NetServer } from "node:net";

/**
 * Accepts nobody more; settles when nobody is connected. Idle connections end after `lingerMs`, and not at once as by
 * `close` of HTTP servers: a request may be on its way over any of them, and would be lost. Whoever asks meanwhile is to
 * be answered with `connection: close`, so that only connections that are not in use are ended by us (RFC 9112, 9.6).
 */
export async function closeGently(server: Server, lingerMs: number, onLingered: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  NetServer.prototype.close.call(server, () => resolve());
  const linger = setTimeout(() => {
    onLingered();
    server.closeIdleConnections();
  }, lingerMs);
  await promise;
  clearTimeout(linger);
}
