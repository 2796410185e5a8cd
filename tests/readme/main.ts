/**
 * Runs the code blocks of a page, one after the other, in the working folder: `main.ts PAGE`. Tells one JSON line for
 * each: its line, and what is wrong with it, if anything. To be started where the page's ports are free.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Block, blocksOf } from "./blocks.ts";

/** What stands for something that cannot be done here: what is installed already, and all tests, this one among them. */
const standIns: readonly (readonly [RegExp, string])[] = [
  [/\bnpm ci\b/, "true"],
  [/\bnpm test\b/, "npm test -- examples/inventory/src/service.test.ts"],
];
const patienceMs = 60_000;

const [page = ""] = process.argv.slice(2);
const serving = new Map<string, ChildProcess>();
let printed = "";
try {
  for (const block of blocksOf(readFileSync(page, "utf8"))) {
    const wrong = await run(block).catch((error: unknown) => String(error));
    process.stdout.write(`${JSON.stringify({ line: block.line, ...(wrong === undefined ? {} : { wrong }) })}\n`);
    if (wrong !== undefined) break;
  }
} finally {
  for (const name of [...serving.keys()].toReversed()) await stop(name);
}

/** What is wrong with it, in words. */
async function run({ language, words, text }: Block): Promise<string | undefined> {
  switch (language) {
    case "sh":
      if (words["ends"] !== undefined) await stop(words["ends"]);
      return words["serve"] === undefined ? await runToEnd(text) : await serve(words["serve"], text);
    case "json":
      if (words["answer"] !== undefined) return compare(text);
      if (words["file"] === undefined) return "what is this JSON for?";
      writeFileSync(words["file"], text);
      return await runToEnd(`npx catalyst config validate -c ${words["file"]}`);
    default:
      return `nobody can run a block of "${language}"`;
  }
}

function compare(text: string): string | undefined {
  return isDeepStrictEqual(JSON.parse(printed), JSON.parse(text)) ? undefined : `it printed ${printed}`;
}

async function runToEnd(text: string): Promise<string | undefined> {
  const child = start(text);
  const said = listen(child);
  const [code, signal] = await withPatience(once(child, "close"), said);
  printed = said.stdout;
  return code === 0 ? undefined : `ended with ${code ?? signal}:\n${said.stdout}${said.stderr}`;
}

async function serve(name: string, text: string): Promise<string | undefined> {
  const child = start(text);
  serving.set(name, child);
  const said = listen(child);
  // As many say that they are ready as the block starts.
  const wanted = text.split(/ & /).filter((command) => !/^\s*wait\s*$/.test(command)).length;
  const ready = new Promise<undefined>((settle) => {
    child.stdout?.on("data", () => {
      if ((said.stdout.match(/\b(?:ready|live)\b/g)?.length ?? 0) >= wanted) settle(undefined);
    });
  });
  const ended = once(child, "close").then(([code]) => `ended with ${code}:\n${said.stdout}${said.stderr}`);
  return await withPatience(Promise.race([ready, ended]), said);
}

/** As Ctrl-C does: to all processes of the block. */
async function stop(name: string): Promise<void> {
  const child = serving.get(name);
  if (child?.pid === undefined) throw new Error(`nothing serves as ${name}`);
  serving.delete(name);
  const closed = once(child, "close");
  process.kill(-child.pid, "SIGINT");
  const kill = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), patienceMs);
  await closed;
  clearTimeout(kill);
}

function start(text: string): ChildProcess {
  const command = standIns.reduce((all, [what, standIn]) => all.replace(what, standIn), text);
  // A group of its own, all of which hears of SIGINT.
  return spawn("bash", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"], detached: true });
}

function listen(child: ChildProcess): { stdout: string; stderr: string } {
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  return said;
}

async function withPatience<Value>(
  promise: Promise<Value>,
  said: { readonly stdout: string; readonly stderr: string },
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`too long:\n${said.stdout}${said.stderr}`)), patienceMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
