import type { Socket } from "node:net";

type Message = { readonly message: string; readonly encoding: "latin1" | "utf8" };

/** In the order in which they are to be written. */
let waiting: { readonly socket: Socket; readonly message: Message }[] = [];

/**
 * Writes a request, head and body in one system call, at the end of this turn of the loop. To write to a process that
 * sleeps takes several times as long as to one that is awake: together, the first wakes it for all.
 */
export function writeSoon(socket: Socket, message: Message): void {
  if (waiting.length === 0) setImmediate(writeAll);
  waiting.push({ socket, message });
}

function writeAll(): void {
  const all = waiting;
  waiting = [];
  for (const { socket, message } of all) socket.write(message.message, message.encoding);
}
