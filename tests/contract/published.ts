import assert from "node:assert/strict";
import { decodeProtectedHeader, createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { issuer, type RunningAuth } from "./opened.ts";

/** The keys that anybody may fetch. */
export async function publishedKeys({ jwks }: RunningAuth): Promise<JSONWebKeySet> {
  const answer = await fetch(jwks, { signal: AbortSignal.timeout(10_000) });
  assert.equal(answer.status, 200);
  return (await answer.json()) as JSONWebKeySet;
}

/** The claims of a token, when a library that is not ours takes it with nothing but the published keys. */
export async function verified(
  running: RunningAuth,
  token: string,
  expected: { readonly typ: string; readonly audience: string },
): Promise<JWTPayload> {
  const keys = createLocalJWKSet(await publishedKeys(running));
  const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ["ES384"], ...expected });
  assert.deepEqual(Object.keys(decodeProtectedHeader(token)).toSorted(), ["alg", "kid", "typ"]);
  return payload;
}
