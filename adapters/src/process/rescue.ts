import cluster, { type Worker } from "node:cluster";

/**
 * Gives a connection that was on its way to a worker when it died, or that a hung one never took, to another. Without
 * it Node keeps such a connection open and forgets it, and its client waits for ever.
 *
 * It reads Node's own messages between a primary and its workers (lib/internal/cluster), which no documentation
 * promises: when they change, nothing is rescued, and a test says so.
 */
export function rescueConnections(worker: Worker): void {
  const { process: child } = worker;
  worker.once("listening", () => listening.add(worker));
  const handed = new Map<number, Closable>();
  const send = child.send.bind(child);
  const watched = (...args: Parameters<typeof send>): boolean => {
    const [message, handle] = args;
    if (isNewConnection(message) && isClosable(handle)) handed.set(message.seq, handle);
    return send(...args);
  };
  Object.assign(child, { send: watched });
  child.on("internalMessage", (message: unknown) => {
    if (isAnswer(message)) handed.delete(message.ack);
  });
  let left = false;
  // After Node's own listener, which takes the dead one out of the round.
  child.once("disconnect", () => {
    left = true;
    for (const [seq, handle] of handed) {
      handed.delete(seq);
      // As a worker answers that no longer listens.
      if (isSomebodyLeft()) child.emit("internalMessage", { cmd: "NODE_CLUSTER", ack: seq, accepted: false });
      else handle.close();
    }
  });
  // Node waits for ever for a dead one to confirm a handle, and until then does not say that it has left.
  child.once("close", () => setImmediate(() => left || child.emit("disconnect")));
}

/** Those that take part in the round, or did. */
const listening = new WeakSet<Worker>();

type Closable = { close(): void };

function isSomebodyLeft(): boolean {
  return Object.values(cluster.workers ?? {}).some((worker) => worker?.isConnected() && listening.has(worker));
}

function isNewConnection(message: unknown): message is { readonly seq: number } {
  return isInternal(message) && "act" in message && message.act === "newconn" && "seq" in message;
}

function isAnswer(message: unknown): message is { readonly ack: number } {
  return isInternal(message) && "ack" in message && typeof message.ack === "number";
}

function isInternal(message: unknown): message is object {
  return typeof message === "object" && message !== null && "cmd" in message && message.cmd === "NODE_CLUSTER";
}

function isClosable(handle: unknown): handle is Closable {
  return typeof handle === "object" && handle !== null && "close" in handle && typeof handle.close === "function";
}
