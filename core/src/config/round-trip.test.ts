import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { z } from "zod";
import { namedKeys } from "./names.ts";
import { formatOrigin } from "./origin.ts";
import { type ScalarShape, configShape, scalarsOf } from "./shape.ts";
import { configFile } from "./testing/arbitrary.ts";
import { loaded } from "./testing/load.ts";
import { toFlags } from "./to-flags.ts";
import { type ConfigValue, toFile } from "./values.ts";

test("the generated configurations set every key that the schema has", () => {
  const seen = new Set(
    fc.sample(configFile, { numRuns: 300, seed: 4 }).flatMap((file) =>
      loaded({ file })
        .values.filter(({ origin }) => origin.kind === "file")
        .map(({ key }) => key.replaceAll(/\[[^\]]*\]/g, "[]")),
    ),
  );
  assert.deepEqual(
    scalarsOf(configShape)
      .map(({ key }) => key)
      .filter((key) => !seen.has(key)),
    [],
  );
});

test("any file, printed as flags and loaded without a file, is the same configuration", () => {
  fc.assert(
    fc.property(configFile, (file) => {
      const byFile = loaded({ file });
      const flags = toFlags(byFile);
      const byFlags = loaded({ flags });
      assert.deepEqual(byFlags.config, byFile.config);
      assert.deepEqual(toFlags(byFlags), flags);
    }),
  );
});

test("any file, printed whole and loaded again, is the same configuration", () => {
  fc.assert(
    fc.property(configFile, (file) => {
      const first = loaded({ file });
      assert.deepEqual(loaded({ file: toFile(first.values) }).config, first.config);
    }),
  );
});

test("any file, given as variables of the environment instead, is the same configuration", () => {
  fc.assert(
    fc.property(configFile, (file) => {
      const byFile = loaded({ file });
      assert.deepEqual(loaded({ env: asVariables(byFile.values) }).config, byFile.config);
    }),
  );
});

test("keys spread over file, environment and flags give the same configuration, each with its own origin", () => {
  fc.assert(
    fc.property(configFile, fc.infiniteStream(fc.nat({ max: 2 })), (file, choices) => {
      const { config, values } = loaded({ file });
      const spread = values
        .filter(({ key, origin }) => origin.kind === "file" && !isOfAnItem(key))
        .map((value) => ({ value, source: choices.next().value }));
      const at = (source: number) => spread.filter((one) => one.source === source).map(({ value }) => value);
      const items = values.filter(({ key, origin }) => origin.kind === "file" && isOfAnItem(key));
      const mixed = loaded({
        file: toFile([...at(0), ...items]),
        env: asVariables(at(1)),
        flags: at(2).map(({ key, value }) => `${nameOf(key).flag}=${value}`),
      });
      assert.deepEqual(mixed.config, config);
      for (const { value, source } of spread) {
        const { flag, variable } = nameOf(value.key);
        const origin = mixed.origins.get(value.key);
        const expected = [/^catalyst\.json:\d+:\d+$/, new RegExp(`^${variable}$`), new RegExp(`^${flag}$`)][source];
        assert.match(origin ? formatOrigin(origin) : "", expected ?? /^$/);
      }
    }),
  );
});

function asVariables(values: readonly ConfigValue[]): Readonly<Record<string, string>> {
  const set = values.filter(({ origin }) => origin.kind !== "default");
  const scalars = set.filter(({ key }) => !isOfAnItem(key));
  const lists = Map.groupBy(
    set.filter(({ key }) => isOfAnItem(key)),
    ({ key }) => key.slice(0, key.indexOf("[")),
  );
  return {
    ...Object.fromEntries(scalars.map(({ key, value }) => [nameOf(key).variable, String(value)])),
    ...Object.fromEntries([...lists].map(([key, items]) => [nameOf(key).variable, JSON.stringify(listIn(items, key))])),
  };
}

function isOfAnItem(key: string): boolean {
  return key.includes("[");
}

/** The list of that key, as a file holds it. */
function listIn(items: readonly ConfigValue[], key: string): unknown {
  const tree = z.record(z.string(), z.unknown());
  return key.split(".").reduce<unknown>((value, part) => tree.parse(value)[part], toFile(items));
}

function nameOf(key: string): (typeof namedKeys)[number] {
  const named = namedKeys.find(({ shape }: { readonly shape: Pick<ScalarShape, "key"> }) => shape.key === key);
  assert.ok(named, `${key} has a flag`);
  return named;
}
