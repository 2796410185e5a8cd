/** Measures on this machine what docs/benchmarks.md tells. `npm run bench -- --help` tells how. */
import { parseArgs } from "node:util";
import { reload50 } from "./benches/reload-50.ts";
import { formatReports, type Report, toDocument } from "./report.ts";

const benches: Readonly<Record<string, (rounds: number | undefined) => Promise<Report>>> = {
  "reload-50": (rounds = 10) => reload50(rounds, { services: 50, entities: 5 }),
  "reload-50-dense": (rounds = 10) => reload50(rounds, { services: 50, entities: 16 }),
};

const usage = `usage: npm run bench -- [BENCH...] [--rounds N] [-o table|json]

Benches: ${Object.keys(benches).join(", ")}; all of them when none is named.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const reports: Report[] = [];
  for (const name of flags.names) {
    process.stderr.write(`${name} ...\n`);
    const report = await benches[name]?.(flags.rounds);
    if (report !== undefined) reports.push(report);
  }
  process.stdout.write(flags.json ? `${JSON.stringify(toDocument(reports), null, 2)}\n` : formatReports(reports));
  return 0;
}

function readFlags() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { rounds: { type: "string" }, output: { type: "string", short: "o", default: "table" } },
    });
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    const names = positionals.length === 0 ? Object.keys(benches) : positionals;
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) return undefined;
    if (!["table", "json"].includes(values.output) || names.some((name) => benches[name] === undefined))
      return undefined;
    return { names, rounds, json: values.output === "json" };
  } catch {
    return undefined;
  }
}
