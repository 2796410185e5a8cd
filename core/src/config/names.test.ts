import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { explainAll, explainKey } from "./explain.ts";
import { configJsonSchema } from "./json-schema.ts";
import { namedKeys } from "./names.ts";
import { nodeConfigSchema } from "./schema.ts";
import { configShape, scalarsOf } from "./shape.ts";

test("no two keys share a flag or a variable, and none takes a general flag", () => {
  const flags = namedKeys.map(({ flag }) => flag);
  const general = ["--config", "--set", "--set-file", "--unset", "--output", "--origins", "--as-flags", "--help"];
  assert.equal(new Set([...flags, ...general]).size, flags.length + general.length);
  assert.equal(new Set(namedKeys.map(({ variable }) => variable)).size, flags.length);
  assert.deepEqual(
    flags.filter((flag) => flag.startsWith("--no-")),
    [],
  );
});

test("flags and variables follow from the key", () => {
  const named = namedKeys.find(({ shape }) => shape.key === "gateway.rpc.tls.caFile");
  assert.equal(named?.flag, "--gateway-rpc-tls-ca-file");
  assert.equal(named?.variable, "CATALYST_GATEWAY_RPC_TLS_CA_FILE");
  assert.equal(namedKeys.find(({ shape }) => shape.key === "services")?.flag, "--service");
});

test("every key says what it means, and one that is required gives an example", () => {
  for (const shape of scalarsOf(configShape)) {
    assert.match(shape.description, /^.{10,}\.$/, shape.key);
    assert.ok(shape.default !== undefined || shape.examples.length > 0, `${shape.key} has a default or an example`);
    assert.notEqual(explainAll().find(({ key }) => key === shape.key)?.type, "", shape.key);
    for (const example of shape.examples)
      assert.ok(shape.schema.safeParse(example).success, `${shape.key}: ${example}`);
  }
});

test("a key is explained by its address with and without an item, an object by all its keys", () => {
  const one = explainKey("services[products].url");
  assert.deepEqual(one, explainKey("services[].url"));
  assert.ok(Array.isArray(one));
  assert.equal(one[0]?.flag, "--service ...,url=http://127.0.0.1:4001/graphql");
  const many = explainKey("gateway.rpc.tls");
  assert.ok(Array.isArray(many));
  assert.equal(many.length, 3);
});

test("the JSON Schema and the schema agree on what a whole file is", () => {
  const validate = z.fromJSONSchema(z.record(z.string(), z.unknown()).parse(configJsonSchema()));
  const file = {
    $schema: "x",
    organization: "acme",
    node: "west",
    gateway: { drainTimeout: "5s" },
    services: [{ name: "a", url: "http://a" }],
  };
  assert.ok(validate.safeParse(file).success);
  for (const wrong of [
    { node: "West" },
    { nodes: 1 },
    { gateway: { drainTimeout: 5 } },
    { services: [{ name: "a" }] },
  ]) {
    assert.ok(!validate.safeParse({ ...file, ...wrong }).success, JSON.stringify(wrong));
    const { $schema, ...rest } = { ...file, ...wrong };
    assert.ok($schema && !nodeConfigSchema.safeParse(rest).success, JSON.stringify(wrong));
  }
});
