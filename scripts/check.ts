/** One gate for what is written: format, lint, types, dead code, contracts, generated files. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const sources = ["core", "adapters", "apps", "examples", "containers", "tests", "scripts", "bench"];

const steps: readonly { readonly name: string; readonly command: readonly string[]; readonly cwd?: string }[] = [
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "lint", command: ["oxlint", "--deny-warnings", ...sources] },
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "dead code", command: ["knip"] },
  { name: "contracts: lint", command: ["buf", "lint"], cwd: "proto" },
  { name: "contracts: breaking", command: ["buf", "breaking", "--against", "released.binpb"], cwd: "proto" },
  { name: "generated files", command: ["node", "scripts/generate.ts", "--check"] },
];

let failed = 0;
for (const { name, command, cwd } of steps) {
  const [program = "", ...args] = command;
  const started = Date.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: cwd === undefined ? root : `${root}${cwd}`,
    encoding: "utf8",
    timeout: 300_000,
    env: { ...process.env, PATH: `${root}node_modules/.bin:${process.env["PATH"] ?? ""}` },
  });
  const good = status === 0;
  if (!good) failed += 1;
  process.stdout.write(`${good ? "ok  " : "FAIL"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  if (!good) process.stdout.write(`${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}\n`);
}
process.exitCode = failed > 0 ? 1 : 0;
