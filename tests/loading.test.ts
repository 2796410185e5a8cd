import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "./support/tree.ts";

/** Prints each file that is loaded for the modules given as arguments. */
const script = `
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({ load: (url, context, next) => (loaded.add(url), next(url, context)) });
  for (const entry of process.argv.slice(1)) await import(entry);
  process.stdout.write([...loaded].join("\\n"));
`;

async function loadedBy(...entries: readonly string[]): Promise<readonly string[]> {
  const urls = entries.map((entry) => `file://${root}${entry}`);
  const args = ["--input-type=module", "-e", script, ...urls];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e7, timeout: 30_000 });
  return stdout.split("\n");
}

/** How many of the files lie in each of these folders, for those that hold more than they may. */
function excess(files: readonly string[], most: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(most).flatMap(([folder, limit]) => {
    const count = files.filter((file) => file.includes(`/${folder}/`)).length;
    return count > limit ? [`${folder}: ${count} files, at most ${limit}`] : [];
  });
}

test("the orchestrator starts without graphql-js, undici, the executor and the composer", async () => {
  const files = await loadedBy("apps/orchestrator/src/run.ts", "apps/orchestrator/src/run-node.ts");
  const none = { undici: 0, zod: 0, "federation-composition": 0, "core/src/execution": 0, "core/src/composition": 0 };
  assert.ok(files.length > 200, "what is loaded was seen");
  // The text of the introspection query.
  assert.deepEqual(excess(files, { ...none, graphql: 1 }), []);
});

test("what begins the other processes of a node loads next to nothing itself", async () => {
  const { length } = await loadedBy("apps/orchestrator/src/run.ts");
  assert.ok(length > 10 && length < 60, `${length} files`);
});

test("the gateway starts without what it serves only rarely, or never", async () => {
  const files = await loadedBy("apps/gateway/src/run.ts", "apps/gateway/src/run-alone.ts");
  assert.ok(files.length > 200, "what is loaded was seen");
  // Of undici the pools alone.
  const few = { zod: 0, "federation-composition": 0, "render-graphiql": 0, undici: 45 };
  assert.deepEqual(excess(files, few), []);
});

test("what holds a gateway's workers together loads nothing that answers clients", async () => {
  const files = await loadedBy("apps/gateway/src/run.ts", "apps/gateway/src/workers/run-primary.ts");
  assert.ok(files.length > 100, "what is loaded was seen");
  const none = { graphql: 0, "graphql-yoga": 0, undici: 0, ws: 0, zod: 0, "core/src/execution": 0, "src/planner": 0 };
  assert.deepEqual(excess(files, none), []);
});
