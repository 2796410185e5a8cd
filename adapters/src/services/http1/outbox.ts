import type { Socket } from "node:net";

type Message = { readonly message: string; readonly encoding: "latin1" | "utf8" };

/** What is to be written to one origin. */
export class Outbox {
  #waiting: { readonly socket: Socket; readonly message: Message }[] = [];

  /**
   * Writes a request, head and body in one system call, at the end of the next turn of the loop, which comes at once. To
   * write to a process that sleeps takes several times as long as to one that is awake: together, the first wakes it for
   * all. What else was ready meanwhile is written along.
   */
  add(socket: Socket, message: Message): void {
    if (this.#waiting.length === 0) {
      if (outboxes.length === 0) setImmediate(() => setImmediate(writeAll));
      outboxes.push(this);
    }
    this.#waiting.push({ socket, message });
  }

  write(): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (const { socket, message } of all) socket.write(message.message, message.encoding);
  }
}

let outboxes: Outbox[] = [];

function writeAll(): void {
  const all = outboxes;
  outboxes = [];
  for (const outbox of all) outbox.write();
}
