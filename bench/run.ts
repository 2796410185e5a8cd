/** Measures on this machine what docs/benchmarks.md tells. `npm run bench -- --help` tells how. */
import { parseArgs } from "node:util";
import { cold } from "./benches/cold.ts";
import { https } from "./benches/https.ts";
import { identity } from "./benches/identity.ts";
import { large } from "./benches/large.ts";
import { limits } from "./benches/limits.ts";
import { profile } from "./benches/profile.ts";
import { query } from "./benches/query.ts";
import { reload } from "./benches/reload.ts";
import { reloadFleet } from "./benches/reload-fleet.ts";
import { start } from "./benches/start.ts";
import { validation } from "./benches/validation.ts";
import { workers } from "./benches/workers.ts";
import { formatReports, type Report, toDocument } from "./report.ts";

/** What was asked for by flags; each bench has a default of its own. */
type Counts = Readonly<Partial<Record<(typeof counts)[number], number>>>;
type Bench = (counts: Counts) => Promise<Report | readonly Report[]>;

const counts = ["rounds", "seconds", "workers", "services", "entities"] as const;

const benches: Readonly<Record<string, Bench>> = {
  cold: ({ rounds = 1 }) => cold(rounds),
  start: ({ rounds = 7 }) => start(rounds),
  reload: ({ rounds = 100, workers = 1 }) => reload(rounds, workers),
  "reload-50": ({ rounds = 10, workers }) => reloadFleet(rounds, { services: 50, entities: 5 }, workers),
  "reload-50-dense": ({ rounds = 10, workers }) => reloadFleet(rounds, { services: 50, entities: 16 }, workers),
  "reload-100": ({ rounds = 5, workers }) => reloadFleet(rounds, { services: 100, entities: 5 }, workers),
  "reload-fleet": ({ rounds = 3, services = 150, entities = 16, workers }) =>
    reloadFleet(rounds, { services, entities }, workers),
  large: ({ rounds = 5 }) => large(rounds),
  query: ({ rounds = 5, seconds = 4 }) => query(rounds, seconds),
  workers: ({ rounds = 20, seconds = 1, workers: most }) =>
    workers(rounds, seconds, most === undefined ? [2, 4] : [most]),
  limits: ({ rounds = 20, seconds = 1 }) => limits(rounds, seconds),
  https: ({ rounds = 6, seconds = 4 }) => https(rounds, seconds),
  validation: ({ rounds = 12, seconds = 1 }) => validation(rounds, seconds),
  identity: ({ rounds = 10, seconds = 1 }) => identity(rounds, seconds),
  profile: ({ seconds = 5 }) => profile(seconds),
};

/** Those that are measured when they are named only. */
const longer: ReadonlySet<string> = new Set(["profile", "reload-fleet"]);

const usage = `usage: npm run bench -- [BENCH...] [--rounds N] [--seconds N] [--cold] [-o table|json]

Benches: ${Object.keys(benches).join(", ")}.
--seconds: how long each measurement of query, workers, limits, https, validation, identity and profile lasts.
--workers N: of the gateway, in the benches that reload, and beside one process in workers. reload-fleet also takes --services N --entities N (of
each service's 16 objects, at most).
None named: all but ${[...longer].join(", ")} and cold, which --cold adds: it installs a fresh clone. That needs the registry, as does
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
    const found = await benches[name]?.(flags.counts);
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
        workers: { type: "string" },
        services: { type: "string" },
        entities: { type: "string" },
        cold: { type: "boolean", default: false },
        output: { type: "string", short: "o", default: "table" },
      },
    });
    const given = counts.flatMap((name) => (values[name] === undefined ? [] : [[name, Number(values[name])] as const]));
    const wanted = (name: string): boolean => !longer.has(name) && (name !== "cold" || values.cold);
    const names = positionals.length === 0 ? Object.keys(benches).filter(wanted) : positionals;
    if (given.some(([, count]) => !(Number.isInteger(count) && count > 0))) return undefined;
    if (!["table", "json"].includes(values.output) || names.some((name) => benches[name] === undefined))
      return undefined;
    return { names, counts: Object.fromEntries(given), json: values.output === "json" };
  } catch {
    return undefined;
  }
}
