import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { startWorker, type WorkerProcess } from "./workers.ts";

/** Answers each connection with its pid. Its child holds its channel, as one does that has not come to its program yet. */
const entry = `
  import { spawn } from "node:child_process";
  import { createServer } from "node:net";
  const child = spawn("sleep", ["60"], { stdio: ["ignore", "ignore", "ignore", 3], detached: true });
  createServer((socket) => socket.end(String(process.pid))).listen(0, "127.0.0.1", function () {
    process.send({ port: this.address().port, child: child.pid });
  });
`;

type Listening = { readonly port: number; readonly child: number };

test("a worker is gone when its process is, whoever still holds its channel", { timeout: 60_000 }, async () => {
  await using folder = await temporaryFolder();
  await using stack = new AsyncDisposableStack();
  const path = join(folder.path, "worker.mjs");
  await writeFile(path, entry);
  const start = async (): Promise<WorkerProcess & Listening> => {
    const started = startWorker(path);
    assert.ok(started.ok);
    const worker = started.value;
    stack.defer(() => worker.kill());
    const listening = await new Promise<Listening>((resolve) =>
      worker.onMessage((message) => resolve(message as Listening)),
    );
    stack.defer(() => void process.kill(listening.child, "SIGKILL"));
    return { ...worker, ...listening };
  };
  const [first, second] = [await start(), await start()];
  assert.equal(first.port, second.port);
  const askAll = () => Promise.all(Array.from({ length: 6 }, () => answerOf(first.port)));
  assert.deepEqual(new Set(await askAll()), new Set([String(first.pid), String(second.pid)]));
  first.kill();
  // Those that it was dealt meanwhile included.
  assert.deepEqual(new Set(await askAll()), new Set([String(second.pid)]));
  await first.exited;
});

async function answerOf(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return await text(socket);
}
