import type { Broken, Rule } from "./rule.ts";
import { type ParsedConfig, completeConfig } from "./schema.ts";

/** A gateway keeps 64 issuers (core/trust), one of which is the node's own. */
const mostIssuers = 63;

/** What must hold between the keys of identity. */
export const authRules: readonly Rule[] = [
  { code: "CAT-CONFIG-025", check: remoteAuthNeedsAddress },
  { code: "CAT-CONFIG-026", check: gatewayAuthNeedsKeys },
  { code: "CAT-CONFIG-026", check: subjectTokenNeedsAuth },
  { code: "CAT-CONFIG-027", check: issuerHasOneFile },
  { code: "CAT-CONFIG-028", check: issuersDiffer },
  { code: "CAT-CONFIG-028", check: issuersAreFew },
  { code: "CAT-CONFIG-029", check: keysArePublishedBeforeTheySign },
];

function remoteAuthNeedsAddress({ auth, services }: ParsedConfig): readonly Broken[] {
  if (auth.mode !== "remote") return [];
  const signsForServices = services.some(({ subjectToken }) => subjectToken);
  return [
    ...(auth.rpc.address === undefined ? [unreachable("rpc", "the orchestrator's calls")] : []),
    ...(signsForServices && auth.gatewayRpc.address === undefined
      ? [unreachable("gatewayRpc", "the gateway's calls, which a service's subjectToken needs")]
      : []),
  ];
}

function unreachable(rpc: "rpc" | "gatewayRpc", calls: string): Broken {
  const key = `auth.${rpc}.address`;
  return { keys: ["auth.mode", key], message: `"remote" needs ${key}, where auth takes ${calls}` };
}

function gatewayAuthNeedsKeys({ auth, gateway }: ParsedConfig): readonly Broken[] {
  const { mode, issuers } = gateway.auth;
  if (mode === "off" || auth.mode !== "off" || issuers.length > 0) return [];
  const message = `"${mode}" needs keys to verify tokens with; set auth.mode, or name other issuers in gateway.auth.issuers`;
  return [{ keys: ["gateway.auth.mode", "auth.mode", "gateway.auth.issuers"], message }];
}

function subjectTokenNeedsAuth({ auth, gateway, services }: ParsedConfig): readonly Broken[] {
  return services
    .filter(({ subjectToken }) => subjectToken)
    .flatMap(({ name }): readonly Broken[] => {
      const key = `services[${name}].subjectToken`;
      if (auth.mode === "off")
        return [{ keys: [key, "auth.mode"], message: "needs auth.mode: nobody could sign the token" }];
      if (gateway.auth.mode !== "off") return [];
      const message = "needs gateway.auth.mode optional or required: without it the gateway knows nobody's name";
      return [{ keys: [key, "gateway.auth.mode"], message }];
    });
}

function issuerHasOneFile({ gateway }: ParsedConfig): readonly Broken[] {
  return gateway.auth.issuers
    .filter(({ jwksFile, publicKeyFile }) => (jwksFile === undefined) === (publicKeyFile === undefined))
    .map(({ name, jwksFile }) => {
      const item = `gateway.auth.issuers[${name}]`;
      const message = jwksFile === undefined ? "needs its public keys" : "has two sources of keys";
      return {
        keys: [item, `${item}.jwksFile`, `${item}.publicKeyFile`],
        message: `${message}; set exactly one of jwksFile and publicKeyFile`,
      };
    });
}

function issuersDiffer(config: ParsedConfig): readonly Broken[] {
  const own = completeConfig(config).auth.issuer;
  const { issuers } = config.gateway.auth;
  return issuers.flatMap(({ name, issuer }, index): readonly Broken[] => {
    const key = `gateway.auth.issuers[${name}].issuer`;
    if (issuer === own) return [{ keys: [key, "auth.issuer"], message: "is this node's own issuer, auth.issuer" }];
    const other = issuers.slice(0, index).find((before) => before.issuer === issuer);
    if (other === undefined) return [];
    const otherKey = `gateway.auth.issuers[${other.name}].issuer`;
    return [{ keys: [key, otherKey], message: `is already that of ${otherKey}` }];
  });
}

function issuersAreFew({ gateway }: ParsedConfig): readonly Broken[] {
  const { length } = gateway.auth.issuers;
  if (length <= mostIssuers) return [];
  return [{ keys: ["gateway.auth.issuers"], message: `${length} issuers; at most ${mostIssuers} are kept` }];
}

function keysArePublishedBeforeTheySign({ auth }: ParsedConfig): readonly Broken[] {
  if (auth.rotateEvery === 0 || auth.publishAhead < auth.rotateEvery) return [];
  const message = "must be shorter than auth.rotateEvery: the next key is published while the last one signs";
  return [{ keys: ["auth.publishAhead", "auth.rotateEvery"], message }];
}
