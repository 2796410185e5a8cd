import { nodeId } from "../model/index.ts";
import type { Trust, TrustedIssuer } from "../trust/index.ts";
import { digestOf } from "./digest.ts";
import type { Node } from "./state.ts";

/** Whom a gateway answers, and what it verifies tokens with. */
export type TrustSection = Trust & {
  readonly digest: string;
  readonly mode: Node["config"]["gateway"]["auth"]["mode"];
  /** What `aud` has to be. */
  readonly audience: string;
  /** Where it has tokens of its own signed; undefined where no service wants one. */
  readonly signing: Signing | undefined;
  readonly subjects: readonly SubjectAudience[];
};

/** Where auth takes the gateway's calls; the files are on the gateway's machine. */
type Signing = Pick<Node["config"]["auth"]["gatewayRpc"], "address" | "secretFile" | "tls">;

type SubjectAudience = { readonly service: string; readonly audience: string };

/**
 * What the gateway should be told of trust, given the digest of what it serves. Undefined while auth's keys are not
 * known and the gateway was told all else before: it may know them from an earlier orchestrator, and goes on.
 */
export function desiredTrust(node: Node, served: string | undefined): TrustSection | undefined {
  const { auth, config } = node;
  const settings = settingsOf(node);
  const configured = digestOf(JSON.stringify([config.auth.issuer, settings])).slice(0, 16);
  if (auth !== undefined && auth.trust === undefined && served?.startsWith(`${configured}.`) === true) return undefined;
  const content = digestOf(JSON.stringify([auth?.trust?.digest, otherIssuers(node)]));
  return {
    ...settings,
    digest: `${configured}.${content}`,
    ownIssuer: config.auth.issuer,
    issuers: trustedIssuers(node),
    revocations: auth?.trust?.revocations ?? [],
  };
}

/** Everybody whose tokens are taken, the node's own issuer first. */
export function trustedIssuers(node: Node): readonly TrustedIssuer[] {
  return [...ownIssuer(node), ...otherIssuers(node)];
}

/** Tokens are wanted or signed, and no key is known that could verify one: the node is not ready. */
export function lacksKeys(node: Node): boolean {
  const own = node.auth?.trust?.issuer.keys ?? [];
  if (node.auth !== undefined && own.length === 0) return true;
  return node.config.gateway.auth.mode === "required" && trustedIssuers(node).every(({ keys }) => keys.length === 0);
}

/** Without an auth sidecar the node has no issuer. */
function ownIssuer({ auth, config }: Node): readonly TrustedIssuer[] {
  return auth === undefined ? [] : [auth.trust?.issuer ?? { issuer: config.auth.issuer, keys: [] }];
}

function otherIssuers({ issuers }: Node): readonly TrustedIssuer[] {
  return [...issuers.values()].map(({ issuer, keys }) => ({ issuer, keys }));
}

function settingsOf({ config }: Node): Pick<TrustSection, "mode" | "audience" | "signing" | "subjects"> {
  const audience = nodeId(config);
  const subjects = config.services
    .filter(({ subjectToken }) => subjectToken)
    .map(({ name }) => ({ service: name, audience: `${audience}/${name}` }));
  const { address, secretFile, tls } = config.auth.gatewayRpc;
  const signing = subjects.length > 0 ? { address, secretFile, tls } : undefined;
  return { mode: config.gateway.auth.mode, audience, signing, subjects };
}
