import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { test } from "node:test";
import { sendAs } from "../../../tests/support/bearer.ts";
import { makeIssuer } from "../../../tests/support/tokens.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { trusting } from "./testing/trust.ts";

const own = makeIssuer();
const trust = trusting(own);

test("an operation whose token is taken back after its head arrived is refused", { timeout: 60_000 }, async () => {
  await using gateway = await Gateway.start();
  await gateway.configure({ identity: acme, schema: {}, endpoints: {}, trust: trust() });
  const token = own.serviceToken({ jti: "gone" });
  assert.equal((await sendAs(gateway.graphql, token)).status, 200, "from now on it is vetted at once");
  const body = '{"query":"{ __typename }"}';
  const asked = request(gateway.graphql, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": body.length,
      authorization: `Bearer ${token}`,
      expect: "100-continue",
    },
    signal: AbortSignal.timeout(15_000),
  });
  const answered = once(asked, "response");
  await once(asked, "continue");
  await gateway.configure({ trust: trust({ revocations: [{ what: { case: "jti", value: "gone" } }] }) });
  asked.end(body);
  const [response]: IncomingMessage[] = await answered;
  assert.ok(response);
  assert.equal(response.statusCode, 401);
  assert.equal(response.headers["www-authenticate"], 'Bearer error="invalid_token"');
  const { errors } = Object(await json(response));
  assert.equal(errors[0].extensions.code, "UNAUTHENTICATED");
  const { counters } = await gateway.status();
  assert.deepEqual(counters?.refusals, { UNAUTHENTICATED: 1n });
  assert.deepEqual(counters?.tokenRefusals, {}, "its head was let in");
});
