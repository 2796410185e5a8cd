/** Measures on this machine what docs/benchmarks.md tells. `npm run bench -- --help` tells how. */
import { parseArgs } from "node:util";
import { cold } from "./benches/cold.ts";
import { large } from "./benches/large.ts";
import { profile } from "./benches/profile.ts";
import { query } from "./benches/query.ts";
import { reload } from "./benches/reload.ts";
import { reload50 } from "./benches/reload-50.ts";
import { start } from "./benches/start.ts";
import { formatReports, type Report, toDocument } from "./report.ts";

const benches: Readonly<Record<string, (rounds?: number, seconds?: number) => Promise<Report | readonly Report[]>>> = {
  cold: (rounds = 1) => cold(rounds),
  start: (rounds = 7) => start(rounds),
  reload: (rounds = 100) => reload(rounds),
  "reload-50": (rounds = 10) => reload50("reload-50", rounds, { services: 50, entities: 5 }),
  "reload-50-dense": (rounds = 10) => reload50("reload-50-dense", rounds, { services: 50, entities: 16 }),
  large: (rounds = 5) => large(rounds),
  query: (rounds = 5, seconds = 4) => query(rounds, seconds),
  profile: (_, seconds = 5) => profile(seconds),
};

const usage = `usage: npm run bench -- [BENCH...] [--rounds N] [--seconds N] [--cold] [-o table|json]

Benches: ${Object.keys(benches).join(", ")}.
--seconds: how long each measurement of query and profile lasts.
None named: all but profile and cold, which --cold adds: it installs a fresh clone. That needs the registry, as does
query the first time: it installs the gateways that ours is compared with (bench/peers).
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
    const found = await benches[name]?.(flags.rounds, flags.seconds);
    if (found !== undefined) reports.push(...[found].flat());
  }
  process.stdout.write(flags.json ? `${JSON.stringify(toDocument(reports), null, 2)}\n` : formatReports(reports));
  return 0;
}

function readFlags() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: "string" },
        seconds: { type: "string" },
        cold: { type: "boolean", default: false },
        output: { type: "string", short: "o", default: "table" },
      },
    });
    const [rounds, seconds] = [values.rounds, values.seconds].map((text) => (text === undefined ? text : Number(text)));
    const wanted = (name: string): boolean => name !== "profile" && (name !== "cold" || values.cold);
    const names = positionals.length === 0 ? Object.keys(benches).filter(wanted) : positionals;
    if ([rounds, seconds].some((count) => count !== undefined && !(Number.isInteger(count) && count > 0)))
      return undefined;
    if (!["table", "json"].includes(values.output) || names.some((name) => benches[name] === undefined))
      return undefined;
    return { names, rounds, seconds, json: values.output === "json" };
  } catch {
    return undefined;
  }
}
