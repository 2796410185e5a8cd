import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../processes/json.ts", import.meta.url));

/** How long a process that has nothing else to do takes to parse a JSON text and to write it again, in ms, time by time. */
export async function jsonAlone(json: string): Promise<readonly number[]> {
  const child = spawn(process.execPath, [entry], { stdio: ["pipe", "pipe", "inherit"], timeout: 30_000 });
  child.stdin.end(json);
  return JSON.parse(await text(child.stdout));
}
