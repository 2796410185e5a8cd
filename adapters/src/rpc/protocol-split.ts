import type { Socket } from "node:net";

/** The first three bytes of HTTP/2's preface (RFC 9113, 3.4); no HTTP/1.1 method begins so. */
const prefaceStart = Buffer.from("PRI");

/** A peer says what it speaks at once; one that does not in 10 s is cut off. */
const firstBytesMs = 10_000;

/**
 * Looks at a connection's first bytes and hands it on, with the bytes put back: gRPC wants HTTP/2 without TLS,
 * curl and probes speak HTTP/1.1, and both shall find us on one address.
 */
export function splitProtocols(to: {
  readonly http1: (socket: Socket) => void;
  readonly http2: (socket: Socket) => void;
}) {
  return (socket: Socket): void => {
    let seen = Buffer.alloc(0);
    const deadline = setTimeout(() => socket.destroy(), firstBytesMs);
    const stop = (): void => {
      clearTimeout(deadline);
      socket.off("data", look);
      socket.off("close", stop);
    };
    const look = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const isHttp2 = startsAlike(seen);
      if (isHttp2 && seen.length < prefaceStart.length) return;
      stop();
      socket.pause();
      socket.off("error", ignore);
      socket.unshift(seen);
      (isHttp2 ? to.http2 : to.http1)(socket);
      // HTTP/1.1 waits for flow; HTTP/2 takes what is buffered by itself.
      if (!isHttp2) process.nextTick(() => socket.resume());
    };
    socket.on("data", look);
    socket.on("error", ignore);
    socket.on("close", stop);
  };
}

/** A connection that breaks before it has said anything is nobody's loss; `close` follows. */
function ignore(): void {}

function startsAlike(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, prefaceStart.length);
  return bytes.subarray(0, length).equals(prefaceStart.subarray(0, length));
}
