import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("peers/", import.meta.url));

/**
 * The other gateways, by the lock file of their own; nothing of theirs is in the tree's. Without their install scripts,
 * which only print. Needs the registry the first time.
 */
export function installPeers(): void {
  if (modified("node_modules/.package-lock.json") >= modified("package-lock.json")) return;
  process.stderr.write("installing the peers ...\n");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npm = process.env["npm_execpath"];
  const { status } =
    npm === undefined
      ? spawnSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"], timeout: 300_000 })
      : spawnSync(process.execPath, [npm, ...args], {
          cwd: folder,
          stdio: ["ignore", "ignore", "inherit"],
          timeout: 300_000,
        });
  if (status !== 0) throw new Error("the peers cannot be installed");
}

function modified(file: string): number {
  return statSync(`${folder}${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
