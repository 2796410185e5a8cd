import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { Running } from "../../tests/support/process.ts";
import { root } from "../../tests/support/tree.ts";
import { devFlags, offeredQuery, startToAnswer } from "../measure/dev-node.ts";
import { timed } from "../measure/statistics.ts";
import { figure, figureOf, type Report } from "../report.ts";

const run = promisify(execFile);
/** Longest that npm may take, in ms. */
const patience = 600_000;

/**
 * `npm ci` and the first start in a fresh clone of what is committed. npm's cache of packages is the user's, as it is
 * when somebody has used them before; what Node has compiled is not kept from anywhere.
 */
export async function cold(rounds: number): Promise<Report> {
  const installs: number[] = [];
  const starts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await using folder = await temporaryFolder();
    const clone = join(folder.path, "clone");
    await run("git", ["clone", "--quiet", root, clone], { timeout: patience });
    installs.push(
      (await timed(() => run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: clone, timeout: patience }))).ms,
    );
    const env = { XDG_CACHE_HOME: join(folder.path, "cache") };
    const entry = join(clone, "apps/cli/src/catalyst.js");
    const flags = ["dev", ...devFlags(join(folder.path, "state"))];
    const { running, answered } = await startToAnswer(
      () => Running.file(entry, flags, { cwd: clone, env }),
      offeredQuery,
    );
    await running.stop();
    starts.push(answered);
  }
  return {
    name: "cold",
    setting: "a fresh clone: npm ci with npm's own cache as it is, then the first start, nothing compiled before",
    figures: [
      figureOf("npm ci", installs, { unit: "ms" }),
      figureOf("first start to first federated answer", starts, { unit: "ms" }),
      figure("both", (installs[0] ?? 0) + (starts[0] ?? 0), { unit: "ms" }),
    ],
  };
}
