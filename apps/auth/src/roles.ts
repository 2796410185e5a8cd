import type { TokenClass } from "@catalyst-node/core/trust";

/** Who calls: told by the socket, or by the caller's certificate. */
export type Role = "orchestrator" | "gateway";

/** The calls of AuthService, as the contract names them. */
export type Call =
  | "sign"
  | "verify"
  | "getJwks"
  | "listKeys"
  | "rotate"
  | "revoke"
  | "listTokens"
  | "watchTrust"
  | "getStatus";

/** Who may call what. What does not stand here is refused. */
const calls: Readonly<Record<Role, ReadonlySet<Call>>> = {
  orchestrator: new Set([
    "sign",
    "verify",
    "getJwks",
    "listKeys",
    "rotate",
    "revoke",
    "listTokens",
    "watchTrust",
    "getStatus",
  ]),
  gateway: new Set(["sign", "getJwks", "getStatus"]),
};

/** Who may have which class signed. A gateway that is broken into can make no token that lives longer than a minute. */
const classes: Readonly<Record<Role, ReadonlySet<TokenClass>>> = {
  orchestrator: new Set(["service", "internal", "peer", "session", "subject"]),
  gateway: new Set(["internal", "peer", "subject"]),
};

export function mayCall(role: Role, call: Call): boolean {
  return calls[role].has(call);
}

export function maySign(role: Role, token: TokenClass): boolean {
  return classes[role].has(token);
}
