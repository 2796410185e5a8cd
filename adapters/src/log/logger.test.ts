import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { text } from "node:stream/consumers";
import { prettyLine } from "./pretty-line.ts";
import { scrub } from "./scrub.ts";

const deadline = { timeout: 10_000 };
const logger = import.meta.resolve("./logger.ts");

/** A real process that logs to its real stderr. */
function run(script: string) {
  const child = spawn(
    process.execPath,
    ["--input-type=module-typescript", "-e", `import { createLogger } from ${JSON.stringify(logger)};\n${script}`],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  return child;
}

test("every line carries what is bound at that moment, and nothing goes to stdout", deadline, async () => {
  const child = run(`
    let node = "";
    const log = createLogger({ level: "info", format: "json", bindings: () => ({ organization: "acme", node }) });
    log.info("first"); node = "west"; log.warn("second", { n: 1, error: new Error("why") }); log.debug("hidden");
    log.flush();`);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const lines = err
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  assert.equal(out, "");
  assert.equal(lines.length, 2);
  assert.partialDeepStrictEqual(lines[0], { level: "info", message: "first", organization: "acme", node: "" });
  assert.partialDeepStrictEqual(lines[1], { level: "warn", node: "west", n: 1, error: { message: "why" } });
});

test("a process whose stderr is closed goes on", deadline, async () => {
  const child = run(`
    import { setTimeout as sleep } from "node:timers/promises";
    const log = createLogger({ level: "info", format: "json", bindings: () => ({}) });
    log.info("hello");
    await new Promise((settle) => process.stdin.once("end", settle).resume());
    for (let i = 0; i < 50; i++) { log.info("into the void"); process.stderr.write("too\\n"); await sleep(1); }
    log.flush();
    process.stdout.write("alive\\n");`);
  const out = text(child.stdout);
  await once(child.stderr, "data");
  child.stderr.destroy();
  await once(child.stderr, "close");
  child.stdin.end();
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  assert.match(await out, /alive/);
});

test(
  "a process whose stderr is closed ends all the same when its last line is its first into the void",
  deadline,
  async () => {
    const child = run(`
    const log = createLogger({ level: "info", format: "json", bindings: () => ({}) });
    log.info("hello");
    await new Promise((settle) => process.stdin.once("end", settle).resume());
    log.info("into the void"); log.info("and again");
    log.flush();`);
    await once(child.stderr, "data");
    child.stderr.destroy();
    await once(child.stderr, "close");
    child.stdin.end();
    const [code] = await once(child, "close");
    assert.equal(code, 0);
  },
);

test("a reader who does not read neither stops the process nor keeps it from ending", deadline, async () => {
  const child = run(`
    const log = createLogger({ level: "info", format: "json", bindings: () => ({}) });
    for (let i = 0; i < 5_000; i++) log.info("x".repeat(1_000));
    await new Promise((settle) => setTimeout(settle, 50));
    log.flush();
    process.stdout.write("alive\\n");`);
  child.stderr.pause();
  assert.match(await text(child.stdout), /alive/);
  child.stderr.destroy();
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
});

test("no token is written, wherever it stood", () => {
  const token = "eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";
  const line = scrub(
    JSON.stringify({ message: `got ${token}`, headers: { authorization: `bearer ${token}` }, s: "Bearer abc123" }),
  );
  assert.doesNotMatch(line, /eyJ|c2lnbmF0dXJl|abc123/);
  assert.doesNotThrow(() => JSON.parse(line));
});

test("a pretty line shows time, level, message and facts", () => {
  const line = prettyLine(
    '{"level":"warn","time":"2026-11-24T06:00:01.002Z","node":"west","message":"slow","ms":7,"why":"a b"}\n',
  );
  assert.equal(line, '06:00:01.002 warn  slow node=west ms=7 why="a b"\n');
  assert.equal(prettyLine("no json"), "no json");
});
