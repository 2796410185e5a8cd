import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../processes/planner.js", import.meta.url));

/** How long a process that has nothing else to do takes to read a supergraph, in ms. */
export async function plannerAlone({ supergraphSdl }: { readonly supergraphSdl: string }): Promise<number> {
  const child = spawn(process.execPath, [entry], { stdio: ["pipe", "pipe", "inherit"], timeout: 30_000 });
  child.stdin.end(supergraphSdl);
  return Number(await text(child.stdout));
}
