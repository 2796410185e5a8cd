import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, describe, test } from "node:test";
import { buildAuthGo } from "../../scripts/setup/auth-go.ts";
import { root } from "../support/tree.ts";
import { authContract } from "./auth-contract.ts";
import { contractsOfAuthGo, startAuthGo } from "./go-auth.ts";

describe("examples/auth-go", { concurrency: 3 }, () => {
  before(buildAuthGo, { timeout: 300_000 });

  test("its generated code is of the contracts of now", async () => {
    const made = await readFile(`${root}examples/auth-go/gen/contracts.sha256`, "utf8");
    assert.equal(made.trim(), await contractsOfAuthGo(), "run examples/auth-go/generate.sh");
  });

  authContract(startAuthGo);
});
