import { type BadTokens, type Issuers, refusedFor } from "./bad-token.ts";

/** A header names a key that is known, and nothing that would have to be fetched or obeyed. `bait`: a URL nobody may ask. */
export function badHeaders({ own, partner }: Issuers, bait: string): BadTokens {
  const claims = own.serviceClaims();
  const signed = (header: Readonly<Record<string, unknown>>): string => own.sign(claims, header);
  return {
    good: {
      "alg, typ and kid": signed({}),
      "of the partner": partner.serviceToken(),
    },
    bad: [
      ...refusedFor("header", {
        "crit of nothing": signed({ crit: [] }),
        "crit of an extension": signed({ crit: ["exp"] }),
        "b64 false, with crit": signed({ crit: ["b64"], b64: false }),
        zip: signed({ zip: "DEF" }),
        "jwk, the issuer's own": signed({ jwk: own.jwk }),
        "jwk, a stranger's": signed({ jwk: partner.jwk }),
        "jwk instead of kid": signed({ jwk: own.jwk, kid: undefined }),
        jku: signed({ jku: `${bait}/jwks.json` }),
        "jku instead of kid": signed({ jku: `${bait}/jwks.json`, kid: undefined }),
        x5u: signed({ x5u: `${bait}/chain.pem` }),
        x5c: signed({ x5c: ["MIIB"] }),
        "x5t#S256": signed({ "x5t#S256": "AAAA" }),
        cty: signed({ cty: "JWT" }),
        "a member of one's own": signed({ more: 1 }),
        __proto__: own.sign(claims, `{"alg":"ES384","typ":"at+jwt","kid":${JSON.stringify(own.kid)},"__proto__":{}}`),
        "no kid": signed({ kid: undefined }),
        "no typ": signed({ typ: undefined }),
        "no alg": signed({ alg: undefined }),
        "no members": own.sign(claims, "{}"),
        "kid that is empty": signed({ kid: "" }),
        "kid that is a number": signed({ kid: 1 }),
        "kid that is a list": signed({ kid: [own.kid] }),
        "kid that is null": signed({ kid: null }),
        "kid with NUL": signed({ kid: `${own.kid}\u0000` }),
        "kid with a line's end": signed({ kid: `${own.kid}\n` }),
        "kid with a space": signed({ kid: `${own.kid} ` }),
        "kid beyond ASCII": signed({ kid: `${own.kid}é` }),
        "kid too long": signed({ kid: "k".repeat(129) }),
        "typ that is a list": signed({ typ: ["at+jwt"] }),
      }),
      ...refusedFor("unknown-key", {
        "kid of nobody": signed({ kid: "nobody" }),
        "kid with a path": signed({ kid: "../../../../dev/null" }),
        "kid with a path to the key": signed({ kid: `./${own.kid}` }),
        "kid with SQL": signed({ kid: "k'or'1'='1" }),
        "kid that is a URL": signed({ kid: `${bait}/key` }),
        "kid __proto__": signed({ kid: "__proto__" }),
        "kid constructor": signed({ kid: "constructor" }),
        "kid toString": signed({ kid: "toString" }),
        "kid in capitals": signed({ kid: own.kid.toUpperCase() }),
        "kid with more behind": signed({ kid: `${own.kid}0` }),
      }),
      ...refusedFor("class", {
        "typ JWT": signed({ typ: "JWT" }),
        "typ in capitals": signed({ typ: "AT+JWT" }),
        "typ as a whole media type": signed({ typ: "application/at+jwt" }),
        "typ that is empty": signed({ typ: "" }),
        "typ of an internal token": signed({ typ: "catalyst-internal+jwt" }),
        "typ of a peer token": signed({ typ: "catalyst-peer+jwt" }),
        "typ of a session token": signed({ typ: "catalyst-session+jwt" }),
        "typ of a subject token": signed({ typ: "catalyst-subject+jwt" }),
        "typ __proto__": signed({ typ: "__proto__" }),
      }),
    ],
  };
}
