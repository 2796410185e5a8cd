/**
 * Writes every generated file of the tree, or with `--check` only says which differ from what would
 * be written. The sources are the contracts, the configuration schema, the command line and the
 * tables of problems.
 */
import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderCli } from "./generate/cli.ts";
import { renderConfig } from "./generate/config.ts";
import { renderErrors } from "./generate/errors.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Path from the root -> content. */
type Files = ReadonlyMap<string, string>;

async function renderContracts(): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "catalyst-generate-"));
  try {
    const bin = `${root}node_modules/.bin`;
    execFileSync(`${bin}/buf`, ["generate", "--output", join(folder, "proto")], {
      cwd: `${root}proto`,
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      timeout: 120_000,
    });
    const generated = globSync("**/*.ts", { cwd: folder }).toSorted();
    return new Map(
      await Promise.all(generated.map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const checkOnly = process.argv.includes("--check");
const sources: readonly Files[] = [await renderContracts(), renderConfig(), renderCli(), await renderErrors()];
let different = 0;
for (const [path, content] of sources.flatMap((files) => files.entries().toArray())) {
  const current = await readFile(root + path, "utf8").catch(() => undefined);
  if (current === content) continue;
  different += 1;
  process.stdout.write(`${checkOnly ? "differs" : "written"}: ${path}\n`);
  if (!checkOnly) {
    await mkdir(dirname(root + path), { recursive: true });
    await writeFile(root + path, content);
  }
}
process.exitCode = checkOnly && different > 0 ? 1 : 0;
