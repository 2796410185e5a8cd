import { type BadTokens, type Issuers, refusedFor } from "./bad-token.ts";

type Changes = Readonly<Record<string, unknown>>;

/** Who asks, and of whom: the own issuer's claims with something changed. */
function changing({ own }: Issuers): (changes: Changes) => string {
  return (changes) => own.sign({ ...own.serviceClaims(), ...changes });
}

export function badAudiences(issuers: Issuers): BadTokens {
  const signed = changing(issuers);
  return {
    good: { "this node": signed({}), "this node in a list of one": signed({ aud: ["acme/west"] }) },
    bad: refusedFor("audience", {
      "no aud": signed({ aud: undefined }),
      "another node": signed({ aud: "acme/east" }),
      "another organization's node of this name": signed({ aud: "other/west" }),
      "the node's name without its last letter": signed({ aud: "acme/wes" }),
      "the organization alone": signed({ aud: "acme" }),
      "the node alone": signed({ aud: "west" }),
      "one letter more": signed({ aud: "acme/west1" }),
      "a service of the node": signed({ aud: "acme/west/products" }),
      "a slash behind": signed({ aud: "acme/west/" }),
      "a space behind": signed({ aud: "acme/west " }),
      "in capitals": signed({ aud: "ACME/WEST" }),
      "this node and another": signed({ aud: ["acme/west", "acme/east"] }),
      "this node twice": signed({ aud: ["acme/west", "acme/west"] }),
      "an empty list": signed({ aud: [] }),
      "a list in a list": signed({ aud: [["acme/west"]] }),
      "an empty text": signed({ aud: "" }),
      any: signed({ aud: "*" }),
      null: signed({ aud: null }),
      "an object": signed({ aud: { 0: "acme/west", length: 1 } }),
    }),
  };
}

export function badIssuers(issuers: Issuers): BadTokens {
  const { own, partner } = issuers;
  const signed = changing(issuers);
  return {
    good: { "the node's own": signed({}), "a partner's, with its own key": partner.serviceToken() },
    bad: [
      ...refusedFor("issuer", {
        "no iss": signed({ iss: undefined }),
        "a slash behind": signed({ iss: `${own.issuer}/` }),
        "a space behind": signed({ iss: `${own.issuer} ` }),
        "in capitals": signed({ iss: own.issuer.toUpperCase() }),
        nobody: signed({ iss: "urn:catalyst:nobody" }),
        "without its last letter": signed({ iss: own.issuer.slice(0, -1) }),
        "an empty text": signed({ iss: "" }),
        "a list": signed({ iss: [own.issuer] }),
        "a number": signed({ iss: 1 }),
        __proto__: signed({ iss: "__proto__" }),
      }),
      // Both have a key of that name: it is looked up with its issuer.
      ...refusedFor("signature", {
        "the partner's name over the own key, of the same kid": signed({ iss: partner.issuer }),
        "the own name over the partner's key, of the same kid": partner.sign({
          ...partner.serviceClaims(),
          iss: own.issuer,
        }),
      }),
    ],
  };
}

/** As seen from the moment they are made; a slow test may take a few seconds until it shows them. */
export function badTimes(issuers: Issuers): BadTokens {
  const signed = changing(issuers);
  const now = Math.floor(Date.now() / 1000);
  return {
    good: {
      "as usual": signed({}),
      "nbf is past": signed({ nbf: now - 1 }),
      "iat ahead, within the skew": signed({ iat: now + 3, nbf: now + 3 }),
      "times with an exponent": issuers.own.sign(
        JSON.stringify(issuers.own.serviceClaims()).replace(
          /"exp":(\d)(\d+)/,
          (_, first, rest) => `"exp":${first}.${rest}e${rest.length}`,
        ),
      ),
    },
    bad: [
      ...refusedFor("claims", {
        "no exp": signed({ exp: undefined }),
        "exp is a text": signed({ exp: String(now + 300) }),
        "exp is negative": signed({ exp: -1 }),
        "exp is no integer": signed({ exp: now + 300.5 }),
        "exp is null": signed({ exp: null }),
        "exp is true": signed({ exp: true }),
        "exp is a list": signed({ exp: [now + 300] }),
        "exp is beyond all numbers": issuers.own.sign(
          JSON.stringify(issuers.own.serviceClaims()).replace(/"exp":\d+/, '"exp":1e400'),
        ),
        "exp is beyond all exact numbers": signed({ exp: 2 ** 53 }),
        "no iat": signed({ iat: undefined }),
        "iat is a text": signed({ iat: String(now) }),
        "iat is negative": signed({ iat: -1 }),
        "nbf is a text": signed({ nbf: String(now) }),
        "nbf is null": signed({ nbf: null }),
        "nbf is no integer": signed({ nbf: now - 0.5 }),
      }),
      ...refusedFor("expired", {
        "expired by the skew and a second": signed({ iat: now - 300, exp: now - 6 }),
        "expired long ago": signed({ iat: 1, exp: 2 }),
        "exp is 0": signed({ iat: 0, exp: 1 }),
      }),
      ...refusedFor("not-yet", {
        "iat ahead of the skew": signed({ iat: now + 60, exp: now + 300 }),
        "nbf ahead of the skew": signed({ nbf: now + 60 }),
      }),
      ...refusedFor("lifetime", {
        "longer than the class may": signed({ exp: now + 2_147_484 + 60 }),
        "exp is iat": signed({ iat: now, exp: now }),
        "exp before iat": signed({ iat: now, exp: now - 1 }),
      }),
    ],
  };
}

export function badMembers(issuers: Issuers): BadTokens {
  const signed = changing(issuers);
  return {
    good: {
      "without a scope": signed({ scope: undefined }),
      "with a scope": signed({ scope: "products reviews:read" }),
      "with an empty scope": signed({ scope: "" }),
    },
    bad: [
      ...refusedFor("claims", {
        "no sub": signed({ sub: undefined }),
        "sub is empty": signed({ sub: "" }),
        "sub is a number": signed({ sub: 1 }),
        "sub is a list": signed({ sub: ["reports"] }),
        "sub with NUL": signed({ sub: "reports\u0000" }),
        "sub with a line's end": signed({ sub: "reports\nadmin" }),
        "sub with half a character": signed({ sub: "reports\ud800" }),
        "sub too long": signed({ sub: "s".repeat(257) }),
        "no jti": signed({ jti: undefined }),
        "jti is empty": signed({ jti: "" }),
        "jti is a number": signed({ jti: 1 }),
        "no client_id": signed({ client_id: undefined }),
        "client_id is a list": signed({ client_id: ["reports"] }),
        "scope is a list": signed({ scope: ["products"] }),
        "scope with two spaces": signed({ scope: "products  reviews" }),
        "scope with a space behind": signed({ scope: "products " }),
        "scope with a quote": signed({ scope: 'products "reviews"' }),
        "scope of too many words": signed({ scope: Array.from({ length: 65 }, (_, index) => `s${index}`).join(" ") }),
        "cnf, which nobody proves": signed({ cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } }),
        "cnf that is null": signed({ cnf: null }),
        "act in a service token": signed({ act: { sub: "acme/east" } }),
        "act that is null": signed({ act: null }),
        "hop in a service token": signed({ hop: 0 }),
      }),
      ...refusedFor("too-long", { "over 8 KiB": signed({ more: "m".repeat(6_200) }) }),
    ],
  };
}
