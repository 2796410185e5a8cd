import { readdir } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** What a process under measurement tells of itself; of several, the longest gap and all CPU. */
type Reading = {
  /** Longest time between two turns of its event loop since the reading before, in ms; 1 when nothing hinders it. */
  readonly longestGapMs: number;
  /** CPU of all its threads since its start, in ms. */
  readonly cpuMs: number;
};

/** A probe inside another process, reached by a socket in a folder of the bench's own. */
export type Probe = {
  /** What to start the process with. */
  readonly env: Readonly<Record<string, string>>;
  /** Answers what was since the last call. */
  readonly read: () => Promise<Reading>;
};

export function probeIn(folder: string): Probe {
  const path = join(folder, "probe");
  const code = fileURLToPath(new URL("probe.cjs", import.meta.url));
  return {
    env: { NODE_OPTIONS: `--require=${code}`, BENCH_PROBE: path },
    async read() {
      const sockets = (await readdir(folder)).map((name) => join(folder, name));
      const readings = await Promise.all(sockets.map(readOne));
      return {
        longestGapMs: Math.max(...readings.map(({ longestGapMs }) => longestGapMs)),
        cpuMs: readings.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      };
    },
  };
}

async function readOne(path: string): Promise<Reading> {
  const socket = connect(path);
  socket.setTimeout(5000, () => socket.destroy(new Error("the probe does not answer")));
  return JSON.parse(await text(socket));
}
