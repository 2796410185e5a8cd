/** The bounds that cannot be set; those that can are core's `GatewayLimits`. Times in milliseconds, sizes in bytes. */
export const limits = {
  validationErrors: 20,
  headerBytes: 16 * 1024,
  /** A connection on which nothing moves, an answer that nobody reads included. */
  stalledMs: 60_000,
  keepAliveMs: 30_000,
  /** Between two looks at which requests have not arrived in time. */
  lookMs: 500,
  /** How long an idle connection is kept when the listener stops: a request may be on its way. */
  lingerMs: 100,
  connections: 10_000,
  /** Requests at once over one connection of HTTP/2. */
  streamsOfConnection: 100,
  handshakeMs: 10_000,
  /**
   * Over so long the event loop's delays are looked at. With fewer in flight no request is turned away for them: so few
   * are worked off in the time that is called late, and it is the machine that is busy, with others.
   */
  pressureMs: 2_000,
  pressureInFlight: 64,
  /** Subscriptions of the whole listener, and the life of each: 1 h. */
  streams: 2000,
  streamMs: 60 * 60 * 1000,
  /** Of one WebSocket: operations at once, and what may wait to be read by its client. */
  socketOperations: 100,
  socketBufferBytes: 16 * 1024 * 1024,
  connectionInitMs: 3000,
  /** Levels of objects and lists in a message beyond which it is not even parsed; above what `maxNesting` may be. */
  messageNesting: 1_100,
  /** A WebSocket is pinged this often, and has as long to answer. */
  heartbeatMs: 12_000,
  /** Parsed and validated documents that are kept, and the text they may hold together. */
  documents: 1000,
  documentChars: 4 * 1024 * 1024,
} as const;
