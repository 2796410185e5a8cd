import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayV1, orchestratorV1 } from "@catalyst-node/adapters/rpc";
import { enumWord } from "./enum-word.ts";

test("an enum value is its name without the prefix, in lower case", () => {
  assert.equal(enumWord(gatewayV1.GatewayStatus_StateSchema, gatewayV1.GatewayStatus_State.READY), "ready");
  assert.equal(
    enumWord(orchestratorV1.Service_SchemaSourceSchema, orchestratorV1.Service_SchemaSource.INTROSPECTION),
    "introspection",
  );
});

test("a value that a newer node sends is unknown, not an error; so is one that was not set", () => {
  assert.equal(enumWord(orchestratorV1.Service_StateSchema, 99), "unknown");
  assert.equal(enumWord(orchestratorV1.Service_StateSchema, 0), "unknown");
});
