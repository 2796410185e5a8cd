import assert from "node:assert/strict";
import { test } from "node:test";
import { Configurator, type Desired } from "./configurator.ts";
import { Generation } from "./generation.ts";
import { buildSchema } from "graphql";
import { Served } from "./served.ts";

const schema = buildSchema("type Query { a: Int }");

/** A configurator whose schemas are built when the test says so. */
function configurator() {
  const builds: { readonly sdl: string; readonly finish: () => void }[] = [];
  const tables: string[][] = [];
  const own = new Configurator<Generation>({
    served: new Served(),
    build: (sdl, signal) =>
      new Promise((settle) => {
        const problems = [{ code: "CAT-EXEC-015", path: "", message: "aborted" }] as const;
        signal.addEventListener("abort", () => settle({ ok: false, problems }));
        const finish = (): void => {
          const answer = async () => ({ data: null });
          const run = { execute: answer, subscribe: answer };
          const serve = {
            ...run,
            subscribe: () => ({}),
            onUnplanned: () => undefined,
            watch: () => run,
            onError: () => undefined,
            onRefused: () => undefined,
          };
          settle({ ok: true, value: new Generation(schema, undefined, serve) });
        };
        builds.push({ sdl, finish });
      }),
    serveSchema: () => undefined,
    serveEndpoints: (table) => void tables.push([...table.keys()]),
    serveLimits: () => undefined,
    serveOperations: () => undefined,
    serveTrust: () => undefined,
    now: () => 0,
  });
  return { own, builds, tables };
}

const push = (number: bigint, ...services: readonly string[]): Desired => ({
  revision: { epoch: 1n, number },
  schema: { digest: "", sdl: services.join() },
  endpoints: { digest: "", services: services.map((service) => ({ service, endpoints: [] })) },
});
const outcomesOf = async (configured: ReturnType<Configurator["configure"]>) =>
  (await configured).map(({ outcome }) => outcome);

test("a push that is outdated while its schema is built brings nothing of its own, its endpoints neither", async () => {
  const { own, builds, tables } = configurator();
  const first = own.configure(push(1n, "a", "c"));
  const second = own.configure(push(2n, "a", "b", "c"));
  assert.deepEqual(await outcomesOf(first), ["superseded", "superseded"]);
  assert.equal(tables.length, 0, "the table of an outdated push is not served");
  builds[1]?.finish();
  assert.deepEqual(await outcomesOf(second), ["applied", "applied"]);
  assert.deepEqual(tables.splice(0), [["a", "b", "c"]]);
});

test("endpoints that come alone while a schema is built outdate those that came with it", async () => {
  const { own, builds, tables } = configurator();
  const first = own.configure(push(1n, "a"));
  const { endpoints } = push(2n, "a", "b");
  assert.ok(endpoints);
  assert.deepEqual(await outcomesOf(own.configure({ revision: { epoch: 1n, number: 2n }, endpoints })), ["applied"]);
  builds[0]?.finish();
  assert.deepEqual(await outcomesOf(first), ["applied", "superseded"]);
  assert.deepEqual(tables, [["a", "b"]]);
});
