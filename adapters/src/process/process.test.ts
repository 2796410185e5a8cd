import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { startDetached } from "./detached.ts";
import { endProcess, isRunning } from "./end.ts";

const script = (code: string): readonly string[] => ["-e", code];
const idle = "setInterval(() => undefined, 1000);";
const stubborn = `process.on("SIGTERM", () => undefined); ${idle}`;

async function started(code: string) {
  const result = await startDetached(process.execPath, script(code));
  assert.ok(result.ok);
  return result.value;
}

test("its end is told with its exit code, or without one when a signal ended it", async () => {
  assert.equal(await (await started("process.exit(7)")).exited, 7);
  const killed = await started(idle);
  process.kill(killed.pid, "SIGKILL");
  assert.equal(await killed.exited, undefined);
});

test("a program that is not there is a problem", async () => {
  const result = await startDetached("/nowhere/program", []);
  assert.ok(!result.ok && result.problems[0]?.code === "CAT-PROCESS-001");
});

test("one that ends when asked ends orderly; one that does not is killed at the deadline", async () => {
  const willing = await started(idle);
  assert.equal(await endProcess(willing.pid, 5_000), "orderly");
  assert.equal(await endProcess(willing.pid, 5_000), "gone");
  const unwilling = spawn(process.execPath, script(`${stubborn} console.log("deaf");`), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(unwilling.stdout, "data");
  assert.equal(await endProcess(unwilling.pid ?? 0, 200), "killed");
});

test("it outlives the one that started it", async () => {
  const code = `
    const { startDetached } = await import(${JSON.stringify(new URL("detached.ts", import.meta.url).href)});
    const started = await startDetached(process.execPath, ["-e", ${JSON.stringify(idle)}]);
    console.log(started.value.pid);
    ${idle}
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await once(parent.stdout.setEncoding("utf8"), "data");
  const pid = Number(text);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  assert.equal(await isRunning(pid), true);
  assert.equal(await endProcess(pid, 5_000), "orderly");
});

test("neither our process group nor init can be ended by mistake", async () => {
  for (const pid of [0, 1, -1, Number.NaN]) assert.equal(await endProcess(pid, 10), "gone");
});
