import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { takeLock } from "./lock.ts";
import { openStateFolder } from "./state-folder.ts";

const west = { organization: "acme", node: "west" };

async function temporary(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "catalyst-state-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function opened(path: string, identity = west) {
  const folder = await openStateFolder(path, identity);
  assert.ok(folder.ok, JSON.stringify(folder));
  return folder.value;
}

test("a state folder is made for its owner only; one that is open to others is refused, not changed", async () => {
  await using parent = await temporary();
  const path = join(parent.path, "a", "b");
  {
    await using _folder = await opened(path);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
  }
  await chmod(path, 0o755);
  const again = await openStateFolder(path, west);
  assert.ok(!again.ok && again.problems[0]?.code === "CAT-STATE-006");
  assert.equal((await stat(path)).mode & 0o777, 0o755);
});

test("a state folder of another node is refused and names its owner", async () => {
  await using parent = await temporary();
  {
    await using _folder = await opened(parent.path);
  }
  const other = await openStateFolder(parent.path, { organization: "acme", node: "east" });
  assert.ok(!other.ok);
  assert.equal(other.problems[0]?.code, "CAT-STATE-002");
  assert.match(other.problems[0]?.message ?? "", /acme\/west.*acme\/east/);
  await using _mine = await opened(parent.path);
});

test("a damaged identity.json is refused, not overwritten", async () => {
  await using parent = await temporary();
  await writeFile(join(parent.path, "identity.json"), "{");
  const folder = await openStateFolder(parent.path, west);
  assert.ok(!folder.ok && folder.problems[0]?.code === "CAT-STATE-002");
});

test("a second process is refused while the first lives, and let in when it has ended orderly", async () => {
  await using parent = await temporary();
  {
    await using _first = await opened(parent.path);
    const second = await openStateFolder(parent.path, west);
    assert.ok(!second.ok && second.problems[0]?.code === "CAT-STATE-003");
  }
  await using _third = await opened(parent.path);
  assert.deepEqual((await readdir(parent.path)).toSorted(), ["identity.json", "lock.sock"]);
});

test("the lock of a process that was killed hinders nobody", async () => {
  await using parent = await temporary();
  const script = `
    const { takeLock } = await import(${JSON.stringify(new URL("lock.ts", import.meta.url).href)});
    const lock = await takeLock(process.argv[1]);
    console.log(lock.ok);
    setInterval(() => undefined, 1000);
  `;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script, "--", parent.path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [told] = await once(holder.stdout.setEncoding("utf8"), "data");
  assert.equal(told, "true\n");
  assert.equal((await takeLock(parent.path)).ok, false);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const lock = await takeLock(parent.path);
  assert.ok(lock.ok);
  await lock.value[Symbol.asyncDispose]();
});

test("a holder that is too busy to take connections still holds the lock", async () => {
  await using parent = await temporary();
  const path = join(parent.path, "lock.sock");
  const script = `
    require("node:net").createServer().listen({ path: process.argv[1], backlog: 1 }, () => {
      require("node:fs").writeSync(1, "busy");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  `;
  const holder = spawn(process.execPath, ["-e", script, "--", path], { stdio: ["ignore", "pipe", "inherit"] });
  const waiting: Socket[] = [];
  try {
    await once(holder.stdout, "data");
    // Until the backlog is full, and one more is turned away.
    for (let full = false; !full && waiting.length < 20;) {
      const socket = connect({ path });
      waiting.push(socket);
      full = await once(socket, "connect").then(
        () => false,
        () => true,
      );
    }
    assert.ok(waiting.length < 20, "the backlog is full");
    assert.equal((await takeLock(parent.path)).ok, false);
  } finally {
    for (const socket of waiting) socket.destroy();
    holder.kill("SIGKILL");
    await once(holder, "exit");
  }
});

/** What a killed holder leaves: a socket file that nobody listens on. */
async function leaveDeadSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.bound`);
  await once(server, "listening");
  await rename(`${path}.bound`, path);
  server.close();
  await once(server, "close");
}

test("of many that start at once over a dead lock exactly one gets it", async () => {
  await using parent = await temporary();
  for (let round = 0; round < 50; round++) {
    await leaveDeadSocket(join(parent.path, "lock.sock"));
    const locks = await Promise.all(Array.from({ length: 8 }, () => takeLock(parent.path)));
    const taken = locks.flatMap((lock) => (lock.ok ? [lock.value] : []));
    assert.equal(taken.length, 1);
    for (const lock of taken) await lock[Symbol.asyncDispose]();
  }
});
