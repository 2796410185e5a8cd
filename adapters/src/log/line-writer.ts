import { write, writeSync } from "node:fs";

/** Writes lines to a file descriptor beside the event loop. */
export type LineWriter = {
  readonly write: (line: string) => void;
  /** Writes what is still held, for at most `flushMs`; for the last moment of a process. */
  readonly flush: () => void;
};

/** What a reader who does not read may cost us, in bytes; more is dropped. */
const maxHeldBytes = 1024 * 1024;
/** How long the last moment may take, in milliseconds. */
const flushMs = 250;
/** Between two tries on a full pipe, in milliseconds. */
const retryMs = 10;

/**
 * A full pipe does not stop the process, and a broken one is given up for good. Pino's own destination is not used:
 * its last flush repeats a write to a broken pipe without end, which keeps a process from ending.
 */
export function createLineWriter(fd: number): LineWriter {
  let held = "";
  let underway = false;
  let broken = false;
  let soon = false;

  const next = (): void => {
    soon = false;
    if (underway || broken || held === "") return;
    underway = true;
    const bytes = Buffer.from(held);
    held = "";
    write(fd, bytes, 0, bytes.length, null, (error, written) => {
      underway = false;
      if (error !== null && !isFull(error)) {
        broken = true;
        return;
      }
      held = bytes.subarray(error === null ? written : 0).toString() + held;
      if (error === null) next();
      else setTimeout(next, retryMs).unref();
    });
  };

  return {
    write(line) {
      if (broken || held.length + line.length > maxHeldBytes) return;
      held += line;
      // Not at once: a flush in the same turn would overtake a write that is under way.
      if (!soon) setImmediate(next);
      soon = true;
    },
    flush() {
      const end = performance.now() + flushMs;
      let bytes = Buffer.from(held);
      held = "";
      while (!broken && bytes.length > 0 && performance.now() < end) {
        try {
          bytes = bytes.subarray(writeSync(fd, bytes));
        } catch (error) {
          if (!isFull(error)) broken = true;
          else Atomics.wait(pause, 0, 0, retryMs);
        }
      }
    },
  };
}

const pause = new Int32Array(new SharedArrayBuffer(4));

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EBUSY");
}
