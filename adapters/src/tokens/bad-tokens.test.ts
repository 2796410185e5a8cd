import assert from "node:assert/strict";
import { test } from "node:test";
import { indexTrust } from "@catalyst-node/core/trust";
import { badTokens } from "../../../tests/support/bad-tokens/index.ts";
import { makeIssuer, trustIn } from "../../../tests/support/tokens.ts";
import { createTokenVerifier, isRefused } from "./index.ts";

const kid = "key-2026-11";
const issuers = { own: makeIssuer({ kid }), partner: makeIssuer({ issuer: "urn:catalyst:partner", kid }) };
const index = indexTrust(trustIn(issuers.own, issuers.partner));
const expected = { audience: "acme/west", classes: ["service"] } as const;

/** A URL that nobody asks: a verifier has no way to. */
const bait = "http://127.0.0.1:9";

for (const [group, make] of Object.entries(badTokens)) {
  test(`bad tokens are refused, each for its own reason, and good ones beside them are taken: ${group}`, async () => {
    const { good, bad } = make(issuers, bait);
    const verifier = createTokenVerifier();
    const tell = async (token: string): Promise<string> => {
      const verdict = await verifier.verify(token, index, expected);
      return isRefused(verdict) ? verdict.reason : "taken";
    };
    for (const [name, token] of Object.entries(good)) assert.equal(await tell(token), "taken", name);
    for (const { name, reason, token } of bad) {
      assert.equal(await tell(token), reason, name);
      assert.equal(await tell(token), reason, `${name}, again`);
    }
    assert.equal(verifier.counters.accepted, Object.keys(good).length);
    const refused = Object.values(verifier.counters.refused).reduce((sum, count) => sum + count, 0);
    assert.equal(refused, 2 * bad.length);
  });
}
