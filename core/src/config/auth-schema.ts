import { z } from "zod";
import { caller, duration, durationOrOff, issuerName, label, listen, path, rpcAddress } from "./scalars.ts";
import { tls } from "./tls-schema.ts";

/** How one of auth's two callers reaches it; each has a socket, or a certificate, of its own. */
function callerRpc(who: string, socket: string) {
  return z.strictObject({
    address: rpcAddress.optional().meta({
      title: "address",
      description:
        `Where auth takes the ${who}'s calls: unix:PATH, http://host:port or https://host:port. ` +
        `Unset, unix:<stateDir>/${socket}; of a remote auth it must be named. Both callers may share an https address.`,
      examples: [`unix:/run/catalyst/${socket}`, "https://auth.internal:4340"],
    }),
    secretFile: path.optional().meta({
      title: "path",
      description: `A file (mode 0600) with the secret that auth and the ${who} share; for TCP without tls.`,
      examples: [`/run/secrets/auth-${who}`],
    }),
    caller: caller.optional().meta({
      title: "name",
      description: `The name in the ${who}'s certificate (DNS or URI of its subjectAltName) that auth lets in; with tls.`,
      examples: [`${who}.acme.internal`],
    }),
    tls: tls.optional().meta({ description: "Certificates of both sides, for an https address." }),
  });
}

/** `auth`: the process that holds the node's private keys. */
export const auth = z.strictObject({
  mode: z
    .enum(["off", "embedded", "remote"])
    .default("off")
    .meta({
      description:
        "Whether the node has an auth sidecar: embedded is a process that the orchestrator starts, remote one that runs " +
        "elsewhere; without one the node signs nothing.",
    }),
  issuer: issuerName.optional().meta({
    title: "text",
    description: "The iss of this organization's tokens. Unset, urn:catalyst:<organization>.",
    examples: ["urn:catalyst:acme", "https://auth.acme.example"],
  }),
  listen: listen.default("127.0.0.1:4300").meta({
    title: "host:port",
    description: "Where auth serves its published keys (/.well-known/jwks.json) and /livez and /readyz by HTTP.",
    examples: ["127.0.0.1:4300", "0.0.0.0:4300"],
  }),
  keyFile: path.optional().meta({
    title: "path",
    description:
      "A private key on P-384 (PEM or JWK, mode 0600) that is taken as the first key. Unset, the first start makes one.",
    examples: ["/run/secrets/signing-key.pem"],
  }),
  passphraseFile: path.optional().meta({
    title: "path",
    description: "A file (mode 0600) with the passphrase that the keys on the disk are encrypted with.",
    examples: ["/run/secrets/key-passphrase"],
  }),
  rotateEvery: durationOrOff.prefault("480h").meta({
    title: "duration|off",
    description: "How long a key signs before the next one does; off: only by catalyst keys rotate.",
    examples: ["480h", "off"],
  }),
  publishAhead: duration.prefault("25m").meta({
    title: "duration",
    description: "How long a key is published before it signs. Verifiers look once in 5 minutes.",
  }),
  maxTokenLifetime: duration
    .prefault("1h")
    .meta({ title: "duration", description: "The longest life that a service token may be asked for." }),
  rpc: callerRpc("orchestrator", "auth-orchestrator.sock")
    .prefault({})
    .meta({ description: "How the orchestrator reaches auth, which lets it do everything." }),
  gatewayRpc: callerRpc("gateway", "auth-gateway.sock")
    .prefault({})
    .meta({ description: "How the gateway reaches auth, which signs for it tokens of a minute and nothing else." }),
});

const issuer = z.strictObject({
  name: label.meta({
    title: "name",
    description: "What the issuer is called in this configuration; a lower-case DNS label, and the item's address.",
    examples: ["partner"],
  }),
  issuer: issuerName.meta({
    title: "text",
    description: "The iss of its tokens, compared letter by letter.",
    examples: ["urn:catalyst:partner"],
  }),
  jwksFile: path.optional().meta({
    title: "path",
    description: "Its public keys (RFC 7517, P-384). Read again when it changes; an empty set takes all keys back.",
    examples: ["/etc/catalyst/partner.jwks.json"],
  }),
  publicKeyFile: path.optional().meta({
    title: "path",
    description: "Its one public key on P-384 (PEM), instead of a jwksFile.",
    examples: ["/etc/catalyst/partner.pem"],
  }),
});

/** `gateway.auth`: whom the gateway answers. */
export const gatewayAuth = z.strictObject({
  mode: z
    .enum(["off", "optional", "required"])
    .default("off")
    .meta({
      description:
        "Whether requests need a service token (Authorization: Bearer): off looks at none, optional refuses bad ones, " +
        "required refuses all without a good one.",
    }),
  issuers: z
    .array(issuer)
    .default([])
    .meta({ description: "Whose service tokens are taken besides this node's own, by name." }),
});
