import type { Revocation, VerificationKey } from "../../trust/index.ts";
import type { AuthStatus, OwnTrust } from "../auth-status.ts";

const ownIssuer = "urn:catalyst:acme";

/** An auth by the letter of its contract, without any I/O: its keys and what was taken back outlive its process. */
export class ModelAuth {
  alive = false;
  status: AuthStatus = fresh(0);
  trust: OwnTrust = { issuer: { issuer: ownIssuer, keys: [key("k1")] }, revocations: [], version: 1 };
  #starts = 0;

  start(): number {
    this.alive = true;
    this.status = fresh(++this.#starts);
    return this.status.pid;
  }

  rotate(...kids: readonly string[]): void {
    const issuer = { issuer: ownIssuer, keys: kids.map(key) };
    this.trust = { ...this.trust, issuer, version: this.trust.version + 1 };
  }

  revoke(jti: string): Revocation {
    const { revocations, version } = this.trust;
    const revoked: Revocation = { issuer: "", what: { kind: "jti", jti }, revokedAt: 1, until: 2, reason: "" };
    this.trust = { ...this.trust, revocations: [...revocations, revoked], version: version + 1 };
    return revoked;
  }
}

export function key(kid: string): VerificationKey {
  return { kid, x: `x-${kid}`, y: `y-${kid}`, classes: ["service"], notAfter: undefined };
}

function fresh(start: number): AuthStatus {
  return {
    instanceId: `auth-${start}`,
    version: "0.1.0",
    pid: 200 + start,
    startedAt: 0,
    organization: "acme",
    node: "west",
    issuer: ownIssuer,
    ready: true,
    problems: [],
    listeners: [{ name: "jwks", url: "http://127.0.0.1:4300" }],
    keys: [],
    settingsDigest: "",
    counters: undefined,
  };
}
