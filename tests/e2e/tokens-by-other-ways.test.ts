import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:http2";
import { test } from "node:test";
import { gatewayV1, type MessageInitShape } from "@catalyst-node/adapters/rpc";
import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { sendAs } from "../support/bearer.ts";
import { TestCertificates } from "../support/certificates.ts";
import { temporaryFolder } from "../support/folder.ts";
import { makeIssuer, trustedIssuer } from "../support/tokens.ts";

const own = makeIssuer();
const deadline = { timeout: 60_000 };

type Revocations = NonNullable<MessageInitShape<typeof gatewayV1.TrustSectionSchema>["revocations"]>;

/** Wants a token of the issuer; what is given is taken back. */
function required(revocations: Revocations = []) {
  const mode = gatewayV1.TrustSection_Mode.REQUIRED;
  const trust = { mode, ownIssuer: own.issuer, issuers: [trustedIssuer(own)], revocations };
  return { identity: acme, schema: {}, endpoints: {}, trust };
}

test("every worker takes a token, and none does once it is taken back", deadline, async () => {
  await using gateway = await Gateway.start(["--workers", "2"]);
  await gateway.configure(required());
  const claims = own.serviceClaims();
  const token = own.sign(claims);
  /** Each over a new connection: both workers have some. */
  const statuses = async (shown: string): Promise<ReadonlySet<number>> => {
    const answers = await Promise.all(Array.from({ length: 24 }, () => sendAs(gateway.graphql, shown)));
    return new Set(answers.map(({ status }) => status));
  };
  assert.deepEqual(await statuses(token), new Set([200]));
  await gateway.configure(required([{ what: { case: "jti", value: String(claims["jti"]) } }]));
  assert.deepEqual(await statuses(token), new Set([401]));
  assert.deepEqual(await statuses(own.serviceToken()), new Set([200]));
  const { counters, workers } = await gateway.status();
  assert.equal(workers.length, 2);
  assert.equal(counters?.tokenRefusals["revoked"], 24n);
});

test("over HTTP/2, too, one Authorization header is read, and two are none", deadline, async () => {
  await using folder = await temporaryFolder();
  const { certFile, keyFile, ca } = await TestCertificates.in(folder.path);
  const tls = ["--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-listen", "127.0.0.1:0"];
  await using gateway = await Gateway.start(tls);
  await gateway.configure(required());
  await using stack = new AsyncDisposableStack();
  // Else Node itself would not send two.
  const options = { ca, servername: "localhost", strictSingleValueFields: false };
  const session = connect(gateway.running.url("graphql-tls"), options);
  stack.defer(() => session.destroy());
  const bearer = `Bearer ${own.serviceToken()}`;
  const status = async (...values: readonly string[]): Promise<number | undefined> => {
    const headers = [":method", "POST", ":path", "/graphql", ":scheme", "https", ":authority", "localhost"];
    const always = ["content-type", "application/json", "accept", "application/json"];
    const stream = session.request([...headers, ...always, ...values.flatMap((value) => ["authorization", value])]);
    stream.end(JSON.stringify({ query: "{ __typename }" }));
    const [answer] = await once(stream, "response", { signal: AbortSignal.timeout(10_000) });
    stream.close();
    return answer[":status"];
  };
  assert.equal(await status(bearer), 200);
  assert.equal(await status(bearer, bearer), 401);
  assert.equal(await status("Bearer x", bearer), 401);
  assert.equal(await status(), 401);
  assert.equal(await status(bearer), 200);
});
