import { fail, isDnsLabel, ok, type Problem, type Result } from "../model/index.ts";
import { trustProblem } from "./problems.ts";
import { tokenClasses } from "./token-classes.ts";
import { isHop, isScope, isText } from "./token-claims.ts";
import type { TokenRequest } from "./token-request.ts";

/** What is no caller's to say. Times in seconds of the epoch. */
export type Signing = {
  readonly issuer: string;
  readonly organization: string;
  readonly node: string;
  readonly kid: string;
  readonly jti: string;
  readonly now: number;
  /** No token that was issued before is taken: `iat` is this at least. */
  readonly notBefore: number;
  /** In seconds; undefined: what the class has by default. */
  readonly lifetime: number | undefined;
  /** The longest life of a service token, in seconds. */
  readonly maxServiceLifetime: number;
};

/** What is signed: a JWS' header and payload. */
export type Unsigned = {
  readonly header: { readonly alg: "ES384"; readonly typ: string; readonly kid: string };
  readonly payload: TokenPayload;
};

/** The registered claims; what else stands in it depends on the class. */
type TokenPayload = {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
} & Readonly<Record<string, unknown>>;

/** From what is asked for to what is signed; all that is wrong with it at once (`CAT-TRUST-001` to `-007`). */
export function claimsFor(request: TokenRequest, signing: Signing): Result<Unsigned> {
  const { typ } = tokenClasses[request.class];
  const lifetime = lifetimeOf(request, signing);
  const asked = problemsOf(request, signing);
  const late = lifetime === undefined ? [trustProblem("CAT-TRUST-004", "lifetime")] : [];
  if (lifetime === undefined || asked.length > 0) return fail(...asked, ...late);
  const { issuer, kid, jti, now, notBefore } = signing;
  const iat = Math.max(Math.floor(now), Math.ceil(notBefore));
  const times = { iat, exp: iat + lifetime, jti };
  const { sub, ...own } = ownClaims(request);
  return ok({
    header: { alg: "ES384", typ, kid },
    payload: { iss: issuer, sub, aud: request.audience, ...times, ...own },
  });
}

function lifetimeOf(request: TokenRequest, { lifetime, maxServiceLifetime }: Signing): number | undefined {
  const { defaultLifetime, maxLifetime } = tokenClasses[request.class];
  const most = request.class === "service" ? Math.min(maxServiceLifetime, maxLifetime) : maxLifetime;
  const asked = lifetime ?? Math.min(defaultLifetime, most);
  return Number.isInteger(asked) && asked >= 1 && asked <= most ? asked : undefined;
}

function ownClaims(request: TokenRequest): { readonly sub: string } & Readonly<Record<string, unknown>> {
  switch (request.class) {
    case "service":
      return { sub: request.subject, client_id: request.clientId || request.subject, ...scopeOf(request.scope) };
    case "internal":
      return { sub: request.subject, act: { sub: request.actor }, hop: request.hop, ...scopeOf(request.scope) };
    case "peer": {
      const sub = request.who.kind === "node" ? request.who.node : request.who.pseudonym;
      return { sub, act: { sub: request.actor }, ...scopeOf(request.scope) };
    }
    case "session": {
      const { node, role, ownNonce, peerNonce, transcriptHash } = request;
      return { sub: node, role, nonce: ownNonce, peer_nonce: peerNonce, th: transcriptHash };
    }
    case "subject":
      return { sub: request.subject, ...scopeOf(request.scope) };
  }
}

/** RFC 9068, 2.2.3: words with spaces between. */
function scopeOf(words: readonly string[]): Readonly<Record<string, string>> {
  return words.length === 0 ? {} : { scope: words.join(" ") };
}

function problemsOf(request: TokenRequest, { organization, node }: Signing): readonly Problem[] {
  const own = `${organization}/${node}`;
  switch (request.class) {
    case "service": {
      const { subject, clientId, audience, scope, name, purpose } = request;
      return [
        ...text("subject", subject),
        ...optional("client_id", clientId),
        ...optional("name", name),
        ...optional("purpose", purpose),
        ...nodeName("audience", audience),
        ...words(scope),
      ];
    }
    case "internal": {
      const { subject, actor, audience, scope, hop } = request;
      return [
        ...text("subject", subject),
        ...exactly("actor", actor, own),
        ...nodeName("audience", audience, isOwn),
        ...words(scope),
        ...(isHop(hop) ? [] : [trustProblem("CAT-TRUST-005", "hop")]),
      ];
    }
    case "peer": {
      const { who, actor, audience, scope } = request;
      return [
        ...(who.kind === "subject" ? text("subject", who.subject) : nodeName("node", who.node, isOwn)),
        ...exactly("actor", actor, own),
        ...nodeName("audience", audience, (other) => other !== organization),
        ...words(scope),
      ];
    }
    case "session": {
      const { audience, role, ownNonce, peerNonce, transcriptHash } = request;
      const bytes = [ownNonce, peerNonce, transcriptHash].every((each) => /^[\w-]{43}$/.test(each));
      return [
        ...exactly("node", request.node, own),
        ...nodeName("audience", audience),
        ...(bytes && role !== undefined ? [] : [trustProblem("CAT-TRUST-006", "session")]),
      ];
    }
    case "subject": {
      const { subject, audience, scope } = request;
      const [, , service = ""] = audience.split("/");
      return [
        ...text("subject", subject),
        ...exactly("audience", audience, `${own}/${isDnsLabel(service) ? service : "SERVICE"}`),
        ...words(scope),
      ];
    }
  }
  function isOwn(other: string): boolean {
    return other === organization;
  }
}

function text(field: string, value: string): readonly Problem[] {
  return isText(value) ? [] : [trustProblem("CAT-TRUST-001", field)];
}

function optional(field: string, value: string): readonly Problem[] {
  return value === "" ? [] : text(field, value);
}

function words(scope: readonly string[]): readonly Problem[] {
  return isScope(scope) ? [] : [trustProblem("CAT-TRUST-002", "scope")];
}

function nodeName(
  field: string,
  name: string,
  allowed: (organization: string) => boolean = () => true,
): readonly Problem[] {
  const [organization = "", node = "", ...more] = name.split("/");
  const isName = isDnsLabel(organization) && isDnsLabel(node) && more.length === 0;
  if (isName && allowed(organization)) return [];
  const what = isName ? "The organization is none that this class of token is for." : undefined;
  return [trustProblem("CAT-TRUST-003", field, what)];
}

function exactly(field: string, name: string, expected: string): readonly Problem[] {
  return name === expected ? [] : [trustProblem("CAT-TRUST-003", field, `It has to be ${expected}.`)];
}
