/** The bounds of a client's request (design: security, "Gateway"). Times in milliseconds, sizes in bytes. */
export const limits = {
  bodyBytes: 256 * 1024,
  tokens: 2000,
  validationErrors: 20,
  /** From the head of a request to the end of its answer. */
  requestMs: 10_000,
  /** For the whole of the request to arrive. */
  receiveMs: 15_000,
  headersMs: 10_000,
  headerBytes: 16 * 1024,
  /** A connection on which nothing moves, an answer that nobody reads included. */
  stalledMs: 60_000,
  keepAliveMs: 30_000,
  connections: 10_000,
  inFlight: 1000,
  /** Subscriptions of the whole listener, and the life of each: 1 h. */
  streams: 2000,
  streamMs: 60 * 60 * 1000,
  /** Of one WebSocket: operations at once, and what may wait to be read by its client. */
  socketOperations: 100,
  socketBufferBytes: 16 * 1024 * 1024,
  connectionInitMs: 3000,
  /** A WebSocket is pinged this often, and has as long to answer. */
  heartbeatMs: 12_000,
  /** Parsed and validated documents that are kept, and the text they may hold together. */
  documents: 1000,
  documentChars: 4 * 1024 * 1024,
} as const;
