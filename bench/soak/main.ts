/**
 * A real node under a steady load for a long time: whether anything fails, and whether anything grows.
 * Ends with 1 when a request failed or a process grew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { adminOf } from "../../tests/support/admin.ts";
import { changingService } from "../../tests/support/changing-service.ts";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { ask } from "../../tests/support/graphql.ts";
import { example, runNode } from "../../tests/support/node.ts";
import { eventually } from "../../tests/support/process.ts";
import { SteadyClient } from "../../tests/support/steady-client.ts";
import { root } from "../../tests/support/tree.ts";
import { Listeners } from "./listeners.ts";
import { question } from "./questions.ts";
import { formatOutcome, objections, type Outcome } from "./report.ts";
import { type Sample, sampleOf } from "./samples.ts";

const usage =
  "usage: npm run soak -- [--minutes N] [--rate N] [--write]   (--write: put the result into docs/soak.md)\n";
const sampleMs = 10_000;
const reloadMs = 60_000;
const subscriptions = 10;
const page = `${root}docs/soak.md`;
const mark = "<!-- the last run -->\n";
/** Failures that were told already. */
const told = new Set<string>();

process.exitCode = await main();

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const { outcome, failures } = await soak(flags.minutes, flags.rate);
  for (const failure of failures) if (!told.has(failure)) process.stderr.write(`failed: ${failure}\n`);
  const text = formatOutcome(outcome);
  process.stdout.write(text);
  if (flags.write) writeFileSync(page, `${readFileSync(page, "utf8").split(mark)[0]}${mark}\n${text}`);
  const why = objections(outcome);
  process.stdout.write(why.length === 0 ? "\ngood\n" : `\nNOT GOOD: ${why.join(", ")}\n`);
  return why.length === 0 ? 0 : 1;
}

async function soak(minutes: number, rate: number) {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  await using inventory = await example("inventory");
  await using changing = await changingService();
  await using node = await runNode({
    stateDir: folder.path,
    services: {
      products: products.graphql,
      reviews: reviews.graphql,
      inventory: inventory.graphql,
      changing: changing.url,
    },
    flags: ["--log-level", "warn"],
  });
  using admin = await adminOf(folder.path);
  await using listeners = new Listeners(node.graphql, subscriptions);
  await using client = new SteadyClient(node.graphql, { rate, next: question });

  const samples: Sample[] = [];
  let reloads = 0;
  const began = performance.now();
  const end = began + minutes * 60_000;
  let [sampleAt, reloadAt] = [began + sampleMs, began + reloadMs / 2];
  while (performance.now() < end) {
    await pause(Math.min(sampleAt, reloadAt, end) - performance.now());
    if (performance.now() >= sampleAt) {
      samples.push(sampleOf(node.pid, (performance.now() - began) / 1_000));
      sampleAt += sampleMs;
    }
    if (performance.now() >= reloadAt) {
      const version = changing.change();
      await admin.refresh();
      await eventually(
        () => ask(node.graphql, `{ version_${version} }`),
        ({ errors }) => errors === undefined,
      );
      reloads += 1;
      reloadAt += reloadMs;
      tell(began, client, listeners, samples.at(-1));
    }
  }
  await client.stop();
  const refused = client.refused > 0 ? [`${client.refused} were refused a connection`] : [];
  const outcome: Outcome = {
    minutes,
    rate,
    answered: client.answered,
    failed: client.failed + client.refused + listeners.failed,
    slowestMs: client.slowest,
    heard: listeners.heard,
    reloads,
    samples,
  };
  return { outcome, failures: [...refused, ...client.failures, ...listeners.failures] };
}

function tell(began: number, client: SteadyClient, listeners: Listeners, sample: Sample | undefined): void {
  const minute = ((performance.now() - began) / 60_000).toFixed(1);
  const gateway = ((sample?.gateway ?? 0) / 2 ** 20).toFixed(0);
  const failed = client.failed + client.refused + listeners.failed;
  process.stderr.write(`minute ${minute}: ${client.answered} answered, ${failed} failed, gateway ${gateway} MiB\n`);
  for (const failure of [...client.failures, ...listeners.failures]) {
    if (!told.has(failure)) process.stderr.write(`  ${failure}\n`);
    told.add(failure);
  }
}

function readFlags(): { readonly minutes: number; readonly rate: number; readonly write: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: "string", default: "30" },
        rate: { type: "string", default: "200" },
        write: { type: "boolean", default: false },
      },
    });
    const [minutes, rate] = [Number(values.minutes), Number(values.rate)];
    return minutes > 0 && rate > 0 ? { minutes, rate, write: values.write } : undefined;
  } catch {
    return undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, Math.max(0, ms)));
}
